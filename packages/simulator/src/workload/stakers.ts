/** Those who own funds: they stake, ask to leave too early and too late, give, and sweep. Time stands still for nobody: now and then it leaps. */
import type { Command } from "@bulkhead/engine";
import type { Dice } from "./dice.ts";
import type { Memory } from "./memory.ts";

const HOUR = 3_600_000;
const INSURANCE = 2;
const MUTUAL = 5;
const BACKSTOP = 7;
const STRESS_MOVE = 57;
/** Few, so that what they do meets. */
const STAKERS = 6;

/** Parts per thousand of all redemptions before which time leaps to when they are allowed. */
const LEAPS = 40;
const NOBODY: ReadonlyMap<string, number> = new Map();

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
  /** Shares that somebody asked to have back, by tier, fund and account. */
  readonly #asked = new Map<string, number>();
  /** Shares bought, by tier, fund and account; losses and mistakes are not followed. */
  readonly #held = new Map<string, number>();

  /** From when on somebody may fetch them. */
  readonly #unlocks = new Map<string, number>();

  constructor(dice: Dice, memory: Memory) {
    this.#dice = dice;
    this.#memory = memory;
  }

  act(): Command {
    const dice = this.#dice;
    const { clock: time } = this.#memory;
    const whim = dice.choose(WHIMS);
    const { tier, fund, account } = this.#who(whim);
    const balance = this.#memory.accounts[account - 1]?.balances.get(1) ?? 0;
    const whose = `${tier} ${fund} ${account}`;
    const tiny = fund === BACKSTOP ? 100 : 300;
    const amount = Math.max(1, dice.happens(tiny) ? dice.magnitude(1_000) : dice.magnitude(balance + 1));
    const { tiers } = this.#memory;
    switch (whim) {
      case "stake":
        return { kind: "stakeFund", time, account, tier, fund, amount };
      case "request":
        return { kind: "requestUnstake", time, account, tier, fund, shares: this.#some(this.#held, whose) };
      case "withdraw": {
        const shares = this.#some(this.#asked, whose);
        const unlocked = (this.#unlocks.get(whose) ?? time) + dice.below(HOUR);
        const then = dice.happens(LEAPS) ? Math.max(time, unlocked) : time;
        return { kind: "withdrawStake", time: then, account, tier, fund, shares };
      }
      case "sweep":
        return { kind: "sweepFees", time, tier: Math.max(1, tier) };
      case "terms": {
        const isInsurance = tier !== 0 && fund === INSURANCE;
        const target = dice.happens(isInsurance ? 500 : 950) ? 0 : dice.magnitude(2 ** 40);
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
        return { kind: "fundLayer", time, account, tier, layer: tier === 0 ? MUTUAL : INSURANCE, amount };
    }
  }

  /** Anybody; or, to ask or to fetch, mostly somebody who can. */
  #who(whim: Whim): { readonly tier: number; readonly fund: number; readonly account: number } {
    const dice = this.#dice;
    const known = whim === "request" ? this.#held : whim === "withdraw" ? this.#asked : NOBODY;
    const able = [...known].filter(([, shares]) => shares > 0);
    if (able.length > 0 && dice.happens(750)) {
      const [tier = 0, fund = 0, account = 0] = dice.pick(able)[0].split(" ").map(Number);
      return { tier, fund, account };
    }
    const { accounts, tiers } = this.#memory;
    const tier = dice.happens(300) ? 0 : dice.between(1, Math.max(1, tiers.length));
    const usual = tier === 0 ? MUTUAL : dice.happens(400) ? BACKSTOP : INSURANCE;
    const fund = dice.happens(20) ? dice.between(2, 7) : usual;
    return { tier, fund, account: accounts[dice.below(Math.min(STAKERS, accounts.length))]?.id ?? 1 };
  }

  /** Notes what the engine answered to an accepted command. */
  learn(command: Command, facts: Float64Array): void {
    if (command.kind === "stakeFund") this.#held.set(whoseOf(command), facts[1] ?? 0);
    if (command.kind === "withdrawStake") {
      const whose = whoseOf(command);
      this.#held.set(whose, facts[1] ?? 0);
      this.#asked.set(whose, (this.#asked.get(whose) ?? 0) - command.shares);
    }
    if (command.kind === "requestUnstake") {
      this.#asked.set(whoseOf(command), command.shares);
      this.#unlocks.set(whoseOf(command), facts[0] ?? 0);
    }
  }

  /** All of them, some, or too many. */
  #some(shares: ReadonlyMap<string, number>, whose: string): number {
    const all = Math.max(1, shares.get(whose) ?? 1);
    return this.#dice.happens(400) ? all : Math.max(1, this.#dice.magnitude(all + Math.floor(all / 8) + 1));
  }
}

type Stake = Extract<Command, { kind: "stakeFund" | "requestUnstake" | "withdrawStake" }>;

function whoseOf({ tier, fund, account }: Stake): string {
  return `${tier} ${fund} ${account}`;
}
