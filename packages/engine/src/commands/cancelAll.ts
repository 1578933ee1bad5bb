/** Cancel all open orders of a bucket, in one market or in all. */
import { NIL } from "../kernel/arena.ts";
import { CANCEL_ALL } from "../domain/commands.ts";
import { REASON } from "../domain/events.ts";
import { word } from "../domain/frame.ts";
import type { OutcomeCode } from "../domain/refusals.ts";
import { BUCKET } from "../domain/rows/bucket.ts";
import type { Venue } from "../domain/venue.ts";
import { bucketOf, enterMarket, enterTier, isAccount } from "./steps/lookUp.ts";
import { removeBucketOrders } from "./steps/removeBucketOrders.ts";

const { at } = CANCEL_ALL;

export function cancelAll(venue: Venue): OutcomeCode {
  const { command } = venue;
  const tier = enterTier(venue, word(command, at.tier));
  if (tier === undefined) return venue.refuse("tier_unknown", word(command, at.tier));
  const account = word(command, at.account);
  if (!isAccount(venue, account)) return venue.refuse("account_unknown", account);
  const bucketId = word(command, at.bucket);
  const bucket = bucketOf(tier, bucketId);
  if (bucket === NIL) return venue.refuse("bucket_unknown", bucketId);
  const owner = tier.arena.int(bucket, BUCKET.account);
  if (owner !== account) return venue.refuse("bucket_not_owned", bucketId, owner);
  const market = word(command, at.market);
  if (market !== 0 && enterMarket(venue, tier, market) === undefined)
    return venue.refuse("market_unknown", market);

  return venue.accept(removeBucketOrders(venue, tier, bucket, market, REASON.cancelled));
}
