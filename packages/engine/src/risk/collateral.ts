/** What a bucket's collateral counts for: its amount at the oracle's price, less the haircut. Always rounded down. */
import { type Arena, NIL, type Ref } from "../kernel/arena.ts";
import { mulDivFloor, shareFloor } from "../kernel/mulDiv.ts";
import type { MicroUsd, Ppm } from "../kernel/units.ts";
import { BUCKET, COLLATERAL, HOLDING } from "../domain/rows.ts";
import type { TierShard } from "../domain/tierShard.ts";

/** A holding counts for at most this much before its haircut: 2^50 micro-dollars, so that equity stays exact. */
const MAX_VALUE = 1_125_899_906_842_624;
const CLEARLY_TOO_MUCH = 1.5 * MAX_VALUE;

/** Collateral value of a bucket at initial weights, micro-dollars; the quote currency is cash and not in it. */
export function initialCollateral(tier: TierShard, bucket: Ref<"bucket">): MicroUsd {
  return collateralAt(tier, bucket, COLLATERAL.initialWeight);
}

/** The same at maintenance weights. */
export function maintenanceCollateral(tier: TierShard, bucket: Ref<"bucket">): MicroUsd {
  return collateralAt(tier, bucket, COLLATERAL.maintenanceWeight);
}

function collateralAt(
  tier: TierShard,
  bucket: Ref<"bucket">,
  weight: typeof COLLATERAL.initialWeight,
): MicroUsd {
  const { arena } = tier;
  let total = 0;
  for (
    let holding = arena.int(bucket, BUCKET.holdings);
    holding !== NIL;
    holding = arena.int(holding, HOLDING.next)
  ) {
    const terms = tier.collateral(arena.int(holding, HOLDING.asset));
    total += shareFloor(valueOf(arena, holding, terms), arena.int(terms, weight) as Ppm);
  }
  return Math.min(total, MAX_VALUE) as MicroUsd;
}

/** Value of a holding before its haircut; 0 while the asset has no price. */
function valueOf(arena: Arena, holding: Ref<"holding">, terms: Ref<"collateral">): MicroUsd {
  const amount = arena.num(holding, HOLDING.amount);
  const price = arena.num(terms, COLLATERAL.price);
  const scale = arena.num(terms, COLLATERAL.scale);
  // A coarse estimate only keeps the exact division within range; it never decides the value.
  if ((amount / scale) * price > CLEARLY_TOO_MUCH) return MAX_VALUE as MicroUsd;
  return Math.min(mulDivFloor(amount, price, scale), MAX_VALUE) as MicroUsd;
}
