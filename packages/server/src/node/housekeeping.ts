/**
 * What a venue needs done though nobody asks for it: clocks that go on, expired futures that settle, a withdrawal queue that is looked at,
 * policies that end, fees that are swept, and insurance lent where it is lacking. All of it are commands that anybody might send: none
 * of them gains the node anything, and one that is refused changes nothing.
 */
import {
  CONTRACT,
  type Command,
  type Engine,
  FEED_KIND,
  STATUS,
  coversView,
  feedView,
  limits,
  marketView,
  rebalancingPlan,
  throttleView,
  tierView,
  venueView,
} from "@bulkhead/engine";
import type { Instruction } from "./bootstrap.ts";

const SECOND = 1_000;
/** How often each chore is looked at, ms. */
const EVERY = {
  tick: SECOND,
  expiry: SECOND,
  release: 10 * SECOND,
  rebalance: 60 * SECOND,
  sweep: 600 * SECOND,
  cover: 600 * SECOND,
} as const;
type Chore = keyof typeof EVERY;

/** Buckets that one command settles. */
const SETTLED_AT_ONCE = 256;

/** What has been done, and how far. */
export interface Progress {
  readonly doneAt: Map<Chore, number>;
  /** The bucket to go on with in markets that settle, by `tier/market`; 0 = all are settled. */
  readonly settling: Map<string, number>;
}

export function noProgress(): Progress {
  return { doneAt: new Map(), settling: new Map() };
}

/** The chores that are due, as commands. Notes in `progress` that they are done. @param now - ms since the epoch */
export function chores(engine: Engine, progress: Progress, now: number): Instruction[] {
  const { venue } = engine;
  const tiers = Array.from({ length: venueView(venue).tiers }, (_, index) => index + 1);
  const isDue = (chore: Chore): boolean => {
    if (now - (progress.doneAt.get(chore) ?? -Infinity) < EVERY[chore]) return false;
    progress.doneAt.set(chore, now);
    return true;
  };
  return [
    ...(isDue("tick") ? tiers.map((tier): Instruction => ({ kind: "clockTick", tier })) : []),
    ...(isDue("expiry") ? tiers.flatMap((tier) => expiries(engine, tier, progress, now)) : []),
    ...(isDue("release") && throttleView(venue).queueLength > 0
      ? [{ kind: "releaseWithdrawals", count: limits.MAX_RELEASES } as const]
      : []),
    ...(isDue("rebalance") ? rebalancingPlan(venue).commands.map(withoutTime) : []),
    ...(isDue("sweep")
      ? tiers
          .filter((tier) => tierView(venue, tier).fees > 0)
          .map((tier): Instruction => ({ kind: "sweepFees", tier }))
      : []),
    ...(isDue("cover") ? tiers.flatMap((tier) => endedCovers(engine, tier, now)) : []),
  ];
}

/** Notes what came of `settleExpired`. @param next - the bucket to go on with, 0 = none is left */
export function noteSettled(
  progress: Progress,
  { tier, market }: { readonly tier: number; readonly market: number },
  next: number,
): void {
  progress.settling.set(`${tier}/${market}`, next);
}

function expiries({ venue }: Engine, tier: number, { settling }: Progress, now: number): Instruction[] {
  const { markets } = tierView(venue, tier);
  return Array.from({ length: markets }, (_, index) => index + 1).flatMap((market): Instruction[] => {
    const { contract, status, expiry } = marketView(venue, tier, market);
    if (contract === CONTRACT.perpetual) return [];
    if (status === STATUS.settled) {
      const bucket = settling.get(`${tier}/${market}`) ?? 1;
      return bucket === 0 ? [] : [{ kind: "settleExpired", tier, market, bucket, count: SETTLED_AT_ONCE }];
    }
    // Where no reporter makes the price, an operator has to name it.
    const isReported = feedView(venue, tier, FEED_KIND.market, market).quorum > 0;
    return now >= expiry && isReported ? [{ kind: "expireMarket", tier, market, price: 0 }] : [];
  });
}

function endedCovers({ venue }: Engine, tier: number, now: number): Instruction[] {
  return coversView(venue, tier)
    .filter(({ expiry }) => expiry <= now)
    .map(({ cover }) => ({ kind: "releaseCover", tier, cover }));
}

function withoutTime({ time: _time, ...instruction }: Command): Instruction {
  return instruction;
}
