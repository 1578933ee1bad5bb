/** A run on the venue: who wants out, who changes his mind, who pays, and who turns the throttle. */
import type { Command } from "@bulkhead/engine";
import type { Dice } from "./dice.ts";
import { deposit } from "./listings.ts";
import type { Memory } from "./memory.ts";
import type { Profile } from "./profile.ts";

type Errand =
  | "request"
  | "release"
  | "pay"
  | "cancel"
  | "deposit"
  | "price"
  | "posture"
  | "exitRatio"
  | "parameter";

const ERRANDS: Readonly<Record<Errand, number>> = {
  request: 160,
  release: 260,
  pay: 260,
  cancel: 40,
  deposit: 200,
  price: 30,
  posture: 30,
  exitRatio: 6,
  parameter: 14,
};

const NOBODYS = 2 ** 22 + 1;
/** Share of value or units, ppm, that a window may be given. */
const RATES = [500, 20_000, 50_000, 150_000, 400_000, 400_000, 1_000_000, 1_000_000] as const;
const PARAMETER = { first: 49, last: 56 } as const;

export class Treasury {
  readonly #dice: Dice;
  readonly #profile: Profile;
  readonly #memory: Memory;

  constructor(dice: Dice, profile: Profile, memory: Memory) {
    this.#dice = dice;
    this.#profile = profile;
    this.#memory = memory;
  }

  act(): Command {
    const dice = this.#dice;
    const time = this.#memory.clock;
    switch (dice.choose(ERRANDS)) {
      case "request":
        return this.#request();
      case "release":
        return { kind: "releaseWithdrawals", time, count: dice.happens(400) ? 256 : dice.magnitude(20) };
      case "pay":
        return {
          kind: "finaliseWithdrawal",
          time,
          withdrawal: this.#pending(),
          paid: dice.happens(900) ? 1 : 0,
        };
      case "cancel":
        return this.#cancel();
      case "deposit":
        return deposit(dice, this.#profile, this.#memory, this.#somebody(), this.#asset());
      case "price":
        return { kind: "updateVaultPrice", time, asset: dice.between(1, 4), price: this.#price() };
      case "posture":
        return { kind: "setThrottlePosture", time, posture: dice.pick([0, 0, 0, 0, 0, 0, 1, 1, 2, 3]) };
      case "exitRatio":
        return { kind: "setExitRatio", time, ratio: dice.happens(800) ? 0 : dice.magnitude(1_000_000) };
      default:
        return this.#parameter();
    }
  }

  /** Little of a balance, or all of it. */
  #request(): Command {
    const dice = this.#dice;
    const account = this.#somebody();
    const asset = this.#asset();
    const balance = this.#memory.accounts[account - 1]?.balances.get(asset) ?? 0;
    const most = Math.max(1, balance);
    const small = dice.happens(600) ? dice.magnitude(2_000e6) : dice.magnitude(most);
    const amount = dice.happens(150) ? most : small;
    return { kind: "requestWithdrawal", time: this.#memory.clock, account, asset, amount };
  }

  #cancel(): Command {
    const dice = this.#dice;
    const { pending, clock: time } = this.#memory;
    const withdrawal = this.#pending();
    const owner = pending.get(withdrawal) ?? this.#somebody();
    const account = dice.happens(900) ? owner : this.#somebody();
    return { kind: "cancelWithdrawal", time, account, withdrawal };
  }

  /** Mostly what a venue would set, at times far out. A window that is on stays on. */
  #parameter(): Command {
    const dice = this.#dice;
    const parameter = dice.between(PARAMETER.first, PARAMETER.last);
    const time = this.#memory.clock;
    return { kind: "setParameter", time, tier: 0, market: 0, parameter, value: this.#value(parameter) };
  }

  #value(parameter: number): number {
    const dice = this.#dice;
    if (dice.happens(80)) return dice.pick([-1, 0, 2 ** 53 - 1]);
    switch (parameter) {
      case 51:
      case 52:
        return dice.happens(500) ? 0 : dice.magnitude(dice.happens(100) ? 2 ** 50 : 5_000e6);
      case 55:
        return dice.pick([0, 1_000e6, 1_000e6, 50_000e6]);
      default:
        return dice.pick(RATES);
    }
  }

  /** Near a dollar a unit's worth, at times absurd. */
  #price(): number {
    const dice = this.#dice;
    return dice.happens(100) ? dice.magnitude(1e15) : dice.between(200_000_000, 400_000_000);
  }

  #pending(): number {
    const { pending } = this.#memory;
    const ids = [...pending.keys()];
    return ids.length === 0 ? NOBODYS : this.#dice.pick(ids);
  }

  #somebody(): number {
    const { accounts } = this.#memory;
    return accounts.length === 0 ? 1 : this.#dice.pick(accounts).id;
  }

  #asset(): number {
    return this.#dice.happens(700) ? 1 : this.#dice.between(2, 4);
  }
}
