/** The terms on which a fund is owned in shares: how long leaving takes, what must stay, how much it may take of fees. */
import { SET_FUND_TERMS } from "../domain/commands.ts";
import { word } from "../domain/frame.ts";
import { isSealed } from "../domain/governance.ts";
import type { OutcomeCode } from "../domain/refusals.ts";
import type { Venue } from "../domain/venue.ts";
import { enterShard, enterTier } from "./steps/lookUp.ts";
import { takeFundTerms } from "./steps/takeFundTerms.ts";

const { at } = SET_FUND_TERMS;

export function setFundTerms(venue: Venue): OutcomeCode {
  const { command } = venue;
  const tierId = word(command, at.tier);
  const shard = enterShard(venue, tierId);
  if (shard === undefined) return venue.refuse("tier_unknown", tierId);
  if (isSealed(shard)) return venue.refuse("governance_required", tierId);
  return takeFundTerms(venue, tierId === 0 ? undefined : enterTier(venue, tierId), command);
}
