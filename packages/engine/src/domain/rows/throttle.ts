/** What may leave the vault, and when: the throttle, its windows, and what it remembers of assets, balances and accounts. */
import type { Ref } from "../../kernel/arena.ts";
import type { AssetUnits, MicroUsd, MicroUsdPerWhole, Ms, Ppm } from "../../kernel/units.ts";
import type { Int, Num } from "./columns.ts";

/** The withdrawal throttle: its parameters, the queue, the round of releases under way. */
export const THROTTLE_WORDS = 32;
export const THROTTLE = {
  hour: 0 as Int<"throttle", Ppm>,
  day: 1 as Int<"throttle", Ppm>,
  assetHour: 2 as Int<"throttle", Ppm>,
  assetDay: 3 as Int<"throttle", Ppm>,
  laneTotal: 4 as Int<"throttle", Ppm>,
  first: 5 as Int<"throttle", Ref<"withdrawal">>,
  last: 6 as Int<"throttle", Ref<"withdrawal">>,
  length: 7 as Int<"throttle">,
  /** The round's next withdrawal, `NIL` when it is over, and its last. */
  roundNext: 8 as Int<"throttle", Ref<"withdrawal">>,
  roundLast: 9 as Int<"throttle", Ref<"withdrawal">>,
  hourMinimum: 5 as Num<"throttle", MicroUsd>,
  dayMinimum: 6 as Num<"throttle", MicroUsd>,
  laneUser: 7 as Num<"throttle", MicroUsd>,
  /** When the windows were refilled, and since when the posture is what it is. */
  refilledAt: 8 as Num<"throttle", Ms>,
  postureAt: 9 as Num<"throttle", Ms>,
  roundAt: 10 as Num<"throttle", Ms>,
  /** Rounds opened so far. */
  round: 11 as Num<"throttle">,
} as const;

/** What may still leave in a window of time: a token bucket. `carry` is the part of a unit refilled so far, in 1/period of it. */
export const WINDOW_WORDS = 8;
/** The venue, and each asset, has a window of an hour, one of a day, and the small-user lane's. */
export const SCOPE_WINDOWS = 3;
export const USD_WINDOW = {
  capacity: 0 as Num<"usdWindow", MicroUsd>,
  cap: 1 as Num<"usdWindow", MicroUsd>,
  carry: 2 as Num<"usdWindow">,
} as const;
export const ASSET_WINDOW = {
  capacity: 0 as Num<"assetWindow", AssetUnits>,
  cap: 1 as Num<"assetWindow", AssetUnits>,
  carry: 2 as Num<"assetWindow">,
} as const;

/** What the throttle keeps of an asset. */
export const OUTFLOW_WORDS = 16;
export const OUTFLOW = {
  /** The vault's own reference, 0 = none. */
  price: 0 as Num<"outflow", MicroUsdPerWhole>,
  /** Released and not yet paid. */
  released: 1 as Num<"outflow", AssetUnits>,
  /** Deposits of the clock hour `slot` and of the one before. */
  slot: 2 as Num<"outflow">,
  current: 3 as Num<"outflow", AssetUnits>,
  before: 4 as Num<"outflow", AssetUnits>,
  /** Of the round under way: what was queued when it opened, what was granted to all of it, what is left of that. */
  roundQueued: 5 as Num<"outflow", AssetUnits>,
  roundGrant: 6 as Num<"outflow", AssetUnits>,
  roundLeft: 7 as Num<"outflow", AssetUnits>,
} as const;

/** Beside each balance: deposits of the day `slot` and of the one before; what its owner took in a round of releases. */
export const ALLOWANCE_WORDS = 16;
export const ALLOWANCE = {
  slot: 0 as Num<"allowance">,
  current: 1 as Num<"allowance", AssetUnits>,
  before: 2 as Num<"allowance", AssetUnits>,
  round: 3 as Num<"allowance">,
  taken: 4 as Num<"allowance", AssetUnits>,
} as const;

/** Beside each account: what it took through the small-user lane on the day `slot`. */
export const LANE_WORDS = 4;
export const LANE = {
  slot: 0 as Num<"lane">,
  used: 1 as Num<"lane", MicroUsd>,
} as const;
