/**
 * @bulkhead/engine/drill: what a compromised layer would have in hand — the rows of every table, to be written behind the engine's back. For
 * drills only; whoever embeds the engine has no use for it.
 */
export { NIL } from "./kernel/arena.ts";
export { rowOf } from "./kernel/pool.ts";
export { positionOf } from "./domain/positions.ts";
export { BUCKET, POSITION } from "./domain/rows/bucket.ts";
export { MARKET } from "./domain/rows/market.ts";
export { THROTTLE } from "./domain/rows/throttle.ts";
export { TIER } from "./domain/rows/tier.ts";
export { ACCOUNT, ASSET, BALANCE, LOAN } from "./domain/rows/vault.ts";
export type { Sentinel } from "./transition.ts";
