/** What listeners are told is what happened, in the shapes of the protocol's table. */
import { type Command, type Engine, PARAMETERS, bookView, bucketView, tierView } from "@bulkhead/engine";
import { bookChecksum } from "@bulkhead/protocol";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ExitDesk } from "../engine/exits.ts";
import { LIMIT_ORDER, usd } from "../engine/venue.ts";
import { anyMove, openFloor, resolve } from "../engine/flow.ts";
import { DIRECTORY, type Stage, Wire, expectShaped, openStage } from "./streaming.ts";
import { execute } from "./executing.ts";
import { FanOut, MarketData } from "@bulkhead/server";

const RUNS = Math.ceil(Number(process.env["FUZZ_RUNS"] ?? 200) / 2);
const time = 1_000_001;

const order = (account: number, side: number, price: number, lots: number, more: object = {}): Command => ({
  ...LIMIT_ORDER,
  time,
  account,
  bucket: account,
  side,
  price,
  lots,
  ...more,
});
const BOOK = { channel: "book", symbol: "BTC-PERP" } as const;

/** A book as a client keeps it. */
class ClientBook {
  readonly bids = new Map<string, string>();
  readonly asks = new Map<string, string>();
  sequence = 0;
  isBroken = false;

  follow(messages: readonly Record<string, unknown>[]): void {
    for (const message of messages) {
      if (message["type"] === "snapshot") {
        this.bids.clear();
        this.asks.clear();
      } else if (message["previous"] !== this.sequence) this.isBroken = true;
      this.sequence = message["sequence"] as number;
      for (const side of ["bids", "asks"] as const)
        for (const [price, amount] of message[side] as [string, string][])
          if (Number(amount) === 0) this[side].delete(price);
          else this[side].set(price, amount);
      expect(message["checksum"]).toBe(bookChecksum(this.best("bids"), this.best("asks")));
    }
  }

  best(side: "bids" | "asks"): [string, string][] {
    const sign = side === "bids" ? -1 : 1;
    return [...this[side]].toSorted((a, b) => sign * (Number(a[0]) - Number(b[0])));
  }
}

/** The engine's book in the words of the wire. */
function bookOf({ engine }: Pick<Stage, "engine">): { bids: string[][]; asks: string[][] } {
  const { bids, asks } = bookView(engine.venue, 1, 1, 1_000);
  const texts = (levels: typeof bids) =>
    levels.map(({ price, lots }) => [(price / 2).toFixed(1), String(2 * lots)]);
  return { bids: texts(bids), asks: texts(asks) };
}

describe("the book", () => {
  test("is told whole, then as it changes, each change naming the one before it", async () => {
    const stage = openStage();
    stage.run(order(1, 0, 99, 5), order(2, 1, 101, 3));
    const wire = await stage.listen(BOOK);
    stage.run(order(1, 0, 99, 1), order(1, 0, 98, 2));
    stage.run(order(3, 1, 99, 6));
    expectShaped(wire.messages);
    const head = { channel: "book", symbol: "BTC-PERP" };
    expect(wire.messages).toMatchObject([
      { ...head, type: "snapshot", sequence: 17, bids: [["49.5", "10"]], asks: [["50.5", "6"]] },
      {
        ...head,
        type: "update",
        previous: 17,
        sequence: 19,
        bids: [
          ["49.5", "12"],
          ["49.0", "4"],
        ],
        asks: [],
      },
      { ...head, type: "update", previous: 19, sequence: 20, bids: [["49.5", "0"]], asks: [] },
    ]);
  });

  test("says nothing of a batch that leaves it as it was", async () => {
    const stage = openStage();
    const wire = await stage.listen(BOOK);
    stage.run({ kind: "clockTick", time, tier: 1 });
    expect(wire.messages).toHaveLength(1);
  });

  test("can be kept by a client through any story, however often he stalls", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(anyMove, fc.nat(9)), { minLength: 20, maxLength: 120 }),
        async (moves) => {
          const desk = openFloor();
          const { engine } = desk;
          const fanOut = new FanOut({ highWater: 100, clock: () => 0 });
          const read = <A>(question: (e: typeof engine) => A) => Promise.resolve(question(engine));
          const market = new MarketData({ directory: DIRECTORY, fanOut, read });
          market.begin(engine);
          const wire = new Wire();
          const subscriber = fanOut.join(wire);
          await market.subscribe(subscriber, BOOK);
          for (const [move, chance] of moves) {
            const command = resolve(desk, move);
            if (command === undefined) continue;
            market.take(execute(engine, [command]));
            if (chance === 0) wire.isStalled = true;
            else if (chance === 1) wire.resume();
            fanOut.drain();
          }
          wire.resume();
          fanOut.drain();
          const client = new ClientBook();
          client.follow(wire.messages);
          expect(client.isBroken).toBe(false);
          expect({ bids: client.best("bids"), asks: client.best("asks") }).toEqual(bookOf({ engine }));
        },
      ),
      { numRuns: RUNS },
    );
  });
});

describe("trades, candles and the ticker", () => {
  test("are told as trades happen", async () => {
    const stage = openStage();
    const wire = await stage.listen(
      { channel: "trades", symbol: "BTC-PERP" },
      { channel: "candles", symbol: "BTC-PERP", interval: "1m" },
      { channel: "ticker", symbol: "BTC-PERP" },
    );
    stage.run(order(1, 0, 99, 5), order(1, 0, 98, 5), order(2, 1, 98, 7));
    await stage.market.sample();
    stage.run(order(2, 1, 98, 1, { time: time + 60_000 }));
    await stage.market.sample();
    expectShaped(wire.messages);
    expect(wire.of("trades").slice(1)).toMatchObject([
      {
        type: "update",
        sequence: 18,
        items: [
          { id: "18-1", side: "sell", price: "49.5", amount: "10", cost: "495.000000", kind: "trade" },
          { id: "18-2", side: "sell", price: "49.0", amount: "4", cost: "196.000000", kind: "trade" },
        ],
      },
      { type: "update", sequence: 19, items: [{ id: "19-1", price: "49.0", amount: "2" }] },
    ]);
    const candle = {
      start: 960_000,
      open: "49.5",
      high: "49.5",
      low: "49.0",
      close: "49.0",
      volume: "14",
      trades: 2,
    };
    expect(wire.of("candles").slice(1)).toMatchObject([
      { type: "update", items: [{ ...candle, quoteVolume: "691.000000" }] },
      { type: "update", items: [{ start: 1_020_000, open: "49.0", volume: "2", trades: 1 }] },
    ]);
    expect(wire.of("ticker")).toMatchObject([
      {
        mark: "50.0",
        index: "50.0000",
        last: "49.0",
        bestBid: "49.0",
        bestAsk: null,
        openInterest: "14",
        open24h: "49.5",
        high24h: "49.5",
        low24h: "49.0",
        volume24h: "14",
        quoteVolume24h: "691.000000",
        trades24h: 2,
        status: "open",
        breaker: "normal",
        forbids: [],
      },
      { sequence: 19, volume24h: "16", trades24h: 3, openInterest: "16" },
    ]);
  });

  test("a ticker that stays as it was is not told again", async () => {
    const stage = openStage();
    const wire = await stage.listen({ channel: "ticker", symbol: "ETH-PERP" });
    await stage.market.sample();
    stage.run(order(1, 0, 99, 5));
    await stage.market.sample();
    expect(wire.of("ticker")).toHaveLength(1);
  });
});

test("candles from before the node began come first, and count for the day", async () => {
  const stage = openStage();
  const minute = { open: 90, high: 110, low: 80, close: 100, lots: 3, turnover: 300, trades: 2 };
  stage.run(order(1, 0, 99, 5), order(2, 1, 99, 5));
  const past = [
    { start: 900_000, ...minute },
    { start: 960_000, ...minute },
  ];
  const early = await stage.listen({ channel: "candles", symbol: "BTC-PERP", interval: "1m" });
  const { beginning } = stage;
  stage.market.fillCandles("BTC-PERP", "1m", past, { ...beginning });
  expect(early.of("candles")).toHaveLength(1);
  stage.market.fillCandles("BTC-PERP", "1m", past, beginning);
  const wire = await stage.listen(
    { channel: "candles", symbol: "BTC-PERP", interval: "1m" },
    { channel: "ticker", symbol: "BTC-PERP" },
  );
  await stage.market.sample();
  expect(wire.of("candles")).toMatchObject([
    {
      items: [
        { start: 900_000, volume: "6" },
        { start: 960_000, volume: "16", open: "45.0", close: "49.5" },
      ],
    },
  ]);
  // Whoever listened already is told anew; what came too late was let go.
  expect(early.of("candles")[1]).toMatchObject({ type: "snapshot", items: [{}, { volume: "16" }] });
  expect(wire.of("ticker")).toMatchObject([
    { open24h: "45.0", high24h: "55.0", volume24h: "22", trades24h: 5 },
  ]);
});

test("what does not fit begins anew: listeners are cut off, and the next ones have the state", async () => {
  const stage = openStage();
  const wire = await stage.listen(BOOK);
  stage.engine.submit(order(1, 0, 99, 5));
  stage.run(order(1, 0, 98, 5));
  expect(stage.faults).toMatchObject([{ message: "a batch begins with command 17 after command 15" }]);
  expect(wire.closed).toEqual([4009, "stream begins anew"]);
  await Promise.resolve();
  const next = await stage.listen(BOOK);
  stage.run(order(1, 0, 97, 5));
  expect(next.messages).toMatchObject([
    {
      type: "snapshot",
      sequence: 17,
      bids: [
        ["49.5", "10"],
        ["49.0", "10"],
      ],
    },
    { type: "update", previous: 17, bids: [["48.5", "10"]] },
  ]);
  expect(stage.faults).toHaveLength(1);
});

describe("what happens in a tier", () => {
  test("is told event by event, and where the tier stands after it", async () => {
    const stage = openStage();
    const wire = await stage.listen(
      { channel: "funds", tier: 1 },
      { channel: "breakers", tier: 1 },
      { channel: "governance", tier: 1 },
      { channel: "liquidations", tier: 1 },
    );
    stage.run({ kind: "fundLayer", time, account: 1, tier: 1, layer: 2, amount: usd(250) });
    await stage.market.sample();
    expectShaped(wire.messages);
    const funded = { event: "layerFunded", layer: "insurance", amount: "250.000000", balance: "250.000000" };
    expect(wire.of("funds")).toMatchObject([
      {
        type: "snapshot",
        layers: [{ layer: "firstTranche" }, { layer: "insurance", balance: "0.000000" }, {}, {}, {}],
      },
      { type: "update", sequence: 16, events: [{ ...funded, sequence: 16 }] },
      { type: "snapshot", layers: [{}, { layer: "insurance", balance: "250.000000" }, {}, {}, {}] },
    ]);
    expect(wire.of("breakers")).toMatchObject([
      {
        type: "snapshot",
        posture: { posture: "normal" },
        markets: [{ symbol: "BTC-PERP" }, { symbol: "ETH-PERP" }],
      },
    ]);
    expect(wire.of("governance")).toMatchObject([{ proposals: [] }]);
    expect(wire.of("liquidations")).toMatchObject([{ type: "snapshot", events: [] }]);
  });

  test("liquidations are told to everybody, and what bears them to whoever asks for funds", async () => {
    const stage = crashed();
    const wire = await stage.listen({ channel: "liquidations", tier: 1 }, { channel: "funds", tier: 1 });
    const trades = await stage.listen({ channel: "trades", symbol: "BTC-PERP" });
    stage.run(...crash(93));
    stage.run(...crash(80, time + 2));
    expectShaped(wire.messages);
    const events = wire.of("liquidations").flatMap((message) => message["events"] as { event: string }[]);
    expect(events.map(({ event }) => event)).toEqual(
      expect.arrayContaining([
        "liquidationStarted",
        "positionLiquidated",
        "lossAbsorbed",
        "liquidationEnded",
      ]),
    );
    expect(events.find(({ event }) => event === "positionLiquidated")).toMatchObject({
      symbol: "BTC-PERP",
      bucket: 1,
      how: "book",
      amount: expect.stringMatching(/^\d+$/),
    });
    expect(wire.of("funds").at(-1)).toMatchObject({ events: [{ event: "lossAbsorbed", layer: "winners" }] });
    expect(trades.of("trades").at(-1)).toMatchObject({ items: [{ kind: "liquidation" }] });
  });
});

/** The first trader holds all he can; the third would buy a part of it at a lower price. */
function crashed(): Stage {
  const stage = openStage();
  stage.run(
    {
      kind: "setParameter",
      time,
      tier: 1,
      market: 0,
      parameter: PARAMETERS.liquidationBuffer.id,
      value: 100_000,
    },
    order(2, 1, 100, 900),
    order(1, 0, 100, 900),
    order(3, 0, 92, 300),
  );
  return stage;
}

function crash(price: number, at = time + 1): Command[] {
  return [
    { kind: "updateIndexPrice", time: at, tier: 1, market: 1, price },
    { kind: "clockTick", time: at, tier: 1 },
  ];
}

describe("an account", () => {
  const ALL = ["orders", "fills", "positions", "margin", "warnings", "withdrawals"] as const;
  const all = (stage: Stage, account: number): Promise<Wire> =>
    stage.listen(...ALL.map((channel) => ({ channel, account })));

  test("is told what becomes of its orders", async () => {
    const stage = openStage();
    stage.run(order(1, 0, 99, 5, { clientId: 77 }));
    const wire = await all(stage, 1);
    const [{ id }] = wire.of("orders")[0]!["items"] as [{ id: string }];
    const number = Number(id.split("-")[1]);
    stage.run(order(2, 1, 99, 2));
    stage.run({ kind: "amendOrder", time, account: 1, tier: 1, order: number, price: 99, lots: 2 });
    stage.run({ kind: "amendOrder", time, account: 1, tier: 1, order: number, price: 98, lots: 4 });
    stage.run({ kind: "cancelOrder", time, account: 1, tier: 1, order: number, clientId: 0 });
    stage.run(order(1, 0, 97, 1, { timeInForce: 2 }));
    stage.run(order(2, 1, 101, 3), order(1, 0, 102, 5));
    expectShaped(wire.messages);
    const items = wire.of("orders").flatMap((message) => message["items"] as Record<string, unknown>[]);
    const story = items.map(({ event, status, amount, filled, remaining, lastFilled, price, reason }) =>
      [event, status, amount, filled, remaining, lastFilled, price, reason].join(" "),
    );
    expect(story).toEqual([
      "rests open   10 0 49.5 ",
      "filled open   6 4 49.5 ",
      "amended open   4 0 49.5 amended",
      "amended open   8 0 49.0 ",
      "removed canceled   0 0 49.0 cancelled",
      "placed canceled 2 0 0 0 48.5 immediateOrCancel",
      "rests open 10 6 4 6 51.0 ",
    ]);
    expect(items.at(-1)).toMatchObject({
      cost: "303.000000",
      average: "50.5000",
      fee: "0.000000",
      marginMode: "cross",
      postOnly: false,
      expiresAt: null,
    });
    expect(items.slice(0, 5).every((item) => item["id"] === id && item["clientOrderId"] === "77")).toBe(true);
  });

  test("is told what becomes of an order that waits for its trigger", async () => {
    const stage = openStage();
    const wire = await all(stage, 1);
    const stop = { type: 2, trigger: 105 };
    stage.run(
      order(1, 0, 106, 5, stop),
      order(1, 0, 107, 3, { ...stop, type: 3, timeInForce: 2, trigger: 106 }),
    );
    stage.run(order(2, 1, 104, 2), order(2, 1, 105, 6));
    stage.run({ kind: "updateIndexPrice", time, tier: 1, market: 1, price: 106 });
    expectShaped(wire.messages);
    const items = wire.of("orders").flatMap((message) => message["items"] as Record<string, unknown>[]);
    expect(
      items.map(({ event, status, remaining, lastFilled, waiting }) =>
        [event, status, remaining, lastFilled, waiting].join(" "),
      ),
    ).toEqual([
      "waits open 10 0 true",
      "waits open 6 0 true",
      "triggered open 10 0 false",
      "triggered closed 0 10 false",
      "triggered open 6 0 false",
      "triggered closed 0 6 false",
    ]);
    const fills = wire.of("fills").flatMap((message) => message["items"] as Record<string, unknown>[]);
    expect(fills.map(({ orderId }) => orderId)).toEqual([items[0]!["id"], items[0]!["id"], items[1]!["id"]]);
  });

  test("is told of its fills, its positions and its margin", async () => {
    const stage = openStage();
    const [maker, taker] = [await all(stage, 1), await all(stage, 2)];
    stage.run(order(1, 0, 100, 5), order(2, 1, 100, 5));
    await stage.market.sample();
    expectShaped([...maker.messages, ...taker.messages]);
    const fill = {
      symbol: "BTC-PERP",
      price: "50.0",
      amount: "10",
      cost: "500.000000",
      fee: "0.000000",
    };
    expect(maker.of("fills")).toMatchObject([
      { items: [{ ...fill, id: "17-1m", account: 1, side: "buy", takerOrMaker: "maker" }] },
    ]);
    expect(taker.of("fills")).toMatchObject([
      {
        items: [{ ...fill, id: "17-1t", account: 2, side: "sell", takerOrMaker: "taker", orderId: "1-s17" }],
      },
    ]);
    expect(maker.of("positions").at(-1)).toMatchObject({
      type: "snapshot",
      sequence: 17,
      items: [
        {
          symbol: "BTC-PERP",
          side: "long",
          amount: "10",
          notional: "500.000000",
          entryPrice: "50.0000",
          markPrice: "50.0",
          unrealizedPnl: "0.000000",
          tearUpShare: "1.000000",
        },
      ],
    });
    expect(maker.of("margin").at(-1)).toMatchObject({
      items: [
        {
          equity: "10000.000000",
          initialMargin: "50.000000",
          maintenanceMargin: "25.000000",
          distance: "9975.000000",
        },
      ],
    });
  });

  test("is warned as its equity falls, once for each ratio, and of its liquidation", async () => {
    const stage = crashed();
    const wire = await all(stage, 1);
    for (const price of [96, 95, 95, 94]) {
      stage.run({ kind: "updateIndexPrice", time: time + 1, tier: 1, market: 1, price });
      await stage.market.sample();
    }
    stage.run(...crash(80));
    await stage.market.sample();
    expectShaped(wire.messages);
    const warnings = wire.of("warnings").flatMap((message) => message["items"] as Record<string, string>[]);
    expect(warnings.map(({ kind, detail }) => `${kind}: ${detail}`)).toEqual([
      "margin: Equity is 148 % of maintenance margin; below 100 % the bucket is liquidated",
      "margin: Equity is 108 % of maintenance margin; below 100 % the bucket is liquidated",
      "liquidation-started: Its liquidation begins",
      "liquidation-ended: Its liquidation is over: it defaulted",
    ]);
  });

  test("is told of its withdrawals, and of their places in the queue", async () => {
    const stage = openStage();
    const wire = await all(stage, 1);
    stage.run({ kind: "requestWithdrawal", time, account: 1, asset: 1, amount: usd(400) });
    const [{ withdrawal }] = wire.of("withdrawals").at(-1)!["items"] as [{ withdrawal: number }];
    stage.run({ kind: "finaliseWithdrawal", time, withdrawal, paid: 1 });
    expectShaped(wire.messages);
    const moved = { withdrawal, asset: "USD", amount: "400.000000", queued: "0.000000" };
    expect(wire.of("withdrawals").slice(1)).toMatchObject([
      { items: [{ ...moved, released: "400.000000", paid: "0.000000", place: null }] },
      { items: [{ ...moved, released: "0.000000", paid: "400.000000" }] },
    ]);
  });

  test("is told of the place of a withdrawal that waits, and when others have left before it", async () => {
    const desk = new ExitDesk({ withdrawals: 64 });
    desk.throttleBy({ throttleHour: 20_000 });
    desk.settle(100_000, 100_000);
    const { engine } = desk;
    const fanOut = new FanOut();
    const read = <A>(question: (e: typeof engine) => A) => Promise.resolve(question(engine));
    const market = new MarketData({ directory: DIRECTORY, fanOut, read });
    market.begin(engine);
    const wire = new Wire();
    await market.subscribe(fanOut.join(wire), { channel: "withdrawals", account: 2 });
    const run = (command: Command): void => market.take(execute(engine, [command]));
    const asked = { kind: "requestWithdrawal", time: desk.now, asset: 1 } as const;
    run({ ...asked, account: 1, amount: usd(5_000) });
    run({ ...asked, account: 2, amount: usd(6_000) });
    const { withdrawal } = (wire.of("withdrawals").at(-1)!["items"] as { withdrawal: number }[])[0]!;
    run({ kind: "cancelWithdrawal", time: desk.now, account: 1, withdrawal: withdrawal - 1 });
    await market.sample();
    run({ kind: "cancelWithdrawal", time: desk.now, account: 2, withdrawal });
    expectShaped(wire.messages);
    const items = wire.of("withdrawals").flatMap((message) => message["items"] as Record<string, unknown>[]);
    const waits = { withdrawal, amount: "6000.000000", queued: "6000.000000", released: "0.000000" };
    expect(items).toMatchObject([
      { ...waits, place: 2 },
      { ...waits, place: 1 },
      { withdrawal, queued: "0.000000", cancelled: "6000.000000", place: null },
    ]);
  });

  test("hears nothing of another's", async () => {
    const stage = openStage();
    const wire = await all(stage, 3);
    const before = wire.messages.length;
    stage.run(order(1, 0, 100, 5), order(2, 1, 100, 5), order(1, 0, 90, 5));
    await stage.market.sample();
    // Its own margin is told once more: somebody began to watch.
    expect(
      wire.messages.slice(before).every(({ channel }) => channel === "margin" || channel === "positions"),
    ).toBe(true);
  });

  test("is followed in any story without a fault, in the shapes of the table", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyMove, { minLength: 20, maxLength: 150 }), async (moves) => {
        const desk = openFloor();
        const { engine } = desk;
        const faults: unknown[] = [];
        const fanOut = new FanOut({ maxOutbox: 1e9 });
        const read = <A>(question: (e: typeof engine) => A) => Promise.resolve(question(engine));
        const market = new MarketData({
          directory: DIRECTORY,
          fanOut,
          read,
          onFault: (error) => faults.push(error),
        });
        market.begin(engine);
        const wire = new Wire();
        const subscriber = fanOut.join(wire);
        for (const channel of ALL)
          for (const account of [1, 2]) await market.subscribe(subscriber, { channel, account });
        for (const move of moves) {
          const command = resolve(desk, move);
          if (command !== undefined) market.take(execute(engine, [command]));
          if (moves.length % 7 === 0) await market.sample();
        }
        await market.sample();
        expect(faults).toEqual([]);
        expectShaped(wire.messages);
        const open = new Map<string, string>();
        for (const message of wire.of("orders")) {
          if (message["account"] !== 1) continue;
          if (message["type"] === "snapshot") open.clear();
          for (const item of message["items"] as Record<string, string>[])
            if (item["status"] === "open") open.set(item["id"]!, item["remaining"]!);
            else open.delete(item["id"]!);
        }
        // A client that begins now is told the same orders as one that has followed them.
        const late = new Wire();
        await market.subscribe(fanOut.join(late), { channel: "orders", account: 1 });
        const fresh = new MarketData({ directory: DIRECTORY, fanOut: new FanOut(), read });
        fresh.begin(engine);
        const items = late.of("orders")[0]!["items"] as Record<string, string>[];
        expect(Object.fromEntries(open)).toEqual(
          Object.fromEntries(items.map(({ id, remaining }) => [id, remaining])),
        );
        expect(ordersOf(engine)).toEqual(Object.keys(Object.fromEntries(open)).toSorted());
      }),
      { numRuns: RUNS },
    );
  });
});

/** Names of the first account's open orders. */
function ordersOf({ venue }: Engine): string[] {
  const names: string[] = [];
  for (let bucket = 1; bucket <= tierView(venue, 1).buckets; bucket++) {
    const { account, orders } = bucketView(venue, 1, bucket);
    if (account === 1) names.push(...orders.map((id) => `1-${id}`));
  }
  return names.toSorted();
}
