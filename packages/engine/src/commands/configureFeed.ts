/**
 * Say how a price is put together from reports: who is asked, how many must agree, how old, unsure or far apart they may be. From then on
 * no operator sets the price, until a quorum of 0 gives it back.
 */
import { CONFIGURE_FEED } from "../domain/commands.ts";
import { word } from "../domain/frame.ts";
import { MAX_REPORTERS } from "../domain/limits.ts";
import { ACCEPTED, type OutcomeCode } from "../domain/refusals.ts";
import { FEED, REPORTER } from "../domain/rows.ts";
import type { TierShard } from "../domain/tierShard.ts";
import { noteAllUnsettled } from "../domain/unsettled.ts";
import type { Venue } from "../domain/venue.ts";
import { advanceFeed, forgetFeed } from "../oracle/advance.ts";
import { refreshCost } from "../oracle/manipulation.ts";
import { enterTier } from "./steps/lookUp.ts";
import { enterFeed } from "./steps/enterFeed.ts";
import { publishFeed, releaseFeed } from "./steps/publishFeed.ts";

const { at } = CONFIGURE_FEED;

export function configureFeed(venue: Venue): OutcomeCode {
  const { command } = venue;
  const tier = enterTier(venue, word(command, at.tier));
  if (tier === undefined) return venue.refuse("tier_unknown", word(command, at.tier));
  const kind = word(command, at.feedKind);
  const id = word(command, at.id);
  const barred = enterFeed(venue, tier, kind, id);
  if (barred !== ACCEPTED) return barred;
  const staleAfter = word(command, at.staleAfter);
  const deadAfter = word(command, at.deadAfter);
  if (staleAfter > deadAfter) return venue.refuse("feed_ages_conflict", staleAfter, deadAfter);
  const quorum = word(command, at.quorum);
  const operators = operatorsAmong(tier, word(command, at.reporters));
  if (quorum > operators) return venue.refuse("quorum_unreachable", quorum, operators);

  write(venue, tier, tier.feedOf(kind, id));
  refreshCost(tier, tier.feedOf(kind, id));
  if (quorum === 0) {
    forgetFeed(tier, tier.feedOf(kind, id));
    releaseFeed(venue, tier, kind, id);
  } else publishFeed(venue, tier, kind, id, advanceFeed);
  // The mark may have moved; whom that endangers is measured at the next price or tick, when waiting orders fire.
  noteAllUnsettled(tier);
  return venue.accept(tier.arena.int(tier.feed(tier.feedOf(kind, id)), FEED.quality));
}

/** Different operators among the registered reporters of a mask. */
function operatorsAmong(tier: TierShard, mask: number): number {
  const { arena } = tier;
  const isAsked = (reporter: number): boolean =>
    (mask & (1 << (reporter - 1))) !== 0 && arena.int(tier.reporter(reporter), REPORTER.weight) > 0;
  const operatorOf = (reporter: number): number => arena.int(tier.reporter(reporter), REPORTER.operator);
  let found = 0;
  for (let reporter = 1; reporter <= MAX_REPORTERS; reporter++) {
    if (!isAsked(reporter)) continue;
    let isFirst = true;
    for (let other = 1; other < reporter; other++) {
      if (isAsked(other) && operatorOf(other) === operatorOf(reporter)) isFirst = false;
    }
    if (isFirst) found++;
  }
  return found;
}

function write(venue: Venue, tier: TierShard, feed: number): void {
  const { command } = venue;
  const { arena } = tier;
  const row = tier.feed(feed);
  arena.setInt(row, FEED.reporters, word(command, at.reporters));
  arena.setInt(row, FEED.quorum, word(command, at.quorum));
  arena.setInt(row, FEED.sigma, word(command, at.sigma));
  arena.setInt(row, FEED.staleAfter, word(command, at.staleAfter));
  arena.setInt(row, FEED.deadAfter, word(command, at.deadAfter));
  arena.setInt(row, FEED.halfLife, word(command, at.halfLife));
  arena.setInt(row, FEED.maxConfidence, word(command, at.maxConfidence));
  arena.setInt(row, FEED.jump, word(command, at.jump));
  arena.setInt(row, FEED.deviation, word(command, at.deviation));
  arena.setInt(row, FEED.divergence, word(command, at.divergence));
  arena.setInt(row, FEED.frozenAfter, word(command, at.frozenAfter));
  arena.setNum(row, FEED.floor, word(command, at.floor));
}
