import { expect, test } from "vitest";
import { paymentsOf } from "./payments.ts";

const loss = (sequence: number, layer: string, amount: string) => ({
  event: "lossAbsorbed",
  sequence,
  time: sequence * 1_000,
  layer,
  amount,
});

test("of each layer the last payment is told, and how many more there were", () => {
  const events = [loss(9, "insurance", "3"), loss(8, "insurance", "2"), loss(8, "firstTranche", "7")];
  const found = paymentsOf(events, 10_000);
  expect(found.get("insurance")).toEqual({
    layer: "insurance",
    amount: "3",
    time: 9_000,
    sequence: 9,
    others: 1,
  });
  expect(found.get("firstTranche")).toMatchObject({ amount: "7", others: 0 });
});

test("what is long ago, and what is no payment, is not shown", () => {
  const events = [{ ...loss(9, "insurance", "3"), event: "layerFunded" }, loss(1, "insurance", "2")];
  expect(paymentsOf(events, 30_000).size).toBe(0);
});
