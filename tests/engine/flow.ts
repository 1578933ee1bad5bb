/** Random traffic for properties: moves that fast-check can shrink, and a floor to make them on. */
import { CONTRACT, type Command, bucketView, tierView } from "@bulkhead/engine";
import fc from "fast-check";
import { type Desk, type Fields, type Instruction, type PlaceOrder, openDesk, usd } from "./venue.ts";

/** A command, or one that means an order by its place among those that are open. */
export type Move = Instruction | Picked;
interface Picked {
  readonly kind: "amendAny" | "cancelAny";
  readonly pick: number;
  readonly price: number;
  readonly lots: number;
}

/** Cases of a property. */
export const RUNS = Number(process.env["FUZZ_RUNS"] ?? 200);

const TRADERS = 4;

/** Whole numbers around a middle. */
function near(middle: number, reach: number): fc.Arbitrary<number> {
  return fc.noBias(fc.integer({ min: middle - reach, max: middle + reach }));
}

/**
 * Two perpetuals with fees, a rebate and margins that grow, a future that expires, and four traders who are just rich enough to get
 * into trouble; two of them have collateral, too.
 */
export function openFloor(): Desk {
  const desk = openDesk({
    takerFee: 500,
    makerFee: -100,
    scaleBase: usd(2_000),
    maxOpenInterestLots: 60,
    maxPositionLots: 50,
  });
  const bracket = { tier: 1, market: 1, bracket: 1 };
  const growing = { oiLower: usd(1_000), oiUpper: usd(9_000), band: 200_000 };
  desk.listMarket({ takerFee: 333, makerFee: 77, ...growing, maxPositionLots: 40 });
  desk.listMarket({ contract: CONTRACT.future, expiry: 1_500, maxPositionLots: 30 });
  desk.expectAccepted({ kind: "setMarginBracket", ...bracket, lower: usd(1_500), rate: 250_000 });
  for (let trader = 1; trader <= TRADERS; trader++) desk.openTrader(300 + 100 * trader);
  const asset = desk.listAsset();
  const weights = { initialWeight: 800_000, maintenanceWeight: 900_000 };
  desk.expectAccepted({ kind: "acceptCollateral", tier: 1, asset, ...weights, cap: 10_000 });
  desk.expectAccepted({ kind: "updateCollateralPrice", tier: 1, asset, price: usd(100) });
  for (let account = 1; account <= 2; account++) {
    desk.deposit(account, 5_000, asset);
    desk.expectAccepted({ kind: "allocate", account, tier: 1, mode: 0, asset, amount: 3_000 });
  }
  desk.fund(1, 200, 2);
  return desk;
}

/** Bucket 5 is the isolated one of the first account; the others are the traders' own. */
const bucket = near(3, 2);
const market = fc.constantFrom(1, 1, 1, 2, 2, 3);
const price = fc.oneof({ weight: 6, arbitrary: near(100, 3) }, { weight: 1, arbitrary: near(100, 25) });
const lots = fc.oneof({ weight: 6, arbitrary: near(6, 5) }, { weight: 1, arbitrary: near(31, 30) });

const GTC = { type: 0, timeInForce: 0, trigger: 0, expiry: 0 };
const terms = fc.oneof(
  { weight: 12, arbitrary: fc.constant(GTC) },
  { weight: 1, arbitrary: fc.constant({ ...GTC, timeInForce: 1, expiry: 1_300 }) },
  { weight: 1, arbitrary: fc.constant({ ...GTC, timeInForce: 2 }) },
  { weight: 1, arbitrary: fc.constant({ ...GTC, timeInForce: 3 }) },
  { weight: 1, arbitrary: fc.constant({ ...GTC, type: 1, timeInForce: 2 }) },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.integer({ min: 2, max: 5 }),
      timeInForce: fc.constantFrom(0, 2, 3),
      trigger: price,
      expiry: fc.constant(0),
    }),
  },
);

/** Orders: most of them make sense, some do not. */
export const anyOrder: fc.Arbitrary<PlaceOrder> = fc
  .record({
    kind: fc.constant("placeOrder" as const),
    tier: fc.constant(1),
    bucket,
    market,
    side: fc.integer({ min: 0, max: 1 }),
    price,
    lots,
    clientId: fc.constantFrom(0, 0, 0, 1, 2),
    flags: fc.constantFrom(0, 0, 0, 0, 0, 0, 1, 2),
    selfTrade: fc.integer({ min: 0, max: 3 }),
    terms,
  })
  .map(({ terms: own, ...order }) => {
    const isIsolated = order.bucket > TRADERS;
    return {
      ...order,
      ...own,
      account: isIsolated ? 1 : order.bucket,
      market: isIsolated ? 2 : order.market,
    };
  });

const picked: fc.Arbitrary<Picked> = fc.record({
  kind: fc.constantFrom("amendAny" as const, "cancelAny" as const),
  pick: fc.nat({ max: 30 }),
  price,
  lots,
});

const account = fc.integer({ min: 1, max: TRADERS });
const amount = near(40, 39).map(usd);
const inTier = { tier: fc.constant(1) };

function command<Kind extends Instruction["kind"]>(
  kind: Kind,
  fields: { [Field in keyof Fields<Kind>]: fc.Arbitrary<number> },
): fc.Arbitrary<Instruction> {
  return fc.record(fields).map((values) => ({ kind, ...values }) as unknown as Instruction);
}

/** Whatever happens on a floor. */
export const anyMove: fc.Arbitrary<Move> = fc.oneof(
  { weight: 60, arbitrary: anyOrder },
  { weight: 6, arbitrary: picked },
  { weight: 6, arbitrary: command("updateIndexPrice", { ...inTier, market, price: near(100, 4) }) },
  {
    weight: 2,
    arbitrary: command("accrueFunding", { ...inTier, market, rate: fc.integer({ min: -1e6, max: 1e6 }) }),
  },
  { weight: 1, arbitrary: command("cancelAll", { ...inTier, account, bucket, market: fc.constant(0) }) },
  { weight: 1, arbitrary: command("massCancel", { ...inTier, market }) },
  {
    weight: 2,
    arbitrary: command("updateCollateralPrice", {
      ...inTier,
      asset: fc.constant(2),
      price: near(90, 60).map(usd),
    }),
  },
  {
    weight: 1,
    arbitrary: command("deallocate", {
      ...inTier,
      account,
      mode: fc.constant(0),
      asset: fc.constant(2),
      amount: near(500, 499),
    }),
  },
  {
    weight: 1,
    arbitrary: command("allocate", {
      ...inTier,
      account,
      mode: fc.constant(0),
      asset: fc.constant(2),
      amount: near(500, 499),
    }),
  },
  {
    weight: 1,
    arbitrary: command("expireMarket", { ...inTier, market: fc.constant(3), price: near(100, 20) }),
  },
  {
    weight: 1,
    arbitrary: command("settleExpired", { ...inTier, market: fc.constant(3), bucket, count: near(2, 1) }),
  },
  { weight: 1, arbitrary: command("settleResidual", { ...inTier, bucket, market }) },
  {
    weight: 1,
    arbitrary: fc
      .integer({ min: 1_000, max: 1_600 })
      .map((time) => ({ kind: "clockTick", tier: 1, time }) as const),
  },
  {
    weight: 1,
    arbitrary: command("deallocate", {
      ...inTier,
      account,
      mode: fc.constant(0),
      asset: fc.constant(1),
      amount,
    }),
  },
  {
    weight: 1,
    arbitrary: command("allocate", {
      ...inTier,
      account,
      mode: fc.constant(0),
      asset: fc.constant(1),
      amount,
    }),
  },
  {
    weight: 1,
    arbitrary: command("setParameter", {
      ...inTier,
      market,
      parameter: fc.constant(1),
      value: fc.integer({ min: 0, max: 2 }),
    }),
  },
);

/** Makes a move, and answers with the command it came to; undefined if it meant an order and none was open. */
export function resolve(desk: Desk, move: Move): Command | undefined {
  const { venue } = desk.engine;
  const time = Math.max(desk.now, "time" in move ? (move.time ?? 0) : 0);
  desk.now = time;
  if (move.kind !== "amendAny" && move.kind !== "cancelAny") return { ...move, time } as Command;
  const buckets = Array.from({ length: tierView(venue, 1).buckets }, (_, index) =>
    bucketView(venue, 1, index + 1),
  );
  const open = buckets.flatMap(({ account: owner, orders }) =>
    orders.map((order) => ({ account: owner, order })),
  );
  const found = open[move.pick % open.length];
  if (found === undefined) return undefined;
  const named = { time, tier: 1, ...found };
  return move.kind === "amendAny"
    ? { kind: "amendOrder", ...named, price: move.price, lots: move.lots }
    : { kind: "cancelOrder", ...named, clientId: 0 };
}
