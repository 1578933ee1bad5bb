/** Looking ahead at commands: whatever they say, and whether they come or not, nothing is otherwise than without. */
import { Engine, FORESIGHT, FRAME_WORDS, LAYOUTS, hex } from "@bulkhead/engine";
import fc from "fast-check";
import { expect, test } from "vitest";
import { capacities, orders, story } from "../server/story.ts";

const codeOf = (name: string): number => LAYOUTS.find((layout) => layout.name === name)!.code;
const CODES = [...["placeOrder", "cancelOrder", "amendOrder", "openAccount"].map(codeOf), 0, Number.NaN];
const RUNS = Math.ceil(Number(process.env["FUZZ_RUNS"] ?? 100) / 2);

/** Frames of nobody: codes that have orders behind them and others, and any double at all in every word. */
const nonsense = fc
  .array(
    fc.tuple(
      fc.constantFrom(...CODES),
      fc.array(fc.oneof(fc.double(), fc.integer({ min: -3, max: 40 }), fc.maxSafeInteger()), {
        minLength: FRAME_WORDS - 1,
        maxLength: FRAME_WORDS - 1,
      }),
    ),
    { minLength: 1, maxLength: 2 * FORESIGHT },
  )
  .map((frames) => Float64Array.from(frames.flatMap(([code, words]) => [code, ...words])));

test("changes nothing, whatever is looked at", () => {
  fc.assert(
    fc.property(orders, nonsense, fc.nat(FORESIGHT), (placed, frames, every) => {
      const [plain, foreseeing] = [new Engine({ capacities }), new Engine({ capacities })];
      const commands = story(placed);
      const together = Float64Array.from(commands.flatMap((frame) => [...frame]));
      for (const [index, frame] of commands.entries()) {
        if (index % (every + 1) === 0) {
          foreseeing.foresee(together, index * FRAME_WORDS, commands.length - index);
          foreseeing.foresee(frames, 0, frames.length / FRAME_WORDS);
        }
        expect(foreseeing.apply(frame)).toBe(plain.apply(frame));
      }
      foreseeing.foresee(frames, 0, frames.length / FRAME_WORDS);
      expect(hex(foreseeing.seal())).toBe(hex(plain.seal()));
      expect(hex(foreseeing.stateHash())).toBe(hex(plain.stateHash()));
      expect(foreseeing.audit()).toEqual([]);
    }),
    { numRuns: RUNS },
  );
});
