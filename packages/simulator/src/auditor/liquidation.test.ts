import { describe, expect, test } from "vitest";
import { BUY, Desk, SELL, type Trader, answer, idOf, tale } from "./desk.ts";

const PARAMETER = {
  status: 1,
  liquidationFee: 20,
  liquidationStep: 21,
  backstopCap: 23,
  liquidationBuffer: 36,
  auctionStart: 37,
  auctionSpan: 38,
} as const;

/** A tier that liquidates up to a fifth above maintenance margin, and a market with a mark of 100 whose MM is 5 %. */
class Stage {
  readonly desk = new Desk();

  constructor() {
    this.desk.market();
    this.set("liquidationBuffer", 200_000);
  }

  set(name: keyof typeof PARAMETER, value: number, market = 1): void {
    const parameter = PARAMETER[name];
    const isOfTier = parameter >= 32;
    this.desk.must("setParameter", { tier: 1, market: isOfTier ? 0 : market, parameter, value });
  }

  /** Somebody with 100 lots bought at 100, sold by `shorts`. */
  long(cash: number, shorts: readonly (readonly [Trader, number])[], market = 1): Trader {
    const long = this.desk.trader(cash);
    for (const [short, lots] of shorts) this.desk.place(short, SELL, lots, 100, { market });
    this.desk.place(long, BUY, 100, 100, { market });
    return long;
  }

  tick(time: number): string[] {
    this.desk.time = time;
    return tale(this.desk.send("clockTick", { tier: 1 }));
  }

  appoint({ account }: Trader): void {
    this.desk.must("appointBackstop", { tier: 1, account });
  }

  get tier() {
    const [tier] = this.desk.auditor.state().tiers;
    if (tier === undefined) throw new Error("no tier");
    return tier;
  }
}

test("a tier without a buffer leaves everybody alone", () => {
  const stage = new Stage();
  stage.set("liquidationBuffer", 0);
  stage.long(1_000, [[stage.desk.trader(), 100]]);
  expect(answer(stage.desk.mark(80))).toBe("accepted 0 0");
  expect(stage.tier.distressed).toEqual([]);
});

describe("a solvent bucket", () => {
  test("closes what brings it the buffer above its margin, at the maker's price, and recovers", () => {
    const stage = new Stage();
    const { desk } = stage;
    const maker = desk.trader();
    const long = stage.long(1_000, [[maker, 100]]);
    desk.place(long, SELL, 5, 120);
    desk.place(maker, BUY, 100, 92);

    expect(tale(desk.mark(95))).toEqual([]);
    // E = 400, M = 470. 30 lots leave 329 + 66 ≤ 400; they free 141: ⌊400 · 141 / 470⌋ = 120, 4 ticks a lot.
    const fallen = desk.mark(94);
    expect(tale(fallen)).toEqual([
      "liquidationStarted 2 400 470",
      `orderRemoved 1 ${idOf(1, 2)} 2 5 13`,
      `fill 1 ${idOf(2)} 1 2 1 92 30 0 0 240 -240`,
      "positionLiquidated 1 2 30 1 0 90 0",
      "liquidationEnded 2 0 340",
    ]);
    expect(answer(fallen)).toBe("accepted 0 0");
    expect(desk.holds(long)).toEqual({ cash: 760, lots: 70, cost: 7_000 });
  });

  test("pays a penalty to the insurance fund and stays in distress until it is healthy", () => {
    const stage = new Stage();
    const { desk } = stage;
    stage.set("liquidationFee", 10_000);
    const maker = desk.trader();
    const long = stage.long(1_000, [[maker, 100]]);
    desk.place(maker, BUY, 100, 92);

    // 36: 400 − ⌈33.84⌉ ≥ 301 + ⌈60.2⌉. They free 169: 143, 3 ticks a lot. 72 lost to the mark leave 71 for 1 % of 3 312.
    const fallen = desk.mark(94);
    expect(tale(fallen).slice(1)).toEqual([
      `fill 1 ${idOf(1, 2)} 1 2 1 92 36 0 0 288 -288`,
      "positionLiquidated 1 2 36 1 0 91 34",
    ]);
    expect(answer(fallen)).toBe("accepted 0 1");
    expect(stage.tier).toMatchObject({ insurance: 34n, distressed: [2] });
    expect(desk.bucket(long)).toMatchObject({ distress: 2, distressSince: 1_000, maintenanceEquity: 294n });
    expect(desk.auditor.violations()).toEqual([]);

    expect(answer(desk.mark(99))).toBe("accepted 0 0");
    expect(desk.bucket(long).distress).toBe(0);
  });

  test("closes in steps while it is shallow", () => {
    const stage = new Stage();
    const { desk } = stage;
    stage.set("liquidationStep", 100_000);
    const maker = desk.trader();
    stage.long(1_000, [[maker, 100]]);
    desk.place(maker, BUY, 100, 92);
    const steps = [tale(desk.mark(94)), stage.tick(1_001), stage.tick(1_002)];
    const closed = steps.flat().filter((told) => told.startsWith("positionLiquidated"));
    // Each a tenth of what is left, rounded up, at its own zero price.
    expect(closed.map((told) => told.split(" ").slice(3, 4).join(" "))).toEqual(["10", "9", "9"]);
  });

  test("recovers by itself when the price comes back, and is told so even if nothing could be done", () => {
    const stage = new Stage();
    const { desk } = stage;
    const long = stage.long(1_000, [[desk.trader(), 100]]);
    stage.set("status", 2);
    expect(answer(desk.mark(94))).toBe("accepted 0 1");
    expect(desk.bucket(long).distress).toBe(1);
    expect(tale(desk.mark(100))).toEqual(["liquidationEnded 2 0 1000"]);
    expect(stage.tier.distressed).toEqual([]);
  });

  test("begins only when one of its positions may be liquidated", () => {
    const stage = new Stage();
    const { desk } = stage;
    stage.long(1_000, [[desk.trader(), 100]]);
    stage.set("status", 2);
    expect(tale(desk.mark(94))).toEqual([]);
    stage.set("status", 1);
    expect(stage.tick(1_005)).toEqual(["liquidationStarted 2 400 470"]);
    expect(desk.bucket({ account: 2, bucket: 2 }).distressSince).toBe(1_005);
  });

  test.each([
    ["with the most margin", false, 1],
    ["of those that may be liquidated", true, 2],
  ])("closes the position %s", (_, isHalted, chosen) => {
    const stage = new Stage();
    const { desk } = stage;
    const other = desk.market();
    const maker = desk.trader();
    const long = desk.trader(2_000);
    for (const market of [1, other]) {
      const lots = market === 1 ? 100 : 80;
      desk.place(maker, SELL, lots, 100, { market });
      desk.place(long, BUY, lots, 100, { market });
      desk.place(maker, BUY, 100, market === 1 ? 90 : 92, { market });
    }
    if (isHalted) stage.set("status", 2);
    desk.mark(91);
    // E = 2 000 − 900 − 560 = 540, M = 455 + 372.
    const told = tale(desk.mark(93, other)).filter((each) => each.startsWith("positionLiquidated"));
    expect(told.map((each) => Number(each.split(" ")[1]))).toEqual([chosen]);
  });
});

/** A bucket in distress whose market falls to 94 while nobody bids, and a backstop with a cap. */
function auction(cap: number, cash = 100_000): { stage: Stage; long: Trader; backstop: Trader } {
  const stage = new Stage();
  const { desk } = stage;
  const long = stage.long(1_000, [[desk.trader(), 100]]);
  const backstop = desk.trader(cash);
  stage.appoint(backstop);
  stage.set("backstopCap", cap);
  stage.set("auctionStart", 1_000);
  stage.set("auctionSpan", 500);
  desk.mark(94);
  return { stage, long, backstop };
}

describe("the backstop", () => {
  test("takes over when the auction is over, as far as its cap goes, at three quarters of the equity", () => {
    const { stage, long, backstop } = auction(60);
    expect(stage.tick(2_499)).toEqual([]);
    // ⌊(400 − 100) / 100⌋ = 3 ticks; 60 lots lose 180 and leave 220 for 188.
    expect(stage.tick(2_500)).toEqual([
      `positionLiquidated 1 2 60 2 ${backstop.bucket} 91 0`,
      "liquidationEnded 2 0 220",
    ]);
    expect(stage.desk.holds(backstop)).toEqual({ cash: 100_000, lots: 60, cost: 5_460 });
    expect(stage.desk.holds(long)).toEqual({ cash: 460, lots: 40, cost: 4_000 });
    expect(stage.desk.auditor.violations()).toEqual([]);
  });

  test("takes half of it, or half again, if its margin does not reach for more", () => {
    // 100 lots at 91 need 940 with 300 gained, 50 need 470 with 150 gained.
    expect(auction(100, 640).stage.tick(2_500)[0]).toBe("positionLiquidated 1 2 100 2 3 91 0");
    expect(auction(100, 639).stage.tick(2_500)[0]).toBe("positionLiquidated 1 2 50 2 3 91 0");
    // A single lot of 1.5 is tried last: it needs 10 with 3 gained.
    expect(auction(100, 7).stage.tick(2_500)[0]).toBe("positionLiquidated 1 2 1 2 3 91 0");
    expect(auction(100, 6).stage.tick(2_500)).toEqual([]);
  });

  test("may always take what only shrinks its position", () => {
    const stage = new Stage();
    const { desk } = stage;
    const backstop = desk.trader(1_000);
    const long = stage.long(1_000, [
      [backstop, 70],
      [desk.trader(), 30],
    ]);
    stage.appoint(backstop);
    const fallen = tale(desk.mark(94));
    // The cap is 0.
    expect(fallen[1]).toBe(`positionLiquidated 1 ${long.bucket} 70 2 1 91 0`);
    expect(desk.holds(backstop).lots).toBe(0);
  });

  test("must have a cross bucket", () => {
    const { desk } = new Stage();
    const account = desk.account(0);
    expect(answer(desk.send("appointBackstop", { tier: 2, account }))).toBe("tier_unknown 2");
    expect(answer(desk.send("appointBackstop", { tier: 1, account: 9 }))).toBe("account_unknown 9");
    expect(answer(desk.send("appointBackstop", { tier: 1, account }))).toBe("bucket_unknown 0");
    const trader = desk.trader();
    expect(answer(desk.send("appointBackstop", { tier: 1, account: trader.account }))).toBe("accepted 1");
  });
});

describe("an insolvent bucket", () => {
  test("sells at the mark, then to the backstop, and the rest is torn up pro rata", () => {
    const stage = new Stage();
    const { desk } = stage;
    const [first, second] = [desk.trader(), desk.trader()];
    const long = stage.long(2_000, [
      [first, 60],
      [second, 40],
    ]);
    const backstop = desk.trader();
    stage.appoint(backstop);
    stage.set("backstopCap", 15);
    const bidder = desk.trader();
    desk.place(bidder, BUY, 10, 90);
    desk.place(bidder, BUY, 10, 75);

    // E = 2 000 − 2 500 at the mark of 75. 20 go to the book, 10 of them above the mark; 65 are left for 60 and 40 short lots.
    // Their 1 500 and 1 000 of profit at a leverage of one weigh 15 and 10 for the 350 that are missing.
    const fallen = tale(desk.mark(75));
    expect(fallen).toEqual([
      "liquidationStarted 3 -500 375",
      `fill 1 ${idOf(2, 2)} 5 3 1 90 10 0 0 0 -100`,
      `fill 1 ${idOf(1, 2)} 5 3 1 75 10 0 0 0 -250`,
      "positionLiquidated 1 3 20 1 0 75 0",
      `positionLiquidated 1 3 15 2 ${backstop.bucket} 75 0`,
      "residualSettled 1 3 -1275 350",
      "lossAbsorbed 1 3 6 350 0",
      "profitHaircut 1 1 1 210",
      "profitHaircut 1 1 2 140",
      "positionLiquidated 1 3 65 3 0 75 0",
      "positionTornUp 1 1 -39 75",
      "positionTornUp 1 2 -26 75",
      "liquidationEnded 3 2 0",
    ]);
    expect(desk.holds(long)).toEqual({ cash: 0, lots: 0, cost: 0 });
    expect(desk.auditor.violations()).toEqual([]);
  });

  test("that is solvent after its sale has not defaulted", () => {
    const stage = new Stage();
    const { desk } = stage;
    const maker = desk.trader();
    const long = stage.long(1_000, [[maker, 100]]);
    desk.place(maker, BUY, 100, 91);
    const fallen = tale(desk.mark(89));
    expect(fallen.at(-1)).toBe(`liquidationEnded ${long.bucket} 1 100`);
    expect(stage.tier.defaults).toBe(0);
  });

  test("keeps a position that may not be liquidated, and stays in distress with it", () => {
    const stage = new Stage();
    const { desk } = stage;
    const other = desk.market();
    const short = desk.trader();
    const long = desk.trader(2_500);
    for (const market of [1, other]) {
      desk.place(short, SELL, 100, 100, { market });
      desk.place(long, BUY, 100, 100, { market });
    }
    desk.place(short, BUY, 80, 70);
    stage.set("status", 2, other);
    desk.mark(70);
    expect(desk.holds(long, 1).lots).toBe(20);
    expect(desk.holds(long, other).lots).toBe(100);
    expect(stage.tier).toMatchObject({ distressed: [long.bucket], defaults: 0 });
    stage.set("status", 0, other);
    expect(stage.tick(1_001).at(-1)).toBe(`liquidationEnded ${long.bucket} 2 0`);
  });

  test("sells its collateral to the backstop, whole or not at all", () => {
    for (const [cash, isSold] of [
      [950, true],
      [949, false],
    ] as const) {
      const stage = new Stage();
      const { desk } = stage;
      desk.must("listAsset", { scale: 10 });
      const weights = { initialWeight: 900_000, maintenanceWeight: 950_000, cap: 1_000_000 };
      desk.must("acceptCollateral", { tier: 1, asset: 2, ...weights });
      desk.send("updateCollateralPrice", { tier: 1, asset: 2, price: 1_000 });
      const long = desk.trader(100);
      desk.deposit(long.account, 10, 2);
      desk.must("allocate", { account: long.account, tier: 1, mode: 0, asset: 2, amount: 10 });
      const short = desk.trader();
      desk.place(short, SELL, 50, 100);
      desk.place(long, BUY, 50, 100);
      const backstop = desk.trader(cash);
      stage.appoint(backstop);

      const fallen = tale(desk.mark(78));
      const sold = [`collateralSold ${long.bucket} 2 10 950`, `residualSettled 1 ${long.bucket} -1050 50`];
      // 50 · 22 = 1 100 lost; 100 in cash and 950 in collateral.
      expect(fallen.filter((told) => /^(collateralSold|residualSettled)/u.test(told))).toEqual(
        isSold ? sold : [`residualSettled 1 ${long.bucket} -100 1000`],
      );
      expect(desk.bucket(backstop).holdings.get(2) ?? 0n).toBe(isSold ? 10n : 0n);
      expect(fallen.at(-1)).toBe(`liquidationEnded ${long.bucket} 2 0`);
      expect(fallen).toContain(`lossAbsorbed 1 ${long.bucket} 6 50 0`);
      expect(desk.auditor.violations()).toEqual([]);
    }
  });
});

describe("the queue", () => {
  test("serves 32 at a time, in turn", () => {
    const stage = new Stage();
    const { desk } = stage;
    const short = desk.trader(100_000_000);
    const longs = Array.from({ length: 40 }, () => stage.long(1_000, [[short, 100]]));
    expect(answer(desk.mark(94))).toBe("accepted 0 40");
    const ids = longs.map(({ bucket }) => bucket);
    expect(stage.tier.distressed).toEqual([...ids.slice(32), ...ids.slice(0, 32)]);
    const begun = longs.filter((long) => desk.bucket(long).distress === 2);
    expect(begun).toHaveLength(32);
    // The eight that waited begin, then the others have their second turn.
    expect(stage.tick(1_001).map((told) => Number(told.split(" ")[1]))).toEqual(ids.slice(32));
    expect(stage.tier.distressed).toEqual([...ids.slice(24), ...ids.slice(0, 24)]);
  });

  test("stops when the command has met 512 makers", () => {
    const stage = new Stage();
    const { desk } = stage;
    const maker = desk.trader(100_000_000);
    const first = stage.long(1_000, [[maker, 100]]);
    const second = stage.long(1_000, [[maker, 100]]);
    const many = Array.from({ length: 3 }, () => desk.trader(100_000_000));
    for (const each of many) {
      for (let count = 0; count < 180; count += 1) {
        desk.time += 1;
        desk.place(each, BUY, 1, 92, { timeInForce: 1, expiry: 100_000 });
      }
    }
    desk.time = 100_000;
    expect(answer(desk.mark(94))).toBe("accepted 0 2");
    expect(desk.bucket(first).distress).toBe(2);
    expect(desk.bucket(second).distress).toBe(1);
    expect(stage.tier.distressed).toEqual([second.bucket, first.bucket]);
  });
});
