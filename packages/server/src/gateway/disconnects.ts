/**
 * Cancel on disconnect. The rule is one for every door: a connection that has asked for it takes all orders of its accounts with it when it goes,
 * for whatever reason, and whether or not others of the same session live on.
 */
import { cancelAllOf } from "./cancelling.ts";
import type { Core, Log } from "./ports.ts";

export class Disconnects {
  private readonly core: Core;
  private readonly log: Log;
  private cancelling: Promise<unknown> = Promise.resolve();

  constructor(core: Core, log: Log) {
    this.core = core;
    this.log = log;
  }

  /** A connection has gone that asked for it. @param accounts - whose orders go with it */
  cancel(accounts: Iterable<number>): void {
    for (const account of accounts) this.cancelling = Promise.all([this.cancelling, this.cancelOf(account)]);
  }

  /** Until everything that was begun is done. */
  async idle(): Promise<void> {
    await this.cancelling;
  }

  private async cancelOf(account: number): Promise<void> {
    try {
      const { canceled, sequence } = await cancelAllOf(this.core, account);
      this.log.info({ account, canceled, sequence }, "disconnected_account_cancelled");
    } catch (error) {
      this.log.error({ account, err: error }, "disconnected_account_not_cancelled");
    }
  }
}
