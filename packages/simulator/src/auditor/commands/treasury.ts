/** Accounts, deposits, and what moves between an account and its buckets. */
import { OUTSIDE, TRANSIT, assetOf, balanceOf, custody, move, owner } from "../ledger.ts";
import { collateralCap } from "../manipulation.ts";
import { equityWithoutProfit, required } from "../margin.ts";
import { FORBIDS, priceMustAllow } from "../permits.ts";
import { refuse } from "../refusal.ts";
import { hasRoomForHolding } from "../room.ts";
import { MAX_HELD, QUOTE } from "../terms.ts";
import { rememberDeposit } from "../throttle.ts";
import type { Asset, Bucket, Position, Tier, World } from "../venue.ts";
import {
  type CommandNamed,
  accountMustBeOpen,
  bucketInMode,
  emit,
  isInUse,
  marketOf,
  tierOf,
} from "../world.ts";

type Facts = readonly (number | bigint)[];

export function openAccount(world: World): Facts {
  const { venue, journal, capacities } = world;
  if (venue.accounts >= capacities.accounts) refuse("account_capacity_reached", capacities.accounts);
  journal.set(venue, "accounts", venue.accounts + 1);
  return [venue.accounts];
}

export function confirmDeposit(world: World, command: CommandNamed<"confirmDeposit">): Facts {
  accountMustBeOpen(world, command.account);
  const asset = assetOf(world, command.asset);
  if (command.reference <= asset.lastReference) {
    refuse("deposit_already_confirmed", command.reference, asset.lastReference);
  }
  const amount = BigInt(command.amount);
  if (asset.held + amount > MAX_HELD) refuse("asset_held_cap", asset.held, amount);
  balanceMustHaveRoom(world, asset, command.account);

  world.journal.set(asset, "lastReference", command.reference);
  move(world, asset, amount, OUTSIDE, owner(command.account));
  rememberDeposit(world, command.account, asset, amount);
  return [balanceOf(asset, command.account)];
}

export function allocate(world: World, command: CommandNamed<"allocate">): Facts {
  const { account, mode } = command;
  const tier = tierOf(world, command.tier);
  accountMustBeOpen(world, account);
  const asset = assetOf(world, command.asset);
  if (mode !== 0) marketOf(tier, mode);
  const accepted = tier.collateral.get(asset.id);
  if (asset.id !== QUOTE && accepted === undefined) refuse("collateral_not_accepted", asset.id);
  const amount = BigInt(command.amount);
  balanceMustSuffice(asset, account, amount);
  const held = asset.custody.get(tier.id) ?? 0n;
  const cap = accepted === undefined ? undefined : collateralCap(tier, asset, accepted);
  if (cap !== undefined && held + amount > cap) refuse("collateral_cap_reached", held, amount, cap);

  const bucket = bucketInMode(tier, account, mode) ?? openBucket(world, tier, account, mode);
  if (asset.id !== QUOTE && !hasRoomForHolding(world, bucket, asset)) {
    refuse("holding_capacity_reached", world.capacities.holdings);
  }
  move(world, asset, amount, owner(account), TRANSIT);
  credit(world, bucket, asset, amount);
  move(world, asset, amount, TRANSIT, custody(tier.id));
  return [bucket.id, amountIn(bucket, asset)];
}

export function deallocate(world: World, command: CommandNamed<"deallocate">): Facts {
  const { account, mode } = command;
  const tier = tierOf(world, command.tier);
  accountMustBeOpen(world, account);
  const asset = assetOf(world, command.asset);
  const bucket = bucketInMode(tier, account, mode) ?? refuse("bucket_unknown", 0);
  const isShared = tier.backstopBook.shares > 0n && tier.backstop === bucket.id;
  if (isShared) refuse("backstop_shared", bucket.id, tier.backstopBook.shares);
  const amount = BigInt(command.amount);
  const held = amountIn(bucket, asset);
  if (held < amount) refuse("bucket_amount_insufficient", held, amount);

  for (const { market } of positionsOf(bucket)) priceMustAllow(market, FORBIDS.withdraw);
  credit(world, bucket, asset, -amount);
  restMustCoverMargin(world, bucket);
  balanceMustHaveRoom(world, asset, account);
  move(world, asset, amount, custody(tier.id), TRANSIT);
  move(world, asset, amount, TRANSIT, owner(account));
  return [bucket.id, amountIn(bucket, asset)];
}

function amountIn(bucket: Bucket, asset: Asset): bigint {
  return asset.id === QUOTE ? bucket.cash : (bucket.holdings.get(asset.id) ?? 0n);
}

function balanceMustSuffice(asset: Asset, account: number, amount: bigint): void {
  const balance = balanceOf(asset, account);
  if (balance < amount) refuse("balance_insufficient", balance, amount);
}

/** A balance takes room when it is first credited, and keeps it. */
export function balanceMustHaveRoom(world: World, asset: Asset, account: number): void {
  const { venue, capacities } = world;
  if (asset.owners.has(account)) return;
  const balances = venue.assets.reduce((total, { owners }) => total + owners.size, 0);
  if (balances >= capacities.balances) refuse("balance_capacity_reached", capacities.balances);
}

function openBucket(world: World, tier: Tier, account: number, mode: number): Bucket {
  const { journal, capacities } = world;
  if (tier.buckets.length >= capacities.buckets) refuse("bucket_capacity_reached", capacities.buckets);
  const bucket: Bucket = {
    id: tier.buckets.length + 1,
    tier,
    account,
    mode,
    cash: 0n,
    distress: "none",
    distressSince: 0,
    slots: 0,
    holdings: new Map(),
    positions: new Map(),
    orders: new Map(),
  };
  journal.push(tier.buckets, bucket);
  const owned = tier.bucketsOfAccount.get(account) ?? [];
  journal.put(tier.bucketsOfAccount, account, [...owned, bucket]);
  return bucket;
}

/** Changes what a bucket holds of an asset; a negative amount is a debit. */
function credit(world: World, bucket: Bucket, asset: Asset, amount: bigint): void {
  const { journal } = world;
  if (asset.id === QUOTE) journal.set(bucket, "cash", bucket.cash + amount);
  else journal.put(bucket.holdings, asset.id, (bucket.holdings.get(asset.id) ?? 0n) + amount);
  emit(world, "bucketMoved", bucket.id, asset.id, amount);
}

/** Unrealised profit never leaves: without it, what stays must cover initial margin. */
function restMustCoverMargin(world: World, bucket: Bucket): void {
  if (positionsOf(bucket).length === 0) return;
  const equity = equityWithoutProfit(world, bucket);
  const needed = required(bucket);
  if (equity < needed) refuse("free_collateral_insufficient", equity, needed);
}

/** Positions in use, by market. */
export function positionsOf(bucket: Bucket): readonly Position[] {
  const used = [...bucket.positions.values()].filter(isInUse);
  used.sort((a, b) => a.market.id - b.market.id);
  return used;
}
