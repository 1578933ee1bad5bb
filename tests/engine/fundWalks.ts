/** Precedence walks of the commands about funds. See walks.ts. */
import { PARAMETERS, QUALITY, limits } from "@bulkhead/engine";
import { BUCKET } from "../../packages/engine/src/domain/rows/bucket.ts";
import { TIER } from "../../packages/engine/src/domain/rows/tier.ts";
import { rowOf } from "../../packages/engine/src/kernel/pool.ts";
import { allBids, recordBid, removeBid } from "../../packages/engine/src/domain/bids.ts";
import { BACKSTOP, appoint, houseWithCollateral, provide, sharedBackstop } from "./backstop.ts";
import { type Desk, openDesk, smallTier, smallVenue, usd } from "./venue.ts";
import { sealedTier, sealedVault } from "./sealed.ts";
import type { Walks } from "./walk.ts";

type FundCommand =
  | "bidLiquidation"
  | "stakeFund"
  | "requestUnstake"
  | "withdrawStake"
  | "sweepFees"
  | "setFundTerms";

const DAY = 86_400_000;
const ALICE = 1;
const TERMS = {
  tier: 1,
  fund: BACKSTOP,
  cooldown: DAY,
  window: DAY,
  minimum: 0,
  target: 0,
} as const;

/** An owner of shares of the backstop asks for some, and waits for them. */
function ask(desk: Desk, account: number, shares: number): void {
  const { facts } = desk.expectAccepted({
    kind: "requestUnstake",
    account,
    tier: 1,
    fund: BACKSTOP,
    shares,
  });
  desk.now = facts["unlocksAt"] ?? desk.now;
}

export const FUND_WALKS: Pick<Walks, FundCommand> = {
  stakeFund: [
    {
      scene: () => {
        const desk = openDesk();
        const [house, other] = [desk.openTrader(1_000), desk.openTrader(100_000)];
        desk.deposit(desk.openAccount(), usd(10));
        desk.trade(house, other, 100, 100);
        desk.mark(85);
        desk.loseFeed(1);
        return [desk, { account: 9, tier: 9, fund: 5, amount: usd(11) }];
      },
      steps: [
        {
          refusal: "fund_unknown",
          facts: { fund: 5, tier: 9 },
          why: "the mutual fund is no tier's",
          cure: { fund: BACKSTOP },
        },
        { refusal: "tier_unknown", facts: { tier: 9 }, why: "there is one tier", cure: { tier: 1 } },
        { refusal: "account_unknown", facts: { account: 9 }, why: "there are three", cure: { account: 3 } },
        {
          refusal: "bucket_unknown",
          facts: { bucket: 0 },
          why: "the tier has no backstop",
          cure: (desk) => appoint(desk, { account: ALICE, bucket: 1 }),
        },
        {
          refusal: "balance_insufficient",
          facts: { balance: usd(10), amount: usd(11) },
          why: "he has less",
          cure: { amount: usd(10) },
        },
        {
          refusal: "price_forbids",
          facts: { quality: QUALITY.dead, age: 0, forbids: 63 },
          why: "nobody knows what the backstop's position is worth",
          cure: (desk) => desk.forgetFeed(1),
        },
        {
          refusal: "margin_insufficient",
          facts: { equity: -usd(500), required: usd(850) },
          why: "its long of 100 lots has lost 1500 dollars, and it had 1000",
          cure: (desk) => void desk.mark(100),
        },
      ],
    },
    {
      scene: () => {
        const desk = openDesk();
        desk.deposit(desk.openAccount(), 14_000);
        desk.expectAccepted({ kind: "fundLayer", account: ALICE, tier: 1, layer: 2, amount: 5_000 });
        return [desk, { account: 9, tier: 9, fund: 3, amount: 10_000 }];
      },
      steps: [
        {
          refusal: "fund_unknown",
          facts: { fund: 3, tier: 9 },
          why: "no shares of cover",
          cure: { fund: 2 },
        },
        { refusal: "tier_unknown", facts: { tier: 9 }, why: "there is one tier", cure: { tier: 1 } },
        { refusal: "account_unknown", facts: { account: 9 }, why: "there is one", cure: { account: ALICE } },
        {
          refusal: "balance_insufficient",
          facts: { balance: 9_000, amount: 10_000 },
          why: "she has less",
          cure: { amount: 1 },
        },
        {
          refusal: "stake_too_small",
          facts: { amount: 1 },
          why: "a gift has made one share worth more",
          cure: { amount: 100 },
        },
      ],
    },
    {
      scene: () => {
        const tiers = [smallTier({ buckets: 1 })];
        const desk = openDesk({}, { capacities: smallVenue({ tiers }) });
        for (const account of [desk.openAccount(), desk.openAccount()]) desk.deposit(account, usd(1));
        desk.expectAccepted({ kind: "stakeFund", account: ALICE, tier: 1, fund: 2, amount: usd(1) });
        return [desk, { account: 2, tier: 1, fund: 2, amount: usd(1) }];
      },
      steps: [
        { refusal: "stake_capacity_reached", facts: { capacity: 1 }, why: "there is room for one owner" },
      ],
    },
  ],

  requestUnstake: [
    {
      scene: () => {
        const desk = openDesk();
        desk.deposit(desk.openAccount(), usd(1));
        desk.expectAccepted({ kind: "stakeFund", account: ALICE, tier: 0, fund: 5, amount: usd(1) });
        return [desk, { account: 9, tier: 9, fund: 5, shares: usd(2) }];
      },
      steps: [
        {
          refusal: "fund_unknown",
          facts: { fund: 5, tier: 9 },
          why: "the mutual fund is no tier's",
          cure: { fund: 2 },
        },
        { refusal: "tier_unknown", facts: { tier: 9 }, why: "there is one tier", cure: { tier: 0, fund: 5 } },
        { refusal: "account_unknown", facts: { account: 9 }, why: "there is one", cure: { account: ALICE } },
        {
          refusal: "shares_insufficient",
          facts: { held: usd(1), shares: usd(2) },
          why: "she owns half as many",
          cure: { shares: usd(1) },
        },
      ],
    },
  ],

  withdrawStake: [
    {
      scene: () => {
        const desk = openDesk();
        desk.deposit(desk.openAccount(), usd(10));
        desk.expectAccepted({
          kind: "setFundTerms",
          tier: 1,
          fund: 2,
          cooldown: DAY,
          window: DAY,
          minimum: usd(3),
          target: 0,
        });
        desk.expectAccepted({ kind: "stakeFund", account: ALICE, tier: 1, fund: 2, amount: usd(10) });
        return [desk, { account: 9, tier: 9, fund: 4, shares: usd(7) }];
      },
      steps: [
        {
          refusal: "fund_unknown",
          facts: { fund: 4, tier: 9 },
          why: "no shares of a tranche",
          cure: { fund: 2 },
        },
        { refusal: "tier_unknown", facts: { tier: 9 }, why: "there is one tier", cure: { tier: 1 } },
        { refusal: "account_unknown", facts: { account: 9 }, why: "there is one", cure: { account: ALICE } },
        {
          refusal: "unstake_not_requested",
          facts: { leaving: 0, shares: usd(7) },
          why: "she did not ask",
          cure: (desk) => {
            const request = {
              kind: "requestUnstake",
              account: ALICE,
              tier: 1,
              fund: 2,
              shares: usd(10),
            } as const;
            desk.expectAccepted(request);
          },
        },
        {
          refusal: "unstake_cooling_down",
          facts: { unlocksAt: 1_000 + DAY, time: 1_000 },
          why: "it takes a day",
          cure: (desk) => {
            desk.now += 2 * DAY + 1;
          },
        },
        {
          refusal: "unstake_window_passed",
          facts: { until: 1_000 + 2 * DAY, time: 1_001 + 2 * DAY },
          why: "she had a day to fetch it",
          cure: (desk) => {
            const request = {
              kind: "requestUnstake",
              account: ALICE,
              tier: 1,
              fund: 2,
              shares: usd(10),
            } as const;
            desk.expectAccepted(request);
            desk.now += DAY;
          },
        },
      ],
    },
    {
      scene: () => {
        const desk = openDesk();
        const house = sharedBackstop(desk);
        desk.trade(house, desk.openTrader(100_000), 90, 100);
        desk.expectAccepted({ kind: "setFundTerms", ...TERMS, minimum: usd(1_100) });
        ask(desk, 2, usd(500));
        desk.loseFeed(1);
        return [desk, { account: 2, tier: 1, fund: BACKSTOP, shares: usd(500) }];
      },
      steps: [
        {
          refusal: "price_forbids",
          facts: { quality: QUALITY.dead, age: 0, forbids: 63 },
          why: "nobody knows what the backstop's position is worth",
          cure: (desk) => desk.forgetFeed(1),
        },
        {
          refusal: "fund_minimum",
          facts: { rest: usd(1_000), minimum: usd(1_100) },
          why: "it is to keep as much",
          cure: (desk) => void desk.expectAccepted({ kind: "setFundTerms", ...TERMS }),
        },
      ],
    },
    {
      scene: () => {
        const desk = openDesk();
        const house = houseWithCollateral(desk);
        const other = desk.openTrader(100_000);
        appoint(desk, house);
        const provider = provide(desk, 500);
        desk.trade(house, other, 10, 100);
        desk.mark(80);
        desk.trade(other, house, 10, 80);
        ask(desk, provider, usd(500));
        return [desk, { account: provider, tier: 1, fund: BACKSTOP, shares: usd(500) }];
      },
      steps: [
        {
          refusal: "bucket_amount_insufficient",
          // 300 of cash and 950 for the collateral; his is a third, nearly.
          facts: { held: usd(300), amount: 416_666_722 },
          why: "most of what the backstop has is no cash",
          cure: { shares: usd(100) },
        },
      ],
    },
    {
      scene: () => {
        const desk = openDesk();
        const house = sharedBackstop(desk);
        desk.trade(house, desk.openTrader(100_000), 120, 100);
        ask(desk, 2, usd(500));
        return [desk, { account: 2, tier: 1, fund: BACKSTOP, shares: usd(500) }];
      },
      steps: [
        {
          refusal: "free_collateral_insufficient",
          facts: { equity: usd(1_000), required: usd(1_200) },
          why: "its long of 120 lots needs its margin",
          cure: { shares: usd(300) },
        },
      ],
    },
    {
      scene: () => {
        const desk = openDesk({}, { capacities: smallVenue({ balances: 2 }) });
        const house = houseWithCollateral(desk);
        appoint(desk, house);
        provide(desk, 500);
        ask(desk, house.account, usd(10));
        return [desk, { account: house.account, tier: 1, fund: BACKSTOP, shares: usd(10) }];
      },
      steps: [
        {
          refusal: "balance_capacity_reached",
          facts: { capacity: 2 },
          why: "it never owned dollars, and there is no room for one more balance",
        },
      ],
    },
  ],

  sweepFees: [
    {
      scene: () => [openDesk(), { tier: 9 }],
      steps: [{ refusal: "tier_unknown", facts: { tier: 9 }, why: "there is one tier", cure: { tier: 1 } }],
    },
  ],

  setFundTerms: [
    {
      scene: () => [sealedTier(), { tier: 9, fund: 5, cooldown: DAY, window: DAY, minimum: 0, target: 7 }],
      steps: [
        { refusal: "tier_unknown", facts: { tier: 9 }, why: "there are two tiers", cure: { tier: 2 } },
        { refusal: "governance_required", facts: { tier: 2 }, why: "it is sealed", cure: { tier: 1 } },
        {
          refusal: "fund_unknown",
          facts: { fund: 5, tier: 1 },
          why: "the mutual fund is no tier's",
          cure: { tier: 0 },
        },
        {
          refusal: "fund_takes_no_fees",
          facts: { target: 7 },
          why: "fees are a tier's",
          cure: { target: 0 },
        },
      ],
    },
    {
      scene: () => [sealedVault(), { tier: 0, fund: 5, cooldown: DAY, window: DAY, minimum: 0, target: 0 }],
      steps: [{ refusal: "governance_required", facts: { tier: 0 }, why: "the vault is sealed" }],
    },
  ],

  bidLiquidation: [
    {
      scene: () => {
        const desk = openDesk();
        const [long, short] = [desk.openTrader(1_000), desk.openTrader(100_000)];
        desk.listMarket();
        desk.listMarket();
        desk.fund(desk.openAccount(), 100_000, 2);
        desk.openTrader(50_000);
        desk.set(PARAMETERS.liquidationBuffer.id, 150_000, 0);
        desk.set(PARAMETERS.auctionStart.id, 500, 0);
        desk.trade(long, short, 100, 100);
        return [desk, { account: 9, tier: 9, bucket: 9, target: 9, market: 9, lots: 100 }];
      },
      steps: [
        { refusal: "tier_unknown", facts: { tier: 9 }, why: "there is one tier", cure: { tier: 1 } },
        {
          refusal: "account_unknown",
          facts: { account: 9 },
          why: "there are four",
          cure: { account: ALICE },
        },
        { refusal: "bucket_unknown", facts: { bucket: 9 }, why: "there are four", cure: { bucket: 3 } },
        {
          refusal: "bucket_not_owned",
          facts: { bucket: 3, account: 3 },
          why: "it is the third account's",
          cure: { account: 3 },
        },
        { refusal: "market_unknown", facts: { market: 9 }, why: "there are three", cure: { market: 1 } },
        {
          refusal: "bucket_is_isolated",
          facts: { market: 1, isolated: 2 },
          why: "it trades market 2 only",
          cure: { account: ALICE, bucket: 1 },
        },
        {
          refusal: "not_in_liquidation",
          facts: { target: 9, distress: 0 },
          why: "there is no such bucket",
          cure: { target: 2 },
        },
        {
          refusal: "not_in_liquidation",
          facts: { target: 2, distress: 0 },
          why: "the short is rich",
          cure: (desk) => void desk.mark(94),
        },
        {
          refusal: "not_in_liquidation",
          facts: { target: 2, distress: 0 },
          why: "it is the long who is not",
          cure: { target: 1, market: 3 },
        },
        {
          refusal: "own_liquidation",
          facts: { target: 1, account: ALICE },
          why: "Alice bids for herself",
          cure: { account: 4, bucket: 4 },
        },
        { refusal: "position_absent", facts: { market: 3 }, why: "she has none there", cure: { market: 1 } },
        {
          refusal: "auction_not_open",
          facts: { opensAt: 1_500, time: 1_000 },
          why: "it opens half a second later",
          cure: (desk) => {
            desk.now += 500;
          },
        },
      ],
    },
    {
      scene: () => {
        const desk = openDesk();
        const [long, short] = [desk.openTrader(1_000), desk.openTrader(100_000)];
        const keeper = desk.openTrader(800);
        desk.set(PARAMETERS.liquidationBuffer.id, 150_000, 0);
        desk.trade(long, short, 100, 100);
        desk.mark(94);
        const bid = { tier: 1, target: 1, market: 1 } as const;
        desk.expectAccepted({ kind: "bidLiquidation", account: 3, bucket: keeper.bucket, ...bid, lots: 7 });
        for (let each = 1; each < limits.MAX_BIDS; each++) {
          const tier = desk.engine.venue.tier(1);
          if (tier === undefined) continue;
          recordBid(tier, 40 + each, 1, 1, 1 as never, desk.now as never);
          tier.arena.commit();
        }
        const tier = desk.engine.venue.tier(1);
        tier?.arena.setInt(tier.row, TIER.positionsUsed, 256);
        tier?.arena.setInt(rowOf(tier.arena, tier.buckets, 3), BUCKET.slots, 0);
        tier?.arena.commit();
        return [desk, { account: 3, bucket: keeper.bucket, ...bid, lots: 100 }];
      },
      steps: [
        {
          refusal: "bid_in_place",
          facts: { lots: 7 },
          why: "he has bid",
          cure: (desk) => {
            const tier = desk.engine.venue.tier(1);
            if (tier === undefined) return;
            const [own] = allBids(tier);
            if (own === undefined) return;
            removeBid(tier, own.row);
            recordBid(tier, 63, 1, 1, 1 as never, desk.now as never);
            tier.arena.commit();
          },
        },
        {
          refusal: "bid_capacity_reached",
          facts: { capacity: 64 },
          why: "sixty-four others have bid",
          cure: (desk) => {
            const tier = desk.engine.venue.tier(1);
            if (tier === undefined) return;
            for (const { row } of allBids(tier)) removeBid(tier, row);
            tier.arena.commit();
          },
        },
        {
          refusal: "position_capacity_reached",
          facts: { capacity: 256 },
          why: "the tier has handed out all its slots",
          cure: (desk) => {
            const tier = desk.engine.venue.tier(1);
            if (tier === undefined) return;
            tier.arena.setInt(tier.row, TIER.positionsUsed, 8);
            tier.arena.commit();
          },
        },
        {
          refusal: "takeover_not_possible",
          facts: { lots: 100 },
          why: "he has 800 where 940 are needed",
          cure: { lots: 80 },
        },
      ],
    },
  ],
};
