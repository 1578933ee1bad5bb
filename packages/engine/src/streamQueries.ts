/**
 * Questions of whoever follows a venue by its events, and wants to know what there was when he began. They walk whole tables, and are
 * asked once.
 */
import { NIL, type Ref } from "./kernel/arena.ts";
import { rowOf, usedRows } from "./kernel/pool.ts";
import { type AssetUnits, type Lots, type Ms, NONE, type Ticks } from "./kernel/units.ts";
import { isWaiting, sideOf } from "./domain/orderTerms.ts";
import { BUCKET } from "./domain/rows/bucket.ts";
import { ORDER } from "./domain/rows/order.ts";
import { WITHDRAWAL } from "./domain/rows/vault.ts";
import type { Venue } from "./domain/venue.ts";
import { newestOrder, orderId } from "./execution/openOrders.ts";
import { UnknownId } from "./queries.ts";
import { firstInQueue } from "./vault/queue.ts";
import { withdrawalId } from "./vault/withdrawals.ts";

/** An order that is on a book, or collected for a call auction. */
export interface RestingOrder {
  readonly id: number;
  readonly bucket: number;
  readonly market: number;
  readonly side: number;
  readonly price: Ticks;
  readonly lots: Lots;
  /** 0 = none. */
  readonly clientId: number;
}

/** What waits to be paid out of an account. */
export interface PendingWithdrawal {
  readonly id: number;
  readonly asset: number;
  readonly amount: AssetUnits;
  readonly released: AssetUnits;
  readonly requestedAt: Ms;
  /** In the queue, from 1; 0 = all of it is released. */
  readonly place: number;
}

/** The orders of a tier that can be met, bucket by bucket, the newest first; those that wait for their trigger are not among them. @throws {UnknownId} */
export function* restingOrders(venue: Venue, tierId: number): Generator<RestingOrder> {
  const tier = venue.tier(tierId);
  if (tier === undefined) throw new UnknownId("tier", tierId);
  const { arena } = tier;
  const buckets = usedRows(arena, tier.buckets);
  for (let bucket = 1; bucket <= buckets; bucket++) {
    let order = newestOrder(arena, rowOf(arena, tier.buckets, bucket));
    for (; order !== NIL; order = arena.int(order, ORDER.bucketOlder)) {
      const terms = arena.int(order, ORDER.terms);
      if (isWaiting(terms)) continue;
      yield {
        id: orderId(tier, order),
        bucket,
        market: arena.int(order, ORDER.market),
        side: sideOf(terms),
        price: arena.int(order, ORDER.price),
        lots: arena.num(order, ORDER.lots),
        clientId: arena.num(order, ORDER.clientId),
      };
    }
  }
}

/** The account of every bucket of a tier; the bucket's number is the index, and 0 is nobody's. @throws {UnknownId} */
export function bucketOwners(venue: Venue, tierId: number): Int32Array {
  const tier = venue.tier(tierId);
  if (tier === undefined) throw new UnknownId("tier", tierId);
  const { arena } = tier;
  const owners = new Int32Array(usedRows(arena, tier.buckets) + 1);
  for (let bucket = 1; bucket < owners.length; bucket++)
    owners[bucket] = arena.int(rowOf(arena, tier.buckets, bucket), BUCKET.account);
  return owners;
}

/** The withdrawals of an account that are not paid, by number of their rows. Walks the queue for their places. */
export function pendingWithdrawals(venue: Venue, account: number): PendingWithdrawal[] {
  const { vault } = venue;
  const { arena } = vault;
  const places = new Map<Ref<"withdrawal">, number>();
  let place = 0;
  for (let row = firstInQueue(vault); row !== NIL; row = arena.int(row, WITHDRAWAL.next)) {
    place++;
    if (arena.int(row, WITHDRAWAL.account) === account) places.set(row, place);
  }
  const pending: PendingWithdrawal[] = [];
  const rows = usedRows(arena, vault.withdrawals);
  for (let number = 1; number <= rows; number++) {
    const row = rowOf(arena, vault.withdrawals, number);
    if (arena.int(row, WITHDRAWAL.account) !== account) continue;
    pending.push({
      id: withdrawalId(vault, row),
      asset: arena.int(row, WITHDRAWAL.asset),
      amount: arena.num(row, WITHDRAWAL.amount),
      released: arena.num(row, WITHDRAWAL.released),
      requestedAt: arena.num(row, WITHDRAWAL.requestedAt),
      place: places.get(row) ?? NONE,
    });
  }
  return pending;
}
