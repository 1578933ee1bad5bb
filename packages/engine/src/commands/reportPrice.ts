/**
 * A reporter tells a price. It counts at once, or is held back if it leaps and nobody else has said so; the price that all reporters
 * together make of it is published, what waited for it fires, and whom it endangers is liquidated. The signature was verified at the gateway.
 */
import { mulDivFloor } from "../kernel/mulDiv.ts";
import { POINTS_PER_TICK } from "../kernel/points.ts";
import { FEED_KIND, REPORT_PRICE } from "../domain/commands.ts";
import { word } from "../domain/frame.ts";
import { MAX_CLOCK_SKEW, PPM_ONE } from "../domain/limits.ts";
import { SOURCE_STATE } from "../domain/permits.ts";
import { ACCEPTED, type OutcomeCode } from "../domain/refusals.ts";
import { FEED, REPORTER, SOURCE } from "../domain/rows/oracle.ts";
import type { TierShard } from "../domain/tierShard.ts";
import type { Venue } from "../domain/venue.ts";
import { advanceByReport } from "../oracle/advance.ts";
import { holdReport, jumps, releaseHeld, takeReport } from "../oracle/reports.ts";
import { enterFeed } from "./steps/enterFeed.ts";
import { enterTier } from "./steps/lookUp.ts";
import { followMark } from "./steps/moveMark.ts";
import { publishFeed } from "./steps/publishFeed.ts";

const { at } = REPORT_PRICE;

export function reportPrice(venue: Venue): OutcomeCode {
  const { command } = venue;
  const tier = enterTier(venue, word(command, at.tier));
  if (tier === undefined) return venue.refuse("tier_unknown", word(command, at.tier));
  const kind = word(command, at.feedKind);
  const id = word(command, at.id);
  const refusal = enterFeed(venue, tier, kind, id) || checkReporter(venue, tier) || checkReport(venue, tier);
  if (refusal !== ACCEPTED) return refusal;

  const { arena } = tier;
  const feed = tier.feedOf(kind, id);
  const row = tier.feed(feed);
  const source = tier.source(feed, word(command, at.reporter));
  arena.setNum(source, SOURCE.sequence, word(command, at.sequence));
  arena.setNum(source, SOURCE.seenAt, word(command, at.publishedAt));
  const isTaken = hear(venue, tier, feed);
  publishFeed(venue, tier, kind, id, advanceByReport);
  const triggered = kind === FEED_KIND.market ? followMark(venue, tier, tier.listedMarket(id)).triggered : 0;
  return venue.accept(
    isTaken ? arena.int(source, SOURCE.state) : SOURCE_STATE.held,
    arena.num(row, FEED.price),
    arena.int(row, FEED.quality),
    triggered,
  );
}

/** The price is asked for, and of this reporter. */
function checkReporter(venue: Venue, tier: TierShard): OutcomeCode {
  const { command } = venue;
  const { arena } = tier;
  const kind = word(command, at.feedKind);
  const id = word(command, at.id);
  const row = tier.feed(tier.feedOf(kind, id));
  if (arena.int(row, FEED.quorum) === 0) return venue.refuse("feed_not_configured", kind, id);
  const reporter = word(command, at.reporter);
  if (arena.int(tier.reporter(reporter), REPORTER.weight) === 0)
    return venue.refuse("reporter_unknown", reporter);
  const mask = arena.int(row, FEED.reporters);
  if ((mask & (1 << (reporter - 1))) === 0) return venue.refuse("reporter_not_of_feed", reporter, mask);
  return ACCEPTED;
}

/** The report is new, of now, and says something. */
function checkReport(venue: Venue, tier: TierShard): OutcomeCode {
  const { command, now } = venue;
  const { arena } = tier;
  const feed = tier.feedOf(word(command, at.feedKind), word(command, at.id));
  const row = tier.feed(feed);
  const source = tier.source(feed, word(command, at.reporter));
  const sequence = word(command, at.sequence);
  const last = arena.num(source, SOURCE.sequence);
  if (sequence <= last) return venue.refuse("report_out_of_sequence", sequence, last);
  const publishedAt = word(command, at.publishedAt);
  if (publishedAt > now + MAX_CLOCK_SKEW) return venue.refuse("report_from_future", publishedAt, now);
  const seenAt = arena.num(source, SOURCE.seenAt);
  if (publishedAt < seenAt) return venue.refuse("report_before_last", publishedAt, seenAt);
  const deadAfter = arena.int(row, FEED.deadAfter);
  if (now - publishedAt > deadAfter) return venue.refuse("report_too_old", now - publishedAt, deadAfter);
  const price = word(command, at.price);
  const highest = highestPrice(venue, tier);
  if (price > highest) return venue.refuse("price_outside_range", price, highest);
  const floor = arena.num(row, FEED.floor);
  if (price <= floor) return venue.refuse("price_at_floor", price, floor);
  const confidence = word(command, at.confidence);
  const allowed = mulDivFloor(price, arena.int(row, FEED.maxConfidence), PPM_ONE);
  if (confidence > allowed) return venue.refuse("report_too_uncertain", confidence, allowed);
  return ACCEPTED;
}

/** The highest price that can be told: just below the tick beyond a market's range; for collateral, any. */
function highestPrice({ command }: Venue, tier: TierShard): number {
  if (word(command, at.feedKind) === FEED_KIND.collateral) return REPORT_PRICE.fields.price.max;
  return tier.listedMarket(word(command, at.id)).highest * POINTS_PER_TICK + POINTS_PER_TICK - 1;
}

/** Takes the report, or holds it back; a held one may be the one that frees all. @returns whether it was taken */
function hear(venue: Venue, tier: TierShard, feed: number): boolean {
  const { command, now } = venue;
  const reporter = word(command, at.reporter);
  const price = word(command, at.price);
  const confidence = word(command, at.confidence);
  const publishedAt = word(command, at.publishedAt);
  if (!jumps(tier, feed, reporter, price, now)) {
    takeReport(tier, feed, reporter, price, confidence, publishedAt, now);
    return true;
  }
  holdReport(tier, feed, reporter, price, confidence, publishedAt, now);
  return releaseHeld(tier, feed, price, now);
}
