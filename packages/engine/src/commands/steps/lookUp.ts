/** What most commands do first: find what they name, and note which tier and market they touch. */
import { NIL, type Ref } from "../../kernel/arena.ts";
import { rowOf } from "../../kernel/pool.ts";
import type { GovernedShard } from "../../domain/governance.ts";
import type { Market, TierShard } from "../../domain/tierShard.ts";
import type { Venue } from "../../domain/venue.ts";

/** The listed tier of an id; from here on it is the tier the command touches. */
export function enterTier(venue: Venue, id: number): TierShard | undefined {
  const tier = venue.tier(id);
  if (tier !== undefined) venue.tierInUse = id;
  return tier;
}

/** The shard of a governance command: the vault (0), or a listed tier, which from here on is the one the command touches. */
export function enterShard(venue: Venue, id: number): GovernedShard | undefined {
  return id === 0 ? venue.vault : enterTier(venue, id);
}

/** The listed market of an id; from here on it is the market the command is about. */
export function enterMarket(venue: Venue, tier: TierShard, id: number): Market | undefined {
  const market = tier.market(id);
  if (market !== undefined) venue.marketInUse = id;
  return market;
}

/** True when the account is open. */
export function isAccount(venue: Venue, account: number): boolean {
  return rowOf(venue.vault.arena, venue.vault.accounts, account) !== NIL;
}

/** True when the asset is listed. */
export function isAsset(venue: Venue, asset: number): boolean {
  return asset >= 1 && asset <= venue.vault.assetCount;
}

/** The open bucket of an id, or `NIL`. */
export function bucketOf(tier: TierShard, id: number): Ref<"bucket"> {
  return rowOf(tier.arena, tier.buckets, id);
}
