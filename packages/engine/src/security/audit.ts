/**
 * The full audit: a sweep over every table that checks every invariant of docs/spec/transition.md from the rows alone, in BigInt where
 * sums are taken. It uses no code of the layers it judges; it walks the books itself.
 */
import { type Arena, NIL, type Ref } from "../kernel/arena.ts";
import { MAX_ASSETS, QUOTE_ASSET } from "../domain/limits.ts";
import {
  ACCOUNT,
  ASSET,
  BALANCE,
  BUCKET,
  COLLATERAL,
  HOLDING,
  MARKET,
  ORDER,
  ORDER_WORDS,
  POSITION,
  POSITION_WORDS,
  TIER,
  VAULT,
  WITHDRAWAL,
  WITHDRAWAL_WORDS,
} from "../domain/rows.ts";
import { rowOf, usedRows } from "../kernel/pool.ts";
import type { Market, TierShard } from "../domain/tierShard.ts";
import type { VaultShard } from "../domain/vaultShard.ts";
import type { Venue } from "../domain/venue.ts";

/** A claim that does not hold: its number in the catalogue, where, and the numbers. */
export interface Finding {
  readonly invariant: string;
  readonly where: string;
  readonly expected: string;
  readonly found: string;
}

type Report = (invariant: string, where: string, expected: bigint | number, found: bigint | number) => void;

/** Audits a whole venue. */
export function auditVenue(venue: Venue): Finding[] {
  const findings: Finding[] = [];
  const report: Report = (invariant, where, expected, found) => {
    if (BigInt(expected) === BigInt(found)) return;
    findings.push({ invariant, where, expected: String(expected), found: String(found) });
  };
  const tiers = venue.tiers.slice(0, venue.vault.tierCount);
  auditVault(venue.vault, tiers, report);
  for (const tier of tiers) {
    for (let id = 1; id <= tier.marketCount; id++) auditMarket(tier, tier.listedMarket(id), report);
    auditOrders(tier, report);
  }
  return findings;
}

// ------------------------------------------------------------------------------------------------- the vault (1, 1b, 19)

function auditVault(vault: VaultShard, tiers: readonly TierShard[], report: Report): void {
  const { arena } = vault;
  const owners = sumBalances(vault, report);
  const pending = sumWithdrawals(vault);
  for (let asset = 1; asset <= arena.int(vault.row, VAULT.assets); asset++) {
    const row = vault.asset(asset);
    const where = `asset ${asset}`;
    let owed = owners[asset] as bigint;
    for (const column of [ASSET.transit, ASSET.pending, ASSET.dust]) {
      owed += exactly(arena.num(row, column));
      notNegative(report, where, arena.num(row, column));
    }
    report(
      "1",
      `${where}: pending withdrawals`,
      pending[asset] as bigint,
      exactly(arena.num(row, ASSET.pending)),
    );
    report("1", `${where}: in transit`, 0n, exactly(arena.num(row, ASSET.transit)));
    for (const tier of tiers) {
      const custody = exactly(arena.num(row, (ASSET.custody + tier.id) as typeof ASSET.custody));
      owed += custody;
      report("1b", `${where} in tier ${tier.id}`, custody, held(tier, asset, report));
    }
    report("1", where, exactly(arena.num(row, ASSET.held)), owed);
  }
}

function sumBalances(vault: VaultShard, report: Report): bigint[] {
  const { arena } = vault;
  const sums = noAmounts();
  for (let account = 1; account <= usedRows(arena, vault.accounts); account++) {
    let row = arena.int(rowOf(arena, vault.accounts, account), ACCOUNT.balances);
    for (; row !== NIL; row = arena.int(row, BALANCE.next)) {
      const asset = arena.int(row, BALANCE.asset);
      report("1", `balance of account ${account} is its own`, account, arena.int(row, BALANCE.account));
      notNegative(report, `account ${account}`, arena.num(row, BALANCE.amount));
      sums[asset] = (sums[asset] as bigint) + exactly(arena.num(row, BALANCE.amount));
    }
  }
  return sums;
}

function sumWithdrawals(vault: VaultShard): bigint[] {
  const { arena } = vault;
  const sums = noAmounts();
  for (let number = 1; number <= usedRows(arena, vault.withdrawals); number++) {
    const row = (vault.withdrawals.base + number * WITHDRAWAL_WORDS) as Ref<"withdrawal">;
    if (arena.int(row, WITHDRAWAL.account) === 0) continue;
    const asset = arena.int(row, WITHDRAWAL.asset);
    sums[asset] = (sums[asset] as bigint) + exactly(arena.num(row, WITHDRAWAL.amount));
  }
  return sums;
}

/** What a tier holds of an asset: buckets, and for the quote currency its pools and fees. */
function held(tier: TierShard, asset: number, report: Report): bigint {
  const { arena } = tier;
  let total = 0n;
  for (let id = 1; id <= usedRows(arena, tier.buckets); id++) {
    const bucket = rowOf(arena, tier.buckets, id);
    if (asset === QUOTE_ASSET) {
      notNegative(report, `cash of bucket ${id} in tier ${tier.id}`, arena.num(bucket, BUCKET.cash));
      total += exactly(arena.num(bucket, BUCKET.cash));
    } else total += heldAsCollateral(arena, bucket, asset, report);
  }
  if (asset !== QUOTE_ASSET) {
    report(
      "1b",
      `asset ${asset} counted by tier ${tier.id}`,
      total,
      exactly(arena.num(tier.collateral(asset), COLLATERAL.held)),
    );
    return total;
  }
  for (let id = 1; id <= tier.marketCount; id++) total += exactly(arena.num(tier.marketRow(id), MARKET.pool));
  notNegative(report, `fees of tier ${tier.id}`, arena.num(tier.row, TIER.fees));
  return total + exactly(arena.num(tier.row, TIER.fees));
}

function heldAsCollateral(arena: Arena, bucket: Ref<"bucket">, asset: number, report: Report): bigint {
  let total = 0n;
  for (let row = arena.int(bucket, BUCKET.holdings); row !== NIL; row = arena.int(row, HOLDING.next)) {
    if (arena.int(row, HOLDING.asset) !== asset) continue;
    notNegative(report, `holding of asset ${asset}`, arena.num(row, HOLDING.amount));
    total += exactly(arena.num(row, HOLDING.amount));
  }
  return total;
}

// ---------------------------------------------------------------------------------------------------- markets (2, 3, 4, 34)

function auditMarket(tier: TierShard, market: Market, report: Report): void {
  const { arena } = tier;
  const { row } = market;
  const where = `market ${market.id} of tier ${tier.id}`;
  const settledLots = exactly(arena.num(row, MARKET.settledLots));
  let lots = settledLots;
  let longs = settledLots > 0n ? settledLots : 0n;
  let cost = 0n;
  for (const column of [MARKET.feeCost, MARKET.fundingCost, MARKET.settledCost])
    cost += exactly(arena.num(row, column));
  let fundingDue = 0n;
  const index = exactly(arena.num(row, MARKET.fundingIndex));
  forEachPosition(tier, (position) => {
    if (arena.int(position, POSITION.market) !== market.id) return;
    const held = exactly(arena.num(position, POSITION.lots));
    lots += held;
    if (held > 0n) longs += held;
    cost += exactly(arena.num(position, POSITION.cost));
    fundingDue += held * (index - exactly(arena.num(position, POSITION.fundingEntry)));
  });
  const pool = exactly(arena.num(row, MARKET.pool));
  report("2", `${where}: lots`, 0n, lots);
  report("2", `${where}: open interest`, longs, exactly(arena.num(row, MARKET.openInterest)));
  report("3", `${where}: costs and pool`, -pool, cost);
  notNegative(report, `pool of ${where}`, Number(pool));
  const collected = -exactly(arena.num(row, MARKET.fundingCost)) * MICRO;
  if (collected + fundingDue < 0n)
    report("4", `${where}: funding collected and due`, 0n, collected + fundingDue);
  if (arena.num(row, MARKET.feeCost) > 0)
    report("4", `${where}: the house's claim`, 0, arena.num(row, MARKET.feeCost));
}

/** Funding indices count millionths of a micro-dollar. */
const MICRO = 1_000_000n;

/** Visits every slot of every bucket; a slot belongs to the market it last served. */
function forEachPosition(tier: TierShard, visit: (position: Ref<"position">) => void): void {
  const { arena } = tier;
  for (let id = 1; id <= usedRows(arena, tier.buckets); id++) {
    const bucket = rowOf(arena, tier.buckets, id);
    const first = arena.int(bucket, BUCKET.positions);
    for (let slot = 0; slot < arena.int(bucket, BUCKET.slots); slot++) {
      visit((first + slot * POSITION_WORDS) as Ref<"position">);
    }
  }
}

// ------------------------------------------------------------------------------------------------------------ orders (B1)

interface Tally {
  orders: number;
  bidLots: bigint;
  askLots: bigint;
  bidNotional: bigint;
  askNotional: bigint;
}

const WAITING = 1 << 10;
const REDUCE_ONLY = 1 << 7;

/** Every order stands where its terms say; books, counts, reserves and best prices agree with the orders. */
function auditOrders(tier: TierShard, report: Report): void {
  const { arena } = tier;
  const tallies = new Map<number, Tally>();
  const counts = new Map<number, number>();
  const resting = new Map<string, { lots: bigint; orders: number }>();
  for (let number = 1; number <= usedRows(arena, tier.orders); number++) {
    const order = (tier.orders.base + number * ORDER_WORDS) as Ref<"order">;
    const bucket = arena.int(order, ORDER.bucket);
    if (bucket === NIL) continue;
    const market = arena.int(order, ORDER.market);
    const position = arena.int(bucket, BUCKET.positions) + arena.int(order, ORDER.slot) * POSITION_WORDS;
    report(
      "B1",
      `order ${number}: its slot's market`,
      market,
      arena.int(position as Ref<"position">, POSITION.market),
    );
    counts.set(market, (counts.get(market) ?? 0) + 1);
    addTo(tallies, tier, order, position);
    if ((arena.int(order, ORDER.terms) & WAITING) === 0) addResting(resting, arena, order, market);
  }
  forEachPosition(tier, (position) => compareReserve(arena, position, tallies.get(position), report));
  for (let id = 1; id <= tier.marketCount; id++) {
    report("B1", `orders of market ${id}`, counts.get(id) ?? 0, arena.int(tier.marketRow(id), MARKET.orders));
    auditBook(tier, tier.listedMarket(id), resting, report);
  }
  report("B1", `levels of tier ${tier.id} that no book shows`, 0, resting.size);
}

function addTo(tallies: Map<number, Tally>, tier: TierShard, order: Ref<"order">, position: number): void {
  const { arena } = tier;
  const tally = tallies.get(position) ?? {
    orders: 0,
    bidLots: 0n,
    askLots: 0n,
    bidNotional: 0n,
    askNotional: 0n,
  };
  tallies.set(position, tally);
  tally.orders++;
  const terms = arena.int(order, ORDER.terms);
  if ((terms & (WAITING | REDUCE_ONLY)) !== 0) return;
  const lots = exactly(arena.num(order, ORDER.lots));
  const { notional } = tier.listedMarket(arena.int(order, ORDER.market));
  const value = lots * exactly(arena.int(order, ORDER.price)) * exactly(notional);
  if ((terms & 1) === 0) {
    tally.bidLots += lots;
    tally.bidNotional += value;
  } else {
    tally.askLots += lots;
    tally.askNotional += value;
  }
}

function addResting(
  resting: Map<string, { lots: bigint; orders: number }>,
  arena: Arena,
  order: Ref<"order">,
  market: number,
): void {
  const key = `${market} ${arena.int(order, ORDER.terms) & 1} ${arena.int(order, ORDER.price)}`;
  const level = resting.get(key) ?? { lots: 0n, orders: 0 };
  level.lots += exactly(arena.num(order, ORDER.lots));
  level.orders++;
  resting.set(key, level);
}

function compareReserve(
  arena: Arena,
  position: Ref<"position">,
  tally: Tally | undefined,
  report: Report,
): void {
  const where = `position slot ${position}`;
  report("B1", `${where}: orders`, tally?.orders ?? 0, arena.int(position, POSITION.orders));
  report("B1", `${where}: bid lots`, tally?.bidLots ?? 0n, exactly(arena.num(position, POSITION.bidLots)));
  report("B1", `${where}: ask lots`, tally?.askLots ?? 0n, exactly(arena.num(position, POSITION.askLots)));
  report(
    "B1",
    `${where}: bid notional`,
    tally?.bidNotional ?? 0n,
    exactly(arena.num(position, POSITION.bidNotional)),
  );
  report(
    "B1",
    `${where}: ask notional`,
    tally?.askNotional ?? 0n,
    exactly(arena.num(position, POSITION.askNotional)),
  );
}

/** Walks all ticks of a market's range, tick by tick, and strikes off what the orders led to expect. */
function auditBook(
  tier: TierShard,
  market: Market,
  resting: Map<string, { lots: bigint; orders: number }>,
  report: Report,
): void {
  const { arena } = tier;
  const { row, book } = market;
  const bestBid = arena.int(row, MARKET.bestBid);
  const bestAsk = arena.int(row, MARKET.bestAsk);
  let highestBid = 0;
  let lowestAsk = 0;
  for (let tick = 1; tick < 2 ** book.bits; tick++) {
    const head = arena.i32[book.base + tick * 4] as number;
    const occupied =
      ((arena.i32[book.base + 2 ** book.bits * 4 + (tick >> 5)] as number) >>> (tick & 31)) & 1;
    if (head === NIL && occupied === 0) continue;
    report("B1", `bitmap of market ${market.id} at ${tick}`, head === NIL ? 0 : 1, occupied);
    const side = arena.int(head as Ref<"order">, ORDER.terms) & 1;
    if (side === 0) highestBid = tick;
    else if (lowestAsk === 0) lowestAsk = tick;
    const key = `${market.id} ${side} ${tick}`;
    const expected = resting.get(key);
    resting.delete(key);
    report(
      "B1",
      `lots of market ${market.id} at ${tick}`,
      expected?.lots ?? 0n,
      exactly(arena.f64[((book.base + tick * 4) >> 1) + 1] as number),
    );
    report(
      "B1",
      `queue of market ${market.id} at ${tick}`,
      expected?.orders ?? 0,
      queueLength(arena, head, side),
    );
  }
  report("B1", `best bid of market ${market.id}`, highestBid, bestBid);
  report("B1", `best ask of market ${market.id}`, lowestAsk, bestAsk);
  if (bestBid !== 0 && bestAsk !== 0 && bestBid >= bestAsk)
    report("B1", `market ${market.id} is crossed`, bestAsk, bestBid);
}

/** Orders of one side in a queue. */
function queueLength(arena: Arena, head: number, side: number): number {
  let length = 0;
  for (let order = head as Ref<"order">; order !== NIL; order = arena.int(order, ORDER.next)) {
    if ((arena.int(order, ORDER.terms) & 1) === side) length++;
  }
  return length;
}

function notNegative(report: Report, where: string, amount: number): void {
  if (amount < 0) report("19", where, 0, amount);
}

function noAmounts(): bigint[] {
  return Array.from({ length: MAX_ASSETS + 1 }, () => 0n);
}

function exactly(value: number): bigint {
  return BigInt(value);
}
