/** Precedence walks of the commands about reporters, feeds and redemptions. */
import { BASIS, FEED_KIND } from "@bulkhead/engine";
import { sealedTier } from "../sealed.ts";
import { PLAIN_FEED, openDesk } from "../venue.ts";
import { SEALED, noSuch, settledFuture } from "./steps.ts";
import type { Walks } from "./walk.ts";

/** Told twice, and then of a time to come. */
const OUT_OF_TURN = [
  {
    refusal: "report_out_of_sequence",
    facts: { sequence: 5, last: 5 },
    why: "the fifth was heard already",
    cure: { sequence: 6 },
  },
  {
    refusal: "report_from_future",
    facts: { publishedAt: 2_251, time: 2_000 },
    why: "a millisecond more than clocks may differ",
    cure: { publishedAt: 1_949 },
  },
] as const;

export const ORACLE_WALKS: Pick<
  Walks,
  | "registerReporter"
  | "configureFeed"
  | "reportPrice"
  | "configureRedemption"
  | "reportRedemption"
  | "setVenueDepth"
> = {
  registerReporter: [
    {
      scene: () => [sealedTier(), { tier: 9, reporter: 1, operator: 7, weight: 1_000_000 }],
      steps: SEALED,
    },
  ],

  configureFeed: [
    {
      scene: () => [sealedTier(), { ...PLAIN_FEED, tier: 9, quorum: 0 }],
      steps: SEALED,
    },
    {
      scene: () => {
        const desk = settledFuture();
        desk.openReporters(2);
        return [desk, { ...PLAIN_FEED, tier: 9, id: 9, staleAfter: 30_001 }];
      },
      steps: [
        noSuch("tier", "there is one tier", { tier: 1 }),
        noSuch("market", "there are two markets", { id: 1 }),
        {
          refusal: "market_is_settled",
          facts: { market: 1 },
          why: "its price is final; the next is the price of an asset",
          cure: { feedKind: FEED_KIND.collateral, id: 9 },
        },
        noSuch("asset", "there are two assets", { id: 2 }),
        {
          refusal: "collateral_not_accepted",
          facts: { asset: 2 },
          why: "the tier has no use for its price; the next is a market's again",
          cure: { feedKind: FEED_KIND.market },
        },
        {
          refusal: "feed_ages_conflict",
          facts: { staleAfter: 30_001, deadAfter: 30_000 },
          why: "it would be dead while fresh",
          cure: { staleAfter: 30_000 },
        },
        {
          refusal: "quorum_unreachable",
          facts: { quorum: 3, operators: 2 },
          why: "sixteen numbers are asked, two have somebody behind them",
          cure: { quorum: 2 },
        },
      ],
    },
  ],

  reportPrice: [
    {
      scene: () => {
        const desk = settledFuture();
        desk.openReporters(2);
        const asked = { id: 2, reporters: 1, quorum: 1, floor: 90_000 };
        desk.askReporters(asked);
        desk.expectAccepted(desk.report(1, 100_000, { id: 2, sequence: 5, publishedAt: 1_950 }));
        const report = { price: 40_000_000, confidence: 2_001, publishedAt: 2_251, sequence: 5 };
        return [desk, { tier: 9, reporter: 7, feedKind: FEED_KIND.market, id: 9, ...report }];
      },
      steps: [
        noSuch("tier", "there is one tier", { tier: 1 }),
        noSuch("market", "there are two markets", { id: 1 }),
        {
          refusal: "market_is_settled",
          facts: { market: 1 },
          why: "its price is final; the next is the price of an asset",
          cure: { feedKind: FEED_KIND.collateral, id: 9 },
        },
        noSuch("asset", "there are two assets", { id: 2 }),
        {
          refusal: "collateral_not_accepted",
          facts: { asset: 2 },
          why: "the tier has no use for its price",
          cure: (desk) => {
            desk.acceptCollateral(2);
          },
        },
        {
          refusal: "feed_not_configured",
          facts: { feedKind: 1, id: 2 },
          why: "an operator sets it; the next is the price of market 2",
          cure: { feedKind: FEED_KIND.market },
        },
        {
          refusal: "reporter_unknown",
          facts: { reporter: 7 },
          why: "there are two reporters",
          cure: { reporter: 2 },
        },
        {
          refusal: "reporter_not_of_feed",
          facts: { reporter: 2, reporters: 1 },
          why: "only the first is asked",
          cure: { reporter: 1 },
        },
        ...OUT_OF_TURN,
        {
          refusal: "report_before_last",
          facts: { publishedAt: 1_949, lastPublishedAt: 1_950 },
          why: "the last report was published later",
          cure: { publishedAt: 1_950, time: 31_951 },
        },
        {
          refusal: "report_too_old",
          facts: { age: 30_001, deadAfter: 30_000 },
          why: "it took half a minute",
          cure: { time: 31_950 },
        },
        {
          refusal: "price_outside_range",
          facts: { price: 40_000_000, limit: 32_767_999 },
          why: "the tick above 32 767",
          cure: { price: 90_000 },
        },
        {
          refusal: "price_at_floor",
          facts: { price: 90_000, floor: 90_000 },
          why: "whoever tells the lowest it can may mean anything below",
          cure: { price: 100_000 },
        },
        {
          refusal: "report_too_uncertain",
          facts: { confidence: 2_001, allowed: 2_000 },
          why: "2 % of 100 ticks",
          cure: { confidence: 2_000 },
        },
      ],
    },
  ],

  configureRedemption: [
    {
      scene: () => {
        const desk = sealedTier();
        desk.acceptCollateral(2);
        const redeemed = { asset: 2, basis: BASIS.quote, underlying: 0, maxAge: 1_000, dailyStep: 0 };
        return [desk, { tier: 9, ...redeemed }];
      },
      steps: SEALED,
    },
    {
      scene: () => {
        const desk = openDesk();
        for (let asset = 2; asset <= 4; asset++) desk.listAsset();
        for (const asset of [2, 3]) desk.acceptCollateral(asset);
        desk.redeem(3, { basis: BASIS.quote });
        return [desk, { tier: 9, asset: 9, basis: BASIS.asset, underlying: 9, maxAge: 1_000, dailyStep: 0 }];
      },
      steps: [
        noSuch("tier", "there is one tier", { tier: 1 }),
        noSuch("asset", "there are four assets", { asset: 4 }),
        {
          refusal: "collateral_not_accepted",
          facts: { asset: 4 },
          why: "the tier has no use for its price",
          cure: { asset: 2 },
        },
        noSuch("asset", "nor is it redeemed for", { underlying: 4 }),
        {
          refusal: "collateral_not_accepted",
          facts: { asset: 4 },
          why: "the tier knows no price of it",
          cure: { underlying: 2 },
        },
        {
          refusal: "redemption_chained",
          facts: { asset: 2, underlying: 2 },
          why: "for itself it is worth anything",
          cure: { underlying: 3 },
        },
        {
          refusal: "redemption_chained",
          facts: { asset: 2, underlying: 3 },
          why: "asset 3 redeems for dollars itself",
          cure: (desk) => {
            desk.redeem(3, { basis: BASIS.asset, underlying: 2 });
          },
        },
        {
          refusal: "redemption_chained",
          facts: { asset: 2, underlying: 3 },
          why: "asset 3 redeems for asset 2 now",
          cure: (desk) => {
            desk.redeem(3, { basis: BASIS.none });
          },
        },
      ],
    },
  ],

  reportRedemption: [
    {
      scene: () => {
        const desk = openDesk();
        for (let asset = 2; asset <= 3; asset++) desk.listAsset();
        desk.acceptCollateral(2);
        desk.openReporters(1);
        desk.now = 2_000;
        const report = { ratio: 1_010_000_001, publishedAt: 2_251, sequence: 5 };
        return [desk, { tier: 9, reporter: 7, asset: 9, ...report }];
      },
      steps: [
        noSuch("tier", "there is one tier", { tier: 1 }),
        noSuch("asset", "there are three assets", { asset: 3 }),
        {
          refusal: "collateral_not_accepted",
          facts: { asset: 3 },
          why: "the tier has no use for its price",
          cure: { asset: 2 },
        },
        {
          refusal: "redemption_not_configured",
          facts: { asset: 2 },
          why: "it redeems for nothing; then it is told to redeem for a dollar",
          cure: (desk) => {
            desk.redeem(2, { basis: BASIS.quote, dailyStep: 10_000 });
            const told = { ratio: 1_000_000_000, publishedAt: 1_950, sequence: 5 };
            desk.expectAccepted({ kind: "reportRedemption", tier: 1, reporter: 1, asset: 2, ...told });
          },
        },
        {
          refusal: "reporter_unknown",
          facts: { reporter: 7 },
          why: "there is one reporter",
          cure: { reporter: 1 },
        },
        ...OUT_OF_TURN,
        {
          refusal: "report_before_last",
          facts: { publishedAt: 1_949, lastPublishedAt: 1_950 },
          why: "the last report was published later",
          cure: { publishedAt: 1_950, time: 1_950 + 600_001 },
        },
        {
          refusal: "report_too_old",
          facts: { age: 600_001, deadAfter: 600_000 },
          why: "ten minutes are the most",
          cure: { publishedAt: 43_202_000, time: 43_202_000 },
        },
        {
          refusal: "redemption_jumped",
          facts: { ratio: 1_010_000_001, last: 1_000_000_000, allowed: 5_000 },
          why: "1 % a day is half of it in half a day",
          cure: { ratio: 1_005_000_000 },
        },
      ],
    },
  ],

  setVenueDepth: [
    {
      scene: () => {
        const desk = settledFuture();
        desk.openReporters(1);
        return [desk, { tier: 9, reporter: 7, feedKind: FEED_KIND.market, id: 9, depth: 1, flow: 1 }];
      },
      steps: [
        noSuch("tier", "there is one tier", { tier: 1 }),
        noSuch("market", "there are two markets", { id: 1 }),
        {
          refusal: "market_is_settled",
          facts: { market: 1 },
          why: "nothing rides on it any more; the next is the price of an asset",
          cure: { feedKind: FEED_KIND.collateral, id: 9 },
        },
        noSuch("asset", "there are two assets", { id: 2 }),
        {
          refusal: "collateral_not_accepted",
          facts: { asset: 2 },
          why: "the tier has no use for its price; the next is a market's again",
          cure: { feedKind: FEED_KIND.market },
        },
        {
          refusal: "reporter_unknown",
          facts: { reporter: 7 },
          why: "there is one reporter",
          cure: { reporter: 1 },
        },
      ],
    },
  ],
};
