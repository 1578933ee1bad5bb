/** The call auction that ends a halt: what it collects, at which price it trades, and what it spares those who are liquidated. */
import {
  BREAKER,
  EVENTS,
  HANDLERS,
  type Handler,
  type Handlers,
  ORDER_FLAG,
  PARAMETERS,
  type Receipt,
  auctionView,
  bookView,
  breakerView,
  limits,
} from "@bulkhead/engine";
import { describe, expect, test } from "vitest";
import { type Desk, type Trader, layoutOf, openDesk, usd } from "./venue.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const START = 1_700_000_000_000;
const PERIOD = 5 * MINUTE;
const COLLAR = 100_000;

interface Setting {
  readonly period?: number;
  readonly collar?: number;
  readonly handlers?: Handlers;
}

/** A market at 10,000 whose breaker halts it at the second price that is 5 % away. */
function guardedDesk({ period = PERIOD, collar = COLLAR, handlers = HANDLERS }: Setting = {}): Desk {
  const desk = openDesk({ band: 500_000, takerFee: 500, makerFee: -100 }, { handlers });
  desk.now = START;
  desk.mark(10_000);
  desk.arm(1, { hardMove: 49_000, haltScore: 1_000_000, cautionBand: 10_000 });
  desk.set(PARAMETERS.callAuctionPeriod.id, period);
  desk.set(PARAMETERS.callAuctionCollar.id, collar);
  return desk;
}

const breaker = (desk: Desk) => breakerView(desk.engine.venue, 1, 1);
const auction = (desk: Desk) => auctionView(desk.engine.venue, 1, 1);
const book = (desk: Desk) => bookView(desk.engine.venue, 1, 1);
const tick = (desk: Desk): Receipt => desk.tick();
const audit = (desk: Desk): void => expect(desk.engine.audit()).toEqual([]);

/** Sets a price twice, so that the second confirms the first. */
function confirm(desk: Desk, price: number): void {
  desk.now += SECOND;
  desk.mark(price);
  desk.now += 1;
  desk.mark(price);
  expect(breaker(desk).level).toBe(BREAKER.halt);
}

/** Ticks until the breaker leaves its level, or for so long; the events of all. */
function tickOn(desk: Desk, step = SECOND, most = 40 * MINUTE): Receipt["events"] {
  const { level } = breaker(desk);
  const events: Receipt["events"][number][] = [];
  for (let passed = 0; passed < most && breaker(desk).level === level; passed += step) {
    desk.now += step;
    events.push(...tick(desk).events);
  }
  return events;
}

/** A crash to a price, and calm until orders are collected. */
function collect(desk: Desk, price = 9_500): void {
  confirm(desk, price);
  tickOn(desk);
  expect(breaker(desk).level).toBe(BREAKER.auction);
}

const named = (events: Receipt["events"], event: keyof typeof EVENTS) =>
  events.filter((each) => each.event === event).map(({ values }) => values);
const pricesOf = (events: Receipt["events"]): Set<number> =>
  new Set(named(events, "fill").map(({ price }) => price as number));

describe("a halt", () => {
  test("ends in an auction, and that in a market that reopens", () => {
    const desk = guardedDesk();
    confirm(desk, 9_500);
    const calm = tickOn(desk);
    expect(named(calm, "breakerMoved")).toMatchObject([{ from: BREAKER.halt, to: BREAKER.auction }]);
    audit(desk);
    const over = tickOn(desk);
    expect(named(over, "breakerMoved")).toMatchObject([
      { from: BREAKER.auction, to: BREAKER.reopen, signal: 9 },
    ]);
    expect(breaker(desk).level).toBe(BREAKER.reopen);
    audit(desk);
  });

  test("ends without one where none is set", () => {
    const desk = guardedDesk({ period: 0 });
    confirm(desk, 9_500);
    tickOn(desk);
    expect(breaker(desk).level).toBe(BREAKER.reopen);
    expect(auction(desk)).toBeUndefined();
  });

  test("of half an hour does too, calm or not", () => {
    const desk = guardedDesk();
    confirm(desk, 9_500);
    for (let minute = 0; breaker(desk).level === BREAKER.halt; minute++) {
      desk.now += MINUTE;
      desk.mark(minute % 2 === 0 ? 10_500 : 9_500);
    }
    expect(breaker(desk)).toMatchObject({ level: BREAKER.auction, signal: 8 });
    audit(desk);
  });
});

/** How long after its period the collection of an auction at an index ends, with so many orders in it. */
function endOf(index: number, orders: number): number {
  const desk = guardedDesk();
  const alice = desk.openTrader(1e7);
  collect(desk, index);
  const began = desk.now;
  for (let order = 0; order < orders; order++) desk.expectAccepted(desk.buy(alice, 1, 9_000 + order));
  tickOn(desk);
  return desk.now - began - PERIOD;
}

describe("while orders are collected", () => {
  test("they may cross and nothing trades; everybody sees what would", () => {
    const desk = guardedDesk();
    const [alice, bob, carol] = [desk.openTrader(1e7), desk.openTrader(1e7), desk.openTrader(1e7)];
    desk.expectAccepted(desk.sell(bob, 4, 9_600));
    collect(desk);
    const receipts = [
      desk.expectAccepted(desk.buy(alice, 10, 9_700)),
      desk.expectAccepted(desk.sell(carol, 3, 9_300)),
      desk.expectAccepted(desk.sell(carol, 5, 9_700)),
    ];
    expect(receipts.map(({ events }) => events.map(({ event }) => event))).toEqual(
      receipts.map(() => ["orderRested"]),
    );
    expect(book(desk)).toEqual({
      bids: [{ price: 9_700, lots: 10, orders: 1 }],
      asks: [
        { price: 9_300, lots: 3, orders: 1 },
        { price: 9_600, lots: 4, orders: 1 },
        { price: 9_700, lots: 5, orders: 1 },
      ],
    });
    expect(auction(desk)).toMatchObject({
      collects: true,
      orders: 3,
      price: 9_700,
      volume: 10,
      imbalance: -2,
      lowest: 8_550,
      highest: 10_450,
    });
    audit(desk);
  });

  test("they ask for margin, can be amended and withdrawn, and the band is the one that is set", () => {
    const desk = guardedDesk();
    const alice = desk.openTrader(5_000);
    collect(desk);
    desk.expectRefused(desk.buy(alice, 10, 9_700), "margin_insufficient", expect.anything());
    desk.expectAccepted(desk.buy(alice, 2, 9_000));
    const order = desk.newestOrder(alice);
    const amend = { kind: "amendOrder", account: alice.account, tier: 1, order } as const;
    desk.expectAccepted({ ...amend, price: 9_100, lots: 3 });
    desk.expectAccepted({ ...amend, price: 9_100, lots: 1 });
    expect(book(desk).bids).toEqual([{ price: 9_100, lots: 1, orders: 1 }]);
    audit(desk);
    desk.expectAccepted({ kind: "massCancel", tier: 1, market: 1 });
    expect(book(desk).bids).toEqual([]);
    expect(desk.bucket(alice).initialMargin).toBe(0);
    audit(desk);
  });

  test("collection ends at random within a minute, and nobody's orders decide when", () => {
    const ends = Array.from({ length: 16 }, (_, index) => endOf(9_400 + index, 0));
    expect(Math.min(...ends)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...ends)).toBeLessThanOrEqual(MINUTE);
    expect(new Set(ends).size, "many ends").toBeGreaterThan(8);
    const sum = ends.reduce((total, end) => total + end, 0);
    expect(Math.abs(sum / ends.length - MINUTE / 2), "about its middle").toBeLessThan(15 * SECOND);
    expect(endOf(9_400, 7)).toBe(ends[0]);
  });

  test("and ends at the latest when the minute is over", () => {
    const desk = guardedDesk();
    collect(desk);
    desk.now += PERIOD + MINUTE;
    tick(desk);
    expect(breaker(desk).level).toBe(BREAKER.reopen);
  });
});

describe("what crosses", () => {
  test("trades at one price, by price and time, for half of both fees each; the rest stays on the book", () => {
    const desk = guardedDesk();
    const [alice, bob, carol, dan] = Array.from({ length: 4 }, () => desk.openTrader(1e7)) as [
      Trader,
      Trader,
      Trader,
      Trader,
    ];
    desk.expectAccepted(desk.sell(bob, 4, 9_600));
    collect(desk);
    desk.expectAccepted(desk.buy(alice, 5, 9_650));
    desk.expectAccepted(desk.sell(carol, 3, 9_600));
    desk.expectAccepted(desk.buy(dan, 1, 9_600));
    desk.expectAccepted(desk.buy(dan, 1, 9_200));
    const events = tickOn(desk);
    expect(named(events, "auctionPriced")).toEqual([
      {
        market: 1,
        price: 9_600,
        volume: 6,
        imbalance: -1,
        forced: 0,
        extensions: 0,
        index: 9_500,
      },
    ]);
    expect(pricesOf(events)).toEqual(new Set([9_600]));
    expect(named(events, "ordersPaired").map(({ buyer, seller, lots }) => [buyer, seller, lots])).toEqual([
      [alice.bucket, bob.bucket, 4],
      [alice.bucket, carol.bucket, 1],
      [dan.bucket, carol.bucket, 1],
    ]);
    const fee = usd((9_600 * 200) / 1e6);
    expect(named(events, "fill").map(({ lots, makerFee, takerFee }) => [lots, makerFee, takerFee])).toEqual([
      [4, 4 * fee, 4 * fee],
      [1, fee, fee],
      [1, fee, fee],
    ]);
    expect(book(desk)).toEqual({
      bids: [{ price: 9_200, lots: 1, orders: 1 }],
      asks: [{ price: 9_600, lots: 1, orders: 1 }],
    });
    audit(desk);
  });

  test("lies within the collar, or orders are collected again, three times, and then at whatever price", () => {
    const desk = guardedDesk({ collar: 20_000 });
    const [alice, bob] = [desk.openTrader(1e7), desk.openTrader(1e7)];
    collect(desk);
    desk.expectAccepted(desk.buy(alice, 1, 10_300));
    desk.expectAccepted(desk.sell(bob, 1, 10_200));
    const events = tickOn(desk);
    expect(named(events, "auctionExtended")).toMatchObject([
      { price: 10_200, lowest: 9_310, highest: 9_690, extensions: 1 },
      { price: 10_200, lowest: 9_215, highest: 9_785, extensions: 2 },
      { price: 10_200, lowest: 9_120, highest: 9_880, extensions: 3 },
    ]);
    expect(named(events, "auctionPriced")).toMatchObject([{ price: 10_200, extensions: 3 }]);
    expect(desk.position(alice)?.lots).toBe(1);
    audit(desk);
  });

  test("is priced at once when the collar has widened enough", () => {
    const desk = guardedDesk({ collar: 20_000 });
    const [alice, bob] = [desk.openTrader(1e7), desk.openTrader(1e7)];
    collect(desk);
    desk.expectAccepted(desk.buy(alice, 1, 9_800));
    desk.expectAccepted(desk.sell(bob, 1, 9_750));
    const events = tickOn(desk);
    expect(named(events, "auctionExtended")).toHaveLength(1);
    expect(named(events, "auctionPriced")).toMatchObject([{ price: 9_750, extensions: 1 }]);
  });

  test("does not trade with itself, nor grow a position that may only shrink, nor beyond anybody's margin", () => {
    const desk = guardedDesk();
    const [alice, bob, carol] = [desk.openTrader(1e7), desk.openTrader(1e7), desk.openTrader(2_200)];
    desk.listMarket();
    desk.trade(alice, bob, 3, 10_000);
    desk.trade(carol, bob, 50, 100, { market: 2 });
    collect(desk);
    const reduceOnly = { flags: ORDER_FLAG.reduceOnly };
    desk.expectAccepted(desk.sell(alice, 3, 9_400, reduceOnly));
    desk.expectAccepted(desk.sell(alice, 3, 9_400, reduceOnly));
    desk.expectAccepted(desk.buy(alice, 1, 9_600));
    desk.expectAccepted(desk.buy(bob, 5, 9_500));
    desk.expectAccepted(desk.buy(carol, 1, 9_700));
    desk.mark(80, 2);
    const events = tickOn(desk);
    const reasons = named(events, "orderRemoved").map(({ bucket, reason }) => [bucket, reason]);
    expect(reasons).toContainEqual([alice.bucket, 3]);
    expect(reasons).toContainEqual([alice.bucket, 5]);
    expect(reasons).toContainEqual([carol.bucket, 6]);
    expect([alice, bob].map((trader) => desk.position(trader)?.lots ?? 0)).toEqual([0, 0]);
    audit(desk);
  });

  test("and is more than a command may meet goes on at the next tick, at the same price", () => {
    const desk = guardedDesk();
    desk.set(PARAMETERS.maxBucketOrders.id, 256, 0);
    const sellers = Array.from({ length: 3 }, () => desk.openTrader(1e8));
    const buyer = desk.openTrader(1e9);
    collect(desk);
    for (const seller of sellers)
      for (let order = 0; order < 200; order++) desk.expectAccepted(desk.sell(seller, 1, 9_400 + order));
    desk.expectAccepted(desk.buy(buyer, 600, 9_800));
    desk.now += PERIOD + MINUTE;
    const first = tick(desk).events;
    expect(named(first, "fill")).toHaveLength(limits.MAX_MATCHES);
    expect(auction(desk)).toMatchObject({ collects: false });
    desk.expectRefused(desk.buy(buyer, 1, 9_000), "market_not_open", { status: 2 });
    audit(desk);
    const second = tick(desk).events;
    expect(named(second, "fill")).toHaveLength(600 - limits.MAX_MATCHES);
    expect(pricesOf([...first, ...second])).toEqual(new Set([9_599]));
    expect(breaker(desk).level).toBe(BREAKER.reopen);
    audit(desk);
  });
});

/** Eight longs at 10,000 on a tenth, and a thin book below; then a crash of 7 %, which leaves all of them deep in distress, and a halt. */
function crash(period: number): { desk: Desk; longs: Trader[]; buyers: Trader[] } {
  const desk = guardedDesk({ period });
  const maker = desk.openTrader(1e9);
  const longs = Array.from({ length: 8 }, (_, index) => desk.openTrader(10_100 * (index + 1)));
  longs.forEach((long, index) => desk.trade(long, maker, 10 * (index + 1), 10_000));
  for (let level = 0; level < 10; level++) desk.expectAccepted(desk.buy(maker, 5, 9_290 - 30 * level));
  const buyers = Array.from({ length: 5 }, () => desk.openTrader(1e7));
  confirm(desk, 9_300);
  desk.set(PARAMETERS.liquidationBuffer.id, 150_000, 0);
  desk.set(PARAMETERS.liquidationFee.id, 5_000);
  return { desk, longs, buyers };
}

/** What the liquidated got on average for a lot, in ticks. */
function averagePrice(events: Receipt["events"], longs: readonly Trader[]): number {
  const sales = named(events, "fill").filter(({ takerBucket }) =>
    longs.some(({ bucket }) => bucket === takerBucket),
  );
  const lots = sales.reduce((sum, sale) => sum + (sale["lots"] ?? 0), 0);
  return sales.reduce((sum, sale) => sum + (sale["price"] ?? 0) * (sale["lots"] ?? 0), 0) / lots;
}

/** The market comes back from a halt, and a buyer comes every minute. */
function comeBack({ desk, buyers, longs }: ReturnType<typeof crash>): {
  readonly events: Receipt["events"];
  readonly average: number;
} {
  tickOn(desk);
  const events: Receipt["events"][number][] = [];
  for (let second = 0; second < 15 * 60; second++) {
    const buyer = second % 60 === 30 ? buyers[(second - 30) / 60] : undefined;
    if (buyer !== undefined) desk.expectAccepted(desk.buy(buyer, 60, 9_280));
    desk.now += SECOND;
    events.push(...tick(desk).events);
  }
  return { events, average: averagePrice(events, longs) };
}

describe("a mass liquidation", () => {
  test("gets one price in an auction, pro rata, and a better one than a cascade", () => {
    const inAuction = crash(PERIOD);
    const auctioned = comeBack(inAuction);
    const cascade = comeBack(crash(0));
    const sold = named(auctioned.events, "positionLiquidated");
    expect(new Set(sold.map(({ how, price }) => [how, price].join(" ")))).toEqual(new Set(["5 9280"]));
    expect(sold.map(({ bucket }) => bucket)).toEqual(inAuction.longs.map(({ bucket }) => bucket));
    expect(auctioned.average).toBe(9_280);
    expect(cascade.average).toBeCloseTo(9_244.8, 1);
    expect(Math.min(...pricesOf(cascade.events)), "down to its thinnest offers").toBe(9_020);
    audit(inAuction.desk);
  });

  test("that is more than buyers want is shared out by size, to the lot", () => {
    const { desk, longs } = crash(PERIOD);
    tickOn(desk);
    expect(breaker(desk).level).toBe(BREAKER.auction);
    const forced = auction(desk)?.forced ?? 0;
    const events = tickOn(desk);
    const sold = named(events, "positionLiquidated");
    const total = sold.reduce((sum, { lots }) => sum + (lots ?? 0), 0);
    expect([forced > 50, total]).toEqual([true, 50]);
    const parts = longs.map((_, index) => (50 * (index + 1)) / 36);
    sold.forEach(({ lots }, index) => expect(Math.abs((lots ?? 0) - (parts[index] ?? 0))).toBeLessThan(1.01));
    audit(desk);
  });

  test("never below a bucket's zero price: equity to maintenance margin does not fall", () => {
    const { desk, longs, buyers } = crash(PERIOD);
    tickOn(desk);
    desk.expectAccepted({ kind: "massCancel", tier: 1, market: 1 });
    desk.expectAccepted(desk.buy(buyers[0] as Trader, 500, 8_900));
    desk.expectAccepted(desk.sell(buyers[1] as Trader, 5, 8_900));
    const before = longs.map((long) => desk.bucket(long));
    const events = tickOn(desk);
    expect(named(events, "auctionPriced")).toMatchObject([{ price: 8_900, volume: 5 }]);
    expect(named(events, "auctionPriced")[0]?.["forced"]).toBeGreaterThan(100);
    expect(named(events, "positionLiquidated")).toEqual([]);
    expect(longs.map((long) => desk.bucket(long).maintenanceEquity)).toEqual(
      before.map(({ maintenanceEquity }) => maintenanceEquity),
    );
    audit(desk);
  });

  test("leaves no order crossing what is bid beyond the price: one price is enough", () => {
    const desk = guardedDesk();
    const [maker, seller, buyer] = [desk.openTrader(1e8), desk.openTrader(1e7), desk.openTrader(1e7)];
    const long = desk.openTrader(5_050);
    desk.trade(long, maker, 5, 10_000);
    confirm(desk, 9_035);
    desk.set(PARAMETERS.liquidationBuffer.id, 150_000, 0);
    tickOn(desk);
    desk.expectAccepted(desk.buy(buyer, 22, 9_030));
    desk.expectAccepted(desk.buy(buyer, 10, 8_990));
    desk.expectAccepted(desk.sell(seller, 20, 8_980));
    const events = tickOn(desk);
    expect(named(events, "auctionPriced")).toMatchObject([{ price: 9_030, volume: 22, forced: 5 }]);
    expect(named(events, "positionLiquidated")).toMatchObject([{ bucket: long.bucket, lots: 2 }]);
    expect(desk.position(seller)?.lots).toBe(-20);
    expect(book(desk)).toEqual({ bids: [{ price: 8_990, lots: 10, orders: 1 }], asks: [] });
    audit(desk);
  });

  test("brings a penalty to the fund and leaves everybody at the buffer who could be", () => {
    const { desk, longs, buyers } = crash(PERIOD);
    tickOn(desk);
    desk.expectAccepted(desk.buy(buyers[0] as Trader, 500, 9_300));
    const events = tickOn(desk);
    const penalties = named(events, "positionLiquidated").map(({ penalty }) => penalty ?? 0);
    expect(Math.min(...penalties)).toBeGreaterThan(0);
    for (const long of longs) {
      const { maintenanceEquity, maintenanceMargin } = desk.bucket(long);
      expect(maintenanceEquity / Math.max(1, maintenanceMargin)).toBeGreaterThanOrEqual(1.149);
    }
    const after = tick(desk).events;
    expect(named(after, "liquidationEnded").map(({ outcome }) => outcome)).toEqual(longs.map(() => 0));
    audit(desk);
  });
});

/** The handlers with a clock tick that tells something else than it did, or does something else. */
function tampered(tamper: (words: Float64Array, count: number) => void): Handlers {
  const { code } = layoutOf("clockTick");
  const handlers = HANDLERS.slice();
  const honest = HANDLERS[code] as Handler;
  handlers[code] = (venue) => {
    const outcome = honest(venue);
    tamper(venue.events.words, venue.events.count);
    return outcome;
  };
  return handlers;
}

describe("the judge", () => {
  const WORDS = 12;
  const rewrite =
    (event: number, column: number, by: number) =>
    (words: Float64Array, count: number): void => {
      for (let at = 0; at < count * WORDS; at += WORDS)
        if (words[at] === event) words[at + column] = (words[at + column] as number) + by;
    };

  test.each([
    ["a fill that is not at the auction's price", rewrite(EVENTS.fill.code, 6, 1), 37],
    ["a price beyond what somebody named", rewrite(EVENTS.auctionPriced.code, 2, 200), 37],
    ["a price outside the collar", rewrite(EVENTS.auctionPriced.code, 2, 2_000), 37],
  ])("catches %s", (_, tamper, invariant) => {
    const desk = guardedDesk({ handlers: tampered(tamper) });
    const [alice, bob] = [desk.openTrader(1e7), desk.openTrader(1e7)];
    collect(desk);
    desk.expectAccepted(desk.buy(alice, 1, 9_600));
    desk.expectAccepted(desk.sell(bob, 1, 9_500));
    desk.now += PERIOD + MINUTE;
    const receipt = desk.send({ kind: "clockTick", tier: 1 });
    expect(receipt).toMatchObject({ outcome: "invariant_broken", facts: { invariant } });
    expect(desk.position(alice)?.lots ?? 0).toBe(0);
  });
});
