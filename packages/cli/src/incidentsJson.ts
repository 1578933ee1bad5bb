/** The report of incidents for machines: one object per incident. Names here are a contract: add, never rename. */
import type { IncidentReport, Outcome } from "@bulkhead/simulator";

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
    defended: outcomeJson(report.defended),
    undefended: outcomeJson(report.undefended),
    asserts: asserts.map(({ text, held, measured, undefended }) => ({
      text,
      held,
      measured,
      heldUndefended: undefended.held,
      measuredUndefended: undefended.measured,
    })),
  };
}

function outcomeJson(outcome: Outcome): Readonly<Record<string, unknown>> {
  return {
    lossUsd: dollars(outcome.loss),
    badDebtUsd: dollars(outcome.badDebt),
    attackerGainUsd: dollars(outcome.attackerGain),
    outflowUsd: dollars(outcome.outflow),
    haircutUsd: dollars(outcome.haircut),
    fundsUsd: dollars(outcome.funds),
    otherTiersTouchedUsd: dollars(outcome.otherTiersTouched),
    commands: outcome.commands,
    auditFindings: outcome.auditFindings,
    refusals: outcome.refusals,
    stateHash: outcome.stateHash,
  };
}

/** Micro-dollars as dollars; never −0. */
function dollars(microUsd: number): number {
  return microUsd / 1e6 + 0;
}
