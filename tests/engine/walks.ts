/**
 * The precedence walks. A walk begins with a command for which everything is wrong that can be wrong at once. Each
 * step says which refusal it meets, with which numbers and why, and then cures that one fault: so the next step shows
 * that the next fault was there all along and only waited for its turn. After the last cure the command is accepted.
 */
import { COLLECTED_AMENDMENTS, COLLECTED_ORDERS, between } from "./auctionWalks.ts";
import {
  BASIS,
  BREAKER,
  CONTRACT,
  FEED_KIND,
  ORDER_FLAG,
  ORDER_TYPE,
  PARAMETERS,
  QUALITY,
  STATUS,
  TIME_IN_FORCE,
  VENUE_PARAMETERS,
  limits,
} from "@bulkhead/engine";
import { COVER_WALKS } from "./coverWalks.ts";
import { houseWithCollateral, sharedBackstop } from "./backstop.ts";
import { FUND_WALKS } from "./fundWalks.ts";
import { LOAN_WALKS } from "./loanWalks.ts";
import { GOVERNANCE_WALKS } from "./governanceWalks.ts";
import { sealedTier, sealedVault } from "./sealed.ts";
import {
  DEAF_BREAKER,
  Desk,
  LIMIT_ORDER,
  PLAIN_FEED,
  PLAIN_MARKET,
  openDesk,
  smallTier,
  smallVenue,
  usd,
} from "./venue.ts";
import type { Walks } from "./walk.ts";

const ALICE = 1;
const BOB = 2;
/** The id of the order, or withdrawal, in a slot: its generation counts how often the slot was taken. */
const idOf = (slot: number, generation = 1): number => generation * 2 ** 22 + slot;
const {
  fundingInterval,
  status,
  maxOrders,
  maxBucketOrders,
  initialMargin,
  maxPositionLots,
  maxOpenInterestLots,
} = PARAMETERS;
const { throttleHour } = VENUE_PARAMETERS;
/** Largest position limit of a plain market: 2^50 over the value of a lot at the top of the range. */
const MOST_LOTS = 34_359;
const CEILING = usd(1) * 2 ** 15;

/** Makes the breaker of a market at 100 trip on a move of 1 % and back: it lets positions only shrink, or halts if `haltScore` is 1. */
function trip(desk: Desk, market: number, haltScore: number): void {
  desk.expectAccepted({
    kind: "configureBreaker",
    tier: 1,
    market,
    ...DEAF_BREAKER,
    hardMove: 1_000,
    haltScore,
  });
  for (const price of [101, 101, 100]) desk.mark(price, market);
}

/** Hours pass, until every breaker has come to rest. */
function calm(desk: Desk): void {
  for (let tick = 0; tick < 30; tick++) {
    desk.now += 600_000;
    desk.expectAccepted({ kind: "clockTick", tier: 1 });
  }
}

/** What only governance may do in a sealed tier, the second of two. */
const SEALED = [
  { refusal: "tier_unknown", facts: { tier: 9 }, why: "there are two tiers", cure: { tier: 2 } },
  { refusal: "governance_required", facts: { tier: 2 }, why: "it is sealed", cure: { tier: 1 } },
] as const;

export const WALKS: Walks = {
  ...FUND_WALKS,
  ...COVER_WALKS,
  ...LOAN_WALKS,
  listAsset: [
    {
      scene: () => [sealedVault(), { scale: 5 }],
      steps: [{ refusal: "governance_required", facts: { tier: 0 }, why: "the vault is sealed" }],
    },
    {
      scene: () => {
        const desk = new Desk();
        for (let asset = 1; asset <= limits.MAX_ASSETS; asset++) desk.listAsset(1_000_000);
        return [desk, { scale: 5 }];
      },
      steps: [
        {
          refusal: "asset_capacity_reached",
          facts: { capacity: 32 },
          why: "32 assets are listed, the quote currency first",
        },
      ],
    },
    {
      scene: () => [new Desk(), { scale: 5 }],
      steps: [
        {
          refusal: "quote_asset_scale",
          facts: { scale: 5, required: 1_000_000 },
          why: "the first asset counts micro-dollars",
          cure: { scale: 1_000_000 },
        },
      ],
    },
  ],

  listTier: [
    {
      scene: () => [sealedVault(), { minInitialMargin: 0 }],
      steps: [{ refusal: "governance_required", facts: { tier: 0 }, why: "the vault is sealed" }],
    },
    {
      scene: () => [openDesk(), { minInitialMargin: 0 }],
      steps: [
        {
          refusal: "tier_capacity_reached",
          facts: { capacity: 1 },
          why: "there is room for one tier, and it is listed",
        },
      ],
    },
  ],

  listMarket: [
    {
      scene: () => [sealedTier(), { ...PLAIN_MARKET, tier: 9 }],
      steps: [
        { refusal: "tier_unknown", facts: { tier: 9 }, why: "there are two tiers", cure: { tier: 2 } },
        { refusal: "governance_required", facts: { tier: 2 }, why: "it is sealed", cure: { tier: 1 } },
      ],
    },
    {
      scene: () => {
        const tiers = [smallTier({ markets: 1 }), smallTier({ ticks: 2 ** 15 })];
        const desk = openDesk({}, { capacities: smallVenue({ tiers }) });
        desk.listTier(50_000);
        const faulty = {
          contract: CONTRACT.future,
          expiry: 1_000,
          rangeBits: 16,
          initialMargin: 1,
          takerFee: 50,
          makerFee: -100,
        };
        const oversized = { maxPositionLots: 2 ** 40, maxOpenInterestLots: 2 ** 40, oiLower: 5, oiUpper: 5 };
        return [desk, { ...PLAIN_MARKET, ...faulty, ...oversized, tier: 9 }];
      },
      steps: [
        { refusal: "tier_unknown", facts: { tier: 9 }, why: "there are two tiers", cure: { tier: 1 } },
        {
          refusal: "market_capacity_reached",
          facts: { capacity: 1 },
          why: "tier 1 lists all it can",
          cure: { tier: 2 },
        },
        {
          refusal: "expiry_absent",
          facts: { contract: 1, expiry: 1_000 },
          why: "the future would have expired this very millisecond",
          cure: { expiry: 1_001 },
        },
        {
          refusal: "margin_below_tier",
          facts: { initialMargin: 1, minimum: 50_000 },
          why: "tier 2 asks for 5 % at least",
          cure: { initialMargin: 50_000 },
        },
        {
          refusal: "position_value_cap",
          facts: { maxPositionLots: 2 ** 40, allowed: 17_179 },
          why: "2^50 µUSD over 65 536 dollars a lot",
          cure: { maxPositionLots: 17_179 },
        },
        {
          refusal: "open_interest_value_cap",
          facts: { maxOpenInterestLots: 2 ** 40, allowed: 137_438 },
          why: "2^53 − 1 µUSD over 65 536 dollars a lot",
          cure: { maxOpenInterestLots: 137_438 },
        },
        {
          refusal: "rebate_above_fee",
          facts: { makerFee: -100, takerFee: 50 },
          why: "every fill would cost the house 50 ppm",
          cure: { takerFee: 100 },
        },
        {
          refusal: "open_interest_bounds",
          facts: { oiLower: 5, oiUpper: 5 },
          why: "a line needs two different ends",
          cure: { oiUpper: 6 },
        },
        {
          refusal: "ladder_capacity_reached",
          facts: { needed: 65_536, free: 32_768 },
          why: "tier 2 has ladders for half of that",
          cure: { rangeBits: 15 },
        },
      ],
    },
  ],

  acceptCollateral: [
    {
      scene: () => [sealedTier(), { tier: 9, asset: 2, initialWeight: 0, maintenanceWeight: 0, cap: 0 }],
      steps: [
        { refusal: "tier_unknown", facts: { tier: 9 }, why: "there are two tiers", cure: { tier: 2 } },
        { refusal: "governance_required", facts: { tier: 2 }, why: "it is sealed", cure: { tier: 1 } },
      ],
    },
    {
      scene: () => {
        const desk = openDesk();
        desk.listAsset();
        return [desk, { tier: 9, asset: 9, initialWeight: 900_000, maintenanceWeight: 800_000, cap: 100 }];
      },
      steps: [
        { refusal: "tier_unknown", facts: { tier: 9 }, why: "there is one tier", cure: { tier: 1 } },
        { refusal: "asset_unknown", facts: { asset: 9 }, why: "there are two assets", cure: { asset: 1 } },
        {
          refusal: "collateral_is_quote",
          facts: { asset: 1 },
          why: "dollars count fully as it is",
          cure: { asset: 2 },
        },
        {
          refusal: "weight_order",
          facts: { initialWeight: 900_000, maintenanceWeight: 800_000 },
          why: "what opens a position must also keep it",
          cure: { maintenanceWeight: 900_000 },
        },
      ],
    },
  ],

  openAccount: [
    {
      scene: () => {
        const desk = openDesk({}, { capacities: smallVenue({ accounts: 1 }) });
        desk.openAccount();
        return [desk, {}];
      },
      steps: [
        { refusal: "account_capacity_reached", facts: { capacity: 1 }, why: "the one account is open" },
      ],
    },
  ],

  confirmDeposit: [
    {
      scene: () => {
        const desk = openDesk({}, { capacities: smallVenue({ balances: 1 }) });
        desk.openAccount();
        desk.openAccount();
        desk.expectAccepted({ kind: "confirmDeposit", account: ALICE, asset: 1, amount: 100, reference: 5 });
        return [desk, { account: 9, asset: 9, amount: limits.MAX_HELD, reference: 5 }];
      },
      steps: [
        {
          refusal: "account_unknown",
          facts: { account: 9 },
          why: "there are two accounts",
          cure: { account: BOB },
        },
        { refusal: "asset_unknown", facts: { asset: 9 }, why: "there is one asset", cure: { asset: 1 } },
        {
          refusal: "deposit_already_confirmed",
          facts: { reference: 5, last: 5 },
          why: "a chain receipt counts once",
          cure: { reference: 6 },
        },
        {
          refusal: "asset_held_cap",
          facts: { held: 100, amount: limits.MAX_HELD },
          why: "the vault counts to 2^52",
          cure: { amount: limits.MAX_HELD - 100 },
        },
        {
          refusal: "balance_capacity_reached",
          facts: { capacity: 1 },
          why: "the one balance there is room for is Alice's",
          cure: { account: ALICE },
        },
      ],
    },
  ],

  requestWithdrawal: [
    {
      scene: () => {
        const desk = openDesk({}, { capacities: smallVenue({ withdrawals: 1 }) });
        desk.openAccount();
        desk.deposit(ALICE, 100);
        desk.expectAccepted({ kind: "requestWithdrawal", account: ALICE, asset: 1, amount: 40 });
        return [desk, { account: 9, asset: 9, amount: 61 }];
      },
      steps: [
        {
          refusal: "account_unknown",
          facts: { account: 9 },
          why: "there is one account",
          cure: { account: ALICE },
        },
        { refusal: "asset_unknown", facts: { asset: 9 }, why: "there is one asset", cure: { asset: 1 } },
        {
          refusal: "balance_insufficient",
          facts: { balance: 60, amount: 61 },
          why: "what was asked for before is gone already",
          cure: { amount: 60 },
        },
        {
          refusal: "withdrawal_capacity_reached",
          facts: { capacity: 1 },
          why: "the earlier one is still pending",
          cure: (desk) => {
            desk.expectAccepted({ kind: "finaliseWithdrawal", withdrawal: idOf(1), paid: 1 });
          },
        },
      ],
    },
  ],

  finaliseWithdrawal: [
    {
      scene: () => {
        const desk = openDesk();
        desk.openAccount();
        desk.deposit(ALICE, 100);
        const request = { kind: "requestWithdrawal", account: ALICE, asset: 1, amount: 40 } as const;
        desk.expectAccepted(request);
        desk.expectAccepted({ kind: "finaliseWithdrawal", withdrawal: idOf(1), paid: 1 });
        desk.set(throttleHour.id, 20_000, 0, 0);
        desk.expectAccepted(request);
        return [desk, { withdrawal: idOf(1), paid: 1 }];
      },
      steps: [
        {
          refusal: "withdrawal_unknown",
          facts: { withdrawal: idOf(1) },
          why: "the slot is in use again, but that withdrawal was paid",
          cure: { withdrawal: idOf(1, 2) },
        },
        {
          refusal: "withdrawal_not_released",
          facts: { withdrawal: idOf(1, 2), queued: 40 },
          why: "the throttle is on, and no deposit is an hour old; a fortnight later nothing may hold it",
          cure: (desk) => {
            desk.now += limits.EXIT_MS;
            desk.expectAccepted({ kind: "releaseWithdrawals", count: 1 });
          },
        },
      ],
    },
  ],

  allocate: [
    {
      scene: () => {
        const tiers = [smallTier({ buckets: 1, holdings: 1 })];
        const desk = openDesk({}, { capacities: smallVenue({ tiers }) });
        for (let asset = 2; asset <= 4; asset++) desk.listAsset();
        desk.openAccount();
        desk.openAccount();
        desk.deposit(BOB, 100);
        desk.deposit(ALICE, 1_000, 3);
        desk.deposit(BOB, 1_000, 3);
        desk.deposit(BOB, 1_000, 4);
        for (const asset of [3, 4]) {
          const weights = { initialWeight: 800_000, maintenanceWeight: 900_000 };
          desk.expectAccepted({ kind: "acceptCollateral", tier: 1, asset, ...weights, cap: 300 });
        }
        desk.expectAccepted({ kind: "allocate", account: BOB, tier: 1, mode: 0, asset: 4, amount: 100 });
        return [desk, { account: 9, tier: 9, mode: 9, asset: 9, amount: 1_001 }];
      },
      steps: [
        { refusal: "tier_unknown", facts: { tier: 9 }, why: "there is one tier", cure: { tier: 1 } },
        {
          refusal: "account_unknown",
          facts: { account: 9 },
          why: "there are two accounts",
          cure: { account: ALICE },
        },
        { refusal: "asset_unknown", facts: { asset: 9 }, why: "there are four assets", cure: { asset: 2 } },
        {
          refusal: "market_unknown",
          facts: { market: 9 },
          why: "nothing to be isolated to",
          cure: { mode: 1 },
        },
        {
          refusal: "collateral_not_accepted",
          facts: { asset: 2 },
          why: "the tier takes assets 3 and 4",
          cure: { asset: 3 },
        },
        {
          refusal: "balance_insufficient",
          facts: { balance: 1_000, amount: 1_001 },
          why: "one unit too many",
          cure: { amount: 1_000 },
        },
        {
          refusal: "collateral_cap_reached",
          facts: { held: 0, amount: 1_000, cap: 300 },
          why: "the tier takes 300 of it",
          cure: { amount: 300 },
        },
        {
          refusal: "bucket_capacity_reached",
          facts: { capacity: 1 },
          why: "the one bucket there is room for is Bob's",
          cure: { account: BOB, mode: 0 },
        },
        {
          refusal: "holding_capacity_reached",
          facts: { capacity: 1 },
          why: "the one holding there is room for is Bob's other asset",
          cure: { asset: 4, amount: 200 },
        },
      ],
    },
  ],

  deallocate: [
    {
      scene: () => {
        const desk = openDesk();
        sharedBackstop(desk);
        return [desk, { account: 9, tier: 9, mode: 1, asset: 9, amount: usd(1) }];
      },
      steps: [
        { refusal: "tier_unknown", facts: { tier: 9 }, why: "there is one tier", cure: { tier: 1 } },
        {
          refusal: "account_unknown",
          facts: { account: 9 },
          why: "there are two accounts",
          cure: { account: ALICE },
        },
        { refusal: "asset_unknown", facts: { asset: 9 }, why: "there is one asset", cure: { asset: 1 } },
        {
          refusal: "bucket_unknown",
          facts: { bucket: 0 },
          why: "nothing was ever isolated to market 1",
          cure: { mode: 0 },
        },
        {
          refusal: "backstop_shared",
          facts: { bucket: 1, shares: usd(1_500) },
          why: "a third of the backstop is somebody else's",
        },
      ],
    },
    {
      scene: () => {
        const desk = openDesk();
        const alice = desk.openTrader(1_000);
        desk.expectAccepted(desk.buy(alice, 50, 100));
        desk.loseFeed(1);
        return [desk, { account: 9, tier: 9, mode: 1, asset: 9, amount: usd(1_000) + 1 }];
      },
      steps: [
        { refusal: "tier_unknown", facts: { tier: 9 }, why: "there is one tier", cure: { tier: 1 } },
        {
          refusal: "account_unknown",
          facts: { account: 9 },
          why: "there is one account",
          cure: { account: ALICE },
        },
        { refusal: "asset_unknown", facts: { asset: 9 }, why: "there is one asset", cure: { asset: 1 } },
        {
          refusal: "bucket_unknown",
          facts: { bucket: 0 },
          why: "nothing was ever isolated to market 1",
          cure: { mode: 0 },
        },
        {
          refusal: "bucket_amount_insufficient",
          facts: { held: usd(1_000), amount: usd(1_000) + 1 },
          why: "a micro-dollar too many, and nobody vouches for the price of the market it is in",
          cure: { amount: usd(500) + 1 },
        },
        {
          refusal: "price_forbids",
          facts: { quality: QUALITY.dead, age: 0, forbids: 63 },
          why: "what the order may come to is unknown",
          cure: (desk) => {
            desk.forgetFeed(1);
          },
        },
        {
          refusal: "free_collateral_insufficient",
          facts: { equity: usd(500) - 1, required: usd(500) },
          why: "the open order needs its margin",
          cure: { amount: usd(500) },
        },
      ],
    },
    {
      scene: () => {
        const desk = openDesk({}, { capacities: smallVenue({ balances: 2 }) });
        const [alice, bob] = [houseWithCollateral(desk), desk.openTrader(1_000)];
        desk.trade(alice, bob, 1, 100);
        desk.mark(110);
        desk.trade(bob, alice, 1, 110);
        return [desk, { account: alice.account, tier: 1, mode: 0, asset: 1, amount: usd(10) }];
      },
      steps: [
        {
          refusal: "balance_capacity_reached",
          facts: { capacity: 2 },
          why: "she never owned dollars, and there is no room for one more balance",
        },
      ],
    },
  ],

  placeOrder: between("order_flags_conflict", COLLECTED_ORDERS, [
    {
      scene: () => {
        const tiers = [smallTier({ markets: 6, ticks: 6 * 2 ** 15, orders: 5, positions: 12 })];
        const desk = new Desk({ capacities: smallVenue({ tiers }) });
        desk.listQuote();
        desk.listTier();
        for (let market = 1; market <= 2; market++) desk.listMarket();
        desk.listMarket({ contract: CONTRACT.future, expiry: 2_000 }, 0);
        for (const mark of [0, 1, 1]) desk.listMarket({ band: 1_000_000, maxPositionLots: MOST_LOTS }, mark);
        desk.set(status.id, STATUS.halted, 3);
        desk.openTrader(100, 2);
        desk.fund(ALICE, 100);
        desk.fund(ALICE, 100, 4);
        const bob = desk.openTrader(20_000);
        desk.openTrader(10_000);
        for (const market of [5, 6]) desk.expectAccepted(desk.buy(bob, MOST_LOTS, 1, { market }));
        desk.now = 2_000;
        const nowhere = { account: 9, tier: 9, bucket: 9, market: 9 };
        const faulty = { price: 0, trigger: 40_000, expiry: 1_999, clientId: 7, flags: 3 };
        const order = {
          type: ORDER_TYPE.limit,
          timeInForce: TIME_IN_FORCE.fillOrKill,
          lots: 50_000,
          side: 0,
          selfTrade: 0,
        };
        return [desk, { ...nowhere, ...order, ...faulty }];
      },
      steps: [
        { refusal: "tier_unknown", facts: { tier: 9 }, why: "there is one tier", cure: { tier: 1 } },
        {
          refusal: "account_unknown",
          facts: { account: 9 },
          why: "there are three accounts",
          cure: { account: BOB },
        },
        {
          refusal: "bucket_unknown",
          facts: { bucket: 9 },
          why: "there are five buckets",
          cure: { bucket: 1 },
        },
        {
          refusal: "bucket_not_owned",
          facts: { bucket: 1, account: ALICE },
          why: "it is Alice's bucket, isolated to market 2",
          cure: { account: ALICE },
        },
        {
          refusal: "market_unknown",
          facts: { market: 9 },
          why: "there are six markets",
          cure: { market: 3 },
        },
        {
          refusal: "bucket_is_isolated",
          facts: { market: 3, isolated: 2 },
          why: "it trades market 2 and nothing else",
          cure: { bucket: 2 },
        },
        {
          refusal: "market_not_open",
          facts: { status: STATUS.halted },
          why: "market 3 is halted",
          cure: (desk) => {
            desk.set(status.id, STATUS.reduceOnly, 3);
          },
        },
        {
          refusal: "market_expired",
          facts: { expiry: 2_000, time: 2_000 },
          why: "market 3 is a future whose time has come, priced or not",
          cure: { market: 4 },
        },
        {
          refusal: "price_absent",
          facts: { market: 4 },
          why: "market 4 was never priced; then it is, and all that follows is prepared there",
          cure: (desk) => {
            desk.mark(100, 4);
            const waits = { type: ORDER_TYPE.stopLimit, trigger: 150, clientId: 7, market: 4 };
            desk.expectAccepted(desk.buy({ account: ALICE, bucket: 3 }, 1, 100, waits));
            const carol = { account: 3, bucket: 5 };
            desk.expectAccepted(desk.sell(carol, 5, 40, { market: 4 }));
            desk.expectAccepted(desk.sell(carol, 1, 150, { market: 4 }));
            desk.set(maxOrders.id, 3, 4);
            trip(desk, 4, 0);
            desk.set(maxBucketOrders.id, 0, 0);
            desk.set(status.id, STATUS.reduceOnly, 4);
          },
        },
        {
          refusal: "order_flags_conflict",
          facts: { type: 0, timeInForce: 3, flags: 3 },
          why: "post-only means to rest, fill-or-kill not to",
          cure: { timeInForce: TIME_IN_FORCE.goodTillCancelled },
        },
        {
          refusal: "price_required",
          facts: { type: 0 },
          why: "a limit order without a limit",
          cure: {
            type: ORDER_TYPE.market,
            timeInForce: TIME_IN_FORCE.immediateOrCancel,
            flags: ORDER_FLAG.reduceOnly,
          },
        },
        {
          refusal: "price_not_named",
          facts: { level: BREAKER.reduceOnly },
          why: "a market order without one, while the breaker is not at normal",
          cure: {
            type: ORDER_TYPE.limit,
            timeInForce: TIME_IN_FORCE.goodTillCancelled,
            flags: 3,
            price: 40_000,
          },
        },
        {
          refusal: "trigger_required",
          facts: { type: 0, trigger: 40_000 },
          why: "a plain order has no trigger",
          cure: { type: ORDER_TYPE.stopLimit },
        },
        {
          refusal: "price_outside_range",
          facts: { price: 40_000, limit: 32_767 },
          why: "the price is beyond 2^15 − 1",
          cure: { price: 20_000 },
        },
        {
          refusal: "price_outside_range",
          facts: { price: 40_000, limit: 32_767 },
          why: "and so is the trigger",
          cure: { trigger: 50 },
        },
        {
          refusal: "price_outside_band",
          facts: { price: 20_000, limit: 100 },
          why: "the band of a stop lies around its trigger: 50 and 100 % of it",
          cure: { price: 50 },
        },
        {
          refusal: "trigger_already_met",
          facts: { trigger: 50, mark: 100 },
          why: "a buy stop below the mark would fire at once",
          cure: { trigger: 120 },
        },
        {
          refusal: "expiry_required",
          facts: { expiry: 1_999, time: 2_000 },
          why: "good till cancelled, with a date",
          cure: { expiry: 0 },
        },
        {
          refusal: "client_id_in_use",
          facts: { clientId: 7, order: idOf(3) },
          why: "Alice's other bucket has an order of that name",
          cure: { clientId: 8 },
        },
        {
          refusal: "bucket_order_limit",
          facts: { limit: 0 },
          why: "the tier lets nobody have an order",
          cure: (desk) => {
            desk.set(maxBucketOrders.id, 9, 0);
          },
        },
        {
          refusal: "market_order_limit",
          facts: { limit: 3 },
          why: "one waits and two rest",
          cure: (desk) => {
            desk.set(maxOrders.id, 9, 4);
          },
        },
        {
          refusal: "order_capacity_reached",
          facts: { capacity: 5 },
          why: "two bids of Bob's elsewhere, and the three here",
          cure: (desk) => {
            desk.expectAccepted({ kind: "cancelOrder", account: 3, tier: 1, order: idOf(5), clientId: 0 });
          },
        },
        {
          refusal: "market_held_in_other_bucket",
          facts: { market: 4, bucket: 3 },
          why: "a waiting order holds the market for the isolated bucket",
          cure: (desk) => {
            desk.expectAccepted({ kind: "cancelOrder", account: ALICE, tier: 1, order: 0, clientId: 7 });
          },
        },
        {
          refusal: "position_capacity_reached",
          facts: { capacity: 12 },
          why: "three buckets took four slots each; one of them is Bob's, who now sends a plain order",
          cure: { account: BOB, bucket: 4, type: ORDER_TYPE.limit, trigger: 0 },
        },
        {
          refusal: "nothing_to_reduce",
          facts: { lots: 0 },
          why: "Bob is flat in market 4",
          cure: { flags: ORDER_FLAG.postOnly },
        },
        {
          refusal: "reduce_only_market",
          facts: { market: 4 },
          why: "positions may only shrink",
          cure: (desk) => {
            desk.set(status.id, STATUS.open, 4);
            calm(desk);
            desk.loseFeed(4);
          },
        },
        {
          refusal: "price_forbids",
          facts: { quality: QUALITY.dead, age: 0, forbids: 63 },
          why: "nobody has reported the price yet",
          cure: (desk) => {
            desk.forgetFeed(4);
          },
        },
        {
          refusal: "position_limit",
          facts: { exposure: 50_000, limit: MOST_LOTS },
          why: "the order alone exceeds it",
          cure: { lots: MOST_LOTS },
        },
        {
          refusal: "bucket_exposure_cap",
          facts: { value: 3 * MOST_LOTS * CEILING, limit: limits.MAX_BUCKET_VALUE },
          why: "two markets are full to the brim; this is the third",
          cure: (desk) => {
            desk.expectAccepted({ kind: "cancelAll", account: BOB, tier: 1, bucket: 4, market: 0 });
          },
        },
        {
          refusal: "margin_insufficient",
          facts: { equity: usd(20_000), required: usd(343_590) },
          why: "a tenth of 34 359 lots at the mark of 100",
          cure: { lots: 10 },
        },
        {
          refusal: "post_only_would_cross",
          facts: { price: 50, best: 40 },
          why: "Carol asks 40",
          cure: { flags: 0, timeInForce: TIME_IN_FORCE.fillOrKill },
        },
        {
          refusal: "fill_or_kill_unfilled",
          facts: { filled: 5, lots: 10 },
          why: "Carol has five",
          cure: { lots: 5 },
        },
      ],
    },
    {
      scene: () => {
        const desk = openDesk();
        const [alice, bob, carol] = [
          desk.openTrader(1_000),
          desk.openTrader(10_000),
          desk.openTrader(10_000),
        ];
        desk.trade(alice, bob, 50, 100);
        desk.mark(85);
        desk.expectAccepted(desk.buy(carol, 25, 77));
        return [desk, { ...LIMIT_ORDER, ...alice, side: 1, lots: 25, price: 77 }];
      },
      steps: [
        {
          refusal: "health_would_fall",
          facts: { equity: usd(50), maintenance: usd(106.25) },
          why: "250 over 212.5 before; to sell half of it at 8 below the mark leaves 50 over 106.25",
          cure: (desk) => {
            desk.expectAccepted(desk.buy({ account: 3, bucket: 3 }, 25, 84));
          },
        },
      ],
    },
  ]),

  amendOrder: between("price_outside_band", COLLECTED_AMENDMENTS, [
    {
      scene: () => {
        const desk = openDesk({ contract: CONTRACT.future, expiry: 2_000 });
        desk.listMarket({ maxPositionLots: MOST_LOTS });
        for (let market = 3; market <= 4; market++) desk.listMarket({ maxPositionLots: MOST_LOTS }, 1);
        const [alice, bob] = [desk.openTrader(20_000), desk.openTrader(20_000)];
        desk.expectAccepted(desk.buy(alice, 1, 100));
        const here = { market: 2 };
        desk.trade(bob, alice, 1, 100, here);
        desk.expectAccepted(desk.buy(alice, 1, 80, { ...here, flags: ORDER_FLAG.reduceOnly }));
        desk.trade(alice, bob, 1, 100, here);
        desk.expectAccepted(desk.buy(alice, 10, 90, { ...here, flags: ORDER_FLAG.postOnly }));
        desk.expectAccepted(desk.sell(bob, 5, 110, here));
        for (const market of [3, 4]) desk.expectAccepted(desk.buy(alice, MOST_LOTS - 10, 1, { market }));
        const dated = { market: 3, timeInForce: TIME_IN_FORCE.goodTillDate, expiry: 2_000 };
        desk.expectAccepted(desk.buy(alice, 1, 1, dated));
        desk.set(status.id, STATUS.halted, 1);
        desk.set(status.id, STATUS.reduceOnly, 2);
        desk.now = 2_000;
        return [desk, { account: 9, tier: 9, order: 9, price: 40_000, lots: 50_000 }];
      },
      steps: [
        { refusal: "tier_unknown", facts: { tier: 9 }, why: "there is one tier", cure: { tier: 1 } },
        {
          refusal: "account_unknown",
          facts: { account: 9 },
          why: "there are two accounts",
          cure: { account: BOB },
        },
        {
          refusal: "order_unknown",
          facts: { order: 9 },
          why: "no order has so small an id",
          cure: { order: idOf(1) },
        },
        {
          refusal: "order_not_owned",
          facts: { order: idOf(1), account: ALICE },
          why: "it is Alice's bid in the future",
          cure: { account: ALICE },
        },
        {
          refusal: "market_not_open",
          facts: { status: STATUS.halted },
          why: "the future is halted",
          cure: (desk) => {
            desk.set(status.id, STATUS.open, 1);
          },
        },
        {
          refusal: "market_expired",
          facts: { expiry: 2_000, time: 2_000 },
          why: "its time has come; the next order is a dated bid in market 3",
          cure: { order: idOf(7) },
        },
        {
          refusal: "expiry_required",
          facts: { expiry: 2_000, time: 2_000 },
          why: "the bid's date has come too; the next order is a reduce-only bid in market 2",
          cure: { order: idOf(2, 2) },
        },
        {
          refusal: "price_outside_range",
          facts: { price: 40_000, limit: 32_767 },
          why: "beyond 2^15 − 1",
          cure: { price: 20_000 },
        },
        {
          refusal: "price_outside_band",
          facts: { price: 20_000, limit: 150 },
          why: "50 % above the mark",
          cure: { price: 120 },
        },
        {
          refusal: "nothing_to_reduce",
          facts: { lots: 0 },
          why: "the short it was to reduce is closed; the next order is a post-only bid",
          cure: { order: idOf(3, 2) },
        },
        {
          refusal: "reduce_only_market",
          facts: { market: 2 },
          why: "positions may only shrink",
          cure: (desk) => {
            desk.set(status.id, STATUS.open, 2);
            desk.loseFeed(2);
          },
        },
        {
          refusal: "price_forbids",
          facts: { quality: QUALITY.dead, age: 0, forbids: 63 },
          why: "nobody has reported the price yet",
          cure: (desk) => {
            desk.forgetFeed(2);
          },
        },
        {
          refusal: "position_limit",
          facts: { exposure: 50_000, limit: MOST_LOTS },
          why: "its old ten lots no longer count, its new ones do",
          cure: { lots: MOST_LOTS },
        },
        {
          refusal: "bucket_exposure_cap",
          facts: { value: (3 * MOST_LOTS - 20 + 2) * CEILING, limit: limits.MAX_BUCKET_VALUE },
          why: "markets 3 and 4 are nearly full, and there are the bid in the future and the dated one",
          cure: (desk) => {
            for (const market of [3, 4])
              desk.expectAccepted({ kind: "cancelAll", account: ALICE, tier: 1, bucket: 1, market });
          },
        },
        {
          refusal: "margin_insufficient",
          facts: { equity: usd(20_000), required: usd(1_030_770 + 10) },
          why: "10 on the bid in the future; a tenth of the mark, and the 20 above it, on each of 34 359 lots",
          cure: { lots: 10 },
        },
        {
          refusal: "post_only_would_cross",
          facts: { price: 120, best: 110 },
          why: "Bob asks 110",
          cure: { price: 109 },
        },
      ],
    },
    {
      scene: () => {
        const desk = openDesk();
        const [alice, bob, carol] = [
          desk.openTrader(1_000),
          desk.openTrader(10_000),
          desk.openTrader(10_000),
        ];
        desk.trade(alice, bob, 50, 100);
        desk.expectAccepted(desk.sell(alice, 25, 110, { clientId: 7 }));
        desk.mark(85);
        desk.expectAccepted(desk.buy(carol, 25, 77));
        return [desk, { account: ALICE, tier: 1, order: idOf(1, 2), price: 77, lots: 25 }];
      },
      steps: [
        {
          refusal: "health_would_fall",
          facts: { equity: usd(50), maintenance: usd(106.25) },
          why: "moved 8 below the mark it would sell half the position, and most of the equity with it",
          cure: { price: 86 },
        },
      ],
    },
  ]),

  cancelOrder: [
    {
      scene: () => {
        const desk = openDesk();
        desk.openTrader(100);
        desk.expectAccepted(desk.buy(desk.openTrader(100), 1, 100, { clientId: 5 }));
        return [desk, { account: 9, tier: 9, order: 0, clientId: 5 }];
      },
      steps: [
        { refusal: "tier_unknown", facts: { tier: 9 }, why: "there is one tier", cure: { tier: 1 } },
        {
          refusal: "account_unknown",
          facts: { account: 9 },
          why: "there are two accounts",
          cure: { account: ALICE },
        },
        {
          refusal: "client_id_unknown",
          facts: { clientId: 5 },
          why: "it is a name of Bob's, and names are private",
          cure: { order: idOf(1, 2) },
        },
        {
          refusal: "order_unknown",
          facts: { order: idOf(1, 2) },
          why: "the slot is in its first generation",
          cure: { order: idOf(1) },
        },
        {
          refusal: "order_not_owned",
          facts: { order: idOf(1), account: BOB },
          why: "it is Bob's",
          cure: { account: BOB },
        },
      ],
    },
  ],

  cancelAll: [
    {
      scene: () => {
        const desk = openDesk();
        desk.openTrader(100);
        desk.openTrader(100);
        return [desk, { account: 9, tier: 9, bucket: 9, market: 9 }];
      },
      steps: [
        { refusal: "tier_unknown", facts: { tier: 9 }, why: "there is one tier", cure: { tier: 1 } },
        {
          refusal: "account_unknown",
          facts: { account: 9 },
          why: "there are two accounts",
          cure: { account: ALICE },
        },
        {
          refusal: "bucket_unknown",
          facts: { bucket: 9 },
          why: "there are two buckets",
          cure: { bucket: 2 },
        },
        {
          refusal: "bucket_not_owned",
          facts: { bucket: 2, account: BOB },
          why: "it is Bob's",
          cure: { account: BOB },
        },
        { refusal: "market_unknown", facts: { market: 9 }, why: "there is one market", cure: { market: 0 } },
      ],
    },
  ],

  massCancel: [
    {
      scene: () => [openDesk(), { tier: 9, market: 9 }],
      steps: [
        { refusal: "tier_unknown", facts: { tier: 9 }, why: "there is one tier", cure: { tier: 1 } },
        { refusal: "market_unknown", facts: { market: 9 }, why: "there is one market", cure: { market: 1 } },
      ],
    },
  ],

  updateIndexPrice: [
    {
      scene: () => {
        const desk = openDesk({ contract: CONTRACT.future, expiry: 2_000 });
        desk.listMarket();
        desk.now = 2_000;
        desk.expectAccepted({ kind: "expireMarket", tier: 1, market: 1, price: 100 });
        desk.loseFeed(2);
        return [desk, { tier: 9, market: 9, price: 40_000 }];
      },
      steps: [
        { refusal: "tier_unknown", facts: { tier: 9 }, why: "there is one tier", cure: { tier: 1 } },
        {
          refusal: "market_unknown",
          facts: { market: 9 },
          why: "there are two markets",
          cure: { market: 1 },
        },
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
        { refusal: "tier_unknown", facts: { tier: 9 }, why: "there is one tier", cure: { tier: 1 } },
        { refusal: "asset_unknown", facts: { asset: 9 }, why: "there are two assets", cure: { asset: 2 } },
        {
          refusal: "collateral_not_accepted",
          facts: { asset: 2 },
          why: "the tier has no use for its price",
          cure: (desk) => {
            const weights = { initialWeight: 1, maintenanceWeight: 1 };
            desk.expectAccepted({ kind: "acceptCollateral", tier: 1, asset: 2, ...weights, cap: 1 });
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
        { refusal: "tier_unknown", facts: { tier: 9 }, why: "there is one tier", cure: { tier: 1 } },
        {
          refusal: "market_unknown",
          facts: { market: 9 },
          why: "there are four markets",
          cure: { market: 1 },
        },
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
        {
          refusal: "price_forbids",
          facts: { quality: QUALITY.dead, age: 0, forbids: 63 },
          why: "a rate of a price that nobody vouches for; then the market measures its own",
          cure: (desk) => {
            desk.forgetFeed(2);
            desk.set(fundingInterval.id, 3_600_000, 2);
          },
        },
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
      steps: [{ refusal: "tier_unknown", facts: { tier: 9 }, why: "there is one tier", cure: { tier: 1 } }],
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
        desk.expectAccepted({ kind: "expireMarket", tier: 1, market: 2, price: 100 });
        return [desk, { tier: 9, market: 9, price: 40_000 }];
      },
      steps: [
        { refusal: "tier_unknown", facts: { tier: 9 }, why: "there is one tier", cure: { tier: 1 } },
        {
          refusal: "market_unknown",
          facts: { market: 9 },
          why: "there are four markets",
          cure: { market: 1 },
        },
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
        { refusal: "tier_unknown", facts: { tier: 9 }, why: "there is one tier", cure: { tier: 1 } },
        { refusal: "market_unknown", facts: { market: 9 }, why: "there is one market", cure: { market: 1 } },
        {
          refusal: "market_not_settled",
          facts: { market: 1 },
          why: "it has expired, but nobody has fixed its price",
          cure: (desk) => {
            desk.expectAccepted({ kind: "expireMarket", tier: 1, market: 1, price: 100 });
          },
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
        { refusal: "tier_unknown", facts: { tier: 9 }, why: "there is one tier", cure: { tier: 1 } },
        {
          refusal: "bucket_unknown",
          facts: { bucket: 9 },
          why: "there are two buckets",
          cure: { bucket: 1 },
        },
        {
          refusal: "market_unknown",
          facts: { market: 9 },
          why: "there are two markets",
          cure: { market: 2 },
        },
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

  setParameter: [
    {
      scene: () => [sealedTier(), { tier: 9, market: 1, parameter: maxOrders.id, value: 5 }],
      steps: [
        { refusal: "tier_unknown", facts: { tier: 9 }, why: "there are two tiers", cure: { tier: 2 } },
        { refusal: "governance_required", facts: { tier: 2 }, why: "it is sealed", cure: { tier: 1 } },
      ],
    },
    {
      scene: () => {
        const desk = new Desk();
        desk.listQuote();
        desk.listAsset();
        desk.listTier(50_000);
        desk.listMarket({ contract: CONTRACT.future, expiry: 2_000, takerFee: 50 });
        desk.listMarket({ takerFee: 50, oiUpper: 100 });
        desk.expectAccepted({
          kind: "setMarginBracket",
          tier: 1,
          market: 2,
          bracket: 1,
          lower: usd(1_000),
          rate: 200_000,
        });
        desk.now = 2_000;
        desk.expectAccepted({ kind: "expireMarket", tier: 1, market: 1, price: 100 });
        return [desk, { tier: 9, market: 9, parameter: maxBucketOrders.id, value: 0 }];
      },
      steps: [
        { refusal: "tier_unknown", facts: { tier: 9 }, why: "there is one tier", cure: { tier: 1 } },
        {
          refusal: "market_unknown",
          facts: { market: 9 },
          why: "there are two markets",
          cure: { market: 1 },
        },
        {
          refusal: "parameter_unknown",
          facts: { parameter: maxBucketOrders.id },
          why: "it is a parameter of tiers, and this is a market",
          cure: { parameter: PARAMETERS.collateralCap.id, market: 9 },
        },
        { refusal: "asset_unknown", facts: { asset: 9 }, why: "there are two assets", cure: { market: 2 } },
        {
          refusal: "collateral_not_accepted",
          facts: { asset: 2 },
          why: "the tier takes no collateral",
          cure: { parameter: initialMargin.id, market: 1 },
        },
        {
          refusal: "parameter_out_of_range",
          facts: { value: 0, min: 1, max: 1_000_000 },
          why: "margin is at least 1 ppm",
          cure: { value: 1 },
        },
        {
          refusal: "market_is_settled",
          facts: { market: 1 },
          why: "nothing is left to set",
          cure: { market: 2 },
        },
        {
          refusal: "margin_below_tier",
          facts: { initialMargin: 1, minimum: 50_000 },
          why: "the tier asks for 5 %",
          cure: { value: 200_000 },
        },
        {
          refusal: "bracket_order",
          facts: { lower: usd(1_000), rate: 200_000 },
          why: "the first bracket must ask for more than no bracket",
          cure: { parameter: PARAMETERS.oiUpper.id, value: 0, market: 2 },
        },
      ],
    },
    {
      scene: () => {
        const desk = openDesk({ takerFee: 50 });
        desk.listAsset();
        const weights = { initialWeight: 500_000, maintenanceWeight: 800_000 };
        desk.expectAccepted({ kind: "acceptCollateral", tier: 1, asset: 2, ...weights, cap: 5 });
        return [desk, { tier: 1, market: 1, parameter: PARAMETERS.oiLower.id, value: 1 }];
      },
      steps: [
        {
          refusal: "open_interest_bounds",
          facts: { oiLower: 1, oiUpper: 0 },
          why: "the upper bound is still 0",
          cure: { parameter: PARAMETERS.makerFee.id, value: -51 },
        },
        {
          refusal: "rebate_above_fee",
          facts: { makerFee: -51, takerFee: 50 },
          why: "takers pay 50",
          cure: { parameter: maxPositionLots.id, value: MOST_LOTS + 1 },
        },
        {
          refusal: "position_value_cap",
          facts: { maxPositionLots: MOST_LOTS + 1, allowed: MOST_LOTS },
          why: "one lot beyond 2^50 µUSD",
          cure: { parameter: maxOpenInterestLots.id, value: 274_878 },
        },
        {
          refusal: "open_interest_value_cap",
          facts: { maxOpenInterestLots: 274_878, allowed: 274_877 },
          why: "one lot beyond 2^53 − 1 µUSD",
          cure: { parameter: PARAMETERS.collateralInitialWeight.id, market: 2, value: 800_001 },
        },
        {
          refusal: "weight_order",
          facts: { initialWeight: 800_001, maintenanceWeight: 800_000 },
          why: "what opens a position must also keep it",
          cure: { value: 800_000 },
        },
      ],
    },
    {
      scene: () => {
        const desk = openDesk();
        desk.set(throttleHour.id, 20_000, 0, 0);
        return [desk, { tier: 0, market: 1, parameter: status.id, value: -1 }];
      },
      steps: [
        {
          refusal: "market_unknown",
          facts: { market: 1 },
          why: "the venue has no markets, its tiers have",
          cure: { market: 0 },
        },
        {
          refusal: "parameter_unknown",
          facts: { parameter: status.id },
          why: "it is a parameter of markets, and this is the venue",
          cure: { parameter: throttleHour.id },
        },
        {
          refusal: "parameter_out_of_range",
          facts: { value: -1, min: 0, max: 1_000_000 },
          why: "nobody lets less than nothing out",
          cure: { value: 0 },
        },
        {
          refusal: "throttle_stays_on",
          facts: { parameter: throttleHour.id, current: 20_000 },
          why: "whoever may widen a window may not tear it down",
          cure: { value: 1_000_000 },
        },
      ],
    },
  ],

  setMarginBracket: [
    {
      scene: () => [sealedTier(), { tier: 9, market: 1, bracket: 1, lower: 5, rate: 200_000 }],
      steps: [
        { refusal: "tier_unknown", facts: { tier: 9 }, why: "there are two tiers", cure: { tier: 2 } },
        { refusal: "governance_required", facts: { tier: 2 }, why: "it is sealed", cure: { tier: 1 } },
      ],
    },
    {
      scene: () => [openDesk(), { tier: 9, market: 9, bracket: 2, lower: usd(1_000), rate: 200_000 }],
      steps: [
        { refusal: "tier_unknown", facts: { tier: 9 }, why: "there is one tier", cure: { tier: 1 } },
        { refusal: "market_unknown", facts: { market: 9 }, why: "there is one market", cure: { market: 1 } },
        {
          refusal: "bracket_order",
          facts: { lower: usd(1_000), rate: 200_000 },
          why: "the second before the first",
          cure: { bracket: 1 },
        },
      ],
    },
  ],

  updateVaultPrice: [
    {
      scene: () => {
        const desk = openDesk();
        desk.listAsset();
        return [desk, { asset: 9, price: usd(5) }];
      },
      steps: [
        { refusal: "asset_unknown", facts: { asset: 9 }, why: "there are two assets", cure: { asset: 1 } },
        {
          refusal: "vault_price_is_fixed",
          facts: { asset: 1 },
          why: "a dollar is a dollar",
          cure: { asset: 2 },
        },
      ],
    },
  ],

  setThrottlePosture: [
    {
      scene: () => {
        const desk = openDesk();
        desk.expectAccepted({ kind: "setThrottlePosture", posture: 3 });
        return [desk, { posture: 0 }];
      },
      steps: [
        {
          refusal: "posture_step",
          facts: { posture: 0, current: 3 },
          why: "it takes three steps to get there",
          cure: { posture: 2 },
        },
        {
          refusal: "posture_dwell",
          facts: { since: 1_000, required: 900_000 },
          why: "a quarter of an hour is kept in each",
          cure: { time: 901_000 },
        },
      ],
    },
  ],

  releaseWithdrawals: [],

  cancelWithdrawal: [
    {
      scene: () => {
        const desk = openDesk();
        desk.openAccount();
        desk.openAccount();
        desk.deposit(ALICE, 100);
        const request = { kind: "requestWithdrawal", account: ALICE, asset: 1, amount: 40 } as const;
        desk.expectAccepted(request);
        desk.set(throttleHour.id, 20_000, 0, 0);
        desk.expectAccepted(request);
        return [desk, { account: 9, withdrawal: 7 }];
      },
      steps: [
        { refusal: "account_unknown", facts: { account: 9 }, why: "there are two", cure: { account: BOB } },
        {
          refusal: "withdrawal_unknown",
          facts: { withdrawal: 7 },
          why: "no slot has a generation 0",
          cure: { withdrawal: idOf(1) },
        },
        {
          refusal: "withdrawal_not_owned",
          facts: { withdrawal: idOf(1), account: ALICE },
          why: "it is Alice's",
          cure: { account: ALICE },
        },
        {
          refusal: "withdrawal_not_queued",
          facts: { withdrawal: idOf(1), released: 40 },
          why: "it was released before the throttle was on",
          cure: { withdrawal: idOf(2) },
        },
      ],
    },
  ],

  setExitRatio: [],

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
        { refusal: "tier_unknown", facts: { tier: 9 }, why: "there is one tier", cure: { tier: 1 } },
        {
          refusal: "account_unknown",
          facts: { account: 9 },
          why: "there is one account",
          cure: { account: ALICE },
        },
        {
          refusal: "balance_insufficient",
          facts: { balance: usd(5), amount: usd(6) },
          why: "she has five dollars",
          cure: { amount: usd(5) },
        },
      ],
    },
  ],

  appointBackstop: [
    {
      scene: () => {
        const desk = sealedTier();
        const { account } = desk.openTrader(1_000);
        return [desk, { tier: 9, account }];
      },
      steps: SEALED,
    },
    {
      scene: () => {
        const desk = openDesk();
        desk.openAccount();
        return [desk, { tier: 9, account: 9 }];
      },
      steps: [
        { refusal: "tier_unknown", facts: { tier: 9 }, why: "there is one tier", cure: { tier: 1 } },
        {
          refusal: "account_unknown",
          facts: { account: 9 },
          why: "there is one account",
          cure: { account: ALICE },
        },
        {
          refusal: "bucket_unknown",
          facts: { bucket: 0 },
          why: "she has nothing in the tier",
          cure: (desk) => void desk.fund(ALICE, 1),
        },
      ],
    },
    {
      scene: () => {
        const desk = openDesk();
        sharedBackstop(desk);
        return [desk, { tier: 1, account: desk.openTrader(1_000).account }];
      },
      steps: [
        {
          refusal: "backstop_shared",
          facts: { bucket: 1, shares: usd(1_500) },
          why: "who owns shares owns them of this bucket",
          cure: { account: ALICE },
        },
      ],
    },
  ],
  ...GOVERNANCE_WALKS,

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
        const desk = openDesk({ contract: CONTRACT.future, expiry: 2_000 });
        desk.listMarket();
        desk.listAsset();
        desk.openReporters(2);
        desk.now = 2_000;
        desk.expectAccepted({ kind: "expireMarket", tier: 1, market: 1, price: 100 });
        return [desk, { ...PLAIN_FEED, tier: 9, id: 9, staleAfter: 30_001 }];
      },
      steps: [
        { refusal: "tier_unknown", facts: { tier: 9 }, why: "there is one tier", cure: { tier: 1 } },
        { refusal: "market_unknown", facts: { market: 9 }, why: "there are two markets", cure: { id: 1 } },
        {
          refusal: "market_is_settled",
          facts: { market: 1 },
          why: "its price is final; the next is the price of an asset",
          cure: { feedKind: FEED_KIND.collateral, id: 9 },
        },
        { refusal: "asset_unknown", facts: { asset: 9 }, why: "there are two assets", cure: { id: 2 } },
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
        const desk = openDesk({ contract: CONTRACT.future, expiry: 2_000 });
        desk.listMarket();
        desk.listAsset();
        desk.now = 2_000;
        desk.expectAccepted({ kind: "expireMarket", tier: 1, market: 1, price: 100 });
        desk.openReporters(2);
        const asked = { id: 2, reporters: 1, quorum: 1, floor: 90_000 };
        desk.askReporters(asked);
        desk.expectAccepted(desk.report(1, 100_000, { id: 2, sequence: 5, publishedAt: 1_950 }));
        const report = { price: 40_000_000, confidence: 2_001, publishedAt: 2_251, sequence: 5 };
        return [desk, { tier: 9, reporter: 7, feedKind: FEED_KIND.market, id: 9, ...report }];
      },
      steps: [
        { refusal: "tier_unknown", facts: { tier: 9 }, why: "there is one tier", cure: { tier: 1 } },
        { refusal: "market_unknown", facts: { market: 9 }, why: "there are two markets", cure: { id: 1 } },
        {
          refusal: "market_is_settled",
          facts: { market: 1 },
          why: "its price is final; the next is the price of an asset",
          cure: { feedKind: FEED_KIND.collateral, id: 9 },
        },
        { refusal: "asset_unknown", facts: { asset: 9 }, why: "there are two assets", cure: { id: 2 } },
        {
          refusal: "collateral_not_accepted",
          facts: { asset: 2 },
          why: "the tier has no use for its price",
          cure: (desk) => {
            const weights = { initialWeight: 1, maintenanceWeight: 1 };
            desk.expectAccepted({ kind: "acceptCollateral", tier: 1, asset: 2, ...weights, cap: 1 });
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
        const accepted = { asset: 2, initialWeight: 1, maintenanceWeight: 1, cap: 1 };
        desk.expectAccepted({ kind: "acceptCollateral", tier: 1, ...accepted });
        const redeemed = { asset: 2, basis: BASIS.quote, underlying: 0, maxAge: 1_000, dailyStep: 0 };
        return [desk, { tier: 9, ...redeemed }];
      },
      steps: SEALED,
    },
    {
      scene: () => {
        const desk = openDesk();
        for (let asset = 2; asset <= 4; asset++) desk.listAsset();
        const weights = { initialWeight: 1, maintenanceWeight: 1 };
        for (const asset of [2, 3]) {
          desk.expectAccepted({ kind: "acceptCollateral", tier: 1, asset, ...weights, cap: 1 });
        }
        desk.redeem(3, { basis: BASIS.quote });
        return [desk, { tier: 9, asset: 9, basis: BASIS.asset, underlying: 9, maxAge: 1_000, dailyStep: 0 }];
      },
      steps: [
        { refusal: "tier_unknown", facts: { tier: 9 }, why: "there is one tier", cure: { tier: 1 } },
        { refusal: "asset_unknown", facts: { asset: 9 }, why: "there are four assets", cure: { asset: 4 } },
        {
          refusal: "collateral_not_accepted",
          facts: { asset: 4 },
          why: "the tier has no use for its price",
          cure: { asset: 2 },
        },
        {
          refusal: "asset_unknown",
          facts: { asset: 9 },
          why: "nor is it redeemed for",
          cure: { underlying: 4 },
        },
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
        const weights = { initialWeight: 1, maintenanceWeight: 1 };
        desk.expectAccepted({ kind: "acceptCollateral", tier: 1, asset: 2, ...weights, cap: 1 });
        desk.openReporters(1);
        desk.now = 2_000;
        const report = { ratio: 1_010_000_001, publishedAt: 2_251, sequence: 5 };
        return [desk, { tier: 9, reporter: 7, asset: 9, ...report }];
      },
      steps: [
        { refusal: "tier_unknown", facts: { tier: 9 }, why: "there is one tier", cure: { tier: 1 } },
        { refusal: "asset_unknown", facts: { asset: 9 }, why: "there are three assets", cure: { asset: 3 } },
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
        const desk = openDesk({ contract: CONTRACT.future, expiry: 2_000 });
        desk.listMarket();
        desk.listAsset();
        desk.openReporters(1);
        desk.now = 2_000;
        desk.expectAccepted({ kind: "expireMarket", tier: 1, market: 1, price: 100 });
        return [desk, { tier: 9, reporter: 7, feedKind: FEED_KIND.market, id: 9, depth: 1, flow: 1 }];
      },
      steps: [
        { refusal: "tier_unknown", facts: { tier: 9 }, why: "there is one tier", cure: { tier: 1 } },
        { refusal: "market_unknown", facts: { market: 9 }, why: "there are two markets", cure: { id: 1 } },
        {
          refusal: "market_is_settled",
          facts: { market: 1 },
          why: "nothing rides on it any more; the next is the price of an asset",
          cure: { feedKind: FEED_KIND.collateral, id: 9 },
        },
        { refusal: "asset_unknown", facts: { asset: 9 }, why: "there are two assets", cure: { id: 2 } },
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

  configureBreaker: [
    {
      scene: () => [sealedTier(), { tier: 9, market: 1, ...DEAF_BREAKER }],
      steps: SEALED,
    },
    {
      scene: () => {
        const desk = openDesk({ contract: CONTRACT.future, expiry: 2_000 });
        desk.listMarket();
        desk.now = 2_000;
        desk.expectAccepted({ kind: "expireMarket", tier: 1, market: 1, price: 100 });
        return [desk, { tier: 9, market: 9, ...DEAF_BREAKER, softZ: 6, hardZ: 5, softMove: 2, hardMove: 1 }];
      },
      steps: [
        { refusal: "tier_unknown", facts: { tier: 9 }, why: "there is one tier", cure: { tier: 1 } },
        {
          refusal: "market_unknown",
          facts: { market: 9 },
          why: "there are two markets",
          cure: { market: 1 },
        },
        {
          refusal: "market_is_settled",
          facts: { market: 1 },
          why: "its price is final, and moves no more",
          cure: { market: 2 },
        },
        {
          refusal: "breaker_thresholds",
          facts: { soft: 6, hard: 5 },
          why: "caution would come after reduce-only",
          cure: { hardZ: 6 },
        },
        {
          refusal: "breaker_thresholds",
          facts: { soft: 2, hard: 1 },
          why: "the same for the floors",
          cure: { softMove: 1 },
        },
      ],
    },
  ],

  configurePosture: [
    {
      scene: () => [sealedTier(), { tier: 9, enabled: 1, baseline: 1, insuranceTarget: 0 }],
      steps: SEALED,
    },
  ],

  reportRisk: [
    {
      scene: () => {
        const calmly = { expectedShortfall: 0, ruin: 0, branching: 0, spike: 0, cover2: 0 };
        return [openDesk(), { tier: 9, ...calmly, expiry: 1_000 }];
      },
      steps: [
        { refusal: "tier_unknown", facts: { tier: 9 }, why: "there is one tier", cure: { tier: 1 } },
        {
          refusal: "report_expired",
          facts: { expiry: 1_000, time: 1_000 },
          why: "it was good until now",
          cure: { expiry: 1_001 },
        },
      ],
    },
  ],
};
