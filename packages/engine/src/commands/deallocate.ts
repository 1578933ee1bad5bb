/**
 * An owner takes cash or collateral out of a bucket, back to the vault. What stays must cover initial margin without counting
 * any unrealised profit: a gain that no loser has paid for cannot leave.
 */
import { NIL, type Ref } from "../kernel/arena.ts";
import { negate } from "../kernel/checked.ts";
import { find } from "../kernel/pairIndex.ts";
import { numberOf } from "../kernel/pool.ts";
import type { AssetUnits } from "../kernel/units.ts";
import { quoteAsCash } from "../kernel/value.ts";
import { DEALLOCATE } from "../domain/commands.ts";
import { EVENTS } from "../domain/events.ts";
import { word } from "../domain/frame.ts";
import { QUOTE_ASSET } from "../domain/limits.ts";
import { post, receive } from "../domain/mail.ts";
import { FORBID } from "../domain/permits.ts";
import { amountIn, holdingOf, isIdle } from "../domain/positions.ts";
import type { OutcomeCode } from "../domain/refusals.ts";
import { BUCKET, HOLDING } from "../domain/rows/bucket.ts";
import { COLLATERAL } from "../domain/rows/tier.ts";
import type { TierShard } from "../domain/tierShard.ts";
import { noteUnsettled } from "../domain/unsettled.ts";
import type { Venue } from "../domain/venue.ts";
import { measureBucket } from "../risk/bucketMeasure.ts";
import { forbiddingMarket, worstEquity } from "../risk/withdrawable.ts";
import { LEDGER, creditOwner, hasRoomForBalance, moveCustody, moveTransit } from "../vault/ledger.ts";
import { backstopBucket, isOwnedInShares, sharesOfBackstop } from "./steps/backstopFund.ts";
import { checkPermit } from "./steps/checkPermit.ts";
import { enterTier, isAccount, isAsset } from "./steps/lookUp.ts";
import { emitMoved } from "./steps/moveBalance.ts";

const { at } = DEALLOCATE;

export function deallocate(venue: Venue): OutcomeCode {
  const { command, vault, figures } = venue;
  const tierId = word(command, at.tier);
  const tier = enterTier(venue, tierId);
  if (tier === undefined) return venue.refuse("tier_unknown", tierId);
  const account = word(command, at.account);
  if (!isAccount(venue, account)) return venue.refuse("account_unknown", account);
  const asset = word(command, at.asset);
  if (!isAsset(venue, asset)) return venue.refuse("asset_unknown", asset);
  const mode = word(command, at.mode);
  const { arena } = tier;
  const bucket = find(arena, tier.bucketIndex, account, mode);
  if (bucket === NIL) return venue.refuse("bucket_unknown", 0);
  if (isOwnedInShares(tier) && bucket === backstopBucket(tier))
    return venue.refuse("backstop_shared", numberOf(tier.buckets, bucket), sharesOfBackstop(tier));
  const amount = word(command, at.amount);
  const held = amountIn(arena, bucket, asset);
  if (amount > held) return venue.refuse("bucket_amount_insufficient", held, amount);

  const forbidding = forbiddingMarket(tier, bucket, FORBID.withdraw);
  if (forbidding !== 0) return checkPermit(venue, tier, tier.listedMarket(forbidding), FORBID.withdraw);

  debit(tier, bucket, asset, amount);
  if (!isIdle(arena, bucket)) {
    measureBucket(tier, bucket, figures);
    const equity = worstEquity(tier, bucket);
    if (equity < figures.required) {
      return venue.refuse("free_collateral_insufficient", equity, figures.required);
    }
  }
  if (!hasRoomForBalance(vault, account, asset))
    return venue.refuse("balance_capacity_reached", vault.balances.capacity);
  noteUnsettled(tier, bucket);
  const id = numberOf(tier.buckets, bucket);
  venue.events.emit(EVENTS.bucketMoved.code, id, asset, negate(amount));
  post(arena, tier.outbox, { account, mode, asset, amount });
  const arrived = receive(arena, tier.outbox, vault.arena, vault.inbox(tierId));
  moveCustody(vault, arrived.asset, tierId, negate(arrived.amount));
  moveTransit(vault, arrived.asset, arrived.amount);
  emitMoved(venue, arrived.asset, arrived.amount, LEDGER.custody + tierId, LEDGER.transit);
  moveTransit(vault, arrived.asset, negate(arrived.amount));
  creditOwner(vault, arrived.account, arrived.asset, arrived.amount);
  emitMoved(venue, arrived.asset, arrived.amount, LEDGER.transit, LEDGER.owner + arrived.account);
  return venue.accept(id, held - amount);
}

function debit(tier: TierShard, bucket: Ref<"bucket">, asset: number, amount: AssetUnits): void {
  const { arena } = tier;
  if (asset === QUOTE_ASSET) {
    arena.addNum(bucket, BUCKET.cash, negate(quoteAsCash(amount)));
    return;
  }
  const holding = holdingOf(arena, bucket, asset);
  const terms = tier.collateral(asset);
  arena.addNum(holding, HOLDING.amount, negate(amount));
  arena.addNum(terms, COLLATERAL.held, negate(amount));
}
