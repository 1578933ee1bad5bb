/**
 * The vault's double-entry ledger: every movement debits its source, credits its target and is an event.
 *
 * @see docs/spec/vault.md
 */
import { refuse } from "./refusal.ts";
import type { Asset, World } from "./venue.ts";
import { emit } from "./world.ts";

/** Where units of an asset can be. */
export type Place =
  | { readonly kind: "outside" | "transit" | "pending" | "dust" | "skin" | "mutual" | "loans" }
  | { readonly kind: "custody" | "owner"; readonly id: number };

export const OUTSIDE: Place = { kind: "outside" };
export const TRANSIT: Place = { kind: "transit" };
export const PENDING: Place = { kind: "pending" };
/** The operator's second tranche and the mutual guarantee fund. */
export const SKIN: Place = { kind: "skin" };
export const MUTUAL: Place = { kind: "mutual" };
/** Between one insurance fund and another. */
export const LOANS: Place = { kind: "loans" };

export function owner(account: number): Place {
  return { kind: "owner", id: account };
}

export function custody(tier: number): Place {
  return { kind: "custody", id: tier };
}

export function assetOf(world: World, id: number): Asset {
  return world.venue.assets[id - 1] ?? refuse("asset_unknown", id);
}

export function balanceOf(asset: Asset, account: number): bigint {
  return asset.owners.get(account) ?? 0n;
}

/** Moves units from one place to another. */
export function move(world: World, asset: Asset, amount: bigint, source: Place, target: Place): void {
  add(world, asset, source, -amount);
  add(world, asset, target, amount);
  emit(world, "balanceMoved", asset.id, amount, accountNumber(source), accountNumber(target));
}

function add(world: World, asset: Asset, place: Place, amount: bigint): void {
  const { journal } = world;
  switch (place.kind) {
    case "outside":
      journal.set(asset, "held", asset.held - amount);
      break;
    case "transit":
    case "pending":
    case "dust":
    case "skin":
    case "mutual":
    case "loans":
      journal.set(asset, place.kind, asset[place.kind] + amount);
      break;
    case "custody":
      journal.put(asset.custody, place.id, (asset.custody.get(place.id) ?? 0n) + amount);
      break;
    case "owner":
      journal.put(asset.owners, place.id, balanceOf(asset, place.id) + amount);
      break;
  }
}

/** Numbers of accounts in `balanceMoved` events; custody and owners add their own id. */
const ACCOUNT_NUMBER = {
  outside: 0,
  transit: 1,
  pending: 2,
  dust: 3,
  skin: 4,
  mutual: 5,
  loans: 8,
  custody: 1_000,
  owner: 1_000_000,
} as const;

function accountNumber(place: Place): number {
  return ACCOUNT_NUMBER[place.kind] + ("id" in place ? place.id : 0);
}
