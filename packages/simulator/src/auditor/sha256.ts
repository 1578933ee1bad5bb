/** SHA-256 (FIPS 180-4) by the book: the auditor binds approvals to contents with a hash of its own. */

/** The primes the constants are made of. */
const PRIMES = firstPrimes(64);
const ROUND_CONSTANTS = PRIMES.map((prime) => fractionOfRoot(prime, 3n));
const FIRST_STATE = PRIMES.slice(0, 8).map((prime) => fractionOfRoot(prime, 2n));

/** First 52 bits of the hash of little-endian doubles. */
export function digestOf(values: readonly (number | bigint)[]): bigint {
  const bytes = new DataView(new ArrayBuffer(values.length * 8));
  values.forEach((value, index) => bytes.setFloat64(index * 8, Number(value), true));
  const [first = 0, second = 0] = sha256(new Uint8Array(bytes.buffer));
  return (BigInt(first) << 20n) | BigInt(second >>> 12);
}

/** The eight words of the hash. */
function sha256(bytes: Uint8Array): number[] {
  const padded = new Uint8Array(Math.ceil((bytes.length + 9) / 64) * 64);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setBigUint64(padded.length - 8, BigInt(bytes.length) * 8n);
  let state = FIRST_STATE;
  for (let at = 0; at < padded.length; at += 64) state = compressed(state, view, at);
  return state;
}

function compressed(state: readonly number[], view: DataView, at: number): number[] {
  const words = Array.from({ length: 16 }, (_, index) => view.getUint32(at + index * 4));
  for (let round = 16; round < 64; round++) {
    const [near, far] = [words[round - 2] as number, words[round - 15] as number];
    const mixed = turned(near, 17, 19) ^ (near >>> 10);
    const other = turned(far, 7, 18) ^ (far >>> 3);
    words.push(sum(mixed, words[round - 7] as number, other, words[round - 16] as number));
  }
  let [a, b, c, d, e, f, g, h] = state as [number, number, number, number, number, number, number, number];
  for (let round = 0; round < 64; round++) {
    const choice = (e & f) ^ (~e & g);
    const constant = ROUND_CONSTANTS[round] as number;
    const first = sum(h, turned(e, 6, 11, 25), choice, constant, words[round] as number);
    const second = sum(turned(a, 2, 13, 22), (a & b) ^ (a & c) ^ (b & c));
    [h, g, f, e, d, c, b, a] = [g, f, e, sum(d, first), c, b, a, sum(first, second)];
  }
  return [a, b, c, d, e, f, g, h].map((word, index) => sum(word, state[index] as number));
}

/** The exclusive or of a word turned right by each of the distances. */
function turned(word: number, ...distances: readonly number[]): number {
  return distances.reduce((mixed, by) => mixed ^ ((word >>> by) | (word << (32 - by))), 0);
}

function sum(...words: readonly number[]): number {
  return words.reduce((total, word) => (total + (word >>> 0)) % 2 ** 32, 0);
}

function firstPrimes(count: number): bigint[] {
  const primes: bigint[] = [];
  for (let candidate = 2n; primes.length < count; candidate += 1n) {
    if (primes.every((prime) => candidate % prime !== 0n)) primes.push(candidate);
  }
  return primes;
}

/** First 32 bits behind the point of a number's square or cube root. */
function fractionOfRoot(value: bigint, degree: bigint): number {
  const scaled = value << (32n * degree);
  let low = 0n;
  let high = 1n << 40n;
  while (high - low > 1n) {
    const middle = (low + high) / 2n;
    if (middle ** degree <= scaled) low = middle;
    else high = middle;
  }
  return Number(low & 0xffff_ffffn);
}
