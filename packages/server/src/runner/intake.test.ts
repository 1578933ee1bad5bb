import { FRAME_WORDS, MAX_BATCH } from "@bulkhead/engine";
import fc from "fast-check";
import { expect, test } from "vitest";
import { untilSeen } from "../../../../tests/untilSeen.ts";
import { Intake } from "./intake.ts";

const ignore = (): void => undefined;

/** A group of so many commands whose frames tell which they are. */
function framesOf(first: number, count: number): Float64Array {
  return Float64Array.from(
    { length: count * FRAME_WORDS },
    (_, word) => first + Math.floor(word / FRAME_WORDS),
  );
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float64Array): Buffer =>
  Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);

function isSame(a: Float64Array, b: Float64Array): boolean {
  return bytesOf(a).equals(bytesOf(b));
}

test("what comes is taken whole, in order, in batches no larger than the most", async () => {
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.nat(40).map((count) => count + 1) },
    { weight: 1, arbitrary: fc.integer({ min: MAX_BATCH - 40, max: MAX_BATCH }) },
    { weight: 3, arbitrary: fc.constant("take" as const) },
  );
  const seen = { joined: 0, cut: 0 };
  await untilSeen(seen, () =>
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const intake = new Intake();
        let [given, taken] = [0, 0];
        const take = (): boolean => {
          const batch = intake.take();
          if (batch === undefined) return false;
          const { frames, groups } = batch;
          const count = groups.reduce((sum, group) => sum + group.count, 0);
          expect(frames.length).toBe(count * FRAME_WORDS);
          expect(count).toBeLessThanOrEqual(MAX_BATCH);
          expect(isSame(frames, framesOf(taken, count))).toBe(true);
          taken += count;
          if (groups.length > 1) seen.joined++;
          if (taken < given) seen.cut++;
          return true;
        };
        for (const each of steps) {
          if (each === "take") {
            take();
          } else {
            const frames = framesOf(given, each);
            intake.add(frames, { count: each, resolve: ignore, reject: ignore });
            // Whoever gave it may use it again.
            frames.fill(-1);
            given += each;
          }
          expect(intake.waiting).toBe(given - taken);
        }
        while (take());
        expect(taken).toBe(given);
      }),
      { numRuns: 60 },
    ),
  );
});
