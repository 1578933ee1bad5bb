import { expect, test } from "vitest";
import { merge } from "./merge.ts";

type Funds = Parameters<typeof merge<"funds">>[2];
const LOSS = {
  event: "lossAbsorbed",
  sequence: 7,
  time: 70,
  layer: "insurance",
  amount: "5.000000",
} as const;
const snapshot = (sequence: number, balance: string): Funds => ({
  channel: "funds",
  tier: 1,
  type: "snapshot",
  sequence,
  time: sequence * 10,
  layers: [{ layer: "insurance", balance }],
});

test("what happened is still known after how things stand then was told", () => {
  let told = merge("funds", undefined, snapshot(1, "10.000000"));
  told = merge("funds", told, {
    channel: "funds",
    tier: 1,
    type: "update",
    sequence: 7,
    time: 70,
    events: [LOSS],
  });
  expect(told.layers).toEqual([{ layer: "insurance", balance: "10.000000" }]);
  told = merge("funds", told, snapshot(7, "5.000000"));
  expect(told.layers).toEqual([{ layer: "insurance", balance: "5.000000" }]);
  expect(told.events).toEqual([LOSS]);
});

test("a snapshot that has events has all of them", () => {
  const message = { channel: "liquidations", tier: 1, type: "snapshot", sequence: 7, time: 70 } as const;
  const told = merge("liquidations", undefined, { ...message, events: [LOSS] });
  expect(merge("liquidations", told, { ...message, events: [] }).events).toEqual([]);
});
