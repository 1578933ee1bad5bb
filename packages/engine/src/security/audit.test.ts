import { describe, expect, test } from "vitest";
import { Engine, hex } from "../engine.ts";
import { type IntColumn, NIL, type NumColumn, type Ref } from "../kernel/arena.ts";
import { levelAt } from "../kernel/ladder.ts";
import { rowOf } from "../kernel/pool.ts";
import type { Ticks } from "../kernel/units.ts";
import type { Capacities } from "../domain/capacities.ts";
import type { Command } from "../domain/commands.ts";
import { holdingOf, positionOf, slotNumber } from "../domain/positions.ts";
import { ALARM, BUCKET, HOLDING, POSITION } from "../domain/rows/bucket.ts";
import { MARKET } from "../domain/rows/market.ts";
import { ORDER, TIMER } from "../domain/rows/order.ts";
import { COLLATERAL, TIER } from "../domain/rows/tier.ts";
import { ACCOUNT, ASSET, BALANCE, WITHDRAWAL } from "../domain/rows/vault.ts";
import type { Market, TierShard } from "../domain/tierShard.ts";
import type { VaultShard } from "../domain/vaultShard.ts";

const CAPACITIES: Capacities = {
  accounts: 4,
  balances: 12,
  withdrawals: 4,
  tiers: [{ markets: 3, buckets: 6, positions: 32, orders: 64, holdings: 6, ticks: 3 * 2 ** 15 }],
};

const MARKET_TERMS = {
  kind: "listMarket",
  time: 0,
  tier: 1,
  contract: 0,
  expiry: 0,
  notional: 1_000,
  rangeBits: 15,
  initialMargin: 50_000,
  maintenanceRatio: 500_000,
  scaleBase: 0,
  oiLower: 0,
  oiUpper: 0,
  band: 200_000,
  takerFee: 500,
  makerFee: 0,
  maxPositionLots: 1_000,
  maxOpenInterestLots: 10_000,
  fundingCap: 1e8,
} as const;

type PlaceOrder = Extract<Command, { readonly kind: "placeOrder" }>;

const order = (
  account: number,
  side: number,
  price: number,
  lots: number,
  more: Partial<PlaceOrder>,
): PlaceOrder => ({
  kind: "placeOrder",
  time: 0,
  account,
  tier: 1,
  bucket: account,
  market: 1,
  side,
  type: 0,
  timeInForce: 0,
  price,
  lots,
  trigger: 0,
  expiry: 0,
  clientId: 0,
  flags: 0,
  selfTrade: 0,
  ...more,
});
const buy = (account: number, price: number, lots: number, more: Partial<PlaceOrder> = {}): PlaceOrder =>
  order(account, 0, price, lots, more);
const sell = (account: number, price: number, lots: number, more: Partial<PlaceOrder> = {}): PlaceOrder =>
  order(account, 1, price, lots, more);

/**
 * A venue with something of every kind: two assets, balances, a pending withdrawal, a perpetual with positions, fees, funding
 * and a pool, a book with levels on both sides, waiting, dated and reduce-only orders, a client id, and a future settled for one
 * of two.
 */
const DAY: readonly Command[] = [
  { kind: "listAsset", time: 0, scale: 1_000_000 },
  { kind: "listAsset", time: 0, scale: 1_000_000 },
  { kind: "listTier", time: 0, minInitialMargin: 0 },
  MARKET_TERMS,
  { ...MARKET_TERMS, contract: 1, expiry: 1_000 },
  MARKET_TERMS,
  {
    kind: "acceptCollateral",
    time: 0,
    tier: 1,
    asset: 2,
    initialWeight: 900_000,
    maintenanceWeight: 950_000,
    cap: 1e12,
  },
  ...[1, 2, 3].map((market): Command => ({ kind: "updateIndexPrice", time: 0, tier: 1, market, price: 100 })),
  ...[1, 2, 3].flatMap((account): Command[] => [
    { kind: "openAccount", time: 0 },
    { kind: "confirmDeposit", time: 0, account, asset: 1, amount: 50_000_000, reference: account },
    { kind: "confirmDeposit", time: 0, account, asset: 2, amount: 50_000_000, reference: account },
    { kind: "allocate", time: 0, account, tier: 1, mode: 0, asset: 1, amount: 10_000_000 },
    { kind: "allocate", time: 0, account, tier: 1, mode: 0, asset: 2, amount: 1_000_000 },
  ]),
  { kind: "requestWithdrawal", time: 0, account: 1, asset: 1, amount: 7 },
  sell(1, 100, 20),
  buy(2, 100, 20),
  { kind: "accrueFunding", time: 0, tier: 1, market: 1, rate: 1_000_000 },
  sell(1, 90, 2, { timeInForce: 2 }),
  buy(1, 110, 5),
  sell(3, 110, 5),
  ...[95, 95, 94].map((price) => buy(2, price, 2)),
  ...[112, 113, 113].map((price) => sell(1, price, 3)),
  sell(2, 114, 4, { flags: 2 }),
  buy(2, 0, 1, { type: 3, timeInForce: 2, trigger: 110 }),
  sell(3, 0, 1, { type: 3, timeInForce: 2, trigger: 80 }),
  buy(3, 92, 1, { timeInForce: 1, expiry: 5_000, clientId: 77 }),
  buy(3, 91, 1, { timeInForce: 1, expiry: 6_000 }),
  sell(1, 100, 8, { market: 2 }),
  buy(2, 100, 8, { market: 2 }),
  { kind: "expireMarket", time: 1_000, tier: 1, market: 2, price: 103 },
  { kind: "settleExpired", time: 1_000, tier: 1, market: 2, bucket: 1, count: 1 },
];

const SNAPSHOT: Uint8Array = playDay().snapshot();

function playDay(): Engine {
  const engine = new Engine({ capacities: CAPACITIES });
  for (const command of DAY) expect(engine.submit(command).outcome).toBe("accepted");
  return engine;
}

/** Rows of the venue, by what they are. */
interface Rows {
  readonly vault: VaultShard;
  readonly tier: TierShard;
  readonly balance: Ref<"balance">;
  readonly withdrawal: Ref<"withdrawal">;
  readonly bucket: Ref<"bucket">;
  readonly holding: Ref<"holding">;
  readonly position: Ref<"position">;
  readonly market: Market;
  readonly future: Market;
}

function rowsOf(engine: Engine): Rows {
  const { vault } = engine.venue;
  const tier = engine.venue.tier(1) as TierShard;
  const bucket = rowOf(tier.arena, tier.buckets, 2);
  return {
    vault,
    tier,
    balance: vault.arena.int(rowOf(vault.arena, vault.accounts, 1), ACCOUNT.balances),
    withdrawal: rowOf(vault.arena, vault.withdrawals, 1),
    bucket,
    holding: holdingOf(tier.arena, bucket, 2),
    position: positionOf(tier.arena, bucket, 1),
    market: tier.listedMarket(1),
    future: tier.listedMarket(2),
  };
}

interface Cells {
  readonly arena: TierShard["arena"];
}

function addNum<Table extends string, Value extends number>(
  { arena }: Cells,
  row: Ref<Table>,
  column: NumColumn<Table, Value>,
  by: number,
): void {
  arena.setNum(row, column, (arena.num(row, column) + by) as Value);
}

function setNum<Table extends string, Value extends number>(
  { arena }: Cells,
  row: Ref<Table>,
  column: NumColumn<Table, Value>,
  to: number,
): void {
  arena.setNum(row, column, to as Value);
}

function addInt<Table extends string, Value extends number>(
  { arena }: Cells,
  row: Ref<Table>,
  column: IntColumn<Table, Value>,
  by: number,
): void {
  arena.setInt(row, column, (arena.int(row, column) + by) as Value);
}

function setInt<Table extends string, Value extends number>(
  { arena }: Cells,
  row: Ref<Table>,
  column: IntColumn<Table, Value>,
  to: number,
): void {
  arena.setInt(row, column, to as Value);
}

const ticks = (tick: number): Ticks => tick as Ticks;
const custody = (ASSET.custody + 1) as NumColumn<"asset">;
const HEAD = 0 as IntColumn<"level">;
const LEVEL_LOTS = 1 as NumColumn<"level">;

/** The oldest order that rests at a price of the perpetual. */
function restingAt({ tier, market }: Rows, price: number): Ref<"order"> {
  return tier.arena.int(levelAt(market.book, ticks(price)), HEAD) as Ref<"order">;
}

/** The word of the bitmap's lowest storey that has a price's bit. */
function bitmapAt({ market }: Rows, price: number): Ref<"bitmap"> {
  return ((market.book.storeys[0]?.base ?? NIL) + (price >> 5)) as Ref<"bitmap">;
}
const BITS = 0 as IntColumn<"bitmap">;

interface Corruption {
  readonly what: string;
  readonly invariant: string;
  readonly spoil: (rows: Rows) => void;
}

const corrupt = (what: string, invariant: string, spoil: Corruption["spoil"]): Corruption => ({
  what,
  invariant,
  spoil,
});

const VAULT: readonly Corruption[] = [
  corrupt("a balance's amount", "1", (r) => addNum(r.vault, r.balance, BALANCE.amount, 1)),
  corrupt("a balance below zero, with the vault's own count", "19", (r) =>
    setNum(r.vault, r.balance, BALANCE.amount, -1),
  ),
  corrupt("a balance's asset", "1", (r) => setInt(r.vault, r.balance, BALANCE.asset, 1)),
  corrupt("a balance's owner", "1", (r) => setInt(r.vault, r.balance, BALANCE.account, 2)),
  corrupt("an account's list of balances", "1", (r) =>
    setInt(r.vault, rowOf(r.vault.arena, r.vault.accounts, 1), ACCOUNT.balances, NIL),
  ),
  corrupt("a withdrawal's amount", "1", (r) => addNum(r.vault, r.withdrawal, WITHDRAWAL.amount, 1)),
  corrupt("a withdrawal's asset", "1", (r) => setInt(r.vault, r.withdrawal, WITHDRAWAL.asset, 2)),
  corrupt("a withdrawal's account", "1", (r) => setInt(r.vault, r.withdrawal, WITHDRAWAL.account, 0)),
  ...(["held", "transit", "pending", "dust"] as const).map((column) =>
    corrupt(`what the vault counts as ${column}`, "1", (r) =>
      addNum(r.vault, r.vault.asset(1), ASSET[column], 1),
    ),
  ),
  ...(["transit", "pending", "dust"] as const).map((column) =>
    corrupt(`what the vault counts as ${column}, below zero`, "19", (r) =>
      setNum(r.vault, r.vault.asset(1), ASSET[column], -1),
    ),
  ),
  corrupt("custody", "1b", (r) => addNum(r.vault, r.vault.asset(1), custody, 1)),
  corrupt("custody of collateral", "1b", (r) => addNum(r.vault, r.vault.asset(2), custody, -1)),
];

const IN_TRANSIT: Corruption = corrupt("an amount left in transit", "1", (r) => {
  addNum(r.vault, r.balance, BALANCE.amount, -5);
  addNum(r.vault, r.vault.asset(r.vault.arena.int(r.balance, BALANCE.asset)), ASSET.transit, 5);
});

const TIER_MONEY: readonly Corruption[] = [
  corrupt("a bucket's cash", "1b", (r) => addNum(r.tier, r.bucket, BUCKET.cash, 1)),
  corrupt("a bucket's cash, below zero", "19", (r) => setNum(r.tier, r.bucket, BUCKET.cash, -1)),
  corrupt("a holding's amount", "1b", (r) => addNum(r.tier, r.holding, HOLDING.amount, 1)),
  corrupt("a holding's amount, below zero", "19", (r) => setNum(r.tier, r.holding, HOLDING.amount, -1)),
  corrupt("a holding's asset", "1b", (r) => setInt(r.tier, r.holding, HOLDING.asset, 3)),
  corrupt("a bucket's list of holdings", "1b", (r) => setInt(r.tier, r.bucket, BUCKET.holdings, NIL)),
  corrupt("the collateral a tier counts", "1b", (r) =>
    addNum(r.tier, r.tier.collateral(2), COLLATERAL.held, 1),
  ),
  corrupt("a pool", "1b", (r) => addNum(r.tier, r.market.row, MARKET.pool, 1)),
  corrupt("a pool, and its costs", "3", (r) => addNum(r.tier, r.market.row, MARKET.pool, 1)),
  corrupt("a pool, below zero", "19", (r) => setNum(r.tier, r.market.row, MARKET.pool, -1)),
  corrupt("a tier's fees", "1b", (r) => addNum(r.tier, r.tier.row, TIER.fees, 1)),
  corrupt("a tier's fees, below zero", "19", (r) => setNum(r.tier, r.tier.row, TIER.fees, -1)),
];

const MARKETS: readonly Corruption[] = [
  corrupt("a position's lots", "2", (r) => addNum(r.tier, r.position, POSITION.lots, 1)),
  corrupt("a position's cost", "3", (r) => addNum(r.tier, r.position, POSITION.cost, 1)),
  corrupt("a position's market", "2", (r) => setInt(r.tier, r.position, POSITION.market, 3)),
  corrupt("a position's funding entry, so that it receives what nobody pays", "4", (r) =>
    addNum(r.tier, r.position, POSITION.fundingEntry, 1e9),
  ),
  corrupt("open interest", "2", (r) => addNum(r.tier, r.market.row, MARKET.openInterest, 1)),
  corrupt("open interest of nobody", "2", (r) => addNum(r.tier, r.tier.marketRow(3), MARKET.openInterest, 1)),
  corrupt("settled lots", "2", (r) => addNum(r.tier, r.future.row, MARKET.settledLots, 1)),
  corrupt("settled cost", "3", (r) => addNum(r.tier, r.future.row, MARKET.settledCost, 1)),
  corrupt("the house's claim to fees", "3", (r) => addNum(r.tier, r.market.row, MARKET.feeCost, -1)),
  corrupt("the house's claim to fees, turned into a debt", "4", (r) =>
    setNum(r.tier, r.market.row, MARKET.feeCost, 1),
  ),
  corrupt("funding collected", "3", (r) => addNum(r.tier, r.market.row, MARKET.fundingCost, -1)),
  corrupt("funding paid out that nobody paid in", "4", (r) =>
    setNum(r.tier, r.market.row, MARKET.fundingCost, 1e9),
  ),
  corrupt("the funding index", "4", (r) => {
    addNum(r.tier, r.position, POSITION.lots, -1_000);
    addNum(r.tier, r.market.row, MARKET.fundingIndex, 1e9);
  }),
];

const BOOK: readonly Corruption[] = [
  ...(["bidLots", "askLots", "bidNotional", "askNotional"] as const).map((column) =>
    corrupt(`a position's ${column}`, "B1", (r) =>
      addNum(r.tier, r.position, POSITION[column] as NumColumn<"position">, 1),
    ),
  ),
  corrupt("a position's count of orders", "B1", (r) => addInt(r.tier, r.position, POSITION.orders, 1)),
  corrupt("a market's count of orders", "B1", (r) => addInt(r.tier, r.market.row, MARKET.orders, 1)),
  corrupt("an order's lots", "B1", (r) => addNum(r.tier, restingAt(r, 95), ORDER.lots, 1)),
  corrupt("an order's price", "B1", (r) => addInt(r.tier, restingAt(r, 95), ORDER.price, -1)),
  corrupt("an order's side", "B1", (r) => addInt(r.tier, restingAt(r, 95), ORDER.terms, 1)),
  corrupt("an order's market", "B1", (r) => setInt(r.tier, restingAt(r, 95), ORDER.market, 3)),
  corrupt("an order's slot", "B1", (r) => addInt(r.tier, restingAt(r, 95), ORDER.slot, 1)),
  corrupt("an order reserved in another market's slot", "B1", (r) => {
    const resting = restingAt(r, 94);
    const other = positionOf(r.tier.arena, r.bucket, 2);
    setInt(r.tier, resting, ORDER.slot, slotNumber(r.tier.arena, r.bucket, other));
    for (const [position, sign] of [
      [r.position, -1],
      [other, 1],
    ] as const) {
      addInt(r.tier, position, POSITION.orders, sign);
      addNum(r.tier, position, POSITION.bidLots, 2 * sign);
      addNum(r.tier, position, POSITION.bidNotional, 2 * 94 * 1_000 * sign);
    }
  }),
  corrupt("an order's bucket", "B1", (r) =>
    setInt(r.tier, restingAt(r, 95), ORDER.bucket, rowOf(r.tier.arena, r.tier.buckets, 1)),
  ),
  corrupt("an order that says it is closed", "B1", (r) =>
    setInt(r.tier, restingAt(r, 95), ORDER.bucket, NIL),
  ),
  corrupt("a resting order that says it waits", "B1", (r) =>
    addInt(r.tier, restingAt(r, 95), ORDER.terms, 1 << 10),
  ),
  corrupt("a reduce-only order that says it is not", "B1", (r) =>
    addInt(r.tier, restingAt(r, 114), ORDER.terms, -(1 << 7)),
  ),
  corrupt("a queue that loses its second order", "B1", (r) =>
    setInt(r.tier, restingAt(r, 95), ORDER.next, NIL),
  ),
  corrupt("a level's lots", "B1", (r) => addNum(r.tier, levelAt(r.market.book, ticks(113)), LEVEL_LOTS, 1)),
  corrupt("a level without its queue", "B1", (r) =>
    setInt(r.tier, levelAt(r.market.book, ticks(94)), HEAD, NIL),
  ),
  corrupt("a level that is gone, with its bit", "B1", (r) => {
    setInt(r.tier, levelAt(r.market.book, ticks(94)), HEAD, NIL);
    addInt(r.tier, bitmapAt(r, 94), BITS, -(1 << (94 & 31)));
  }),
  corrupt("a level that the bitmap does not show", "B1", (r) =>
    addInt(r.tier, bitmapAt(r, 94), BITS, -(1 << (94 & 31))),
  ),
  corrupt("a bitmap that shows an empty level", "B1", (r) =>
    addInt(r.tier, bitmapAt(r, 93), BITS, 1 << (93 & 31)),
  ),
  corrupt("the best bid", "B1", (r) => setInt(r.tier, r.market.row, MARKET.bestBid, 94)),
  corrupt("the best ask", "B1", (r) => setInt(r.tier, r.market.row, MARKET.bestAsk, 0)),
  corrupt("a crossed book", "B1", (r) => setInt(r.tier, r.market.row, MARKET.bestBid, 112)),
];

/** What stands beside the book: lists, waiting orders, the heap, client ids, derived figures. */
const BESIDE: readonly Corruption[] = [
  corrupt("a bucket's list without its newest order", "B1", (r) => {
    const newest = r.tier.arena.int(r.bucket, BUCKET.newestOrder);
    setInt(r.tier, r.bucket, BUCKET.newestOrder, r.tier.arena.int(newest, ORDER.bucketOlder));
  }),
  corrupt("a bucket's list that bites its tail", "B1", (r) => {
    const newest = r.tier.arena.int(r.bucket, BUCKET.newestOrder);
    setInt(r.tier, newest, ORDER.bucketOlder, newest);
  }),
  corrupt("a queue that bites its tail", "B1", (r) =>
    setInt(r.tier, restingAt(r, 95), ORDER.next, restingAt(r, 95)),
  ),
  corrupt("a level's tail", "B1", (r) =>
    setInt(r.tier, levelAt(r.market.book, ticks(95)), 1 as IntColumn<"level">, restingAt(r, 95)),
  ),
  corrupt("an upper storey of the bitmap", "B1", (r) =>
    setInt(r.tier, (r.market.book.storeys[2]?.base ?? NIL) as Ref<"bitmap">, BITS, 0),
  ),
  corrupt("the lowest rising trigger", "B1", (r) =>
    setInt(r.tier, r.market.row, MARKET.lowestUpward, ticks(0)),
  ),
  corrupt("the highest falling trigger", "B1", (r) =>
    setInt(r.tier, r.market.row, MARKET.highestDownward, ticks(79)),
  ),
  corrupt("a waiting order at another trigger than its own", "B1", (r) =>
    setInt(
      r.tier,
      r.tier.arena.int(levelAt(r.market.upward, ticks(110)), HEAD) as Ref<"order">,
      ORDER.trigger,
      ticks(111),
    ),
  ),
  corrupt("an alarm that stands on no ladder", "29b", (r) =>
    setInt(r.tier, r.tier.alarmBelow(r.position), ALARM.tick, ticks(50)),
  ),
  corrupt("the highest alarm below the mark", "29b", (r) =>
    setInt(r.tier, r.market.row, MARKET.highestAlarm, ticks(50)),
  ),
  corrupt("the lowest alarm above the mark", "29b", (r) =>
    setInt(r.tier, r.market.row, MARKET.lowestAlarm, ticks(150)),
  ),
  corrupt("a heap that forgets a dated order", "B1", (r) => addInt(r.tier, r.tier.row, TIER.timers, -1)),
  corrupt("a heap out of order", "B1", (r) => setNum(r.tier, r.tier.timer(1), TIMER.expiry, 9_000)),
  corrupt("a client id under which nothing is found", "B1", (r) =>
    setNum(r.tier, restingAt(r, 92), ORDER.clientId, 78),
  ),
  corrupt("the value of a lot", "B1", (r) => addNum(r.tier, r.market.row, MARKET.lotValue, 1)),
];

describe("the full audit", () => {
  test("finds nothing in an honest venue", () => {
    const engine = Engine.restore(SNAPSHOT);
    expect(engine.audit()).toEqual([]);
    const { tier, market, future } = rowsOf(engine);
    const { arena } = tier;
    const figures = [MARKET.pool, MARKET.fundingCost, MARKET.openInterest] as const;
    expect(figures.map((column) => arena.num(market.row, column as NumColumn<"market">) !== 0)).toEqual([
      true,
      true,
      true,
    ]);
    expect(arena.num(future.row, MARKET.settledLots)).toBe(-8);
    expect(arena.num(tier.row, TIER.fees)).toBeGreaterThan(0);
  });

  test("changes nothing", () => {
    const engine = Engine.restore(SNAPSHOT);
    const before = hex(engine.stateHash());
    engine.audit();
    expect(hex(engine.stateHash())).toBe(before);
  });

  test.each([...VAULT, IN_TRANSIT, ...TIER_MONEY, ...MARKETS, ...BOOK, ...BESIDE])(
    "finds $what under number $invariant, and nothing once it is put right",
    ({ invariant, spoil }) => {
      const engine = Engine.restore(SNAPSHOT);
      const rows = rowsOf(engine);
      spoil(rows);
      expect(new Set(engine.audit().map((finding) => finding.invariant))).toContain(invariant);
      rows.vault.arena.rollback();
      rows.tier.arena.rollback();
      expect(engine.audit()).toEqual([]);
    },
  );

  test("says where, what should have been found and what was", () => {
    const engine = Engine.restore(SNAPSHOT);
    const { tier, market } = rowsOf(engine);
    const openInterest = tier.arena.num(market.row, MARKET.openInterest);
    addNum(tier, market.row, MARKET.openInterest, 3);
    expect(engine.audit()).toEqual([
      {
        invariant: "2",
        where: "market 1 of tier 1: open interest",
        expected: String(openInterest),
        found: String(openInterest + 3),
      },
    ]);
  });

  test("reports every breach, not only the first", () => {
    const engine = Engine.restore(SNAPSHOT);
    const rows = rowsOf(engine);
    addNum(rows.vault, rows.vault.asset(1), ASSET.held, 1);
    addNum(rows.tier, rows.position, POSITION.lots, 1);
    addInt(rows.tier, rows.market.row, MARKET.orders, 1);
    expect(new Set(engine.audit().map(({ invariant }) => invariant))).toEqual(new Set(["1", "2", "B1"]));
  });
});
