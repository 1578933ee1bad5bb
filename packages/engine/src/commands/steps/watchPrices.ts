/** Prices of collateral have moved: are the alarms that were set for them still to be relied on? */
import { MAX_ASSETS } from "../../domain/limits.ts";
import type { TierShard } from "../../domain/tierShard.ts";
import { liquidates } from "../../domain/unsettled.ts";
import { watchCollateral } from "../../risk/alarms.ts";

/** Looks at every asset, since the price of one moves those that redeem for it. Whoever is endangered is measured at the next price or tick. */
export function watchPrices(tier: TierShard): void {
  if (!liquidates(tier)) return;
  for (let asset = 1; asset <= MAX_ASSETS; asset++) watchCollateral(tier, tier.collateral(asset));
}
