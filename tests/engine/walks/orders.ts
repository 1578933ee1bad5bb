/** Precedence walks of the command that places an order. */
import {
  BREAKER,
  CONTRACT,
  ORDER_FLAG,
  ORDER_TYPE,
  PARAMETERS,
  STATUS,
  TIME_IN_FORCE,
  limits,
} from "@bulkhead/engine";
import { Desk, LIMIT_ORDER, smallTier, smallVenue, usd } from "../venue.ts";
import { COLLECTED_ORDERS, between } from "./collectedOrders.ts";
import { ALICE, BOB, CEILING, MOST_LOTS, deadPrice, idOf, nearLiquidation, noSuch, trip } from "./steps.ts";
import type { Walks } from "./walk.ts";

const { status, maxOrders, maxBucketOrders } = PARAMETERS;

/** Hours pass, until every breaker has come to rest. */
function calm(desk: Desk): void {
  for (let tick = 0; tick < 30; tick++) {
    desk.now += 600_000;
    desk.tick();
  }
}

export const ORDER_WALKS: Pick<Walks, "placeOrder"> = {
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
        noSuch("tier", "there is one tier", { tier: 1 }),
        noSuch("account", "there are three accounts", { account: BOB }),
        noSuch("bucket", "there are five buckets", { bucket: 1 }),
        {
          refusal: "bucket_not_owned",
          facts: { bucket: 1, account: ALICE },
          why: "it is Alice's bucket, isolated to market 2",
          cure: { account: ALICE },
        },
        noSuch("market", "there are six markets", { market: 3 }),
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
            trip(desk, 4);
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
        deadPrice("nobody has reported the price yet", (desk) => desk.forgetFeed(4)),
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
        const [desk, alice] = nearLiquidation();
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
};
