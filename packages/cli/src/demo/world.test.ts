/** The demo's world: the same for everybody, a calm before the crash, and no price that jumps but in the one fall. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { FIRST_PRICES, type Underlying } from "./venue.ts";
import { CRASH_AT_MS, FALL, STORY_MS, worldPrice } from "./world.ts";

const names = Object.keys(FIRST_PRICES) as Underlying[];

test.each(names)(
  "%s is calm at first, then falls by more than a fifth in two minutes, and comes back",
  (name) => {
    const first = FIRST_PRICES[name];
    for (let time = 0; time < CRASH_AT_MS; time += 5_000)
      expect(Math.abs(worldPrice(name, time) / first - 1)).toBeLessThan(0.02);
    expect(worldPrice(name, CRASH_AT_MS + 120_000) / first).toBeLessThan(0.8);
    expect(worldPrice(name, STORY_MS - 1) / first).toBeGreaterThan(0.97);
  },
);

test("prices are above zero and move by less than two percent in a second, but in the fall", () => {
  fc.assert(
    fc.property(fc.constantFrom(...names), fc.integer({ min: 0, max: 3 * STORY_MS }), (name, time) => {
      const [now, then] = [worldPrice(name, time), worldPrice(name, time + 1_000)];
      expect(now).toBeGreaterThan(0);
      const inStory = time % STORY_MS;
      fc.pre(inStory + 1_000 < FALL[0] || inStory > FALL[1]);
      expect(Math.abs(then / now - 1)).toBeLessThan(0.02);
    }),
    { numRuns: 2_000 },
  );
});

test("in the fall everything loses a tenth or more within seconds", () => {
  for (const name of names) {
    const [before, after] = FALL.map((time) => worldPrice(name, time)) as [number, number];
    expect(after / before).toBeLessThan(0.91);
    expect(after / before).toBeGreaterThan(0.75);
  }
});
