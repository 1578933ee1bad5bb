/** Precedence walks of the commands about the life of a market: its prices, its funding, its end. */
import { CONTRACT, FEED_KIND, PARAMETERS, STATUS } from "@bulkhead/engine";
import { openDesk } from "../venue.ts";
import { ALICE, deadPrice, noSuch, settledFuture, trip } from "./steps.ts";
import type { Walks } from "./walk.ts";

export const MARKET_WALKS: Pick<
  Walks,
  | "updateIndexPrice"
  | "updateCollateralPrice"
  | "accrueFunding"
  | "clockTick"
  | "expireMarket"
  | "settleExpired"
  | "settleResidual"
> = {
  updateIndexPrice: [
    {
      scene: () => {
        const desk = settledFuture();
        desk.loseFeed(2);
        return [desk, { tier: 9, market: 9, price: 40_000 }];
      },
      steps: [
        noSuch("tier", "there is one tier", { tier: 1 }),
        noSuch("market", "there are two markets", { market: 1 }),
        {
          refusal: "market_is_settled",
          facts: { market: 1 },
          why: "its price is final",
          cure: { market: 2 },
        },
        {
          refusal: "price_comes_from_reporters",
          facts: { feedKind: 0, id: 2 },
          why: "no operator may say what reporters are asked for",
          cure: (desk) => {
            desk.forgetFeed(2);
          },
        },
        {
          refusal: "price_outside_range",
          facts: { price: 40_000, limit: 32_767 },
          why: "beyond 2^15 − 1",
          cure: { price: 32_767 },
        },
      ],
    },
  ],

  updateCollateralPrice: [
    {
      scene: () => {
        const desk = openDesk();
        desk.listAsset();
        return [desk, { tier: 9, asset: 9, price: 1 }];
      },
      steps: [
        noSuch("tier", "there is one tier", { tier: 1 }),
        noSuch("asset", "there are two assets", { asset: 2 }),
        {
          refusal: "collateral_not_accepted",
          facts: { asset: 2 },
          why: "the tier has no use for its price",
          cure: (desk) => {
            desk.acceptCollateral(2);
            desk.openReporters(1);
            desk.askReporters({ feedKind: FEED_KIND.collateral, id: 2, quorum: 1 });
          },
        },
        {
          refusal: "price_comes_from_reporters",
          facts: { feedKind: 1, id: 2 },
          why: "no operator may say what reporters are asked for",
          cure: (desk) => {
            desk.askReporters({ feedKind: FEED_KIND.collateral, id: 2, quorum: 0 });
          },
        },
      ],
    },
  ],

  accrueFunding: [
    {
      scene: () => {
        const desk = openDesk({ contract: CONTRACT.future, expiry: 2_000 });
        desk.listMarket({ fundingCap: 50_000_000 }, 0);
        desk.listMarket({ fundingCap: 50_000_000 }, 32_767);
        desk.listMarket();
        trip(desk, 4, 1);
        return [desk, { tier: 9, market: 9, rate: 100_000_000 }];
      },
      steps: [
        noSuch("tier", "there is one tier", { tier: 1 }),
        noSuch("market", "there are four markets", { market: 1 }),
        {
          refusal: "funding_not_due",
          facts: { market: 1 },
          why: "a dated future has none",
          cure: { market: 4 },
        },
        {
          refusal: "trading_paused",
          facts: { status: STATUS.halted },
          why: "the breaker of market 4 has halted it",
          cure: { market: 2 },
        },
        {
          refusal: "price_absent",
          facts: { market: 2 },
          why: "a rate of what? Then funding of market 3 comes to 3.3e15 of the 4.5e15 it may",
          cure: (desk) => {
            desk.mark(32_767, 2);
            for (let interval = 1; interval <= 2; interval++) {
              desk.expectAccepted({ kind: "accrueFunding", tier: 1, market: 3, rate: 50_000_000 });
            }
            desk.loseFeed(2);
          },
        },
        deadPrice("a rate of a price that nobody vouches for; then the market measures its own", (desk) => {
          desk.forgetFeed(2);
          desk.set(PARAMETERS.fundingInterval.id, 3_600_000, 2);
        }),
        {
          refusal: "funding_rate_is_measured",
          facts: { rate: 100_000_000 },
          why: "nobody is asked for a rate",
          cure: { rate: 0 },
        },
        {
          refusal: "funding_before_due",
          facts: { due: 3_601_000, time: 1_000 },
          why: "an hour after it was set; market 3 is an operator's, and at the top as market 2",
          cure: { market: 3, rate: 100_000_000 },
        },
        {
          refusal: "funding_above_cap",
          facts: { rate: 100_000_000, cap: 50_000_000 },
          why: "10 % at once, where 5 % is the most",
          cure: { rate: 50_000_000 },
        },
        {
          refusal: "funding_index_exhausted",
          facts: { index: 2 * 32_767 * 5e10, limit: 2 ** 52 - 1 },
          why: "one more of 1.6e15 would be too much",
          cure: { rate: -50_000_000 },
        },
      ],
    },
  ],

  clockTick: [
    {
      scene: () => [openDesk(), { tier: 9 }],
      steps: [noSuch("tier", "there is one tier", { tier: 1 })],
    },
  ],

  expireMarket: [
    {
      scene: () => {
        const desk = openDesk();
        desk.listMarket({ contract: CONTRACT.future, expiry: 2_000 });
        for (let market = 3; market <= 4; market++) {
          desk.listMarket({ contract: CONTRACT.future, expiry: 3_000 }, 0);
        }
        desk.loseFeed(3);
        desk.now = 2_000;
        desk.expire(2);
        return [desk, { tier: 9, market: 9, price: 40_000 }];
      },
      steps: [
        noSuch("tier", "there is one tier", { tier: 1 }),
        noSuch("market", "there are four markets", { market: 1 }),
        {
          refusal: "market_is_perpetual",
          facts: { market: 1 },
          why: "a perpetual never ends",
          cure: { market: 2 },
        },
        {
          refusal: "market_is_settled",
          facts: { market: 2 },
          why: "a final price is final",
          cure: { market: 3 },
        },
        {
          refusal: "market_not_expired",
          facts: { expiry: 3_000, time: 2_000 },
          why: "a second too early",
          cure: { time: 3_000 },
        },
        {
          refusal: "price_comes_from_reporters",
          facts: { feedKind: 0, id: 3 },
          why: "its final price is what they made of the last half hour",
          cure: { price: 0 },
        },
        {
          refusal: "price_absent",
          facts: { market: 3 },
          why: "they made nothing; market 4 is the operator's",
          cure: { market: 4, price: 40_000 },
        },
        {
          refusal: "price_outside_range",
          facts: { price: 40_000, limit: 32_767 },
          why: "beyond 2^15 − 1",
          cure: { price: 32_767 },
        },
      ],
    },
  ],

  settleExpired: [
    {
      scene: () => {
        const desk = openDesk({ contract: CONTRACT.future, expiry: 2_000 });
        desk.now = 2_000;
        return [desk, { tier: 9, market: 9, bucket: 1, count: 256 }];
      },
      steps: [
        noSuch("tier", "there is one tier", { tier: 1 }),
        noSuch("market", "there is one market", { market: 1 }),
        {
          refusal: "market_not_settled",
          facts: { market: 1 },
          why: "it has expired, but nobody has fixed its price",
          cure: (desk) => void desk.expire(1),
        },
      ],
    },
  ],

  settleResidual: [
    {
      scene: () => {
        const desk = openDesk();
        const [alice, bob] = [desk.openTrader(1_000), desk.openTrader(1_000)];
        desk.trade(alice, bob, 10, 100);
        desk.listMarket();
        return [desk, { tier: 9, bucket: 9, market: 9 }];
      },
      steps: [
        noSuch("tier", "there is one tier", { tier: 1 }),
        noSuch("bucket", "there are two buckets", { bucket: 1 }),
        noSuch("market", "there are two markets", { market: 2 }),
        {
          refusal: "position_absent",
          facts: { market: 2 },
          why: "Alice never traded it",
          cure: { market: 1 },
        },
        {
          refusal: "position_not_flat",
          facts: { lots: 10 },
          why: "what is open has realised nothing; then Alice closes at a profit that nobody has paid for yet",
          cure: (desk) => {
            desk.mark(110);
            desk.trade(desk.openTrader(1_000), { account: ALICE, bucket: 1 }, 10, 110);
          },
        },
      ],
    },
  ],
};
