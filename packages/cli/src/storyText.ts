/** A story for people at a terminal: what happens, what it moves, and the waterfall whenever it changes. */
import type { Frame, LayerFrame, Side, Step, StoryListing, TierFrame } from "@bulkhead/simulator/stories";
import { roughUsd } from "./text/amounts.ts";
import { besideEachOther, wrap } from "./text/columns.ts";

const MARGIN = "          ";
const BAR = 6;
/** Things told of one step at most; the rest are counted. */
const TOLD = 4;
const RULE = 3;

/** Where a story that is shown on two sides has room for both. */
export const BOTH_FROM = 130;

export function openingText(listing: StoryListing, sides: readonly Side[], width: number): string {
  const { id, title, date, facts, lost, wall } = listing;
  const lines = [
    "",
    `${id}  ${title}${date === undefined ? "" : `, ${date}`}`,
    "",
    ...wrap(facts, width),
    "",
    ...(lost === undefined ? [] : wrap(lost, width, " ".repeat(13), "Lost then    ")),
    ...wrap(wall, width, " ".repeat(13), "Stops it     "),
    "",
    ...inColumns(
      sides.map((side) => [`${MARGIN}${side.toUpperCase()}`]),
      width,
    ),
    "",
  ];
  return `${lines.join("\n")}\n`;
}

/**
 * One step of each side that is shown.
 * @param before - the steps before them; undefined at the beginning
 */
export function stepText(
  steps: readonly (Step | undefined)[],
  before: readonly (Step | undefined)[],
  width: number,
): string {
  const room = columnWidth(steps.length, width);
  const columns = steps.map((step, side) => (step === undefined ? [] : linesOf(step, before[side], room)));
  return `${inColumns(columns, width).join("\n")}\n`;
}

function inColumns(columns: readonly (readonly string[])[], width: number): readonly string[] {
  const [left = [], right] = columns;
  return right === undefined ? left : besideEachOther(left, right, columnWidth(2, width));
}

function columnWidth(columns: number, width: number): number {
  return columns === 1 ? width : Math.floor((width - RULE) / 2);
}

function linesOf(step: Step, before: Step | undefined, width: number): string[] {
  const { caption, elapsed, frame, notables, ending } = step;
  const told = notables.slice(0, TOLD).map(({ text, count, amountUsd }) => {
    const amount = amountUsd === 0 ? "" : ` ${money(amountUsd)}`;
    return `· ${text}${amount}${count === 1 ? "" : ` ×${count}`}`;
  });
  if (notables.length > TOLD) told.push(`· and ${notables.length - TOLD} more`);
  const body = [...pricesMoved(frame, before?.frame), ...told, ...sumsMoved(frame, before?.frame)];
  return [
    ...wrap(caption, width, MARGIN, clock(elapsed).padEnd(MARGIN.length)),
    ...body.flatMap((line) => wrap(line, width, `${MARGIN}  `, MARGIN)),
    ...frame.tiers.flatMap((tier) => waterfallMoved(tier, tierBefore(tier, before))),
    ...(ending?.asserts ?? []).flatMap(({ held, text, measured }) =>
      wrap(`${held ? "✔" : "✘"} ${text}: ${measured}`, width, `${MARGIN}  `, MARGIN),
    ),
  ];
}

/** Since the attack began, as `+1:02:30`; before that, nothing. */
function clock(elapsed: number | undefined): string {
  if (elapsed === undefined) return "";
  const seconds = Math.floor(elapsed / 1_000);
  return `+${Math.floor(seconds / 3_600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}

function pricesMoved(frame: Frame, before: Frame | undefined): string[] {
  return frame.tiers.flatMap((tier, at) =>
    tier.markets.flatMap(({ name, index, mark, breaker, status }, of) => {
      const was = before?.tiers[at]?.markets[of];
      if (was === undefined) return [];
      const moved = [
        ...(was.index === index ? [] : [`index ${price(was.index)} → ${price(index)}`]),
        ...(was.mark === mark ? [] : [`mark ${price(was.mark)} → ${price(mark)}`]),
        ...(was.breaker === breaker ? [] : [`breaker ${breaker}`]),
        ...(was.status === status ? [] : [status]),
      ];
      return moved.length === 0 ? [] : [`${name}: ${moved.join(", ")}`];
    }),
  );
}

function sumsMoved(frame: Frame, before: Frame | undefined): string[] {
  const { attackerGainUsd: gain, lossUsd: loss, isPrincipalPayable } = frame;
  if (before === undefined || (before.attackerGainUsd === gain && before.lossUsd === loss)) return [];
  const payable = isPrincipalPayable ? "" : "; principal is not covered";
  return [`attackers ${money(gain)}, others have lost ${money(loss)}${payable}`];
}

function tierBefore({ tier }: TierFrame, before: Step | undefined): TierFrame | undefined {
  return before?.frame.tiers.find((each) => each.tier === tier);
}

/** The layers of a tier as bars, where one of them pays. */
function waterfallMoved({ name, layers }: TierFrame, before: TierFrame | undefined): string[] {
  if (paidBy(layers) === paidBy(before?.layers ?? [])) return [];
  return [
    `${MARGIN}waterfall of ${name}`,
    ...layers
      .filter(({ balanceUsd, paidUsd }) => balanceUsd + paidUsd > 0)
      .map(
        ({ layer, name: title, balanceUsd, paidUsd }) =>
          `${MARGIN}  ${layer} ${title.padEnd(26)}${bar(balanceUsd, paidUsd)} ${money(balanceUsd).padStart(9)}${
            paidUsd === 0 ? "" : `  paid ${money(paidUsd)}`
          }`,
      ),
  ];
}

function paidBy(layers: readonly LayerFrame[]): number {
  return layers.reduce((sum, { paidUsd }) => sum + paidUsd, 0);
}

/** What is left of what a layer has and has paid. */
function bar(left: number, paid: number): string {
  const full = Math.round((BAR * left) / (left + paid));
  return "█".repeat(full) + "░".repeat(BAR - full);
}

function money(usd: number): string {
  return roughUsd(BigInt(Math.round(usd * 1e6)));
}

function price(value: number): string {
  return String(Number(value.toPrecision(6)));
}
