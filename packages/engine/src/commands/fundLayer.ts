/** Somebody pays settled balance into a layer of the waterfall: a tier's own, or one of the venue's. */
import { FUND_LAYER } from "../domain/commands.ts";
import { EVENTS } from "../domain/events.ts";
import { word } from "../domain/frame.ts";
import { QUOTE_ASSET } from "../domain/limits.ts";
import type { OutcomeCode } from "../domain/refusals.ts";
import { TIER } from "../domain/rows/tier.ts";
import type { Venue } from "../domain/venue.ts";
import { type Guarantee, MUTUAL_FUND, SECOND_TRANCHE, contribute } from "../vault/guarantee.ts";
import { LEDGER, balanceOf, debitOwner } from "../vault/ledger.ts";
import { enterTier, isAccount } from "./steps/lookUp.ts";
import { emitMoved } from "./steps/moveBalance.ts";
import { payIntoTier } from "./steps/payTier.ts";

const { at } = FUND_LAYER;

/** Layers of a tier, and of the venue, by number. */
const OF_TIER: ReadonlyMap<number, typeof TIER.skin> = new Map([
  [1, TIER.skin],
  [2, TIER.insurance],
]);
const OF_VENUE: ReadonlyMap<number, Guarantee> = new Map([
  [SECOND_TRANCHE.layer, SECOND_TRANCHE],
  [MUTUAL_FUND.layer, MUTUAL_FUND],
]);

export function fundLayer(venue: Venue): OutcomeCode {
  const { command, vault } = venue;
  const layer = word(command, at.layer);
  const tierId = word(command, at.tier);
  const cell = OF_TIER.get(layer);
  const guarantee = OF_VENUE.get(layer);
  const isThere = tierId === 0 ? guarantee !== undefined : cell !== undefined;
  if (!isThere) return venue.refuse("layer_unknown", layer, tierId);
  const tier = tierId === 0 ? undefined : enterTier(venue, tierId);
  if (tierId !== 0 && tier === undefined) return venue.refuse("tier_unknown", tierId);
  const account = word(command, at.account);
  if (!isAccount(venue, account)) return venue.refuse("account_unknown", account);
  const amount = word(command, at.amount);
  const balance = vault.assetCount < QUOTE_ASSET ? 0 : balanceOf(vault, account, QUOTE_ASSET);
  if (amount > balance) return venue.refuse("balance_insufficient", balance, amount);

  let held = 0;
  if (tier !== undefined && cell !== undefined) {
    tier.arena.addNum(tier.row, cell, payIntoTier(venue, tier, account, amount));
    held = tier.arena.num(tier.row, cell);
  } else if (guarantee !== undefined) {
    debitOwner(vault, account, QUOTE_ASSET, amount);
    held = contribute(vault, guarantee, amount);
    emitMoved(venue, QUOTE_ASSET, amount, LEDGER.owner + account, guarantee.ledger);
  }
  venue.events.emit(EVENTS.layerFunded.code, layer, account, amount, held);
  return venue.accept(held);
}
