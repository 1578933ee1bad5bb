import { describe, expect, test } from "vitest";
import { Desk, answer, tale } from "./desk.ts";

const HOUR = 3_600_000;

describe("a fund in shares", () => {
  test("sells at par, loses at one rate, and pays what shares are worth then", () => {
    const desk = new Desk();
    desk.market();
    const [alice, bob] = [desk.account(3_000), desk.account(4_000)];
    const fund = { tier: 1, fund: 2 };
    desk.must("setFundTerms", { ...fund, cooldown: HOUR, window: HOUR, minimum: 0, target: 0 });
    expect(answer(desk.send("stakeFund", { account: alice, ...fund, amount: 3_000 }))).toBe(
      "accepted 3000 3000",
    );
    // A gift of 3000 makes the price (6000 + 1000)/(3000 + 1000): 1000 buy ⌊1000·4000/7000⌋.
    desk.must("fundLayer", { account: bob, tier: 1, layer: 2, amount: 3_000 });
    const bought = desk.send("stakeFund", { account: bob, ...fund, amount: 1_000 });
    expect(answer(bought)).toBe("accepted 571 571");
    expect(tale(bought).at(-1)).toBe(`stakeMinted 2 ${bob} 1000 571 7000`);
    expect(answer(desk.send("requestUnstake", { account: bob, ...fund, shares: 572 }))).toBe(
      "shares_insufficient 571 572",
    );
    const requested = desk.send("requestUnstake", { account: bob, ...fund, shares: 571 });
    const unlocksAt = Number(answer(requested).split(" ")[1]);
    const withdraw = { account: bob, ...fund, shares: 571 };
    expect(answer(desk.send("withdrawStake", withdraw))).toBe(
      `unstake_cooling_down ${unlocksAt} ${unlocksAt - HOUR}`,
    );
    desk.time = unlocksAt + HOUR + 1;
    const late = desk.send("withdrawStake", withdraw);
    expect(answer(late)).toBe(`unstake_window_passed ${unlocksAt + HOUR} ${desk.time}`);
    desk.time = unlocksAt;
    // ⌊571·8000/4571⌋
    expect(answer(desk.send("withdrawStake", withdraw))).toBe("accepted 999 0");
    expect(desk.auditor.violations()).toEqual([]);
  });
});
