/** What a bucket's collateral counts for: its amount at the oracle's price, less the haircut. Always rounded down. */
import { type Arena, NIL, type Ref } from "../kernel/arena.ts";
import { least, plus } from "../kernel/checked.ts";
import { shareFloor } from "../kernel/mulDiv.ts";
import { type MicroUsd, NONE } from "../kernel/units.ts";
import { worthOf } from "../kernel/value.ts";
import { MAX_COLLATERAL_VALUE } from "../domain/limits.ts";
import { BUCKET, HOLDING } from "../domain/rows/bucket.ts";
import { COLLATERAL } from "../domain/rows/tier.ts";
import type { TierShard } from "../domain/tierShard.ts";

const CLEARLY_TOO_MUCH = 1.5 * MAX_COLLATERAL_VALUE;

/** Collateral value of a bucket at initial weights and prices, micro-dollars; the quote currency is cash and not in it. */
export function initialCollateral(tier: TierShard, bucket: Ref<"bucket">): MicroUsd {
  return collateralAt(tier, bucket, COLLATERAL.initialWeight, COLLATERAL.initialPrice);
}

/** The same at maintenance weights and prices. */
export function maintenanceCollateral(tier: TierShard, bucket: Ref<"bucket">): MicroUsd {
  return collateralAt(tier, bucket, COLLATERAL.maintenanceWeight, COLLATERAL.price);
}

/** The same at maintenance weights and the prices down to which alarms hold. */
export function reserveCollateral(tier: TierShard, bucket: Ref<"bucket">): MicroUsd {
  return collateralAt(tier, bucket, COLLATERAL.maintenanceWeight, COLLATERAL.reservePrice);
}

/** The same before any haircut, at maintenance prices. */
export function fullCollateral(tier: TierShard, bucket: Ref<"bucket">): MicroUsd {
  const { arena } = tier;
  let total: MicroUsd = NONE;
  for (
    let holding = arena.int(bucket, BUCKET.holdings);
    holding !== NIL;
    holding = arena.int(holding, HOLDING.next)
  ) {
    total = plus(total, holdingValue(arena, holding, tier.collateral(arena.int(holding, HOLDING.asset))));
  }
  return least(total, MAX_COLLATERAL_VALUE);
}

/** What one holding counts for at maintenance weight. */
export function maintenanceWorth(tier: TierShard, holding: Ref<"holding">): MicroUsd {
  const { arena } = tier;
  const terms = tier.collateral(arena.int(holding, HOLDING.asset));
  const value = holdingValue(arena, holding, terms, COLLATERAL.price);
  return shareFloor(value, arena.int(terms, COLLATERAL.maintenanceWeight));
}

function collateralAt(
  tier: TierShard,
  bucket: Ref<"bucket">,
  weight: typeof COLLATERAL.initialWeight,
  price: typeof COLLATERAL.price,
): MicroUsd {
  const { arena } = tier;
  let total: MicroUsd = NONE;
  for (
    let holding = arena.int(bucket, BUCKET.holdings);
    holding !== NIL;
    holding = arena.int(holding, HOLDING.next)
  ) {
    const terms = tier.collateral(arena.int(holding, HOLDING.asset));
    total = plus(total, shareFloor(holdingValue(arena, holding, terms, price), arena.int(terms, weight)));
  }
  return least(total, MAX_COLLATERAL_VALUE);
}

/** Value of a holding before its haircut; 0 while the asset has no price. */
export function holdingValue(
  arena: Arena,
  holding: Ref<"holding">,
  terms: Ref<"collateral">,
  at: typeof COLLATERAL.price = COLLATERAL.price,
): MicroUsd {
  const amount = arena.num(holding, HOLDING.amount);
  const price = arena.num(terms, at);
  const scale = arena.num(terms, COLLATERAL.scale);
  // A coarse estimate only keeps the exact division within range; it never decides the value.
  if ((amount / scale) * price > CLEARLY_TOO_MUCH) return MAX_COLLATERAL_VALUE;
  return least(worthOf(amount, price, scale), MAX_COLLATERAL_VALUE);
}
