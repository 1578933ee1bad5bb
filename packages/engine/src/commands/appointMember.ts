/** Appoint a member of a shard's governance, or take the roles away, while the shard is being set up; later it takes a proposal. */
import { APPOINT_MEMBER } from "../domain/commands.ts";
import { EVENTS } from "../domain/events.ts";
import { word } from "../domain/frame.ts";
import { isSealed } from "../domain/governance.ts";
import type { OutcomeCode } from "../domain/refusals.ts";
import type { Venue } from "../domain/venue.ts";
import { appoint } from "../governance/members.ts";
import { enterShard } from "./steps/lookUp.ts";

const { at } = APPOINT_MEMBER;

export function appointMember(venue: Venue): OutcomeCode {
  const { command } = venue;
  const tier = word(command, at.tier);
  const shard = enterShard(venue, tier);
  if (shard === undefined) return venue.refuse("tier_unknown", tier);
  if (isSealed(shard)) return venue.refuse("governance_required", tier);

  const member = word(command, at.member);
  const roles = word(command, at.roles);
  const before = appoint(shard, member, roles);
  venue.events.emit(EVENTS.memberAppointed.code, tier, member, roles);
  return venue.accept(before);
}
