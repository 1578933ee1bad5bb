import fc from "fast-check";
import { expect, test } from "vitest";
import { NumberSet } from "./numberSet.ts";

const numbers = fc.oneof(fc.nat(40), fc.nat(2 ** 31 - 1));

test("gives each number the place it came in, and the same one ever after", () => {
  const set = new NumberSet();
  fc.assert(
    // The same set again and again: whatever an earlier round left would show.
    fc.property(fc.array(numbers, { maxLength: 600, size: "max" }), (asked) => {
      const distinct = [...new Set(asked)];
      expect(asked.map((number) => set.placeOf(number))).toEqual(
        asked.map((number) => distinct.indexOf(number)),
      );
      expect(set.count).toBe(distinct.length);
      set.clear();
      expect(set.count).toBe(0);
    }),
  );
});

test("numbers that are hashed to the same line are told apart, and none is left behind", () => {
  const set = new NumberSet();
  const step = 2 ** 24;
  const crowd = Array.from({ length: 100 }, (_, index) => index * step + (index % 3));
  for (let round = 0; round < 3; round++) {
    for (const [place, number] of crowd.entries()) expect(set.placeOf(number)).toBe(place);
    set.clear();
  }
  expect(set.placeOf(crowd[99] as number)).toBe(0);
});
