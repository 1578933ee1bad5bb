/** The inner loop of sweepHealth.ts as a WebAssembly module: twice as fast as the same loop in JavaScript. */
import {
  type Code,
  type Memory,
  assemble,
  f64,
  get,
  i32,
  inOrder,
  instantiate,
  repeat,
  set,
  when,
} from "../kernel/wasm.ts";
import { MAX_INTEGER, MAX_MARKETS, PICO_PER_MICRO } from "../domain/limits.ts";
import { BUCKET, HOME_WORDS, POSITION, POSITION_WORDS } from "../domain/rows/bucket.ts";

/** Bytes of a market's terms, and where each lies: what a lot is worth, the funding index, the margin of a lot, most lots at that rate. */
export const TERMS_BYTES = 32;
export const TERMS = { lotValue: 0, fundingIndex: 8, lotMargin: 16, flatLots: 24 } as const;
/** Terms are looked up by the lowest seven bits of a market's number. */
const TERMS_MASK = 127;

/** Micro-dollars: 2^16, six cents and a half. */
const SLACK = 65_536;
/** Lots times the drift of an index: 2^53 micro-dollars. */
const MOST_FUNDING = MAX_INTEGER * PICO_PER_MICRO;

/**
 * Goes over rows of buckets, writes the addresses of those that may be unhealthy to a list, and answers how many they are.
 * Addresses are in bytes, but for the last position block's, in words.
 */
export type HealthPass = (
  bucket: number,
  end: number,
  terms: number,
  list: number,
  lastBlock: number,
) => number;

const [bucket, end, terms, list, lastBlock] = [0, 1, 2, 3, 4];
const [position, endOfBlock, slots, row, doubtful, found] = [5, 6, 7, 8, 9, 10];
const [value, cost, margin, due, funding, lots, held, owed] = [11, 12, 13, 14, 15, 16, 17, 18];

const WORD_BYTES = 4;
const DOUBLE_BYTES = 8;
/** From words to bytes, from rows of positions to bytes, from terms to bytes: powers of two. */
const SHIFT = { word: 2, position: 6, terms: 5 } as const;

const shifted = (local: number, bits: number): Code => i32.shiftLeft(get(local), i32.of(bits));
const intOf = (base: number, column: number): Code => i32.load(get(base), column * WORD_BYTES);
const numOf = (base: number, column: number): Code => f64.load(get(base), column * DOUBLE_BYTES);
const term = (offset: number): Code => f64.load(get(row), offset);
const addTo = (sum: number, amount: Code): Code => set(sum, f64.add(get(sum), amount));
const doubtIf = (condition: Code): Code => set(doubtful, i32.or(get(doubtful), condition));

/** A position, added to the sums. */
const countPosition = inOrder(
  set(row, intOf(position, POSITION.market)),
  doubtIf(i32.above(get(row), i32.of(MAX_MARKETS))),
  set(row, i32.and(get(row), i32.of(TERMS_MASK))),
  set(row, i32.add(shifted(row, SHIFT.terms), get(terms))),
  set(lots, numOf(position, POSITION.lots)),
  set(held, f64.abs(get(lots))),
  set(owed, f64.mul(get(lots), f64.sub(term(TERMS.fundingIndex), numOf(position, POSITION.fundingEntry)))),
  addTo(value, f64.mul(get(lots), term(TERMS.lotValue))),
  addTo(cost, numOf(position, POSITION.cost)),
  addTo(margin, f64.mul(get(held), term(TERMS.lotMargin))),
  addTo(due, get(owed)),
  addTo(funding, f64.abs(get(owed))),
  doubtIf(f64.above(get(held), term(TERMS.flatLots))),
);

/** Cash first, then every slot of the block; a bucket whose block cannot be right is not followed there. */
const countBucket = inOrder(
  ...[cost, margin, due, funding].map((sum) => set(sum, f64.of(0))),
  set(value, numOf(bucket, BUCKET.cash)),
  set(slots, intOf(bucket, BUCKET.slots)),
  set(position, intOf(bucket, BUCKET.positions)),
  set(doubtful, i32.or(i32.above(get(slots), i32.of(MAX_MARKETS)), i32.above(get(position), get(lastBlock)))),
  when(
    i32.and(i32.isZero(get(doubtful)), i32.above(get(slots), i32.of(0))),
    inOrder(
      set(position, shifted(position, SHIFT.word)),
      set(endOfBlock, i32.add(get(position), shifted(slots, SHIFT.position))),
      repeat(
        inOrder(countPosition, set(position, i32.add(get(position), i32.of(POSITION_WORDS * WORD_BYTES)))),
        i32.below(get(position), get(endOfBlock)),
      ),
    ),
  ),
);

const net = f64.sub(f64.sub(get(value), get(cost)), get(margin));
const surplus = f64.sub(net, f64.mul(get(due), f64.of(1 / PICO_PER_MICRO)));
/** Whether the sums leave no doubt; written so that a sum that is no number leaves one. */
const isHealthy = i32.and(
  i32.and(i32.isZero(get(doubtful)), f64.atMost(get(funding), f64.of(MOST_FUNDING))),
  f64.atLeast(surplus, f64.of(SLACK)),
);

/** Every address is written; it counts, and is not written over, if the bucket is doubtful. */
const body = inOrder(
  repeat(
    inOrder(
      countBucket,
      i32.store(i32.add(get(list), shifted(found, SHIFT.word)), get(bucket)),
      set(found, i32.add(get(found), i32.isZero(isHealthy))),
      set(bucket, i32.add(get(bucket), i32.of(HOME_WORDS * WORD_BYTES))),
    ),
    i32.below(get(bucket), get(end)),
  ),
  get(found),
);

const MODULE = assemble({ parameters: 5, integers: 6, doubles: 8, body });

export function healthPassOver(memory: Memory): HealthPass {
  return instantiate(MODULE, memory);
}
