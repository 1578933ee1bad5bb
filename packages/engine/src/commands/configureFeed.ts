/**
 * Say how a price is put together from reports: who is asked, how many must agree, how old, unsure or far apart they may be. From then on
 * no operator sets the price, until a quorum of 0 gives it back.
 */
import { CONFIGURE_FEED } from "../domain/commands.ts";
import { word } from "../domain/frame.ts";
import { isSealed } from "../domain/governance.ts";
import type { OutcomeCode } from "../domain/refusals.ts";
import type { Venue } from "../domain/venue.ts";
import { enterTier } from "./steps/lookUp.ts";
import { takeFeed } from "./steps/takeFeed.ts";

const { at } = CONFIGURE_FEED;

export function configureFeed(venue: Venue): OutcomeCode {
  const { command } = venue;
  const tierId = word(command, at.tier);
  const tier = enterTier(venue, tierId);
  if (tier === undefined) return venue.refuse("tier_unknown", tierId);
  if (isSealed(tier)) return venue.refuse("governance_required", tierId);
  return takeFeed(venue, tier, command);
}
