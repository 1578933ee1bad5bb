/** Cancel one open order, by its id or by the client id it was placed with. Possible in every state of the market. */
import { NIL } from "../kernel/arena.ts";
import { CANCEL_ORDER } from "../domain/commands.ts";
import { REASON } from "../domain/events.ts";
import { integer, word } from "../domain/frame.ts";
import type { OutcomeCode } from "../domain/refusals.ts";
import { BUCKET } from "../domain/rows/bucket.ts";
import { ORDER } from "../domain/rows/order.ts";
import type { Market } from "../domain/tierShard.ts";
import type { Venue } from "../domain/venue.ts";
import { orderId, orderOf, orderOfClient } from "../execution/openOrders.ts";
import { enterMarket, enterTier, isAccount } from "./steps/lookUp.ts";
import { removeOrder } from "./steps/removeOrder.ts";

const { at } = CANCEL_ORDER;

export function cancelOrder(venue: Venue): OutcomeCode {
  const { command } = venue;
  const tier = enterTier(venue, integer(command, at.tier));
  if (tier === undefined) return venue.refuse("tier_unknown", integer(command, at.tier));
  const account = integer(command, at.account);
  if (!isAccount(venue, account)) return venue.refuse("account_unknown", account);
  const id = word(command, at.order);
  const clientId = word(command, at.clientId);
  const order = id === 0 ? orderOfClient(tier, account, clientId) : orderOf(tier, id);
  if (order === NIL)
    return id === 0 ? venue.refuse("client_id_unknown", clientId) : venue.refuse("order_unknown", id);
  const { arena } = tier;
  const owner = arena.int(arena.int(order, ORDER.bucket), BUCKET.account);
  if (owner !== account) return venue.refuse("order_not_owned", id, owner);

  const market = enterMarket(venue, tier, arena.int(order, ORDER.market)) as Market;
  const lots = arena.num(order, ORDER.lots);
  const removed = orderId(tier, order);
  removeOrder(venue, tier, market, order, REASON.cancelled);
  return venue.accept(removed, lots);
}
