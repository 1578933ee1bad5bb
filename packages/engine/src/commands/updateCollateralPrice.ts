/** The price of a collateral asset moves, for one tier. */
import { UPDATE_COLLATERAL_PRICE } from "../domain/commands.ts";
import { word } from "../domain/frame.ts";
import type { OutcomeCode } from "../domain/refusals.ts";
import { COLLATERAL } from "../domain/rows.ts";
import type { Venue } from "../domain/venue.ts";
import { watchCollateral } from "../risk/alarms.ts";
import { enterTier, isAsset } from "./steps/lookUp.ts";

const { at } = UPDATE_COLLATERAL_PRICE;

export function updateCollateralPrice(venue: Venue): OutcomeCode {
  const { command } = venue;
  const tier = enterTier(venue, word(command, at.tier));
  if (tier === undefined) return venue.refuse("tier_unknown", word(command, at.tier));
  const asset = word(command, at.asset);
  if (!isAsset(venue, asset)) return venue.refuse("asset_unknown", asset);
  const terms = tier.collateral(asset);
  if (tier.arena.int(terms, COLLATERAL.accepted) === 0) return venue.refuse("collateral_not_accepted", asset);

  tier.arena.setNum(terms, COLLATERAL.price, word(command, at.price));
  watchCollateral(tier, terms);
  return venue.accept();
}
