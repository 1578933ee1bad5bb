import { expect, test } from "vitest";
import { forbidsText } from "./words.ts";

test("what a price forbids is one sentence", () => {
  expect(forbidsText([])).toBe("It forbids nothing.");
  expect(forbidsText(["open"])).toBe(
    "It forbids opening or enlarging positions. Cancelling is always allowed.",
  );
  expect(forbidsText(["open", "fund", "liquidate"])).toBe(
    "It forbids opening or enlarging positions, accruing funding and liquidating anybody. Cancelling is always allowed.",
  );
});
