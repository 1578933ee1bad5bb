/**
 * Cancel on disconnect. The rule is one for every door: a connection that has asked for it takes all orders of its accounts with it when it goes,
 * for whatever reason, and whether or not others of the same session live on. While the log is full nothing can be cancelled, and nothing is traded
 * either: the orders go once there is room.
 */
import { setTimeout } from "node:timers/promises";
import { NoRoom } from "../runner/runner.ts";
import { cancelAllOf } from "./cancelling.ts";
import type { Core, Log } from "./ports.ts";

/** What a full log did not take is tried again after so long, ms. */
const RETRY = 1_000;

export class Disconnects {
  private readonly core: Core;
  private readonly log: Log;
  private cancelling: Promise<unknown> = Promise.resolve();
  private readonly closing = new AbortController();

  constructor(core: Core, log: Log) {
    this.core = core;
    this.log = log;
  }

  /** A connection has gone that asked for it. @param accounts - whose orders go with it */
  cancel(accounts: Iterable<number>): void {
    for (const account of accounts) this.cancelling = Promise.all([this.cancelling, this.cancelOf(account)]);
  }

  /** Waits for room no longer; until everything that was begun is done. */
  async close(): Promise<void> {
    this.closing.abort();
    await this.cancelling;
  }

  private async cancelOf(account: number): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        const { canceled, sequence } = await cancelAllOf(this.core, account);
        return this.log.info({ account, canceled, sequence }, "disconnected_account_cancelled");
      } catch (error) {
        if (attempt === 1) this.log.error({ account, err: error }, "disconnected_account_not_cancelled");
        if (!(error instanceof NoRoom) || this.closing.signal.aborted) return;
        await setTimeout(RETRY, undefined, { signal: this.closing.signal, ref: false }).catch(
          () => undefined,
        );
      }
    }
  }
}
