/** Precedence walks of the commands about funds. */
import { BACKSTOP, appoint, houseWithCollateral, provide, sharedBackstop } from "../backstop.ts";
import { DAY } from "../lending.ts";
import { sealedTier, sealedVault } from "../sealed.ts";
import { type Desk, openDesk, smallTier, smallVenue, usd } from "../venue.ts";
import { ALICE, SEALED, deadPrice, noSuch } from "./steps.ts";
import type { Walks } from "./walk.ts";

type FundCommand =
  | "fundLayer"
  | "stakeFund"
  | "requestUnstake"
  | "withdrawStake"
  | "sweepFees"
  | "setFundTerms";

const TERMS = { tier: 1, fund: BACKSTOP, cooldown: DAY, window: DAY, minimum: 0, target: 0 } as const;

/** An owner of shares asks for some, and waits for them. */
function ask(desk: Desk, account: number, shares: number, fund: number = BACKSTOP): void {
  const { facts } = desk.expectAccepted({ kind: "requestUnstake", account, tier: 1, fund, shares });
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
        noSuch("tier", "there is one tier", { tier: 1 }),
        noSuch("account", "there are three", { account: 3 }),
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
        deadPrice("nobody knows what the backstop's position is worth", (desk) => desk.forgetFeed(1)),
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
        noSuch("tier", "there is one tier", { tier: 1 }),
        noSuch("account", "there is one", { account: ALICE }),
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
        noSuch("tier", "there is one tier", { tier: 0, fund: 5 }),
        noSuch("account", "there is one", { account: ALICE }),
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
        desk.expectAccepted({ kind: "setFundTerms", ...TERMS, fund: 2, minimum: usd(3) });
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
        noSuch("tier", "there is one tier", { tier: 1 }),
        noSuch("account", "there is one", { account: ALICE }),
        {
          refusal: "unstake_not_requested",
          facts: { leaving: 0, shares: usd(7) },
          why: "she did not ask",
          cure: (desk) => {
            const request = { account: ALICE, tier: 1, fund: 2, shares: usd(10) } as const;
            desk.expectAccepted({ kind: "requestUnstake", ...request });
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
          cure: (desk) => ask(desk, ALICE, usd(10), 2),
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
        deadPrice("nobody knows what the backstop's position is worth", (desk) => desk.forgetFeed(1)),
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
      steps: [noSuch("tier", "there is one tier", { tier: 1 })],
    },
  ],

  setFundTerms: [
    {
      scene: () => [sealedTier(), { tier: 9, fund: 5, cooldown: DAY, window: DAY, minimum: 0, target: 7 }],
      steps: [
        ...SEALED,
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

  fundLayer: [
    {
      scene: () => {
        const desk = openDesk();
        desk.deposit(desk.openAccount(), usd(5));
        return [desk, { account: 9, tier: 0, layer: 1, amount: usd(6) }];
      },
      steps: [
        {
          refusal: "layer_unknown",
          facts: { layer: 1, tier: 0 },
          why: "the first tranche belongs to a tier",
          cure: { tier: 9, layer: 5 },
        },
        {
          refusal: "layer_unknown",
          facts: { layer: 5, tier: 9 },
          why: "the mutual fund belongs to the venue",
          cure: { layer: 3 },
        },
        {
          refusal: "layer_unknown",
          facts: { layer: 3, tier: 9 },
          why: "cover is bought, not funded",
          cure: { layer: 2 },
        },
        noSuch("tier", "there is one tier", { tier: 1 }),
        noSuch("account", "there is one account", { account: ALICE }),
        {
          refusal: "balance_insufficient",
          facts: { balance: usd(5), amount: usd(6) },
          why: "she has five dollars",
          cure: { amount: usd(5) },
        },
      ],
    },
  ],
};
