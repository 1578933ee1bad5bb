/** The cross bucket of an account becomes the tier's backstop: it takes over positions nobody else wants, within its caps. */
import { NIL } from "../kernel/arena.ts";
import { find } from "../kernel/pairIndex.ts";
import { numberOf } from "../kernel/pool.ts";
import { APPOINT_BACKSTOP } from "../domain/commands.ts";
import { word } from "../domain/frame.ts";
import type { OutcomeCode } from "../domain/refusals.ts";
import { TIER } from "../domain/rows.ts";
import type { Venue } from "../domain/venue.ts";
import { enterTier, isAccount } from "./steps/lookUp.ts";

const { at } = APPOINT_BACKSTOP;

export function appointBackstop(venue: Venue): OutcomeCode {
  const { command } = venue;
  const tier = enterTier(venue, word(command, at.tier));
  if (tier === undefined) return venue.refuse("tier_unknown", word(command, at.tier));
  const account = word(command, at.account);
  if (!isAccount(venue, account)) return venue.refuse("account_unknown", account);
  const { arena } = tier;
  const bucket = find(arena, tier.bucketIndex, account, 0);
  if (bucket === NIL) return venue.refuse("bucket_unknown", 0);

  const id = numberOf(tier.buckets, bucket);
  arena.setInt(tier.row, TIER.backstop, id);
  return venue.accept(id);
}
