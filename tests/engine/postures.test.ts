/** Postures as a venue meets them: what reports, funds and breakers lead to, and what that means for traders. */
import { describe, expect, test } from "vitest";
import {
  BREAKER,
  PARAMETERS,
  POSTURE,
  REASON,
  STATUS,
  VENUE_PARAMETERS,
  breakerView,
  postureView,
  throttleView,
} from "@bulkhead/engine";
import { type Desk, type Fields, openDesk, smallTier, smallVenue, usd } from "./venue.ts";

const MINUTE = 60_000;
const START = 1_700_000_000_000;
const CALM = { expectedShortfall: 0, ruin: 0, branching: 0, spike: 0, cover2: 0 };

/** A desk whose tier is under control, with a report that is good for a day. */
function controlledDesk(terms: Parameters<typeof openDesk>[0] = {}, insuranceTarget = 0): Desk {
  const desk = openDesk(terms);
  desk.now = START;
  report(desk, {});
  desk.expectAccepted({ kind: "configurePosture", tier: 1, enabled: 1, baseline: 1, insuranceTarget });
  return desk;
}

function report(desk: Desk, worse: Partial<Fields<"reportRisk">>, minutes = 1_440) {
  const expiry = desk.now + minutes * MINUTE;
  return desk.expectAccepted({ kind: "reportRisk", tier: 1, ...CALM, expiry, ...worse });
}

const posture = (desk: Desk) => postureView(desk.engine.venue, 1);
const inForce = (desk: Desk, market = 1) => breakerView(desk.engine.venue, 1, market);
const audit = (desk: Desk): void => expect(desk.engine.audit()).toEqual([]);

function pass(desk: Desk, minutes: number): void {
  for (let minute = 0; minute < minutes; minute++) {
    desk.now += MINUTE;
    desk.tick();
  }
}

describe("a report", () => {
  test("of a likely spike raises initial margin at once, and nobody's maintenance margin", () => {
    const desk = controlledDesk();
    const [alice, bob] = [desk.openTrader(1e6), desk.openTrader(1e6)];
    desk.trade(alice, bob, 100, 100);
    const { events, facts } = report(desk, { spike: 250_000 });
    expect(facts).toEqual({ posture: POSTURE.elevated });
    expect(events).toMatchObject([
      {
        event: "postureMoved",
        values: { from: 0, to: 1, rule: 8, seen: 250_000, bound: 200_000, version: 1 },
      },
    ]);
    expect(desk.bucket(alice)).toMatchObject({ initialMargin: usd(1_150), maintenanceMargin: usd(500) });
    expect(posture(desk)).toMatchObject({ throttle: 1, buffer: 150_000 });
    audit(desk);
  });

  test("of great shortfall narrows the band, and lets open interest grow no further than 60 % of its limit", () => {
    const desk = controlledDesk({ maxOpenInterestLots: 100, band: 100_000 });
    const [alice, bob] = [desk.openTrader(1e6), desk.openTrader(1e6)];
    desk.trade(alice, bob, 50, 100);
    report(desk, { expectedShortfall: 900_000 });
    expect(inForce(desk)).toMatchObject({ band: 70_000, openInterestLimit: 60, marginMultiplier: 1_400_000 });
    desk.expectAccepted(desk.sell(bob, 11, 100));
    expect(desk.expectAccepted(desk.buy(alice, 11, 100)).facts).toMatchObject({
      filled: 0,
      reason: REASON.openInterest,
    });
    audit(desk);
  });

  test("that the mutual fund would not do lets positions only shrink, in every market", () => {
    const desk = controlledDesk();
    desk.listMarket();
    const alice = desk.openTrader(1e6);
    report(desk, { cover2: 1_000_001 });
    expect([inForce(desk, 1).trading, inForce(desk, 2).trading]).toEqual([
      STATUS.reduceOnly,
      STATUS.reduceOnly,
    ]);
    desk.expectRefused(desk.buy(alice, 1, 100, { market: 2 }), "reduce_only_market", { market: 2 });
    const listed = desk.listMarket();
    expect(inForce(desk, listed).trading, "a market listed meanwhile is no exception").toBe(
      STATUS.reduceOnly,
    );
    audit(desk);
  });

  test("that runs out leaves the tier no looser than the baseline, and no looser than it said", () => {
    const desk = controlledDesk();
    report(desk, { branching: 900_000 }, 5);
    expect(posture(desk).posture).toBe(POSTURE.defensive);
    pass(desk, 120);
    expect(posture(desk).posture, "what it said is the last that is known").toBe(POSTURE.defensive);
    report(desk, {}, 5);
    pass(desk, 300);
    expect(posture(desk).posture, "the baseline").toBe(POSTURE.elevated);
    report(desk, {});
    pass(desk, 32);
    expect(posture(desk).posture).toBe(POSTURE.normal);
    audit(desk);
  });
});

test("a fund below 70 % of its target makes the tier defensive until it is filled", () => {
  const desk = controlledDesk({}, usd(1_000));
  expect(posture(desk)).toMatchObject({ posture: POSTURE.defensive, rule: 10 });
  const house = desk.openAccount();
  desk.deposit(house, usd(900));
  desk.expectAccepted({ kind: "fundLayer", account: house, tier: 1, layer: 2, amount: usd(801) });
  pass(desk, 45);
  expect(posture(desk)).toMatchObject({ posture: POSTURE.normal, rule: 0 });
  audit(desk);
});

/** Two markets, so many lots open in each; the first one halts. */
function halted(first: number, second: number): Desk {
  const desk = controlledDesk();
  desk.listMarket();
  const [alice, bob] = [desk.openTrader(1e6), desk.openTrader(1e6)];
  if (first > 0) desk.trade(alice, bob, first, 100);
  if (second > 0) desk.trade(alice, bob, second, 100, { market: 2 });
  desk.arm(1, { hardMove: 50_000, haltScore: 2_000_000 });
  desk.now += 1_000;
  for (const price of [120, 120]) desk.mark(price);
  desk.tick();
  return desk;
}

describe("breakers", () => {
  test("of a market that holds less than half of what is open do not halt its neighbours", () => {
    const desk = halted(40, 60);
    expect(inForce(desk, 1)).toMatchObject({ level: BREAKER.halt, trading: STATUS.halted });
    expect(inForce(desk, 2)).toMatchObject({ level: BREAKER.normal, trading: STATUS.open });
    expect(posture(desk)).toMatchObject({ posture: POSTURE.elevated, rule: 13 });
    audit(desk);
  });

  test("of the larger half halt the tier, which comes back step by step", () => {
    const desk = halted(60, 60);
    expect(inForce(desk, 2)).toMatchObject({ level: BREAKER.normal, trading: STATUS.halted });
    expect(posture(desk)).toMatchObject({ posture: POSTURE.halt, rule: 15 });
    const seen: number[] = [];
    for (let minute = 0; minute < 120; minute++) {
      pass(desk, 1);
      const { posture: now } = posture(desk);
      if (seen.at(-1) !== now) seen.push(now);
    }
    expect(seen).toEqual([4, 3, 2, 1, 0]);
    expect(inForce(desk, 2).graceUntil, "the pause was long: so is the grace").toBeGreaterThan(START);
    audit(desk);
  });
});

test("a controller that is turned off lets go by and by", () => {
  const desk = controlledDesk();
  report(desk, { ruin: 20_000 });
  expect(posture(desk).posture).toBe(POSTURE.reduceOnly);
  desk.expectAccepted({ kind: "configurePosture", tier: 1, enabled: 0, baseline: 0, insuranceTarget: 0 });
  expect(posture(desk).posture).toBe(POSTURE.reduceOnly);
  pass(desk, 70);
  expect(posture(desk)).toMatchObject({ enabled: false, posture: POSTURE.normal, throttle: 0, buffer: 0 });
  audit(desk);
});

test("a liquidation restores the buffer that the posture asks for", () => {
  const left = [CALM, { ...CALM, ruin: 20_000 }].map((risk) => {
    const desk = controlledDesk();
    desk.set(PARAMETERS.liquidationBuffer.id, 50_000, 0);
    const [long, short] = [desk.openTrader(1_000), desk.openTrader(1e5)];
    desk.trade(long, short, 100, 100);
    report(desk, risk);
    desk.expectAccepted(desk.buy(short, 200, 94));
    desk.mark(94);
    audit(desk);
    return desk.position(long)?.lots;
  });
  // E = 400, M = 470: the most lots q with 400 ≥ 4.7·q·(1 + buffer), at 5 % and at 25 %.
  expect(left).toEqual([81, 68]);
});

/** Two tiers under control; a tenth of the vault may leave in an hour. The first tier keeps `dollars`, the second 50,000. */
function twoTiers(dollars: number): Desk {
  const desk = openDesk({}, { capacities: smallVenue({ tiers: [smallTier(), smallTier()] }) });
  desk.listTier();
  desk.openTrader(dollars);
  desk.openTrader(50_000, 0, 2);
  const hour = VENUE_PARAMETERS.throttleHour.id;
  desk.expectAccepted({ kind: "setParameter", tier: 0, market: 0, parameter: hour, value: 100_000 });
  desk.now = START;
  desk.expectAccepted({ kind: "releaseWithdrawals", count: 1 });
  desk.expectAccepted({ kind: "reportRisk", tier: 1, ...CALM, expiry: START + 1_440 * MINUTE });
  desk.expectAccepted({ kind: "configurePosture", tier: 1, enabled: 1, baseline: 0, insuranceTarget: 0 });
  return desk;
}

const throttle = (desk: Desk) => throttleView(desk.engine.venue);

describe("the way out", () => {
  test("narrows at once when the tier that holds half of the money is strained, and widens when it is over", () => {
    const desk = twoTiers(50_000);
    const { cap } = throttle(desk).hour;
    expect(cap).toBe(usd(10_000));
    report(desk, { expectedShortfall: 900_000 });
    expect(throttle(desk)).toMatchObject({ posture: 0, askedPosture: 2, hour: { cap: cap / 4 } });
    report(desk, {});
    pass(desk, 20);
    expect(throttle(desk)).toMatchObject({ askedPosture: 1, hour: { cap: cap / 2 } });
    audit(desk);
  });

  test("stays as wide as it is when a smaller tier is", () => {
    const desk = twoTiers(49_999);
    report(desk, { expectedShortfall: 900_000 });
    expect(posture(desk).throttle).toBe(2);
    expect(throttle(desk)).toMatchObject({ askedPosture: 0, hour: { cap: usd(9_999.9) } });
  });

  test("is no wider than what is set by hand", () => {
    const desk = twoTiers(50_000);
    desk.expectAccepted({ kind: "setThrottlePosture", posture: 3 });
    report(desk, { expectedShortfall: 900_000 });
    expect(throttle(desk)).toMatchObject({ posture: 3, askedPosture: 2, hour: { cap: usd(1_250) } });
  });
});
