import { expect, test } from "vitest";
import type { Prediction } from "./auditor.ts";
import { Desk, type Trader } from "./desk.ts";

/** Numbers from 0 to below `limit`, the same for the same seed. */
function dice(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  };
}

/** A crowded market of thinly funded traders whose mark moves by up to 2 % at a time. */
class Crowd {
  readonly desk = new Desk();
  readonly #roll: (limit: number) => number;
  readonly #traders: Trader[];
  #mark = 1_000;

  constructor(seed: number) {
    this.#roll = dice(seed);
    this.desk.market({
      takerFee: 500,
      makerFee: -200,
      scaleBase: 200_000,
      oiLower: 10_000,
      oiUpper: 9_000_000,
    });
    this.desk.mark(this.#mark);
    this.#traders = Array.from({ length: 12 }, () => this.desk.trader(40_000));
  }

  act(): Prediction {
    const { desk } = this;
    const roll = this.#roll;
    desk.time += roll(30);
    const trader = this.#traders[roll(12)] ?? { account: 1, bucket: 1 };
    const quote = { account: trader.account, tier: 1, mode: 0, asset: 1, amount: 1 + roll(5_000) };
    const chance = roll(100);
    if (chance < 70) return this.#order(trader);
    if (chance < 80) {
      this.#mark = Math.max(100, this.#mark + roll(41) - 20);
      return desk.mark(this.#mark);
    }
    if (chance < 84)
      return desk.send("accrueFunding", { tier: 1, market: 1, rate: roll(2_000_001) - 1_000_000 });
    if (chance < 88) return desk.send("clockTick", { tier: 1 });
    if (chance < 91) return desk.deposit(trader.account, 1 + roll(5_000));
    if (chance < 94) return desk.send("allocate", quote);
    if (chance < 96) return desk.send("deallocate", quote);
    if (chance < 99) return desk.send("settleResidual", { tier: 1, bucket: trader.bucket, market: 1 });
    return desk.send("cancelAll", { account: trader.account, tier: 1, bucket: trader.bucket, market: 0 });
  }

  #order(trader: Trader): Prediction {
    const roll = this.#roll;
    const side = roll(2);
    const type = Math.max(0, roll(9) - 3);
    const isStop = type === 2 || type === 3;
    const firesRising = isStop === (side === 0);
    const timeInForce = [0, 0, 1, 2, 3][roll(5)] ?? 0;
    return this.desk.place(trader, side, 1 + roll(80), this.#mark + (roll(60) - 20) * (side === 0 ? -1 : 1), {
      type,
      timeInForce,
      trigger: type < 2 ? 0 : this.#mark + (1 + roll(30)) * (firesRising ? 1 : -1),
      expiry: timeInForce === 1 ? this.desk.time + 1 + roll(500) : 0,
      flags: roll(4) === 0 ? roll(4) : 0,
      selfTrade: roll(4),
    });
  }
}

test.each([1, 2, 3])(
  "a crowded market conserves, and a refused command changes nothing (seed %d)",
  (seed) => {
    const crowd = new Crowd(seed);
    const outcomes = new Set<string>();
    let before = crowd.desk.auditor.state();
    for (let count = 0; count < 1_500; count += 1) {
      const prediction = crowd.act();
      outcomes.add(prediction.outcome);
      for (const { name } of prediction.events) outcomes.add(name);

      expect(crowd.desk.auditor.violations()).toEqual([]);
      const after = crowd.desk.auditor.state();
      if (prediction.outcome !== "accepted") expect(after).toEqual(before);
      before = after;
    }
    // The crowd is only worth its time while it reaches the hard parts.
    for (const reached of [
      "fill",
      "fundingSettled",
      "orderTriggered",
      "orderRemoved",
      "margin_insufficient",
    ]) {
      expect(outcomes).toContain(reached);
    }
  },
);
