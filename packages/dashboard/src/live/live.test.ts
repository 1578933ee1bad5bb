import { expect, test } from "vitest";
import { connectionOf } from "./live.ts";

const up = { isUp: true, heardAt: 10_000, sequence: 7, time: 9_990, lost: undefined };

test.each([
  ["live while something is heard", up, 12_900, "live"],
  ["stale after three seconds of silence", up, 13_100, "stale"],
  [
    "lost without a connection, however fresh",
    { ...up, isUp: false, lost: "closed with 1006" },
    10_001,
    "lost",
  ],
  [
    "connecting before the first",
    { ...up, isUp: false, heardAt: 0, sequence: 0, time: 0 },
    10_000,
    "connecting",
  ],
] as const)("a connection is %s", (_, state, now, phase) => {
  expect(connectionOf(state, now).phase).toBe(phase);
});

test("what is shown is of the last command that was told, or of the one the node told of first", () => {
  const first = { sequence: 3, time: 5 };
  expect(connectionOf(up, 10_000, first)).toMatchObject({ sequence: 7, time: 9_990 });
  expect(connectionOf({ ...up, sequence: 0, time: 0 }, 10_000, first)).toMatchObject(first);
});
