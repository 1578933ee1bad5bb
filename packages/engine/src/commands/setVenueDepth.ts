/**
 * Say how deep the venue is where a reporter looks at a price, and what arbitrage brings against whoever pushes it. From all of them follows
 * what it costs to move the price, and with that how much may ride on it.
 */
import { FEED_KIND, SET_VENUE_DEPTH } from "../domain/commands.ts";
import { word } from "../domain/frame.ts";
import { ACCEPTED, type OutcomeCode } from "../domain/refusals.ts";
import { FEED, REPORTER, SOURCE } from "../domain/rows/oracle.ts";
import type { Venue } from "../domain/venue.ts";
import { refreshCost, refreshLimit } from "../oracle/manipulation.ts";
import { enterFeed } from "./steps/enterFeed.ts";
import { enterTier } from "./steps/lookUp.ts";

const { at } = SET_VENUE_DEPTH;

export function setVenueDepth(venue: Venue): OutcomeCode {
  const { command } = venue;
  const tier = enterTier(venue, word(command, at.tier));
  if (tier === undefined) return venue.refuse("tier_unknown", word(command, at.tier));
  const kind = word(command, at.feedKind);
  const id = word(command, at.id);
  const barred = enterFeed(venue, tier, kind, id);
  if (barred !== ACCEPTED) return barred;
  const { arena } = tier;
  const reporter = word(command, at.reporter);
  if (arena.int(tier.reporter(reporter), REPORTER.weight) === 0)
    return venue.refuse("reporter_unknown", reporter);

  const feed = tier.feedOf(kind, id);
  const source = tier.source(feed, reporter);
  arena.setNum(source, SOURCE.depth, word(command, at.depth));
  arena.setNum(source, SOURCE.flow, word(command, at.flow));
  refreshCost(tier, feed);
  if (kind === FEED_KIND.market) refreshLimit(tier, tier.listedMarket(id));
  return venue.accept(arena.num(tier.feed(feed), FEED.manipulationCost));
}
