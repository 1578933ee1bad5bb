/** A bucket as plain data. */
import { greatest, least } from "../arithmetic.ts";
import { equity, equityWithoutProfit, maintenance, required } from "../margin.ts";
import { newestFirst } from "../orders.ts";
import { FORBIDS, isForbidden } from "../permits.ts";
import type { Bucket, Distress, Position, World } from "../venue.ts";
import { isInUse } from "../world.ts";

export interface BucketState {
  readonly bucket: number;
  readonly account: number;
  readonly mode: number;
  readonly cash: bigint;
  /** 0 = none known, 1 = waits in the queue, 2 = its liquidation has begun. */
  readonly distress: number;
  /** When its liquidation began, 0 = it has not. */
  readonly distressSince: number;
  /** By asset. */
  readonly holdings: ReadonlyMap<number, bigint>;
  /** Positions whose slot is in use. */
  readonly positions: readonly PositionState[];
  /** Ids of open orders, the newest first. */
  readonly orders: readonly number[];
  readonly equity: bigint;
  readonly initialMargin: bigint;
  readonly maintenanceEquity: bigint;
  readonly maintenanceMargin: bigint;
  /** Quote currency that could leave now. */
  readonly withdrawable: bigint;
}

export interface PositionState {
  readonly market: number;
  readonly lots: bigint;
  readonly cost: bigint;
  /** Means something only while lots ≠ 0. */
  readonly fundingEntry: bigint;
  readonly bidLots: bigint;
  readonly bidNotional: bigint;
  readonly askLots: bigint;
  readonly askNotional: bigint;
}

export function bucketState(world: World, bucket: Bucket): BucketState {
  const needed = required(bucket);
  const isBarred = [...bucket.positions.values()]
    .filter(isInUse)
    .some(({ market }) => isForbidden(market, FORBIDS.withdraw));
  const free = isBarred ? 0n : equityWithoutProfit(world, bucket) - needed;
  return {
    bucket: bucket.id,
    account: bucket.account,
    mode: bucket.mode,
    cash: bucket.cash,
    distress: DISTRESS[bucket.distress],
    distressSince: bucket.distressSince,
    holdings: new Map(bucket.holdings),
    positions: positionStates(bucket),
    orders: newestFirst(bucket, undefined).map((order) => order.id),
    equity: equity(world, bucket, "initialWeight"),
    initialMargin: needed,
    maintenanceEquity: equity(world, bucket, "maintenanceWeight"),
    maintenanceMargin: maintenance(bucket),
    withdrawable: greatest(0n, least(bucket.cash, free)),
  };
}

const DISTRESS: Readonly<Record<Distress, number>> = { none: 0, waiting: 1, begun: 2 };

function positionStates(bucket: Bucket): PositionState[] {
  const states = [...bucket.positions.values()].filter(isInUse).map(positionState);
  states.sort((a, b) => a.market - b.market);
  return states;
}

function positionState(position: Position): PositionState {
  const { market, lots, cost, fundingEntry, bidLots, bidNotional, askLots, askNotional } = position;
  return { market: market.id, lots, cost, fundingEntry, bidLots, bidNotional, askLots, askNotional };
}
