/**
 * A tier gets a policy of purchased cover: of a default's deficit it bears the part beyond its attachment, up to its limit. What its
 * provider pays in ahead is there at once when it is needed; the rest is a claim. The premium is no matter of the engine's.
 */
import { quoteAsCash } from "../kernel/value.ts";
import { REGISTER_COVER } from "../domain/commands.ts";
import { freeCover } from "../domain/covers.ts";
import { EVENTS } from "../domain/events.ts";
import { word } from "../domain/frame.ts";
import { MAX_COVERS, QUOTE_ASSET } from "../domain/limits.ts";
import type { OutcomeCode } from "../domain/refusals.ts";
import { COVER } from "../domain/rows/losses.ts";
import { TIER } from "../domain/rows/tier.ts";
import type { Venue } from "../domain/venue.ts";
import { balanceOf } from "../vault/ledger.ts";
import { enterTier, isAccount } from "./steps/lookUp.ts";
import { payIntoTier } from "./steps/payTier.ts";

const { at } = REGISTER_COVER;

export function registerCover(venue: Venue): OutcomeCode {
  const { command, vault, now } = venue;
  const tierId = word(command, at.tier);
  const tier = enterTier(venue, tierId);
  if (tier === undefined) return venue.refuse("tier_unknown", tierId);
  const account = word(command, at.account);
  if (!isAccount(venue, account)) return venue.refuse("account_unknown", account);
  const expiry = word(command, at.expiry);
  if (expiry <= now) return venue.refuse("cover_expired", expiry, now);
  const escrow = word(command, at.escrow);
  const limit = word(command, at.limit);
  if (quoteAsCash(escrow) > limit) return venue.refuse("escrow_above_limit", escrow, limit);
  const balance = vault.assetCount < QUOTE_ASSET ? 0 : balanceOf(vault, account, QUOTE_ASSET);
  if (escrow > balance) return venue.refuse("balance_insufficient", balance, escrow);
  const number = freeCover(tier);
  if (number === 0) return venue.refuse("cover_capacity_reached", MAX_COVERS);

  const { arena, row } = tier;
  const cover = tier.cover(number);
  const attachment = word(command, at.attachment);
  arena.setInt(cover, COVER.account, account);
  arena.setNum(cover, COVER.attachment, attachment);
  arena.setNum(cover, COVER.limit, limit);
  arena.setNum(cover, COVER.expiry, expiry);
  if (escrow > 0) {
    const paid = payIntoTier(venue, tier, account, escrow);
    arena.setNum(cover, COVER.escrow, paid);
    arena.addNum(row, TIER.escrow, paid);
  }
  venue.events.emit(EVENTS.coverRegistered.code, number, account, attachment, limit, escrow, expiry);
  return venue.accept(number);
}
