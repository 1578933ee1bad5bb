/** How the demo's participants trade: what each wants on the book, from what it sees. Pure; luck is handed in. */

/** A market as a participant sees it, dollars and units of the underlying. */
export interface Sight {
  /** What the underlying is worth elsewhere. */
  readonly price: number;
  /** The same half a minute ago. */
  readonly before: number;
  /** Own position, negative if short. */
  readonly position: number;
  /** What the account is worth. */
  readonly equity: number;
}

/** An order to be placed. */
export interface Wish {
  readonly side: "buy" | "sell";
  readonly price: number;
  readonly amount: number;
  /** Whether it is to trade at once, or to rest. */
  readonly isTaking: boolean;
}

/** From 0 to 1. */
export type Luck = () => number;

/** Half the distance between a maker's quotes, level by level, as a share of the price. */
const LEVELS = [0.0004, 0.001, 0.0025, 0.006];
/** How far quotes lean against a full inventory, as a share of the price. */
const LEAN = 0.002;
/** Inventory a maker calls full, as a multiple of its equity. */
const FULL = 2;
/** What makers widen by when the price has moved, as a share of the move, and at most. */
const FEAR = 0.3;
const DREAD = 0.03;

/** Quotes on both sides, leaning against what the maker holds, wider when the price runs; none that would add to a full inventory. */
export function quotes({ price, before, position, equity }: Sight): Wish[] {
  const inventory = Math.max(-1, Math.min(1, (position * price) / (equity * FULL)));
  const fear = Math.min(DREAD, FEAR * Math.abs(price / before - 1));
  const centre = price * (1 - LEAN * inventory);
  const amount = (equity * FULL) / LEVELS.length / price / 2;
  return LEVELS.flatMap((level): Wish[] => {
    const half = price * (level + fear);
    return [
      ...(inventory < 1 ? [{ side: "buy", price: centre - half, amount, isTaking: false } as const] : []),
      ...(inventory > -1 ? [{ side: "sell", price: centre + half, amount, isTaking: false } as const] : []),
    ];
  });
}

/** A move that momentum traders follow, as a share of the price. */
const MOVE = 0.002;
const MOMENTUM_LEVERAGE = 4;
/** How far beyond the price a taker's limit lies, as a share of it. */
const REACH = 0.004;

/** Goes with a move, and leaves when it is over. */
export function follow({ price, before, position, equity }: Sight): Wish[] {
  const move = price / before - 1;
  const wanted = Math.abs(move) < MOVE ? 0 : (Math.sign(move) * equity * MOMENTUM_LEVERAGE) / price;
  return towards(wanted, position, price, equity);
}

/** Borrows as much as it dares on one side, and holds. @param leverage - value of the position over the account, negative for short */
export function hold({ price, position, equity }: Sight, leverage: number): Wish[] {
  if (equity <= 0 || position !== 0) return [];
  return towards((equity * leverage) / price, position, price, equity);
}

/** A small trade on either side, as people make them. */
export function dabble({ price, equity }: Sight, luck: Luck): Wish[] {
  const side = luck() < 0.5 ? "buy" : "sell";
  const amount = (equity * (0.05 + 0.2 * luck())) / price;
  return [{ side, price: reach(side, price), amount, isTaking: true }];
}

function towards(wanted: number, position: number, price: number, equity: number): Wish[] {
  const missing = wanted - position;
  if (Math.abs(missing) * price < equity * 0.05) return [];
  const side = missing > 0 ? "buy" : "sell";
  return [{ side, price: reach(side, price), amount: Math.abs(missing), isTaking: true }];
}

function reach(side: "buy" | "sell", price: number): number {
  return price * (side === "buy" ? 1 + REACH : 1 - REACH);
}
