import { describe, expect, test } from "vitest";
import { BUY, Desk, SELL, type Trader, answer, idOf, tale } from "./desk.ts";

const GTC = 0;
const GTD = 1;
const IOC = 2;
const FOK = 3;
const POST_ONLY = 1;
const REDUCE_ONLY = 2;

function open(): { desk: Desk; maker: Trader; taker: Trader } {
  const desk = new Desk();
  desk.market();
  return { desk, maker: desk.trader(), taker: desk.trader() };
}

/** Gives `long` a long position of `lots` at 100, against `short`. */
function trade(desk: Desk, long: Trader, short: Trader, lots: number): void {
  desk.place(short, SELL, lots, 100);
  desk.place(long, BUY, lots, 100);
}

describe("priority", () => {
  test("the better price goes first, the older order at one price, and all trade at the maker's price", () => {
    const { desk, maker, taker } = open();
    desk.place(maker, SELL, 2, 101);
    desk.place(maker, SELL, 2, 100);
    desk.place(maker, SELL, 2, 100);

    const bought = desk.place(taker, BUY, 7, 101, { clientId: 77 });
    // The taker rests only now, in the slot that was freed last.
    expect(answer(bought)).toBe(`accepted ${idOf(1, 2)} 6 1 0`);
    expect(tale(bought)).toEqual([
      `fill 1 ${idOf(2)} 1 2 0 100 2 0 0 0 0`,
      `fill 1 ${idOf(3)} 1 2 0 100 2 0 0 0 0`,
      `fill 1 ${idOf(1)} 1 2 0 101 2 0 0 0 0`,
      `orderRested 1 ${idOf(1, 2)} 2 0 101 1 77`,
    ]);
    expect(desk.holds(taker)).toEqual({ cash: 1_000_000, lots: 6, cost: 602 });
    expect(desk.holds(maker)).toEqual({ cash: 1_000_000, lots: -6, cost: -602 });
    expect(desk.marketState().openInterest).toBe(6n);
    expect(desk.auditor.violations()).toEqual([]);
  });

  test("one command meets at most 512 makers", () => {
    const { desk, taker } = open();
    for (let count = 0; count < 600; count += 200) {
      const maker = desk.trader();
      for (let each = 0; each < 200; each += 1) desk.place(maker, SELL, 1, 100);
    }
    expect(answer(desk.place(taker, BUY, 600, 100))).toBe("accepted 0 512 0 10");
    expect(answer(desk.place(taker, BUY, 88, 100))).toBe("accepted 0 88 0 0");
  });

  test("a fill may not raise open interest beyond its cap, but may move it", () => {
    const desk = new Desk();
    desk.market({ maxOpenInterestLots: 5 });
    const [maker, taker, third] = [desk.trader(), desk.trader(), desk.trader()];
    desk.place(maker, SELL, 5, 100);
    desk.place(maker, SELL, 5, 100);
    expect(answer(desk.place(taker, BUY, 6, 100))).toBe("accepted 0 5 0 11");
    desk.send("cancelAll", { account: maker.account, tier: 1, bucket: maker.bucket, market: 0 });
    desk.place(taker, SELL, 5, 100);
    expect(answer(desk.place(third, BUY, 5, 100))).toBe("accepted 0 5 0 0");
  });
});

describe("time in force", () => {
  test("IOC and market orders drop what is left; a market order stops at the edge of the band", () => {
    const { desk, maker, taker } = open();
    desk.place(maker, SELL, 2, 100);
    expect(answer(desk.place(taker, BUY, 3, 100, { timeInForce: IOC }))).toBe("accepted 0 2 0 9");
    desk.place(maker, SELL, 2, 150);
    desk.place(maker, SELL, 2, 151);
    expect(answer(desk.place(taker, BUY, 3, 0, { type: 1, timeInForce: IOC }))).toBe("accepted 0 2 0 9");
    expect(answer(desk.place(taker, BUY, 3, 120, { type: 1, timeInForce: IOC }))).toBe("accepted 0 0 0 9");
  });

  test("FOK is filled whole or not at all", () => {
    const { desk, maker, taker } = open();
    desk.place(maker, SELL, 2, 100);
    const refused = desk.place(taker, BUY, 3, 100, { timeInForce: FOK });
    expect(answer(refused)).toBe("fill_or_kill_unfilled 2 3");
    expect(refused.events).toEqual([]);
    expect(desk.holds(taker).lots).toBe(0);
    expect(answer(desk.place(taker, BUY, 2, 100, { timeInForce: FOK }))).toBe("accepted 0 2 0 0");
  });

  test("GTD orders are removed by the clock, the earliest first and then by slot, and by takers", () => {
    const { desk, maker, taker } = open();
    desk.place(maker, SELL, 1, 102, { timeInForce: GTD, expiry: 2_000 });
    desk.place(maker, SELL, 1, 101, { timeInForce: GTD, expiry: 1_500 });
    desk.place(maker, SELL, 1, 103, { timeInForce: GTD, expiry: 1_500 });
    desk.place(maker, SELL, 1, 100, { timeInForce: GTD, expiry: 3_000 });
    expect(answer(desk.place(maker, SELL, 1, 100, { timeInForce: GTD, expiry: 1_000 }))).toBe(
      "expiry_required 1000 1000",
    );
    desk.time = 2_000;
    const tick = desk.send("clockTick", { tier: 1 });
    expect(answer(tick)).toBe("accepted 3 0 0");
    expect(tale(tick)).toEqual([
      `orderRemoved 1 ${idOf(2)} 1 1 4`,
      `orderRemoved 1 ${idOf(3)} 1 1 4`,
      `orderRemoved 1 ${idOf(1)} 1 1 4`,
    ]);
    desk.time = 3_000;
    const bought = desk.place(taker, BUY, 1, 100, { timeInForce: IOC });
    expect(answer(bought)).toBe("accepted 0 0 0 9");
    expect(tale(bought)).toEqual([`orderRemoved 1 ${idOf(4)} 1 1 4`]);
    desk.time = 2_999;
    expect(answer(desk.send("clockTick", { tier: 1 }))).toBe("clock_went_back 2999 3000");
  });

  test("post-only does not take", () => {
    const { desk, maker, taker } = open();
    desk.place(maker, SELL, 1, 100);
    expect(answer(desk.place(taker, BUY, 1, 101, { flags: POST_ONLY }))).toBe(
      "post_only_would_cross 101 100",
    );
    expect(desk.place(taker, BUY, 1, 99, { flags: POST_ONLY }).outcome).toBe("accepted");
  });
});

/** Sends a buy against the account's own ask of 2 lots: the answer and the events. */
function meetOneself(selfTrade: number, lots: number): string[] {
  const { desk, taker } = open();
  desk.place(taker, SELL, 2, 100);
  const bought = desk.place(taker, BUY, lots, 100, { selfTrade });
  expect(desk.auditor.violations()).toEqual([]);
  expect(desk.holds(taker).lots).toBe(0);
  return [answer(bought), ...tale(bought)];
}

describe("self-trade", () => {
  test.each([
    ["cancel newest", 0, 3, ["accepted 0 0 0 3"]],
    [
      "cancel oldest",
      1,
      3,
      [
        `accepted ${idOf(1, 2)} 0 3 0`,
        `orderRemoved 1 ${idOf(1)} 2 2 3`,
        `orderRested 1 ${idOf(1, 2)} 2 0 100 3 0`,
      ],
    ],
    ["cancel both", 2, 3, ["accepted 0 0 0 3", `orderRemoved 1 ${idOf(1)} 2 2 3`]],
    [
      "decrement, the taker larger",
      3,
      3,
      [
        `accepted ${idOf(1, 2)} 0 1 0`,
        `orderRemoved 1 ${idOf(1)} 2 2 3`,
        `orderRested 1 ${idOf(1, 2)} 2 0 100 1 0`,
      ],
    ],
    ["decrement, the maker larger", 3, 1, ["accepted 0 0 0 0", `orderReduced 1 ${idOf(1)} 2 1 1 3`]],
  ])("%s", (_, selfTrade, lots, told) => {
    expect(meetOneself(selfTrade, lots)).toEqual(told);
  });
});

describe("guards of an order", () => {
  test.each([
    [{ tier: 2 }, "tier_unknown 2"],
    [{ account: 9 }, "account_unknown 9"],
    [{ bucket: 9 }, "bucket_unknown 9"],
    [{ bucket: 1 }, "bucket_not_owned 1 1"],
    [{ market: 2 }, "market_unknown 2"],
    [{ flags: POST_ONLY, timeInForce: IOC }, "order_flags_conflict 0 2 1"],
    [{ type: 1, timeInForce: GTC }, "order_flags_conflict 1 0 0"],
    [{ type: 3, timeInForce: GTC }, "order_flags_conflict 3 0 0"],
    [{ price: 0 }, "price_required 0"],
    [{ price: 32_768 }, "price_outside_range 32768 32767"],
    [{ price: 32_768, trigger: 1 }, "trigger_required 0 1"],
    [{ type: 2, price: 151, trigger: 32_768 }, "price_outside_range 32768 32767"],
    [{ price: 151 }, "price_outside_band 151 150"],
    [{ side: SELL, price: 49 }, "price_outside_band 49 50"],
    [{ type: 2, price: 181, trigger: 120 }, "price_outside_band 181 180"],
    [{ trigger: 1 }, "trigger_required 0 1"],
    [{ type: 3, price: 0, timeInForce: IOC }, "trigger_required 3 0"],
    [{ type: 2, trigger: 100 }, "trigger_already_met 100 100"],
    [{ type: 4, trigger: 100 }, "trigger_already_met 100 100"],
    [{ type: 2, side: SELL, trigger: 101 }, "trigger_already_met 101 100"],
    [{ expiry: 5_000 }, "expiry_required 5000 1000"],
    [{ flags: REDUCE_ONLY }, "nothing_to_reduce 0"],
    [{ lots: 1_000_001 }, "position_limit 1000001 1000000"],
    [{ lots: 100_001 }, "margin_insufficient 1000000 1000010"],
  ])("%o is refused: %s", (terms, refusal) => {
    const { desk, taker } = open();
    expect(answer(desk.place(taker, BUY, 1, 100, terms))).toBe(refusal);
  });

  test("client ids and order counts are limited", () => {
    const { desk, maker, taker } = open();
    desk.place(taker, BUY, 1, 90, { clientId: 5 });
    expect(answer(desk.place(taker, BUY, 1, 90, { clientId: 5 }))).toBe(`client_id_in_use 5 ${idOf(1)}`);
    expect(desk.place(maker, BUY, 1, 90, { clientId: 5 }).outcome).toBe("accepted");
    desk.must("setParameter", { tier: 1, market: 1, parameter: 12, value: 2 });
    expect(answer(desk.place(taker, BUY, 1, 90))).toBe("market_order_limit 2");
    desk.must("setParameter", { tier: 1, market: 0, parameter: 33, value: 1 });
    expect(answer(desk.place(taker, BUY, 1, 90))).toBe("bucket_order_limit 1");
  });

  test("an account holds a market in one bucket only", () => {
    const { desk, taker } = open();
    desk.market();
    desk.deposit(taker.account, 1_000);
    const [isolated = 0] = desk.must("allocate", {
      account: taker.account,
      tier: 1,
      mode: 1,
      asset: 1,
      amount: 1_000,
    });
    const other = { account: taker.account, bucket: isolated };
    expect(answer(desk.place(other, BUY, 1, 90, { market: 2 }))).toBe("bucket_is_isolated 2 1");
    desk.place(other, BUY, 1, 90);
    expect(answer(desk.place(taker, BUY, 1, 90))).toBe(`market_held_in_other_bucket 1 ${isolated}`);
  });

  test("only an open or reduce-only market takes orders", () => {
    const { desk, maker, taker } = open();
    trade(desk, taker, maker, 3);
    desk.must("setParameter", { tier: 1, market: 1, parameter: 1, value: 2 });
    expect(answer(desk.place(taker, SELL, 1, 100))).toBe("market_not_open 2");
    expect(desk.must("setParameter", { tier: 1, market: 1, parameter: 1, value: 1 })).toEqual([2]);
    expect(answer(desk.place(taker, BUY, 1, 100))).toBe("reduce_only_market 1");
    expect(answer(desk.place(taker, SELL, 5, 100))).toBe(`accepted ${idOf(1, 2)} 0 3 0`);
  });
});

describe("reduce-only", () => {
  test("a taker is cut to its position; a maker fills no more than its own and then leaves", () => {
    const { desk, maker, taker } = open();
    const third = desk.trader();
    trade(desk, maker, third, 5);
    expect(answer(desk.place(maker, BUY, 1, 90, { flags: REDUCE_ONLY }))).toBe("nothing_to_reduce 5");
    desk.place(maker, SELL, 4, 100, { flags: REDUCE_ONLY });
    desk.place(maker, SELL, 4, 100, { flags: REDUCE_ONLY });

    const bought = desk.place(taker, BUY, 10, 100, { timeInForce: IOC });
    expect(answer(bought)).toBe("accepted 0 5 0 9");
    expect(tale(bought)).toEqual([
      `fill 1 ${idOf(1, 2)} 1 2 0 100 4 0 0 0 0`,
      `fill 1 ${idOf(2)} 1 2 0 100 1 0 0 0 0`,
      `orderRemoved 1 ${idOf(2)} 1 3 5`,
    ]);
    expect(desk.place(taker, SELL, 9, 100, { flags: REDUCE_ONLY }).facts[2]).toBe(5n);
  });
});

describe("an unfit maker", () => {
  test("has its fill undone and its order removed", () => {
    const { desk, taker } = open();
    const maker = desk.trader(100);
    desk.place(maker, SELL, 10, 100);
    desk.mark(101);
    const bought = desk.place(taker, BUY, 10, 101);
    // Short 10 from 100 with the mark at 101: equity 90 against a margin of 101.
    expect(tale(bought)).toEqual([
      `orderRemoved 1 ${idOf(1)} 3 10 6`,
      `orderRested 1 ${idOf(1, 2)} 2 0 101 10 0`,
    ]);
    expect(desk.holds(maker)).toEqual({ cash: 100, lots: 0, cost: 0 });
  });
});

describe("amend and cancel", () => {
  test("fewer lots at the same price keep priority, all else loses it and keeps the id", () => {
    const { desk, maker, taker } = open();
    const amend = (price: number, lots: number) =>
      desk.send("amendOrder", { account: maker.account, tier: 1, order: idOf(1), price, lots });
    desk.place(maker, SELL, 5, 100);
    desk.place(maker, SELL, 5, 100);

    const reduced = amend(100, 3);
    expect(answer(reduced)).toBe(`accepted ${idOf(1)} 0 3 0`);
    expect(tale(reduced)).toEqual([`orderReduced 1 ${idOf(1)} 1 2 3 2`]);
    expect(tale(amend(100, 3))).toEqual([]);
    const grown = amend(100, 4);
    expect(answer(grown)).toBe(`accepted ${idOf(1)} 0 4 0`);
    expect(tale(grown)).toEqual([`orderRemoved 1 ${idOf(1)} 1 3 2`, `orderRested 1 ${idOf(1)} 1 1 100 4 0`]);
    expect(tale(desk.place(taker, BUY, 1, 100))).toEqual([`fill 1 ${idOf(2)} 1 2 0 100 1 0 0 0 0`]);
    expect(answer(amend(49, 4))).toBe("price_outside_band 49 50");
    expect(answer(desk.send("amendOrder", { account: 2, tier: 1, order: idOf(1), price: 1, lots: 1 }))).toBe(
      `order_not_owned ${idOf(1)} 1`,
    );

    // Amended into the other side's reach, it trades and is gone; its slot is free for the next order.
    desk.place(taker, BUY, 9, 99);
    const crossed = amend(99, 4);
    expect(answer(crossed)).toBe("accepted 0 4 0 0");
    expect(answer(amend(99, 4))).toBe(`order_unknown ${idOf(1)}`);
    expect(answer(desk.place(maker, SELL, 1, 120))).toBe(`accepted ${idOf(1, 2)} 0 1 0`);
  });

  test("cancels by id, by client id and newest first", () => {
    const { desk, maker } = open();
    const { account, bucket } = maker;
    desk.place(maker, SELL, 1, 101, { clientId: 8 });
    desk.place(maker, SELL, 2, 102);
    desk.place(maker, BUY, 3, 99);
    const cancel = (order: number, clientId: number) =>
      desk.send("cancelOrder", { account, tier: 1, order, clientId });
    expect(answer(cancel(0, 0))).toBe("client_id_unknown 0");
    expect(answer(cancel(0, 9))).toBe("client_id_unknown 9");
    const cancelled = cancel(0, 8);
    expect(answer(cancelled)).toBe(`accepted ${idOf(1)} 1`);
    expect(tale(cancelled)).toEqual([`orderRemoved 1 ${idOf(1)} 1 1 1`]);
    expect(answer(cancel(idOf(1), 0))).toBe(`order_unknown ${idOf(1)}`);
    const all = desk.send("cancelAll", { account, tier: 1, bucket, market: 0 });
    expect(answer(all)).toBe("accepted 2");
    expect(tale(all)).toEqual([`orderRemoved 1 ${idOf(3)} 1 3 1`, `orderRemoved 1 ${idOf(2)} 1 2 1`]);
  });

  test("a mass cancel takes bids, asks, rising and falling triggers, each from the nearest", () => {
    const { desk, maker } = open();
    const stop = { type: 2, timeInForce: GTC };
    desk.place(maker, SELL, 1, 103);
    desk.place(maker, SELL, 2, 102);
    desk.place(maker, BUY, 3, 98);
    desk.place(maker, BUY, 4, 99);
    desk.place(maker, BUY, 5, 120, { ...stop, trigger: 120 });
    desk.place(maker, BUY, 6, 110, { ...stop, trigger: 110 });
    desk.place(maker, SELL, 7, 80, { ...stop, trigger: 80 });
    desk.place(maker, SELL, 8, 90, { ...stop, trigger: 90 });
    const cancelled = desk.send("massCancel", { tier: 1, market: 1 });
    expect(answer(cancelled)).toBe("accepted 8 0");
    expect(cancelled.events.map(({ values }) => Number(values[3]))).toEqual([4, 3, 2, 1, 6, 5, 8, 7]);
    expect(desk.auditor.violations()).toEqual([]);
  });
});

describe("triggers", () => {
  test("fire rising from the lowest, then falling from the highest, and execute like fresh orders", () => {
    const { desk, maker, taker } = open();
    const stop = { type: 3, timeInForce: IOC };
    expect(answer(desk.place(taker, BUY, 1, 0, { ...stop, trigger: 110 }))).toBe(`accepted ${idOf(1)} 0 1 0`);
    desk.place(taker, BUY, 2, 0, { ...stop, trigger: 105 });
    desk.place(taker, BUY, 3, 108, { type: 2, trigger: 108 });
    desk.place(maker, SELL, 3, 112);

    const moved = desk.mark(110);
    expect(answer(moved)).toBe("accepted 3 0");
    expect(tale(moved)).toEqual([
      `orderTriggered 1 ${idOf(2)} 2 110 0`,
      `fill 1 ${idOf(4)} 1 2 0 112 2 0 0 0 0`,
      `orderTriggered 1 ${idOf(3)} 2 110 0`,
      `orderRested 1 ${idOf(3)} 2 0 108 3 0`,
      `orderTriggered 1 ${idOf(1)} 2 110 0`,
      `fill 1 ${idOf(4)} 1 2 0 112 1 0 0 0 0`,
    ]);
    expect(desk.auditor.violations()).toEqual([]);
  });

  test("a fired order that is refused is gone, and says why", () => {
    const { desk, maker, taker } = open();
    desk.place(maker, SELL, 1, 106);
    desk.place(taker, BUY, 2, 106, { type: 2, timeInForce: FOK, trigger: 106 });
    desk.place(taker, SELL, 2, 0, { type: 3, timeInForce: IOC, trigger: 95, flags: REDUCE_ONLY });
    desk.place(taker, SELL, 1, 94, { type: 2, timeInForce: GTD, expiry: 2_000, trigger: 94 });

    expect(tale(desk.mark(106))).toEqual([
      `orderTriggered 1 ${idOf(2)} 2 106 4023`,
      `orderRemoved 1 ${idOf(2)} 2 2 12`,
    ]);
    expect(tale(desk.mark(95))).toEqual([
      `orderTriggered 1 ${idOf(3)} 2 95 4016`,
      `orderRemoved 1 ${idOf(3)} 2 2 12`,
    ]);
    desk.time = 2_000;
    const late = desk.mark(94);
    expect(answer(late)).toBe("accepted 1 0");
    expect(tale(late)).toEqual([`orderRemoved 1 ${idOf(4)} 2 1 4`]);
    expect(desk.auditor.violations()).toEqual([]);
  });

  test("at most 32 fire per command, the others at the next tick; a halted market fires none", () => {
    const { desk, taker } = open();
    for (let count = 0; count < 40; count += 1) {
      desk.place(taker, BUY, 1, 0, { type: 3, timeInForce: IOC, trigger: 101 });
    }
    expect(answer(desk.mark(101))).toBe("accepted 32 0");
    desk.must("setParameter", { tier: 1, market: 1, parameter: 1, value: 2 });
    expect(answer(desk.send("clockTick", { tier: 1 }))).toBe("accepted 0 0 0");
    desk.must("setParameter", { tier: 1, market: 1, parameter: 1, value: 0 });
    expect(answer(desk.send("clockTick", { tier: 1 }))).toBe("accepted 0 8 0");
  });

  test("a waiting order is amended in place", () => {
    const { desk, taker } = open();
    desk.place(taker, BUY, 1, 120, { type: 2, trigger: 120 });
    const amend = { account: taker.account, tier: 1, order: idOf(1), price: 180, lots: 9 };
    const amended = desk.send("amendOrder", amend);
    expect([answer(amended), ...tale(amended)]).toEqual([`accepted ${idOf(1)} 0 9 0`]);
    expect(answer(desk.send("amendOrder", { ...amend, price: 181 }))).toBe("price_outside_band 181 180");
    expect(desk.marketState().waiting).toEqual([
      { order: idOf(1), trigger: 120, firesRising: true, price: 180, lots: 9n },
    ]);
  });
});

describe("health", () => {
  test("below initial margin a user may close, but not at a price that makes it worse", () => {
    const { desk, maker, taker } = open();
    const weak = desk.trader(200);
    trade(desk, weak, maker, 10);
    desk.mark(85);
    // Equity 50, margin 85. Opening more is refused, and so is a sale that could lose more than it frees.
    expect(answer(desk.place(weak, BUY, 1, 85))).toBe("margin_insufficient 50 94");
    expect(answer(desk.place(weak, SELL, 1, 60))).toBe("margin_insufficient 50 102");
    // Reduce-only reserves nothing, but selling at 60 turns 50 over 43 into 25 over 39.
    desk.place(taker, BUY, 1, 60);
    expect(answer(desk.place(weak, SELL, 1, 60, { flags: REDUCE_ONLY }))).toBe("health_would_fall 25 39");
    desk.place(taker, BUY, 1, 85);
    expect(answer(desk.place(weak, SELL, 1, 85))).toBe("accepted 0 1 0 0");
  });

  test("who was above initial margin may not fall below it by what the fill costs", () => {
    const desk = new Desk();
    desk.market({ takerFee: 10_000 });
    const [maker, poor, rich] = [desk.trader(), desk.trader(100), desk.trader(110)];
    desk.place(maker, SELL, 20, 100);
    expect(answer(desk.place(poor, BUY, 10, 100))).toBe("margin_insufficient 90 100");
    expect(answer(desk.place(rich, BUY, 10, 100))).toBe("accepted 0 10 0 0");
    expect(desk.auditor.violations()).toEqual([]);
  });
});
