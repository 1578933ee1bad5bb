import { describe, expect, test } from "vitest";
import { demoPath } from "./demoPath.ts";
import type { PriceSeries } from "./priceSeries.ts";
import { Replay, type ReplayReport } from "./replay.ts";

const BARS = 400;

/** The hours of the crash, where everything happens. */
function crash(): readonly PriceSeries[] {
  return demoPath(1).map((series) => ({
    ...series,
    time: series.time.slice(1_400, 1_400 + BARS),
    open: series.open.slice(1_400, 1_400 + BARS),
    high: series.high.slice(1_400, 1_400 + BARS),
    low: series.low.slice(1_400, 1_400 + BARS),
    close: series.close.slice(1_400, 1_400 + BARS),
  }));
}

function play(seed: number, snapshotAt = Infinity, series = crash(), participants = 60): ReplayReport {
  const replay = new Replay({ series, participants, seed });
  while (!replay.isOver) {
    replay.advance(100);
    if (replay.step === snapshotAt) replay.passThroughSnapshot();
  }
  return replay.report();
}

describe("a replay", () => {
  const report = play(1);

  test("breaks no invariant and loses no money", () => {
    expect(report.findings).toEqual([]);
    expect(report.violations).toBe(0);
    expect(report.conservation.difference).toBe(0);
    expect(report.conservation.vault).toBeGreaterThan(0);
    expect(report.coinConservation.difference).toBe(0);
    expect(report.coinConservation.vault).toBeGreaterThan(0);
  });

  test("is busy: every kind of participant trades, in every ordinary way", () => {
    const {
      amendOrder = 0,
      placeOrder = 0,
      cancelOrder = 0,
      cancelAll = 0,
      deallocate = 0,
    } = report.commandsByName;
    expect(report.crowd).toEqual({ makers: 6, momentum: 18, leveraged: 36 });
    expect(report.commands / BARS / 2).toBeGreaterThan(20);
    for (const count of [amendOrder, placeOrder, cancelOrder, cancelAll, deallocate])
      expect(count).toBeGreaterThan(0);
    for (const market of report.markets) expect(market.fills).toBeGreaterThan(1_000);
    expect(report.casualties.liquidations).toBeGreaterThan(0);
    expect(report.casualties.haircutError).toBe(0n);
    expect(report.casualties.flatTouched).toBe(0);
  });

  test("comes out the same for the same seed, and different for another", () => {
    expect(play(1)).toEqual(report);
    expect(play(2).stateHash).not.toBe(report.stateHash);
  });

  test.each([100, 1_700, BARS * 8])(
    "goes on from a snapshot taken at step %d as if nothing had happened",
    (step) => {
      expect(play(1, step)).toEqual(report);
    },
  );

  test("keeps lines over time of one length", () => {
    const lines = [report.belowMaintenance.overTime, ...report.markets.map(({ prices }) => prices)];
    expect(new Set(lines.map((line) => line.length)).size).toBe(1);
  });
});

test("a price that falls by all but a millionth is held at one tick, and counted", () => {
  const fall: PriceSeries = {
    name: "FALL",
    decimals: 5,
    time: Float64Array.of(0, 60_000, 120_000),
    open: Float64Array.of(8_000_000, 8_000_000, 20),
    high: Float64Array.of(8_000_000, 8_000_000, 20),
    low: Float64Array.of(8_000_000, 20, 20),
    close: Float64Array.of(8_000_000, 20, 20),
  };
  const report = play(1, Infinity, [fall]);
  expect(report.markets[0]).toMatchObject({
    start: "80.000",
    low: "0.002",
    end: "0.002",
    clamped: 6,
    drawdown: 999_975,
  });
  expect([report.violations, report.conservation.difference]).toEqual([0, 0]);
});

test.each([1, 2, 5])("%d participants are enough to play", (participants) => {
  const series = demoPath(3, 30);
  const report = play(3, Infinity, series, participants);
  expect([report.violations, report.conservation.difference]).toEqual([0, 0]);
});
