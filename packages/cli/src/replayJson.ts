/** The report of a replay for machines. Names here are a contract: add, never rename. */
import type { CasualtyReport, CoverTwoReport, MarketReport, ReplayReport } from "@bulkhead/simulator";
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
    liquidations: casualtiesJson(report.casualties),
    coverTwo: { worst: coverJson(report.coverTwo.worst), final: coverJson(report.coverTwo.final) },
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

/** The ratio is available to needed, ppm, rounded down; null where nothing is needed. */
function coverJson({ time, needed, available, drawable }: CoverTwoReport): Readonly<Record<string, unknown>> {
  return {
    time: new Date(time).toISOString(),
    neededUsd: exactUsd(BigInt(needed)),
    availableUsd: exactUsd(BigInt(available)),
    drawableUsd: exactUsd(BigInt(drawable)),
    ratioPpm: needed === 0 ? null : Number((BigInt(available) * 1_000_000n) / BigInt(needed)),
  };
}

function casualtiesJson(casualties: CasualtyReport): Readonly<Record<string, unknown>> {
  const { liquidations, recovered, closed, defaulted, flatTouched, wrongful, spared } = casualties;
  const [skin, insurance, cover, secondTranche, mutual, winners] = casualties.borneBy.map(exactUsd);
  const tierFunds = (casualties.borneBy[0] as bigint) + (casualties.borneBy[1] as bigint);
  return {
    liquidations,
    recovered,
    closed,
    defaulted,
    onBookUsd: exactUsd(casualties.onBook),
    toBackstopUsd: exactUsd(casualties.toBackstop),
    tornUpUsd: exactUsd(casualties.tornUp),
    penaltiesUsd: exactUsd(casualties.penalties),
    deficitsUsd: exactUsd(casualties.deficits),
    borneByUsd: { skin, insurance, cover, secondTranche, mutual, winners },
    badDebtBeyondTierFundsUsd: exactUsd(casualties.deficits - tierFunds),
    haircutsUsd: exactUsd(casualties.haircuts),
    feesForgivenUsd: exactUsd(casualties.feesForgiven),
    haircutErrorUsd: exactUsd(casualties.haircutError),
    flatAccountsTouched: flatTouched,
    wrongfulLiquidations: wrongful,
    sparedByPatience: spared,
  };
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
