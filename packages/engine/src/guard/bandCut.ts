/** The band that a breaker leaves: narrow from caution on, as set in a call auction, and widening again while the market reopens. */
import type { Arena, Ref } from "../kernel/arena.ts";
import { least, minus, most, plus } from "../kernel/checked.ts";
import { scaleTruncate, shareFloor } from "../kernel/mulDiv.ts";
import { type Ms, NONE, type Ppm } from "../kernel/units.ts";
import { BREAKER, REOPEN_RAMP } from "../domain/breaker.ts";
import { ONE_PPM, PPM_ONE } from "../domain/limits.ts";
import { GUARD } from "../domain/rows/guard.ts";
import { MARKET } from "../domain/rows/market.ts";

/**
 * 0 = the band that is set. Never wider than that.
 * @param posture - what the tier's posture makes of the band, 1e6 = as set
 */
export function bandCut(arena: Arena, guard: Ref<"guard">, row: Ref<"market">, posture: Ppm, now: Ms): Ppm {
  const level = arena.num(guard, GUARD.level);
  const caution = arena.int(guard, GUARD.cautionBand);
  const isCut = level !== BREAKER.normal && level !== BREAKER.auction && caution !== 0;
  if (!isCut && posture === PPM_ONE) return NONE;
  const set = most(shareFloor(arena.int(row, MARKET.band), posture), ONE_PPM);
  if (!isCut) return set;
  const narrow = least(caution, set);
  if (level !== BREAKER.reopen) return narrow;
  const open = least(minus(now, arena.num(guard, GUARD.since)), REOPEN_RAMP);
  return plus(narrow, scaleTruncate(minus(set, narrow), open, REOPEN_RAMP));
}
