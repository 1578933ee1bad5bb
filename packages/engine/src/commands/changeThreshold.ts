/** Change how many approvals a proposal takes and how long it waits. It is never done directly: a proposal carries it. */
import { CHANGE_THRESHOLD } from "../domain/commands.ts";
import { word } from "../domain/frame.ts";
import { isSealed } from "../domain/governance.ts";
import type { OutcomeCode } from "../domain/refusals.ts";
import type { Venue } from "../domain/venue.ts";
import { enterShard } from "./steps/lookUp.ts";

const { at } = CHANGE_THRESHOLD;

export function changeThreshold(venue: Venue): OutcomeCode {
  const tier = word(venue.command, at.tier);
  const shard = enterShard(venue, tier);
  if (shard === undefined) return venue.refuse("tier_unknown", tier);
  return venue.refuse(isSealed(shard) ? "governance_required" : "governance_not_sealed", tier);
}
