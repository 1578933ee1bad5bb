/**
 * Conditional orders fire when the mark reaches their trigger.
 *
 * @see docs/spec/execution.md, "Triggers"
 */
import { isTraded } from "./breaker.ts";
import { priceMustBeInBand } from "./band.ts";
import { enter } from "./entry.ts";
import { detach, removeOrder } from "./orders.ts";
import { FORBIDS, isForbidden } from "./permits.ts";
import { Refused } from "./refusal.ts";
import { CONTRACT, MAX_TRIGGERS, REASON, TRIGGER_OUTCOME } from "./terms.ts";
import type { Market, Order, World } from "./venue.ts";
import { attempt, emit } from "./world.ts";

/** Fires the market's due orders, at most `limit`; returns how many. */
export function fireTriggers(world: World, market: Market, limit: number = MAX_TRIGGERS): number {
  if (!takesOrders(world, market)) return 0;
  let fired = 0;
  while (fired < limit) {
    const order = nextDue(market);
    if (order === undefined) break;
    fire(world, order);
    fired += 1;
  }
  return fired;
}

function takesOrders(world: World, market: Market): boolean {
  if (isForbidden(market, FORBIDS.take)) return false;
  return isTraded(market) && !(market.contract === CONTRACT.future && world.time >= market.expiry);
}

/** The rising ones from the lowest trigger, then the falling ones from the highest. */
function nextDue({ rising, falling, mark }: Market): Order | undefined {
  if (mark === 0) return undefined;
  if (rising.lowest !== undefined && mark >= rising.lowest) return rising.first(rising.lowest);
  if (falling.highest !== undefined && mark <= falling.highest) return falling.first(falling.highest);
  return undefined;
}

function fire(world: World, order: Order): void {
  if (order.expiry > 0 && order.expiry <= world.time) {
    removeOrder(world, order, REASON.expired);
    return;
  }
  try {
    attempt(world, () => execute(world, order));
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    tell(world, order, TRIGGER_OUTCOME[error.refusal] ?? -1);
    removeOrder(world, order, REASON.refused);
  }
}

function execute(world: World, order: Order): void {
  tell(world, order, 0);
  detach(world, order);
  if (!order.isMarket) priceMustBeInBand(order.market, order.direction, order.price, order.market.mark);
  enter(world, order);
}

function tell(world: World, { market, id, bucket }: Order, outcome: number): void {
  emit(world, "orderTriggered", market.id, id, bucket.id, market.mark, outcome);
}
