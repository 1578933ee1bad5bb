/**
 * A 128-bit digest of a page of words: four lanes fed with multiplied words, each lane passing on to the next, mixed at the
 * end. It tells pages apart, at memory speed; it is not meant to resist somebody who builds collisions (ADR 0004).
 *
 * For given lanes, four words map one-to-one to the next lanes, and so does the rest of the way: pages that differ in one
 * aligned group of four words only never share a digest.
 */

const A = 0x9e3779b1;
const B = 0x85ebca77;
const C = 0xc2b2ae3d;
const D = 0x27d4eb2f;

/** Digests `words[start … start + length)`, a multiple of four words, into `out[at … at + 4)`. */
export function digestPage(
  words: Int32Array,
  start: number,
  length: number,
  out: Int32Array,
  at: number,
): void {
  let a = A | 0;
  let b = B | 0;
  let c = C | 0;
  let d = D ^ length;
  const end = start + length;
  for (let i = start; i < end; i += 4) {
    a = (Math.imul(rotate(a + Math.imul(words[i] as number, B), 13), A) + b) | 0;
    b = (Math.imul(rotate(b + Math.imul(words[i + 1] as number, C), 13), A) + c) | 0;
    c = (Math.imul(rotate(c + Math.imul(words[i + 2] as number, D), 13), A) + d) | 0;
    d = (Math.imul(rotate(d + Math.imul(words[i + 3] as number, A), 13), B) + a) | 0;
  }
  a = avalanche(a ^ rotate(d, 7));
  b = avalanche(b ^ a);
  c = avalanche(c ^ b);
  d = avalanche(d ^ c);
  out[at] = a ^ d;
  out[at + 1] = b ^ rotate(d, 11);
  out[at + 2] = c ^ rotate(d, 23);
  out[at + 3] = d;
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

function avalanche(word: number): number {
  let x = Math.imul(word ^ (word >>> 16), B);
  x = Math.imul(x ^ (x >>> 13), C);
  return x ^ (x >>> 16);
}
