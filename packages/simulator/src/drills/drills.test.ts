import { describe, expect, test } from "vitest";
import { LAYERS } from "../telling/layers.ts";
import { play } from "./drill.ts";
import { DRILLS, runDrills } from "./registry.ts";
import { openScene } from "./setUp.ts";

const intact = openScene();

describe.each(DRILLS)("$layer: $behaviour", (drill) => {
  test("holds", () => {
    const row = play(drill, intact);
    expect(row).toMatchObject({ principalPayable: true, held: true });
    expect(row.lossUsd).toBeLessThanOrEqual(row.boundUsd);
    expect(row.stoppedBy, "the engine said something").not.toBe("nothing");
  });

  test(`does not hold without its guard: ${Object.keys(drill.guard).join()}`, () => {
    expect(play(drill, intact, true).held).toBe(false);
  });
});

test("every layer is drilled, and every behaviour has a name of its own", () => {
  expect(new Set(DRILLS.map(({ layer }) => layer))).toEqual(new Set(LAYERS));
  expect(new Set(DRILLS.map(({ behaviour }) => behaviour)).size).toBe(DRILLS.length);
});

test("drills are the same on every run, and a layer can be drilled alone", () => {
  const rows = runDrills("sequencer");
  expect(rows.map(({ layer }) => layer)).toEqual(Array.from(rows, () => "sequencer"));
  expect(runDrills("sequencer")).toEqual(rows);
});

test("the bound of a drill is computed from an intact venue, and the attack does not touch that", () => {
  const before = intact.desk.engine.sequence;
  const [drill] = DRILLS;
  if (drill !== undefined) play(drill, intact);
  expect(intact.desk.engine.sequence).toBe(before);
});
