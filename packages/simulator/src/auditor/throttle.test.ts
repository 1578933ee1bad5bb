import { describe, expect, test } from "vitest";
import { Desk, answer, idOf, tale } from "./desk.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Two accounts own a thousand each for days; 2 % an hour may leave, all of it at the end of the hour. */
function opened(): Desk {
  const desk = new Desk({ capacities: { withdrawals: 8 } });
  desk.must("setParameter", { tier: 0, market: 0, parameter: 49, value: 20_000 });
  desk.account(1_000);
  desk.account(1_000);
  for (let hour = 0; hour < 5; hour++) {
    desk.time += HOUR;
    desk.must("releaseWithdrawals", { count: 1 });
  }
  return desk;
}

const request = (desk: Desk, account: number, amount: number): string =>
  answer(desk.send("requestWithdrawal", { account, asset: 1, amount }));

describe("the throttle", () => {
  test("lets pass what it has room for, and queues the rest whole", () => {
    const desk = opened();
    expect(request(desk, 1, 41)).toBe(`accepted ${idOf(1)} 959 41 1`);
    expect(request(desk, 2, 40)).toBe(`accepted ${idOf(2)} 960 40 2`);
    expect(desk.auditor.state().throttle).toMatchObject({
      hour: { capacity: 40n, cap: 40n },
      queueLength: 2,
    });
    expect(desk.auditor.violations()).toEqual([]);
  });

  test("shares a round by size, a fifth at most, rounded up for who came first", () => {
    const desk = opened();
    request(desk, 1, 900);
    request(desk, 2, 41);
    const round = desk.send("releaseWithdrawals", { count: 9 });
    // Of 40 the first gets no more than 8, the second ⌈41·40/941⌉.
    expect(tale(round)).toEqual([
      `withdrawalReleased ${idOf(1)} 1 1 8 892 3`,
      `withdrawalReleased ${idOf(2)} 2 1 2 39 3`,
    ]);
    expect(answer(round)).toBe("accepted 2 2 2");
    expect(answer(desk.send("releaseWithdrawals", { count: 9 }))).toBe("accepted 0 0 2");
    expect(answer(desk.send("finaliseWithdrawal", { withdrawal: idOf(2), paid: 1 }))).toBe("accepted 2");
    expect(answer(desk.send("cancelWithdrawal", { account: 2, withdrawal: idOf(2) }))).toBe(
      "accepted 39 998",
    );
    expect(desk.auditor.violations()).toEqual([]);
  });

  test("opens after fourteen days", () => {
    const desk = opened();
    desk.must("setThrottlePosture", { posture: 3 });
    request(desk, 1, 900);
    desk.time += 14 * DAY;
    expect(tale(desk.send("releaseWithdrawals", { count: 1 }))).toEqual([
      `withdrawalReleased ${idOf(1)} 1 1 900 0 4`,
    ]);
  });

  test("has a lane for what was deposited before yesterday", () => {
    const desk = opened();
    desk.must("setParameter", { tier: 0, market: 0, parameter: 55, value: 30 });
    desk.must("setParameter", { tier: 0, market: 0, parameter: 56, value: 1_000_000 });
    expect(request(desk, 1, 100)).toBe(`accepted ${idOf(1)} 900 100 1`);
    desk.time += 2 * DAY;
    const prediction = desk.send("requestWithdrawal", { account: 1, asset: 1, amount: 100 });
    expect(tale(prediction)).toEqual([
      "balanceMoved 1 100 1000001 2",
      `withdrawalReleased ${idOf(2)} 1 1 30 70 2`,
      `withdrawalQueued ${idOf(2)} 1 1 70 2`,
    ]);
  });

  test("stays on, and loosens step by step", () => {
    const desk = opened();
    const set = { tier: 0, market: 0, parameter: 49, value: 0 };
    expect(answer(desk.send("setParameter", set))).toBe("throttle_stays_on 49 20000");
    desk.must("setThrottlePosture", { posture: 2 });
    expect(answer(desk.send("setThrottlePosture", { posture: 0 }))).toBe("posture_step 0 2");
    expect(answer(desk.send("setThrottlePosture", { posture: 1 }))).toBe(`posture_dwell ${desk.time} 900000`);
    desk.time += 900_000;
    expect(answer(desk.send("setThrottlePosture", { posture: 1 }))).toBe("accepted 2");
    expect(answer(desk.send("updateVaultPrice", { asset: 1, price: 5 }))).toBe("vault_price_is_fixed 1");
  });
});
