import fc from "fast-check";
import { expect, test } from "vitest";
import { type Box, layoutOf } from "./layout.ts";

const meets = (one: Box, other: Box): boolean =>
  one.x < other.x + other.width &&
  other.x < one.x + one.width &&
  one.y < other.y + other.height &&
  other.y < one.y + one.height;

test("nothing lies outside the hull or upon something else, however wide it is and however many markets there are", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 300, max: 3_000 }),
      fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 12 }),
      (width, markets) => {
        const { height, compartments, keel, vault } = layoutOf(width, markets);
        const boxes = [...compartments, keel, vault];
        for (const [index, box] of boxes.entries()) {
          expect(box.x).toBeGreaterThanOrEqual(0);
          expect(box.x + box.width).toBeLessThanOrEqual(width + 1e-6);
          expect(box.y + box.height).toBeLessThanOrEqual(height);
          expect(boxes.slice(index + 1).some((other) => meets(box, other))).toBe(false);
        }
      },
    ),
  );
});

test("three compartments stand side by side on a desk, and one below the other on a phone", () => {
  const desk = layoutOf(1_380, [3, 2, 1]);
  expect(desk.isStacked).toBe(false);
  expect(new Set(desk.compartments.map(({ y }) => y)).size).toBe(1);
  const phone = layoutOf(336, [3, 2, 1]);
  expect(phone.isStacked).toBe(true);
  expect(new Set(phone.compartments.map(({ x }) => x)).size).toBe(1);
});
