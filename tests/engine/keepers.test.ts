/** The keepers' auction: one price for everybody, nothing for coming first, nothing for liquidating oneself. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  HANDLERS,
  type Handlers,
  PARAMETERS,
  type Receipt,
  bidsView,
  limits,
  tierView,
} from "@bulkhead/engine";
import { AUCTION } from "../../packages/engine/src/domain/rows/auction.ts";
import { type Desk, type Trader, layoutOf, openDesk, usd } from "./venue.ts";

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 16);
const SPAN = 60_000;

interface Scene {
  readonly desk: Desk;
  readonly long: Trader;
  readonly short: Trader;
}

/** A long of 100 lots that was bought at 100 with 1000 dollars; at 94 it has 400 left, and needs 470. */
function inLiquidation(
  terms: Parameters<typeof openDesk>[0] = {},
  options?: Parameters<typeof openDesk>[1],
): Scene {
  const desk = openDesk(terms, options);
  desk.set(PARAMETERS.liquidationBuffer.id, 150_000, 0);
  desk.set(PARAMETERS.auctionSpan.id, SPAN, 0);
  const [long, short] = [desk.openTrader(1_000 + (terms.takerFee ?? 0) / 100), desk.openTrader(100_000)];
  desk.trade(long, short, 100, 100);
  return { desk, long, short };
}

function bid(desk: Desk, keeper: Trader, target: Trader, lots: number): Receipt {
  return desk.send({ kind: "bidLiquidation", ...keeper, tier: 1, target: target.bucket, market: 1, lots });
}

function tick(desk: Desk, later: number): Receipt {
  desk.now += later;
  return desk.tick();
}

const named = (receipt: Receipt, event: string) =>
  receipt.events.filter((each) => each.event === event).map(({ values }) => values);
const audit = (desk: Desk) => expect(desk.engine.audit()).toEqual([]);

/** What five keepers get who bid in some order, with some pauses, within one batch. */
function awardsOf(who: readonly number[], waits: readonly number[]): unknown {
  const { desk, long } = inLiquidation();
  const keepers = [5, 9, 14, 30, 100].map((lots) => ({ lots, keeper: desk.openTrader(100_000) }));
  desk.mark(94);
  const start = desk.now + SPAN / 2;
  desk.now = start;
  who.forEach((each, index) => {
    const { lots, keeper } = keepers[each] as (typeof keepers)[number];
    bid(desk, keeper, long, lots);
    if (index < 4) desk.now += Math.min(waits[index] ?? 0, start + 250 - desk.now);
  });
  desk.now = start;
  return named(tick(desk, 250), "bidFilled");
}

describe("the price", () => {
  test.each([
    // Waiting gives away more of the 400 dollars of equity, and so more lots are needed to restore the buffer.
    { after: 0, price: 94, lots: 26 },
    { after: SPAN / 2, price: 92, lots: 42 },
    { after: SPAN, price: 90, lots: 100 },
    { after: 2 * SPAN, price: 90, lots: 100 },
  ])("is $price for a batch that begins after $after ms", ({ after, price, lots }) => {
    const { desk, long } = inLiquidation();
    const keeper = desk.openTrader(100_000);
    desk.mark(94);
    desk.now += after;
    expect(bid(desk, keeper, long, 100)).toMatchObject({
      outcome: "accepted",
      facts: { endsAt: desk.now + 250 },
    });
    expect(named(tick(desk, 249), "bidFilled")).toEqual([]);
    const receipt = tick(desk, 1);
    expect(named(receipt, "bidFilled")).toMatchObject([{ bucket: keeper.bucket, lots, price }]);
    expect(desk.position(keeper)?.lots).toBe(lots);
    expect(desk.bucket(long).equity).toBeGreaterThanOrEqual(0);
    expect(bidsView(desk.engine.venue, 1)).toEqual([]);
    tick(desk, 1);
    expect(desk.bucket(long).distress).toBe(0);
    audit(desk);
  });

  test("does not fall because the tick is late", () => {
    const { desk, long } = inLiquidation();
    const keeper = desk.openTrader(100_000);
    desk.mark(94);
    bid(desk, keeper, long, 100);
    expect(named(tick(desk, SPAN), "bidFilled")).toMatchObject([{ lots: 26, price: 94 }]);
  });
});

describe("a batch", () => {
  test("is shared pro rata, the odd lot goes to the largest remainder", () => {
    const { desk, long } = inLiquidation();
    const keepers = [10, 20, 23].map((lots) => ({ lots, keeper: desk.openTrader(100_000) }));
    desk.mark(94);
    for (const { lots, keeper } of keepers) expect(bid(desk, keeper, long, lots).outcome).toBe("accepted");
    // 26 lots for bids of 53: 4.9, 9.8, 11.3.
    expect(named(tick(desk, 250), "bidFilled").map(({ lots }) => lots)).toEqual([5, 10, 11]);
    audit(desk);
  });

  test("gives nothing for coming first, and nothing for coming last", () => {
    const order = fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 });
    const delays = fc.array(fc.nat(60), { minLength: 5, maxLength: 5 });
    const expected = awardsOf([0, 1, 2, 3, 4], [0, 0, 0, 0, 0]);
    fc.assert(
      fc.property(order, delays, (who, waits) => {
        expect(awardsOf(who, waits)).toEqual(expected);
      }),
      { numRuns: RUNS },
    );
  });

  test("leaves out who can no longer bear his bid, and gives his part to others", () => {
    const { desk, long } = inLiquidation();
    const [rich, poor] = [desk.openTrader(100_000), desk.openTrader(1_000)];
    desk.mark(94);
    bid(desk, poor, long, 100);
    bid(desk, rich, long, 100);
    desk.expectAccepted({
      kind: "deallocate",
      account: poor.account,
      tier: 1,
      mode: 0,
      asset: 1,
      amount: usd(900),
    });
    const receipt = tick(desk, 250);
    expect(named(receipt, "bidDropped")).toMatchObject([{ bucket: poor.bucket, lots: 100 }]);
    expect(named(receipt, "bidFilled")).toMatchObject([{ bucket: rich.bucket, lots: 26 }]);
    audit(desk);
  });

  test("is dropped when its target has recovered", () => {
    const { desk, long } = inLiquidation();
    const keeper = desk.openTrader(100_000);
    desk.mark(94);
    bid(desk, keeper, long, 100);
    desk.mark(100);
    expect(named(tick(desk, 250), "bidDropped")).toHaveLength(1);
    expect(desk.position(long)?.lots).toBe(100);
  });
});

describe("keepers", () => {
  test("share half of the penalty, pro rata; the insurance fund has the rest", () => {
    const { desk, long } = inLiquidation();
    desk.set(PARAMETERS.liquidationFee.id, 5_000);
    desk.set(PARAMETERS.keeperShare.id, 500_000, 0);
    const [alice, bob] = [desk.openTrader(100_000), desk.openTrader(100_000)];
    desk.mark(94);
    bid(desk, alice, long, 100);
    bid(desk, bob, long, 50);
    const receipt = tick(desk, 250);
    const [sale] = named(receipt, "positionLiquidated");
    // 29 lots: E − 0.47·x ≥ 1.15·4.7·(100 − x).
    expect(sale).toMatchObject({ lots: 29, how: 4, price: 94, penalty: usd(13.63) });
    expect(named(receipt, "bidFilled")).toMatchObject([
      { bucket: alice.bucket, lots: 15, reward: 3_525_000 },
      { bucket: bob.bucket, lots: 14, reward: 3_290_000 },
    ]);
    expect(tierView(desk.engine.venue, 1).insurance).toBe(usd(13.63 / 2));
    audit(desk);
  });

  test("earn nothing by liquidating themselves, whatever the terms", () => {
    const terms = fc.record({
      fee: fc.integer({ min: 0, max: 50_000 }),
      share: fc.integer({ min: 0, max: 500_000 }),
      wait: fc.integer({ min: 0, max: 2 * SPAN }),
      mark: fc.integer({ min: 91, max: 94 }),
      lots: fc.integer({ min: 1, max: 100 }),
      insured: fc.integer({ min: 0, max: 1_000 }),
    });
    fc.assert(
      fc.property(terms, ({ fee, share, wait, mark, lots, insured }) => {
        const { desk, long } = inLiquidation();
        desk.set(PARAMETERS.liquidationFee.id, fee);
        desk.set(PARAMETERS.keeperShare.id, share, 0);
        const linked = desk.openTrader(100_000);
        const house = desk.openAccount();
        if (insured > 0) {
          desk.deposit(house, usd(insured));
          desk.expectAccepted({ kind: "fundLayer", account: house, tier: 1, layer: 2, amount: usd(insured) });
        }
        desk.mark(mark);
        desk.now += wait;
        const wealth = () => desk.bucket(long).equity + desk.bucket(linked).equity;
        const before = wealth();
        expect(bid(desk, linked, long, lots).outcome).toBe("accepted");
        const receipt = tick(desk, 250);
        expect(named(receipt, "bidFilled")).toHaveLength(1);
        const [{ penalty = 0 } = {}] = named(receipt, "positionLiquidated");
        expect(wealth()).toBeLessThanOrEqual(before - penalty / 2);
        audit(desk);
      }),
      { numRuns: RUNS * 4 },
    );
  });

  test("of an insolvent bucket get a bounty: half the fees it was opened with, five dollars at most", () => {
    const fees = fc.integer({ min: 0, max: 5_000 });
    fc.assert(
      fc.property(fees, fc.integer({ min: 60, max: 89 }), (takerFee, mark) => {
        const { desk, long } = inLiquidation({ takerFee });
        desk.set(PARAMETERS.keeperShare.id, 500_000, 0);
        desk.set(PARAMETERS.auctionStart.id, 0, 0);
        const [keeper, house] = [desk.openTrader(100_000), desk.openAccount()];
        desk.deposit(house, usd(10_000));
        desk.expectAccepted({ kind: "fundLayer", account: house, tier: 1, layer: 2, amount: usd(10_000) });
        desk.mark(94);
        const opening = tierView(desk.engine.venue, 1).fees;
        expect(bid(desk, keeper, long, 100).outcome).toBe("accepted");
        const [filled] = named(desk.mark(mark), "bidFilled");
        expect(filled).toMatchObject({ bucket: keeper.bucket, lots: 100, price: mark });
        expect(filled?.["reward"]).toBeLessThanOrEqual(Math.min(limits.KEEPER_BOUNTY, opening));
        expect(tierView(desk.engine.venue, 1).defaults).toBe(1);
        audit(desk);
      }),
      { numRuns: RUNS },
    );
  });

  test("at the defaults in docs/spec/keepers.md do not gain by waiting", () => {
    // Reward at once, per dollar closed, against what a second more of discount adds; the rival comes every two seconds.
    const atOnce = 0.005 * 0.5;
    const perSecond = 0.05 / 60;
    expect(atOnce * (1 / 2)).toBeGreaterThanOrEqual(perSecond);
  });
});

describe("the judge", () => {
  test("stops a keeper who is paid more than half of the penalty (32)", () => {
    const { code } = layoutOf("clockTick");
    const bribed: Handlers = HANDLERS.map((handler, each) =>
      each !== code
        ? handler
        : (venue) => {
            const tier = venue.tier(1);
            tier?.arena.setInt(tier.auction, AUCTION.keeperShare, 800_000 as never);
            return handler?.(venue) ?? 0;
          },
    );
    const { desk, long } = inLiquidation({}, { handlers: bribed });
    desk.set(PARAMETERS.liquidationFee.id, 5_000);
    desk.set(PARAMETERS.keeperShare.id, 500_000, 0);
    const keeper = desk.openTrader(100_000);
    desk.mark(94);
    bid(desk, keeper, long, 100);
    desk.now += 250;
    const receipt = desk.send({ kind: "clockTick", tier: 1 });
    expect(receipt).toMatchObject({ outcome: "invariant_broken", facts: { invariant: 32 } });
  });
});
