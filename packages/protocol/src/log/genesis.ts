/** What a log is of: the machine that executes it, and the room it has. Two nodes of one genesis answer alike, to the byte. */
import { type Capacities, sha256 } from "@bulkhead/engine";

/** Raised whenever the engine would answer an old command otherwise than before. */
const SEMANTICS = 2;

/** SHA-256 over the engine's semantics and the capacities, field by field in a fixed order. */
export function genesisOf({ accounts, balances, withdrawals, tiers }: Capacities): Uint8Array {
  const rooms = tiers.map(({ markets, buckets, positions, orders, holdings, ticks }) =>
    [markets, buckets, positions, orders, holdings, ticks].join(","),
  );
  const text = ["bulkhead", SEMANTICS, accounts, balances, withdrawals, ...rooms].join("|");
  return sha256(new TextEncoder().encode(text));
}
