/** A price is put together from reports from now on, or an operator's again. */
import { CONFIGURE_FEED } from "../../domain/commands.ts";
import { word } from "../../domain/frame.ts";
import { MAX_REPORTERS } from "../../domain/limits.ts";
import { ACCEPTED, type OutcomeCode } from "../../domain/refusals.ts";
import { FEED, REPORTER } from "../../domain/rows/oracle.ts";
import type { TierShard } from "../../domain/tierShard.ts";
import { noteAllUnsettled } from "../../domain/unsettled.ts";
import type { Venue } from "../../domain/venue.ts";
import { advanceFeed, forgetFeed } from "../../oracle/advance.ts";
import { refreshCost } from "../../oracle/manipulation.ts";
import { enterFeed } from "./enterFeed.ts";
import { publishFeed, releaseFeed } from "./publishFeed.ts";

const { at } = CONFIGURE_FEED;

/** Carries out a `configureFeed`, given in `frame`. */
export function takeFeed(venue: Venue, tier: TierShard, frame: Float64Array): OutcomeCode {
  const kind = word(frame, at.feedKind);
  const id = word(frame, at.id);
  const barred = enterFeed(venue, tier, kind, id);
  if (barred !== ACCEPTED) return barred;
  const staleAfter = word(frame, at.staleAfter);
  const deadAfter = word(frame, at.deadAfter);
  if (staleAfter > deadAfter) return venue.refuse("feed_ages_conflict", staleAfter, deadAfter);
  const quorum = word(frame, at.quorum);
  const operators = operatorsAmong(tier, word(frame, at.reporters));
  if (quorum > operators) return venue.refuse("quorum_unreachable", quorum, operators);

  write(tier, frame, tier.feedOf(kind, id));
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

function write(tier: TierShard, frame: Float64Array, feed: number): void {
  const { arena } = tier;
  const row = tier.feed(feed);
  arena.setInt(row, FEED.reporters, word(frame, at.reporters));
  arena.setInt(row, FEED.quorum, word(frame, at.quorum));
  arena.setInt(row, FEED.sigma, word(frame, at.sigma));
  arena.setInt(row, FEED.staleAfter, word(frame, at.staleAfter));
  arena.setInt(row, FEED.deadAfter, word(frame, at.deadAfter));
  arena.setInt(row, FEED.halfLife, word(frame, at.halfLife));
  arena.setInt(row, FEED.maxConfidence, word(frame, at.maxConfidence));
  arena.setInt(row, FEED.jump, word(frame, at.jump));
  arena.setInt(row, FEED.deviation, word(frame, at.deviation));
  arena.setInt(row, FEED.divergence, word(frame, at.divergence));
  arena.setInt(row, FEED.frozenAfter, word(frame, at.frozenAfter));
  arena.setNum(row, FEED.floor, word(frame, at.floor));
}
