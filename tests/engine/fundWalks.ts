/** Precedence walks of the commands about funds. See walks.ts. */
import { openDesk, smallTier, smallVenue, usd } from "./venue.ts";
import type { Walks } from "./walks.ts";

type FundCommand = "stakeFund" | "requestUnstake" | "withdrawStake" | "sweepFees" | "setFundTerms";

const DAY = 86_400_000;
const ALICE = 1;

export const FUND_WALKS: Pick<Walks, FundCommand> = {
  stakeFund: [
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
          minimum: usd(4),
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
        {
          refusal: "fund_minimum",
          facts: { rest: usd(3), minimum: usd(4) },
          why: "four dollars must stay",
          cure: { shares: usd(6) },
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
      scene: () => [openDesk(), { tier: 9, fund: 5, cooldown: DAY, window: DAY, minimum: 0, target: 7 }],
      steps: [
        {
          refusal: "fund_unknown",
          facts: { fund: 5, tier: 9 },
          why: "the mutual fund is no tier's",
          cure: { fund: 2 },
        },
        { refusal: "tier_unknown", facts: { tier: 9 }, why: "there is one tier", cure: { fund: 5, tier: 0 } },
        {
          refusal: "fund_takes_no_fees",
          facts: { target: 7 },
          why: "fees are a tier's",
          cure: { target: 0 },
        },
      ],
    },
  ],
};
