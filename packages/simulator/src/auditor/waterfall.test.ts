import { describe, expect, test } from "vitest";
import { BUY, Desk, SELL, type Trader, answer, tale } from "./desk.ts";

const MAKER_FEE = 9;
const BUFFER = 36;
const INSURANCE_DRAW = 39;
const LAYER = { firstTranche: 1, insurance: 2, secondTranche: 4, mutual: 5 } as const;

/** A long of 100 lots with 1 000 to lose once its fees are paid, and two shorts on the other side with 60 and 40 of them. */
class Fall {
  readonly desk = new Desk();
  readonly donor = this.desk.account(1_000_000);
  readonly shorts: readonly [Trader, Trader];
  readonly long: Trader;

  constructor(cash = 1_000, takerFee = 0) {
    const { desk } = this;
    desk.market({ takerFee });
    desk.must("setParameter", { tier: 1, market: 0, parameter: BUFFER, value: 100_000 });
    this.shorts = [desk.trader(), desk.trader()];
    this.long = desk.trader(cash);
    desk.place(this.shorts[0], SELL, 60, 100);
    desk.place(this.shorts[1], SELL, 40, 100);
    desk.place(this.long, BUY, 100, 100);
  }

  fund(layer: keyof typeof LAYER, amount: number): void {
    const tier = LAYER[layer] < 4 ? 1 : 0;
    this.desk.must("fundLayer", { account: this.donor, tier, layer: LAYER[layer], amount });
  }

  /** What is told of the loss when the price falls by 20 and everybody is torn up: the long is short of 1 000. */
  absorbed(): string[] {
    const told = tale(this.desk.mark(80));
    return told.slice(told.findIndex((each) => /^(balanceMoved|lossAbsorbed)/u.test(each)));
  }
}

describe("a loss of 1 000", () => {
  test("goes through the layers in order, each as far as it may", () => {
    const fall = new Fall();
    fall.fund("firstTranche", 100);
    fall.fund("insurance", 200);
    fall.fund("secondTranche", 150);
    fall.fund("mutual", 1_000);
    fall.desk.must("setParameter", { tier: 1, market: 0, parameter: INSURANCE_DRAW, value: 500_000 });
    // The shorts' profits of 1 200 and 800 weigh 12 and 8.
    expect(fall.absorbed()).toEqual([
      "lossAbsorbed 1 3 1 100 900",
      "lossAbsorbed 1 3 2 100 800",
      "balanceMoved 1 150 4 1001",
      "lossAbsorbed 1 3 4 150 650",
      "balanceMoved 1 400 5 1001",
      "lossAbsorbed 1 3 5 400 250",
      "lossAbsorbed 1 3 6 250 0",
      "profitHaircut 1 1 1 150",
      "profitHaircut 1 1 2 100",
      "positionLiquidated 1 3 100 3 0 80 0",
      "positionTornUp 1 1 -60 80",
      "positionTornUp 1 2 -40 80",
      "liquidationEnded 3 2 0",
    ]);
    const { tiers, assets } = fall.desk.auditor.state();
    expect(tiers[0]).toMatchObject({ skin: 0n, insurance: 100n, defaults: 1 });
    expect(assets[0]).toMatchObject({ skin: 0n, mutual: 600n });
    // What the layers paid is there when the shorts are torn up.
    expect(fall.desk.marketState()).toMatchObject({ pool: 0n, openInterest: 0n });
    expect(fall.desk.holds(fall.shorts[1])).toEqual({ cash: 1_000_700, lots: 0, cost: 0 });
    expect(fall.desk.auditor.violations()).toEqual([]);
  });

  test("stops at the layer that can bear it", () => {
    const fall = new Fall();
    fall.fund("insurance", 5_000);
    fall.fund("mutual", 5_000);
    const told = fall.absorbed();
    expect(told.slice(0, 2)).toEqual(["lossAbsorbed 1 3 2 1000 0", "positionLiquidated 1 3 100 3 0 80 0"]);
  });

  test("is the winners' when nobody else is there", () => {
    const fall = new Fall();
    expect(fall.absorbed().slice(0, 3)).toEqual([
      "lossAbsorbed 1 3 6 1000 0",
      "profitHaircut 1 1 1 600",
      "profitHaircut 1 1 2 400",
    ]);
    expect(fall.desk.holds(fall.shorts[0])).toEqual({ cash: 1_000_600, lots: 0, cost: 0 });
    expect(fall.desk.auditor.violations()).toEqual([]);
  });

  test("takes from those with positions before those without", () => {
    const fall = new Fall();
    const { desk, shorts } = fall;
    const setBuffer = (value: number) =>
      desk.must("setParameter", { tier: 1, market: 0, parameter: BUFFER, value });
    // Nobody is liquidated while the shorts close against another one: they wait for 1 200 and 800 that the pool has not.
    setBuffer(0);
    desk.mark(80);
    const late = desk.trader();
    desk.place(late, SELL, 100, 80);
    desk.place(shorts[0], BUY, 60, 80);
    desk.place(shorts[1], BUY, 40, 80);
    setBuffer(100_000);

    // Of the 2 000 that are missing at 70 the late one's profit bears all its 1 000, the others share 1 000.
    expect(tale(desk.mark(70)).slice(1)).toEqual([
      "residualSettled 1 3 -1000 2000",
      "lossAbsorbed 1 3 6 2000 0",
      "profitHaircut 1 1 1 600",
      "profitHaircut 1 1 2 400",
      "profitHaircut 1 1 4 1000",
      "positionLiquidated 1 3 100 3 0 70 0",
      "positionTornUp 1 4 -100 70",
      "liquidationEnded 3 2 0",
    ]);
    expect(desk.marketState().pool).toBe(1_000n);
    expect(desk.auditor.violations()).toEqual([]);
  });

  test("is shared by profit and leverage among the open ones", () => {
    const fall = new Fall();
    const { desk } = fall;
    const [third, fourth] = [desk.trader(1_000), desk.trader()];
    desk.place(third, SELL, 100, 100);
    desk.place(fourth, BUY, 100, 100);
    // 1 200, 800 and 2 000 of profit; the third one holds 8 000 on 3 000: three times, the others one. 12, 8 and 60 share.
    expect(fall.absorbed().slice(0, 8)).toEqual([
      "lossAbsorbed 1 3 6 1000 0",
      "profitHaircut 1 1 1 150",
      "profitHaircut 1 1 2 100",
      "profitHaircut 1 1 4 750",
      "positionLiquidated 1 3 100 3 0 80 0",
      "positionTornUp 1 1 -30 80",
      "positionTornUp 1 2 -20 80",
      "positionTornUp 1 4 -50 80",
    ]);
    expect(desk.auditor.violations()).toEqual([]);
  });

  test("is the house's first, as far as its fees are unpaid", () => {
    const fall = new Fall(1_200, 20_000);
    const { desk, shorts } = fall;
    desk.must("setParameter", { tier: 1, market: 1, parameter: MAKER_FEE, value: 20_000 });
    desk.place(shorts[0], BUY, 60, 80);
    desk.place(shorts[1], BUY, 40, 80);
    // 200 of the 1 200 went for fees when it bought. The first short takes all there is; his fee of 96, the other's 64 and
    // the claims of 104 and 736 find nothing in the pool.
    expect(fall.absorbed()).toEqual([
      "lossAbsorbed 1 3 6 1000 0",
      "profitHaircut 1 1 0 160",
      "profitHaircut 1 1 1 104",
      "profitHaircut 1 1 2 736",
      "liquidationEnded 3 2 0",
    ]);
    expect(desk.fees).toBe(200);
    expect(desk.marketState()).toMatchObject({ feeCost: 0n, pool: 0n });
    expect(desk.auditor.violations()).toEqual([]);
  });
});

test("what winners cannot bear is what rounding left with the funding account", () => {
  const desk = new Desk();
  desk.market();
  const other = desk.market();
  const setBuffer = (value: number) =>
    desk.must("setParameter", { tier: 1, market: 0, parameter: BUFFER, value });
  const [short, long] = [desk.trader(), desk.trader(2_000)];
  for (const market of [1, other]) {
    desk.place(short, SELL, 100, 100, { market });
    desk.place(long, BUY, 100, 100, { market });
  }
  // 100.0001 a side: the long owes 101, the short is owed 100.
  desk.must("accrueFunding", { tier: 1, market: other, rate: 10_000_015 });
  desk.mark(70);
  setBuffer(100_000);
  const told = tale(desk.mark(70, other)).filter((each) => each.startsWith("lossAbsorbed"));
  expect(told).toEqual(["lossAbsorbed 1 2 6 1000 3101", "lossAbsorbed 1 2 6 3101 0"]);
  expect(desk.holds(long, other)).toEqual({ cash: 0, lots: 0, cost: 0 });
  expect(desk.auditor.violations()).toEqual([]);
});

describe("a layer is funded", () => {
  test("from an account's balance, in the tier or at the vault", () => {
    const desk = new Desk();
    const account = desk.account(1_000);
    const fund = (tier: number, layer: number, amount: number) =>
      desk.send("fundLayer", { account, tier, layer, amount });
    const owner = 1_000_000 + account;

    const ofTier = fund(1, 2, 300);
    expect(answer(ofTier)).toBe("accepted 300");
    expect(tale(ofTier)).toEqual([
      `balanceMoved 1 300 ${owner} 1`,
      "balanceMoved 1 300 1 1001",
      `layerFunded 2 ${account} 300 300`,
    ]);
    expect(answer(fund(1, 2, 50))).toBe("accepted 350");
    expect(answer(fund(1, 1, 100))).toBe("accepted 100");
    const ofVenue = fund(0, 5, 200);
    expect(tale(ofVenue)).toEqual([`balanceMoved 1 200 ${owner} 5`, `layerFunded 5 ${account} 200 200`]);
    expect(tale(fund(0, 4, 10))[0]).toBe(`balanceMoved 1 10 ${owner} 4`);
    expect(desk.auditor.violations()).toEqual([]);
  });

  test("if there is such a layer, and the money", () => {
    const desk = new Desk();
    const account = desk.account(100);
    const fund = (fields: { tier: number; layer: number; account?: number; amount?: number }) =>
      answer(desk.send("fundLayer", { account, amount: 101, ...fields }));
    expect(fund({ tier: 0, layer: 1 })).toBe("layer_unknown 1 0");
    expect(fund({ tier: 9, layer: 4, account: 9 })).toBe("layer_unknown 4 9");
    expect(fund({ tier: 1, layer: 3 })).toBe("layer_unknown 3 1");
    expect(fund({ tier: 0, layer: 3 })).toBe("layer_unknown 3 0");
    expect(fund({ tier: 9, layer: 1, account: 9 })).toBe("tier_unknown 9");
    expect(fund({ tier: 1, layer: 1, account: 9 })).toBe("account_unknown 9");
    expect(fund({ tier: 1, layer: 1 })).toBe("balance_insufficient 100 101");
    expect(fund({ tier: 0, layer: 5 })).toBe("balance_insufficient 100 101");
  });
});
