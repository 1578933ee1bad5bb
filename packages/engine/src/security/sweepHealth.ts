/**
 * A pass over all buckets of a tier at the speed of memory: whoever it passes over is certainly healthy, the others are to be measured
 * exactly. It reads each row once, in the order they lie in, charges a flat rate without rounding, and counts collateral as nothing.
 *
 * Why nobody unhealthy is passed over. Up to the flat notional the maintenance margin ⌈⌈N·i/1e6⌉·r/1e6⌉ is at most N·i·r/1e12 + 2, and
 * funding ⌈q·ΔF/1e6⌉ at most q·ΔF/1e6 + 1: three units for each of 64 slots at most. What the doubles add: cells are within ±(2^53 − 1),
 * the values of lots within the flat notional are too, and the sum of |funding| is looked at, so that no sum exceeds 2^60, where one
 * addition is off by 2^7 at most; there are four a slot. Products are off by 2^−51 of at most 2^53. Together: less than 2^16, the slack
 * that a bucket must have to be passed over.
 */
import type { Ref } from "../kernel/arena.ts";
import { rowOf, usedRows } from "../kernel/pool.ts";
import { MAX_INTEGER, MAX_MARKETS, PPM_ONE } from "../domain/limits.ts";
import { HOME_WORDS, POSITION_WORDS } from "../domain/rows/bucket.ts";
import { MARKET } from "../domain/rows/market.ts";
import type { TierShard } from "../domain/tierShard.ts";
import { TERMS, TERMS_BYTES, healthPassOver } from "./healthPass.ts";

/** Buckets of one call: their list fits the spare page of the memory beside the terms. */
const CHUNK = 4_096;
const LIST_AT = 4_096;
const WORD_BYTES = 4;
const HOME_BYTES = HOME_WORDS * WORD_BYTES;

/** Calls `visit` with every bucket that may be below maintenance margin: all of them, where the tier is too small or too large to tell. */
export function forEachDoubtful(tier: TierShard, visit: (bucket: Ref<"bucket">) => void): void {
  const { arena } = tier;
  const last = usedRows(arena, tier.buckets);
  if (arena.memory === undefined) {
    for (let id = 1; id <= last; id++) visit(rowOf(arena, tier.buckets, id));
    return;
  }
  const pass = healthPassOver(arena.memory);
  const spare = arena.i32.byteLength;
  writeTerms(tier, new DataView(arena.buffer, spare, LIST_AT));
  const list = new Int32Array(arena.buffer, spare + LIST_AT, CHUNK);
  const lastBlock = arena.i32.length - MAX_MARKETS * POSITION_WORDS;
  for (let first = 1; first <= last; first += CHUNK) {
    const count = Math.min(CHUNK, last + 1 - first);
    const from = rowOf(arena, tier.buckets, first) * WORD_BYTES;
    const found = pass(from, from + count * HOME_BYTES, spare, spare + LIST_AT, lastBlock);
    for (let index = 0; index < found; index++) {
      const place = (((list[index] as number) >>> 0) - from) / HOME_BYTES;
      visit(rowOf(arena, tier.buckets, first + place));
    }
  }
}

function writeTerms(tier: TierShard, terms: DataView): void {
  const { arena } = tier;
  for (let id = 0; id <= MAX_MARKETS; id++) {
    const isListed = id >= 1 && id <= tier.marketCount;
    const market = tier.marketRow(isListed ? id : 1);
    const lotValue = isListed ? arena.int(market, MARKET.mark) * arena.num(market, MARKET.notional) : 0;
    const index = isListed ? arena.num(market, MARKET.fundingIndex) : 0;
    const rate = arena.int(market, MARKET.initialMargin) * arena.int(market, MARKET.maintenanceRatio);
    const flat = lotValue === 0 ? 0 : flatNotionalOf(tier, market) / lotValue;
    const at = id * TERMS_BYTES;
    terms.setFloat64(at + TERMS.lotValue, lotValue, true);
    terms.setFloat64(at + TERMS.fundingIndex, index, true);
    terms.setFloat64(at + TERMS.lotMargin, (lotValue * rate) / PPM_ONE / PPM_ONE, true);
    terms.setFloat64(at + TERMS.flatLots, Math.floor(flat), true);
  }
}

/** Up to this notional neither size nor brackets raise the rate. */
function flatNotionalOf(tier: TierShard, market: Ref<"market">): number {
  const { arena } = tier;
  const scaleBase = arena.num(market, MARKET.scaleBase);
  const bracket = arena.int(market, MARKET.brackets) === 0 ? 0 : arena.num(market, MARKET.bracketLower);
  return Math.min(scaleBase || MAX_INTEGER, bracket || MAX_INTEGER);
}
