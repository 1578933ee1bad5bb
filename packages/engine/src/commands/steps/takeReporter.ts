/** Somebody may report prices under a number from now on, or no longer. */
import { REGISTER_REPORTER } from "../../domain/commands.ts";
import { word } from "../../domain/frame.ts";
import type { OutcomeCode } from "../../domain/refusals.ts";
import { FEED, REPORTER } from "../../domain/rows/oracle.ts";
import type { TierShard } from "../../domain/tierShard.ts";
import type { Venue } from "../../domain/venue.ts";
import { refreshCost, refreshLimits } from "../../oracle/manipulation.ts";
import { forgetReporter } from "../../oracle/reports.ts";

const { at } = REGISTER_REPORTER;

/** Carries out a `registerReporter`, given in `frame`. */
export function takeReporter(venue: Venue, tier: TierShard, frame: Float64Array): OutcomeCode {
  const { arena } = tier;
  const reporter = word(frame, at.reporter);
  const row = tier.reporter(reporter);
  const operator = word(frame, at.operator);
  const weight = word(frame, at.weight);
  if (weight === 0 || operator !== arena.int(row, REPORTER.operator)) forgetReporter(tier, reporter);
  arena.setInt(row, REPORTER.operator, weight === 0 ? 0 : operator);
  arena.setInt(row, REPORTER.weight, weight);
  for (let feed = 1; feed <= tier.feeds; feed++) {
    if ((arena.int(tier.feed(feed), FEED.reporters) & (1 << (reporter - 1))) !== 0) refreshCost(tier, feed);
  }
  refreshLimits(tier);
  return venue.accept();
}
