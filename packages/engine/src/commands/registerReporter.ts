/**
 * Register who may report prices to a tier under a number, who runs it, and how much its word weighs; or remove it. When somebody else
 * takes a number, what was reported under it is forgotten.
 */
import { REGISTER_REPORTER } from "../domain/commands.ts";
import { word } from "../domain/frame.ts";
import type { OutcomeCode } from "../domain/refusals.ts";
import { FEED, REPORTER } from "../domain/rows.ts";
import type { Venue } from "../domain/venue.ts";
import { refreshCost, refreshLimits } from "../oracle/manipulation.ts";
import { forgetReporter } from "../oracle/reports.ts";
import { enterTier } from "./steps/lookUp.ts";

const { at } = REGISTER_REPORTER;

export function registerReporter(venue: Venue): OutcomeCode {
  const { command } = venue;
  const tier = enterTier(venue, word(command, at.tier));
  if (tier === undefined) return venue.refuse("tier_unknown", word(command, at.tier));

  const { arena } = tier;
  const reporter = word(command, at.reporter);
  const row = tier.reporter(reporter);
  const operator = word(command, at.operator);
  const weight = word(command, at.weight);
  if (weight === 0 || operator !== arena.int(row, REPORTER.operator)) forgetReporter(tier, reporter);
  arena.setInt(row, REPORTER.operator, weight === 0 ? 0 : operator);
  arena.setInt(row, REPORTER.weight, weight);
  for (let feed = 1; feed <= tier.feeds; feed++) {
    if ((arena.int(tier.feed(feed), FEED.reporters) & (1 << (reporter - 1))) !== 0) refreshCost(tier, feed);
  }
  refreshLimits(tier);
  return venue.accept();
}
