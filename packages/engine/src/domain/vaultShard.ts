/** The vault: assets, accounts, balances and pending withdrawals, in an arena of their own. */
import { Arena, type Ref, Regions } from "../kernel/arena.ts";
import { type Pool, reservePool } from "../kernel/pool.ts";
import type { Capacities } from "./capacities.ts";
import { type Governance, reserveGovernance } from "./governance.ts";
import { MAX_ASSETS, MAX_TIERS } from "./limits.ts";
import { type Mailbox, reserveMailbox } from "./mail.ts";
import {
  ALLOWANCE_WORDS,
  LANE_WORDS,
  OUTFLOW_WORDS,
  SCOPE_WINDOWS,
  THROTTLE_WORDS,
  WINDOW_WORDS,
} from "./rows/throttle.ts";
import {
  ACCOUNT_WORDS,
  ASK_WORDS,
  ASSET_WORDS,
  BALANCE_WORDS,
  DRAWING_WORDS,
  LOAN_WORDS,
  VAULT,
  WITHDRAWAL_WORDS,
} from "./rows/vault.ts";
import { type ShareBook, reserveShareBook } from "./shareBook.ts";

export class VaultShard {
  readonly arena: Arena;
  readonly row: Ref<"vault">;
  readonly accounts: Pool<"account">;
  readonly balances: Pool<"balance">;
  readonly withdrawals: Pool<"withdrawal">;
  readonly throttle: Ref<"throttle">;
  /** What may leave in an hour and in a day, and through the small-user lane in a day. */
  readonly hourWindow: Ref<"usdWindow">;
  readonly dayWindow: Ref<"usdWindow">;
  readonly laneWindow: Ref<"usdWindow">;
  readonly governance: Governance;
  /** Who owns the mutual guarantee fund. */
  readonly mutualBook: ShareBook;
  private readonly assetsBase: number;
  private readonly drawingsBase: number;
  private readonly outflowsBase: number;
  private readonly assetWindowsBase: number;
  private readonly allowancesBase: number;
  private readonly lanesBase: number;
  private readonly loansBase: number;
  private readonly asksBase: number;
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
    this.throttle = regions.take(THROTTLE_WORDS) as Ref<"throttle">;
    this.hourWindow = regions.take(SCOPE_WINDOWS * WINDOW_WORDS) as Ref<"usdWindow">;
    this.dayWindow = (this.hourWindow + WINDOW_WORDS) as Ref<"usdWindow">;
    this.laneWindow = (this.dayWindow + WINDOW_WORDS) as Ref<"usdWindow">;
    this.assetWindowsBase = regions.take(MAX_ASSETS * SCOPE_WINDOWS * WINDOW_WORDS);
    this.outflowsBase = regions.take(MAX_ASSETS * OUTFLOW_WORDS);
    this.allowancesBase = regions.take(capacities.balances * ALLOWANCE_WORDS);
    this.lanesBase = regions.take(capacities.accounts * LANE_WORDS);
    this.governance = reserveGovernance(regions);
    this.mutualBook = reserveShareBook(regions, capacities.accounts);
    this.drawingsBase = regions.take(MAX_TIERS * DRAWING_WORDS);
    this.loansBase = regions.take(MAX_TIERS * MAX_TIERS * LOAN_WORDS);
    this.asksBase = regions.take(MAX_TIERS * ASK_WORDS);
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

  /** What a tier has had of the mutual fund. */
  drawing(tier: number): Ref<"drawing"> {
    return (this.drawingsBase + (tier - 1) * DRAWING_WORDS) as Ref<"drawing">;
  }

  /** What one tier has lent another. */
  loan(lender: number, borrower: number): Ref<"loan"> {
    return (this.loansBase + ((lender - 1) * MAX_TIERS + borrower - 1) * LOAN_WORDS) as Ref<"loan">;
  }

  /** What a tier asks others to lend it. */
  ask(tier: number): Ref<"ask"> {
    return (this.asksBase + (tier - 1) * ASK_WORDS) as Ref<"ask">;
  }

  /** What the throttle keeps of an asset. */
  outflow(asset: number): Ref<"outflow"> {
    return (this.outflowsBase + (asset - 1) * OUTFLOW_WORDS) as Ref<"outflow">;
  }

  /** What of an asset may leave in an hour, in a day, and through the small-user lane in a day. */
  assetHourWindow(asset: number): Ref<"assetWindow"> {
    return (this.assetWindowsBase + (asset - 1) * SCOPE_WINDOWS * WINDOW_WORDS) as Ref<"assetWindow">;
  }

  assetDayWindow(asset: number): Ref<"assetWindow"> {
    return (this.assetHourWindow(asset) + WINDOW_WORDS) as Ref<"assetWindow">;
  }

  assetLaneWindow(asset: number): Ref<"assetWindow"> {
    return (this.assetDayWindow(asset) + WINDOW_WORDS) as Ref<"assetWindow">;
  }

  /** The row beside a balance, and the one beside an account, by number. */
  allowance(balance: number): Ref<"allowance"> {
    return (this.allowancesBase + (balance - 1) * ALLOWANCE_WORDS) as Ref<"allowance">;
  }

  lane(account: number): Ref<"lane"> {
    return (this.lanesBase + (account - 1) * LANE_WORDS) as Ref<"lane">;
  }

  /** Messages to a tier, and from it. */
  outbox(tier: number): Mailbox {
    return this.outboxes[tier - 1] as Mailbox;
  }

  inbox(tier: number): Mailbox {
    return this.inboxes[tier - 1] as Mailbox;
  }
}
