/** What orders named that a command has met, and that may be gone. */
import { NIL } from "../kernel/arena.ts";
import { rowOf } from "../kernel/pool.ts";
import { ORDER } from "../domain/rows/order.ts";
import type { TierShard } from "../domain/tierShard.ts";

/** An order's id is generation·2^22 + slot number. */
const ID_SLOTS = 2 ** 22;

/** The price an order named that was met in this command; what it left in its row stays there unless another order has taken the row since. */
export function priceOf(tier: TierShard, id: number): number {
  const { arena, orders } = tier;
  const generation = Math.floor(id / ID_SLOTS);
  const order = rowOf(arena, orders, id - generation * ID_SLOTS);
  const isOpen = arena.int(order, ORDER.bucket) !== NIL;
  const now = Math.max(1, arena.int(order, ORDER.generation));
  const isOwn = isOpen ? now === generation : now === generation || now === generation + 1;
  return isOwn ? arena.int(order, ORDER.price) : arena.intBefore(order, ORDER.price);
}
