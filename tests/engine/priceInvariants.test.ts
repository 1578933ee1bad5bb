/** The judge and the audit of prices: each claim is broken once, and noticed. */
import { FEED_KIND, FORBID, HANDLERS, type Handlers } from "@bulkhead/engine";
import { describe, expect, test } from "vitest";
import { MARKET } from "../../packages/engine/src/domain/rows/market.ts";
import { FEED, SOURCE } from "../../packages/engine/src/domain/rows/oracle.ts";
import { COLLATERAL } from "../../packages/engine/src/domain/rows/tier.ts";
import type { TierShard } from "../../packages/engine/src/domain/tierShard.ts";
import { points } from "../../packages/engine/src/kernel/points.ts";
import { betrayed } from "./betrayal.ts";
import { type Desk, openDesk } from "./venue.ts";

function reported(handlers: Handlers = HANDLERS): Desk {
  const desk = openDesk({}, { handlers });
  desk.openReporters(5);
  desk.askReporters();
  desk.reportAll([100_000, 100_010, 100_020, 100_030, 100_040]);
  return desk;
}

describe("invariant 26 is broken", () => {
  test.each([
    ["a price that is not the middle of the votes", (tier: TierShard) => setPrice(tier, 100_500)],
    ["a price that nobody's vote is near", (tier: TierShard) => setPrice(tier, 1)],
    [
      "a price that too few operators make",
      (tier: TierShard) => {
        for (const reporter of [1, 2, 3]) tier.arena.setInt(tier.source(1, reporter), SOURCE.state, 4);
        setPrice(tier, 100_035);
      },
    ],
    [
      "a voice beyond its cap",
      (tier: TierShard) => {
        tier.arena.setNum(tier.source(1, 3), SOURCE.weight, 1e12);
        setPrice(tier, 100_021);
        setPrice(tier, 100_020);
      },
    ],
    [
      "a report that goes back in time",
      (tier: TierShard) => tier.arena.setNum(tier.source(1, 1), SOURCE.seenAt, points(7) as never),
    ],
    [
      "a feed whose clock goes back",
      (tier: TierShard) => tier.arena.setNum(tier.feed(1), FEED.advancedAt, points(7) as never),
    ],
  ] as const)("by %s, and the command undone", (_, betrayal) => {
    const desk = reported(betrayed("reportPrice", betrayal));
    desk.now = 3_000;
    const before = desk.feed();
    const { outcome, facts } = desk.send(desk.report(1, 100_015));
    expect({ outcome, invariant: facts["invariant"] }).toEqual({
      outcome: "invariant_broken",
      invariant: 26,
    });
    expect(desk.feed()).toEqual(before);
  });

  test.each([
    [
      "forbids of a market less than its price does",
      (tier: TierShard) => tier.arena.setInt(tier.feed(1), FEED.quality, 4),
    ],
    [
      "an index that is not the feed's",
      (tier: TierShard) => tier.arena.setInt(tier.marketRow(1), MARKET.index, 99 as never),
    ],
    [
      "a market that forbids without a feed",
      (tier: TierShard) => tier.arena.setInt(tier.marketRow(2), MARKET.forbids, FORBID.open),
    ],
    [
      "a report newer than the newest",
      (tier: TierShard) => tier.arena.setNum(tier.source(1, 1), SOURCE.publishedAt, 9_999 as never),
    ],
    [
      "collateral lent on at a dead price",
      (tier: TierShard) => {
        const feed = tier.feed(tier.feedOf(FEED_KIND.collateral, 2));
        tier.arena.setInt(feed, FEED.quorum, 1);
        tier.arena.setInt(feed, FEED.quality, 4);
        tier.arena.setNum(tier.collateral(2), COLLATERAL.initialPrice, 5 as never);
      },
    ],
  ] as const)("in the tables by %s, and the audit says so", (_, corrupt) => {
    const desk = reported();
    desk.listMarket();
    expect(desk.engine.audit()).toEqual([]);
    corrupt(desk.engine.venue.tiers[0] as TierShard);
    expect(desk.engine.audit().map(({ invariant }) => invariant)).toContain("26");
  });
});

function setPrice(tier: TierShard, price: number): void {
  tier.arena.setNum(tier.feed(1), FEED.price, points(price));
}
