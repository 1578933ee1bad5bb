/** How much can leave: the bound of docs/spec/vault.md#bound, in a run on the venue and whatever else is done. */
import { WAY } from "@bulkhead/engine";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DAY, ExitDesk, HOUR, MINUTE, RECOMMENDED, type Release, mostIn } from "./exits.ts";
import { usd } from "./venue.ts";

const isThroughWindows = ({ way }: Release): boolean => way === WAY.atOnce || way === WAY.round;
/** Units of the second asset. */
const inUnits = (releases: readonly Release[]): { time: number; value: number }[] =>
  releases.filter(({ asset }) => asset === 2).map(({ time, amount }) => ({ time, value: amount }));
const isThroughLane = ({ way }: Release): boolean => way === WAY.lane;

/** A million dollars over so many accounts, each with more than the one before. */
function dollarsOf(crowd: number): number[] {
  const unit = 1_000_000 / ((crowd * (crowd + 1)) / 2);
  const dollars = Array.from({ length: crowd }, (_, index) => Math.floor((index + 1) * unit));
  const rest = 1_000_000 - dollars.reduce((sum, each) => sum + each, 0);
  return dollars.map((each, index) => (index === crowd - 1 ? each + rest : each));
}

describe("when everybody asks for everything at once", () => {
  const crowd = 60;
  const held = usd(1_000_000);

  /** Sixty accounts, each larger than the one before, ask; then somebody looks at the queue every minute. */
  function run(hours: number, lane: boolean): ExitDesk {
    const desk = new ExitDesk({ accounts: crowd, withdrawals: 2 * crowd });
    desk.throttleBy(lane ? RECOMMENDED : { ...RECOMMENDED, laneTotal: 0 });
    const dollars = dollarsOf(crowd);
    desk.settle(...dollars);
    dollars.forEach((each, index) => desk.request(index + 1, usd(each)));
    for (let minute = 0; minute < hours * 60; minute++) {
      desk.now += MINUTE;
      desk.release();
    }
    return desk;
  }

  test("two per cent leave, and two per cent an hour after that, and fifteen and fifteen a day", () => {
    const start = new ExitDesk().now + 3 * DAY;
    const desk = run(30, false);
    let left = 0;
    for (const { time, value } of desk.releases) {
      left += value;
      expect(left).toBeLessThanOrEqual(held * (0.02 + (0.02 * (time - start)) / HOUR));
      expect(left).toBeLessThanOrEqual(held * (0.15 + (0.15 * (time - start)) / DAY));
    }
    expect(left, "and it does leave").toBeGreaterThan(held * 0.25);
    expect(desk.engine.audit()).toEqual([]);
  });

  test("the lane adds two per cent a day at most, and lets the small ones out first", () => {
    const desk = run(24, true);
    const lane = desk.releases.filter(isThroughLane);
    expect(lane.reduce((sum, { value }) => sum + value, 0)).toBeLessThanOrEqual(held * 0.02);
    expect(desk.released({ account: 1 })).toBe(usd(546));
    expect(desk.releases.every(({ account }) => account >= 1)).toBe(true);
  });

  test("all who wait get the same part of what they asked for", () => {
    const desk = run(12, false);
    const passed = new Set(
      desk.releases.filter(({ way }) => way === WAY.atOnce).map(({ account }) => account),
    );
    const parts = dollarsOf(crowd)
      .map((asked, index) => ({
        account: index + 1,
        part: desk.released({ account: index + 1 }) / usd(asked),
      }))
      .filter(({ account }) => !passed.has(account))
      .map(({ part }) => part);
    expect(passed.size, "those who came first, before the window was empty").toBeLessThan(10);
    expect(Math.max(...parts) - Math.min(...parts)).toBeLessThan(0.000_01);
  });
});

describe("whatever is done", () => {
  const step = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constant("request"),
        account: fc.integer({ min: 1, max: 4 }),
        part: fc.integer({ min: 1, max: 100 }),
        asset: fc.integer({ min: 1, max: 2 }),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({ do: fc.constant("release"), count: fc.integer({ min: 1, max: 8 }) }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constant("wait"),
        ms: fc.oneof(
          fc.integer({ min: 1, max: 5_000 }),
          fc.integer({ min: MINUTE, max: HOUR }),
          fc.integer({ min: HOUR, max: 15 * DAY }),
        ),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant("deposit"),
        account: fc.integer({ min: 1, max: 4 }),
        amount: fc.integer({ min: 1, max: 900_000_000 }),
        asset: fc.integer({ min: 1, max: 2 }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant("posture"), posture: fc.integer({ min: 0, max: 3 }) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant("ratio"), ratio: fc.integer({ min: 0, max: 1_000_000 }) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant("price"), price: fc.integer({ min: 1, max: 20_000_000 }) }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("cancel"), index: fc.nat(30) }) },
  );
  type Step = { readonly do: string } & Readonly<
    Partial<
      Record<
        "account" | "part" | "asset" | "count" | "ms" | "amount" | "posture" | "ratio" | "price" | "index",
        number
      >
    >
  >;

  function follow(desk: ExitDesk, each: Step): void {
    const { account = 1, asset = 1 } = each;
    switch (each.do) {
      case "request":
        desk.send({ kind: "requestWithdrawal", account, asset, amount: (each.part ?? 1) * 3_000_000 });
        break;
      case "release":
        desk.release(each.count);
        break;
      case "wait":
        desk.now += each.ms ?? 0;
        break;
      case "deposit":
        desk.deposit(account, each.amount ?? 1, asset);
        break;
      case "posture":
        desk.send({ kind: "setThrottlePosture", posture: each.posture ?? 0 });
        break;
      case "ratio":
        desk.send({ kind: "setExitRatio", ratio: each.ratio ?? 0 });
        break;
      case "price":
        desk.send({ kind: "updateVaultPrice", asset: 2, price: each.price ?? 1 });
        break;
      default: {
        const slot = (each.index ?? 0) % 16;
        for (let generation = 1; generation < 4; generation++)
          desk.send({ kind: "cancelWithdrawal", account, withdrawal: generation * 2 ** 22 + slot + 1 });
      }
    }
  }

  test("no window of an hour or a day sees more than twice the largest cap leave through it", () => {
    const ways = new Set<number>();
    fc.assert(
      fc.property(fc.array(step, { minLength: 20, maxLength: 120 }), (steps) => {
        const desk = new ExitDesk();
        desk.throttleBy({ ...RECOMMENDED, throttleHourMinimum: 1_000, throttleDayMinimum: 1_000 });
        desk.settle(1_000, 1_000, 500, 1);
        for (const account of [1, 2]) desk.deposit(account, 400_000_000, 2);
        desk.age();
        const caps = { hour: 0, day: 0, lane: 0, assetHour: 0, assetDay: 0, assetLane: 0 };
        for (const each of steps) {
          follow(desk, each);
          const { hour, day, lane, assets } = desk.throttle;
          caps.hour = Math.max(caps.hour, hour.cap);
          caps.day = Math.max(caps.day, day.cap);
          caps.lane = Math.max(caps.lane, lane.cap);
          caps.assetHour = Math.max(caps.assetHour, assets[1]?.hour.cap ?? 0);
          caps.assetDay = Math.max(caps.assetDay, assets[1]?.day.cap ?? 0);
          caps.assetLane = Math.max(caps.assetLane, assets[1]?.lane.cap ?? 0);
        }
        for (const { way } of desk.releases) ways.add(way);
        const through = desk.releases.filter(isThroughWindows);
        expect(mostIn(HOUR, through)).toBeLessThanOrEqual(2 * caps.hour);
        expect(mostIn(DAY, through)).toBeLessThanOrEqual(2 * caps.day);
        expect(mostIn(HOUR, inUnits(through))).toBeLessThanOrEqual(2 * caps.assetHour);
        expect(mostIn(DAY, inUnits(through))).toBeLessThanOrEqual(2 * caps.assetDay);
        const lane = desk.releases.filter(isThroughLane);
        expect(mostIn(DAY, lane)).toBeLessThanOrEqual(2 * caps.lane);
        expect(mostIn(DAY, inUnits(lane))).toBeLessThanOrEqual(2 * caps.assetLane);
        expect(desk.engine.audit()).toEqual([]);
      }),
      { numRuns: 120 },
    );
    expect(ways, "every way was taken").toEqual(new Set(Object.values(WAY)));
  });
});
