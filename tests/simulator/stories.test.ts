/** Stories are the plays of incidents and drills, looked at on the way: they end as those do, whoever watches. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { IncidentReport } from "../../packages/simulator/src/incidents/incident.ts";
import type { Side, Step } from "../../packages/simulator/src/stories.ts";
import { bundled } from "./bundled.ts";
import type * as plays from "./plays.ts";

const folder = mkdtempSync(join(tmpdir(), "stories-"));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, "plays.mjs");
writeFileSync(file, (await bundled("tests/simulator/plays", "esm")).code);
const { DRILLS, INCIDENTS, STORIES, UnknownStory, openScene, play, tell, totalsOf } = (await import(
  pathToFileURL(file).href
)) as typeof plays;

const SIDES: readonly Side[] = ["defended", "undefended"];

function lastOf(steps: readonly Step[]): Step {
  const last = steps.at(-1);
  if (last === undefined) throw new Error("nothing is told");
  return last;
}

/** What is true of every story. */
function expectWellTold(steps: readonly Step[]): void {
  expect(steps.length).toBeGreaterThanOrEqual(20);
  expect(steps.length).toBeLessThanOrEqual(400);
  expect(steps.map(({ index }) => index)).toEqual(steps.map((_, index) => index));
  const acts = steps.map(({ act }) => act).filter((act, index, all) => act !== all[index - 1]);
  expect(["opening,attack,end", "opening,attack,aftermath,end"]).toContain(acts.join());
  const commands = steps.flatMap(({ deeds }) => deeds).reduce((sum, { count }) => sum + count, 0);
  expect(commands, "every command is told once").toBe(lastOf(steps).sequence);
  for (const [index, step] of steps.entries()) {
    const { caption, time, elapsed, notables, frame, ending } = step;
    expect(caption).toMatch(/\S/);
    expect(caption).not.toMatch(/undefined|NaN/);
    expect(time).toBeGreaterThanOrEqual(steps[index - 1]?.time ?? 0);
    expect(elapsed === undefined).toBe(step.act === "opening");
    expect(ending === undefined).toBe(index < steps.length - 1);
    for (const { text } of notables) expect(text).not.toMatch(/undefined|NaN/);
    // A step is told to another thread, and kept by whoever shows it.
    expect(structuredClone(step)).toEqual(step);
    const figures = [frame.attackerGainUsd, frame.lossUsd, ...Object.values(frame.vault)];
    expect(figures.every(Number.isFinite)).toBe(true);
  }
}

describe.each(INCIDENTS.map((incident) => [incident.id, incident] as const))("%s", (id, incident) => {
  let told: Readonly<Record<Side, readonly Step[]>>;
  let report: IncidentReport;
  beforeAll(() => {
    report = incident.run();
    told = { defended: [...tell(id, "defended")], undefended: [...tell(id, "undefended")] };
  });

  test.each(SIDES)("the %s side is told step by step", (side) => expectWellTold(told[side]));

  test("both sides end as the report says", () => {
    for (const side of SIDES) {
      const { ending, frame } = lastOf(told[side]);
      const totals = totalsOf(report[side]);
      expect(ending?.totals).toEqual(totals);
      expect([frame.lossUsd, frame.attackerGainUsd]).toEqual([totals.lossUsd, totals.attackerGainUsd]);
    }
    const asserts = report.asserts.map(({ text, held, measured }) => ({ text, held, measured }));
    expect(lastOf(told.defended).ending?.asserts).toEqual(asserts);
    const beside = report.asserts.map(({ text, undefended }) => ({ text, ...undefended }));
    expect(lastOf(told.undefended).ending?.asserts).toEqual(beside);
  });

  test("the two sides have as many steps, which begin the attack together", () => {
    const acts = SIDES.map((side) => told[side].map(({ act }) => act));
    expect(acts[0]).toEqual(acts[1]);
  });

  test("it is told the same again", () => expect([...tell(id, "defended")]).toEqual(told.defended));
});

describe("drills", () => {
  const intact = openScene();
  const listed = STORIES.filter(({ sort }) => sort === "drill");

  test("are all listed", () => expect(listed.length).toBe(DRILLS.length));

  test.each(DRILLS.map((drill, index) => [listed[index]?.id ?? "", drill] as const))("%s", (id, drill) => {
    for (const side of SIDES) {
      const steps = [...tell(id, side)];
      expectWellTold(steps);
      const { ending, frame } = lastOf(steps);
      const row = play(drill, intact, side === "undefended");
      expect(ending?.totals).toEqual(row);
      expect(ending?.asserts.every(({ held }) => held)).toBe(row.held);
      const attacked = steps.findLast(({ act }) => act === "attack");
      expect(attacked?.frame.lossUsd, "the loss is that of the attack's last step").toBe(row.lossUsd);
      expect(frame.tiers.map(({ name }) => name)).toEqual(["majors", "alts", "experimental"]);
    }
  });
});

describe("the listing", () => {
  test("has a name of its own for every story", () => {
    expect(new Set(STORIES.map(({ id }) => id)).size).toBe(STORIES.length);
    expect(STORIES.length).toBe(INCIDENTS.length + DRILLS.length);
  });

  test("says of incidents what is known of them", () => {
    const [mango] = STORIES;
    expect(mango).toMatchObject({ id: "A1", title: "Mango Markets", date: "2022-10-11", layer: "oracle" });
    expect(mango?.sources).toEqual(["Solidus Labs", "Mango post-mortem"]);
    expect(mango?.facts).toContain("$116 m were taken out within about 40 minutes.");
    for (const { sort, date, lost, sources, asserts, facts } of STORIES) {
      const isIncident = sort === "incident";
      expect([date !== undefined, lost !== undefined, sources.length > 0]).toEqual([
        isIncident,
        isIncident,
        isIncident,
      ]);
      expect(asserts.length).toBeGreaterThan(1);
      expect(facts).toMatch(/\.$/);
    }
  });

  test("knows nothing of other names", () => expect(() => tell("A22", "defended")).toThrow(UnknownStory));
});

test("a story does nothing before its next step is asked for, and can be left", () => {
  const story = tell("A1", "defended");
  const { value } = story.next();
  expect(value?.sequence).toBeGreaterThan(0);
  expect(value?.sequence).toBeLessThan(20);
  story.return(undefined);
  expect(story.next().done).toBe(true);
});
