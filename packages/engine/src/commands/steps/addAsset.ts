/** An asset is listed that the vault can hold. The first one is the quote currency and counts micro-dollars. */
import { LIST_ASSET } from "../../domain/commands.ts";
import { word } from "../../domain/frame.ts";
import { MAX_ASSETS, QUOTE_ASSET } from "../../domain/limits.ts";
import type { OutcomeCode } from "../../domain/refusals.ts";
import { ASSET, VAULT } from "../../domain/rows/vault.ts";
import type { Venue } from "../../domain/venue.ts";

const { at } = LIST_ASSET;
const QUOTE_SCALE = 1_000_000;

/** Tells the rest of a `listAsset`, given in `frame`. */
export function addAsset(venue: Venue, frame: Float64Array): OutcomeCode {
  const { vault } = venue;
  const scale = word(frame, at.scale);
  const asset = vault.assetCount + 1;
  if (asset > MAX_ASSETS) return venue.refuse("asset_capacity_reached", MAX_ASSETS);
  if (asset === QUOTE_ASSET && scale !== QUOTE_SCALE)
    return venue.refuse("quote_asset_scale", scale, QUOTE_SCALE);

  vault.arena.setNum(vault.asset(asset), ASSET.scale, scale);
  vault.arena.setInt(vault.row, VAULT.assets, asset);
  return venue.accept(asset);
}
