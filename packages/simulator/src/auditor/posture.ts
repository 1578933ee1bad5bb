/**
 * A tier's posture: what makes it careful as a whole, and what follows for its markets.
 *
 * @see docs/spec/postures.md
 */
import { ceilDivide, greatest, least } from "./arithmetic.ts";
import { noteStatus, renewBand, statusOf } from "./breaker.ts";
import { FORBIDS, isForbidden } from "./permits.ts";
import { BREAKER, MILLION, QUOTE, STATUS } from "./terms.ts";
import { refill } from "./throttle.ts";
import type { Market, Tier, World } from "./venue.ts";
import { emit, notionalOf } from "./world.ts";

const MINUTE = 60_000;
const NORMAL = 0;
const REDUCING = 3;
const STOPPED = 4;

type Input = "expectedShortfall" | "ruin" | "branching" | "spike" | "cover2" | "fund" | "oracle" | "breaker";
export type Inputs = Readonly<Record<Input, bigint>>;

/** The table: number, input, posture, what must be exceeded, what holds. */
const TABLE: readonly (readonly [number, Input, number, bigint, bigint])[] = [
  [1, "expectedShortfall", 1, 500_000n, 400_000n],
  [2, "expectedShortfall", 2, 800_000n, 650_000n],
  [3, "ruin", 1, 100n, 50n],
  [4, "ruin", 2, 1_000n, 500n],
  [5, "ruin", 3, 10_000n, 5_000n],
  [6, "branching", 1, 500_000n, 400_000n],
  [7, "branching", 2, 800_000n, 650_000n],
  [8, "spike", 1, 200_000n, 150_000n],
  [9, "cover2", 3, 1_000_000n, 800_000n],
  [10, "fund", 2, 300_000n, 200_000n],
  [11, "oracle", 1, 0n, 1n],
  [12, "oracle", 3, 1n, 2n],
  [13, "breaker", 1, 0n, 1n],
  [14, "breaker", 2, 1n, 2n],
  [15, "breaker", 4, 2n, 3n],
];
const STALE = 16;
const TOO_LONG = 17;
const VERSION = 1;

const DWELL = [0, 5, 10, 15, 10];
const CALM = [0, 30, 10, 15, 10];

const NOTHING: Inputs = {
  expectedShortfall: 0n,
  ruin: 0n,
  branching: 0n,
  spike: 0n,
  cover2: 0n,
  fund: 0n,
  oracle: 0n,
  breaker: 0n,
};

/** Looks at the tier, moves its posture if a rule or the time says so, and lets the vault know. */
export function control(world: World, tier: Tier): void {
  const { enabled, posture } = tier.controller;
  if (!enabled && posture === NORMAL) return;
  decide(world, tier);
  askThrottle(world);
}

/** The strictest posture of the throttle that tiers with half of the quote currency in custody ask for. */
function askThrottle(world: World): void {
  const { tiers, assets, throttle } = world.venue;
  const heldBy = ({ id }: Tier): bigint => assets[QUOTE - 1]?.custody.get(id) ?? 0n;
  const sum = (some: readonly Tier[]): bigint => some.reduce((total, tier) => total + heldBy(tier), 0n);
  const isAsked = (posture: number): boolean => {
    const asking = sum(tiers.filter(({ controller }) => Math.min(controller.posture, 3) >= posture));
    return asking > 0n && 2n * asking >= sum(tiers);
  };
  const asked = [3, 2, 1].find(isAsked) ?? 0;
  if (asked === throttle.askedPosture) return;
  refill(world);
  world.journal.set(throttle, "askedPosture", asked);
  refill(world);
}

function decide(world: World, tier: Tier): void {
  const { controller } = tier;
  const { journal, time } = world;
  const { posture, since } = controller;
  const inputs = controller.enabled ? inputsOf(tier) : NOTHING;
  const baseline = controller.enabled && time >= controller.freshUntil ? controller.baseline : 0;
  const isBarred = controller.forced && posture === REDUCING && time - since < 10 * MINUTE;

  let wanted = baseline;
  let why: readonly [rule: number, seen: bigint, bound: bigint] = [STALE, BigInt(baseline), 0n];
  for (const [rule, input, leadsTo, enter] of TABLE) {
    const reached = isBarred ? Math.min(leadsTo, REDUCING) : leadsTo;
    if (inputs[input] <= enter || reached <= wanted) continue;
    wanted = reached;
    why = [rule, inputs[input], enter];
  }
  if (wanted > posture) return enterPosture(world, tier, wanted, why, false);

  const holds = TABLE.some(([, input, leadsTo, , leave]) => leadsTo >= posture && inputs[input] >= leave);
  const isHeld = posture === NORMAL || baseline >= posture || holds;
  const calmSince = isHeld ? 0 : controller.calmSince === 0 ? time : controller.calmSince;
  journal.set(controller, "calmSince", calmSince);
  if (posture === NORMAL) return;
  if (posture === STOPPED && time - since >= 30 * MINUTE) {
    return enterPosture(world, tier, REDUCING, [TOO_LONG, BigInt(time - since), BigInt(30 * MINUTE)], true);
  }
  const hasStayed = time - since >= (DWELL[posture] ?? 0) * MINUTE;
  const isCalm = calmSince !== 0 && time - calmSince >= (CALM[posture] ?? 0) * MINUTE;
  if (hasStayed && isCalm) enterPosture(world, tier, posture - 1, [0, 0n, 0n], false);
}

function enterPosture(
  world: World,
  tier: Tier,
  posture: number,
  why: readonly [rule: number, seen: bigint, bound: bigint],
  forced: boolean,
): void {
  const { controller } = tier;
  const { journal, time } = world;
  emit(world, "postureMoved", controller.posture, posture, ...why, VERSION);
  const before = tier.markets.map(statusOf);
  journal.set(controller, "posture", posture);
  journal.set(controller, "since", time);
  journal.set(controller, "calmSince", 0);
  journal.set(controller, "rule", why[0]);
  journal.set(controller, "forced", forced);
  for (const [index, market] of tier.markets.entries()) {
    noteStatus(world, market, before[index] as bigint);
    renewBand(world, market);
  }
}

function inputsOf(tier: Tier): Inputs {
  const { reported, insuranceTarget } = tier.controller;
  const gap = greatest(0n, insuranceTarget - tier.insurance);
  const fund =
    insuranceTarget === 0n ? 0n : least(ceilDivide(gap * MILLION, insuranceTarget), 1_000n * MILLION);
  return { ...NOTHING, ...reported, fund, oracle: pricesOf(tier), breaker: breakersOf(tier) };
}

/** 1 if any breaker is not at normal, 2 and 3 if those of half the open interest are at reduce-only or in a call auction, at halt. */
function breakersOf({ markets }: Tier): bigint {
  const live = markets.filter(({ terms }) => terms.status !== STATUS.settled);
  const isHalf = (levels: readonly number[]): boolean => {
    const part = openValue(live.filter(({ breaker }) => levels.includes(breaker.level)));
    return part > 0n && 2n * part >= openValue(live);
  };
  if (isHalf([BREAKER.halt])) return 3n;
  if (isHalf([BREAKER.reduceOnly, BREAKER.halt, BREAKER.auction])) return 2n;
  return live.some(({ breaker }) => breaker.level !== BREAKER.normal) ? 1n : 0n;
}

/** 1 if any price may not be used to open, 2 if half the open interest has one that may not be used even to get out. */
function pricesOf({ markets }: Tier): bigint {
  const live = markets.filter(({ terms }) => terms.status !== STATUS.settled);
  const stuck = live.filter(
    (market) => isForbidden(market, FORBIDS.reduce) || isForbidden(market, FORBIDS.liquidate),
  );
  const part = openValue(stuck);
  if (part > 0n && 2n * part >= openValue(live)) return 2n;
  return live.some((market) => isForbidden(market, FORBIDS.open)) ? 1n : 0n;
}

/** Open interest at the mark, in units of 64 micro-dollars. */
function openValue(markets: readonly Market[]): bigint {
  return markets.reduce(
    (total, market) => total + notionalOf(market, market.mark, market.openInterest) / 64n,
    0n,
  );
}
