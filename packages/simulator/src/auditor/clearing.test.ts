import { describe, expect, test } from "vitest";
import { BUY, Desk, SELL, answer, idOf, tale } from "./desk.ts";

describe("a fill", () => {
  test("that closes a part realises its share of the cost", () => {
    const desk = new Desk();
    desk.market();
    const [long, short] = [desk.trader(1_000), desk.trader(1_000)];
    desk.place(short, SELL, 3, 100);
    desk.place(long, BUY, 3, 100);
    desk.place(short, BUY, 2, 110);
    const sold = desk.place(long, SELL, 2, 110);

    expect(tale(sold)).toEqual([`fill 1 ${idOf(1, 2)} 2 1 1 110 2 0 0 -20 20`]);
    expect(desk.holds(long)).toEqual({ cash: 1_020, lots: 1, cost: 100 });
    expect(desk.holds(short)).toEqual({ cash: 980, lots: -1, cost: -100 });
    expect(desk.marketState()).toMatchObject({ pool: 0n, openInterest: 1n });
  });

  test("releases cost towards zero on both sides", () => {
    const desk = new Desk();
    desk.market();
    const [long, short] = [desk.trader(1_000), desk.trader(1_000)];
    desk.place(short, SELL, 2, 100);
    desk.place(short, SELL, 1, 101);
    desk.place(long, BUY, 3, 101);
    expect(desk.holds(long).cost).toBe(301);
    desk.place(short, BUY, 1, 100);
    desk.place(long, SELL, 1, 100);
    expect(desk.holds(long)).toEqual({ cash: 1_000, lots: 2, cost: 201 });
    expect(desk.holds(short)).toEqual({ cash: 1_000, lots: -2, cost: -201 });
  });

  test("that flips realises what it closed", () => {
    const desk = new Desk();
    desk.market();
    const [long, short] = [desk.trader(1_000), desk.trader(1_000)];
    desk.place(short, SELL, 2, 100);
    desk.place(long, BUY, 2, 100);
    desk.place(short, BUY, 5, 104);
    expect(tale(desk.place(long, SELL, 5, 104))).toEqual([`fill 1 ${idOf(1, 2)} 2 1 1 104 5 0 0 -8 8`]);
    expect(desk.holds(long)).toEqual({ cash: 1_008, lots: -3, cost: -312 });
    expect(desk.holds(short)).toEqual({ cash: 992, lots: 3, cost: 312 });
  });

  test("charges the taker rounded up, pays the maker's rebate rounded down, and the house the rest", () => {
    const desk = new Desk();
    desk.market({ takerFee: 1_000, makerFee: -300 });
    const [maker, taker] = [desk.trader(10_000), desk.trader(10_000)];
    desk.mark(1_001);
    desk.place(maker, SELL, 10, 1_001);
    // 10 010 of notional: 10.01 → 11 to pay, 3.003 → 3 to receive.
    expect(tale(desk.place(taker, BUY, 10, 1_001))).toEqual([`fill 1 ${idOf(1)} 1 2 0 1001 10 -3 11 0 0`]);
    expect(desk.holds(taker)).toEqual({ cash: 9_989, lots: 10, cost: 10_010 });
    expect(desk.holds(maker)).toEqual({ cash: 10_003, lots: -10, cost: -10_010 });
    expect(desk.fees).toBe(8);
    expect(desk.marketState()).toMatchObject({ pool: 0n, feeCost: 0n });
    expect(desk.auditor.violations()).toEqual([]);
  });
});

describe("winners", () => {
  test("are paid what losers really had, and the rest when the debt is paid", () => {
    const desk = new Desk();
    desk.market();
    const [loser, winner, third] = [desk.trader(200), desk.trader(1_000), desk.trader(10_000)];
    desk.place(winner, SELL, 10, 100);
    desk.place(loser, BUY, 10, 100);
    desk.mark(50);

    // The loser owes 500 and has 200: a debt of 300 stays.
    desk.place(loser, SELL, 10, 50, { flags: 2 });
    expect(tale(desk.place(third, BUY, 10, 50))).toEqual([`fill 1 ${idOf(1, 2)} 1 3 0 50 10 0 0 -500 0`]);
    expect(desk.holds(loser)).toEqual({ cash: 0, lots: 0, cost: 300 });
    expect(desk.marketState().pool).toBe(200n);

    // The winner is owed 500 and finds 200: a claim of 300 stays.
    desk.place(third, SELL, 10, 50);
    desk.place(winner, BUY, 10, 50);
    expect(desk.holds(winner)).toEqual({ cash: 1_200, lots: 0, cost: -300 });
    expect(desk.marketState()).toMatchObject({ pool: 0n, openInterest: 0n });

    const settle = (bucket: number) => desk.send("settleResidual", { tier: 1, bucket, market: 1 });
    expect(answer(settle(winner.bucket))).toBe("accepted 0 -300");
    desk.deposit(loser.account, 250);
    desk.must("allocate", { account: loser.account, tier: 1, mode: 0, asset: 1, amount: 250 });
    const paid = settle(loser.bucket);
    expect(answer(paid)).toBe("accepted -250 50");
    expect(tale(paid)).toEqual(["residualSettled 1 1 -250 50"]);
    expect(answer(settle(winner.bucket))).toBe("accepted 250 -50");
    expect(answer(settle(third.bucket))).toBe("position_absent 1");
    expect(desk.holds(winner)).toEqual({ cash: 1_450, lots: 0, cost: -50 });
    expect(desk.auditor.violations()).toEqual([]);
  });

  test("must be flat to settle what remains", () => {
    const desk = new Desk();
    desk.market();
    const [long, short] = [desk.trader(1_000), desk.trader(1_000)];
    desk.place(short, SELL, 4, 100);
    desk.place(long, BUY, 4, 100);
    expect(answer(desk.send("settleResidual", { tier: 1, bucket: short.bucket, market: 1 }))).toBe(
      "position_not_flat -4",
    );
  });
});

describe("funding", () => {
  test("is rounded against both sides and settled by the next fill", () => {
    const desk = new Desk();
    desk.market();
    const [long, short] = [desk.trader(1_000), desk.trader(1_000)];
    desk.place(short, SELL, 3, 100);
    desk.place(long, BUY, 3, 100);
    const accrue = (rate: number) => answer(desk.send("accrueFunding", { tier: 1, market: 1, rate }));

    // 100 · 10 000 015 / 1000 = 1 000 001.5 → 1 000 001 pico-USD per lot.
    expect(accrue(10_000_015)).toBe("accepted 1000001");
    desk.place(short, BUY, 3, 100);
    const sold = desk.place(long, SELL, 3, 100);
    expect(tale(sold)).toEqual([
      "fundingSettled 1 2 -3 1000001",
      "fundingSettled 1 1 4 1000001",
      `fill 1 ${idOf(1, 2)} 2 1 1 100 3 0 0 3 -4`,
    ]);
    expect(desk.holds(long).cash).toBe(996);
    expect(desk.holds(short).cash).toBe(1_003);
    expect(desk.marketState()).toMatchObject({ fundingCost: -1n, pool: 1n });
    // Negative rates round down as well.
    expect(accrue(-20_000_035)).toBe("accepted -1000003");
    expect(desk.auditor.violations()).toEqual([]);
  });

  test("has a cap, an end, and is not due everywhere", () => {
    const desk = new Desk();
    desk.must("listMarket", {
      tier: 1,
      contract: 0,
      expiry: 0,
      notional: 1,
      rangeBits: 15,
      initialMargin: 1_000_000,
      maintenanceRatio: 1,
      scaleBase: 0,
      oiLower: 0,
      oiUpper: 0,
      band: 1,
      takerFee: 0,
      makerFee: 0,
      maxPositionLots: 1,
      maxOpenInterestLots: 1,
      fundingCap: 1_000,
    });
    desk.market({ contract: 1, expiry: 9_000 });
    const accrue = (market: number, rate: number) =>
      answer(desk.send("accrueFunding", { tier: 1, market, rate }));
    expect(accrue(1, 1)).toBe("price_absent 1");
    desk.mark(100);
    expect(accrue(1, -1_001)).toBe("funding_above_cap -1001 1000");
    expect(accrue(2, 1)).toBe("funding_not_due 2");
    desk.must("setParameter", { tier: 1, market: 1, parameter: 13, value: 100_000_000 });
    desk.mark(32_767);
    for (let count = 0; count < 10; count += 1) expect(accrue(1, 100_000_000)).toMatch(/^accepted/u);
    // One lot is worth at most 32 768 micro-USD: 32 768 000 000 in 1e-12 USD.
    expect(accrue(1, 100_000_000)).toBe("funding_index_exhausted 32767000000 32768000000");
  });
});

describe("expiry", () => {
  test("fixes a final price; buckets are settled in order against the settlement account", () => {
    const desk = new Desk();
    desk.market({ contract: 1, expiry: 5_000 });
    const [long, short, idle] = [desk.trader(1_000), desk.trader(1_000), desk.trader(1_000)];
    desk.place(short, SELL, 10, 100);
    desk.place(long, BUY, 10, 100);
    desk.place(long, SELL, 2, 110);
    desk.place(long, BUY, 3, 90);

    const expire = { tier: 1, market: 1, price: 120 };
    expect(answer(desk.send("expireMarket", expire))).toBe("market_not_expired 5000 1000");
    expect(answer(desk.send("settleExpired", { tier: 1, market: 1, bucket: 1, count: 9 }))).toBe(
      "market_not_settled 1",
    );
    desk.time = 5_000;
    expect(answer(desk.place(idle, BUY, 1, 100))).toBe("market_expired 5000 5000");
    expect(answer(desk.send("expireMarket", expire))).toBe("accepted 120");
    expect(answer(desk.send("expireMarket", expire))).toBe("market_is_settled 1");
    expect(answer(desk.place(idle, BUY, 1, 100))).toBe("market_not_open 3");

    const first = desk.send("settleExpired", { tier: 1, market: 1, bucket: 1, count: 1 });
    expect(answer(first)).toBe("accepted 1 2");
    expect(tale(first)).toEqual([
      `orderRemoved 1 ${idOf(2)} 1 3 8`,
      `orderRemoved 1 ${idOf(1, 2)} 1 2 8`,
      "positionSettled 1 1 10 120 200",
    ]);
    expect(desk.holds(long)).toEqual({ cash: 1_000, lots: 0, cost: -200 });
    expect(desk.marketState()).toMatchObject({ settledLots: 10n, settledCost: 1_200n, openInterest: 10n });
    expect(desk.auditor.violations()).toEqual([]);

    const second = desk.send("settleExpired", { tier: 1, market: 1, bucket: 2, count: 256 });
    expect(answer(second)).toBe("accepted 1 0");
    expect(tale(second)).toEqual(["positionSettled 1 2 -10 120 -200"]);
    expect(desk.marketState()).toMatchObject({ settledLots: 0n, pool: 200n, openInterest: 0n });
    expect(answer(desk.send("settleResidual", { tier: 1, bucket: 1, market: 1 }))).toBe("accepted 200 0");
    expect(desk.holds(long).cash).toBe(1_200);
    expect(desk.holds(short).cash).toBe(800);
    expect(desk.auditor.violations()).toEqual([]);
  });
});
