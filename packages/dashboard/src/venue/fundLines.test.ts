import { expect, test } from "vitest";
import { fundLinesOf } from "./fundLines.ts";

const point = (start: number, layer: "insurance" | "firstTranche", balance: string) => ({
  start,
  layer,
  balance,
  paidIn: "0",
  paidOut: "0",
});

test("a layer holds what it held until it is moved, and nothing is made up from before", () => {
  const points = [point(10, "insurance", "5"), point(20, "firstTranche", "2"), point(30, "insurance", "4")];
  expect(fundLinesOf(points, ["insurance", "firstTranche"], undefined)).toEqual({
    times: [10, 20, 30],
    values: [
      [5, 5, 4],
      [null, 2, 2],
    ],
  });
});

test("the lines end with what is held now", () => {
  const now = { time: 40, balances: { insurance: "3" } };
  expect(fundLinesOf([point(10, "insurance", "5")], ["insurance"], now)).toEqual({
    times: [10, 40],
    values: [[5, 3]],
  });
});
