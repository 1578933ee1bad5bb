/** The player: whatever is pressed in whatever order, both sides are shown at the same moment, and never one that was not told. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  MOMENT_MS,
  type Move,
  type Player,
  SPEEDS,
  momentMs,
  momentsTold,
  moved,
  newPlayer,
  speedIn,
  stepAt,
} from "./player.ts";

const press: fc.Arbitrary<Move> = fc.oneof(
  fc.record({ move: fc.constantFrom("play", "pause", "toggle", "tick", "first", "last") }),
  fc.record({ move: fc.constant("step"), by: fc.constantFrom(1, -1) }),
  fc.record({ move: fc.constant("scrub"), to: fc.integer({ min: -5, max: 60 }) }),
  fc.record({ move: fc.constant("speed"), speed: fc.constantFrom(...SPEEDS) }),
) as fc.Arbitrary<Move>;

/** Either side has told one step more, or has ended; or somebody presses something. */
const event = fc.oneof(press, fc.record({ tells: fc.constantFrom("one", "other"), isLast: fc.boolean() }));

const ready = (told: number, at = 0): Player => ({ ...newPlayer(), told, isWhole: true, at });

describe("a player", () => {
  test("keeps both sides at the same moment under any sequence of presses, while either is still being told", () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 200 }), fc.option(fc.nat(50)), (events, wanted) => {
        const sides = { one: { steps: 0, isOver: false }, other: { steps: 0, isOver: false } };
        let player = newPlayer(wanted ?? undefined);
        for (const each of events) {
          if ("move" in each) player = moved(player, each);
          else {
            const side = sides[each.tells];
            if (side.isOver) continue;
            side.steps++;
            side.isOver = each.isLast && side.steps > 3;
            const told = momentsTold(sides.one, sides.other);
            player = moved(player, { move: "told", told, isWhole: sides.one.isOver && sides.other.isOver });
          }
          const { at, told } = player;
          expect(Number.isInteger(at) && at >= 0 && (at < told || told === 0)).toBe(true);
          if (told === 0) continue;
          for (const { steps, isOver } of Object.values(sides)) {
            const shown = stepAt(at, steps);
            // The same moment, or its own end.
            expect(shown === at || (isOver && shown === steps - 1 && shown < at)).toBe(true);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  test("goes through every moment once, stops at the end, and begins again from there", () => {
    let player = moved(ready(5), { move: "play" });
    const seen = [player.at];
    while (player.isPlaying) {
      player = moved(player, { move: "tick" });
      if (player.isPlaying) seen.push(player.at);
    }
    expect(seen).toEqual([0, 1, 2, 3, 4]);
    expect(moved(player, { move: "toggle" })).toMatchObject({ at: 0, isPlaying: true });
  });

  test("waits for a moment that is still being computed instead of stopping", () => {
    const waiting = { ...newPlayer(), told: 2, at: 1, isPlaying: true };
    expect(moved(waiting, { move: "tick" })).toEqual(waiting);
    const told = moved(waiting, { move: "told", told: 3, isWhole: false });
    expect(moved(told, { move: "tick" }).at).toBe(2);
  });

  test("stands still once somebody steps or scrubs, and never leaves what was told", () => {
    const playing = { ...ready(5, 2), isPlaying: true };
    expect(moved(playing, { move: "step", by: -1 })).toMatchObject({ at: 1, isPlaying: false });
    expect(moved(playing, { move: "scrub", to: 99 })).toMatchObject({ at: 4, isPlaying: false });
    expect(moved(playing, { move: "last" })).toMatchObject({ at: 4, isPlaying: false });
    expect(moved(ready(5, 0), { move: "step", by: -1 }).at).toBe(0);
  });

  test("shows the moment of the address as soon as it is told, the last if there is none such, and none once somebody moved", () => {
    const early = moved(newPlayer(7), { move: "told", told: 5, isWhole: false });
    expect(early.at).toBe(0);
    expect(moved(early, { move: "told", told: 9, isWhole: false }).at).toBe(7);
    expect(moved(early, { move: "told", told: 6, isWhole: true }).at).toBe(5);
    const own = moved(early, { move: "scrub", to: 3 });
    expect(moved(own, { move: "told", told: 9, isWhole: true }).at).toBe(3);
  });

  test("knows its speeds", () => {
    expect(speedIn("4")).toBe(4);
    expect(speedIn("3")).toBe(1);
    expect(speedIn(null)).toBe(1);
    expect(momentMs(moved(ready(2), { move: "speed", speed: 8 }))).toBe(MOMENT_MS / 8);
  });
});
