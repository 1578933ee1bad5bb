import { expect, test } from "vitest";
import { Premium } from "./premium.ts";

test("funding is the mean premium of the mid price, and starts afresh", () => {
  const premium = new Premium();
  premium.note(10_000, 10_004, 10_000);
  premium.note(10_000, 10_000, 10_000);
  expect(premium.take(1e8)).toBe(100_000);
  expect(premium.take(1e8)).toBe(0);
});

test("it keeps within the cap on both sides", () => {
  const premium = new Premium();
  premium.note(11_000, 11_000, 10_000);
  expect(premium.take(5)).toBe(5);
  premium.note(9_000, 9_000, 10_000);
  expect(premium.take(5)).toBe(-5);
});

test("a book without two sides says nothing, and nothing is plain 0", () => {
  const premium = new Premium();
  premium.note(0, 10_500, 10_000);
  premium.note(9_999_999, 10_000_000, 10_000_000);
  expect(premium.take(0)).toBe(0);
  premium.note(0, 0, 10_000);
  expect(Object.is(premium.take(5), 0)).toBe(true);
});
