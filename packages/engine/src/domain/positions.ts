/**
 * Position slots. A bucket owns one block of them, contiguous so that measuring it reads consecutive cache lines; the first lies behind its
 * row, and the block doubles when full. A slot keeps its number when the block moves, so orders refer to it by number. Slots are never
 * cleared: one without lots, cost and orders is vacant and taken over by the next market that needs it.
 */
import { type Arena, type IntColumn, NIL, type Ref } from "../kernel/arena.ts";
import { takeRow } from "../kernel/pool.ts";
import { NONE } from "../kernel/units.ts";
import { QUOTE_ASSET } from "./limits.ts";
import { BUCKET, BUCKET_WORDS, HOLDING, HOME_SLOTS, POSITION, POSITION_WORDS } from "./rows/bucket.ts";
import { MARKET } from "./rows/market.ts";
import { TIER } from "./rows/tier.ts";
import type { Market, TierShard } from "./tierShard.ts";
import { noteUnsettled } from "./unsettled.ts";

/** The slot of a number within a bucket's block. */
export function slotAt(arena: Arena, bucket: Ref<"bucket">, slot: number): Ref<"position"> {
  return (arena.int(bucket, BUCKET.positions) + slot * POSITION_WORDS) as Ref<"position">;
}

/** The number of a slot within its bucket's block. */
export function slotNumber(arena: Arena, bucket: Ref<"bucket">, position: Ref<"position">): number {
  return ((position - arena.int(bucket, BUCKET.positions)) / POSITION_WORDS) | 0;
}

/** The slot that lies after one; after a bucket's last it lies past its block. */
export function nextSlot(position: Ref<"position">): Ref<"position"> {
  return (position + POSITION_WORDS) as Ref<"position">;
}

/** A slot of the block behind a bucket's row, whether or not the bucket has outgrown it. */
export function homeSlot(bucket: Ref<"bucket">, slot: number): Ref<"position"> {
  return (bucket + BUCKET_WORDS + slot * POSITION_WORDS) as Ref<"position">;
}

/** A slot of those larger blocks are made of, from 0, whoever has it. */
export function blockSlot(tier: TierShard, slot: number): Ref<"position"> {
  return (tier.positionsBase + slot * POSITION_WORDS) as Ref<"position">;
}

export function isVacant(arena: Arena, position: Ref<"position">): boolean {
  return (
    arena.num(position, POSITION.lots) === 0 &&
    arena.int(position, POSITION.orders) === 0 &&
    arena.num(position, POSITION.cost) === 0
  );
}

/** The bucket's slot in use for a market, or `NIL`. */
export function positionOf(arena: Arena, bucket: Ref<"bucket">, market: number): Ref<"position"> {
  const slots = arena.int(bucket, BUCKET.slots);
  for (let slot = 0; slot < slots; slot++) {
    const position = slotAt(arena, bucket, slot);
    if (arena.int(position, POSITION.market) === market && !isVacant(arena, position)) return position;
  }
  return NIL;
}

/** Takes a slot for a market in which the bucket has none in use; `NIL` when the tier has no block left. */
export function openPosition(tier: TierShard, bucket: Ref<"bucket">, market: Market): Ref<"position"> {
  const { arena } = tier;
  let position = vacantSlot(arena, bucket);
  if (position === NIL) {
    if (!growBlock(tier, bucket)) return NIL;
    // Alarms belong to the slots left behind.
    noteUnsettled(tier, bucket);
    position = vacantSlot(arena, bucket);
  }
  setMarket(tier, position, market.id);
  arena.setNum(position, POSITION.fundingEntry, arena.num(market.row, MARKET.fundingIndex));
  return position;
}

/** Open orders of a bucket, waiting ones included. */
export function openOrdersOf(arena: Arena, bucket: Ref<"bucket">): number {
  const slots = arena.int(bucket, BUCKET.slots);
  let orders = 0;
  for (let slot = 0; slot < slots; slot++) orders += arena.int(slotAt(arena, bucket, slot), POSITION.orders);
  return orders;
}

/** True when a position in one more market would not move the bucket's slots to a larger block. */
export function hasVacantSlot(arena: Arena, bucket: Ref<"bucket">): boolean {
  return vacantSlot(arena, bucket) !== NIL;
}

/** True when the bucket has neither a slot in use nor, therefore, an open order. */
export function isIdle(arena: Arena, bucket: Ref<"bucket">): boolean {
  const slots = arena.int(bucket, BUCKET.slots);
  for (let slot = 0; slot < slots; slot++) if (!isVacant(arena, slotAt(arena, bucket, slot))) return false;
  return true;
}

/** What a bucket holds of a collateral asset, or `NIL`. */
export function holdingOf(arena: Arena, bucket: Ref<"bucket">, asset: number): Ref<"holding"> {
  let holding = arena.int(bucket, BUCKET.holdings);
  while (holding !== NIL && arena.int(holding, HOLDING.asset) !== asset)
    holding = arena.int(holding, HOLDING.next);
  return holding;
}

/** The bucket's row for a collateral asset, a new one if need be; `NIL` when there is no room. */
export function openHolding(tier: TierShard, bucket: Ref<"bucket">, asset: number): Ref<"holding"> {
  const { arena } = tier;
  const known = holdingOf(arena, bucket, asset);
  if (known !== NIL) return known;
  const holding = takeRow(arena, tier.holdings);
  if (holding === NIL) return holding;
  arena.setInt(holding, HOLDING.asset, asset);
  arena.setInt(holding, HOLDING.next, arena.int(bucket, BUCKET.holdings));
  arena.setInt(bucket, BUCKET.holdings, holding);
  return holding;
}

/** Amount of an asset in a bucket: its cash for the quote currency, its holding for others. */
export function amountIn(arena: Arena, bucket: Ref<"bucket">, asset: number): number {
  if (asset === QUOTE_ASSET) return arena.num(bucket, BUCKET.cash);
  const holding = holdingOf(arena, bucket, asset);
  return holding === NIL ? 0 : arena.num(holding, HOLDING.amount);
}

function vacantSlot(arena: Arena, bucket: Ref<"bucket">): Ref<"position"> {
  const slots = arena.int(bucket, BUCKET.slots);
  for (let slot = 0; slot < slots; slot++) {
    const position = slotAt(arena, bucket, slot);
    if (isVacant(arena, position)) return position;
  }
  return NIL;
}

/** Moves a bucket's slots to a block of twice the size, or gives it its first one. */
function growBlock(tier: TierShard, bucket: Ref<"bucket">): boolean {
  const { arena } = tier;
  const size = arena.int(bucket, BUCKET.slots);
  if (size === 0) return settleHome(tier, bucket);
  const larger = size * 2;
  const block = takeBlock(tier, larger);
  if (block === NIL) return false;
  const old = arena.int(bucket, BUCKET.positions);
  for (let slot = 0; slot < size; slot++) {
    const offset = slot * POSITION_WORDS;
    moveSlot(tier, (old + offset) as Ref<"position">, (block + offset) as Ref<"position">);
  }
  giveBlock(tier, old, size);
  tier.movedBuckets.push(bucket);
  arena.setInt(bucket, BUCKET.positions, block);
  arena.setInt(bucket, BUCKET.slots, larger);
  return true;
}

const NUMBERS = [
  POSITION.lots,
  POSITION.cost,
  POSITION.fundingEntry,
  POSITION.bidLots,
  POSITION.askLots,
  POSITION.bidNotional,
  POSITION.askNotional,
] as const;

/** The old slot keeps its market's id, so that the journal still tells whose cost moved. */
function moveSlot(tier: TierShard, source: Ref<"position">, target: Ref<"position">): void {
  const { arena } = tier;
  setMarket(tier, target, arena.int(source, POSITION.market));
  arena.setInt(target, POSITION.orders, arena.int(source, POSITION.orders));
  arena.setInt(source, POSITION.orders, 0);
  for (const column of NUMBERS) moveNumber(arena, source, target, column as typeof POSITION.lots);
}

function setMarket(tier: TierShard, position: Ref<"position">, market: number): void {
  const before = tier.arena.int(position, POSITION.market);
  if (before !== 0 && before !== market) tier.hasReusedSlot = true;
  tier.arena.setInt(position, POSITION.market, market);
}

function moveNumber(
  arena: Arena,
  source: Ref<"position">,
  target: Ref<"position">,
  column: typeof POSITION.lots,
): void {
  arena.setNum(target, column, arena.num(source, column));
  arena.setNum(source, column, NONE);
}

/** The block behind a bucket's row becomes its own. It counts as any other: as one that somebody has outgrown, or as slots not used so far. */
function settleHome(tier: TierShard, bucket: Ref<"bucket">): boolean {
  const { arena, row } = tier;
  const outgrown = arena.int(row, TIER.homesOutgrown);
  if (outgrown > 0) arena.setInt(row, TIER.homesOutgrown, outgrown - 1);
  else if (!useSlots(tier, HOME_SLOTS)) return false;
  arena.setInt(bucket, BUCKET.positions, homeSlot(bucket, 0));
  arena.setInt(bucket, BUCKET.slots, HOME_SLOTS);
  return true;
}

/** Counts slots as used; false if so many are not left. */
function useSlots({ arena, row, positionsCapacity }: TierShard, slots: number): boolean {
  const used = arena.int(row, TIER.positionsUsed) + slots;
  if (used > positionsCapacity) return false;
  arena.setInt(row, TIER.positionsUsed, used);
  return true;
}

/** Free blocks of one size, beyond the first, are linked through the order count of their first slot. */
const BLOCK_LINK = POSITION.orders as IntColumn<"position", Ref<"position">>;

function freeList(size: number): typeof TIER.freeBlocks {
  return (TIER.freeBlocks + (28 - Math.clz32(size))) as typeof TIER.freeBlocks;
}

function takeBlock(tier: TierShard, size: number): Ref<"position"> {
  const { arena } = tier;
  const free = arena.int(tier.row, freeList(size));
  if (free !== NIL) {
    arena.setInt(tier.row, freeList(size), arena.int(free, BLOCK_LINK));
    arena.setInt(free, BLOCK_LINK, NIL);
    return free;
  }
  if (!useSlots(tier, size)) return NIL;
  const begins = arena.int(tier.row, TIER.blockSlots);
  arena.setInt(tier.row, TIER.blockSlots, begins + size);
  return blockSlot(tier, begins);
}

function giveBlock(tier: TierShard, block: Ref<"position">, size: number): void {
  const { arena, row } = tier;
  if (size === HOME_SLOTS)
    return arena.setInt(row, TIER.homesOutgrown, arena.int(row, TIER.homesOutgrown) + 1);
  arena.setInt(block, BLOCK_LINK, arena.int(tier.row, freeList(size)));
  arena.setInt(tier.row, freeList(size), block);
}
