/** A tier accepts an asset as collateral, or takes other terms for it. */
import { ACCEPT_COLLATERAL } from "../../domain/commands.ts";
import { word } from "../../domain/frame.ts";
import { QUOTE_ASSET } from "../../domain/limits.ts";
import type { OutcomeCode } from "../../domain/refusals.ts";
import { COLLATERAL } from "../../domain/rows/tier.ts";
import { ASSET } from "../../domain/rows/vault.ts";
import type { TierShard } from "../../domain/tierShard.ts";
import { noteAllUnsettled } from "../../domain/unsettled.ts";
import type { Venue } from "../../domain/venue.ts";
import { isAsset } from "./lookUp.ts";

const { at } = ACCEPT_COLLATERAL;

/** Tells the rest of an `acceptCollateral`, given in `frame`. */
export function takeCollateral(venue: Venue, tier: TierShard, frame: Float64Array): OutcomeCode {
  const { vault } = venue;
  const asset = word(frame, at.asset);
  if (!isAsset(venue, asset)) return venue.refuse("asset_unknown", asset);
  if (asset === QUOTE_ASSET) return venue.refuse("collateral_is_quote", asset);
  const initial = word(frame, at.initialWeight);
  const maintenance = word(frame, at.maintenanceWeight);
  if (initial > maintenance) return venue.refuse("weight_order", initial, maintenance);

  const { arena } = tier;
  const row = tier.collateral(asset);
  arena.setInt(row, COLLATERAL.accepted, 1);
  arena.setInt(row, COLLATERAL.initialWeight, initial);
  arena.setInt(row, COLLATERAL.maintenanceWeight, maintenance);
  arena.setNum(row, COLLATERAL.scale, vault.arena.num(vault.asset(asset), ASSET.scale));
  arena.setNum(row, COLLATERAL.cap, word(frame, at.cap));
  noteAllUnsettled(tier);
  return venue.accept();
}
