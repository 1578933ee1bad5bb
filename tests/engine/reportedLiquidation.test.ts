/** Liquidation by prices that reporters make: it follows with the report, and never by a price that nobody vouches for. */
import { describe, expect, test } from "vitest";
import { PARAMETERS, QUALITY } from "@bulkhead/engine";
import { type Desk, type Trader, openDesk, usd } from "./venue.ts";

interface Scene {
  readonly desk: Desk;
  readonly long: Trader;
}

/** 100 lots bought at 100 dollars with 1000: maintenance margin runs out just below 95. The book takes them at 94. */
function scene(): Scene {
  const desk = openDesk();
  desk.set(PARAMETERS.liquidationBuffer.id, 150_000, 0);
  const long = desk.openTrader(1_000);
  const short = desk.openTrader(100_000);
  const maker = desk.openTrader(100_000);
  desk.trade(long, short, 100, 100);
  desk.expectAccepted(desk.buy(maker, 1_000, 94));
  return { desk, long };
}

function tell(desk: Desk, price: number, after = 1_000): void {
  desk.now += after;
  desk.reportAll([price, price, price]);
}

describe("a price that reporters make", () => {
  test("liquidates with the report that makes it", () => {
    const { desk, long } = scene();
    desk.openReporters(3);
    desk.askReporters();
    tell(desk, 100_000);
    for (let price = 99_800; price > 95_000; price -= 150) tell(desk, price);
    expect(desk.position(long)?.lots).toBe(100);
    for (let price = 94_900; price > 94_000; price -= 150) tell(desk, price);
    expect(desk.position(long)?.lots).toBeLessThan(100);
    expect(desk.bucket(long)).toMatchObject({ distress: 0 });
    expect(desk.engine.audit()).toEqual([]);
  });

  test("liquidates nobody while it is dead, and everybody who is due once it is good again", () => {
    const { desk, long } = scene();
    desk.loseFeed(1);
    desk.set(PARAMETERS.initialMargin.id, 300_000);
    const tick = () => {
      desk.now += 1;
      return desk.tick().facts;
    };
    expect(tick()).toMatchObject({ inDistress: 1 });
    expect(desk.market()).toMatchObject({ forbids: 63 });
    expect(desk.feed()).toMatchObject({ quality: QUALITY.dead });
    expect(desk.position(long)?.lots).toBe(100);
    desk.forgetFeed(1);
    tick();
    expect(desk.position(long)?.lots).toBeLessThan(100);
    expect(desk.engine.audit()).toEqual([]);
  });

  test("liquidates nobody by a move that only one report has made, and with the next that confirms it", () => {
    const { desk, long } = scene();
    desk.openReporters(3);
    desk.askReporters();
    tell(desk, 100_000);
    for (let price = 99_800; price > 94_600; price -= 150) tell(desk, price);
    tell(desk, 94_600);
    desk.now += 1_000;
    for (const reporter of [1, 2]) desk.expectAccepted(desk.report(reporter, 94_380));
    expect(desk.market()).toMatchObject({ mark: 94, unconfirmed: true, forbids: 0 });
    expect(desk.position(long)?.lots).toBe(100);
    desk.expectAccepted(desk.report(1, 94_380));
    expect(desk.market()).toMatchObject({ mark: 94, unconfirmed: false });
    expect(desk.position(long)?.lots).toBeLessThan(100);
  });

  test("a price that is wide raises initial margin, and liquidates nobody by that", () => {
    const { desk, long } = scene();
    desk.openReporters(3);
    desk.askReporters();
    tell(desk, 100_000);
    const before = desk.bucket(long);
    desk.now += 1_000;
    desk.reportAll([100_000, 100_000, 100_000], { confidence: 900 });
    expect(desk.feed()).toMatchObject({ quality: QUALITY.wide });
    expect(desk.bucket(long)).toMatchObject({
      initialMargin: usd(1_250),
      maintenanceMargin: before.maintenanceMargin,
      distress: 0,
    });
    expect(desk.position(long)?.lots).toBe(100);
  });
});
