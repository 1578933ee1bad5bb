/** A collateral asset can be redeemed for something from now on, or no longer. */
import { BASIS, CONFIGURE_REDEMPTION, FEED_KIND } from "../../domain/commands.ts";
import { word } from "../../domain/frame.ts";
import { MAX_ASSETS } from "../../domain/limits.ts";
import { ACCEPTED, type OutcomeCode } from "../../domain/refusals.ts";
import { REDEMPTION } from "../../domain/rows/oracle.ts";
import { COLLATERAL } from "../../domain/rows/tier.ts";
import type { TierShard } from "../../domain/tierShard.ts";
import type { Venue } from "../../domain/venue.ts";
import { isReported, priceCollateral } from "../../oracle/collateralPrice.ts";
import { enterFeed } from "./enterFeed.ts";
import { watchPrices } from "./watchPrices.ts";

const { at } = CONFIGURE_REDEMPTION;

/** Carries out a `configureRedemption`, given in `frame`. */
export function takeRedemption(venue: Venue, tier: TierShard, frame: Float64Array): OutcomeCode {
  const asset = word(frame, at.asset);
  const basis = word(frame, at.basis);
  const underlying = basis === BASIS.asset ? word(frame, at.underlying) : 0;
  const barred =
    enterFeed(venue, tier, FEED_KIND.collateral, asset) ||
    (basis === BASIS.asset ? enterFeed(venue, tier, FEED_KIND.collateral, underlying) : ACCEPTED);
  if (barred !== ACCEPTED) return barred;
  if (basis !== BASIS.none && isChained(tier, asset, underlying))
    return venue.refuse("redemption_chained", asset, underlying);

  const { arena } = tier;
  const row = tier.redemption(asset);
  arena.setInt(row, REDEMPTION.basis, basis);
  arena.setInt(row, REDEMPTION.underlying, underlying);
  arena.setInt(row, REDEMPTION.maxAge, word(frame, at.maxAge));
  arena.setInt(row, REDEMPTION.dailyStep, word(frame, at.dailyStep));
  arena.setNum(row, REDEMPTION.ratio, 0);
  if (isReported(tier, asset)) priceCollateral(tier, asset, venue.now);
  else {
    const terms = tier.collateral(asset);
    arena.setNum(terms, COLLATERAL.initialPrice, arena.num(terms, COLLATERAL.price));
  }
  watchPrices(tier);
  return venue.accept();
}

/** An asset may not redeem for itself, for one that redeems for another, or while another redeems for it. */
function isChained(tier: TierShard, asset: number, underlying: number): boolean {
  const { arena } = tier;
  if (asset === underlying) return true;
  if (underlying !== 0 && arena.int(tier.redemption(underlying), REDEMPTION.basis) !== 0) return true;
  for (let other = 1; other <= MAX_ASSETS; other++) {
    if (arena.int(tier.redemption(other), REDEMPTION.underlying) === asset) return true;
  }
  return false;
}
