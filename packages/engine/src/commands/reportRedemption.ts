/**
 * A reporter tells what an asset redeems for now. The ratio may drift by a share of itself per day and no faster: whoever can say anything
 * can still move it by next to nothing.
 */
import { compareProducts, mulDivFloor } from "../kernel/mulDiv.ts";
import { FEED_KIND, REPORT_REDEMPTION } from "../domain/commands.ts";
import { word } from "../domain/frame.ts";
import { MAX_CLOCK_SKEW, PPM_ONE } from "../domain/limits.ts";
import { ACCEPTED, type OutcomeCode } from "../domain/refusals.ts";
import { REDEMPTION, REPORTER } from "../domain/rows/oracle.ts";
import { COLLATERAL } from "../domain/rows/tier.ts";
import type { TierShard } from "../domain/tierShard.ts";
import type { Venue } from "../domain/venue.ts";
import { priceCollateral } from "../oracle/collateralPrice.ts";
import { enterFeed } from "./steps/enterFeed.ts";
import { enterTier } from "./steps/lookUp.ts";
import { watchPrices } from "./steps/watchPrices.ts";

const { at } = REPORT_REDEMPTION;
const DAY = 86_400_000;

export function reportRedemption(venue: Venue): OutcomeCode {
  const { command } = venue;
  const tier = enterTier(venue, word(command, at.tier));
  if (tier === undefined) return venue.refuse("tier_unknown", word(command, at.tier));
  const asset = word(command, at.asset);
  const refusal = enterFeed(venue, tier, FEED_KIND.collateral, asset) || checkReport(venue, tier);
  if (refusal !== ACCEPTED) return refusal;

  const { arena } = tier;
  const row = tier.redemption(asset);
  arena.setNum(row, REDEMPTION.ratio, word(command, at.ratio));
  arena.setNum(row, REDEMPTION.publishedAt, word(command, at.publishedAt));
  arena.setNum(row, REDEMPTION.receivedAt, venue.now);
  arena.setNum(row, REDEMPTION.sequence, word(command, at.sequence));
  priceCollateral(tier, asset, venue.now);
  watchPrices(tier);
  const terms = tier.collateral(asset);
  return venue.accept(arena.num(terms, COLLATERAL.price), arena.num(terms, COLLATERAL.initialPrice));
}

function checkReport(venue: Venue, tier: TierShard): OutcomeCode {
  const { command, now } = venue;
  const { arena } = tier;
  const asset = word(command, at.asset);
  const row = tier.redemption(asset);
  if (arena.int(row, REDEMPTION.basis) === 0) return venue.refuse("redemption_not_configured", asset);
  const reporter = word(command, at.reporter);
  if (arena.int(tier.reporter(reporter), REPORTER.weight) === 0)
    return venue.refuse("reporter_unknown", reporter);
  const sequence = word(command, at.sequence);
  const last = arena.num(row, REDEMPTION.sequence);
  if (sequence <= last) return venue.refuse("report_out_of_sequence", sequence, last);
  const publishedAt = word(command, at.publishedAt);
  if (publishedAt > now + MAX_CLOCK_SKEW) return venue.refuse("report_from_future", publishedAt, now);
  const seenAt = arena.num(row, REDEMPTION.publishedAt);
  if (publishedAt < seenAt) return venue.refuse("report_before_last", publishedAt, seenAt);
  const maxAge = arena.int(row, REDEMPTION.maxAge);
  if (now - publishedAt > maxAge) return venue.refuse("report_too_old", now - publishedAt, maxAge);
  return checkDrift(venue, tier);
}

/** |ratio − last| ≤ last·dailyStep·days, a day at most; the first ratio may be any. */
function checkDrift(venue: Venue, tier: TierShard): OutcomeCode {
  const { command, now } = venue;
  const { arena } = tier;
  const row = tier.redemption(word(command, at.asset));
  const ratio = word(command, at.ratio);
  const last = arena.num(row, REDEMPTION.ratio);
  if (last === 0) return ACCEPTED;
  const time = Math.min(DAY, now - arena.num(row, REDEMPTION.receivedAt));
  const step = mulDivFloor(arena.int(row, REDEMPTION.dailyStep), time, DAY);
  if (compareProducts(Math.abs(ratio - last), PPM_ONE, last, step) <= 0) return ACCEPTED;
  return venue.refuse("redemption_jumped", ratio, last, step);
}
