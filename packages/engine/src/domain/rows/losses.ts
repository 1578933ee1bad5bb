/** Purchased cover, and what a default still costs everybody who bore it. */
import type { Ref } from "../../kernel/arena.ts";
import type { MicroUsd, Ms } from "../../kernel/units.ts";
import type { Int, Num } from "./columns.ts";

/** A policy of purchased cover; account 0 = none. */
export const COVER_WORDS = 16;
export const COVER = {
  account: 0 as Int<"cover">,
  /** It bears the part of a default's deficit beyond this. */
  attachment: 1 as Num<"cover", MicroUsd>,
  /** What it may still bear. */
  limit: 2 as Num<"cover", MicroUsd>,
  /** What of that its provider has paid in ahead. */
  escrow: 3 as Num<"cover", MicroUsd>,
  expiry: 4 as Num<"cover", Ms>,
} as const;

/** How many of a tier's defaults are forgotten, the oldest ones. */
export const LOSS_BOOK_WORDS = 4;
export const LOSS_BOOK = {
  forgotten: 0 as Num<"lossBook">,
} as const;

/** What a default still costs everybody who bore it, after what was recovered. */
export const LOSS_WORDS = 64;
export const LOSS = {
  /** First of those who gave up profit, the last to do so. */
  winners: 0 as Int<"loss", Ref<"shortfall">>,
  /** First of one account per policy. */
  coverAccount: 1 as Int<"loss">,
  default: 5 as Num<"loss">,
  skin: 6 as Num<"loss", MicroUsd>,
  insurance: 7 as Num<"loss", MicroUsd>,
  secondTranche: 8 as Num<"loss", MicroUsd>,
  mutual: 9 as Num<"loss", MicroUsd>,
  /** Fees that the house has forgiven, and the profits of all winners. */
  house: 10 as Num<"loss", MicroUsd>,
  profits: 11 as Num<"loss", MicroUsd>,
  /** First of what each policy has paid, and of what it still owes to it. */
  coverPaid: 12 as Num<"loss", MicroUsd>,
  coverOwed: 20 as Num<"loss", MicroUsd>,
} as const;

/** What one winner is still short of by a default. */
export const SHORTFALL_WORDS = 4;
export const SHORTFALL = {
  next: 0 as Int<"shortfall", Ref<"shortfall">>,
  bucket: 1 as Int<"shortfall">,
  amount: 1 as Num<"shortfall", MicroUsd>,
} as const;
