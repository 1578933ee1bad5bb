/** The price of a collateral asset moves, for one tier. */
import { FEED_KIND, UPDATE_COLLATERAL_PRICE } from "../domain/commands.ts";
import { word } from "../domain/frame.ts";
import type { OutcomeCode } from "../domain/refusals.ts";
import { COLLATERAL } from "../domain/rows/tier.ts";
import type { Venue } from "../domain/venue.ts";
import { isReported, priceDependents } from "../oracle/collateralPrice.ts";
import { enterTier, isAsset } from "./steps/lookUp.ts";
import { watchPrices } from "./steps/watchPrices.ts";

const { at } = UPDATE_COLLATERAL_PRICE;

export function updateCollateralPrice(venue: Venue): OutcomeCode {
  const { command } = venue;
  const tier = enterTier(venue, word(command, at.tier));
  if (tier === undefined) return venue.refuse("tier_unknown", word(command, at.tier));
  const asset = word(command, at.asset);
  if (!isAsset(venue, asset)) return venue.refuse("asset_unknown", asset);
  const terms = tier.collateral(asset);
  if (tier.arena.int(terms, COLLATERAL.accepted) === 0) return venue.refuse("collateral_not_accepted", asset);
  if (isReported(tier, asset)) return venue.refuse("price_comes_from_reporters", FEED_KIND.collateral, asset);

  const price = word(command, at.price);
  tier.arena.setNum(terms, COLLATERAL.price, price);
  tier.arena.setNum(terms, COLLATERAL.initialPrice, price);
  priceDependents(tier, asset, venue.now);
  watchPrices(tier);
  return venue.accept();
}
