/** Shares of funds and of the backstop. */
import type { MicroUsd, Ms, Ppm, Shares } from "../../kernel/units.ts";
import type { Int, Num } from "./columns.ts";

/** Who owns a pot together: all shares, and its terms. */
export const SHARE_BOOK_WORDS = 16;
export const SHARE_BOOK = {
  shares: 0 as Num<"shareBook", Shares>,
  /** From asking to fetching, and how long one may fetch; 0 = the defaults. */
  cooldown: 1 as Num<"shareBook", Ms>,
  window: 2 as Num<"shareBook", Ms>,
  /** What withdrawals leave in the pot. */
  minimum: 3 as Num<"shareBook", MicroUsd>,
  /** Until it holds as much, an insurance fund takes its part of fees; 0 = without end. */
  target: 4 as Num<"shareBook", MicroUsd>,
  /** Part of the tier's fees that is the house's for good. */
  feesKept: 5 as Num<"shareBook", MicroUsd>,
  /** How often shares were counted anew. */
  rebases: 6 as Num<"shareBook">,
  /** Part of the tier's fees that goes to its insurance fund. */
  feeShare: 14 as Int<"shareBook", Ppm>,
} as const;

/** What one account owns of a pot. */
export const STAKE_WORDS = 16;
export const STAKE = {
  account: 1 as Int<"stake">,
  /** The book's rebases that its shares have seen. */
  rebases: 2 as Int<"stake">,
  shares: 2 as Num<"stake", Shares>,
  /** Shares its owner has asked to turn into money, and from when on. */
  leaving: 3 as Num<"stake", Shares>,
  unlocksAt: 4 as Num<"stake", Ms>,
} as const;
