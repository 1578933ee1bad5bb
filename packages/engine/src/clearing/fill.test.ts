import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import type { Ref } from "../kernel/arena.ts";
import { takeRow } from "../kernel/pool.ts";
import type { Lots, MicroUsd, MicroUsdPerTickLot, Ppm, Ticks } from "../kernel/units.ts";
import { FillSide } from "../domain/fillSide.ts";
import { openPosition } from "../domain/positions.ts";
import { BUCKET, POSITION } from "../domain/rows/bucket.ts";
import { MARKET } from "../domain/rows/market.ts";
import { TIER } from "../domain/rows/tier.ts";
import { type Market, TierShard } from "../domain/tierShard.ts";
import { bookSide, chargeFees, collectFees, openInterestChange, payIn, payOut } from "./fill.ts";

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 200);
const NOTIONAL = 10;

const tier = new TierShard(1, {
  markets: 1,
  buckets: 4,
  positions: 16,
  orders: 1,
  holdings: 1,
  ticks: 2 ** 15,
});
const { arena } = tier;
const market: Market = marketOfNotional();

function marketOfNotional(): Market {
  arena.setInt(tier.marketRow(1), MARKET.rangeBits, 15);
  arena.setNum(tier.marketRow(1), MARKET.notional, NOTIONAL as MicroUsdPerTickLot);
  const listed = tier.listedMarket(1);
  arena.commit();
  return listed;
}

interface Trader {
  readonly bucket: Ref<"bucket">;
  readonly position: Ref<"position">;
}

/** Somebody with cash and a position. */
function trader(cash: number, lots = 0, cost = 0): Trader {
  const bucket = takeRow(arena, tier.buckets);
  const position = openPosition(tier, bucket, market);
  arena.setNum(bucket, BUCKET.cash, cash as MicroUsd);
  arena.setNum(position, POSITION.lots, lots as Lots);
  arena.setNum(position, POSITION.cost, cost as MicroUsd);
  return { bucket, position };
}

beforeEach(() => arena.rollback());

const cashOf = ({ bucket }: Trader): number => arena.num(bucket, BUCKET.cash);
const positionOf = ({ position }: Trader): readonly [lots: number, cost: number] => [
  arena.num(position, POSITION.lots),
  arena.num(position, POSITION.cost),
];
const pool = (): number => arena.num(market.row, MARKET.pool);
const feeCost = (): number => arena.num(market.row, MARKET.feeCost);
const fees = (): number => arena.num(tier.row, TIER.fees);
const setPool = (amount: number): void => arena.setNum(market.row, MARKET.pool, amount as MicroUsd);

/** Books a side and says what it came to. */
function book(side: Trader, lots: number, price: number, feeRate = 0): FillSide {
  const result = new FillSide();
  bookSide(arena, market, side.position, lots as Lots, price as Ticks, feeRate as Ppm, result);
  return result;
}

/** One fill between two traders, in the order of docs/spec/clearing.md. */
function fill(maker: Trader, taker: Trader, bought: number, price: number, makerFee = 0, takerFee = 0): void {
  const makerSide = book(maker, -bought, price, makerFee);
  const takerSide = book(taker, bought, price, takerFee);
  chargeFees(arena, market, (makerSide.fee + takerSide.fee) as MicroUsd);
  const nets = [
    [maker, makerSide.realised - makerSide.fee],
    [taker, takerSide.realised - takerSide.fee],
  ] as const;
  for (const [{ bucket, position }, net] of nets) payIn(arena, market, bucket, position, net as MicroUsd);
  for (const [{ bucket, position }, net] of nets) payOut(arena, market, bucket, position, net as MicroUsd);
  collectFees(tier, market);
}

describe("a side of a fill", () => {
  test.each([
    { why: "opening a long realises nothing", held: [0, 0], trade: [4, 100], after: [4, 4_000], realised: 0 },
    {
      why: "opening a short realises nothing",
      held: [0, 0],
      trade: [-4, 100],
      after: [-4, -4_000],
      realised: 0,
    },
    { why: "adding realises nothing", held: [4, 4_000], trade: [4, 200], after: [8, 12_000], realised: 0 },
    {
      why: "closing half of a long realises half of its cost",
      held: [4, 4_000],
      trade: [-2, 150],
      after: [2, 1_000],
      realised: 1_000,
    },
    {
      why: "closing all of a short realises all of its cost",
      held: [-4, -4_000],
      trade: [4, 80],
      after: [0, -800],
      realised: 800,
    },
    {
      why: "a flip realises what it closes, at the cost of what it held",
      held: [4, 4_000],
      trade: [-10, 150],
      after: [-6, -11_000],
      realised: 2_000,
    },
    {
      why: "the released cost of a long is cut towards zero",
      held: [3, 1_000],
      trade: [-1, 40],
      after: [2, 600],
      realised: 67,
    },
    {
      why: "the released cost of a short is cut towards zero",
      held: [-3, -1_000],
      trade: [1, 40],
      after: [-2, -600],
      realised: -67,
    },
    {
      why: "a flat position with a debt realises nothing",
      held: [0, 500],
      trade: [1, 40],
      after: [1, 900],
      realised: 0,
    },
  ] as const)("$why", ({ held, trade, after, realised }) => {
    const side = trader(0, held[0], held[1]);
    expect(book(side, trade[0], trade[1])).toMatchObject({ realised, fee: 0 });
    expect(positionOf(side)).toEqual(after);
  });

  test.each([
    { why: "a fee rounds up", rate: 500, fee: 1 },
    { why: "a fee that is whole stays", rate: 2_500, fee: 3 },
    { why: "a rebate rounds towards nothing", rate: -1_000, fee: -1 },
    { why: "a rebate below a unit is none", rate: -500, fee: 0 },
    { why: "no fee", rate: 0, fee: 0 },
  ])("$why, and enters the cost", ({ rate, fee }) => {
    const side = trader(0);
    expect(book(side, 1, 120, rate).fee).toBe(fee);
    expect(positionOf(side)).toEqual([1, 1_200 + fee]);
  });
});

describe("a fill", () => {
  test("a partial close pays the winner from what the loser has paid in", () => {
    const long = trader(1_000, 4, 4_000);
    const short = trader(1_000, -4, -4_000);
    fill(long, short, 2, 150);
    expect([positionOf(long), positionOf(short)]).toEqual([
      [2, 2_000],
      [-2, -2_000],
    ]);
    expect([cashOf(long), cashOf(short), pool()]).toEqual([2_000, 0, 0]);
  });

  test("a flip closes the old side and opens the new one at the price of the trade", () => {
    const long = trader(0, 4, 4_000);
    const buyer = trader(10_000);
    setPool(5_000);
    fill(long, buyer, 10, 150);
    expect(positionOf(long)).toEqual([-6, -9_000]);
    expect(positionOf(buyer)).toEqual([10, 15_000]);
    expect([cashOf(long), cashOf(buyer), pool()]).toEqual([2_000, 10_000, 3_000]);
  });

  test("a loser without cash leaves the winner a claim: nobody is paid with money that is not there", () => {
    const long = trader(0, 4, 4_000);
    const short = trader(300, -4, -4_000);
    fill(long, short, 4, 150);
    expect([cashOf(long), cashOf(short), pool()]).toEqual([300, 0, 0]);
    expect(positionOf(long)).toEqual([0, -1_700]);
    expect(positionOf(short)).toEqual([0, 1_700]);
  });

  test("both sides lose: both pay in, and the pool keeps it", () => {
    const long = trader(5_000, 4, 8_000);
    const short = trader(5_000, -4, -2_000);
    fill(long, short, 4, 100);
    expect([cashOf(long), cashOf(short), pool()]).toEqual([1_000, 3_000, 6_000]);
    expect([positionOf(long), positionOf(short)]).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });

  test("both sides win from a short pool: the maker first", () => {
    const long = trader(0, 4, 2_000);
    const short = trader(0, -4, -8_000);
    setPool(2_500);
    fill(long, short, 4, 100);
    expect([cashOf(long), cashOf(short), pool()]).toEqual([2_000, 500, 0]);
    expect(positionOf(short)).toEqual([0, -3_500]);
  });

  test("the taker's fee pays the maker's rebate, the house takes the rest last", () => {
    const maker = trader(1_000);
    const taker = trader(1_000);
    fill(maker, taker, 10, 100, -100, 500);
    expect([cashOf(maker), cashOf(taker), pool()]).toEqual([1_001, 995, 0]);
    expect([fees(), feeCost()]).toEqual([4, 0]);
    expect([positionOf(maker), positionOf(taker)]).toEqual([
      [-10, -10_000],
      [10, 10_000],
    ]);
  });

  test("fees that nobody has paid yet are the house's claim, and never the winners' money", () => {
    const maker = trader(0);
    const taker = trader(3);
    fill(maker, taker, 10, 100, -100, 500);
    expect([cashOf(maker), cashOf(taker), pool()]).toEqual([1, 0, 0]);
    expect([fees(), feeCost()]).toEqual([2, -2]);
    expect(positionOf(taker)).toEqual([10, 10_002]);
  });

  test("a claim of the house is taken from the pool when there is something in it", () => {
    arena.setNum(market.row, MARKET.feeCost, -50 as MicroUsd);
    setPool(20);
    collectFees(tier, market);
    expect([pool(), fees(), feeCost()]).toEqual([0, 20, -30]);
    collectFees(tier, market);
    expect([pool(), fees(), feeCost()]).toEqual([0, 20, -30]);
    setPool(100);
    collectFees(tier, market);
    expect([pool(), fees(), feeCost()]).toEqual([70, 50, 0]);
    collectFees(tier, market);
    expect([pool(), fees(), feeCost()]).toEqual([70, 50, 0]);
  });

  test("a debt of the house is not collected", () => {
    arena.setNum(market.row, MARKET.feeCost, 50 as MicroUsd);
    setPool(100);
    collectFees(tier, market);
    expect([pool(), fees(), feeCost()]).toEqual([100, 0, 50]);
  });

  test("through any fills lots and costs sum to zero with the pool, money is conserved and never negative", () => {
    const trade = fc.record({
      maker: fc.nat(3),
      by: fc.integer({ min: 1, max: 3 }),
      lots: fc.integer({ min: -50, max: 50 }).filter((lots) => lots !== 0),
      price: fc.integer({ min: 1, max: 2 ** 15 - 1 }),
      makerFee: fc.integer({ min: -300, max: 500 }),
      takerFee: fc.integer({ min: 300, max: 1_000 }),
    });
    const cash = fc.array(fc.nat(2_000_000), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(cash, fc.array(trade, { maxLength: 30 }), (amounts, trades) => {
        arena.rollback();
        const traders = amounts.map((amount) => trader(amount));
        const money = amounts.reduce((sum, amount) => sum + amount, 0);
        for (const { maker, by, lots, price, makerFee, takerFee } of trades) {
          const [one, other] = [traders[maker], traders[(maker + by) % 4]] as [Trader, Trader];
          fill(one, other, lots, price, makerFee, takerFee);
          const positions = traders.map(positionOf);
          expect(positions.reduce((sum, [held]) => sum + held, 0)).toBe(0);
          expect(positions.reduce((sum, [, cost]) => sum + cost, feeCost() + pool())).toBe(0);
          expect(traders.reduce((sum, owner) => sum + cashOf(owner), pool() + fees())).toBe(money);
          expect(Math.min(pool(), fees(), -feeCost(), ...traders.map(cashOf))).toBeGreaterThanOrEqual(0);
        }
      }),
      { numRuns: RUNS },
    );
  });
});

describe("open interest", () => {
  test.each([
    { before: 0, after: 5, change: 5 },
    { before: 5, after: 2, change: -3 },
    { before: 5, after: -3, change: -5 },
    { before: -3, after: 5, change: 5 },
    { before: -3, after: -9, change: 0 },
    { before: 0, after: -1, change: 0 },
  ])("from $before to $after lots it changes by $change", ({ before, after, change }) => {
    expect(openInterestChange(before as Lots, after as Lots)).toBe(change);
  });
});
