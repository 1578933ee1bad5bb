/** Marks made from index and book, funding that a market measures, and final prices that reporters make. */
import { CONTRACT, PARAMETERS, STATUS, markView } from "@bulkhead/engine";
import { describe, expect, test } from "vitest";
import { MARKET } from "../../packages/engine/src/domain/rows/market.ts";
import type { TierShard } from "../../packages/engine/src/domain/tierShard.ts";
import { lotValueAt } from "../../packages/engine/src/kernel/value.ts";
import { type Desk, openDesk, usd } from "./venue.ts";
import { betrayed } from "./betrayal.ts";

const { markBand, fundingInterval, interestRate } = PARAMETERS;

/** A market at 1 000 whose mark may be 5 % from its index, and a book of 100 lots at either price. */
function marked(bid: number, ask: number): Desk {
  const desk = openDesk();
  desk.mark(1_000);
  const [alice, bob] = [desk.openTrader(1_000_000), desk.openTrader(1_000_000)];
  desk.expectAccepted(desk.buy(alice, 100, bid));
  desk.expectAccepted(desk.sell(bob, 100, ask));
  desk.set(markBand.id, 50_000);
  return desk;
}

/** Ticks of the clock, a second apart. */
function wait(desk: Desk, seconds: number): void {
  for (let second = 1; second <= seconds; second++) {
    desk.now += 1_000;
    desk.tick();
  }
}

const viewOf = (desk: Desk): ReturnType<typeof markView> => markView(desk.engine.venue, 1, 1);

describe("a mark", () => {
  test("is the index where the market has no band", () => {
    const desk = openDesk();
    const alice = desk.openTrader(10_000);
    desk.expectAccepted(desk.buy(alice, 1, 140));
    wait(desk, 3);
    expect(desk.market().mark).toBe(100);
    expect(viewOf(desk).sampledAt).toBe(0);
  });

  test("follows the book slowly: the premium of 20 is reached by half after 104 s", () => {
    const desk = marked(1_010, 1_030);
    wait(desk, 104);
    const { legs } = viewOf(desk);
    expect(legs.carried).toBe(1_000_000);
    expect(legs.traded).toBe(1_020_000);
    expect(legs.smoothed).toBeGreaterThan(1_009_900);
    expect(legs.smoothed).toBeLessThan(1_010_100);
    expect(desk.market().mark, "the middle of the three").toBe(1_010);
    wait(desk, 2_000);
    expect(desk.market().mark).toBe(1_020);
  });

  test("does not follow one trade far from the index", () => {
    const desk = marked(999, 1_001);
    wait(desk, 5);
    const [carol, dave] = [desk.openTrader(1_000_000), desk.openTrader(1_000_000)];
    desk.expectAccepted(desk.sell(carol, 1, 1_000));
    desk.expectAccepted(desk.buy(dave, 101, 1_001));
    desk.expectAccepted(desk.sell(carol, 1, 1_400));
    desk.expectAccepted(desk.buy(dave, 1, 1_400));
    wait(desk, 1);
    expect(desk.market().mark).toBe(1_000);
  });

  test("is never farther from the index than its band", () => {
    const desk = marked(1_390, 1_400);
    wait(desk, 2_000);
    expect(viewOf(desk).legs.smoothed).toBeGreaterThan(1_300_000);
    expect(desk.market().mark).toBe(1_050);
    desk.mark(800);
    expect(desk.market().mark).toBe(840);
  });

  test("forgets the premium of a book that has emptied on one side", () => {
    const desk = marked(1_010, 1_030);
    wait(desk, 2_000);
    desk.expectAccepted({ kind: "cancelAll", account: 1, tier: 1, bucket: 1, market: 0 });
    wait(desk, 104);
    expect(desk.market().mark).toBe(1_010);
    wait(desk, 2_000);
    expect(desk.market().mark).toBe(1_000);
  });

  test("ignores orders too small to trade against", () => {
    const desk = marked(999, 1_001);
    const carol = desk.openTrader(1_000_000);
    desk.expectAccepted(desk.buy(carol, 1, 1_000));
    const before = viewOf(desk).legs.smoothed;
    wait(desk, 1);
    expect(Math.abs(viewOf(desk).legs.smoothed - before)).toBeLessThan(10);
  });

  test("fires what waits for it when the clock ticks", () => {
    const desk = marked(1_010, 1_030);
    const carol = desk.openTrader(1_000_000);
    desk.expectAccepted(desk.buy(carol, 1, 0, { type: 3, trigger: 1_015, timeInForce: 2 }));
    wait(desk, 400);
    expect(desk.bucket(carol).orders).toEqual([]);
    expect(desk.position(carol)?.lots).toBe(1);
  });
});

/** The same, measuring its funding every hour. */
function measuring(bid: number, ask: number): Desk {
  const desk = marked(bid, ask);
  desk.set(fundingInterval.id, 3_600_000);
  return desk;
}

describe("funding that a market measures", () => {
  test("accrues an eighth of the average premium per hour, once per hour", () => {
    const desk = measuring(1_004, 1_006);
    const accrue = { kind: "accrueFunding", tier: 1, market: 1, rate: 0 } as const;
    wait(desk, 1_800);
    desk.expectRefused(accrue, "funding_before_due", { due: 3_601_000, time: desk.now });
    wait(desk, 1_800);
    const { events } = desk.expectAccepted(accrue);
    // A premium of 0.4 % is 0.05 % an hour; interest of nothing draws it 0.00625 % lower.
    expect(events).toEqual([
      { event: "fundingMeasured", values: { market: 1, rate: 437_500, premium: 4_000_000, samples: 3_600 } },
    ]);
    desk.expectRefused(accrue, "funding_before_due", { due: 7_201_000, time: desk.now });
    expect(viewOf(desk).legs.carried).toBe(1_000_437);
  });

  test("is interest where the book is at the index", () => {
    const desk = measuring(999, 1_001);
    desk.set(interestRate.id, 12_500);
    wait(desk, 3_600);
    const { events } = desk.expectAccepted({ kind: "accrueFunding", tier: 1, market: 1, rate: 0 });
    expect(events[0]?.values["rate"]).toBe(12_500);
  });

  test("takes at its cap half of what lies between the margins in eight hours", () => {
    const desk = measuring(1_390, 1_400);
    wait(desk, 3_600);
    const { events } = desk.expectAccepted({ kind: "accrueFunding", tier: 1, market: 1, rate: 0 });
    // Margins of 10 % and 5 %: 2.5 % in eight hours.
    expect(events[0]?.values["rate"]).toBe(3_125_000);
  });

  test("makes nothing up for intervals that nobody closed", () => {
    const desk = measuring(1_004, 1_006);
    desk.now += 3 * 3_600_000 + 5;
    desk.expectAccepted({ kind: "accrueFunding", tier: 1, market: 1, rate: 0 });
    expect(viewOf(desk)).toMatchObject({ fundingDue: 1_000 + 4 * 3_600_000, fundingRate: 0 });
  });

  test("what is paid is what is received", () => {
    const desk = measuring(1_004, 1_006);
    const [carol, dave] = [desk.openTrader(1_000_000), desk.openTrader(1_000_000)];
    desk.trade(carol, dave, 10, 1_005);
    wait(desk, 3_600);
    desk.expectAccepted({ kind: "accrueFunding", tier: 1, market: 1, rate: 0 });
    const equities = [carol, dave].map((trader) => desk.bucket(trader).equity);
    expect((equities[0] ?? 0) + (equities[1] ?? 0)).toBeLessThanOrEqual(usd(2_000_000));
    expect((equities[0] ?? 0) + (equities[1] ?? 0)).toBeGreaterThanOrEqual(usd(2_000_000) - 2);
    expect(desk.engine.audit()).toEqual([]);
  });
});

describe("a dated future", () => {
  const EXPIRY = 10_000_000;

  function dated(): Desk {
    const desk = openDesk({ contract: CONTRACT.future, expiry: EXPIRY });
    desk.openReporters(3);
    desk.askReporters({
      quorum: 2,
      staleAfter: 60_000,
      deadAfter: 3_600_000,
      jump: 1_000_000,
      divergence: 1_000_000,
    });
    return desk;
  }

  test("settles at the average of its index over the last half hour, whatever the last second says", () => {
    const desk = dated();
    desk.now = EXPIRY - 1_800_000;
    desk.reportAll([100_000, 100_000, 100_000]);
    desk.now = EXPIRY - 1_700_000;
    desk.expectAccepted(desk.report(1, 120_000));
    // With the second of three the index moves; the samples that were due until now take it as it stood.
    desk.now = EXPIRY - 900_000;
    for (const reporter of [2, 3]) desk.expectAccepted(desk.report(reporter, 120_000));
    desk.now = EXPIRY - 1;
    desk.reportAll([200_000, 200_000, 200_000]);
    // The last sample, due at expiry, is the only one that takes the last second's price.
    expect(desk.market().mark, "what the final price will be").toBe(110);
    desk.now = EXPIRY;
    const expire = { kind: "expireMarket", tier: 1, market: 1 } as const;
    desk.expectRefused({ ...expire, price: 200 }, "price_comes_from_reporters", { feedKind: 0, id: 1 });
    expect(desk.expectAccepted({ ...expire, price: 0 }).facts).toEqual({ price: 110 });
    expect(desk.market()).toMatchObject({ mark: 110, status: STATUS.settled });
    desk.tick();
    expect(desk.market().mark).toBe(110);
  });

  test("has a basis that fades towards expiry", () => {
    const desk = openDesk({ contract: CONTRACT.future, expiry: EXPIRY + 86_400_000 });
    desk.mark(10_000);
    const [alice, bob] = [desk.openTrader(10_000_000), desk.openTrader(10_000_000)];
    desk.expectAccepted(desk.buy(alice, 100, 11_000));
    desk.expectAccepted(desk.sell(bob, 100, 11_002));
    desk.set(markBand.id, 500_000);
    wait(desk, 2_000);
    // 100 % a year over the day that is left is 0.27 %.
    expect(desk.market().mark).toBe(10_030);
  });
});

/** Somebody moves the mark of market 1. */
const moveTo =
  (mark: number) =>
  (tier: TierShard): void => {
    tier.arena.setInt(tier.marketRow(1), MARKET.mark, mark as never);
    tier.arena.setNum(tier.marketRow(1), MARKET.lotValue, lotValueAt(mark as never, usd(1) as never));
  };

describe("invariant 27 is broken", () => {
  test.each([
    ["a mark beside an index without a band", moveTo(101), 0],
    ["a mark above the band", moveTo(1_051), 50_000],
    ["a mark below the band", moveTo(949), 50_000],
  ] as const)("by %s", (_, betrayal, band) => {
    const desk = openDesk({}, { handlers: betrayed("updateIndexPrice", betrayal) });
    desk.set(markBand.id, band);
    desk.now = 3_000;
    const index = band === 0 ? 100 : 1_000;
    const receipt = desk.send({ kind: "updateIndexPrice", tier: 1, market: 1, price: index });
    expect(receipt).toMatchObject({ outcome: "invariant_broken", facts: { invariant: 27 } });
  });

  test("by funding above its cap", () => {
    const handlers = betrayed("accrueFunding", (tier) => {
      const lotValue = tier.arena.num(tier.marketRow(1), MARKET.lotValue);
      tier.arena.setNum(tier.marketRow(1), MARKET.fundingIndex, (lotValue * 1e5 + 1e6) as never);
    });
    const desk = openDesk({}, { handlers });
    desk.now = 3_000;
    const receipt = desk.send({ kind: "accrueFunding", tier: 1, market: 1, rate: 1 });
    expect(receipt).toMatchObject({ outcome: "invariant_broken", facts: { invariant: 27 } });
  });
});
