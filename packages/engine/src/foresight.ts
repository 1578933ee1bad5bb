/**
 * Rows that commands are about to need, read before they are executed. A row nobody has used lately takes memory 150 to 400 ns to deliver, and a
 * command that comes to it waits, for one such row after the other. Read for many commands at once, rows are on their way together.
 *
 * Only reads: nothing is checked, decided or written, and what the frames say need not be true, or a command at all.
 */
import { type Arena, NIL, type Ref } from "./kernel/arena.ts";
import { type Pool, rowOf, usedRows } from "./kernel/pool.ts";
import { AMEND_ORDER, CANCEL_ORDER, PLACE_ORDER } from "./domain/commands.ts";
import { CODE, FRAME_WORDS } from "./domain/frame.ts";
import { slotAt } from "./domain/positions.ts";
import { ALARM, BUCKET, POSITION } from "./domain/rows/bucket.ts";
import { ORDER } from "./domain/rows/order.ts";
import type { TierShard } from "./domain/tierShard.ts";
import type { Venue } from "./domain/venue.ts";
import { ID_SLOTS, orderOfClient } from "./execution/openOrders.ts";

/** Commands that are looked at together: so many rows that most of the waiting is shared, so few that none is gone again before its turn. */
export const FORESIGHT = 16;
/** Orders that an order is linked with: at its price, and of its bucket. */
const LINKS = 4;
/** Slots of a bucket that are read; the machine itself goes on to those behind. */
const SLOTS = 4;

export class Foresight {
  /** What was read, so that no compiler leaves the reading out. */
  private read = 0;
  private readonly tiers: (TierShard | undefined)[] = Array.from({ length: FORESIGHT }, () => undefined);
  private readonly buckets: Ref<"bucket">[] = Array.from({ length: FORESIGHT }, () => NIL);
  /** Orders beside those that are placed or cancelled: their links will change. */
  private readonly beside: Ref<"order">[] = Array.from({ length: FORESIGHT * LINKS }, () => NIL);

  /** @param count - commands from `offset` on, up to `FORESIGHT` of which are looked at */
  look(venue: Venue, frames: Float64Array, offset: number, count: number): void {
    const { tiers, buckets, beside } = this;
    const seen = Math.min(count, FORESIGHT);
    beside.fill(NIL);
    // Step by step for all of them: within a step no read waits for another.
    for (let index = 0; index < seen; index++) {
      const at = offset + index * FRAME_WORDS;
      const tier = venue.tiers[(frames[at + PLACE_ORDER.at.tier] as number) - 1];
      tiers[index] = tier;
      buckets[index] = tier === undefined ? NIL : this.bucketOf(tier, frames, at, index * LINKS);
    }
    for (let index = 0; index < seen; index++) {
      const bucket = buckets[index] ?? NIL;
      const first = index * LINKS;
      if (bucket !== NIL && beside[first] === NIL)
        beside[first] = (tiers[index] as TierShard).arena.int(bucket, BUCKET.newestOrder);
    }
    for (let index = 0; index < seen; index++) {
      const bucket = buckets[index] ?? NIL;
      if (bucket !== NIL) this.readAround(tiers[index] as TierShard, bucket, index * LINKS);
    }
  }

  /** The bucket of an order's command, and of a cancel on the way to it the order; `NIL` if it is none. */
  private bucketOf(tier: TierShard, frames: Float64Array, at: number, first: number): Ref<"bucket"> {
    const { arena } = tier;
    const code = frames[at + CODE] as number;
    const account = frames[at + PLACE_ORDER.at.account] as number;
    if (code === PLACE_ORDER.code) {
      this.read ^= orderOfClient(tier, account, frames[at + PLACE_ORDER.at.clientId] as number);
      return known(arena, tier.buckets, frames[at + PLACE_ORDER.at.bucket] as number);
    }
    if (code !== CANCEL_ORDER.code && code !== AMEND_ORDER.code) return NIL;
    const id = frames[at + CANCEL_ORDER.at.order] as number;
    const order =
      id === 0 && code === CANCEL_ORDER.code
        ? orderOfClient(tier, account, frames[at + CANCEL_ORDER.at.clientId] as number)
        : known(arena, tier.orders, id - Math.floor(id / ID_SLOTS) * ID_SLOTS);
    if (order === NIL) return NIL;
    const { beside } = this;
    beside[first] = arena.int(order, ORDER.next);
    beside[first + 1] = arena.int(order, ORDER.previous);
    beside[first + 2] = arena.int(order, ORDER.bucketOlder);
    beside[first + 3] = arena.int(order, ORDER.bucketNewer);
    return arena.int(order, ORDER.bucket);
  }

  /** The first positions of a bucket and their alarms, and the orders beside. */
  private readAround(tier: TierShard, bucket: Ref<"bucket">, first: number): void {
    const { arena } = tier;
    let { read } = this;
    if (arena.int(bucket, BUCKET.slots) >= SLOTS)
      for (let slot = 0; slot < SLOTS; slot++) {
        const position = slotAt(arena, bucket, slot);
        read ^= arena.int(position, POSITION.market) ^ arena.int(tier.alarmBelow(position), ALARM.tick);
      }
    for (let link = first; link < first + LINKS; link++) {
      const order = this.beside[link] ?? NIL;
      if (order !== NIL) read ^= arena.int(order, ORDER.bucket);
    }
    this.read = read;
  }
}

/** The row of a number, which may be any; `NIL` if there is none. */
function known<Table extends string>(arena: Arena, pool: Pool<Table>, number: number): Ref<Table> {
  return number >= 1 && number <= usedRows(arena, pool) ? rowOf(arena, pool, number) : NIL;
}
