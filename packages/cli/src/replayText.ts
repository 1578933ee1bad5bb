/** The report of a replay for people. */
import { REFUSALS, type RefusalName } from "@bulkhead/engine";
import type { MarketReport, ReplayReport } from "@bulkhead/simulator";
import { type ReplayRun, isSound } from "./replayJson.ts";
import { count, fixedPoint, groupThousands, percent, roughUsd, unsignedPercent } from "./text/amounts.ts";
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
    casualties(report),
    coverTwo(report),
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
  const prices = ["market", "start", "low", "high", "end", "change", "deepest fall"];
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

function priceRow({ name, start, low, high, end, drawdown }: MarketReport): string[] {
  const texts = [start, low, high, end].map((price) => `$${groupThousands(price)}`);
  return [
    name,
    ...texts,
    percent(Number(end) / Number(start) - 1),
    percent(-Math.floor(drawdown / 100) / 10_000),
  ];
}

function tradingRow(market: MarketReport): string[] {
  return [
    market.name,
    count(market.fills),
    roughUsd(market.volume),
    roughUsd(market.openInterest),
    roughUsd(BigInt(market.pool)),
    count(market.openOrders),
    fundingText(market.fundingPaid),
  ];
}

function fundingText(paidPpb: number): string {
  if (paidPpb === 0) return "none";
  return `${paidPpb > 0 ? "paid" : "got"} ${unsignedPercent(Math.abs(paidPpb) / 1e9, 3)}`;
}

function overTime(report: ReplayReport): string[] {
  const { overTime: below, most: peak, final } = report.belowMaintenance;
  const lines = report.markets.map(({ name, prices, low, high }) => [
    name,
    sparkline(prices.map(gapAtZero), SPARK_WIDTH, last),
    `$${groupThousands(low)} to $${groupThousands(high)}`,
  ]);
  lines.push(["below", sparkline(below, SPARK_WIDTH, most), `0 to ${count(peak)} accounts`]);
  const [start, end] = [moment(report.start), moment(report.end)];
  const width = Math.min(SPARK_WIDTH, below.length);
  lines.push(["", `${start}${end.padStart(Math.max(0, width - start.length))}`]);
  return [
    "Index prices over time, and accounts below maintenance margin:",
    ...table(lines, ["left", "left", "left"]),
    peak === 0
      ? "No account fell below maintenance."
      : `At most ${count(peak)} accounts were below maintenance at one time, ${count(final)} are at the end.`,
  ];
}

/** A market without a price yet shows nothing. */
function gapAtZero(price: number): number {
  return price === 0 ? Number.NaN : price;
}

function commands(report: ReplayReport, seconds: number): string[] {
  const shown = Object.entries(report.commandsByName);
  shown.sort(([, a], [, b]) => b - a);
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
  const share = unsignedPercent(report.refusals / report.commands, 2);
  const rows = (Object.entries(report.refusalsByName) as [RefusalName, number][]).map(([name, times]) => [
    `  ${name}`,
    count(times),
    REFUSALS[name].meaning,
  ]);
  const title = `${count(report.refusals)} refusals (${share} of commands)`;
  return rows.length === 0 ? [title] : [title, ...table(rows, ["left", "right", "left"])];
}

const LAYERS = ["first tranche", "insurance fund", "cover", "second tranche", "mutual fund", "winners"];

function casualties({ casualties: told }: ReplayReport): string[] {
  if (told.liquidations === 0) return ["Nobody was liquidated."];
  const ends = `${count(told.recovered)} recovered, ${count(told.closed)} were closed, ${count(told.defaulted)} defaulted`;
  const rows = [
    ["  on the book", roughUsd(told.onBook)],
    ["  by the backstop", roughUsd(told.toBackstop)],
    ["  torn up", roughUsd(told.tornUp)],
    ["  penalties", roughUsd(told.penalties)],
  ];
  return [
    `${count(told.liquidations)} liquidations: ${ends}; ${count(told.wrongful)} wrongful, ${count(told.spared)} that ten minutes' patience would have spared`,
    ...table(rows),
    told.deficits === 0n ? "No default left a deficit." : `Deficits of ${roughUsd(told.deficits)}, borne by:`,
    ...table(
      told.borneBy.flatMap((amount, layer) =>
        amount === 0n ? [] : [[`  ${LAYERS[layer]}`, dollarsOf(amount)]],
      ),
    ),
    ...(told.borneBy[5] === 0n
      ? []
      : [
          `Winners gave ${dollarsOf(told.haircuts)}, the house ${dollarsOf(told.feesForgiven)} of unpaid fees.`,
        ]),
  ];
}

function coverTwo({ coverTwo: { worst, final } }: ReplayReport): string[] {
  const rows = [
    ["least to spare", moment(worst.time), worst] as const,
    ["at the end", moment(final.time), final] as const,
  ].map(([name, when, { needed, available, drawable }]) => [
    `  ${name}`,
    when,
    roughUsd(BigInt(needed)),
    roughUsd(BigInt(available)),
    roughUsd(BigInt(drawable)),
    needed === 0 ? "nothing needed" : `${(Math.floor((available / needed) * 100) / 100).toFixed(2)} times`,
  ]);
  return [
    "Cover-2: what the two worst owners would leave unpaid if every price jumped by 20 %, and the venue's layers:",
    ...table([["", "", "needed", "there is", "drawable by two", "covered"], ...rows]),
  ];
}

function dollarsOf(microUsd: bigint): string {
  return `$${groupThousands(fixedPoint(microUsd, MICRO_DIGITS))}`;
}

function money({ conservation, coinConservation }: ReplayReport): string[] {
  const rows = (["vault", "owed", "difference"] as const).map((figure) => [
    `  ${figure}`,
    dollars(conservation[figure]),
    coins(coinConservation[figure]),
  ]);
  return ["What the vault holds, and what it owes to everybody:", ...table([["", "USD", "coins"], ...rows])];
}

function dollars(microUsd: number): string {
  return groupThousands(fixedPoint(BigInt(microUsd), MICRO_DIGITS));
}

function coins(units: number): string {
  return groupThousands(fixedPoint(BigInt(units), COIN_DIGITS));
}

const MICRO_DIGITS = 6;
const COIN_DIGITS = 8;

function verdict(report: ReplayReport): string[] {
  const { violations, findings, conservation, stateHash } = report;
  return [
    isSound(report)
      ? "✔ Every invariant holds, and everything is accounted for to the last unit."
      : `✘ ${count(violations)} invariants broken, ${dollars(conservation.difference)} USD unaccounted for.`,
    ...findings.slice(0, SHOWN_FINDINGS).map((finding) => `  ${finding}`),
    `  state ${stateHash}`,
  ];
}
