/**
 * What the views have to remember of a venue to tell what its next events mean: whose a bucket is, what it has, what a market's pool holds,
 * which orders are open. It is the state of the tables in maps, and is read from them when the views are opened.
 */
import type { RowOf, StateName } from "./schema.ts";

/** A bucket, and what lies in it. */
export interface Bucket {
  readonly row: RowOf<"buckets">;
  readonly holdings: Map<number, RowOf<"holdings">>;
  /** By market. */
  readonly positions: Map<number, RowOf<"positions">>;
}

export interface Tier {
  readonly row: RowOf<"tiers">;
  readonly markets: Map<number, RowOf<"markets">>;
  readonly buckets: Map<number, Bucket>;
  /** Open and waiting ones, by the engine's id. */
  readonly orders: Map<number, RowOf<"orders">>;
}

export interface World {
  readonly tiers: Map<number, Tier>;
  /** By account, then by asset. */
  readonly balances: Map<number, Map<number, RowOf<"balances">>>;
  /** Those of which something is queued or released. */
  readonly withdrawals: Map<number, RowOf<"withdrawals">>;
  /** Those that are pending, by `proposalKey`. */
  readonly proposals: Map<string, RowOf<"proposals">>;
  /** By `layerKey`. */
  readonly layers: Map<string, RowOf<"layers">>;
}

/** Events that do not fit what the views know of the venue: they are not of its log, or the views are wrong. */
export class ProjectionError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "ProjectionError";
  }
}

export function emptyWorld(): World {
  return {
    tiers: new Map(),
    balances: new Map(),
    withdrawals: new Map(),
    proposals: new Map(),
    layers: new Map(),
  };
}

/** Rows of the state, table by table, as the database has them. Only open orders, pending proposals and unsettled withdrawals matter. */
export type StateRows = { readonly [Name in StateName]: readonly RowOf<Name>[] };

/** The world that rows of the state describe. */
export function worldOf(rows: Omit<StateRows, "assets" | "accounts">): World {
  const world = emptyWorld();
  for (const row of rows.tiers) addTier(world, row);
  for (const row of rows.markets) tierAt(world, row.tier).markets.set(row.market, row);
  for (const row of rows.buckets) addBucket(tierAt(world, row.tier), row);
  for (const row of rows.holdings) bucketAt(tierAt(world, row.tier), row.bucket).holdings.set(row.asset, row);
  for (const row of rows.positions)
    bucketAt(tierAt(world, row.tier), row.bucket).positions.set(row.market, row);
  for (const row of rows.orders) tierAt(world, row.tier).orders.set(row.order, row);
  for (const row of rows.balances) addBalance(world, row);
  for (const row of rows.withdrawals) world.withdrawals.set(row.withdrawal, row);
  for (const row of rows.proposals) world.proposals.set(proposalKey(row.tier, row.proposal, row.nonce), row);
  for (const row of rows.layers) world.layers.set(layerKey(row.tier, row.layer), row);
  return world;
}

export function addTier(world: World, row: RowOf<"tiers">): void {
  world.tiers.set(row.tier, { row, markets: new Map(), buckets: new Map(), orders: new Map() });
}

export function addBucket(tier: Tier, row: RowOf<"buckets">): Bucket {
  const bucket = { row, holdings: new Map(), positions: new Map() };
  tier.buckets.set(row.bucket, bucket);
  return bucket;
}

export function addBalance(world: World, row: RowOf<"balances">): void {
  let own = world.balances.get(row.account);
  if (own === undefined) world.balances.set(row.account, (own = new Map()));
  own.set(row.asset, row);
}

export const proposalKey = (tier: number, proposal: number, nonce: number): string =>
  `${tier}/${proposal}/${nonce}`;
export const layerKey = (tier: number, layer: number): string => `${tier}/${layer}`;

/** @throws {ProjectionError} if there is none */
export function tierAt(world: World, tier: number): Tier {
  return there(world.tiers.get(tier), "tier", tier);
}

/** @throws {ProjectionError} if there is none */
export function marketAt(tier: Tier, market: number): RowOf<"markets"> {
  return there(tier.markets.get(market), `market of tier ${tier.row.tier}`, market);
}

/** @throws {ProjectionError} if there is none */
export function bucketAt(tier: Tier, bucket: number): Bucket {
  return there(tier.buckets.get(bucket), `bucket of tier ${tier.row.tier}`, bucket);
}

/** @throws {ProjectionError} if `found` is nothing */
export function there<Found>(found: Found | undefined, what: string, id: number | string): Found {
  if (found === undefined)
    throw new ProjectionError(`an event names ${what} ${id}, which the views do not know`);
  return found;
}
