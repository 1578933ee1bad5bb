/** An account's cross bucket is the tier's backstop from now on. */
import { NIL } from "../../kernel/arena.ts";
import { find } from "../../kernel/pairIndex.ts";
import { numberOf } from "../../kernel/pool.ts";
import { APPOINT_BACKSTOP } from "../../domain/commands.ts";
import { word } from "../../domain/frame.ts";
import type { OutcomeCode } from "../../domain/refusals.ts";
import { TIER } from "../../domain/rows/tier.ts";
import type { TierShard } from "../../domain/tierShard.ts";
import type { Venue } from "../../domain/venue.ts";
import { isOwnedInShares, sharesOfBackstop } from "./backstopFund.ts";
import { forgetTakeovers } from "./backstopRoom.ts";
import { isAccount } from "./lookUp.ts";

const { at } = APPOINT_BACKSTOP;

/** Carries out a `appointBackstop`, given in `frame`. */
export function takeBackstop(venue: Venue, tier: TierShard, frame: Float64Array): OutcomeCode {
  const account = word(frame, at.account);
  if (!isAccount(venue, account)) return venue.refuse("account_unknown", account);
  const { arena } = tier;
  const bucket = find(arena, tier.bucketIndex, account, 0);
  if (bucket === NIL) return venue.refuse("bucket_unknown", 0);

  const id = numberOf(tier.buckets, bucket);
  const present = arena.int(tier.row, TIER.backstop);
  if (present !== id && isOwnedInShares(tier))
    return venue.refuse("backstop_shared", present, sharesOfBackstop(tier));
  if (present !== id) forgetTakeovers(tier);
  arena.setInt(tier.row, TIER.backstop, id);
  return venue.accept(id);
}
