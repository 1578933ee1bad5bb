/** Providers of cover, and whoever brings money back after a default: too much, too late, for others' claims, and now and then what is owed. */
import { type Command, EVENTS, EVENT_WORDS } from "@bulkhead/engine";
import type { Dice } from "./dice.ts";
import type { AccountMemo, Answer, Memory } from "./memory.ts";

type Errand = "register" | "release" | "pay" | "recover";

const ERRANDS: Readonly<Record<Errand, number>> = { register: 25, release: 15, pay: 30, recover: 30 };
const QUIET_ERRANDS: Readonly<Partial<Record<Errand, number>>> = { register: 25, release: 15 };
const MAX_COVERS = 8;
const REMEMBERED = 40;

/** A claim on a policy, or (cover 0) a loss that somebody bore. */
interface Debt {
  readonly tier: number;
  readonly default: number;
  readonly cover: number;
  readonly account: number;
  readonly amount: number;
}

export class Insurers {
  readonly #dice: Dice;
  readonly #memory: Memory;
  readonly #claims: Debt[] = [];
  /** Added up by default. */
  readonly #losses: Debt[] = [];

  /** True while somebody owes or is short of something, as far as they know. */
  get isBusy(): boolean {
    return this.#claims.length > 0 || this.#losses.length > 0;
  }

  constructor(dice: Dice, memory: Memory) {
    this.#dice = dice;
    this.#memory = memory;
  }

  act(): Command {
    const dice = this.#dice;
    const { clock: time, tiers } = this.#memory;
    const tier = dice.between(1, Math.max(1, tiers.length));
    const errand = dice.choose(this.isBusy || dice.happens(200) ? ERRANDS : QUIET_ERRANDS);
    const memo = this.#somebody(errand === "recover");
    const account = memo?.id ?? 1;
    const balance = memo?.balances.get(1) ?? 0;
    switch (errand) {
      case "register": {
        const limit = Math.max(1, dice.magnitude(Math.max(2, balance * 2)));
        const escrow = dice.happens(300)
          ? 0
          : dice.magnitude(Math.max(2, dice.happens(100) ? limit * 2 : limit));
        const attachment = dice.happens(600) ? 0 : dice.magnitude(Math.max(2, limit));
        const expiry = time + dice.pick([0, 1_000, 20_000, 20_000, 500_000, 1e9]);
        return { kind: "registerCover", time, account, tier, attachment, limit, escrow, expiry };
      }
      case "release":
        return { kind: "releaseCover", time, tier, cover: dice.between(1, MAX_COVERS) };
      case "pay": {
        const claim = this.#some(this.#claims);
        if (claim === undefined) {
          return { kind: "payCover", time, account, tier, default: dice.between(1, 9), cover: 1, amount: 1 };
        }
        const { default: id, cover } = claim;
        const payer = dice.happens(60) ? account : claim.account;
        const amount = this.#part(claim.amount);
        return { kind: "payCover", time, account: payer, tier: claim.tier, default: id, cover, amount };
      }
      default: {
        const loss = this.#some(this.#losses);
        const id = dice.happens(40) ? dice.between(1, 2_000) : (loss?.default ?? dice.between(1, 9));
        const amount = Math.max(
          1,
          Math.min(this.#part(loss?.amount ?? 5), dice.happens(900) ? balance : 1e9),
        );
        return { kind: "recordRecovery", time, account, tier: loss?.tier ?? tier, default: id, amount };
      }
    }
  }

  /** Reads of claims and losses in the events. */
  learn(command: Command, { events, eventCount }: Answer): void {
    if (!("tier" in command)) return;
    const { tier } = command;
    for (let at = 0; at < eventCount * EVENT_WORDS; at += EVENT_WORDS) {
      const [id, second, third, fourth, fifth] = Array.from(events.subarray(at + 1, at + 6)) as [
        number,
        number,
        number,
        number,
        number,
      ];
      if (events[at] === EVENTS.coverClaimed.code && fifth > 0)
        this.#claims.push({ tier, default: id, cover: second, account: third, amount: fifth });
      if (events[at] !== EVENTS.lossAbsorbed.code) continue;
      const known = this.#losses.findIndex((each) => each.tier === tier && each.default === id);
      const before = known < 0 ? 0 : (this.#losses.splice(known, 1)[0]?.amount ?? 0);
      this.#losses.push({ tier, default: id, cover: 0, account: 0, amount: before + fourth });
    }
    this.#claims.splice(0, Math.max(0, this.#claims.length - REMEMBERED));
    this.#losses.splice(0, Math.max(0, this.#losses.length - REMEMBERED));
  }

  /** Anybody; who brings back money is mostly rich. */
  #somebody(isRich: boolean): AccountMemo | undefined {
    const { accounts } = this.#memory;
    if (accounts.length === 0) return undefined;
    const few = Array.from({ length: isRich ? 6 : 1 }, () => this.#dice.pick(accounts));
    return few.reduce((richest, each) => (wealth(each) > wealth(richest) ? each : richest));
  }

  #some(debts: readonly Debt[]): Debt | undefined {
    return debts.length === 0 ? undefined : this.#dice.pick(debts);
  }

  /** All of it, a part, or somewhat too much. */
  #part(amount: number): number {
    const dice = this.#dice;
    if (dice.happens(400)) return Math.max(1, amount);
    return Math.max(1, dice.magnitude(Math.max(2, dice.happens(150) ? amount * 2 : amount)));
  }
}

function wealth({ balances }: AccountMemo): number {
  return balances.get(1) ?? 0;
}
