/** A tier accepts an asset as collateral, or changes its weights and cap. The quote currency needs no accepting. */
import { ACCEPT_COLLATERAL } from "../domain/commands.ts";
import { word } from "../domain/frame.ts";
import { QUOTE_ASSET } from "../domain/limits.ts";
import type { OutcomeCode } from "../domain/refusals.ts";
import { ASSET, COLLATERAL } from "../domain/rows.ts";
import { noteAllUnsettled } from "../domain/unsettled.ts";
import type { Venue } from "../domain/venue.ts";
import { enterTier, isAsset } from "./steps/lookUp.ts";

const { at } = ACCEPT_COLLATERAL;

export function acceptCollateral(venue: Venue): OutcomeCode {
  const { command, vault } = venue;
  const tier = enterTier(venue, word(command, at.tier));
  if (tier === undefined) return venue.refuse("tier_unknown", word(command, at.tier));
  const asset = word(command, at.asset);
  if (!isAsset(venue, asset)) return venue.refuse("asset_unknown", asset);
  if (asset === QUOTE_ASSET) return venue.refuse("collateral_is_quote", asset);
  const initial = word(command, at.initialWeight);
  const maintenance = word(command, at.maintenanceWeight);
  if (initial > maintenance) return venue.refuse("weight_order", initial, maintenance);

  const { arena } = tier;
  const row = tier.collateral(asset);
  arena.setInt(row, COLLATERAL.accepted, 1);
  arena.setInt(row, COLLATERAL.initialWeight, initial);
  arena.setInt(row, COLLATERAL.maintenanceWeight, maintenance);
  arena.setNum(row, COLLATERAL.scale, vault.arena.num(vault.asset(asset), ASSET.scale));
  arena.setNum(row, COLLATERAL.cap, word(command, at.cap));
  noteAllUnsettled(tier);
  return venue.accept();
}
