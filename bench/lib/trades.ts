/** What a replay must agree on before its time is worth anything. */
export interface Trades {
  /** Fills counted once each: one taker meeting one resting order. */
  fills: number;
  /** Lots traded. */
  volume: number;
  /** Digest of every trade in order: price, lots, and the command that added the resting order. */
  hash: number;
}

export function noTrades(): Trades {
  return { fills: 0, volume: 0, hash: 0 };
}

export function addTrade(trades: Trades, price: number, lots: number, maker: number): void {
  trades.fills += 1;
  trades.volume += lots;
  trades.hash = digest(digest(digest(trades.hash, price), lots), maker);
}

/** One step of a 32-bit digest; the order of the words matters. */
export function digest(hash: number, word: number): number {
  const mixed = Math.imul(hash ^ word, 0x9e3779b1) + 0x7f4a7c15;
  return mixed ^ (mixed >>> 15);
}

/** Throws unless `actual` saw the same trades, in the same order, against the same resting orders. */
export function expectSameTrades(name: string, actual: Trades, expected: Trades): void {
  if (actual.hash !== expected.hash) throw new Error(`${name}: other trades: ${differing(actual, expected)}`);
  expectSameTotals(name, actual, expected);
}

/** The check a timed run can afford: totals alone. */
export function expectSameTotals(name: string, actual: Trades, expected: Trades): void {
  if (actual.fills === expected.fills && actual.volume === expected.volume) return;
  throw new Error(`${name}: other totals: ${differing(actual, expected)}`);
}

function differing(actual: Trades, expected: Trades): string {
  return `${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`;
}
