/**
 * An owner moves balance into a bucket of a tier: the cross bucket, or the isolated one of a market. The bucket opens with its
 * first allocation, and what is in it is all the owner can lose there.
 */
import { NIL, type Ref } from "../kernel/arena.ts";
import { negate } from "../kernel/checked.ts";
import { find, insert } from "../kernel/pairIndex.ts";
import { numberOf, takeRow } from "../kernel/pool.ts";
import { quoteAsCash } from "../kernel/value.ts";
import { ALLOCATE } from "../domain/commands.ts";
import { EVENTS } from "../domain/events.ts";
import { word } from "../domain/frame.ts";
import { QUOTE_ASSET } from "../domain/limits.ts";
import { type Transfer, post, receive } from "../domain/mail.ts";
import { amountIn, openHolding } from "../domain/positions.ts";
import type { OutcomeCode } from "../domain/refusals.ts";
import { BUCKET, HOLDING } from "../domain/rows/bucket.ts";
import { COLLATERAL } from "../domain/rows/tier.ts";
import type { TierShard } from "../domain/tierShard.ts";
import type { Venue } from "../domain/venue.ts";
import { collateralCap } from "../oracle/manipulation.ts";
import { LEDGER, balanceOf, debitOwner, moveCustody, moveTransit } from "../vault/ledger.ts";
import { enterTier, isAccount, isAsset } from "./steps/lookUp.ts";
import { emitMoved } from "./steps/moveBalance.ts";

const { at } = ALLOCATE;

export function allocate(venue: Venue): OutcomeCode {
  const { command, vault } = venue;
  const tierId = word(command, at.tier);
  const tier = enterTier(venue, tierId);
  if (tier === undefined) return venue.refuse("tier_unknown", tierId);
  const account = word(command, at.account);
  if (!isAccount(venue, account)) return venue.refuse("account_unknown", account);
  const asset = word(command, at.asset);
  if (!isAsset(venue, asset)) return venue.refuse("asset_unknown", asset);
  const mode = word(command, at.mode);
  if (mode > tier.marketCount) return venue.refuse("market_unknown", mode);
  const terms = tier.collateral(asset);
  if (asset !== QUOTE_ASSET && tier.arena.int(terms, COLLATERAL.accepted) === 0) {
    return venue.refuse("collateral_not_accepted", asset);
  }
  const amount = word(command, at.amount);
  const balance = balanceOf(vault, account, asset);
  if (amount > balance) return venue.refuse("balance_insufficient", balance, amount);

  debitOwner(vault, account, asset, amount);
  moveTransit(vault, asset, amount);
  emitMoved(venue, asset, amount, LEDGER.owner + account, LEDGER.transit);
  post(vault.arena, vault.outbox(tierId), { account, mode, asset, amount });
  const outcome = credit(venue, tier, receive(vault.arena, vault.outbox(tierId), tier.arena, tier.inbox));
  moveTransit(vault, asset, negate(amount));
  moveCustody(vault, asset, tierId, amount);
  emitMoved(venue, asset, amount, LEDGER.transit, LEDGER.custody + tierId);
  return outcome;
}

/** The tier's side: the amount arrives in the bucket, or is refused. */
function credit(venue: Venue, tier: TierShard, transfer: Transfer): OutcomeCode {
  const { arena } = tier;
  const { account, mode, asset, amount } = transfer;
  const terms = tier.collateral(asset);
  const held = arena.num(terms, COLLATERAL.held);
  const cap = collateralCap(tier, asset);
  if (asset !== QUOTE_ASSET && held + amount > cap)
    return venue.refuse("collateral_cap_reached", held, amount, cap);
  let bucket = find(arena, tier.bucketIndex, account, mode);
  if (bucket === NIL) bucket = openBucket(tier, account, mode);
  if (bucket === NIL) return venue.refuse("bucket_capacity_reached", tier.capacities.buckets);

  if (asset === QUOTE_ASSET) arena.addNum(bucket, BUCKET.cash, quoteAsCash(amount));
  else {
    const holding = openHolding(tier, bucket, asset);
    if (holding === NIL) return venue.refuse("holding_capacity_reached", tier.capacities.holdings);
    arena.addNum(holding, HOLDING.amount, amount);
    arena.addNum(terms, COLLATERAL.held, amount);
  }
  const id = numberOf(tier.buckets, bucket);
  venue.events.emit(EVENTS.bucketMoved.code, id, asset, amount);
  return venue.accept(id, amountIn(arena, bucket, asset));
}

function openBucket(tier: TierShard, account: number, mode: number): Ref<"bucket"> {
  const { arena } = tier;
  const bucket = takeRow(arena, tier.buckets);
  if (bucket === NIL) return bucket;
  arena.setInt(bucket, BUCKET.account, account);
  arena.setInt(bucket, BUCKET.mode, mode);
  insert(arena, tier.bucketIndex, account, mode, bucket);
  return bucket;
}
