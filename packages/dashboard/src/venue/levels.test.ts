import type { FundPoint } from "@bulkhead/protocol";
import { expect, test } from "vitest";
import { levelOf } from "./levels.ts";

const point = (layer: FundPoint["layer"], balance: string): FundPoint => ({
  start: 0,
  layer,
  balance,
  paidIn: "0",
  paidOut: "0",
});
const INSURANCE = { layer: "insurance", balance: "5", target: null, drawable: "2" } as const;

test("a layer with a target is measured against it, one without against the most it held", () => {
  expect(levelOf({ ...INSURANCE, target: "20" }, [point("insurance", "10")])).toEqual({
    part: 0.25,
    keptPart: 0.15,
    against: "20",
    isTarget: true,
  });
  expect(levelOf(INSURANCE, [point("insurance", "10"), point("mutual", "99")])).toEqual({
    part: 0.5,
    keptPart: 0.3,
    against: "10",
    isTarget: false,
  });
});

test("what was never filled is empty, not full", () => {
  const empty = { layer: "cover", balance: "0", target: null, drawable: "0" } as const;
  expect(levelOf(empty, undefined)).toMatchObject({ part: 0, against: undefined });
  expect(levelOf(INSURANCE, undefined)).toMatchObject({ part: 1, against: "5" });
});
