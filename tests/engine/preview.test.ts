/** A preview tells exactly what an order would do, and does nothing. */
import { type Preview, type Receipt, type Standing, TIME_IN_FORCE } from "@bulkhead/engine";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RUNS, anyMove, openFloor, resolve } from "./flow.ts";
import { type Desk, type PlaceOrder, openDesk, usd } from "./venue.ts";

describe("a preview", () => {
  test("comes true, whatever has happened before", () => {
    fc.assert(
      fc.property(fc.array(anyMove, { minLength: 20, maxLength: 120 }), (moves) => {
        const desk = openFloor();
        for (const move of moves) {
          const command = resolve(desk, move);
          if (command === undefined) continue;
          if (command.kind === "placeOrder") expectForeseen(desk, command);
          else desk.send(command);
        }
        expect(desk.engine.audit()).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  });

  test("tells fills, fees, equity, margin and the liquidation price", () => {
    const desk = openDesk({ takerFee: 1_000 });
    const [alice, bob] = [desk.openTrader(100), desk.openTrader(1_000)];
    desk.expectAccepted(desk.sell(bob, 5, 100));
    desk.expectAccepted(desk.sell(bob, 5, 102));
    const before = {
      lots: 0,
      equity: usd(100),
      initialMargin: 0,
      maintenanceEquity: usd(100),
      maintenanceMargin: 0,
      liquidationPrice: 0,
    };
    expect(desk.preview(desk.buy(alice, 8, 102))).toEqual({
      outcome: "accepted",
      facts: {},
      filled: 8,
      tickLots: 5 * 100 + 3 * 102,
      fees: usd(0.806),
      resting: 0,
      before,
      after: {
        lots: 8,
        equity: usd(100 - 6 - 0.806),
        initialMargin: usd(80),
        maintenanceEquity: usd(93.194),
        maintenanceMargin: usd(40),
        liquidationPrice: 93,
      },
    });
    const { after, ...refused } = desk.preview(desk.buy(alice, 10, 102));
    expect(after).toBeUndefined();
    expect(refused).toMatchObject({
      outcome: "margin_insufficient",
      facts: { equity: usd(100), required: usd(120) },
      before,
    });
  });

  test("the liquidation price it tells is where the account falls below maintenance", () => {
    const desk = openDesk();
    const [alice, bob] = [desk.openTrader(100), desk.openTrader(10_000)];
    desk.expectAccepted(desk.sell(bob, 9, 100));
    const price = desk.preview(desk.buy(alice, 9, 100)).after?.liquidationPrice ?? 0;
    desk.expectAccepted(desk.buy(alice, 9, 100));
    for (const [mark, isBelow] of [
      [price + 1, false],
      [price, true],
    ] as const) {
      desk.mark(mark);
      const { maintenanceEquity, maintenanceMargin } = desk.bucket(alice);
      expect(maintenanceEquity < maintenanceMargin).toBe(isBelow);
    }
  });

  test("of an order that waits says that it would", () => {
    const desk = openDesk();
    const alice = desk.openTrader(1_000);
    const stop = desk.buy(alice, 500, 120, { type: 2, trigger: 120 });
    expect(desk.preview(stop)).toMatchObject({ outcome: "accepted", filled: 0, resting: 500, fees: 0 });
  });

  test("of nobody, nowhere, says who is unknown", () => {
    const desk = openDesk();
    const alice = desk.openTrader(1_000);
    const nowhere = { outcome: "tier_unknown", facts: { tier: 5 }, before: undefined, after: undefined };
    expect(desk.preview(desk.buy(alice, 1, 100, { tier: 5 }))).toMatchObject(nowhere);
    expect(desk.preview(desk.buy(alice, 1, 100, { market: 5 }))).toMatchObject({
      outcome: "market_unknown",
      before: undefined,
    });
    expect(desk.preview(desk.buy(alice, 1, 100, { bucket: 5 }))).toMatchObject({
      outcome: "bucket_unknown",
      before: undefined,
    });
  });

  test("undoes fills that a fill-or-kill would undo, too", () => {
    const desk = openDesk();
    const [alice, bob] = [desk.openTrader(1_000), desk.openTrader(1_000)];
    desk.expectAccepted(desk.sell(bob, 5, 100));
    expectForeseen(desk, desk.buy(alice, 9, 100, { timeInForce: TIME_IN_FORCE.fillOrKill }));
    expect(desk.market().orders).toBe(1);
  });

  test("knows that the clock has moved on", () => {
    const desk = openDesk();
    const alice = desk.openTrader(1_000);
    expectForeseen(desk, desk.buy(alice, 1, 100, { time: 999 }));
  });
});

/** Previews an order, places it, and compares. */
function expectForeseen(desk: Desk, order: PlaceOrder): void {
  const [hash, { sequence }] = [desk.hash(), desk.engine];
  const preview = desk.preview(order);
  expect(desk.hash(), "a preview changes nothing").toBe(hash);
  expect(desk.engine.sequence, "a preview is no command").toBe(sequence);
  expect(preview.before).toEqual(standingOf(desk, order));
  const receipt = desk.send(order);
  expect(whatWasForeseen(preview)).toEqual(whatHappened(receipt));
  if (receipt.outcome === "accepted") expect(preview.after).toEqual(standingOf(desk, order));
  else expect(preview.after).toBeUndefined();
}

interface Result {
  readonly outcome: string;
  readonly facts: Readonly<Record<string, number>>;
  readonly filled: number;
  readonly tickLots: number;
  readonly fees: number;
  readonly resting: number;
}

function whatWasForeseen({ outcome, facts, filled, tickLots, fees, resting }: Preview): Result {
  return { outcome, facts, filled, tickLots, fees, resting };
}

function whatHappened({ outcome, facts, events }: Receipt): Result {
  if (outcome !== "accepted") return { outcome, facts, filled: 0, tickLots: 0, fees: 0, resting: 0 };
  const fills = events.filter(({ event }) => event === "fill").map(({ values }) => values);
  const sum = (of: (fill: Readonly<Record<string, number>>) => number): number =>
    fills.reduce((total, fill) => total + of(fill), 0);
  return {
    outcome,
    facts: {},
    filled: sum((fill) => fill["lots"] ?? NaN),
    tickLots: sum((fill) => (fill["price"] ?? NaN) * (fill["lots"] ?? NaN)),
    fees: sum((fill) => fill["takerFee"] ?? NaN),
    resting: facts["resting"] ?? NaN,
  };
}

function standingOf(desk: Desk, order: PlaceOrder): Standing {
  const { equity, initialMargin, maintenanceEquity, maintenanceMargin } = desk.bucket(order);
  const position = desk.position(order, order.market);
  const lots = (position?.lots ?? 0) as Standing["lots"];
  const liquidationPrice = (position?.liquidationPrice ?? 0) as Standing["liquidationPrice"];
  return { lots, equity, initialMargin, maintenanceEquity, maintenanceMargin, liquidationPrice };
}
