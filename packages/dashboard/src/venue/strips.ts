/** Bins of prices, and buckets, as places on a ramp of colours. */

/** How full each bin is against the fullest; empty ones have no colour. */
export function strip(bins: readonly { readonly long: string; readonly short: string }[]): {
  readonly values: Float64Array;
  /** In the fullest, in the unit of the bins. */
  readonly most: number;
} {
  const heaps = bins.map(({ long, short }) => Number(long) + Number(short));
  const most = Math.max(0, ...heaps);
  // The root spreads small bins out: the eye is to find all of them, and the largest.
  return {
    values: Float64Array.from(heaps, (heap) =>
      heap > 0 && most > 0 ? 0.25 + 0.75 * Math.sqrt(heap / most) : 0,
    ),
    most,
  };
}

export interface Cells {
  /** Rows of the sample, the unhealthiest first. */
  readonly order: Uint32Array;
  /** Where on the ramp each of them lies, in that order: 1 = at or below its margin, 0 = four times above it. */
  readonly values: Float64Array;
  readonly columns: number;
}

const ONE = 1_000_000;
/** From this health on a bucket is as calm as the ramp can say. */
const CALM = 4 * ONE;
/** The picture is about so many times as many cells wide as high; few cells stand in one row. */
const SHAPE = 5;
const LEAST_COLUMNS = 24;

/** Buckets of a sample side by side. @param health - millionths: 1,000,000 = equity is the maintenance margin */
export function cellsOf(health: readonly number[]): Cells {
  const order = Uint32Array.from(health.keys()).toSorted(
    (one, other) => (health[one] as number) - (health[other] as number),
  );
  const values = Float64Array.from(order, (row) =>
    Math.min(1, Math.max(0, (CALM - (health[row] as number)) / (CALM - ONE))),
  );
  return { order, values, columns: Math.max(LEAST_COLUMNS, Math.ceil(Math.sqrt(health.length * SHAPE))) };
}
