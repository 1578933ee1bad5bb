/**
 * A 128-bit digest of a page of words: four multiply-rotate lanes, mixed at the end. It tells pages apart, at memory speed; it is
 * not meant to resist somebody who builds collisions (ADR 0004).
 */

const A = 0x9e3779b1;
const B = 0x85ebca77;
const C = 0xc2b2ae3d;
const D = 0x27d4eb2f;

/** Digests `words[start … start + length)`, a multiple of four words, into `out[at … at + 4)`. */
export function digestPage(words: Int32Array, start: number, length: number, out: Int32Array, at: number): void {
  let a = A | 0;
  let b = B | 0;
  let c = C | 0;
  let d = D | 0;
  const end = start + length;
  for (let i = start; i < end; i += 4) {
    a = Math.imul(rotate(a ^ (words[i] as number), 13), A) + d;
    b = Math.imul(rotate(b ^ (words[i + 1] as number), 15), B) + a;
    c = Math.imul(rotate(c ^ (words[i + 2] as number), 17), C) + b;
    d = Math.imul(rotate(d ^ (words[i + 3] as number), 19), D) + c;
    a |= 0;
    b |= 0;
    c |= 0;
    d |= 0;
  }
  out[at] = avalanche(a ^ rotate(d, 7));
  out[at + 1] = avalanche(b ^ (out[at] as number));
  out[at + 2] = avalanche(c ^ (out[at + 1] as number));
  out[at + 3] = avalanche(d ^ (out[at + 2] as number));
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

function avalanche(word: number): number {
  let x = Math.imul(word ^ (word >>> 16), B);
  x = Math.imul(x ^ (x >>> 13), C);
  return x ^ (x >>> 16);
}
