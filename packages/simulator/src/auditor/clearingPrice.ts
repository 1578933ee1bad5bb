/**
 * The price that clears a market, by looking at one price after the other.
 *
 * @see docs/spec/callAuction.md, "The price"
 */
import { absolute, least } from "./arithmetic.ts";
import { MAX_INTEGER } from "./terms.ts";

export interface Interest {
  readonly price: number;
  readonly lots: bigint;
}

interface Clearing {
  readonly price: number;
  readonly volume: bigint;
  readonly imbalance: bigint;
}

/** As many ticks are all tried; of more, those where something can change, and their neighbours. */
const EVERY = 64;

/** The best price; undefined if nobody bids as much as somebody asks. */
export function clearingPrice(
  bids: readonly Interest[],
  asks: readonly Interest[],
  reference: number,
): Clearing | undefined {
  const tries = pricesOf(bids, asks, reference).map((price): Clearing => {
    const bid = sumOf(bids.filter((each) => each.price >= price));
    const offered = sumOf(asks.filter((each) => each.price <= price));
    return { price, volume: least(bid, offered), imbalance: bid - offered };
  });
  const distance = ({ price }: Clearing): number => Math.abs(price - reference);
  tries.sort(
    (a, b) =>
      Number(b.volume - a.volume) ||
      Number(absolute(a.imbalance) - absolute(b.imbalance)) ||
      distance(a) - distance(b) ||
      a.price - b.price,
  );
  return tries[0];
}

function pricesOf(bids: readonly Interest[], asks: readonly Interest[], reference: number): number[] {
  const lowest = Math.min(...asks.map(({ price }) => price));
  const highest = Math.max(...bids.map(({ price }) => price));
  if (!(lowest <= highest)) return [];
  const range = highest - lowest;
  if (range < EVERY) return Array.from({ length: range + 1 }, (_, step) => lowest + step);
  const named = [...bids, ...asks].map(({ price }) => price);
  const around = named.flatMap((price) => [price - 1, price, price + 1]);
  const within = [...around, reference].filter((price) => price >= lowest && price <= highest);
  return [...new Set(within)];
}

const sumOf = (interests: readonly Interest[]): bigint =>
  least(
    interests.reduce((sum, { lots }) => sum + lots, 0n),
    MAX_INTEGER,
  );
