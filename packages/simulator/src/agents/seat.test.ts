import { Engine, SIDE, bucketIdOf, bucketView, positionView } from "@bulkhead/engine";
import { beforeEach, describe, expect, test } from "vitest";
import { TIER, capacitiesFor, listVenue } from "../world/listing.ts";
import { Exchange } from "./exchange.ts";
import { Screen } from "./screen.ts";
import { DOLLARS, Seat } from "./seat.ts";

const MARKET = 1;
const PRICE = 40_000;
const CONTRACT = { tickUnits: 1, tickDecimals: 0, lotDecimals: 3, notional: 1_000 };

let exchange: Exchange;
let screen: Screen;
let ann: Seat;
let ben: Seat;

function setIndex(price: number): void {
  expect(exchange.send({ kind: "updateIndexPrice", time: 0, tier: TIER, market: MARKET, price })).toBe(0);
  screen.show(price);
}

beforeEach(() => {
  exchange = new Exchange(new Engine({ capacities: capacitiesFor(4, 1) }));
  const [terms] = listVenue(exchange, [CONTRACT], [60_000]);
  if (terms === undefined) throw new Error("no market was listed");
  screen = new Screen(terms, exchange);
  setIndex(PRICE);
  [ann, ben] = [0, MARKET].map((mode) => {
    const seat = Seat.open(exchange, TIER, mode);
    seat.deposit(2_000_000e6);
    seat.allocate(1_000_000e6);
    return seat;
  }) as [Seat, Seat];
});

/** An owner's own books say what the engine says. */
function expectAgreement(seat: Seat, mode: number): void {
  const bucket = bucketIdOf(exchange.venue, TIER, seat.account, mode);
  const view = bucketView(exchange.venue, TIER, bucket);
  expect(new Set(seat.orders.keys())).toEqual(new Set(view.orders));
  expect(seat.lots(MARKET)).toBe(positionView(exchange.venue, TIER, bucket, MARKET)?.lots ?? 0);
}

describe("an owner's own books", () => {
  test("follow fills, amendments, triggers and cancels", () => {
    const agree = (): void => {
      expectAgreement(ann, 0);
      expectAgreement(ben, MARKET);
    };
    const bid = ann.quote(MARKET, SIDE.buy, PRICE - 10, 100);
    const ask = ann.quote(MARKET, SIDE.sell, PRICE + 10, 100);
    expect([bid.filled, ann.orders.get(bid.order)]).toEqual([0, 100]);
    expect(ben.take(MARKET, SIDE.buy, PRICE + 20, 30)).toEqual({ outcome: 0, order: 0, filled: 30 });
    expect([ann.lots(MARKET), ben.lots(MARKET), ann.orders.get(ask.order)]).toEqual([-30, 30, 70]);
    agree();
    expect(ann.amend(bid.order, PRICE - 5, 50).order).toBe(bid.order);
    agree();
    const stop = ben.stopLoss(MARKET, PRICE - 100).order;
    const target = ben.takeProfit(MARKET, PRICE + 500).order;
    expect([...ben.orders]).toEqual([
      [stop, 30],
      [target, 30],
    ]);
    setIndex(PRICE - 100);
    expect([ann.lots(MARKET), ben.lots(MARKET), ben.orders.has(stop)]).toEqual([0, 0, false]);
    agree();
    expect(ben.cancel(target)).toBe(0);
    expect(ben.cancel(target)).toBe(0);
    ann.cancelAll(MARKET);
    expect([ann.orders.size, ben.orders.size]).toEqual([0, 0]);
    agree();
  });

  test("know the average price of what is open", () => {
    ann.quote(MARKET, SIDE.sell, PRICE + 10, 100);
    ann.quote(MARKET, SIDE.sell, PRICE + 20, 100);
    ben.take(MARKET, SIDE.buy, PRICE + 20, 200);
    expect(ben.entryPrice(MARKET)).toBe(PRICE + 15);
    expect(ann.entryPrice(MARKET)).toBe(PRICE + 15);
    ann.quote(MARKET, SIDE.buy, PRICE - 10, 300);
    ben.reduce(MARKET, PRICE - 20, 50);
    expect([ben.lots(MARKET), ben.entryPrice(MARKET)]).toEqual([150, PRICE + 15]);
    ben.take(MARKET, SIDE.sell, PRICE - 20, 200);
    expect([ben.lots(MARKET), ben.entryPrice(MARKET)]).toEqual([-50, PRICE - 10]);
    expect([ann.lots(MARKET), ann.entryPrice(MARKET)]).toEqual([50, PRICE - 10]);
  });

  test("tell wallet and bucket apart", () => {
    expect([ann.wallet(), ann.standing()?.cash]).toEqual([1_000_000e6, 1_000_000e6]);
    expect(ann.deallocate(400_000e6)).toBe(0);
    expect(ann.withdraw(1_400_000e6, DOLLARS)).toBe(0);
    expect([ann.wallet(), ann.standing()?.cash]).toEqual([0, 600_000e6]);
    exchange.settleWithdrawals();
    expect(exchange.commandsByName()["finaliseWithdrawal"]).toBe(1);
  });
});

test("the counter counts commands, refusals and turnover", () => {
  const before = exchange.commands;
  ann.quote(MARKET, SIDE.sell, PRICE + 10, 100);
  ben.quote(MARKET, SIDE.buy, PRICE + 10, 100);
  ben.take(MARKET, SIDE.buy, 0, 40);
  expect(exchange.commands - before).toBe(3);
  expect([...exchange.refusals.values()]).toEqual([1]);
  expect(exchange.turnover(MARKET)).toEqual({
    fills: 1,
    volume: BigInt((PRICE + 10) * 40 * CONTRACT.notional),
  });
});

test("the screen shows trend, top of the book and prices within the range", () => {
  ann.quote(MARKET, SIDE.sell, PRICE + 10, 100);
  expect(screen.top()).toMatchObject({ bestBid: 0, bestAsk: PRICE + 10 });
  expect(screen.trend(4)).toBe(0);
  setIndex(PRICE + 400);
  expect(Math.round(screen.trend(4))).toBe(9_369);
  expect([screen.moved(10_000), screen.moved(-10_000), screen.moved(1)]).toEqual([40_804, 39_996, 40_401]);
  expect([screen.within(-5), screen.within(2 ** 21)]).toEqual([1, 2 ** 20 - 1]);
  expect(screen.lotsWorth(404_000e6)).toBe(10_000);
});
