/** The report of a replay for people. */
import { REFUSALS, type RefusalName } from "@bulkhead/engine";
import type { MarketReport, ReplayReport } from "@bulkhead/simulator";
import type { ReplayRun } from "./replayJson.ts";
import { count, exactUsd, groupThousands, percent, roughUsd } from "./text/amounts.ts";
import { last, most, sparkline } from "./text/sparkline.ts";
import { table } from "./text/table.ts";

const SPARK_WIDTH = 72;
const SHOWN_FINDINGS = 5;
const DAY_MS = 86_400_000;

export function reportText(run: ReplayRun): string {
  const { report } = run;
  const sections = [
    heading(run),
    markets(report),
    overTime(report),
    commands(report, run.seconds),
    refusals(report),
    money(report),
    verdict(report),
  ];
  return `\n${sections.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function heading({ report, participants, seed, isDemo }: ReplayRun): string[] {
  const { makers, momentum, leveraged } = report.crowd;
  const days = (report.end - report.start) / DAY_MS;
  const prices = isDemo ? "built-in prices" : "prices from files";
  return [
    `Bulkhead replay: ${prices}, ${moment(report.start)} to ${moment(report.end)} UTC (${days.toFixed(1)} days)`,
    `${participants} participants: ${makers} market makers, ${momentum} momentum traders, ${leveraged} leveraged traders; seed ${seed}`,
  ];
}

function moment(ms: number): string {
  return new Date(ms).toISOString().slice(0, 16).replace("T", " ");
}

function markets(report: ReplayReport): string[] {
  const prices = ["market", "start", "low", "high", "end", "change", "drawdown"];
  const trading = ["market", "fills", "volume", "open interest", "pool", "open orders", "funding, longs"];
  return [
    ...table([prices, ...report.markets.map(priceRow)]),
    "",
    ...table([trading, ...report.markets.map(tradingRow)]),
    ...report.markets.flatMap(({ name, clamped }) =>
      clamped === 0
        ? []
        : [`${name}: ${count(clamped)} index prices lay outside the price range and were held at its edge.`],
    ),
  ];
}

function priceRow({ name, start, low, high, end }: MarketReport): string[] {
  const texts = [start, low, high, end].map((price) => `$${groupThousands(price)}`);
  return [name, ...texts, percent(Number(end) / Number(start) - 1), percent(Number(low) / Number(high) - 1)];
}

function tradingRow(market: MarketReport): string[] {
  return [
    market.name,
    count(market.fills),
    roughUsd(market.volume),
    roughUsd(market.openInterest),
    roughUsd(BigInt(market.pool)),
    count(market.openOrders),
    market.fundingPaid === 0
      ? "none"
      : `${market.fundingPaid > 0 ? "paid" : "got"} ${percent(Math.abs(market.fundingPaid) / 1e9, 3)}`,
  ];
}

function overTime(report: ReplayReport): string[] {
  const { overTime: below, most: peak, final } = report.belowMaintenance;
  const lines = report.markets.map(({ name, prices }) => [name, sparkline(prices, SPARK_WIDTH, last)]);
  lines.push(["below maint.", sparkline(below, SPARK_WIDTH, most)]);
  return [
    "index prices over time, and accounts below maintenance margin",
    ...table(lines, ["left", "left"]),
    `${peak === 0 ? "No account fell" : `Up to ${count(peak)} accounts were`} below maintenance at one time, ${count(final)} at the end.`,
  ];
}

function commands(report: ReplayReport, seconds: number): string[] {
  const shown = Object.entries(report.commandsByName).sort(([, a], [, b]) => b - a);
  const top = shown.slice(0, SHOWN_COMMANDS);
  const others = shown.slice(SHOWN_COMMANDS).reduce((sum, [, times]) => sum + times, 0);
  const rows = [...top, ["all others", others] as const].map(([name, times]) => [`  ${name}`, count(times)]);
  const speed = `${count(report.commands / seconds)} per second`;
  return [
    `${count(report.commands)} commands in ${seconds.toFixed(1)} s, ${speed} with everybody's thinking; ${count(report.fills)} fills`,
    ...table(rows),
  ];
}

const SHOWN_COMMANDS = 6;

function refusals(report: ReplayReport): string[] {
  const share = percent(report.refusals / report.commands, 2).replace("+", "");
  const rows = (Object.entries(report.refusalsByName) as [RefusalName, number][]).map(([name, times]) => [
    `  ${name}`,
    count(times),
    REFUSALS[name].meaning,
  ]);
  const title = `${count(report.refusals)} refusals (${share} of commands)`;
  return rows.length === 0 ? [title] : [title, ...table(rows, ["left", "right", "left"])];
}

function money(report: ReplayReport): string[] {
  const { vault, owed, difference } = report.conservation;
  return table([
    ["the vault holds", dollars(vault)],
    ["it owes", dollars(owed)],
    ["difference", dollars(difference)],
  ]);
}

function dollars(microUsd: number): string {
  return `$${groupThousands(exactUsd(BigInt(microUsd)))}`;
}

function verdict(report: ReplayReport): string[] {
  const { violations, findings, conservation, stateHash } = report;
  const isSound = violations === 0 && conservation.difference === 0;
  return [
    isSound
      ? "✔ Every invariant holds, and every micro-dollar is accounted for."
      : `✘ ${count(violations)} invariants broken, ${dollars(conservation.difference)} unaccounted for.`,
    ...findings.slice(0, SHOWN_FINDINGS).map((finding) => `  ${finding}`),
    `state ${stateHash}`,
  ];
}
