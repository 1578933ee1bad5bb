import { describe, expect, test } from "vitest";
import { type IncidentReport, isWalled } from "./incident.ts";
import { INCIDENTS } from "./registry.ts";

const IDS = Array.from({ length: 21 }, (_, index) => `A${index + 1}`);

test("there are twenty-one incidents, each with its facts", () => {
  expect(INCIDENTS.map(({ id }) => id)).toEqual(IDS);
  for (const { name, date, facts } of INCIDENTS) {
    expect(date, name).toMatch(/^20\d\d-\d\d-\d\d$/);
    expect(facts.length, name).toBeGreaterThan(0);
  }
});

describe.each(INCIDENTS.map((incident) => [`${incident.id} ${incident.name}`, incident] as const))(
  "%s",
  (_, incident) => {
    const report = incident.run();

    test.each(report.asserts.map(({ text, held, measured }) => [text, held, measured] as const))(
      "%s",
      (_text, held, measured) => {
        expect(held, measured).toBe(true);
      },
    );

    test("loses money without its defence, and less with it", () => {
      expect(report.undefended.loss).toBeGreaterThan(0);
      expect(report.defended.loss).toBeLessThan(report.undefended.loss);
    });

    test("fails an assert without its defence", () => {
      expect(report.asserts.filter(({ undefended }) => !undefended.held).length).toBeGreaterThan(0);
    });

    test("repeats itself to the byte", () => {
      const again = incident.run();
      expect(again).toEqual(report);
      expect(again.defended.stateHash).not.toBe(again.undefended.stateHash);
    });
  },
);

describe("a report is walled only if", () => {
  const report = (INCIDENTS[0] as (typeof INCIDENTS)[0]).run();
  const withAsserts = (change: Partial<IncidentReport["asserts"][0]>): IncidentReport => ({
    ...report,
    asserts: report.asserts.map((each) => ({ ...each, ...change })),
  });
  test.each<[string, IncidentReport, boolean]>([
    ["all holds and the undefended loses", report, true],
    ["every assert held", withAsserts({ held: false }), false],
    ["an assert fails without the defence", withAsserts({ undefended: { held: true, measured: "" } }), false],
    ["the books are right", { ...report, defended: { ...report.defended, auditFindings: 1 } }, false],
    ["the undefended loses", { ...report, undefended: { ...report.undefended, loss: 0 } }, false],
  ])("%s", (_, changed, walled) => {
    expect(isWalled(changed)).toBe(walled);
  });
});
