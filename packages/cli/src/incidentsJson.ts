/** The report of incidents for machines: one object per incident. Names here are a contract: add, never rename. */
import { type IncidentReport, totalsOf } from "@bulkhead/simulator";

export function incidentsJson(reports: readonly IncidentReport[]): string {
  return `${JSON.stringify(reports.map(incidentJson))}\n`;
}

function incidentJson(report: IncidentReport): Readonly<Record<string, unknown>> {
  const { id, name, date, mechanism, wall, facts, asserts } = report;
  return {
    id,
    name,
    date,
    mechanism,
    wall,
    facts,
    defended: totalsOf(report.defended),
    undefended: totalsOf(report.undefended),
    asserts: asserts.map(({ text, held, measured, undefended }) => ({
      text,
      held,
      measured,
      heldUndefended: undefended.held,
      measuredUndefended: undefended.measured,
    })),
  };
}
