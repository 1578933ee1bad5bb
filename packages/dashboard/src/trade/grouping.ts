/**
 * A book's levels put together by multiples of the tick. Prices and amounts are counted in ticks and lots, as whole numbers: nothing is lost or
 * rounded but the price, which goes to the side away from the middle, so that no group promises a better one than its orders have.
 */
import { type BookLevelText, type Instrument, countOf, textOf } from "@bulkhead/protocol";

export interface GroupedLevel {
  /** Of the group: a multiple of its size. */
  readonly price: string;
  readonly amount: string;
  /** What lies up to it, it included. */
  readonly total: string;
  /** `total` as a part of the deepest group's, from 0 to 1: how long its bar is. */
  readonly part: number;
  /** Whether an order of one's own is among it. */
  readonly isOwn: boolean;
}

/** Sizes of a group, in ticks. */
export const MULTIPLES = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000] as const;

/** The size of a group as a price: 10 ticks of "0.5" are "5.0". */
export function sizeText({ tick }: Instrument, multiple: number): string {
  return textOf(multiple, tick);
}

/** @param multiple - ticks of a group, ≥ 1 */
export function groupPrice(
  { tick }: Instrument,
  side: "bids" | "asks",
  price: string,
  multiple: number,
): string {
  return textOf(Number(groupOf(BigInt(countOf(price, tick, "price", "tick")), side, BigInt(multiple))), tick);
}

/**
 * @param levels - best first
 * @param multiple - ticks of a group, ≥ 1
 * @param most - groups at most
 * @param own - prices of one's own orders on this side
 */
export function grouped(
  levels: readonly BookLevelText[],
  side: "bids" | "asks",
  instrument: Instrument,
  multiple: number,
  most: number,
  own: ReadonlySet<string> = NONE,
): readonly GroupedLevel[] {
  const { tick, lot } = instrument;
  const size = BigInt(multiple);
  const groups: { ticks: bigint; lots: bigint; total: bigint; isOwn: boolean }[] = [];
  for (const [price, amount] of levels) {
    const ticks = groupOf(BigInt(countOf(price, tick, "price", "tick")), side, size);
    const lots = BigInt(countOf(amount, lot, "amount", "lot"));
    const last = groups.at(-1);
    if (last?.ticks === ticks) {
      last.lots += lots;
      last.total += lots;
      last.isOwn ||= own.has(price);
    } else {
      if (groups.length === most) break;
      groups.push({ ticks, lots, total: (last?.total ?? 0n) + lots, isOwn: own.has(price) });
    }
  }
  const deepest = Number(groups.at(-1)?.total ?? 1n);
  return groups.map(({ ticks, lots, total, isOwn }) => ({
    price: textOf(Number(ticks), tick),
    amount: textOf(Number(lots), lot),
    total: textOf(Number(total), lot),
    part: deepest === 0 ? 0 : Number(total) / deepest,
    isOwn,
  }));
}

const NONE: ReadonlySet<string> = new Set();

/** Bids go down to a multiple, asks up. */
function groupOf(ticks: bigint, side: "bids" | "asks", size: bigint): bigint {
  const below = ticks - (ticks % size);
  return side === "bids" || below === ticks ? below : below + size;
}
