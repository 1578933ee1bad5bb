/** Postures of a tier: how careful it is as a whole. Each is stricter than the one before. */
import { most } from "../kernel/checked.ts";
import { type Ms, NONE, type Ppm } from "../kernel/units.ts";
import { CONTROLLER } from "./rows/guard.ts";
import { TIER } from "./rows/tier.ts";
import type { TierShard } from "./tierShard.ts";

export const POSTURE = { normal: 0, elevated: 1, defensive: 2, reduceOnly: 3, halt: 4 } as const;

/** What the controller looks at. The first five are reported, the others seen. */
export const INPUT = {
  expectedShortfall: 0,
  ruin: 1,
  branching: 2,
  spike: 3,
  cover2: 4,
  fund: 5,
  oracle: 6,
  breaker: 7,
} as const;
export const INPUTS = 8;
export const REPORTED_INPUTS = 5;

/** What a posture does. */
export interface Actions {
  /** Of initial margin; 0 = none. */
  readonly margin: Ppm;
  /** Of open-interest limits and of bands; 1e6 = as set. */
  readonly openInterest: Ppm;
  readonly band: Ppm;
  /** The least liquidation buffer. */
  readonly buffer: Ppm;
  readonly throttle: number;
  /** How long it lasts at least, and how long nothing must have held it, before it is left. */
  readonly dwell: Ms;
  readonly calm: Ms;
}

const ppm = (value: number): Ppm => value as Ppm;
const minutes = (count: number): Ms => (count * 60_000) as Ms;

/** By posture. What a stricter one does is no milder in any column. */
export const ACTIONS: readonly Actions[] = [
  {
    margin: NONE,
    openInterest: ppm(1_000_000),
    band: ppm(1_000_000),
    buffer: NONE,
    throttle: 0,
    dwell: NONE,
    calm: NONE,
  },
  {
    margin: ppm(1_150_000),
    openInterest: ppm(900_000),
    band: ppm(1_000_000),
    buffer: ppm(150_000),
    throttle: 1,
    dwell: minutes(5),
    calm: minutes(30),
  },
  {
    margin: ppm(1_400_000),
    openInterest: ppm(600_000),
    band: ppm(700_000),
    buffer: ppm(200_000),
    throttle: 2,
    dwell: minutes(10),
    calm: minutes(10),
  },
  {
    margin: ppm(1_400_000),
    openInterest: ppm(600_000),
    band: ppm(700_000),
    buffer: ppm(250_000),
    throttle: 3,
    dwell: minutes(15),
    calm: minutes(15),
  },
  {
    margin: ppm(1_400_000),
    openInterest: ppm(600_000),
    band: ppm(700_000),
    buffer: ppm(250_000),
    throttle: 3,
    dwell: minutes(10),
    calm: minutes(10),
  },
];
/** The strictest posture lasts no longer than this, and is not entered again for so long. */
export const LONGEST_STOP = minutes(30);
export const STOP_BARRED = minutes(10);

/** The posture a tier is in. */
export function postureOf(tier: TierShard): number {
  return tier.arena.num(tier.controller, CONTROLLER.posture);
}

/** Target of a liquidation above maintenance margin: what is set, but no less than the posture asks. */
export function liquidationBuffer(tier: TierShard): Ppm {
  const { arena, row, controller } = tier;
  return most(arena.int(row, TIER.liquidationBuffer), arena.int(controller, CONTROLLER.buffer));
}

/** The throttle posture that the tier asks of the vault: 0 normal, 1 elevated, 2 defensive, 3 strictest. */
export function wantedThrottle(tier: TierShard): number {
  return tier.arena.int(tier.controller, CONTROLLER.throttle);
}
