/** Precedence walks of the commands about open orders: amended and cancelled. */
import { CONTRACT, ORDER_FLAG, PARAMETERS, STATUS, TIME_IN_FORCE, limits } from "@bulkhead/engine";
import { openDesk, usd } from "../venue.ts";
import { COLLECTED_AMENDMENTS, between } from "./collectedOrders.ts";
import { ALICE, BOB, CEILING, MOST_LOTS, deadPrice, idOf, nearLiquidation, noSuch } from "./steps.ts";
import type { Walks } from "./walk.ts";

const { status } = PARAMETERS;

export const OPEN_ORDER_WALKS: Pick<Walks, "amendOrder" | "cancelOrder" | "cancelAll" | "massCancel"> = {
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
        noSuch("tier", "there is one tier", { tier: 1 }),
        noSuch("account", "there are two accounts", { account: BOB }),
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
        deadPrice("nobody has reported the price yet", (desk) => desk.forgetFeed(2)),
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
        const [desk, alice] = nearLiquidation();
        desk.expectAccepted(desk.sell(alice, 25, 110));
        return [desk, { account: ALICE, tier: 1, order: idOf(2), price: 77, lots: 25 }];
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
        noSuch("tier", "there is one tier", { tier: 1 }),
        noSuch("account", "there are two accounts", { account: ALICE }),
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
        noSuch("tier", "there is one tier", { tier: 1 }),
        noSuch("account", "there are two accounts", { account: ALICE }),
        noSuch("bucket", "there are two buckets", { bucket: 2 }),
        {
          refusal: "bucket_not_owned",
          facts: { bucket: 2, account: BOB },
          why: "it is Bob's",
          cure: { account: BOB },
        },
        noSuch("market", "there is one market", { market: 0 }),
      ],
    },
  ],

  massCancel: [
    {
      scene: () => [openDesk(), { tier: 9, market: 9 }],
      steps: [
        noSuch("tier", "there is one tier", { tier: 1 }),
        noSuch("market", "there is one market", { market: 1 }),
      ],
    },
  ],
};
