/** A tier's risk in a few numbers: what was reported, and what its funds, prices and breakers show. See docs/spec/postures.md, "Inputs". */
import type { Ms } from "../kernel/units.ts";
import { BREAKER } from "../domain/breaker.ts";
import { STATUS } from "../domain/parameters.ts";
import { FORBID } from "../domain/permits.ts";
import { INPUT, INPUTS, REPORTED_INPUTS } from "../domain/posture.ts";
import { CONTROLLER, GUARD } from "../domain/rows/guard.ts";
import { MARKET } from "../domain/rows/market.ts";
import { TIER } from "../domain/rows/tier.ts";
import type { TierShard } from "../domain/tierShard.ts";
import type { Summary } from "./posture.ts";
import { strictness } from "./breaker.ts";
import { scoreOf } from "./scores.ts";

/** Open interest is added up in units of so many micro-dollars, so that 64 markets' are exact. */
const COARSE = 64;

/** Of a tier whose controller is wanted; of any other, nothing is the matter. */
export function summaryOf(tier: TierShard, now: Ms): Summary {
  const { arena, controller } = tier;
  const inputs = Array.from({ length: INPUTS }, () => 0);
  if (arena.int(controller, CONTROLLER.enabled) === 0) return { inputs, baseline: 0 };
  for (let input = 0; input < REPORTED_INPUTS; input++)
    inputs[input] = arena.int(controller, (CONTROLLER.reported + input) as typeof CONTROLLER.reported);
  inputs[INPUT.fund] = fundGap(tier);
  const { oracle, breaker } = marketsOf(tier);
  inputs[INPUT.oracle] = oracle;
  inputs[INPUT.breaker] = breaker;
  const isStale = now >= arena.num(controller, CONTROLLER.freshUntil);
  return { inputs, baseline: isStale ? arena.int(controller, CONTROLLER.baseline) : 0 };
}

/** What the insurance fund lacks of its target, ppm of it, rounded up. */
function fundGap(tier: TierShard): number {
  const { arena, row, controller } = tier;
  const target = arena.num(controller, CONTROLLER.insuranceTarget);
  return scoreOf(Math.max(target - arena.num(row, TIER.insurance), 0), target);
}

/** How bad prices and breakers are: any market counts for the mildest grade, half of the open interest for the others. */
function marketsOf(tier: TierShard): { readonly oracle: number; readonly breaker: number } {
  const { arena } = tier;
  const held = { all: 0, wrong: 0, reducing: 0, halted: 0 };
  let oracle = 0;
  let breaker = 0;
  for (let id = 1; id <= tier.marketCount; id++) {
    const row = tier.marketRow(id);
    if (arena.int(row, MARKET.status) === STATUS.settled) continue;
    const open = arena.num(row, MARKET.openInterest) * arena.num(row, MARKET.lotValue);
    const value = Math.floor(open / COARSE);
    const forbids = arena.int(row, MARKET.forbids);
    const level = arena.num(tier.guard(id), GUARD.level);
    held.all += value;
    if (forbids !== 0 && (forbids & FORBID.open) !== 0) oracle = 1;
    if ((forbids & (FORBID.reduce | FORBID.liquidate)) !== 0) held.wrong += value;
    if (level !== BREAKER.normal) breaker = 1;
    if (strictness(level) >= BREAKER.reduceOnly) held.reducing += value;
    if (level === BREAKER.halt) held.halted += value;
  }
  const isHalf = (part: number): boolean => part > 0 && part * 2 >= held.all;
  if (isHalf(held.wrong)) oracle = 2;
  if (isHalf(held.reducing)) breaker = 2;
  if (isHalf(held.halted)) breaker = 3;
  return { oracle, breaker };
}
