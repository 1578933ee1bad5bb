/**
 * Play money of a demo: so much at a time, and so much to an account within a day. What an account has had is read from the venue's own books
 * (docs/spec/vault.md#age), so that neither a restart nor another door makes it more.
 */
import { type Engine, FRAME_WORDS, depositedWithin, encodeCommand, lastReference } from "@bulkhead/engine";
import { type Asset, type Directory, assetNamed, assetText, unitsOf } from "@bulkhead/protocol";
import { outcomeAt } from "../runner/executed.ts";
import type { Core } from "./ports.ts";
import { problem } from "./problems.ts";
import { doneAt, expectAccepted } from "./receipts.ts";

const DAY = 86_400_000;

/** Decimals of an asset. */
export interface PlayMoneyTerms {
  readonly asset: string;
  readonly amount: string;
  readonly perDay: string;
}

export interface Gift {
  readonly account: number;
  readonly asset: string;
  readonly amount: string;
  readonly left: string;
  readonly renewsAt: number;
  readonly sequence: number;
}

export class PlayMoney {
  readonly terms: PlayMoneyTerms;
  private readonly core: Core;
  private readonly clock: () => number;
  private readonly asset: Asset;
  private readonly amount: number;
  private readonly perDay: number;
  /** Gifts are made one after another: each sees what the one before has left. */
  private queue: Promise<unknown> = Promise.resolve();

  /** @throws {DecodeError} if the venue has no such asset, or an amount is none of it */
  constructor(core: Core, directory: Directory, clock: () => number, terms: PlayMoneyTerms) {
    this.core = core;
    this.clock = clock;
    this.terms = terms;
    this.asset = assetNamed(directory, terms.asset, "playMoney.asset");
    this.amount = unitsOf(this.asset, terms.amount, "playMoney.amount");
    this.perDay = unitsOf(this.asset, terms.perDay, "playMoney.perDay");
  }

  /** @throws {ProblemError} `rate-limited` once the account has had all of the day, `refused` if the venue does not take it */
  give(account: number): Promise<Gift> {
    const given = this.queue.then(() => this.giveNow(account));
    this.queue = given.catch(() => undefined);
    return given;
  }

  private async giveNow(account: number): Promise<Gift> {
    const { asset } = this.asset;
    const { left, reference, now } = await this.core.read((engine) => this.standing(engine, account));
    const renewsAt = now - (now % DAY) + DAY;
    if (left < this.amount)
      throw problem(
        "rate-limited",
        `account ${account} can have ${assetText(this.asset, left)} ${this.terms.asset} more today; ${this.terms.amount} are given at a time`,
        { retryAfterMs: renewsAt - now },
      );
    const frame = new Float64Array(FRAME_WORDS);
    encodeCommand({ kind: "confirmDeposit", time: 0, account, asset, amount: this.amount, reference }, frame);
    const { batch, index } = await this.core.submitAll(frame);
    expectAccepted(doneAt(batch, index));
    return {
      account,
      asset: this.terms.asset,
      amount: assetText(this.asset, this.amount),
      left: assetText(this.asset, left - this.amount),
      renewsAt,
      sequence: outcomeAt(batch, index).sequence,
    };
  }

  private standing({ venue, time }: Engine, account: number) {
    const { asset } = this.asset;
    const now = Math.max(time, this.clock());
    const left = Math.max(0, this.perDay - depositedWithin(venue, account, asset, now));
    return { left, reference: lastReference(venue, asset) + 1, now };
  }
}
