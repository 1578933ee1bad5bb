/** The node's clock is known to within half a journey, and nonces only rise. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Clock, Nonces } from "./clock.ts";

describe("the node's clock", () => {
  test("is known to within half of the shortest journey, however wrong one's own is", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: -1e9, max: 1e9 }),
        fc.array(fc.tuple(fc.nat(500), fc.nat(500)), { minLength: 1, maxLength: 6 }),
        async (ahead, journeys) => {
          let local = 1_700_000_000_000;
          const clock = new Clock(() => local);
          let turn = 0;
          await clock.synchronise(() => {
            const [there, back] = journeys[turn++] as [number, number];
            local += there;
            const node = local + ahead;
            local += back;
            return Promise.resolve(node);
          }, journeys.length);
          const shortest = Math.min(...journeys.map(([there, back]) => there + back));
          expect(clock.uncertainty).toBe(shortest / 2);
          expect(Math.abs(clock.now() - (local + ahead))).toBeLessThanOrEqual(shortest / 2 + 0.5);
        },
      ),
    );
  });

  test("is what the node says when it says so", () => {
    const clock = new Clock(() => 5_000);
    clock.set(9_000);
    expect(clock.now()).toBe(9_000);
    expect(clock.uncertainty).toBe(Infinity);
  });
});

describe("nonces", () => {
  test("rise, though the clock stands still or goes back, and above what the node has seen", () => {
    let local = 1_000;
    const nonces = new Nonces(new Clock(() => local));
    const drawn = [nonces.next(), nonces.next()];
    local = 500;
    drawn.push(nonces.next());
    nonces.raise(2_000);
    nonces.raise(10);
    drawn.push(nonces.next());
    local = 9_000;
    drawn.push(nonces.next());
    expect(drawn).toEqual([1_000, 1_001, 1_002, 2_001, 9_000]);
  });
});
