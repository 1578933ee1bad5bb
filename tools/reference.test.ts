/** The reference says what the engine does: its pages are those that the catalogues give, and no code means two things. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  type CommandName,
  EVENTS,
  LAYOUTS,
  PARAMETERS,
  PRECEDENCE,
  REASON,
  REFUSALS,
  type RefusalName,
} from "../packages/engine/src/index.ts";
import { pages, pathOf } from "./reference.ts";

test.each(Object.entries(pages()))("docs/reference/%s is up to date (`npm run reference`)", (name, text) => {
  expect(readFileSync(pathOf(name), "utf8")).toBe(text);
});

describe.each([
  ["commands", LAYOUTS.map(({ code }) => code)],
  ["refusals", Object.values(REFUSALS).map(({ code }) => code)],
  ["events", Object.values(EVENTS).map(({ code }) => code)],
  ["reasons", Object.values(REASON)],
  ["parameters", Object.values(PARAMETERS).map(({ id }) => id)],
])("codes of %s", (_, codes: readonly number[]) => {
  test("are given once", () => {
    expect(new Set(codes).size).toBe(codes.length);
    expect(Math.min(...codes)).toBeGreaterThan(0);
  });
});

test("names of commands are given once, and each has its order of refusals", () => {
  const names: readonly string[] = LAYOUTS.map(({ name }) => name);
  expect(new Set(Object.keys(PRECEDENCE))).toEqual(new Set(names));
  expect(new Set(names).size).toBe(names.length);
});

test("every refusal stands in some command's order, once", () => {
  const everywhere: readonly RefusalName[] = ["clock_went_back", "beyond_exact_range", "invariant_broken"];
  for (const name of Object.keys(PRECEDENCE) as CommandName[]) {
    const order = PRECEDENCE[name];
    expect(new Set([...order, ...everywhere]).size, name).toBe(order.length + everywhere.length);
  }
  const used = new Set([...Object.values(PRECEDENCE).flat(), ...everywhere]);
  expect(used).toEqual(new Set(Object.keys(REFUSALS)));
});

test("a refusal carries no more facts than a receipt has room for", () => {
  for (const { facts } of Object.values(REFUSALS)) expect(facts.length).toBeLessThanOrEqual(3);
});
