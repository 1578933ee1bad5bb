/** The vault: what it holds, for whom, and what is on its way between it and the tiers. */
import type { Ref } from "../../kernel/arena.ts";
import type { AssetUnits, Ms, Ppm } from "../../kernel/units.ts";
import type { Int, Num } from "./columns.ts";

/** The vault's own row. */
export const VAULT = {
  assets: 0 as Int<"vault">,
  tiers: 1 as Int<"vault">,
  clock: 1 as Num<"vault", Ms>,
  /** How strict the throttle is by hand, and because tiers ask for it, 0 … `MAX_POSTURE`: the stricter holds. */
  posture: 4 as Int<"vault">,
  askedPosture: 6 as Int<"vault">,
  /** What share of the throttle's caps stays, ppm; 0 = all. */
  exitRatio: 5 as Int<"vault", Ppm>,
} as const;

/** An asset the vault holds. `custody` is the first of one cell per tier. */
export const ASSET_WORDS = 64;
export const ASSET = {
  scale: 0 as Num<"asset", AssetUnits>,
  held: 1 as Num<"asset", AssetUnits>,
  transit: 2 as Num<"asset", AssetUnits>,
  pending: 3 as Num<"asset", AssetUnits>,
  dust: 4 as Num<"asset", AssetUnits>,
  lastReference: 5 as Num<"asset">,
  /** The mutual guarantee fund and the operator's second tranche; quote currency only. */
  mutual: 6 as Num<"asset", AssetUnits>,
  skin: 7 as Num<"asset", AssetUnits>,
  custody: 8 as Num<"asset", AssetUnits>,
  /** Between one tier's insurance fund and another's: pledged or on its way back. Quote currency only. */
  loans: 28 as Num<"asset", AssetUnits>,
} as const;

export const ACCOUNT_WORDS = 4;
export const ACCOUNT = {
  balances: 0 as Int<"account", Ref<"balance">>,
} as const;

/** What one account owns of one asset, unallocated. */
export const BALANCE_WORDS = 8;
export const BALANCE = {
  next: 0 as Int<"balance", Ref<"balance">>,
  asset: 1 as Int<"balance">,
  account: 2 as Int<"balance">,
  amount: 2 as Num<"balance", AssetUnits>,
} as const;

/** A withdrawal that has been debited and not yet paid. What is not released of its amount waits in the queue. */
export const WITHDRAWAL_WORDS = 16;
export const WITHDRAWAL = {
  /** Neighbours in the queue; the first word is the free list's while the row is free. */
  next: 0 as Int<"withdrawal", Ref<"withdrawal">>,
  generation: 1 as Int<"withdrawal">,
  account: 2 as Int<"withdrawal">,
  asset: 3 as Int<"withdrawal">,
  previous: 10 as Int<"withdrawal", Ref<"withdrawal">>,
  amount: 2 as Num<"withdrawal", AssetUnits>,
  /** The part that may be paid. */
  released: 3 as Num<"withdrawal", AssetUnits>,
  requestedAt: 4 as Num<"withdrawal", Ms>,
} as const;

/** What a tier has had of the mutual fund in the present day of its own, which begins with its first draw. */
export const DRAWING_WORDS = 8;
export const DRAWING = {
  since: 0 as Num<"drawing", Ms>,
  /** The fund as it was then; 0 = none yet. */
  base: 1 as Num<"drawing", AssetUnits>,
  drawn: 2 as Num<"drawing", AssetUnits>,
} as const;

/** What one tier's insurance fund has lent another's; a row for every pair of tiers. All of it together is the lender's claim. */
export const LOAN_WORDS = 8;
export const LOAN = {
  /** The borrower has it, and owes it. */
  owed: 0 as Num<"loan", AssetUnits>,
  /** It waits in the vault for the borrower, and goes back if he does not fetch it. */
  pledged: 1 as Num<"loan", AssetUnits>,
  pledgedAt: 2 as Num<"loan", Ms>,
  /** It waits in the vault for the lender. */
  returned: 3 as Num<"loan", AssetUnits>,
} as const;

/** What a tier has said its insurance fund lacks, and when. */
export const ASK_WORDS = 4;
export const ASK = {
  amount: 0 as Num<"ask", AssetUnits>,
  at: 1 as Num<"ask", Ms>,
} as const;
