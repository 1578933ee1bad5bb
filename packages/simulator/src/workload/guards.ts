/** What breakers are set to: touchy or deaf, for one signal or for all, now and then wrongly. */
import { BREAKER_OFF, type Command } from "@bulkhead/engine";
import type { Dice } from "./dice.ts";
import type { MarketMemo } from "./memory.ts";

type ConfigureBreaker = Extract<Command, { kind: "configureBreaker" }>;

export function breaker(dice: Dice, market: MarketMemo, time: number): ConfigureBreaker {
  const { tier, id, mark, anchor, notional } = market;
  const lotValue = Math.max(1, mark === 0 ? anchor : mark) * notional;
  const named: ConfigureBreaker = { kind: "configureBreaker", time, tier, market: id, ...BREAKER_OFF };
  if (dice.happens(60)) return named;
  const or = (value: number): number => (dice.happens(500) ? value : 0);
  const softMove = dice.pick([0, 5_000, 10_000, 20_000]);
  return {
    ...named,
    sigma: or(dice.pick([1, 100, 500, 2_000])),
    softZ: dice.pick([0, 2, 6]),
    hardZ: dice.happens(950) ? dice.pick([6, 10, 30]) : 1,
    softMove,
    hardMove: dice.happens(950) ? softMove + dice.pick([1, 20_000, 40_000, 80_000]) : 5_000,
    divergence: or(dice.pick([500, 5_000, 20_000])),
    liquidationCapacity: or(Math.min(1e15, lotValue * dice.magnitude(1_000))),
    openInterestStep: or(dice.pick([100_000, 400_000, 2_000_000])),
    lossCapacity: or(Math.min(1e15, lotValue * dice.magnitude(100))),
    spreadFactor: or(dice.pick([2, 5, 20])),
    depthFloor: or(dice.pick([50_000, 200_000, 1_000_000])),
    cautionBand: or(dice.pick([1, 5_000, 20_000, 1_000_000])),
    haltScore: dice.happens(700) ? dice.pick([500_000, 500_000, 1_500_000, 2_000_000, 5_000_000]) : 0,
    haltCost: or(dice.pick([1, 20, 1_000, 100_000])),
  };
}

/** A posture controller, mostly on. */
export function posture(dice: Dice, tier: number, time: number): Command {
  const insuranceTarget = dice.happens(400) ? dice.magnitude(1e12) : 0;
  const enabled = dice.happens(850) ? 1 : 0;
  return { kind: "configurePosture", time, tier, enabled, baseline: dice.below(3), insuranceTarget };
}

/** A forecast: mostly calm, good for some minutes. */
export function risk(dice: Dice, tier: number, time: number): Command {
  const or = (value: number): number => (dice.happens(150) ? dice.below(value) : 0);
  return {
    kind: "reportRisk",
    time,
    tier,
    expectedShortfall: or(1_200_000),
    ruin: or(12_000),
    branching: or(1_100_000),
    spike: or(400_000),
    cover2: or(1_300_000),
    expiry: dice.happens(950) ? time + dice.between(1, 3_600_000) : time - dice.below(1_000),
  };
}
