/** SHA-256 (FIPS 180-4), streaming and without allocation after construction, so that the engine needs no library for it. */

const BLOCK = 64;
export const SHA256_BYTES = 32;

/** A hash of 32 bytes: SHA-256, by whatever implementation. */
export type Hash = (bytes: Uint8Array) => Uint8Array;

/** First 32 bits of the fractional parts of the cube roots of the first 64 primes. */
const K = new Int32Array([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98,
  0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
  0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8,
  0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
  0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819,
  0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
  0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
  0xc67178f2,
]);

/** First 32 bits of the fractional parts of the square roots of the first eight primes. */
const INITIAL = new Int32Array([
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
]);

export class Sha256 {
  private readonly state = new Int32Array(8);
  private readonly schedule = new Int32Array(64);
  private readonly block = new Uint8Array(BLOCK);
  private pending = 0;
  private length = 0;

  constructor() {
    this.reset();
  }

  /** Starts over. */
  reset(): this {
    this.state.set(INITIAL);
    this.pending = 0;
    this.length = 0;
    return this;
  }

  /** Takes in `bytes[start … end)`. */
  update(bytes: Uint8Array, start = 0, end: number = bytes.length): this {
    let at = start;
    this.length += end - start;
    if (this.pending > 0) {
      const room = Math.min(BLOCK - this.pending, end - at);
      this.block.set(bytes.subarray(at, at + room), this.pending);
      this.pending += room;
      at += room;
      if (this.pending < BLOCK) return this;
      this.compress(this.block, 0);
      this.pending = 0;
    }
    for (; at + BLOCK <= end; at += BLOCK) this.compress(bytes, at);
    this.block.set(bytes.subarray(at, end), 0);
    this.pending = end - at;
    return this;
  }

  /** Writes the digest of everything since the last reset to `out[at … at + 32)`. */
  digestInto(out: Uint8Array, at = 0): void {
    const { block, state } = this;
    const bits = this.length * 8;
    block.fill(0, this.pending);
    block[this.pending] = 0x80;
    if (this.pending >= BLOCK - 8) {
      this.compress(block, 0);
      block.fill(0);
    }
    writeBigEndian(block, BLOCK - 8, Math.floor(bits / 4_294_967_296));
    writeBigEndian(block, BLOCK - 4, bits);
    this.compress(block, 0);
    for (let word = 0; word < 8; word++) writeBigEndian(out, at + word * 4, state[word] as number);
  }

  private compress(bytes: Uint8Array, at: number): void {
    const { state, schedule } = this;
    for (let t = 0; t < 16; t++) {
      const i = at + t * 4;
      schedule[t] =
        ((bytes[i] as number) << 24) |
        ((bytes[i + 1] as number) << 16) |
        ((bytes[i + 2] as number) << 8) |
        (bytes[i + 3] as number);
    }
    for (let t = 16; t < 64; t++) {
      const x = schedule[t - 15] as number;
      const y = schedule[t - 2] as number;
      const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
      const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
      schedule[t] = ((schedule[t - 16] as number) + s0 + (schedule[t - 7] as number) + s1) | 0;
    }
    let a = state[0] as number;
    let b = state[1] as number;
    let c = state[2] as number;
    let d = state[3] as number;
    let e = state[4] as number;
    let f = state[5] as number;
    let g = state[6] as number;
    let h = state[7] as number;
    for (let t = 0; t < 64; t++) {
      const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const t1 = (h + s1 + ((e & f) ^ (~e & g)) + (K[t] as number) + (schedule[t] as number)) | 0;
      const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + t1) | 0;
      d = c;
      c = b;
      b = a;
      a = (t1 + t2) | 0;
    }
    state[0] = ((state[0] as number) + a) | 0;
    state[1] = ((state[1] as number) + b) | 0;
    state[2] = ((state[2] as number) + c) | 0;
    state[3] = ((state[3] as number) + d) | 0;
    state[4] = ((state[4] as number) + e) | 0;
    state[5] = ((state[5] as number) + f) | 0;
    state[6] = ((state[6] as number) + g) | 0;
    state[7] = ((state[7] as number) + h) | 0;
  }
}

/** The digest of a run of bytes. */
export function sha256(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(SHA256_BYTES);
  new Sha256().update(bytes).digestInto(out);
  return out;
}

function writeBigEndian(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}
