/** Circuit breakers as traders meet them: what a trip forbids, what it leaves, and how a market comes back. */
import { describe, expect, test } from "vitest";
import {
  BREAKER,
  BREAKER_OFF,
  ORDER_TYPE,
  PARAMETERS,
  STATUS,
  TIME_IN_FORCE,
  breakerView,
} from "@bulkhead/engine";
import { type Desk, type Fields, openDesk, usd } from "./venue.ts";

const MINUTE = 60_000;
const START = 1_700_000_000_000;
const IOC = { timeInForce: TIME_IN_FORCE.immediateOrCancel };

/** What docs/spec/breakers.md recommends for BTC. */
const RECOMMENDED = {
  ...BREAKER_OFF,
  sigma: 140,
  softZ: 6,
  hardZ: 10,
  softMove: 10_000,
  hardMove: 50_000,
  divergence: 5_000,
  openInterestStep: 400_000,
  spreadFactor: 20,
  depthFloor: 50_000,
  cautionBand: 20_000,
  haltScore: 2_000_000,
};

function guardedDesk(
  changes: Partial<Fields<"configureBreaker">> = {},
  terms: Parameters<typeof openDesk>[0] = {},
): Desk {
  const desk = openDesk(terms);
  desk.now = START;
  desk.mark(10_000);
  configure(desk, { hardMove: 50_000, haltScore: 2_000_000, ...changes });
  return desk;
}

function configure(desk: Desk, changes: Partial<Fields<"configureBreaker">>): void {
  desk.arm(1, changes);
}

const breaker = (desk: Desk) => breakerView(desk.engine.venue, 1, 1);
const audit = (desk: Desk): void => expect(desk.engine.audit()).toEqual([]);
const tick = (desk: Desk) => desk.tick();

/** Sets a price twice, so that the second confirms the first. */
function confirm(desk: Desk, price: number): void {
  desk.mark(price);
  desk.now += 1;
  desk.mark(price);
}

/** Minutes pass, with a tick in each. */
function pass(desk: Desk, minutes: number): void {
  for (let minute = 0; minute < minutes; minute++) {
    desk.now += MINUTE;
    tick(desk);
  }
}

function cautious(): Desk {
  const desk = guardedDesk(
    { softMove: 10_000, openInterestStep: 150_000, cautionBand: 20_000 },
    { band: 100_000 },
  );
  const [alice, bob] = [desk.openTrader(1e8), desk.openTrader(1e8)];
  desk.now += 1_000;
  desk.trade(alice, bob, 900, 10_000);
  confirm(desk, 10_200);
  return desk;
}

function halted(): Desk {
  const desk = guardedDesk({ cautionBand: 10_000 }, { band: 110_000 });
  desk.now += 1_000;
  confirm(desk, 12_000);
  return desk;
}

/** A repeatable walk with the volatility the breaker was told, one price a second. */
function* walk(seed: number, seconds: number): Generator<number> {
  let state = seed;
  let price = 20_000;
  const uniform = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  for (let second = 0; second < seconds; second++) {
    const normal = Array.from({ length: 12 }, uniform).reduce((sum, each) => sum + each, -6);
    price *= 1 + normal * 140e-6;
    yield Math.round(price);
  }
}

describe("a price that moves too fast", () => {
  test("lets positions only shrink, once a second price confirms the first", () => {
    const desk = guardedDesk();
    const [alice, bob] = [desk.openTrader(1e7), desk.openTrader(1e7)];
    desk.trade(alice, bob, 10, 10_000);
    desk.now += 1_000;
    desk.mark(10_600);
    expect(breaker(desk)).toMatchObject({ level: BREAKER.normal, hardScore: 1_200_000 });
    desk.now += 1;
    const { events } = desk.mark(10_600);
    expect(events).toMatchObject([
      { event: "breakerMoved", values: { market: 1, from: 0, to: 2, signal: 1, score: 1_200_000 } },
    ]);
    expect(breaker(desk)).toMatchObject({ trading: STATUS.reduceOnly, marginMultiplier: 1_150_000 });
    desk.expectRefused(desk.buy(alice, 1, 10_600), "reduce_only_market", { market: 1 });
    desk.expectAccepted(desk.sell(alice, 10, 10_600));
    desk.expectAccepted(desk.buy(bob, 10, 10_600));
    expect(desk.position(alice)?.lots ?? 0).toBe(0);
    audit(desk);
  });

  test("halts the market when it is twice as fast: no order, no funding; deposits and cancels go on", () => {
    const desk = guardedDesk();
    const alice = desk.openTrader(1e7);
    desk.expectAccepted(desk.buy(alice, 1, 9_000));
    const order = desk.newestOrder(alice);
    desk.now += 1_000;
    confirm(desk, 11_100);
    expect(breaker(desk)).toMatchObject({ level: BREAKER.halt, trading: STATUS.halted });
    desk.expectRefused(desk.buy(alice, 1, 11_000), "market_not_open", { status: STATUS.halted });
    desk.expectRefused({ kind: "accrueFunding", tier: 1, market: 1, rate: 1 }, "trading_paused", {
      status: 2,
    });
    desk.fund(alice.account, 5);
    desk.expectAccepted({ kind: "cancelOrder", account: alice.account, tier: 1, order, clientId: 0 });
    audit(desk);
  });

  test("and one whose reporters fall silent makes the breaker cautious, then strict", () => {
    const desk = guardedDesk();
    desk.loseFeed(1);
    pass(desk, 3);
    expect(breaker(desk).level).toBe(BREAKER.reduceOnly);
    expect(breaker(desk).signal).toBe(7);
    audit(desk);
  });

  test("means nothing where no breaker is configured", () => {
    const desk = guardedDesk();
    configure(desk, {});
    desk.now += 1_000;
    confirm(desk, 20_000);
    expect(breaker(desk)).toMatchObject({ on: false, level: BREAKER.normal, hardScore: 0 });
    audit(desk);
  });
});

describe("caution", () => {
  test("takes two soft signals, and narrows the band for orders that name their price", () => {
    const desk = cautious();
    expect(breaker(desk)).toMatchObject({ level: BREAKER.caution, trading: STATUS.open, band: 20_000 });
    const carol = desk.openTrader(1e7);
    desk.expectRefused(desk.buy(carol, 1, 10_405), "price_outside_band", { price: 10_405, limit: 10_404 });
    const market = { type: ORDER_TYPE.market, ...IOC };
    desk.expectRefused(desk.buy(carol, 1, 0, market), "price_not_named", { level: BREAKER.caution });
    desk.expectAccepted(desk.buy(carol, 1, 10_404, market));
    audit(desk);
  });

  test("asks 15 % more initial margin and not a cent more maintenance margin", () => {
    const desk = cautious();
    const alice = { account: 1, bucket: 1 };
    const { initialMargin, maintenanceMargin } = desk.bucket(alice);
    expect(initialMargin).toBe(usd(900 * 10_200 * 0.1 * 1.15));
    expect(maintenanceMargin).toBe(usd(900 * 10_200 * 0.05));
    const preview = desk.preview(desk.buy(alice, 10, 10_000));
    expect(preview.after?.initialMargin).toBe(usd(910 * 10_200 * 0.1 * 1.15));
  });

  test("is over after two calm minutes", () => {
    const desk = cautious();
    pass(desk, 14);
    expect(breaker(desk)).toMatchObject({
      level: BREAKER.normal,
      marginMultiplier: 1_000_000,
      band: 100_000,
    });
    expect(desk.bucket({ account: 1, bucket: 1 }).initialMargin).toBe(usd(900 * 10_200 * 0.1));
    audit(desk);
  });
});

describe("a halt", () => {
  test("ends by itself, reopens in a narrow band that widens, and comes back to normal", () => {
    const desk = halted();
    const levels = new Set<number>();
    const bands: number[] = [];
    for (let minute = 0; minute < 120; minute++) {
      pass(desk, 1);
      levels.add(breaker(desk).level);
      if (breaker(desk).level === BREAKER.reopen) bands.push(breaker(desk).band);
      if (minute % 12 === 0) audit(desk);
    }
    expect([...levels]).toEqual([BREAKER.halt, BREAKER.reopen, BREAKER.normal]);
    expect([bands[0], bands[5], bands.at(-1)]).toEqual([10_000, 60_000, 110_000]);
  });

  test("never lasts longer than 30 minutes, however fast the price goes on", () => {
    const desk = halted();
    let price = 12_000;
    for (let minute = 0; minute < 29; minute++) {
      desk.now += MINUTE;
      price = price === 12_000 ? 16_000 : 12_000;
      desk.mark(price);
      expect(breaker(desk).level).toBe(BREAKER.halt);
    }
    desk.now += MINUTE;
    desk.mark(price);
    expect(breaker(desk).level).toBe(BREAKER.reopen);
    audit(desk);
  });

  test("is followed by a grace in which only those deep in distress are liquidated", () => {
    const desk = guardedDesk({ hardMove: 30_000 });
    desk.set(PARAMETERS.liquidationBuffer.id, 150_000, 0);
    const [alice, bob, maker] = [desk.openTrader(10_000), desk.openTrader(1e6), desk.openTrader(1e7)];
    desk.trade(alice, bob, 9, 10_000);
    desk.now += 1_000;
    confirm(desk, 9_300);
    // Equity 3 700, maintenance margin 4 185: unhealthy, but not deep.
    expect(breaker(desk).level).toBe(BREAKER.halt);
    const pausedFrom = desk.now;
    while (breaker(desk).level === BREAKER.halt) {
      pass(desk, 1);
      expect(desk.position(alice)?.lots).toBe(9);
    }
    const { graceUntil } = breaker(desk);
    expect(graceUntil).toBe(desk.now + Math.floor((desk.now - pausedFrom) / 4));
    desk.expectAccepted(desk.buy(maker, 100, 9_300));
    desk.now = graceUntil - 1;
    tick(desk);
    expect(desk.position(alice)?.lots, "time to act").toBe(9);
    desk.now += 1;
    tick(desk);
    expect(desk.position(alice)?.lots).toBeLessThan(9);
    audit(desk);
  });

  test("stops the clock of an auction: the backstop comes as much later as the pause took", () => {
    const desk = guardedDesk({ hardMove: 30_000 });
    desk.set(PARAMETERS.liquidationBuffer.id, 150_000, 0);
    desk.set(PARAMETERS.auctionSpan.id, 20 * MINUTE, 0);
    desk.set(PARAMETERS.backstopCap.id, 100);
    const [alice, bob, house] = [desk.openTrader(10_000), desk.openTrader(1e6), desk.openTrader(1e6)];
    desk.expectAccepted({ kind: "appointBackstop", tier: 1, account: house.account });
    desk.trade(alice, bob, 9, 10_000);
    desk.now += 1_000;
    confirm(desk, 9_300);
    const pausedFrom = desk.now;
    const since = desk.bucket(alice).distressSince;
    expect(since, "the liquidation began with the first price, before the halt").toBe(pausedFrom - 1);
    while (breaker(desk).level === BREAKER.halt) pass(desk, 1);
    const paused = desk.now - pausedFrom;
    desk.now = since + 20 * MINUTE + paused - 1;
    tick(desk);
    expect(desk.position(alice)?.lots).toBe(9);
    desk.now += 1;
    tick(desk);
    expect(desk.position(house)?.lots).toBe(9);
    audit(desk);
  });

  test("by hand outlasts the breaker's, and the stricter of both holds", () => {
    const desk = halted();
    desk.set(PARAMETERS.status.id, STATUS.halted);
    for (let minute = 0; minute < 90; minute++) pass(desk, 1);
    expect(breaker(desk)).toMatchObject({ level: BREAKER.normal, trading: STATUS.halted });
    desk.set(PARAMETERS.status.id, STATUS.open);
    expect(breaker(desk)).toMatchObject({ trading: STATUS.open });
    expect(breaker(desk).graceUntil).toBe(desk.now + 10 * MINUTE);
    audit(desk);
  });

  test("is not lifted by turning the breaker off", () => {
    const desk = halted();
    configure(desk, {});
    expect(breaker(desk)).toMatchObject({ on: true, trading: STATUS.halted });
    pass(desk, 6);
    expect(breaker(desk).level).toBe(BREAKER.reopen);
    pass(desk, 15);
    expect(breaker(desk)).toMatchObject({ on: false, level: BREAKER.normal, trading: STATUS.open });
    audit(desk);
  });
});

describe("what is liquidated and lost", () => {
  test.each([0, 4])("counts once against the market's capacity, %i lots sold and the rest torn up", (bid) => {
    const desk = guardedDesk({
      hardMove: 0,
      haltScore: 0,
      liquidationCapacity: usd(50_000),
      lossCapacity: usd(1_000),
    });
    desk.set(PARAMETERS.liquidationBuffer.id, 150_000, 0);
    const [alice, bob] = [desk.openTrader(10_000), desk.openTrader(1e6)];
    desk.trade(alice, bob, 9, 10_000);
    if (bid > 0) desk.expectAccepted(desk.buy(bob, bid, 8_500));
    desk.now += 1_000;
    desk.mark(8_500);
    desk.now += 1;
    desk.mark(8_500);
    // 9 lots at 8 500 against 1.5 · 50 000; a loss of 3 500 against 1 000.
    expect(breaker(desk).hard.slice(2, 5)).toEqual([1_020_000, 0, 3_500_000]);
    desk.now += 1;
    desk.mark(8_500);
    expect(breaker(desk)).toMatchObject({ level: BREAKER.reduceOnly, signal: 5 });
    audit(desk);
  });
});

describe("evidence", () => {
  test("a trip that costs more than it avoids is withheld, and said so once", () => {
    const desk = guardedDesk({ haltScore: 0, haltCost: 1_000_000 });
    const [alice, bob] = [desk.openTrader(1e7), desk.openTrader(1e7)];
    desk.trade(alice, bob, 10, 10_000);
    desk.now += 1_000;
    desk.mark(10_600);
    desk.now += 1;
    const { events } = desk.mark(10_600);
    // V = 106 000; move 6 %, margin 5 %: V·0.06/8·1.2² avoided. Caution costs V/10 for 2 minutes, reduce-only V/2 for 5.
    const evidence = { lossAvoided: 1_144_800_000, cost: 353_333_334 };
    expect(events).toMatchObject([{ event: "breakerMoved", values: { from: 0, to: 1, ...evidence } }]);
    desk.mark(10_600);
    const against = {
      level: 2,
      signal: 1,
      score: 1_200_000,
      lossAvoided: 1_144_800_000,
      cost: 6_625_000_000,
    };
    expect(desk.mark(10_600).events).toMatchObject([{ event: "breakerWithheld", values: against }]);
    expect(desk.mark(10_600).events).toEqual([]);
    expect(breaker(desk).level).toBe(BREAKER.caution);
    audit(desk);
  });

  test("costs are not looked at when the score is twice the trip level", () => {
    const desk = guardedDesk({ haltScore: 0, haltCost: 1_000_000 });
    const [alice, bob] = [desk.openTrader(1e7), desk.openTrader(1e7)];
    desk.trade(alice, bob, 10, 10_000);
    desk.now += 1_000;
    confirm(desk, 11_000);
    expect(breaker(desk).level).toBe(BREAKER.reduceOnly);
    audit(desk);
  });
});

describe("false positives", () => {
  test("do not occur in quiet hours with recommended settings, on several walks", () => {
    for (let seed = 1; seed <= 3; seed++) {
      const desk = openDesk({ band: 100_000 });
      desk.now = START;
      desk.mark(20_000);
      configure(desk, RECOMMENDED);
      let moves = 0;
      for (const price of walk(seed, 2 * 3_600)) {
        desk.now += 1_000;
        moves += desk.mark(price).events.length;
      }
      expect(moves).toBe(0);
    }
  });

  test("a real fall is not among them: 6 % in a minute trips", () => {
    const desk = openDesk({ band: 100_000 });
    desk.now = START;
    desk.mark(20_000);
    configure(desk, RECOMMENDED);
    for (const price of walk(9, 600)) {
      desk.now += 1_000;
      desk.mark(price);
    }
    let price = 20_000;
    for (let second = 0; second < 60; second++) {
      desk.now += 1_000;
      price -= 22;
      desk.mark(price);
    }
    expect(breaker(desk).level).toBe(BREAKER.reduceOnly);
  });
});
