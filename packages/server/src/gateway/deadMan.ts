/**
 * Dead man's switches: an account's orders are cancelled once nothing was heard of its owner for as long as he has said. Every signed request
 * and every binary batch of his counts as a sign of life. Which accounts have one outlives the node; when it comes back, time begins anew.
 */
import type { Registry } from "../access/registry.ts";
import { cancelAllOf } from "./cancelling.ts";
import type { Core, Log } from "./ports.ts";

/** How often they are looked at, ms. */
const EVERY = 100;
/** What could not be cancelled is tried again after so long, ms. */
const RETRY = 1_000;

export class DeadMan {
  private readonly core: Core;
  private readonly registry: Registry;
  private readonly clock: () => number;
  private readonly log: Log;
  /** When each account's orders are to be cancelled, ms. */
  private readonly deadlines = new Map<number, number>();
  private readonly timer: NodeJS.Timeout;
  private firing: Promise<unknown> = Promise.resolve();
  /** Accounts whose orders could not be cancelled, and are tried again: that was said once. */
  private readonly left = new Set<number>();

  constructor(core: Core, registry: Registry, clock: () => number, log: Log) {
    this.core = core;
    this.registry = registry;
    this.clock = clock;
    this.log = log;
    for (const [account, timeout] of registry.switches) this.deadlines.set(account, clock() + timeout);
    this.timer = setInterval(() => this.look(), EVERY).unref();
  }

  /** @param timeout - ms of silence, 0 = no switch. @returns when the orders will be cancelled; null = never */
  async set(account: number, timeout: number): Promise<number | null> {
    await this.registry.setSwitch(account, timeout);
    if (timeout === 0) {
      this.deadlines.delete(account);
      return null;
    }
    const deadline = this.clock() + timeout;
    this.deadlines.set(account, deadline);
    return deadline;
  }

  /** Somebody has shown that he lives. */
  heard(owner: string): void {
    if (this.registry.switches.size === 0) return;
    for (const account of this.registry.accountsOf(owner)) {
      const timeout = this.registry.switches.get(account);
      if (timeout !== undefined) this.deadlines.set(account, this.clock() + timeout);
    }
  }

  /** Cancels for every account whose time has come; then its switch waits for the next sign of life. */
  look(): void {
    const now = this.clock();
    for (const [account, deadline] of this.deadlines) {
      if (deadline > now) continue;
      this.deadlines.delete(account);
      this.firing = Promise.all([this.firing, this.fire(account)]);
    }
  }

  /** Looks no more; what has begun is finished. */
  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.firing;
  }

  private async fire(account: number): Promise<void> {
    try {
      const { canceled, sequence } = await cancelAllOf(this.core, account);
      this.left.delete(account);
      this.log.info({ account, canceled, sequence }, "silent_account_cancelled");
    } catch (error) {
      if (!this.left.has(account)) this.log.error({ account, err: error }, "silent_account_not_cancelled");
      this.left.add(account);
      this.deadlines.set(account, this.clock() + RETRY);
    }
  }
}
