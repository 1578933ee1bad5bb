/** Liquidation as its users meet it: who is liquidated, how much, and who pays when it was too late. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PARAMETERS, STATUS, assetView, tierView } from "@bulkhead/engine";
import { rowOf } from "../../packages/engine/src/kernel/pool.ts";
import { slotAt } from "../../packages/engine/src/domain/positions.ts";
import { ALARM } from "../../packages/engine/src/domain/rows/bucket.ts";
import { type Desk, type Trader, openDesk, usd } from "./venue.ts";

const BUFFER = PARAMETERS.liquidationBuffer.id;
const RUNS = Number(process.env["FUZZ_RUNS"] ?? 16);

/** A desk whose tier liquidates to 15 % above maintenance margin. */
function liquidatingDesk(terms: Parameters<typeof openDesk>[0] = {}): Desk {
  const desk = openDesk(terms);
  desk.set(BUFFER, 150_000, 0);
  return desk;
}

/** Ticks of the alarms of a trader's first two positions: below and above the mark, each. */
function alarmsOf(desk: Desk, { bucket }: Trader): number[] {
  const tier = desk.engine.venue.tiers[0]!;
  const { arena } = tier;
  const row = rowOf(arena, tier.buckets, bucket);
  return [0, 1]
    .map((slot) => slotAt(arena, row, slot))
    .flatMap((position) => [tier.alarmBelow(position), tier.alarmAbove(position)])
    .map((alarm) => arena.int(alarm, ALARM.tick));
}

const tier = (desk: Desk) => tierView(desk.engine.venue, 1);
const audit = (desk: Desk) => expect(desk.engine.audit()).toEqual([]);

describe("a step", () => {
  test("closes as little as restores the buffer, on the book", () => {
    const desk = liquidatingDesk();
    const long = desk.openTrader(1_000);
    const short = desk.openTrader(100_000);
    const maker = desk.openTrader(100_000);
    desk.trade(long, short, 100, 100);
    desk.expectAccepted(desk.buy(maker, 1_000, 94));
    const receipt = desk.mark(94);
    // E = 1000 − 600 = 400, M = 470. The fewest lots x with 400 ≥ 1.15·4.7·(100 − x): 26.
    expect(desk.position(long)?.lots).toBe(74);
    expect(desk.bucket(long)).toMatchObject({ maintenanceEquity: usd(400), distress: 0 });
    expect(receipt.facts).toEqual({ triggered: 0, inDistress: 0 });
    expect(receipt.events.map(({ event }) => event)).toEqual([
      "liquidationStarted",
      "fill",
      "positionLiquidated",
      "liquidationEnded",
    ]);
    audit(desk);
  });

  test("takes no price below the zero price", () => {
    const desk = liquidatingDesk();
    const long = desk.openTrader(1_000);
    const short = desk.openTrader(100_000);
    const maker = desk.openTrader(100_000);
    desk.trade(long, short, 100, 100);
    desk.expectAccepted(desk.buy(maker, 1_000, 88));
    const receipt = desk.mark(94);
    expect(desk.position(long)?.lots).toBe(100);
    expect(receipt.facts).toEqual({ triggered: 0, inDistress: 1 });
    desk.expectAccepted(desk.buy(maker, 1_000, 92));
    desk.now += 1;
    desk.tick();
    expect(desk.position(long)?.lots).toBeLessThan(100);
    audit(desk);
  });
});

function insolvent(): { desk: Desk; long: Trader; short: Trader; other: Trader } {
  const desk = liquidatingDesk();
  const long = desk.openTrader(1_000);
  const short = desk.openTrader(100_000);
  const other = desk.openTrader(100_000);
  desk.trade(long, short, 50, 100);
  desk.trade(long, other, 50, 100);
  return { desk, long, short, other };
}

describe("an insolvent bucket", () => {
  test("is torn up at the mark, and winners bear what no layer does", () => {
    const { desk, long, short, other } = insolvent();
    const receipt = desk.mark(80);
    // A loss of 2000 against 1000 of cash: 1000 are short.
    expect(desk.position(long)).toBeUndefined();
    expect(desk.bucket(long)).toMatchObject({ cash: 0, equity: 0, distress: 0 });
    expect(desk.bucket(short).equity).toBe(usd(100_500));
    expect(desk.bucket(other).equity).toBe(usd(100_500));
    const absorbed = receipt.events
      .filter(({ event }) => event === "lossAbsorbed")
      .map(({ values }) => values);
    expect(absorbed).toMatchObject([{ layer: 6, amount: usd(1_000), remaining: 0 }]);
    expect(tier(desk).defaults).toBe(1);
    audit(desk);
  });

  test("draws on every layer in order, on the mutual fund for 40 % at most", () => {
    const { desk, short, other } = insolvent();
    const house = desk.openAccount();
    desk.deposit(house, usd(10_000));
    const fund = (layer: number, dollars: number) =>
      desk.expectAccepted({
        kind: "fundLayer",
        account: house,
        tier: layer < 3 ? 1 : 0,
        layer,
        amount: usd(dollars),
      });
    fund(1, 100);
    fund(2, 200);
    fund(4, 50);
    fund(5, 500);
    audit(desk);
    const receipt = desk.mark(80);
    const absorbed = receipt.events
      .filter(({ event }) => event === "lossAbsorbed")
      .map(({ values }) => values);
    expect(absorbed).toMatchObject([
      { layer: 1, amount: usd(100), remaining: usd(900) },
      { layer: 2, amount: usd(200), remaining: usd(700) },
      { layer: 4, amount: usd(50), remaining: usd(650) },
      { layer: 5, amount: usd(200), remaining: usd(450) },
      { layer: 6, amount: usd(450), remaining: 0 },
    ]);
    expect(tier(desk)).toMatchObject({ skin: 0, insurance: 0 });
    expect(assetView(desk.engine.venue, 1)).toMatchObject({ skin: 0, mutual: usd(300) });
    expect(desk.bucket(short).equity + desk.bucket(other).equity).toBe(usd(201_550));
    audit(desk);
  });
});

describe("who buys from an insolvent bucket and then bears a part of its loss", () => {
  test("may fall below maintenance margin by that part: it was covered when it bought", () => {
    const desk = liquidatingDesk();
    for (let market = 2; market <= 3; market++) desk.listMarket();
    const [loser, winner] = [desk.openTrader(50_000), desk.openTrader(10_000)];
    const [rich, other] = [desk.openTrader(1e7), desk.openTrader(1e7)];
    desk.trade(loser, other, 500, 100, { market: 2 });
    desk.trade(loser, winner, 500, 100, { market: 3 });
    desk.mark(50, 3);
    desk.trade(winner, rich, 2_500, 100);
    desk.trade(loser, rich, 1, 100);
    desk.expectAccepted(desk.buy(winner, 1, 100));
    const { events } = desk.mark(1, 2);
    expect(events).toContainEqual(expect.objectContaining({ event: "fill" }));
    expect(events).toContainEqual({
      event: "profitHaircut",
      values: { default: 1, market: 3, bucket: winner.bucket, amount: usd(24_500) },
    });
    expect(desk.bucket(winner).maintenanceEquity).toBeLessThan(usd(12_500));
    audit(desk);
  });
});

describe("a backstop with an order of its own", () => {
  test("closes by it in a reduce-only market, and takes over what is left of the same bucket", () => {
    const desk = liquidatingDesk();
    const long = desk.openTrader(1_000);
    const short = desk.openTrader(100_000);
    const house = desk.openTrader(100_000);
    desk.set(PARAMETERS.backstopCap.id, 1_000);
    desk.expectAccepted({ kind: "appointBackstop", tier: 1, account: house.account });
    desk.trade(short, house, 40, 100);
    desk.trade(long, short, 100, 100);
    desk.expectAccepted(desk.buy(house, 60, 99));
    desk.set(PARAMETERS.status.id, STATUS.reduceOnly);
    const receipt = desk.mark(80);
    // Its bid of 60 closes what it is short, 40, and no more; the 60 left are handed to it, which is no trade.
    expect(receipt.outcome).toBe("accepted");
    expect(desk.position(long)).toBeUndefined();
    expect(desk.position(house)?.lots).toBe(60);
    audit(desk);
  });
});

describe("the alarms", () => {
  test("miss nobody, whatever happens", () => {
    const step = fc.record({
      kind: fc.integer({ min: 0, max: 9 }),
      who: fc.nat(7),
      market: fc.integer({ min: 1, max: 3 }),
      lots: fc.integer({ min: 1, max: 60 }),
      away: fc.integer({ min: -6, max: 6 }),
      jump: fc.integer({ min: -30, max: 30 }),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 30, maxLength: 120 }), (steps) => {
        const desk = liquidatingDesk();
        const marks = [0, 100, 400, 1_000];
        desk.listMarket({ initialMargin: 50_000, scaleBase: usd(5_000), takerFee: 500, makerFee: -100 }, 400);
        desk.listMarket({ initialMargin: 200_000 }, 1_000);
        for (const market of [1, 2, 3]) desk.set(PARAMETERS.liquidationFee.id, 5_000, market);
        desk.set(PARAMETERS.backstopCap.id, 20, 2);
        desk.set(PARAMETERS.auctionSpan.id, 5, 0);
        const traders = Array.from({ length: 6 }, (_, index) => desk.openTrader(500 * (index + 1)));
        traders.push(desk.openTrader(3_000, 1), desk.openTrader(2_000, 2));
        desk.expectAccepted({ kind: "appointBackstop", tier: 1, account: traders[5]!.account });
        for (const { kind, who, market, lots, away, jump } of steps) {
          desk.now += 1;
          const trader = traders[who]!;
          const mark = marks[market]!;
          if (kind < 5) {
            const price = Math.max(1, mark + away);
            const order = kind % 2 === 0 ? desk.buy(trader, lots, price) : desk.sell(trader, lots, price);
            desk.send({ ...order, market });
          } else if (kind < 7) {
            marks[market] = Math.max(1, Math.min(30_000, Math.round(mark * (1 + jump / 100))));
            desk.mark(marks[market], market);
          } else if (kind === 7) desk.send({ kind: "accrueFunding", tier: 1, market, rate: jump * 200_000 });
          else if (kind === 8) desk.send({ kind: "clockTick", tier: 1 });
          else if (jump > 25) desk.set(PARAMETERS.initialMargin.id, 50_000 + 5_000 * lots, market);
          if (kind >= 5) audit(desk);
        }
      }),
      { numRuns: RUNS },
    );
  });

  test("miss nobody when prices drift tick by tick past people who do nothing", () => {
    const walk = fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 60, maxLength: 120 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000 }), walk, (seed, moves) => {
        const desk = liquidatingDesk();
        desk.listMarket({ initialMargin: 50_000, scaleBase: usd(5_000) }, 400);
        const house = [desk.openTrader(1e8), desk.openTrader(1e8)] as const;
        for (let one = 0; one < 24; one++) {
          const dollars = 300 + ((seed * (one + 7)) % 700);
          const trader = desk.openTrader(dollars, one % 3 === 0 ? 1 : 0);
          const lots = Math.min(5 + ((seed * (one + 3)) % 40), Math.floor(dollars / 11));
          if (one % 2 === 0) desk.trade(trader, house[0], lots, 100);
          else desk.trade(house[0], trader, lots, 100);
          if (one % 3 === 1) {
            desk.expectAccepted(desk.sell(house[1], 4, 400, { market: 2 }));
            desk.send(desk.buy(trader, 4, 400, { market: 2 }));
          }
        }
        let mark = 100;
        for (const move of moves) {
          desk.now += 1;
          mark = Math.max(40, mark + move);
          desk.mark(mark);
          if (move === 4) desk.mark(400 + (mark % 9) - 4, 2);
          audit(desk);
        }
      }),
      { numRuns: RUNS / 4 },
    );
  });

  test("hold wherever the marks go between them, however those change who carry them", () => {
    const step = fc.record({
      kind: fc.integer({ min: 0, max: 9 }),
      who: fc.nat(5),
      market: fc.integer({ min: 1, max: 3 }),
      lots: fc.integer({ min: 1, max: 60 }),
      move: fc.integer({ min: -12, max: 12 }),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 40, maxLength: 80 }), (steps) => {
        const desk = liquidatingDesk();
        const marks = [0, 1_000, 400, 3_000];
        desk.mark(marks[1]!);
        desk.listMarket({ initialMargin: 50_000, scaleBase: usd(50_000) }, marks[2]);
        desk.listMarket({ initialMargin: 200_000 }, marks[3]);
        const house = desk.openTrader(1e8);
        const traders = Array.from({ length: 6 }, (_, index) => desk.openTrader(8_000 * (index + 1)));
        for (const { kind, who, market, lots, move } of steps) {
          desk.now += 1;
          const trader = traders[who]!;
          const price = marks[market]!;
          if (kind < 6) {
            const [buyer, seller] = kind % 2 === 0 ? [trader, house] : [house, trader];
            desk.send(desk.sell(seller, lots, price, { market }));
            desk.send(desk.buy(buyer, lots, price, { market }));
            for (const { account, bucket } of [buyer, seller])
              desk.send({ kind: "cancelAll", account, tier: 1, bucket, market: 0 });
          } else if (kind === 6) desk.send({ kind: "accrueFunding", tier: 1, market, rate: move * 20_000 });
          else marks[market] = Math.round(price * (1 + move / 100));
          desk.mark(marks[market]!, market);
          audit(desk);
        }
      }),
      { numRuns: RUNS / 2 },
    );
  });

  test("stay in their place while they hold, and give way when they do not", () => {
    const desk = liquidatingDesk();
    desk.listMarket({ initialMargin: 50_000 }, 400);
    const [trader, house] = [desk.openTrader(3_000), desk.openTrader(1e8)];
    desk.trade(trader, house, 20, 100);
    desk.trade(trader, house, 5, 400, { market: 2 });
    desk.mark(100);
    const before = alarmsOf(desk, trader);
    expect(before).toEqual([50, 150, 200, 600].map((tick, index) => tick + (index % 2 === 0 ? -1 : 1)));
    // Equity 3,000, margins of 100 and 50: bands of a half cost 1,000 + 1,000 and more margin at most.
    desk.trade(trader, house, 2, 100);
    desk.mark(104);
    expect(alarmsOf(desk, trader)).toEqual(before);
    desk.trade(trader, house, 30, 104);
    desk.mark(103);
    expect(alarmsOf(desk, trader)).not.toEqual(before);
    audit(desk);
  });

  test("of a slot that has passed to another market do not count as the new one's", () => {
    const desk = liquidatingDesk();
    desk.listMarket({ initialMargin: 50_000 }, 400);
    desk.listMarket({ initialMargin: 50_000 }, 400);
    const [trader, house] = [desk.openTrader(3_000), desk.openTrader(1e8)];
    desk.trade(trader, house, 20, 100);
    desk.trade(trader, house, 5, 400, { market: 2 });
    desk.mark(100);
    const [below] = alarmsOf(desk, trader).slice(2);
    expect(below).toBeGreaterThan(0);
    desk.trade(house, trader, 5, 400, { market: 2 });
    desk.trade(trader, house, 5, 400, { market: 3 });
    desk.mark(101);
    audit(desk);
    expect(desk.mark(below!, 3).facts).toMatchObject({ inDistress: 0 });
    audit(desk);
  });
});
