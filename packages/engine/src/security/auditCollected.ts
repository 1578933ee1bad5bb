/** The audit of what call auctions collect (B1): one list per market, linked both ways, of the orders that say so; and only during an auction. */
import { NIL, type Ref } from "../kernel/arena.ts";
import { GUARD } from "../domain/rows/guard.ts";
import { MARKET } from "../domain/rows/market.ts";
import { ORDER } from "../domain/rows/order.ts";
import type { TierShard } from "../domain/tierShard.ts";
import type { Report } from "./finding.ts";

const COLLECTED = 1 << 11;
const AUCTION = 4;

export function isCollected(terms: number): boolean {
  return (terms & COLLECTED) !== 0;
}

/** @param orders - all open orders of the tier */
export function auditCollected(tier: TierShard, orders: readonly Ref<"order">[], report: Report): void {
  const { arena } = tier;
  const expected = new Map<number, Set<number>>();
  for (const order of orders) {
    if (!isCollected(arena.int(order, ORDER.terms))) continue;
    const market = arena.int(order, ORDER.market);
    expected.set(market, (expected.get(market) ?? new Set()).add(order));
  }
  for (let id = 1; id <= tier.marketCount; id++) {
    const own = expected.get(id) ?? new Set<number>();
    auditList(tier, id, own, report);
    const level = arena.num(tier.guard(id), GUARD.level);
    if (own.size > 0) report("22", `market ${id} of tier ${tier.id}: collects in an auction`, AUCTION, level);
  }
}

function auditList(tier: TierShard, id: number, expected: ReadonlySet<number>, report: Report): void {
  const { arena } = tier;
  const row = tier.marketRow(id);
  const where = `orders that market ${id} of tier ${tier.id} collects`;
  let found = 0;
  let previous: number = NIL;
  let order = arena.int(row, MARKET.firstCollected);
  for (; order !== NIL && found <= expected.size; order = arena.int(order, ORDER.next)) {
    report("B1", `${where}: one that belongs there`, 1, expected.has(order) ? 1 : 0);
    report("B1", `${where}: link`, previous, arena.int(order, ORDER.previous));
    previous = order;
    found++;
  }
  report("B1", where, expected.size, found);
  report("B1", `${where}: counted`, expected.size, arena.int(row, MARKET.collected));
  report("B1", `${where}: last`, previous, arena.int(row, MARKET.lastCollected));
}
