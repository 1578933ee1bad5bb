/** A call auction too large for one command, predicted step by step by the auditor of the simulator. */
import {
  BREAKER,
  type Command,
  type Engine,
  EVENTS,
  PARAMETERS,
  breakerView,
  limits,
} from "@bulkhead/engine";
import { expect, test } from "vitest";
import { Session } from "../../packages/simulator/src/session.ts";
import { profileNamed } from "../../packages/simulator/src/workload/profile.ts";
import { type Desk, type Trader, openDesk } from "./venue.ts";

const SECOND = 1_000;
const WORDS = 12;

const level = (engine: Engine): number => breakerView(engine.venue, 1, 1).level;

/** Twelve longs in distress, a deep book, and a thousand orders in an auction; every command of it. */
function story(): Command[] {
  const commands: Command[] = [];
  const desk = openDesk({ band: 500_000, takerFee: 500, makerFee: -100 }, {}, commands);
  desk.now = 1_700_000_000_000;
  desk.mark(10_000);
  desk.arm(1, { hardMove: 49_000, haltScore: 1_000_000 });
  desk.set(PARAMETERS.callAuctionPeriod.id, 300_000);
  desk.set(PARAMETERS.maxBucketOrders.id, 256, 0);
  const maker = desk.openTrader(1e8);
  const longs = Array.from({ length: 12 }, (_, index) => desk.openTrader(10_100 * (index + 1)));
  longs.forEach((long, index) => desk.trade(long, maker, 10 * (index + 1), 10_000));
  for (let order = 0; order < 100; order++)
    desk.expectAccepted(desk.buy(maker, 1 + (order % 3), 9_290 - order));
  for (let price = 0; price < 2; price++) {
    desk.now += SECOND;
    desk.mark(9_300);
  }
  desk.set(PARAMETERS.liquidationBuffer.id, 150_000, 0);
  desk.set(PARAMETERS.liquidationFee.id, 5_000);
  const traders = Array.from({ length: 4 }, () => desk.openTrader(1e7));
  tickWhile(desk, BREAKER.halt);
  traders.forEach((trader, index) => crowd(desk, trader, index));
  tickWhile(desk, BREAKER.auction);
  for (let second = 0; second < 200; second++) tick(desk);
  return commands;
}

/** Orders that cross, in no order of price. */
function crowd(desk: Desk, trader: Trader, index: number): void {
  for (let order = 0; order < 250; order++) {
    const price = 9_200 + ((order * 11 + index) % 160);
    const lots = 1 + (order % 3);
    desk.expectAccepted(
      index % 2 === 0 ? desk.buy(trader, lots, price + 150) : desk.sell(trader, lots, price),
    );
  }
}

function tick(desk: Desk): void {
  desk.now += SECOND;
  desk.tick();
}

function tickWhile(desk: Desk, at: number): void {
  while (level(desk.engine) === at) tick(desk);
}

test("is answered as predicted, to the last event and cent, over as many ticks as it takes", () => {
  const session = new Session({ profile: profileNamed("guarded")!, handlers: undefined, hashEvery: 97 });
  const fills: number[] = [];
  let closed = 0;
  for (const command of story()) {
    const { answer, difference } = session.apply({ command });
    expect(difference).toBeUndefined();
    if (command.kind !== "clockTick" || answer === undefined) continue;
    const codes = Array.from({ length: answer.eventCount }, (_, event) => answer.events[event * WORDS]);
    fills.push(codes.filter((code) => code === EVENTS.fill.code).length);
    closed += codes.filter((code) => code === EVENTS.positionLiquidated.code).length;
  }
  expect(session.compareStates()).toBeUndefined();
  expect(session.audit()).toBeUndefined();
  expect(fills.filter((count) => count > 0)).toEqual([limits.MAX_MATCHES, 144]);
  expect(closed).toBe(12);
});
