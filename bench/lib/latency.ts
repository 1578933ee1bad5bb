/** Latency of single operations, microseconds. */
export interface Latency {
  readonly operations: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly p9999: number;
  readonly most: number;
  /** Median cost of reading the clock, contained in every figure above and not taken off. */
  readonly clock: number;
}

const CLOCK_TRIALS = 100_000;

/**
 * Times `operate(0)` to `operate(count - 1)` one by one and keeps every sample, so the percentiles are exact.
 * One clock reading both ends an operation and starts the next. The loop is closed: an operation starts when
 * the last one has ended, so time spent waiting behind a slow one is not seen. Wall time: pauses for garbage and
 * for other processes are in it.
 */
export function timeEach(count: number, operate: (operation: number) => void): Latency {
  const stamps = stampEach(count, operate);
  const clock = percentile(lengthsOf(stampEach(CLOCK_TRIALS, idle)), 0.5);
  const lengths = lengthsOf(stamps);
  return {
    operations: count,
    p50: percentile(lengths, 0.5),
    p90: percentile(lengths, 0.9),
    p99: percentile(lengths, 0.99),
    p999: percentile(lengths, 0.999),
    p9999: percentile(lengths, 0.9999),
    most: percentile(lengths, 1),
    clock,
  };
}

/** Smallest sample that is not less than `share` of all samples; `sorted` ascends. */
export function percentile(sorted: Float64Array, share: number): number {
  if (sorted.length === 0) throw new Error("no samples");
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
}

function stampEach(count: number, operate: (operation: number) => void): Float64Array {
  const stamps = new Float64Array(count + 1).fill(0);
  stamps[0] = performance.now();
  for (let operation = 0; operation < count; operation += 1) {
    operate(operation);
    stamps[operation + 1] = performance.now();
  }
  return stamps;
}

/** Microseconds between neighbouring stamps, ascending. */
function lengthsOf(stamps: Float64Array): Float64Array {
  const lengths = new Float64Array(stamps.length - 1);
  for (let at = 0; at < lengths.length; at += 1) lengths[at] = (stamps[at + 1]! - stamps[at]!) * 1e3;
  lengths.sort();
  return lengths;
}

function idle(): void {}
