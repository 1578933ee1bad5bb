import { expect, test } from "vitest";
import { merge } from "./merge.ts";

const trade = (sequence: number) =>
  ({
    id: `${sequence}`,
    symbol: "X",
    side: "buy",
    price: "1",
    amount: "1",
    cost: "1",
    kind: "trade",
    time: sequence,
    sequence,
  }) as const;

const candle = (start: number, close: string) => ({
  start,
  open: "1",
  high: "2",
  low: "1",
  close,
  volume: "1",
  quoteVolume: "1",
  trades: 1,
});

const head = { sequence: 1, time: 10 };

test("trades are newest first, whichever way they came, and a snapshot begins anew", () => {
  const trades = { channel: "trades", symbol: "X", ...head } as const;
  const begun = merge("trades", undefined, { ...trades, type: "snapshot", items: [trade(1), trade(2)] });
  const grown = merge("trades", begun, { ...trades, type: "update", items: [trade(3), trade(4)] });
  expect(grown.items.map(({ id }) => id)).toEqual(["4", "3", "2", "1"]);
  const anew = merge("trades", grown, { ...trades, type: "snapshot", items: [trade(9)] });
  expect(anew.items.map(({ id }) => id)).toEqual(["9"]);
  let many = anew;
  for (let sequence = 10; sequence < 1_000; sequence++)
    many = merge("trades", many, { ...trades, type: "update", items: [trade(sequence)] });
  expect([many.items.length, many.items[0]?.id]).toEqual([500, "999"]);
});

test("a candle that changes takes the place of what it was", () => {
  const candles = { channel: "candles", symbol: "X", interval: "1m", ...head } as const;
  const begun = merge("candles", undefined, {
    ...candles,
    type: "snapshot",
    items: [candle(0, "1"), candle(60, "1")],
  });
  const changed = merge("candles", begun, {
    ...candles,
    type: "update",
    items: [candle(60, "2"), candle(120, "3")],
  });
  expect(changed.items.map(({ start, close }) => [start, close])).toEqual([
    [0, "1"],
    [60, "2"],
    [120, "3"],
  ]);
});

test("what an update does not tell stays as it was told", () => {
  const funds = { channel: "funds", tier: 1, ...head } as const;
  const layers = [{ layer: "insurance", balance: "5" }] as const;
  const begun = merge("funds", undefined, {
    ...funds,
    type: "snapshot",
    layers: [...layers],
    insurance: null,
  });
  const event = { event: "fundMoved", sequence: 7, time: 20 } as never;
  const changed = merge("funds", begun, { ...funds, type: "update", sequence: 7, events: [event] });
  expect(changed).toMatchObject({ layers, insurance: null, sequence: 7, events: [event] });
  expect(changed).not.toHaveProperty("type");
});

test("a position that is not told any more is gone", () => {
  const positions = { channel: "positions", account: 1, ...head } as const;
  const position = { symbol: "X" } as never;
  const begun = merge("positions", undefined, { ...positions, type: "snapshot", items: [position] });
  expect(merge("positions", begun, { ...positions, type: "update", items: [] }).items).toEqual([]);
});

test("what happened is still known after how things stand then was told, unless that tells what happened too", () => {
  const told = { channel: "liquidations", tier: 1, ...head } as const;
  const event = { event: "lossAbsorbed", sequence: 7, time: 20 } as never;
  const begun = merge("liquidations", undefined, { ...told, type: "update", events: [event] });
  expect(merge("liquidations", begun, { ...told, type: "snapshot" }).events).toEqual([event]);
  expect(merge("liquidations", begun, { ...told, type: "snapshot", events: [] }).events).toEqual([]);
});
