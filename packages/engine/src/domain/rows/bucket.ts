/** A margin account of a tier, and what it holds: collateral, positions, the alarms of both. */
import type { Ref } from "../../kernel/arena.ts";
import type { AssetUnits, Lots, MicroUsd, Ms, PicoUsdPerLot, Ticks } from "../../kernel/units.ts";
import type { Int, Num } from "./columns.ts";

/** A margin account: everything its owner can lose in this tier, or in one isolated market of it. */
export const BUCKET_WORDS = 16;
export const BUCKET = {
  account: 0 as Int<"bucket">,
  /** 0 = cross, else the only market it trades. */
  mode: 1 as Int<"bucket">,
  /** Block of position slots, and how many. */
  positions: 2 as Int<"bucket", Ref<"position">>,
  slots: 3 as Int<"bucket">,
  newestOrder: 4 as Int<"bucket", Ref<"order">>,
  holdings: 6 as Int<"bucket", Ref<"holding">>,
  /** 0 = healthy as far as known, 1 = in the distress queue, 2 = its liquidation has begun. */
  distress: 7 as Int<"bucket">,
  cash: 4 as Num<"bucket", MicroUsd>,
  distressSince: 5 as Num<"bucket", Ms>,
  nextInDistress: 12 as Int<"bucket", Ref<"bucket">>,
  /** Next bucket whose alarms are to be set anew; the last one points to itself, 0 = not among them. */
  nextUnsettled: 13 as Int<"bucket", Ref<"bucket">>,
  /** Next of those whose alarms keep no reserve, likewise. */
  nextTaut: 14 as Int<"bucket", Ref<"bucket">>,
} as const;

/** What a bucket holds of a collateral asset other than the quote currency. */
export const HOLDING_WORDS = 8;
export const HOLDING = {
  next: 0 as Int<"holding", Ref<"holding">>,
  asset: 1 as Int<"holding">,
  amount: 1 as Num<"holding", AssetUnits>,
} as const;

/** Slots of the block that every bucket has from the start: it lies right behind its row. */
export const HOME_SLOTS = 4;

/** A slot of a bucket for one market. In use while it has lots, cost or open orders. */
export const POSITION_WORDS = 16;
export const POSITION = {
  market: 0 as Int<"position">,
  /** Open orders, waiting ones included. */
  orders: 1 as Int<"position">,
  lots: 1 as Num<"position", Lots>,
  cost: 2 as Num<"position", MicroUsd>,
  fundingEntry: 3 as Num<"position", PicoUsdPerLot>,
  /** Resting orders that may increase the position: lots and notional at their prices, per side. */
  bidLots: 4 as Num<"position", Lots>,
  askLots: 5 as Num<"position", Lots>,
  bidNotional: 6 as Num<"position", MicroUsd>,
  askNotional: 7 as Num<"position", MicroUsd>,
} as const;

/** A price at which a bucket is looked at; two per position slot: below the mark, above it. */
export const ALARM_WORDS = 6;
export const ALARM = {
  next: 0 as Int<"alarm", Ref<"alarm">>,
  previous: 1 as Int<"alarm", Ref<"alarm">>,
  /** 0 = not set. */
  tick: 2 as Int<"alarm", Ticks>,
  bucket: 3 as Int<"alarm", Ref<"bucket">>,
  market: 4 as Int<"alarm">,
} as const;

/** A bucket's row and its first slots: what an order needs of it, on one page of memory but where a page ends. */
export const HOME_WORDS: number = BUCKET_WORDS + HOME_SLOTS * POSITION_WORDS;
