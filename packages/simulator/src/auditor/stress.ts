/** The stress check of docs/spec/governance.md: what a jump of all marks would leave uncovered. */
import { absolute, ceilDivide, floorDivide, greatest, least } from "./arithmetic.ts";
import { equityWithoutProfit, required, unrealised } from "./margin.ts";
import { MAX_COLLATERAL, MAX_INTEGER, MILLION } from "./terms.ts";
import type { Bucket, Tier, World } from "./venue.ts";
import { notionalOf } from "./world.ts";

export function uncoveredLoss(world: World, tier: Tier): bigint {
  let afterRise = 0n;
  let afterFall = 0n;
  for (const bucket of tier.buckets) {
    const worth = worthLeft(world, bucket);
    const gain = gainOfRise(bucket);
    afterRise += greatest(0n, -(worth + gain));
    afterFall += greatest(0n, -(worth - gain));
  }
  return least(MAX_INTEGER, greatest(afterRise, afterFall));
}

/** What stands against a bucket's losses once its owner has taken out what he may. */
export function worthLeft(world: World, bucket: Bucket): bigint {
  const free = equityWithoutProfit(world, bucket) - required(bucket);
  let worth = bucket.cash - greatest(0n, least(bucket.cash, free));
  let collateral = 0n;
  for (const [asset, amount] of bucket.holdings) {
    const price = bucket.tier.collateral.get(asset)?.price ?? 0n;
    const scale = world.venue.assets[asset - 1]?.scale ?? 1n;
    collateral += least(floorDivide(amount * price, scale), MAX_COLLATERAL) / 2n;
  }
  worth += least(collateral, MAX_COLLATERAL);
  for (const position of bucket.positions.values()) worth += unrealised(position);
  return worth;
}

function gainOfRise(bucket: Bucket): bigint {
  let gain = 0n;
  for (const { market, lots } of bucket.positions.values()) {
    const lotValue = absolute(notionalOf(market, market.mark, 1n));
    gain += lots * ceilDivide(lotValue * market.terms.stressMove, MILLION);
  }
  return gain;
}
