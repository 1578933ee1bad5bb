/**
 * Those who have insurance funds lend to one another: they open two tiers to it, ask, lend and draw, in that order and in others, and let
 * time pass until asks and pledges lapse.
 */
import type { Command } from "@bulkhead/engine";
import type { Dice } from "./dice.ts";
import type { Memory } from "./memory.ts";

const HOUR = 3_600_000;
const INSURANCE = 2;
export const LENDING = 62;
export const BORROWING = 63;
export const REPAYMENT = 64;
/** Parts per thousand of a scheme's commands that are left out, and of those before which hours pass. */
const FORGOTTEN = 120;
const LEAPS = 8;
/** Parts per thousand of what is sent that belongs to no scheme. */
const STRAY = 200;

export class Lenders {
  readonly #dice: Dice;
  readonly #memory: Memory;
  readonly #scheme: Command[] = [];

  /** True in the middle of a scheme, which is soon to go on: asks do not wait for long. */
  get isBusy(): boolean {
    return this.#scheme.length > 0;
  }

  constructor(dice: Dice, memory: Memory) {
    this.#dice = dice;
    this.#memory = memory;
  }

  /** Its time is for the caller to say, unless it lies in the future. */
  act(): Command {
    const dice = this.#dice;
    const time = this.#memory.clock + (dice.happens(LEAPS) ? HOUR * dice.between(1, 25) : 0);
    if (dice.happens(STRAY)) return { ...this.#stray(), time };
    if (this.#scheme.length === 0) {
      const whole = this.#begin();
      this.#scheme.push(...whole.filter(() => !dice.happens(FORGOTTEN)));
    }
    return { ...(this.#scheme.shift() ?? this.#stray()), time };
  }

  #begin(): Command[] {
    const dice = this.#dice;
    const { clock: time, accounts } = this.#memory;
    const [lender, borrower] = [this.#tier(), this.#tier()];
    const memo = accounts.length === 0 ? undefined : dice.pick(accounts);
    const account = memo?.id ?? 1;
    const gift = Math.max(1, Math.floor((memo?.balances.get(1) ?? 0) / dice.between(1, 20)));
    const little = dice.magnitude(2 ** 24);
    const much = dice.happens(600) ? 2 ** 40 : dice.magnitude(2 ** 36);
    return [
      this.#terms(lender, little),
      this.#set(lender, LENDING, dice.pick([100_000, 250_000, 500_000])),
      { kind: "fundLayer", time, account, tier: lender, layer: INSURANCE, amount: gift },
      this.#terms(borrower, much),
      this.#set(borrower, BORROWING, dice.happens(800) ? 2 ** 40 : dice.magnitude(2 ** 30)),
      this.#set(borrower, REPAYMENT, dice.pick([1, 300_000, 1_000_000])),
      { kind: "drawInsurance", time, tier: borrower },
      { kind: "lendInsurance", time, tier: lender, borrower },
      { kind: "drawInsurance", time, tier: borrower },
      { kind: "sweepFees", time, tier: borrower },
      { kind: "sweepFees", time, tier: lender },
    ];
  }

  #stray(): Command {
    const dice = this.#dice;
    const { clock: time } = this.#memory;
    const tier = this.#tier();
    switch (dice.below(5)) {
      case 0:
        return { kind: "lendInsurance", time, tier, borrower: this.#tier() };
      case 1:
        return { kind: "drawInsurance", time, tier };
      case 2:
        return this.#set(tier, dice.pick([LENDING, REPAYMENT]), dice.pick([0, 50_000, 500_000]));
      case 3:
        return this.#terms(tier, dice.happens(200) ? 0 : dice.magnitude(2 ** 38));
      default:
        return { kind: "sweepFees", time, tier };
    }
  }

  #terms(tier: number, target: number): Command {
    const dice = this.#dice;
    const minimum = dice.happens(800) ? 0 : dice.magnitude(2 ** 26);
    const { clock: time } = this.#memory;
    return {
      kind: "setFundTerms",
      time,
      tier,
      fund: INSURANCE,
      cooldown: HOUR,
      window: HOUR,
      minimum,
      target,
    };
  }

  #set(tier: number, parameter: number, value: number): Command {
    return { kind: "setParameter", time: this.#memory.clock, tier, market: 0, parameter, value };
  }

  #tier(): number {
    return this.#dice.between(1, Math.max(1, this.#memory.tiers.length));
  }
}
