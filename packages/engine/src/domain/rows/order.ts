/** An open order, and its place among those that expire. */
import type { Ref } from "../../kernel/arena.ts";
import type { Lots, Ms, Ticks } from "../../kernel/units.ts";
import type { Int, Num } from "./columns.ts";

/** An open order: resting in the book or waiting for its trigger. One cache line. */
export const ORDER_WORDS = 16;
export const ORDER = {
  next: 0 as Int<"order", Ref<"order">>,
  previous: 1 as Int<"order", Ref<"order">>,
  bucket: 2 as Int<"order", Ref<"bucket">>,
  /** Side, type, time in force, flags, self-trade mode and state: see orderTerms.ts. */
  terms: 3 as Int<"order">,
  price: 4 as Int<"order", Ticks>,
  trigger: 5 as Int<"order", Ticks>,
  generation: 6 as Int<"order">,
  bucketOlder: 7 as Int<"order", Ref<"order">>,
  bucketNewer: 8 as Int<"order", Ref<"order">>,
  /** Place in the expiry heap, 0 = none. */
  timer: 9 as Int<"order">,
  /** Which of the bucket's position slots it belongs to. */
  slot: 10 as Int<"order">,
  market: 11 as Int<"order">,
  lots: 6 as Num<"order", Lots>,
  clientId: 7 as Num<"order">,
} as const;

/** An entry of the expiry heap. */
export const TIMER_WORDS = 4;
export const TIMER = {
  order: 0 as Int<"timer", Ref<"order">>,
  expiry: 1 as Num<"timer", Ms>,
} as const;
