/** What a play came to, in dollars. Names here are a contract: add, never rename. */
import type { Outcome } from "./incident.ts";

export interface IncidentTotals extends Pick<
  Outcome,
  "commands" | "auditFindings" | "refusals" | "stateHash"
> {
  readonly lossUsd: number;
  readonly badDebtUsd: number;
  readonly attackerGainUsd: number;
  readonly outflowUsd: number;
  readonly haircutUsd: number;
  readonly fundsUsd: number;
  readonly otherTiersTouchedUsd: number;
}

export function totalsOf(outcome: Outcome): IncidentTotals {
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
