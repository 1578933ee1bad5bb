/** The way out of the vault: what passes at once, what waits, who goes first, and that nobody waits for ever. */
import { WAY, withdrawalView, balanceView, limits } from "@bulkhead/engine";
import { describe, expect, test } from "vitest";
import { DAY, ExitDesk, HOUR, MINUTE, RECOMMENDED, type Terms } from "./exits.ts";
import { usd } from "./venue.ts";

const HOURLY: Terms = { throttleHour: 20_000 };

/** A throttled desk whose accounts have owned these dollars for days. */
function opened(terms: Terms, ...dollars: readonly number[]): ExitDesk {
  const desk = new ExitDesk({ withdrawals: 64 });
  desk.throttleBy(terms);
  desk.settle(...dollars);
  return desk;
}

describe("a venue that sets no window", () => {
  test("releases at once, silently, as if there were no throttle", () => {
    const desk = new ExitDesk();
    const [alice = 0] = desk.settle(100);
    const receipt = desk.request(alice, usd(100));
    expect(receipt.facts).toMatchObject({ balance: 0, queued: 0, place: 0 });
    expect(receipt.events.map(({ event }) => event)).toEqual(["balanceMoved"]);
    const withdrawal = receipt.facts["withdrawal"] ?? 0;
    expect(withdrawalView(desk.engine.venue, withdrawal)).toMatchObject({
      released: usd(100),
      place: 0,
      worstWait: 0,
    });
    desk.expectAccepted({ kind: "finaliseWithdrawal", withdrawal, paid: 1 });
    expect(desk.throttle.isOn).toBe(false);
  });
});

describe("a request", () => {
  test("passes whole while the windows have room and nobody waits for the asset", () => {
    const desk = opened(HOURLY, 100_000);
    const receipt = desk.request(1, usd(2_000));
    expect(receipt.facts).toMatchObject({ queued: 0, place: 0 });
    expect(receipt.events.map(({ event }) => event)).toEqual(["balanceMoved", "withdrawalReleased"]);
    expect(desk.releases).toMatchObject([{ amount: usd(2_000), way: WAY.atOnce }]);
    expect(desk.throttle.hour).toEqual({ capacity: 0, cap: usd(2_000) });
  });

  test("larger than the room is queued whole, and so is everyone behind it", () => {
    const desk = opened(HOURLY, 100_000, 10);
    expect(desk.request(1, usd(2_001)).facts).toMatchObject({ queued: usd(2_001), place: 1 });
    expect(desk.request(2, usd(1)).facts).toMatchObject({ queued: usd(1), place: 2 });
    expect(desk.throttle).toMatchObject({ queueLength: 2, queueValue: usd(2_002) });
  });

  test("for another asset does not wait behind it", () => {
    const desk = opened({ ...HOURLY, throttleAssetHour: 20_000 }, 100_000, 0);
    desk.deposit(2, 5_000_000, 2);
    desk.age();
    desk.request(1, usd(100_000));
    desk.now += MINUTE;
    desk.release();
    desk.releases.length = 0;
    expect(desk.request(2, 100_000, 2).facts).toMatchObject({ queued: 0 });
    expect(desk.releases).toMatchObject([{ asset: 2, amount: 100_000, way: WAY.atOnce }]);
  });

  test("for an asset without a price waits for the guaranteed exit, and holds up nobody", () => {
    const desk = opened({ ...HOURLY, laneUser: usd(1_000), laneTotal: 20_000 }, 100_000);
    desk.listAsset();
    desk.deposit(1, 1_000, 3);
    desk.age();
    const withdrawal = desk.idOf(1, 1_000, 3);
    desk.request(1, usd(10));
    expect(desk.releases).toMatchObject([{ asset: 1, way: WAY.atOnce }]);
    for (let day = 1; day < 14; day++) {
      desk.now += DAY;
      expect(desk.release().facts).toMatchObject({ released: 0, length: 1 });
    }
    desk.now += DAY;
    desk.release();
    expect(desk.releases.at(-1)).toMatchObject({ withdrawal, amount: 1_000, way: WAY.exit });
  });

  test("splits a value it cannot cover against itself: prices are rounded up on the way out", () => {
    const desk = opened({ throttleHour: 1, throttleHourMinimum: 3 }, 0);
    desk.expectAccepted({ kind: "updateVaultPrice", asset: 2, price: 1_001 });
    desk.deposit(1, 4, 2);
    desk.now += MINUTE;
    // A unit costs 1.001 micro-dollars, hence 2: one passes where the window holds three, two would cost 2.002, hence 3, and pass too.
    expect(desk.request(1, 2, 2).facts).toMatchObject({ queued: 0 });
    expect(desk.throttle.hour.capacity).toBe(0);
  });
});

describe("windows", () => {
  test("refill to the last fraction, however often they are looked at", () => {
    const rare = opened(HOURLY, 100_000);
    const often = opened(HOURLY, 100_000);
    for (const desk of [rare, often]) desk.request(1, usd(2_000));
    for (let step = 0; step < 777; step++) {
      often.now += 1;
      often.release(1);
    }
    rare.now += 777;
    rare.release(1);
    expect(often.throttle.hour).toEqual(rare.throttle.hour);
    // 98 000 dollars are left, of which 2 % refill in 3 600 000 ms.
    expect(rare.throttle.hour.capacity).toBe(Math.floor((usd(1_960) * 777) / HOUR));
  });

  test("of an asset with few units fill all the same", () => {
    const desk = opened({ throttleAssetHour: 20_000 }, 0);
    desk.deposit(1, 150, 2);
    desk.age();
    desk.request(1, 3, 2);
    for (let step = 0; step < HOUR / 7_200; step++) {
      desk.now += 7_200;
      desk.release(1);
    }
    expect(desk.throttle.assets[1]?.hour).toEqual({ capacity: 2, cap: 2 });
  });

  test("do not grow by deposits younger than an hour, and by no more than an hour's share after", () => {
    const desk = opened(HOURLY, 100_000, 0);
    desk.deposit(2, usd(1_000_000));
    for (let minute = 1; minute <= 60; minute++) {
      desk.now += MINUTE;
      desk.release(1);
      expect(desk.throttle.hour.cap).toBe(usd(2_000));
    }
    desk.now += HOUR;
    desk.release(1);
    expect(desk.throttle.hour).toEqual({ capacity: usd(2_000), cap: usd(22_000) });
    desk.now += HOUR / 2;
    desk.release(1);
    expect(desk.throttle.hour.capacity).toBe(usd(13_000));
  });

  test("count none of the deposits of two hours that follow one another", () => {
    const desk = opened(HOURLY, 100_000, 0);
    desk.now += HOUR - 1;
    desk.deposit(2, usd(1_000_000));
    desk.now += 1;
    desk.deposit(2, usd(1_000_000));
    desk.now += HOUR - 1;
    desk.release(1);
    expect(desk.throttle.hour.cap).toBe(usd(2_000));
    desk.now += 1;
    desk.release(1);
    expect(desk.throttle.hour.cap).toBe(usd(22_000));
    desk.now += HOUR;
    desk.release(1);
    expect(desk.throttle.hour.cap).toBe(usd(42_000));
  });

  test("are full, and no more, after a century of silence", () => {
    const desk = opened(RECOMMENDED, 1_000_000_000);
    desk.request(1, usd(10_000_000));
    desk.now += 36_500 * DAY;
    desk.release(1);
    const { hour, day, lane } = desk.throttle;
    for (const { capacity, cap } of [hour, day, lane]) expect(capacity).toBe(cap);
  });

  test("are not pumped by money that goes in and out again", () => {
    const desk = opened(HOURLY, 100_000, 0);
    for (let round = 0; round < 5; round++) {
      desk.deposit(2, usd(500_000));
      desk.request(2, usd(400));
    }
    desk.now += MINUTE;
    desk.release(1);
    expect(desk.throttle.hour.cap).toBeLessThanOrEqual(usd(2_000));
    expect(desk.released()).toBe(usd(2_000));
  });

  test("count what is left: the cap falls with what has left", () => {
    const desk = opened(HOURLY, 100_000);
    desk.request(1, usd(2_000));
    desk.now += HOUR;
    desk.release(1);
    expect(desk.throttle.hour).toEqual({ capacity: usd(1_960), cap: usd(1_960) });
  });

  test("have a minimum, so that a small venue is not a trap", () => {
    const desk = opened({ throttleHour: 20_000, throttleHourMinimum: usd(500) }, 1_000);
    expect(desk.throttle.hour.cap).toBe(usd(500));
    expect(desk.request(1, usd(500)).facts).toMatchObject({ queued: 0 });
  });

  test("of a day hold what those of an hour would give", () => {
    const desk = opened({ throttleHour: 20_000, throttleDay: 50_000 }, 100_000);
    let passed = 0;
    for (let hour = 0; hour < 3; hour++) {
      if (desk.request(1, usd(1_900)).facts["queued"] === 0) passed++;
      desk.now += HOUR;
    }
    expect(passed).toBe(2);
  });
});

describe("a change of the throttle", () => {
  test("by posture cuts at once and grows back with time, one step a quarter of an hour", () => {
    const desk = opened({ throttleHour: 20_000, throttleDay: 150_000 }, 100_000);
    const caps = (): number[] => [desk.throttle.hour, desk.throttle.day].map(({ cap }) => cap);
    expect(caps()).toEqual([usd(2_000), usd(15_000)]);
    for (const [posture, hour, day] of [
      [1, 1_000, 10_000],
      [2, 500, 5_000],
      [3, 250, 2_500],
    ] as const) {
      desk.expectAccepted({ kind: "setThrottlePosture", posture });
      expect(caps()).toEqual([usd(hour), usd(day)]);
      expect(desk.throttle.hour.capacity).toBe(usd(hour));
    }
    for (const posture of [2, 1, 0]) {
      desk.now += 15 * MINUTE - 1;
      desk.expectRefused({ kind: "setThrottlePosture", posture }, "posture_dwell", {
        since: desk.throttle.postureAt,
        required: 15 * MINUTE,
      });
      desk.now += 1;
      desk.expectAccepted({ kind: "setThrottlePosture", posture });
    }
    // Three quarters of an hour at 250, 500 and 1 000 an hour, on top of the 250 that was left, but never more than the cap.
    expect(desk.throttle.hour).toEqual({ capacity: usd(250 + 125 + 250), cap: usd(2_000) });
  });

  test("says nothing of a posture that is already taken, nor does it start to be kept anew", () => {
    const desk = opened(HOURLY, 1_000);
    desk.expectAccepted({ kind: "setThrottlePosture", posture: 2 });
    const since = desk.throttle.postureAt;
    desk.now += 10 * MINUTE;
    desk.expectAccepted({ kind: "setThrottlePosture", posture: 2 });
    expect(desk.throttle.postureAt).toBe(since);
  });

  test("by exit ratio narrows every cap, and 0 makes them whole", () => {
    const desk = opened(RECOMMENDED, 100_000);
    const { lane } = desk.throttle;
    desk.expectAccepted({ kind: "setExitRatio", ratio: 400_000 });
    const { hour, day, assets } = desk.throttle;
    expect([hour.cap, day.cap, assets[0]?.hour.cap]).toEqual([usd(800), usd(6_000), usd(800)]);
    expect(desk.throttle.lane).toEqual(lane);
    desk.expectAccepted({ kind: "setExitRatio", ratio: 0 });
    expect(desk.throttle.hour).toEqual({ capacity: usd(800), cap: usd(2_000) });
  });

  test("by a parameter gives nothing for the time before it", () => {
    const desk = opened(HOURLY, 100_000);
    desk.request(1, usd(2_000));
    desk.now += HOUR / 2;
    desk.throttleBy({ throttleHour: 1_000_000 });
    expect(desk.throttle.hour).toEqual({ capacity: usd(980), cap: usd(98_000) });
  });

  test("by a price gives nothing for the time before it, and an asset's own windows do not mind", () => {
    const desk = opened(RECOMMENDED, 100_000);
    desk.deposit(1, 50_000_000, 2);
    desk.age();
    const before = desk.throttle;
    desk.expectAccepted({ kind: "updateVaultPrice", asset: 2, price: usd(1_000_000) });
    expect(desk.throttle.hour.capacity).toBe(before.hour.capacity);
    expect(desk.throttle.assets[1]).toMatchObject({ hour: { cap: 1_000_000 }, day: { cap: 7_500_000 } });
    desk.expectAccepted({ kind: "updateVaultPrice", asset: 2, price: 1 });
    expect(desk.request(1, 1_000_001, 2).facts).toMatchObject({ queued: 1 });
    expect(desk.throttle.assets[1]?.lane.capacity).toBe(0);
  });
});

describe("the queue", () => {
  test("is served in rounds: by size, no account more than a fifth, the rest is kept for later", () => {
    const desk = opened(HOURLY, 50_000, 30_000, 10_000, 10_000);
    [50_000, 30_000, 10_000, 10_000].forEach((dollars, index) => desk.request(index + 1, usd(dollars)));
    desk.now += MINUTE;
    expect(desk.release().facts).toEqual({ seen: 4, released: 4, length: 4 });
    expect(desk.releases.map(({ amount }) => amount)).toEqual([usd(400), usd(400), usd(200), usd(200)]);
    expect(desk.throttle.hour.capacity).toBe(usd(800));
    // No second round within the minute.
    expect(desk.release().facts).toEqual({ seen: 0, released: 0, length: 4 });
  });

  test("counts the requests of an account together", () => {
    const desk = opened(HOURLY, 60_000, 40_000);
    for (let part = 0; part < 6; part++) desk.request(1, usd(10_000));
    desk.request(2, usd(40_000));
    desk.now += MINUTE;
    desk.release();
    expect([desk.released({ account: 1 }), desk.released({ account: 2 })]).toEqual([usd(400), usd(400)]);
  });

  test("gives equals the same, and the odd unit to who came first", () => {
    const desk = opened({ throttleAssetHour: 20_000 }, 0, 0, 0, 0, 0, 0, 0);
    for (let account = 1; account <= 7; account++) desk.deposit(account, 50, 2);
    desk.age();
    for (let account = 1; account <= 7; account++) desk.request(account, 50, 2);
    desk.now += MINUTE;
    desk.release();
    // 2 % of 350 are 7: a seventh for everybody, one unit.
    expect(desk.releases.map(({ amount }) => amount)).toEqual([1, 1, 1, 1, 1, 1, 1]);
    desk.now += HOUR;
    desk.releases.length = 0;
    desk.release();
    // Of 343 that are left it is 6 an hour.
    expect(desk.releases.map(({ account }) => account)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test("grants an asset no more than its part, though everybody's part is rounded up", () => {
    const desk = opened(HOURLY, 100_000, 0, 0, 0, 0, 0, 0, 0);
    desk.expectAccepted({ kind: "updateVaultPrice", asset: 2, price: usd(10_000) });
    for (let account = 2; account <= 8; account++) desk.deposit(account, 10, 2);
    desk.age();
    desk.request(1, usd(2_000));
    desk.request(1, usd(97_000));
    for (let account = 2; account <= 8; account++) desk.request(account, 10, 2);
    desk.now += HOUR;
    desk.release();
    // 1 974 dollars may leave, 700 of 97 700 dollars wait for asset 2: 1.41 of 70 units, hence 2; a seventh of that is one.
    const served = desk.releases.filter(({ asset }) => asset === 2);
    expect(served.map(({ account, amount }) => [account, amount])).toEqual([
      [2, 1],
      [3, 1],
    ]);
  });

  test("goes on with a round where the last command left it, and newcomers wait for the next", () => {
    const desk = opened(HOURLY, 25_000, 25_000, 25_000, 25_000);
    for (const account of [1, 2, 3]) desk.request(account, usd(20_000));
    desk.now += MINUTE;
    expect(desk.release(2).facts).toEqual({ seen: 2, released: 2, length: 3 });
    desk.request(4, usd(20_000));
    expect(desk.release().facts).toEqual({ seen: 1, released: 1, length: 4 });
    expect(desk.releases.map(({ account }) => account)).toEqual([1, 2, 3]);
    desk.now += MINUTE;
    desk.release();
    expect(desk.releases.slice(3).map(({ account }) => account)).toEqual([1, 2, 3, 4]);
  });

  test("goes on with a round when those to come have left it", () => {
    const desk = opened(HOURLY, 25_000, 25_000, 25_000, 25_000);
    const ids = [1, 2, 3, 4].map((account) => desk.idOf(account, usd(20_000)));
    desk.now += MINUTE;
    desk.release(1);
    for (const account of [2, 4]) {
      const withdrawal = ids[account - 1] ?? 0;
      desk.expectAccepted({ kind: "cancelWithdrawal", account, withdrawal });
    }
    expect(desk.engine.audit()).toEqual([]);
    expect(desk.release().facts).toEqual({ seen: 1, released: 1, length: 2 });
    expect(desk.releases.map(({ account }) => account)).toEqual([1, 3]);
    expect(desk.throttle.isRoundOver).toBe(true);
  });

  test("tells everybody his place and how long he waits at worst", () => {
    const desk = opened(HOURLY, 50_000, 50_000);
    const first = desk.idOf(1, usd(40_000));
    desk.now += HOUR;
    const second = desk.idOf(2, usd(40_000));
    desk.now += MINUTE;
    desk.release();
    const view = (id: number): unknown => withdrawalView(desk.engine.venue, id);
    expect(view(first)).toMatchObject({ place: 1, worstWait: 14 * DAY - HOUR - MINUTE });
    expect(view(second)).toMatchObject({ place: 2, worstWait: 14 * DAY - MINUTE });
  });

  test("pays what is released and keeps the rest", () => {
    const desk = opened(HOURLY, 100_000);
    const withdrawal = desk.idOf(1, usd(50_000));
    desk.expectRefused({ kind: "finaliseWithdrawal", withdrawal, paid: 1 }, "withdrawal_not_released", {
      withdrawal,
      queued: usd(50_000),
    });
    desk.now += MINUTE;
    desk.release();
    expect(desk.expectAccepted({ kind: "finaliseWithdrawal", withdrawal, paid: 1 }).facts).toEqual({
      amount: usd(400),
    });
    expect(withdrawalView(desk.engine.venue, withdrawal)).toMatchObject({
      amount: usd(49_600),
      released: 0,
      place: 1,
    });
    expect(desk.engine.audit()).toEqual([]);
  });

  test("gives back what is queued to who cancels, and not what is released", () => {
    const desk = opened(HOURLY, 100_000);
    const withdrawal = desk.idOf(1, usd(50_000));
    desk.now += MINUTE;
    desk.release();
    const receipt = desk.expectAccepted({ kind: "cancelWithdrawal", account: 1, withdrawal });
    expect(receipt.facts).toEqual({ amount: usd(49_600), balance: usd(99_600) });
    expect(receipt.events.map(({ event }) => event)).toEqual(["withdrawalCancelled", "balanceMoved"]);
    expect(desk.expectAccepted({ kind: "finaliseWithdrawal", withdrawal, paid: 0 }).facts).toEqual({
      amount: usd(400),
    });
    expect(balanceView(desk.engine.venue, 1, 1)).toBe(usd(100_000));
    expect(withdrawalView(desk.engine.venue, withdrawal)).toBeUndefined();
  });
});

describe("the small-user lane", () => {
  const NARROW: Terms = { throttleHour: 1, laneUser: usd(1_000), laneTotal: 20_000 };

  test("lets the first dollars of an account and day out at once, and queues the rest", () => {
    const desk = opened(NARROW, 100_000);
    const { facts, events } = desk.request(1, usd(2_500));
    expect(facts).toMatchObject({ queued: usd(1_500), place: 1 });
    expect(events.map(({ event }) => event)).toEqual([
      "balanceMoved",
      "withdrawalReleased",
      "withdrawalQueued",
    ]);
    expect(desk.releases).toMatchObject([{ amount: usd(1_000), way: WAY.lane }]);
    expect(desk.request(1, usd(1)).facts).toMatchObject({ queued: usd(1) });
    desk.now += DAY;
    expect(desk.request(1, usd(1_000)).facts).toMatchObject({ queued: 0, place: 0 });
  });

  test("counts dollars over all assets", () => {
    const desk = opened(NARROW, 100_000);
    desk.deposit(1, 20_000_000, 2);
    desk.age();
    desk.request(1, 300_000, 2);
    desk.request(1, usd(1_000));
    expect(desk.releases).toMatchObject([
      { asset: 2, amount: 300_000 },
      { asset: 1, amount: usd(400) },
    ]);
  });

  test("is not for deposits of this day or the one before, but a stranger's deposit takes nothing from what is older", () => {
    const desk = opened(NARROW, 100_000, 0);
    desk.deposit(2, usd(500));
    desk.deposit(1, 1);
    expect(desk.request(2, usd(500)).facts).toMatchObject({ queued: usd(500) });
    expect(desk.request(1, usd(1_000)).facts).toMatchObject({ queued: 0 });
    desk.deposit(2, usd(500));
    desk.now += 2 * DAY;
    expect(desk.request(2, usd(500)).facts).toMatchObject({ queued: 0 });
  });

  test("is bounded in all, and fills up again over a day", () => {
    const desk = opened({ ...NARROW, laneUser: usd(50_000) }, 100_000, 1_000);
    expect(desk.request(1, usd(5_000)).facts).toMatchObject({ queued: usd(3_020 - 40) });
    expect(desk.request(2, usd(1_000)).facts).toMatchObject({ queued: usd(1_000) });
    desk.now += DAY / 2;
    desk.release(1);
    expect(desk.throttle.lane.capacity).toBe(usd((101_000 - 2_020) * 0.01));
  });

  test("stays as wide when the posture is strict", () => {
    const desk = opened(NARROW, 100_000);
    desk.expectAccepted({ kind: "setThrottlePosture", posture: 3 });
    desk.expectAccepted({ kind: "setExitRatio", ratio: 1 });
    expect(desk.request(1, usd(1_000)).facts).toMatchObject({ queued: 0 });
  });
});

describe("the guaranteed exit", () => {
  test("opens after fourteen days, whatever posture, ratio and windows say, oldest first", () => {
    const desk = opened(HOURLY, 60_000, 40_000);
    desk.expectAccepted({ kind: "setThrottlePosture", posture: 3 });
    desk.expectAccepted({ kind: "setExitRatio", ratio: 1 });
    desk.request(1, usd(60_000));
    desk.now += DAY;
    desk.request(2, usd(40_000));
    desk.now += 13 * DAY - 1;
    desk.release();
    expect(desk.released({ way: WAY.exit })).toBe(0);
    desk.now += 1;
    desk.release();
    expect(desk.releases.filter(({ way }) => way === WAY.exit)).toMatchObject([{ account: 1 }]);
    expect(desk.released({ account: 1 })).toBe(usd(60_000));
    desk.now += DAY;
    desk.release();
    expect(desk.released()).toBe(usd(100_000));
    expect(desk.throttle.queueLength).toBe(0);
    expect(desk.engine.audit()).toEqual([]);
  });

  test("is not held up by a crowd: every command lets out as many as it looks at", () => {
    const crowd = 600;
    const desk = new ExitDesk({ accounts: 4, withdrawals: crowd });
    desk.throttleBy(HOURLY);
    const [alice = 0] = desk.settle(100_000);
    for (let each = 0; each < crowd; each++) desk.request(alice, usd(each === 0 ? 90_000 : 1));
    desk.now += 14 * DAY;
    expect(desk.release().facts).toEqual({ seen: 256, released: 256, length: crowd - 256 });
    expect(desk.release().facts).toEqual({ seen: 256, released: 256, length: crowd - 512 });
    expect(desk.release(limits.MAX_RELEASES).facts).toEqual({ seen: 88, released: 88, length: 0 });
  });
});
