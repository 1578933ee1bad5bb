import { median } from "./measure.ts";

/** What memory lets this process do, 10^9 bytes per second of CPU time: the bound a pass over state is held against. */
export interface Bandwidth {
  readonly bytes: number;
  /** Payload copied by `TypedArray.set`; the memory bus carries it twice or more. Median and best. */
  readonly copy: number;
  readonly copyBest: number;
  /** Sum over a Float64Array in a plain loop: what JavaScript reads, not what the hardware could. */
  readonly read: number;
  readonly readBest: number;
}

export interface BandwidthOptions {
  /** Size of each of the two buffers; several times the last cache, or it is the cache that is measured. */
  readonly bytes: number;
  readonly repeats: number;
}

export const LARGE: BandwidthOptions = { bytes: 256 * 2 ** 20, repeats: 9 };

export function measureBandwidth({ bytes, repeats }: BandwidthOptions = LARGE): Bandwidth {
  const words = bytes / 8;
  if (words % 8 !== 0) throw new Error("a buffer is a whole number of 64-byte lines");
  const source = new Float64Array(words).fill(1);
  const copy = new Float64Array(words).fill(2);
  const rate = (pass: () => void): readonly [middle: number, best: number] => {
    pass();
    const rates = Array.from({ length: repeats }, () => bytes / cpuNsOf(pass));
    return [median(rates), Math.max(...rates)];
  };

  const [copyRate, copyBest] = rate(() => copy.set(source));
  const [readRate, readBest] = rate(() => {
    if (sum(copy) !== words) throw new Error("the copy is not the source");
  });
  return { bytes, copy: copyRate, copyBest, read: readRate, readBest };
}

/** Eight sums side by side, so that the additions do not wait for one another. */
function sum(words: Float64Array): number {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let e = 0;
  let f = 0;
  let g = 0;
  let h = 0;
  for (let at = 0; at < words.length; at += 8) {
    a += words[at]!;
    b += words[at + 1]!;
    c += words[at + 2]!;
    d += words[at + 3]!;
    e += words[at + 4]!;
    f += words[at + 5]!;
    g += words[at + 6]!;
    h += words[at + 7]!;
  }
  return a + b + c + d + (e + f + g + h);
}

function cpuNsOf(pass: () => void): number {
  const started = process.cpuUsage();
  pass();
  const { user, system } = process.cpuUsage(started);
  return (user + system) * 1e3;
}
