/** The vault's own reference price of an asset, by which the throttle weighs what leaves. It is no tier's price and margins nobody. */
import { UPDATE_VAULT_PRICE } from "../domain/commands.ts";
import { word } from "../domain/frame.ts";
import { QUOTE_ASSET } from "../domain/limits.ts";
import type { OutcomeCode } from "../domain/refusals.ts";
import { OUTFLOW } from "../domain/rows/throttle.ts";
import type { Venue } from "../domain/venue.ts";
import { refillWindows } from "../vault/windows.ts";
import { isAsset } from "./steps/lookUp.ts";

const { at } = UPDATE_VAULT_PRICE;

export function updateVaultPrice(venue: Venue): OutcomeCode {
  const { command, vault, now } = venue;
  const asset = word(command, at.asset);
  if (!isAsset(venue, asset)) return venue.refuse("asset_unknown", asset);
  if (asset === QUOTE_ASSET) return venue.refuse("vault_price_is_fixed", asset);

  const row = vault.outflow(asset);
  const previous = vault.arena.num(row, OUTFLOW.price);
  refillWindows(vault, now);
  vault.arena.setNum(row, OUTFLOW.price, word(command, at.price));
  refillWindows(vault, now);
  return venue.accept(previous);
}
