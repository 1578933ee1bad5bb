/**
 * @bulkhead/engine/drill: what a compromised layer would have in hand — the rows of every table, to be written behind the engine's back. For
 * drills only; whoever embeds the engine has no use for it.
 */
export { NIL } from "./kernel/arena.ts";
export { rowOf } from "./kernel/pool.ts";
export { positionOf } from "./domain/positions.ts";
export { ACCOUNT, ASSET, BALANCE, BUCKET, LOAN, MARKET, POSITION, THROTTLE, TIER } from "./domain/rows.ts";
export type { Sentinel } from "./transition.ts";
