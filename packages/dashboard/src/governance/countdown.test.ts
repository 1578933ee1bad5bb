import { expect, test } from "vitest";
import { countdownOf } from "./countdown.ts";

const HOUR = 3_600_000;
const proposal = { eta: 48 * HOUR, lapse: 120 * HOUR, approvals: 1, needed: 2 };

test("a proposal waits, can be carried out, and lapses", () => {
  expect(countdownOf(proposal, 0)).toMatchObject({ stage: "waits", text: "can be carried out in 2 d" });
  expect(countdownOf(proposal, 48 * HOUR)).toEqual({
    stage: "unapproved",
    left: 72 * HOUR,
    text: "lapses in 3 d unless 1 more approve",
  });
  expect(countdownOf({ ...proposal, approvals: 2 }, 119 * HOUR)).toMatchObject({
    stage: "ready",
    left: HOUR,
  });
  expect(countdownOf(proposal, 120 * HOUR + 1)).toMatchObject({ stage: "lapsed", left: 0 });
});
