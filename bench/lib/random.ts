/** Seeded randomness made of 32-bit integer steps only, so that a seed means the same flow on every machine. */
export interface Random {
  /** An integer in [0, bound), for a bound of at most 2^21, above which the product would lose bits. */
  readonly below: (bound: number) => number;
  /** Failures before the first success when one try in `odds` succeeds: mean `odds - 1`, at most `most`. */
  readonly failures: (odds: number, most: number) => number;
}

/** xoshiro128** by Blackman and Vigna, its 128 bits of state filled from the seed by splitmix32. */
export function createRandom(seed: number): Random {
  const fill = splitmix(seed);
  let a = fill();
  let b = fill();
  let c = fill();
  let d = fill();

  function next(): number {
    const scrambled = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotate(d, 11);
    return scrambled;
  }

  const below = (bound: number): number => Math.floor((next() * bound) / 2 ** 32);
  const failures = (odds: number, most: number): number => {
    let count = 0;
    while (count < most && below(odds) !== 0) count += 1;
    return count;
  };
  return { below, failures };
}

function splitmix(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return mixed ^ (mixed >>> 15);
  };
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
