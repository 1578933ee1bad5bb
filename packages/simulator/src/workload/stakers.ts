/** Those who own funds: they stake, ask to leave too early and too late, give, and sweep. Time stands still for nobody: now and then it leaps. */
import type { Command } from "@bulkhead/engine";
import type { Dice } from "./dice.ts";
import type { Memory } from "./memory.ts";

const HOUR = 3_600_000;
const INSURANCE = 2;
const MUTUAL = 5;
const STRESS_MOVE = 57;
/** Few, so that what they do meets. */
const STAKERS = 6;

type Whim = "stake" | "request" | "withdraw" | "sweep" | "terms" | "give" | "share";

const WHIMS: Readonly<Record<Whim, number>> = {
  stake: 30,
  request: 25,
  withdraw: 30,
  sweep: 8,
  terms: 5,
  give: 6,
  share: 3,
};

export class Stakers {
  readonly #dice: Dice;
  readonly #memory: Memory;
  /** Shares that somebody asked to have back, by tier and account. */
  readonly #asked = new Map<string, number>();
  /** Shares bought, by tier and account; losses and mistakes are not followed. */
  readonly #held = new Map<string, number>();

  constructor(dice: Dice, memory: Memory) {
    this.#dice = dice;
    this.#memory = memory;
  }

  act(): Command {
    const dice = this.#dice;
    const { clock: time, accounts, tiers } = this.#memory;
    const tier = dice.happens(300) ? 0 : dice.between(1, Math.max(1, tiers.length));
    const fund = dice.happens(20) ? dice.between(2, 5) : tier === 0 ? MUTUAL : INSURANCE;
    const memo = accounts[dice.below(Math.min(STAKERS, accounts.length))];
    const account = memo?.id ?? 1;
    const whose = `${tier} ${account}`;
    const balance = memo?.balances.get(1) ?? 0;
    const amount = Math.max(1, dice.happens(300) ? dice.magnitude(1_000) : dice.magnitude(balance + 1));
    switch (dice.choose(WHIMS)) {
      case "stake":
        return { kind: "stakeFund", time, account, tier, fund, amount };
      case "request":
        return { kind: "requestUnstake", time, account, tier, fund, shares: this.#some(this.#held, whose) };
      case "withdraw": {
        const leap = dice.happens(15) ? HOUR + dice.below(HOUR * 3) : 0;
        const shares = this.#some(this.#asked, whose);
        return { kind: "withdrawStake", time: time + leap, account, tier, fund, shares };
      }
      case "sweep":
        return { kind: "sweepFees", time, tier: Math.max(1, tier) };
      case "terms": {
        const target = dice.happens(500) || tier === 0 ? 0 : dice.magnitude(2 ** 40);
        const minimum = dice.happens(600) ? 0 : dice.magnitude(2 ** 32);
        const window = HOUR * dice.between(1, 2);
        return { kind: "setFundTerms", time, tier, fund, cooldown: HOUR, window, minimum, target };
      }
      case "share": {
        const home = tiers[Math.max(1, tier) - 1];
        if (home !== undefined && dice.happens(500)) {
          const value = dice.pick([0, 200_000, 400_000, 900_000]);
          const market = dice.between(1, Math.max(1, home.markets.length));
          return { kind: "setParameter", time, tier: home.id, market, parameter: STRESS_MOVE, value };
        }
        const value = dice.below(600_001);
        return {
          kind: "setParameter",
          time,
          tier: Math.max(1, tier),
          market: 0,
          parameter: dice.between(40, 41),
          value,
        };
      }
      default:
        return { kind: "fundLayer", time, account, tier, layer: fund, amount };
    }
  }

  /** Notes what the engine answered to an accepted command. */
  learn(command: Command, facts: Float64Array): void {
    if (command.kind === "stakeFund") this.#held.set(`${command.tier} ${command.account}`, facts[1] ?? 0);
    if (command.kind === "withdrawStake") {
      const whose = `${command.tier} ${command.account}`;
      this.#held.set(whose, facts[1] ?? 0);
      this.#asked.set(whose, (this.#asked.get(whose) ?? 0) - command.shares);
    }
    if (command.kind === "requestUnstake") {
      this.#asked.set(`${command.tier} ${command.account}`, command.shares);
    }
  }

  /** All of them, some, or too many. */
  #some(shares: ReadonlyMap<string, number>, whose: string): number {
    const all = Math.max(1, shares.get(whose) ?? 1);
    return this.#dice.happens(400) ? all : Math.max(1, this.#dice.magnitude(all + Math.floor(all / 8) + 1));
  }
}
