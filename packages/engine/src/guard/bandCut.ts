/** The band that a breaker leaves: narrow from caution on, and widening again while the market reopens. */
import type { Arena, Ref } from "../kernel/arena.ts";
import { least, minus, plus } from "../kernel/checked.ts";
import { scaleTruncate } from "../kernel/mulDiv.ts";
import { type Ms, NONE, type Ppm } from "../kernel/units.ts";
import { BREAKER, REOPEN_RAMP } from "../domain/breaker.ts";
import { GUARD, MARKET } from "../domain/rows.ts";

/** 0 = the band that is set. Never wider than that. */
export function bandCut(arena: Arena, guard: Ref<"guard">, row: Ref<"market">, now: Ms): Ppm {
  const level = arena.num(guard, GUARD.level);
  const caution = arena.int(guard, GUARD.cautionBand);
  if (level === BREAKER.normal || caution === 0) return NONE;
  const set = arena.int(row, MARKET.band);
  const narrow = least(caution, set);
  if (level !== BREAKER.reopen) return narrow;
  const open = least(minus(now, arena.num(guard, GUARD.since)), REOPEN_RAMP);
  return plus(narrow, scaleTruncate(minus(set, narrow), open, REOPEN_RAMP));
}
