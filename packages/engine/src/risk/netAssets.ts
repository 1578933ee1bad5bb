/**
 * What a bucket is worth to those who own it together, counted twice: whoever buys in pays for the most it may be worth, and whoever leaves
 * gets his part of the least. Between the two nobody who stays can lose by either. See docs/spec/funds.md, "The backstop".
 */
import type { Ref } from "../kernel/arena.ts";
import { plus } from "../kernel/checked.ts";
import type { MicroUsd } from "../kernel/units.ts";
import { BUCKET } from "../domain/rows/bucket.ts";
import type { TierShard } from "../domain/tierShard.ts";
import { fullCollateral, maintenanceCollateral } from "./collateral.ts";
import { bestProfits, worstLosses } from "./withdrawable.ts";

/**
 * Cash, collateral without a haircut, and all unrealised profit and loss, after the funding owed and at the best price of each market;
 * micro-dollars, may be < 0.
 */
export function mostNetAssets(tier: TierShard, bucket: Ref<"bucket">): MicroUsd {
  const funds = plus(tier.arena.num(bucket, BUCKET.cash), fullCollateral(tier, bucket));
  return plus(funds, bestProfits(tier, bucket));
}

/** Cash, collateral at maintenance weights, and unrealised losses alone, at the worst price of each market; micro-dollars, may be < 0. */
export function leastNetAssets(tier: TierShard, bucket: Ref<"bucket">): MicroUsd {
  const funds = plus(tier.arena.num(bucket, BUCKET.cash), maintenanceCollateral(tier, bucket));
  return plus(funds, worstLosses(tier, bucket));
}
