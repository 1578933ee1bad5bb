/** A tier as plain data. */
import { type HoldState, type ParameterState, holdStates, parameterStates } from "./governance.ts";
import { type LossState, lossState } from "./funds.ts";
import { type MarketState, marketState } from "./market.ts";
import { type BucketState, bucketState } from "./bucket.ts";
import { type FeedState, feedState } from "./feed.ts";
import type { Cover } from "../lossBook.ts";
import { coversOf } from "../recoveries.ts";
import type { Controller, Tier, World } from "../venue.ts";

export interface TierState {
  readonly tier: number;
  readonly minInitialMargin: bigint;
  readonly maxBucketOrders: bigint;
  readonly liquidationBuffer: bigint;
  readonly auctionStart: bigint;
  readonly auctionSpan: bigint;
  readonly insuranceDraw: bigint;
  readonly fees: bigint;
  /** The operator's first tranche and the insurance fund. */
  readonly skin: bigint;
  readonly insurance: bigint;
  readonly defaults: number;
  readonly drawnSince: number;
  readonly drawnBase: bigint;
  readonly drawn: bigint;
  /** What its own layers, its cover and the venue's layers count for in margin. */
  readonly depth: readonly bigint[];
  /** By number. */
  readonly covers: readonly (Cover & { readonly cover: number })[];
  /** The oldest first. */
  readonly losses: readonly LossState[];
  readonly controller: Pick<Controller, "enabled" | "posture" | "since" | "calmSince" | "rule">;
  /** 0 = none. */
  readonly backstop: number;
  readonly backstopDay: bigint;
  readonly backstopSince: number;
  readonly backstopBase: bigint;
  readonly backstopTaken: bigint;
  /** Ids of the buckets in distress, the next to be served first. */
  readonly distressed: readonly number[];
  readonly parameters: readonly ParameterState[];
  /** By slot. */
  readonly holds: readonly HoldState[];
  readonly buckets: readonly BucketState[];
  readonly markets: readonly MarketState[];
  /** Of every market, then of every accepted collateral asset. */
  readonly feeds: readonly FeedState[];
  readonly collateral: readonly CollateralState[];
}

export interface CollateralState {
  readonly asset: number;
  readonly price: bigint;
  readonly initialPrice: bigint;
}

export function tierState(world: World, tier: Tier): TierState {
  return {
    tier: tier.id,
    minInitialMargin: tier.minInitialMargin,
    maxBucketOrders: tier.maxBucketOrders,
    liquidationBuffer: tier.liquidationBuffer,
    auctionStart: tier.auctionStart,
    auctionSpan: tier.auctionSpan,
    insuranceDraw: tier.insuranceDraw,
    fees: tier.fees,
    skin: tier.skin,
    insurance: tier.insurance,
    defaults: tier.defaults,
    drawnSince: tier.drawnSince,
    drawnBase: tier.drawnBase,
    drawn: tier.drawn,
    depth: tier.depth,
    covers: coversOf(tier).map(([cover, policy]) => ({ cover, ...policy })),
    losses: tier.losses.map(lossState),
    controller: { ...tier.controller },
    backstop: tier.backstop,
    backstopDay: tier.backstopDay,
    backstopSince: tier.backstopSince,
    backstopBase: tier.backstopBase,
    backstopTaken: tier.backstopTaken,
    distressed: tier.distressed.map(({ id }) => id),
    parameters: parameterStates(tier),
    holds: holdStates(tier),
    buckets: tier.buckets.map((bucket) => bucketState(world, bucket)),
    markets: tier.markets.map((market) => marketState(world, market)),
    feeds: [...tier.feeds].map(([key, feed]) => feedState(key, feed)),
    collateral: [...tier.collateral].map(([asset, { price, initialPrice }]) => ({
      asset,
      price,
      initialPrice,
    })),
  };
}
