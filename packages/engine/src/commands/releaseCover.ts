/** A policy that has ended goes, and its provider gets back what is left in escrow. What he owes for defaults he still owes. */
import { negate } from "../kernel/checked.ts";
import { NONE } from "../kernel/units.ts";
import { RELEASE_COVER } from "../domain/commands.ts";
import { isCover } from "../domain/covers.ts";
import { EVENTS } from "../domain/events.ts";
import { word } from "../domain/frame.ts";
import type { OutcomeCode } from "../domain/refusals.ts";
import { COVER } from "../domain/rows/losses.ts";
import { TIER } from "../domain/rows/tier.ts";
import type { Venue } from "../domain/venue.ts";
import { enterTier } from "./steps/lookUp.ts";
import { payOutOfTier } from "./steps/payTier.ts";

const { at } = RELEASE_COVER;

export function releaseCover(venue: Venue): OutcomeCode {
  const { command, now } = venue;
  const tierId = word(command, at.tier);
  const tier = enterTier(venue, tierId);
  if (tier === undefined) return venue.refuse("tier_unknown", tierId);
  const number = word(command, at.cover);
  if (!isCover(tier, number)) return venue.refuse("cover_unknown", number);
  const { arena, row } = tier;
  const cover = tier.cover(number);
  const expiry = arena.num(cover, COVER.expiry);
  if (now < expiry) return venue.refuse("cover_in_force", expiry, now);

  const account = arena.int(cover, COVER.account);
  const escrow = arena.num(cover, COVER.escrow);
  arena.setInt(cover, COVER.account, 0);
  for (const column of [COVER.attachment, COVER.limit, COVER.escrow]) arena.setNum(cover, column, NONE);
  arena.setNum(cover, COVER.expiry, NONE);
  if (escrow > 0) {
    arena.addNum(row, TIER.escrow, negate(escrow));
    payOutOfTier(venue, tier, account, escrow);
  }
  venue.events.emit(EVENTS.coverReleased.code, number, account, escrow);
  return venue.accept(escrow);
}
