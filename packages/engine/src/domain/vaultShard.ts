/** The vault: assets, accounts, balances and pending withdrawals, in an arena of their own. */
import { Arena, type Ref, Regions } from "../kernel/arena.ts";
import { type Pool, reservePool } from "../kernel/pool.ts";
import type { Capacities } from "./capacities.ts";
import { MAX_ASSETS, MAX_TIERS } from "./limits.ts";
import { type Mailbox, reserveMailbox } from "./mail.ts";
import { type ShareBook, reserveShareBook } from "./shareBook.ts";
import { ACCOUNT_WORDS, ASSET_WORDS, BALANCE_WORDS, VAULT, WITHDRAWAL_WORDS } from "./rows.ts";

export class VaultShard {
  readonly arena: Arena;
  readonly row: Ref<"vault">;
  readonly accounts: Pool<"account">;
  readonly balances: Pool<"balance">;
  readonly withdrawals: Pool<"withdrawal">;
  /** Who owns the mutual guarantee fund. */
  readonly mutualBook: ShareBook;
  private readonly assetsBase: number;
  private readonly inboxes: readonly Mailbox[];
  private readonly outboxes: readonly Mailbox[];

  constructor(capacities: Capacities) {
    const regions = new Regions();
    this.row = regions.take(16) as Ref<"vault">;
    this.inboxes = Array.from({ length: MAX_TIERS }, () => reserveMailbox(regions));
    this.outboxes = Array.from({ length: MAX_TIERS }, () => reserveMailbox(regions));
    this.assetsBase = regions.take(MAX_ASSETS * ASSET_WORDS) - ASSET_WORDS;
    this.accounts = reservePool(regions, capacities.accounts, ACCOUNT_WORDS);
    this.balances = reservePool(regions, capacities.balances, BALANCE_WORDS);
    this.withdrawals = reservePool(regions, capacities.withdrawals, WITHDRAWAL_WORDS);
    this.mutualBook = reserveShareBook(regions, capacities.accounts);
    this.arena = new Arena(regions.words);
  }

  /** Assets listed. */
  get assetCount(): number {
    return this.arena.int(this.row, VAULT.assets);
  }

  /** Tiers listed. */
  get tierCount(): number {
    return this.arena.int(this.row, VAULT.tiers);
  }

  asset(id: number): Ref<"asset"> {
    return (this.assetsBase + id * ASSET_WORDS) as Ref<"asset">;
  }

  /** Messages to a tier, and from it. */
  outbox(tier: number): Mailbox {
    return this.outboxes[tier - 1] as Mailbox;
  }

  inbox(tier: number): Mailbox {
    return this.inboxes[tier - 1] as Mailbox;
  }
}
