/** The report of a replay for machines. Names here are a contract: add, never rename. */
import type { MarketReport, ReplayReport } from "@bulkhead/simulator";
import { exactUsd } from "./text/amounts.ts";

export interface ReplayRun {
  readonly report: ReplayReport;
  readonly participants: number;
  readonly seed: number;
  /** Wall time of the run, participants included, set-up and audit not. */
  readonly seconds: number;
  readonly isDemo: boolean;
}

/** True if nothing was broken and nothing is missing. */
export function isSound(
  figures: Pick<ReplayReport, "violations" | "conservation" | "coinConservation">,
): boolean {
  const { violations, conservation, coinConservation } = figures;
  return violations === 0 && conservation.difference === 0 && coinConservation.difference === 0;
}

/** One line of JSON. */
export function reportJson({ report, participants, seed, seconds }: ReplayRun): string {
  const shown = {
    seed,
    participants,
    start: new Date(report.start).toISOString(),
    end: new Date(report.end).toISOString(),
    commands: report.commands,
    commandsByName: report.commandsByName,
    fills: report.fills,
    volumeUsd: exactUsd(report.volume),
    refusals: report.refusals,
    refusalsByName: report.refusalsByName,
    accountsBelowMaintenance: report.belowMaintenance.most,
    accountsBelowMaintenanceFinal: report.belowMaintenance.final,
    violations: report.violations,
    findings: report.findings,
    conservation: report.conservation,
    coinConservation: report.coinConservation,
    stateHash: report.stateHash,
    markets: report.markets.map(marketJson),
    seconds: Math.round(seconds * 1_000) / 1_000,
    commandsPerSecond: Math.round(report.commands / seconds),
  };
  return `${JSON.stringify(shown)}\n`;
}

function marketJson(market: MarketReport): Readonly<Record<string, string | number>> {
  const {
    name,
    start,
    low,
    high,
    end,
    drawdown,
    fills,
    pool,
    openOrders,
    clamped,
    fundingAccruals,
    fundingPaid,
  } = market;
  return {
    name,
    start,
    low,
    high,
    end,
    drawdownPpm: drawdown,
    fills,
    volumeUsd: exactUsd(market.volume),
    openInterestUsd: exactUsd(market.openInterest),
    poolUsd: exactUsd(BigInt(pool)),
    openOrders,
    fundingAccruals,
    fundingPaidPpb: fundingPaid,
    clampedPrices: clamped,
  };
}
