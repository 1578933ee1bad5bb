/** Prices that reporters make: who is believed, how far, and what a bad price forbids. */
import {
  BASIS,
  FEED_KIND,
  FORBID,
  ORDER_FLAG,
  PARAMETERS,
  QUALITY,
  SOURCE_STATE,
  TIME_IN_FORCE,
  collateralView,
} from "@bulkhead/engine";
import { describe, expect, test } from "vitest";
import { type Desk, type Fields, openDesk, usd } from "./venue.ts";

/** A plain market whose price five operators tell: 100 dollars, in thousandths. */
function reported(changes: Partial<Fields<"configureFeed">> = {}, count = 5): Desk {
  const desk = openDesk();
  desk.openReporters(count);
  desk.askReporters(changes);
  tell(
    desk,
    Array.from({ length: count }, () => 100_000),
  );
  return desk;
}

/** A second passes, and all tell their prices. */
function tell(desk: Desk, prices: readonly number[], after = 1_000): void {
  desk.now += after;
  desk.reportAll(prices);
}

/** The price walks to where it must be in steps that nobody holds back. */
function walk(desk: Desk, from: number, to: number, count = 5): void {
  for (let price = from; price !== to;) {
    const step = Math.floor(price / 500);
    price = price < to ? Math.min(to, price + step) : Math.max(to, price - step);
    tell(
      desk,
      Array.from({ length: count }, () => price),
    );
  }
}

const statesOf = (desk: Desk): number[] => desk.feed().sources.map(({ state }) => state);

describe("a price put together from reports", () => {
  test("is the middle of them, to a thousandth of a tick, and the index the tick next to it", () => {
    const desk = reported();
    tell(desk, [100_010, 100_020, 100_030, 100_040, 100_050]);
    expect(desk.feed()).toMatchObject({ price: 100_030, quality: QUALITY.valid });
    expect(desk.market()).toMatchObject({ index: 100, mark: 100, forbids: 0 });
  });

  test("does not follow one reporter who lies a hundredfold, and is no worse for it", () => {
    const desk = reported();
    tell(desk, [100_000, 100_000, 100_000, 100_000, 10_000_000]);
    expect(desk.feed()).toMatchObject({ price: 100_000, quality: QUALITY.valid });
    expect(desk.feed().sources[4]?.heldPrice, "it is held back").toBe(10_000_000);
  });

  test("drops whoever stands apart from the others", () => {
    const desk = reported();
    tell(desk, [100_000, 100_000, 100_000, 100_000, 100_300]);
    expect(statesOf(desk)).toEqual([0, 0, 0, 0, SOURCE_STATE.outlier]);
    expect(desk.feed().price).toBe(100_000);
  });

  test("follows a leap that three operators report within two seconds", () => {
    const desk = reported();
    desk.now += 1_000;
    const outcomes = [1, 2, 3].map((reporter) => {
      desk.now += 100;
      return desk.expectAccepted(desk.report(reporter, 95_000)).facts["state"];
    });
    expect(outcomes).toEqual([SOURCE_STATE.held, SOURCE_STATE.held, SOURCE_STATE.counted]);
    for (const reporter of [4, 5]) desk.expectAccepted(desk.report(reporter, 95_000));
    expect(desk.feed().price).toBe(95_000);
  });

  test("a leap is what eight deviations and the allowance do not explain, and a step within them is not", () => {
    const desk = reported();
    // 30 bp and eight times 1 bp for the root of the second: 0.38 % of the smaller price.
    desk.now += 1_000;
    const stateOf = (reporter: number, price: number): number | undefined =>
      desk.expectAccepted(desk.report(reporter, price)).facts["state"];
    expect(stateOf(1, 100_381)).toBe(SOURCE_STATE.held);
    expect(stateOf(2, 100_380)).not.toBe(SOURCE_STATE.held);
    expect(stateOf(3, 99_622)).not.toBe(SOURCE_STATE.held);
    expect(stateOf(4, 99_621)).toBe(SOURCE_STATE.held);
  });

  test("does not follow it when the third comes too late, or is of the same operator", () => {
    const desk = reported();
    desk.expectAccepted({ kind: "registerReporter", tier: 1, reporter: 6, operator: 1, weight: 1_000_000 });
    desk.now += 1_000;
    desk.expectAccepted(desk.report(1, 95_000));
    desk.expectAccepted(desk.report(2, 95_000));
    desk.expectAccepted(desk.report(6, 100_000));
    desk.expectAccepted(desk.report(6, 95_000));
    desk.now += 2_001;
    desk.expectAccepted(desk.report(3, 95_000));
    expect(desk.feed().sources.map(({ price }) => price)).toEqual(Array.from({ length: 6 }, () => 100_000));
  });

  test("a reporter that repeats itself while the others move is frozen", () => {
    const desk = reported({ frozenAfter: 4 });
    for (const price of [100_100, 100_200, 100_300, 100_400, 100_500]) {
      tell(desk, [price, price, price, price, 100_000]);
    }
    expect(statesOf(desk)).toEqual([0, 0, 0, 0, SOURCE_STATE.frozen]);
  });

  test("a feed that repeats itself is stale, however fresh (A12)", () => {
    const desk = reported({ frozenAfter: 4 });
    for (let report = 1; report <= 3; report++) tell(desk, [100_000, 100_000, 100_000, 100_000, 100_000]);
    expect(desk.feed().quality).toBe(QUALITY.valid);
    tell(desk, [100_000, 100_000, 100_000, 100_000, 100_000]);
    expect(desk.feed().quality).toBe(QUALITY.stale);
  });

  test("open and close at one price earn nothing: fills are between traders, never at the index (A16)", () => {
    const desk = reported();
    const [alice, bob] = [desk.openTrader(1_000), desk.openTrader(1_000)];
    desk.trade(alice, bob, 10, 100);
    desk.trade(bob, alice, 10, 100);
    expect([alice, bob].map((trader) => desk.bucket(trader).equity)).toEqual([usd(1_000), usd(1_000)]);
    desk.expectRefused(desk.report(9, 10_000_000), "reporter_unknown", { reporter: 9 });
  });
});

describe("what a price may be used for", () => {
  test("a wide one asks a quarter more of initial margin, and lets everything go on", () => {
    const desk = reported();
    const alice = desk.openTrader(1_000);
    desk.expectAccepted(desk.buy(alice, 50, 100));
    expect(desk.bucket(alice).initialMargin).toBe(usd(500));
    for (let reporter = 1; reporter <= 5; reporter++) {
      desk.expectAccepted(desk.report(reporter, 100_000, { confidence: 1_000 }));
    }
    expect(desk.feed().quality).toBe(QUALITY.wide);
    expect(desk.bucket(alice).initialMargin).toBe(usd(625));
    expect(desk.market().forbids).toBe(0);
  });

  test("on a stale one positions shrink by resting orders only, and nobody in it withdraws", () => {
    const desk = reported();
    const [alice, bob, carol] = [desk.openTrader(1_000), desk.openTrader(1_000), desk.openTrader(1_000)];
    desk.trade(alice, bob, 10, 100);
    desk.now += 4_000;
    desk.tick();
    const forbids = FORBID.open | FORBID.withdraw | FORBID.fund | FORBID.take;
    const facts = { quality: QUALITY.stale, age: 4_000, forbids };
    expect(desk.market().forbids).toBe(forbids);
    desk.expectRefused(desk.buy(alice, 1, 90), "price_forbids", facts);
    desk.expectRefused(desk.sell(alice, 1, 100), "price_forbids", facts);
    desk.expectAccepted(desk.sell(alice, 99, 100, { flags: ORDER_FLAG.postOnly }));
    const withdrawal = { kind: "deallocate", tier: 1, mode: 0, asset: 1, amount: 1 } as const;
    desk.expectRefused({ ...withdrawal, account: alice.account }, "price_forbids", facts);
    desk.expectAccepted({ ...withdrawal, account: carol.account });
    desk.expectRefused({ kind: "accrueFunding", tier: 1, market: 1, rate: 1 }, "price_forbids", facts);
  });

  test("one that is 10 % from its 5-minute average forbids trading, and liquidation for a minute", () => {
    const desk = reported();
    const alice = desk.openTrader(1_000);
    for (let report = 1; report <= 120; report++) {
      tell(desk, [100_000, 100_000, 100_000, 100_000, 100_000], 2_500);
    }
    walk(desk, 100_000, 86_000);
    expect(desk.feed().quality).toBe(QUALITY.divergent);
    expect(desk.market().forbids).toBe(63);
    desk.expectRefused(desk.buy(alice, 1, 80, { flags: ORDER_FLAG.postOnly }), "price_forbids", {
      quality: QUALITY.divergent,
      age: 0,
      forbids: 63,
    });
    const since = desk.feed().qualitySince;
    while (desk.now <= since + 60_000) tell(desk, [86_000, 86_000, 86_000, 86_000, 86_000]);
    expect(desk.feed().quality).toBe(QUALITY.divergent);
    expect(desk.market().forbids).toBe(63 - FORBID.liquidate);
  });

  test("without a quorum nothing is allowed but to cancel, and it all comes back with the reports", () => {
    const desk = reported();
    const alice = desk.openTrader(1_000);
    desk.expectAccepted(desk.buy(alice, 1, 90));
    desk.now += 31_000;
    desk.tick();
    expect(desk.feed()).toMatchObject({ quality: QUALITY.dead, price: 100_000 });
    expect(desk.market().forbids).toBe(63);
    desk.expectAccepted({
      kind: "cancelAll",
      account: alice.account,
      tier: 1,
      bucket: alice.bucket,
      market: 0,
    });
    tell(desk, [100_000, 100_000, 100_000, 100_000, 100_000], 0);
    expect(desk.feed().quality).toBe(QUALITY.valid);
    desk.expectAccepted(desk.buy(alice, 1, 90));
  });

  test("is as old as the youngest reports that make a quorum", () => {
    const desk = reported();
    for (const reporter of [1, 2, 3, 4]) {
      desk.now += 500;
      desk.expectAccepted(desk.report(reporter, 100_000));
    }
    // Four of five are needed for two thirds of the weight: the first of them is 1.5 s old.
    expect(desk.feed()).toMatchObject({ age: 1_500 });
  });

  test("whoever takes money out is measured at the worse of mark and average", () => {
    const desk = reported({ jump: 1_000_000 });
    const [alice, bob] = [desk.openTrader(1_000), desk.openTrader(1_000)];
    desk.trade(alice, bob, 50, 100);
    tell(desk, [103_000, 103_000, 103_000, 103_000, 103_000], 2_000);
    tell(desk, [100_000, 100_000, 100_000, 100_000, 100_000], 2_000);
    expect(desk.market().mark).toBe(100);
    // The short counts at the average, which is above the mark; the long at the mark.
    const open = desk.bucket(alice).withdrawable;
    expect(desk.bucket(bob).withdrawable).toBeLessThan(open - usd(50));
    const take = { kind: "deallocate", tier: 1, mode: 0, asset: 1 } as const;
    const { withdrawable } = desk.bucket(bob);
    expect(desk.send({ ...take, account: bob.account, amount: withdrawable + 1 }).outcome).toBe(
      "free_collateral_insufficient",
    );
    desk.expectAccepted({ ...take, account: bob.account, amount: withdrawable });
  });

  test("a fresh reporter does not make the quorum's old reports young", () => {
    const desk = reported();
    desk.now += 10_000;
    desk.expectAccepted(desk.report(1, 100_000));
    expect(desk.feed()).toMatchObject({ quality: QUALITY.stale, age: 10_000 });
  });

  test("a conditional order waits for a price it may trade by", () => {
    const desk = reported({ staleAfter: 500 });
    const alice = desk.openTrader(1_000);
    const stop = { type: 3, trigger: 101, timeInForce: TIME_IN_FORCE.immediateOrCancel };
    desk.expectAccepted(desk.buy(alice, 1, 0, stop));
    walk(desk, 100_000, 100_400);
    desk.now += 600;
    for (const reporter of [1, 2, 3]) desk.expectAccepted(desk.report(reporter, 100_600));
    expect(desk.market(), "the mark is there, but two of the quorum are too old").toMatchObject({
      mark: 101,
    });
    expect(desk.feed().quality).toBe(QUALITY.stale);
    expect(desk.bucket(alice).orders.length).toBe(1);
    desk.expectAccepted(desk.report(4, 100_600));
    expect(desk.bucket(alice).orders.length).toBe(0);
  });

  test("a move waits for a second report, unless three operators are within 10 bp of it", () => {
    const desk = reported({}, 3);
    desk.now += 1_000;
    const seen = [1, 2, 1].map((reporter) => {
      desk.expectAccepted(desk.report(reporter, 100_240));
      return desk.market().unconfirmed;
    });
    expect(seen).toEqual([false, true, false]);
    desk.expectAccepted(desk.report(3, 100_240));
    expect(desk.market().unconfirmed).toBe(false);
  });
});

/** Asset 2 as collateral at full weight, told at 2 dollars. */
function withCollateral(changes: Partial<Fields<"configureFeed">> = {}): Desk {
  const desk = openDesk();
  desk.listAsset(1_000);
  const weights = { initialWeight: 1_000_000, maintenanceWeight: 1_000_000 };
  desk.expectAccepted({ kind: "acceptCollateral", tier: 1, asset: 2, ...weights, cap: 1e9 });
  desk.openReporters(5);
  desk.askReporters({ feedKind: FEED_KIND.collateral, id: 2, ...changes });
  desk.reportAll([usd(2), usd(2), usd(2), usd(2), usd(2)], { feedKind: FEED_KIND.collateral, id: 2 });
  return desk;
}

describe("collateral that is priced by reporters", () => {
  const told = { feedKind: FEED_KIND.collateral, id: 2 };

  test("counts for initial margin what it is surely worth, for maintenance what it is", () => {
    const desk = withCollateral();
    desk.now += 1_000;
    const prices = [1.999, 2, 2, 2, 2.001].map(usd);
    desk.reportAll(prices, { ...told, confidence: usd(0.004) });
    const { price, initialPrice } = collateralView(desk.engine.venue, 1, 2);
    expect(price).toBe(usd(2));
    expect(initialPrice).toBe(usd(2) - desk.feed(2, FEED_KIND.collateral).confidence);
    expect(initialPrice).toBeLessThan(usd(1.998));
  });

  test("one venue's spike of 30 % moves nothing (A13)", () => {
    const desk = withCollateral();
    for (let second = 0; second < 20; second++) {
      desk.now += 1_000;
      desk.reportAll([usd(2.6), usd(2), usd(2), usd(2), usd(2)], told);
    }
    expect(collateralView(desk.engine.venue, 1, 2)).toMatchObject({ price: usd(2) });
  });

  test("at the lowest price its sources can tell it is lent nothing within a heartbeat (A12)", () => {
    const desk = withCollateral({ floor: usd(1.99) });
    desk.now += 1_000;
    for (let reporter = 1; reporter <= 5; reporter++) {
      desk.expectRefused(desk.report(reporter, usd(1.99), told), "price_at_floor", {
        price: usd(1.99),
        floor: usd(1.99),
      });
    }
    desk.now += 3_000;
    desk.tick();
    expect(collateralView(desk.engine.venue, 1, 2)).toMatchObject({ price: usd(2), initialPrice: 0 });
  });

  test("keeps a bucket healthy when its price lends nothing any more, and the audit agrees", () => {
    const desk = withCollateral({ floor: usd(1.99) });
    desk.set(PARAMETERS.liquidationBuffer.id, 250_000, 0);
    const [alice, bob] = [desk.openTrader(100), desk.openTrader(1_000_000)];
    desk.deposit(alice.account, 20_000_000, 2);
    desk.expectAccepted({
      kind: "allocate",
      account: alice.account,
      tier: 1,
      mode: 0,
      asset: 2,
      amount: 20_000_000,
    });
    desk.trade(alice, bob, 100, 100);
    desk.now += 60_000;
    desk.tick();
    desk.mark(50, 1);
    expect(desk.engine.audit()).toEqual([]);
  });
});

const pricesOf = (desk: Desk): { price: number; initialPrice: number } => {
  const { price, initialPrice } = collateralView(desk.engine.venue, 1, 3);
  return { price, initialPrice };
};

describe("collateral that can be redeemed", () => {
  let told = 0;
  const wrapped = { feedKind: FEED_KIND.collateral, id: 3 };

  /** Asset 2 at 4 000 dollars, and asset 3 that redeems for 1.05 of it and trades where it should. */
  function withWrapped(): Desk {
    const desk = openDesk();
    const weights = { initialWeight: 1_000_000, maintenanceWeight: 1_000_000 };
    for (const asset of [2, 3]) {
      desk.listAsset(1_000);
      desk.expectAccepted({ kind: "acceptCollateral", tier: 1, asset, ...weights, cap: 1e9 });
    }
    desk.openReporters(5);
    desk.redeem(3, { basis: BASIS.asset, underlying: 2 });
    desk.expectAccepted({ kind: "updateCollateralPrice", tier: 1, asset: 2, price: usd(4_000) });
    ratio(desk, 1_050_000_000);
    return desk;
  }

  function ratio(desk: Desk, ppb: number): void {
    told += 1;
    const report = { ratio: ppb, publishedAt: desk.now, sequence: told };
    desk.expectAccepted({ kind: "reportRedemption", tier: 1, reporter: 1, asset: 3, ...report });
  }
  test("is worth what it redeems for, whatever becomes of the price of that", () => {
    const desk = withWrapped();
    expect(pricesOf(desk)).toEqual({ price: usd(4_200), initialPrice: usd(4_200) });
    desk.expectAccepted({ kind: "updateCollateralPrice", tier: 1, asset: 2, price: usd(2_000) });
    expect(pricesOf(desk)).toEqual({ price: usd(2_100), initialPrice: usd(2_100) });
  });

  test("one venue's crash by 88 % moves neither price (A8)", () => {
    const desk = withWrapped();
    desk.askReporters(wrapped);
    desk.reportAll([4_200, 4_200, 4_200, 4_200, 4_200].map(usd), wrapped);
    for (let second = 0; second < 60; second++) {
      desk.now += 1_000;
      desk.reportAll([430, 4_200, 4_200, 4_200, 4_200].map(usd), wrapped);
    }
    const { price, initialPrice } = pricesOf(desk);
    expect(price).toBe(usd(4_200));
    expect(initialPrice).toBeGreaterThan(usd(4_190));
  });

  test("a market that falls everywhere is lent less at once, and liquidated by the hour's average (A8)", () => {
    const desk = withWrapped();
    desk.askReporters({ ...wrapped, divergence: 1_000_000, jump: 1_000_000 });
    for (let report = 0; report < 120; report++) {
      desk.now += 30_000;
      ratio(desk, 1_050_000_000);
      desk.reportAll([4_200, 4_200, 4_200, 4_200, 4_200].map(usd), wrapped);
    }
    for (let second = 0; second < 60; second++) {
      desk.now += 1_000;
      desk.reportAll([2_730, 2_730, 2_730, 2_730, 2_730].map(usd), wrapped);
    }
    const { price, initialPrice } = pricesOf(desk);
    expect(initialPrice).toBeLessThan(usd(2_731));
    expect(price, "a minute of it in the hour is less than 3 %").toBeGreaterThan(usd(4_200 * 0.97));
  });

  test("counts for no more than it redeems for when the market pays more", () => {
    const desk = withWrapped();
    desk.askReporters(wrapped);
    desk.reportAll([5_000, 5_000, 5_000, 5_000, 5_000].map(usd), wrapped);
    expect(pricesOf(desk).price).toBe(usd(4_200));
  });

  test("redeems for an asset there is", () => {
    const desk = withWrapped();
    const nothing = { asset: 3, basis: BASIS.asset, underlying: 0, maxAge: 1, dailyStep: 0 };
    desk.expectRefused({ kind: "configureRedemption", tier: 1, ...nothing }, "asset_unknown", { asset: 0 });
  });

  test("is lent nothing once its ratio is old", () => {
    const desk = withWrapped();
    desk.now += 600_001;
    desk.tick();
    expect(pricesOf(desk)).toEqual({ price: usd(4_200), initialPrice: 0 });
  });
});
