/** The census of buckets and the map of liquidations, against examples worked by hand and against a slow reading in BigInt, written apart. */
import {
  type Census,
  type Doomed,
  type LiquidationMap,
  PARAMETERS,
  UnknownId,
  addResiduals,
  bucketView,
  bucketsIn,
  countBuckets,
  coverTwo,
  coverTwoOf,
  mapLiquidations,
  marketView,
  openCensus,
  openLiquidationMap,
  openResiduals,
  solvencyView,
  valuationPrices,
} from "@bulkhead/engine";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Desk, PLAIN_MARKET, type Trader, openDesk, usd } from "./venue.ts";

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 25);
const EDGES = [0, 1_000_000, 1_500_000, 2_000_000, 10_000_000];
const PPM = 1_000_000n;
const TOP = 2 ** 15 - 1;

function censusOf(desk: Desk, every = 1, run = 1_000): Census {
  const { venue } = desk.engine;
  const census = openCensus(1, EDGES, every);
  for (let first = 1; first <= bucketsIn(venue, 1); first += run)
    countBuckets(venue, census, { first, last: first + run - 1 }, valuationPrices(venue));
  return census;
}

function mapOf(desk: Desk, market = 1, every = 1, run = 1_000): LiquidationMap {
  const { venue } = desk.engine;
  const map = openLiquidationMap(venue, 1, market, { bins: 10, range: 500_000, every });
  for (let first = 1; first <= bucketsIn(venue, 1); first += run)
    mapLiquidations(venue, map, { first, last: first + run - 1 });
  return map;
}

describe("the census of a tier", () => {
  test("is what hand and paper say", () => {
    const desk = openDesk();
    const [long, short, idle] = [desk.openTrader(1_000), desk.openTrader(4_000), desk.openTrader(50)];
    desk.trade(long, short, 100, 100);
    expect(idle.bucket).toBe(3);
    // 100 lots at 100 are 10,000; their maintenance margin is 5 %.
    expect(censusOf(desk)).toMatchObject({
      exposed: 2,
      below: 0,
      health: [2_000_000, 8_000_000],
      size: [usd(10_000), usd(10_000)],
      equity: usd(5_050),
      shortfall: 0,
      marginScale: 1_000_000,
    });
    desk.mark(92);
    // 200 over 460; 4,800 over 460.
    expect(censusOf(desk)).toMatchObject({
      below: 1,
      health: [434_782, 10_434_782],
      equity: usd(5_050),
      bins: [
        { buckets: 0, maintenance: 0 },
        { buckets: 1, maintenance: usd(460) },
        { buckets: 0, maintenance: 0 },
        { buckets: 0, maintenance: 0 },
        { buckets: 0, maintenance: 0 },
        { buckets: 1, maintenance: usd(460) },
      ],
    });
    desk.mark(80);
    expect(censusOf(desk)).toMatchObject({
      shortfall: usd(1_000),
      equity: usd(6_050),
      health: [-2_500_000, 15_000_000],
    });
  });

  test("tells of a sample what it is a sample of", () => {
    const desk = openDesk();
    const traders = Array.from({ length: 6 }, () => desk.openTrader(1_000));
    for (let pair = 0; pair < 6; pair += 2)
      desk.trade(traders[pair] as Trader, traders[pair + 1] as Trader, 10 + pair, 100);
    const census = censusOf(desk, 4);
    expect(census.size).toEqual([usd(1_200)]);
    expect(census.exposed).toBe(6);
  });

  test("is bounded where nothing is asked for, and nobody is far beyond", () => {
    const desk = openDesk();
    const [rich, poor] = [desk.openTrader(9_000_000), desk.openTrader(1_000)];
    desk.trade(rich, poor, 1, 100);
    expect(censusOf(desk).health).toEqual([1_000_000_000, 200_000_000]);
    expect(() => countBuckets(desk.engine.venue, openCensus(9, [], 1), { first: 1, last: 1 }, [])).toThrow(
      UnknownId,
    );
  });

  test("tells how much the deepest failure raises a margin", () => {
    const desk = openDesk();
    desk.trade(desk.openTrader(5_000), desk.openTrader(5_000), 100, 100);
    desk.set(PARAMETERS.stressMove.id, 200_000);
    // 2,000 are lost, 1,000 are charged, no layer holds anything: all three count whole, 1 + 3/4.
    expect(censusOf(desk).marginScale).toBe(1_750_000);
  });
});

describe("the map of liquidations", () => {
  test("is what hand and paper say", () => {
    const desk = openDesk();
    const [long, short] = [desk.openTrader(1_000), desk.openTrader(1_000)];
    desk.trade(long, short, 100, 100);
    const map = mapOf(desk);
    expect([map.mark, map.low, map.width, map.bins.length]).toEqual([100, 50, 10, 10]);
    // 1000 + 100·(p − 100) < 5·p: first at 94. 1000 − 100·(p − 100) < 5·p: first at 105.
    expect(map.bins[4]).toEqual({ long: usd(9_400), short: 0, positions: 1 });
    expect(map.bins[5]).toEqual({ long: 0, short: usd(10_500), positions: 1 });
    expect([map.positions, map.never, map.now.positions, map.beyond.positions]).toEqual([2, 0, 0, 0]);
    desk.mark(90);
    expect(mapOf(desk).now).toEqual({ long: usd(9_000), short: 0, positions: 1 });
  });

  test("leaves out what no price has, and finds nothing where there is no price", () => {
    const desk = openDesk({}, {});
    desk.listMarket({}, 0);
    const bare = mapOf(desk, 2);
    expect([bare.mark, bare.bins]).toEqual([0, []]);
    desk.mark(3, 2);
    const low = mapOf(desk, 2);
    expect([low.low, low.width, low.bins.length]).toEqual([1, 1, 7]);
  });
});

// ---------------------------------------------------------------------------------------------------- a slow reading in BigInt

interface Position {
  readonly market: number;
  readonly lots: bigint;
  readonly cost: bigint;
  readonly entry: bigint;
}

interface Bucket {
  readonly cash: bigint;
  readonly positions: readonly Position[];
}

interface Market {
  readonly mark: bigint;
  readonly initialMargin: bigint;
  readonly scaleBase: bigint;
  readonly index: bigint;
}

const ceil = (a: bigint, b: bigint): bigint => -(-a / b) + (a > 0n && a % b !== 0n ? 1n : 0n);
const floor = (a: bigint, b: bigint): bigint => a / b - (a < 0n && a % b !== 0n ? 1n : 0n);
const size = (a: bigint): bigint => (a < 0n ? -a : a);

function rootUp(value: bigint): bigint {
  let root = BigInt(Math.floor(Math.sqrt(Number(value))));
  while (root * root < value) root++;
  while (root > 0n && (root - 1n) * (root - 1n) >= value) root--;
  return root;
}

/** Docs/spec/risk.md, for markets without brackets: the share of initial margin grows with the root of size beyond the scale base. */
function maintenance({ initialMargin, scaleBase }: Market, notional: bigint): bigint {
  const half = (margin: bigint): bigint => ceil(margin * 500_000n, PPM);
  if (scaleBase === 0n || notional <= scaleBase) return half(ceil(notional * initialMargin, PPM));
  const root = rootUp(ceil(notional * 10n ** 12n, scaleBase));
  const scaled = ceil(initialMargin * 1_000n * root, PPM);
  return half(ceil(notional * (scaled > 10n ** 9n ? 10n ** 9n : scaled), 10n ** 9n));
}

function stand(
  bucket: Bucket,
  markets: readonly Market[],
): { equity: bigint; margin: bigint; notional: bigint } {
  let [equity, margin, notional] = [bucket.cash, 0n, 0n];
  for (const { market: id, lots, cost, entry } of bucket.positions) {
    const market = markets[id - 1] as Market;
    const value = lots * market.mark * PPM;
    equity += value - cost - ceil(lots * (market.index - entry), PPM);
    margin += maintenance(market, size(value));
    notional += size(value);
  }
  return { equity, margin, notional };
}

function nearestUnhealthy(bucket: Bucket, markets: readonly Market[], id: number): number {
  const { mark } = markets[id - 1] as Market;
  const isUnhealthyAt = (price: number): boolean => {
    if (price < 1 || price > TOP) return false;
    const moved = markets.map((each, index) => (index === id - 1 ? { ...each, mark: BigInt(price) } : each));
    const { equity, margin } = stand(bucket, moved);
    return equity < margin;
  };
  for (let distance = 0; distance <= TOP; distance++) {
    if (isUnhealthyAt(Number(mark) - distance)) return Number(mark) - distance;
    if (isUnhealthyAt(Number(mark) + distance)) return Number(mark) + distance;
  }
  return 0;
}

function readVenue(desk: Desk): { buckets: Bucket[]; markets: Market[] } {
  const { venue } = desk.engine;
  const markets = [1, 2].map((id): Market => {
    const { mark, fundingIndex } = marketView(venue, 1, id);
    const scaleBase = id === 2 ? BigInt(usd(2_000)) : 0n;
    return { mark: BigInt(mark), initialMargin: 100_000n, scaleBase, index: BigInt(fundingIndex) };
  });
  const buckets = Array.from({ length: bucketsIn(venue, 1) }, (_, index): Bucket => {
    const { cash, positions } = bucketView(venue, 1, index + 1);
    const held = positions.map(({ market, lots, cost, fundingEntry }) => ({
      market,
      lots: BigInt(lots),
      cost: BigInt(cost),
      entry: BigInt(fundingEntry),
    }));
    return { cash: BigInt(cash), positions: held };
  });
  return { buckets, markets };
}

const bare = (): Doomed => ({ long: 0, short: 0, positions: 0 }) as Doomed;
const sum = (values: readonly bigint[]): number => Number(values.reduce((total, each) => total + each, 0n));

interface Step {
  readonly buyer: number;
  readonly seller: number;
  readonly market: number;
  readonly lots: number;
  readonly mark: number;
  readonly rate: number;
}

const TRADERS = 5;
const stepOf = fc.record({
  buyer: fc.nat(TRADERS - 1),
  seller: fc.nat(TRADERS - 1),
  market: fc.constantFrom(1, 2),
  lots: fc.integer({ min: 1, max: 60 }),
  mark: fc.integer({ min: 70, max: 140 }),
  rate: fc.integer({ min: -500_000, max: 500_000 }),
});

/** Two markets, five traders, whatever of the steps the venue takes. */
function play(steps: readonly Step[], cash: readonly number[]): Desk {
  const desk = openDesk();
  desk.listMarket({ scaleBase: usd(2_000) });
  desk.set(PARAMETERS.stressMove.id, 150_000, 1);
  const traders = cash.map((dollars) => desk.openTrader(dollars));
  for (const { buyer, seller, market, lots, mark, rate } of steps) {
    const [long, short] = [traders[buyer] as Trader, traders[seller] as Trader];
    const price = marketView(desk.engine.venue, 1, market).mark;
    desk.send(desk.sell(short, lots, price, { market }));
    desk.send(desk.buy(long, lots, price, { market }));
    desk.send({ kind: "updateIndexPrice", tier: 1, market, price: mark });
    desk.now += 1_000;
    desk.send({ kind: "accrueFunding", tier: 1, market, rate });
  }
  return desk;
}

const bounded = (value: bigint): number =>
  Number(value > 10n ** 9n ? 10n ** 9n : value < -(10n ** 9n) ? -(10n ** 9n) : value);

describe("against a slow reading in BigInt", () => {
  test("the census says the same, however it is cut", () => {
    fc.assert(
      fc.property(
        fc.array(stepOf, { minLength: 1, maxLength: 20 }),
        fc.array(fc.integer({ min: 200, max: 3_000 }), { minLength: TRADERS, maxLength: TRADERS }),
        fc.integer({ min: 1, max: 6 }),
        (steps, cash, run) => {
          const desk = play(steps, cash);
          const { buckets, markets } = readVenue(desk);
          const all = buckets.map((bucket) => stand(bucket, markets));
          const exposed = all.filter((_, index) =>
            (buckets[index] as Bucket).positions.some(({ lots }) => lots !== 0n),
          );
          const census = censusOf(desk, 1, run);
          const health = exposed.map(({ equity, margin }) => bounded(floor(equity * PPM, margin)));
          expect(census.health).toEqual(health);
          expect(census.size).toEqual(exposed.map(({ notional }) => Number(notional)));
          expect(census.below).toBe(exposed.filter(({ equity, margin }) => equity < margin).length);
          expect(census.equity).toBe(sum(all.map(({ equity }) => (equity > 0n ? equity : 0n))));
          expect(census.shortfall).toBe(sum(all.map(({ equity }) => (equity < 0n ? -equity : 0n))));
          const bins = [...EDGES, Infinity].map((until, index) => {
            const from = index === 0 ? -Infinity : (EDGES[index - 1] as number);
            const within = exposed.filter(
              (_, at) => (health[at] as number) >= from && (health[at] as number) < until,
            );
            return { buckets: within.length, maintenance: sum(within.map(({ margin }) => margin)) };
          });
          expect(census.bins).toEqual(bins);
          const { held, owed, books } = solvencyView(desk.engine.venue, [census]);
          const [quote] = books;
          expect(quote?.owed).toBe(quote?.held);
          expect([held, owed]).toEqual([quote?.held, (quote?.free ?? 0) + census.equity]);
        },
      ),
      { numRuns: RUNS * 4 },
    );
  });

  test("the map says the same, however it is cut", () => {
    fc.assert(
      fc.property(
        fc.array(stepOf, { minLength: 1, maxLength: 12 }),
        fc.array(fc.integer({ min: 200, max: 3_000 }), { minLength: TRADERS, maxLength: TRADERS }),
        fc.constantFrom(1, 2),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 3 }),
        (steps, cash, market, run, every) => {
          const desk = play(steps, cash);
          const { buckets, markets } = readVenue(desk);
          const map = mapOf(desk, market, every, run);
          const expected = { bins: map.bins.map(bare), now: bare(), beyond: bare(), never: 0, positions: 0 };
          const { mark } = markets[market - 1] as Market;
          buckets.forEach((bucket, index) => {
            const lots = bucket.positions.find((each) => each.market === market)?.lots ?? 0n;
            if (lots === 0n || (index + 1) % every !== 0) return;
            expected.positions++;
            const price = nearestUnhealthy(bucket, markets, market);
            if (price === 0) {
              expected.never++;
              return;
            }
            const bin = expected.bins.find(
              (_, at) => price >= map.low + at * map.width && price < map.low + (at + 1) * map.width,
            );
            const place = BigInt(price) === mark ? expected.now : (bin ?? expected.beyond);
            const side = lots > 0n ? "long" : "short";
            place[side] = (place[side] + Number(size(lots)) * price * usd(1)) as Doomed["long"];
            place.positions++;
          });
          const { bins, now, beyond, never, positions } = map;
          expect({ bins, now, beyond, never, positions }).toEqual(expected);
        },
      ),
      { numRuns: RUNS },
    );
  });

  test("cover-2 in parts is cover-2 at once", () => {
    fc.assert(
      fc.property(
        fc.array(stepOf, { minLength: 1, maxLength: 20 }),
        fc.array(fc.integer({ min: 200, max: 3_000 }), { minLength: TRADERS, maxLength: TRADERS }),
        fc.integer({ min: 1, max: 4 }),
        (steps, cash, run) => {
          const { venue } = play(steps, cash).engine;
          const residuals = openResiduals(400_000);
          for (let first = 1; first <= bucketsIn(venue, 1); first += run)
            addResiduals(venue, residuals, 1, { first, last: first + run - 1 });
          expect(coverTwoOf(venue, residuals)).toEqual(coverTwo(venue, 0, 400_000));
          const all = [...residuals.risen.keys()].map((account) => ({
            account,
            residual: Math.max(residuals.risen.get(account) ?? 0, residuals.fallen.get(account) ?? 0),
          }));
          all.sort((a, b) => b.residual - a.residual || a.account - b.account);
          expect(residuals.largest).toEqual(all.slice(0, 2));
        },
      ),
      { numRuns: RUNS * 4 },
    );
  });
});

test("a plain market charges what the reference assumes", () => {
  expect([PLAIN_MARKET.initialMargin, PLAIN_MARKET.maintenanceRatio, PLAIN_MARKET.notional]).toEqual([
    100_000,
    500_000,
    usd(1),
  ]);
});
