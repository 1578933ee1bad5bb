/** What a trader tries who wants the venue to slip: edges of every range, borrowed ids, halves of two rules. */
import {
  CONTRACT,
  ORDER_FLAG,
  ORDER_TYPE,
  PARAMETERS,
  REASON,
  type Receipt,
  SELF_TRADE,
  STATUS,
  TIME_IN_FORCE,
  bucketIdOf,
  limits,
  orderView,
} from "@bulkhead/engine";
import { describe, expect, test } from "vitest";
import { type Desk, PLAIN_MARKET, type Trader, openDesk, smallTier, smallVenue, usd } from "./venue.ts";

const IOC = { timeInForce: TIME_IN_FORCE.immediateOrCancel };
const REDUCE = { flags: ORDER_FLAG.reduceOnly };

describe("sizes beyond all measure", () => {
  test("a huge order is refused by the position limit before anything is multiplied", () => {
    const desk = openDesk();
    const alice = desk.openTrader(1_000);
    const { MAX_LOTS } = limits;
    desk.expectRefused(desk.buy(alice, MAX_LOTS, 150), "position_limit", {
      exposure: MAX_LOTS,
      limit: 10_000,
    });
    desk.expectAccepted(desk.buy(alice, 1, 100, { clientId: 1 }));
    const order = desk.newestOrder(alice);
    const amend = { kind: "amendOrder", account: alice.account, tier: 1, order, price: 101 } as const;
    desk.expectRefused({ ...amend, lots: MAX_LOTS }, "position_limit", { exposure: MAX_LOTS, limit: 10_000 });
  });

  test("a huge reduce-only order is cut to the position", () => {
    const desk = openDesk();
    const [alice, bob] = twoTraders(desk);
    desk.trade(alice, bob, 3, 100);
    const { facts } = desk.expectAccepted(desk.sell(alice, limits.MAX_LOTS, 150, REDUCE));
    expect(facts).toMatchObject({ filled: 0, resting: 3 });
  });

  test("a huge conditional order may wait, and is refused when it fires", () => {
    const desk = openDesk();
    const alice = desk.openTrader(1_000);
    const stop = { type: ORDER_TYPE.stopLimit, trigger: 120 };
    desk.expectAccepted(desk.buy(alice, limits.MAX_LOTS, 150, stop));
    expect(outcomesOf(desk.mark(120))).toEqual(["orderTriggered", "orderRemoved"]);
    expect(desk.bucket(alice).orders).toEqual([]);
  });

  test("a lot worth 2^50 at the top of its range goes all the way down and up", () => {
    const desk = openDesk({ notional: 2 ** 35, maxPositionLots: 1, maxOpenInterestLots: 7, band: 1_000_000 });
    const [alice, bob] = twoTraders(desk, 200_000_000);
    const top = 2 ** 15 - 1;
    desk.mark(top);
    desk.trade(alice, bob, 1, top);
    desk.mark(1);
    expect(desk.position(alice)?.unrealised).toBe(-(2 ** 35) * (top - 1));
    desk.trade(bob, alice, 1, 1);
    expect(desk.bucket(alice).equity + desk.bucket(bob).equity).toBe(usd(400_000_000));
    expect(desk.engine.audit()).toEqual([]);
  });

  test("a lot that could be worth more than that cannot be listed", () => {
    const desk = openDesk();
    const beyond = { notional: 2 ** 35 + 1, maxPositionLots: 1, maxOpenInterestLots: 1 };
    expect(desk.send({ kind: "listMarket", ...PLAIN_MARKET, ...beyond })).toMatchObject({
      outcome: "position_value_cap",
      facts: { maxPositionLots: 1, allowed: 0 },
    });
    const widest = { notional: 1e12, rangeBits: 22, maxPositionLots: 1, maxOpenInterestLots: 1 };
    expect(desk.send({ kind: "listMarket", ...PLAIN_MARKET, ...widest }).outcome).toBe("position_value_cap");
  });

  test("client ids use the whole exact range", () => {
    const desk = openDesk();
    const alice = desk.openTrader(1_000);
    for (const clientId of [limits.MAX_INTEGER, 2 ** 32, 2 ** 31, 1]) {
      desk.expectAccepted(desk.buy(alice, 1, 100, { clientId }));
    }
    const cancel = { kind: "cancelOrder", account: alice.account, tier: 1, order: 0 } as const;
    desk.expectRefused({ ...cancel, clientId: 2 ** 33 }, "client_id_unknown", { clientId: 2 ** 33 });
    desk.expectAccepted({ ...cancel, clientId: limits.MAX_INTEGER });
    desk.expectRefused({ ...cancel, clientId: 0 }, "client_id_unknown", { clientId: 0 });
  });
});

describe("what belongs to others", () => {
  test("an order id means nothing in another tier", () => {
    const desk = openDesk({}, { capacities: smallVenue({ tiers: [smallTier(), smallTier()] }) });
    desk.listTier();
    desk.listMarket({ tier: 2 });
    const alice = desk.openTrader(1_000);
    const bob = desk.openTrader(1_000, 0, 2);
    desk.expectAccepted(desk.buy(alice, 1, 100));
    const order = desk.newestOrder(alice);
    const cancel = { kind: "cancelOrder", tier: 2, order, clientId: 0 } as const;
    desk.expectRefused({ ...cancel, account: alice.account }, "order_unknown", { order });
    desk.expectAccepted(desk.buy(bob, 1, 100, { tier: 2 }));
    expect(desk.bucket(bob, 2).orders).toEqual([order]);
    desk.expectRefused({ ...cancel, account: alice.account }, "order_not_owned", {
      order,
      account: bob.account,
    });
    desk.expectRefused(desk.buy(alice, 1, 100, { tier: 2 }), "bucket_not_owned", {
      bucket: 1,
      account: bob.account,
    });
  });

  test("an id is good once: the slot's next order has another", () => {
    const desk = openDesk();
    const [alice, bob] = twoTraders(desk);
    desk.expectAccepted(desk.buy(alice, 1, 100));
    const order = desk.newestOrder(alice);
    desk.expectAccepted(desk.sell(bob, 1, 100, IOC));
    desk.expectAccepted(desk.buy(alice, 1, 100));
    const cancel = { kind: "cancelOrder", account: alice.account, tier: 1, order, clientId: 0 } as const;
    desk.expectRefused(cancel, "order_unknown", { order });
    for (const made of [order % 2 ** 22, 2 ** 22, limits.MAX_INTEGER, order + 2 ** 40]) {
      desk.expectRefused({ ...cancel, order: made }, "order_unknown", { order: made });
    }
  });
});

describe("orders that wait", () => {
  test("one moved to a price of the other side rests there when it fires, and crosses nothing on the way", () => {
    const desk = openDesk();
    const [alice, bob] = twoTraders(desk);
    desk.expectAccepted(desk.sell(bob, 1, 90, { clientId: 1 }));
    desk.expectAccepted(desk.buy(alice, 2, 120, { type: ORDER_TYPE.stopLimit, trigger: 120 }));
    const order = desk.newestOrder(alice);
    const amend = { kind: "amendOrder", account: alice.account, tier: 1, order, lots: 3 } as const;
    expect(desk.expectAccepted({ ...amend, price: 95 })).toMatchObject({
      facts: { filled: 0, resting: 3 },
      events: [],
    });
    desk.expectRefused({ ...amend, price: 181 }, "price_outside_band", { price: 181, limit: 180 });
    expect(outcomesOf(desk.mark(120))).toEqual(["orderTriggered", "fill", "orderRested"]);
    expect(orderView(desk.engine.venue, 1, order)).toMatchObject({
      waiting: false,
      type: 0,
      price: 95,
      lots: 2,
    });
  });

  test("a bucket can be emptied behind one, which then is refused", () => {
    const desk = openDesk();
    const alice = desk.openTrader(1_000);
    desk.expectAccepted(desk.buy(alice, 5, 120, { type: ORDER_TYPE.stopLimit, trigger: 120 }));
    const empty = { kind: "deallocate", account: alice.account, tier: 1, mode: 0, asset: 1 } as const;
    desk.expectAccepted({ ...empty, amount: usd(1_000) });
    const { events } = desk.mark(120);
    expect(events.map(({ values }) => values["outcome"] ?? values["reason"])).toEqual([
      3_006,
      REASON.refused,
    ]);
  });

  test("32 fire at a price, the others at the next tick", () => {
    const desk = openDesk();
    const [alice, bob] = twoTraders(desk, 100_000);
    desk.expectAccepted(desk.sell(bob, 40, 120));
    for (let trigger = 101; trigger <= 140; trigger++) {
      desk.expectAccepted(desk.buy(alice, 1, 150, { type: ORDER_TYPE.stopLimit, trigger }));
    }
    expect(desk.mark(140).facts).toEqual({ triggered: 32, inDistress: 0 });
    expect(desk.position(alice)?.lots).toBe(32);
    expect(desk.tick().facts).toEqual({
      expired: 0,
      triggered: 8,
      inDistress: 0,
    });
    expect(desk.position(alice)?.lots).toBe(40);
  });

  test("a stop of one's own meets one's own orders", () => {
    const desk = openDesk();
    const alice = desk.openTrader(1_000);
    desk.expectAccepted(desk.sell(alice, 5, 110));
    const oldest = { type: ORDER_TYPE.stopLimit, trigger: 105, selfTrade: SELF_TRADE.cancelOldest };
    desk.expectAccepted(desk.buy(alice, 5, 110, oldest));
    expect(outcomesOf(desk.mark(105))).toEqual(["orderTriggered", "orderRemoved", "orderRested"]);
    expect(desk.market()).toMatchObject({ bestBid: 110, bestAsk: 0, orders: 1 });
  });
});

describe("work without end", () => {
  test("a taker meets 512 makers and no more, whatever its time in force", () => {
    const desk = openDesk();
    const alice = desk.openTrader(100_000);
    desk.set(PARAMETERS.maxBucketOrders.id, 256, 0);
    const makers = [1, 2, 3].map(() => desk.openTrader(100_000));
    for (const maker of makers)
      for (let each = 0; each < 200; each++) desk.expectAccepted(desk.sell(maker, 1, 100));
    const { facts, events } = desk.expectAccepted(desk.buy(alice, 600, 100));
    expect(facts).toEqual({ order: 0, filled: 512, resting: 0, reason: REASON.matchLimit });
    expect(events).toHaveLength(512);
    expect(desk.market()).toMatchObject({ orders: 88, openInterest: 512, bestBid: 0 });
    expect(desk.expectAccepted(desk.buy(alice, 600, 100)).facts).toMatchObject({ filled: 88, resting: 512 });
  });

  test("the makers of all orders that one price fires are counted together", () => {
    const desk = openDesk();
    const [alice, bob] = twoTraders(desk, 100_000);
    desk.set(PARAMETERS.maxBucketOrders.id, 256, 0);
    const makers = [1, 2, 3].map(() => desk.openTrader(100_000));
    for (const maker of makers)
      for (let each = 0; each < 200; each++) desk.expectAccepted(desk.sell(maker, 1, 120));
    for (const trader of [alice, bob]) {
      desk.expectAccepted(desk.buy(trader, 300, 120, { type: ORDER_TYPE.stopLimit, trigger: 120 }));
    }
    desk.mark(120);
    expect(desk.position(alice)?.lots).toBe(300);
    expect(desk.position(bob)?.lots).toBe(212);
    expect(desk.bucket(bob).orders).toEqual([]);
  });

  test("the most that can happen in one command fits its events", () => {
    const capacities = smallVenue({
      accounts: 600,
      balances: 600,
      tiers: [smallTier({ buckets: 600, positions: 2_400 })],
    });
    const desk = openDesk({}, { capacities });
    const whale = desk.openTrader(1_000_000);
    const makers = Array.from({ length: 512 }, () => desk.openTrader(1_000));
    desk.expectAccepted(desk.sell(whale, 1_024, 100));
    for (const maker of makers) desk.expectAccepted(desk.buy(maker, 2, 100));
    desk.expectAccepted({ kind: "accrueFunding", tier: 1, market: 1, rate: 100_000 });
    for (const maker of makers) desk.expectAccepted(desk.sell(maker, 2, 101, REDUCE));
    // Then each sells one of its two lots, so that its reduce-only order finds less than it asks for.
    const taker = desk.openTrader(1_000_000);
    desk.expectAccepted(desk.buy(taker, 512, 99));
    for (const maker of makers) desk.expectAccepted(desk.sell(maker, 1, 99));
    desk.expectAccepted({ kind: "accrueFunding", tier: 1, market: 1, rate: 100_000 });
    const { events, facts } = desk.expectAccepted(desk.buy(taker, 1_024, 101, IOC));
    expect(facts).toMatchObject({ filled: 512, reason: REASON.immediateOrCancel });
    expect(events.length).toBe(1 + 3 * 512);
    expect(events.length).toBeLessThan(limits.MAX_EVENTS);
    expect(desk.engine.audit()).toEqual([]);
  });
});

describe("two halves of a rule", () => {
  test("no rebate without a fee that pays for it", () => {
    const desk = openDesk();
    expect(desk.send({ kind: "listMarket", ...PLAIN_MARKET, takerFee: 0, makerFee: -1 }).outcome).toBe(
      "rebate_above_fee",
    );
    desk.set(PARAMETERS.takerFee.id, 1);
    desk.set(PARAMETERS.makerFee.id, -1);
    desk.expectRefused(
      { kind: "setParameter", tier: 1, market: 1, parameter: PARAMETERS.takerFee.id, value: 0 },
      "rebate_above_fee",
      { makerFee: -1, takerFee: 0 },
    );
    const [alice, bob] = twoTraders(desk);
    desk.mark(1);
    desk.trade(alice, bob, 1, 1);
    expect(desk.bucket(alice).cash + desk.bucket(bob).cash).toBeLessThanOrEqual(usd(2_000));
    expect(desk.engine.audit()).toEqual([]);
  });

  test("orders keep their positions when a bucket's block of slots moves", () => {
    const desk = openDesk(
      {},
      { capacities: smallVenue({ tiers: [smallTier({ markets: 9, ticks: 9 * 2 ** 15 })] }) },
    );
    const [alice, bob] = twoTraders(desk, 100_000);
    for (let market = 2; market <= 9; market++) desk.listMarket();
    for (let market = 1; market <= 9; market++) desk.expectAccepted(desk.buy(alice, market, 100, { market }));
    for (let market = 1; market <= 9; market++) desk.expectAccepted(desk.sell(bob, 20, 100, { market }));
    for (let market = 1; market <= 9; market++) expect(desk.position(alice, market)?.lots).toBe(market);
    desk.expectAccepted({ kind: "cancelAll", account: bob.account, tier: 1, bucket: bob.bucket, market: 0 });
    expect(desk.engine.audit()).toEqual([]);
  });

  test("an isolated bucket opened first keeps the cross bucket out, and the other way round", () => {
    const desk = openDesk();
    const cross = desk.openTrader(1_000);
    const isolated = desk.fund(cross.account, 1_000, 1);
    expect(isolated.bucket).toBe(bucketIdOf(desk.engine.venue, 1, cross.account, 1));
    desk.expectAccepted(desk.buy(isolated, 1, 100));
    desk.expectRefused(desk.buy(cross, 1, 100), "market_held_in_other_bucket", {
      market: 1,
      bucket: isolated.bucket,
    });
    desk.expectAccepted({ kind: "massCancel", tier: 1, market: 1 });
    desk.expectAccepted(desk.buy(cross, 1, 100, IOC));
    desk.expectAccepted(desk.buy(isolated, 1, 100));
  });

  test("open interest is capped fill by fill, and closing never needs room", () => {
    const desk = openDesk({ maxOpenInterestLots: 5 });
    const [alice, bob] = twoTraders(desk);
    const carol = desk.openTrader(1_000);
    desk.expectAccepted(desk.sell(bob, 4, 100));
    desk.expectAccepted(desk.sell(bob, 4, 101));
    const { facts } = desk.expectAccepted(desk.buy(alice, 8, 101));
    expect(facts).toEqual({ order: 0, filled: 4, resting: 0, reason: REASON.openInterest });
    desk.set(PARAMETERS.maxOpenInterestLots.id, 1);
    desk.expectAccepted(desk.buy(carol, 4, 100));
    expect(desk.expectAccepted(desk.sell(alice, 4, 100)).facts).toMatchObject({ filled: 4 });
  });

  test("a settled market takes no order, and its orders can still be cancelled", () => {
    const desk = openDesk({ contract: CONTRACT.future, expiry: 2_000 });
    const alice = desk.openTrader(1_000);
    desk.expectAccepted(desk.buy(alice, 1, 100, { clientId: 1 }));
    desk.now = 2_000;
    desk.expire(1);
    desk.expectRefused(desk.buy(alice, 1, 100), "market_not_open", { status: STATUS.settled });
    desk.expectAccepted({ kind: "cancelOrder", account: alice.account, tier: 1, order: 0, clientId: 1 });
  });
});

describe("funding at its extremes", () => {
  test("a rate whose step leaves the exact range is refused, and quarantines nothing", () => {
    const desk = openDesk({ notional: 2 ** 35, maxPositionLots: 1, maxOpenInterestLots: 1 });
    desk.mark(32_767);
    const { outcome } = desk.send({ kind: "accrueFunding", tier: 1, market: 1, rate: 100_000_000 });
    expect(outcome).toBe("funding_index_exhausted");
    expect(desk.market().status).toBe(STATUS.open);
  });

  test("a position can be touched after funding has gone from one extreme to the other", () => {
    const desk = openDesk({ notional: usd(1_000), maxPositionLots: 10, maxOpenInterestLots: 100 });
    const [alice, bob] = twoTraders(desk, 100_000_000);
    const accrue = (rate: number): Receipt => desk.send({ kind: "accrueFunding", tier: 1, market: 1, rate });
    while (accrue(-80_000_000).outcome === "accepted");
    desk.trade(alice, bob, 1, 100);
    while (accrue(80_000_000).outcome === "accepted");
    const { events } = desk.expectAccepted(desk.sell(alice, 1, 100, IOC));
    expect(events).toEqual([]);
    desk.trade(bob, alice, 1, 100);
    expect(desk.engine.audit()).toEqual([]);
  });
});

describe("what was once not so", () => {
  test("an order of somebody as rich as the vault allows breaks no invariant", () => {
    const desk = openDesk();
    const asset = desk.listAsset(1);
    const weights = { initialWeight: 1_000_000, maintenanceWeight: 1_000_000 };
    desk.expectAccepted({ kind: "acceptCollateral", tier: 1, asset, ...weights, cap: limits.MAX_HELD });
    desk.expectAccepted({ kind: "updateCollateralPrice", tier: 1, asset, price: 1 });
    const account = desk.openAccount();
    for (const each of [1, asset]) {
      desk.deposit(account, limits.MAX_HELD, each);
      desk.expectAccepted({
        kind: "allocate",
        account,
        tier: 1,
        mode: 0,
        asset: each,
        amount: limits.MAX_HELD,
      });
    }
    desk.expectAccepted(desk.buy({ account, bucket: 1 }, 1, 100));
  });

  test("a preview that meets a broken invariant leaves no trace", () => {
    const top = 32_767;
    const desk = openDesk({ notional: 2 ** 35, maxPositionLots: 1, maxOpenInterestLots: 7, band: 1_000_000 });
    const [alice, carol] = [desk.openTrader(20_000), desk.openTrader(200_000_000)];
    // Eight times Alice wins a lot's whole range from somebody who has nothing: her claims come to almost 2^53.
    for (let round = 0; round < 8; round++) {
      const bob = desk.openTrader(20_000);
      desk.mark(1);
      desk.trade(alice, bob, 1, 1);
      desk.mark(top);
      desk.trade(bob, alice, 1, top);
    }
    desk.mark(1);
    desk.trade(alice, desk.openTrader(20_000), 1, 1);
    desk.expectAccepted(desk.sell(alice, 1, top));
    desk.mark(top);
    const before = desk.hash();
    expect(() => desk.preview(desk.buy(carol, 1, top))).toThrow();
    expect(desk.hash()).toBe(before);
  });

  test("a dated stop that has expired does not fire, market or limit", () => {
    const desk = openDesk();
    const [alice, bob] = twoTraders(desk);
    desk.expectAccepted(desk.sell(bob, 1, 120));
    const dated = { type: ORDER_TYPE.stopMarket, timeInForce: TIME_IN_FORCE.goodTillDate, expiry: 2_000 };
    desk.expectAccepted(desk.buy(alice, 1, 0, { ...dated, trigger: 120 }));
    desk.now = 2_000;
    expect(outcomesOf(desk.mark(120))).toEqual(["orderRemoved"]);
  });
});

function twoTraders(desk: Desk, dollars = 1_000): [Trader, Trader] {
  return [desk.openTrader(dollars), desk.openTrader(dollars)];
}

function outcomesOf({ events }: Receipt): string[] {
  return events.map(({ event }) => event);
}
