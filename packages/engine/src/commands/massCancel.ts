/** The operator clears a market's orders, up to a bounded number at a time: bids, asks, what a call auction has collected, then those waiting for a trigger. */
import { NIL, type Ref } from "../kernel/arena.ts";
import { MASS_CANCEL } from "../domain/commands.ts";
import { REASON } from "../domain/events.ts";
import { word } from "../domain/frame.ts";
import { MAX_SWEEP } from "../domain/limits.ts";
import type { OutcomeCode } from "../domain/refusals.ts";
import { MARKET } from "../domain/rows/market.ts";
import type { Market, TierShard } from "../domain/tierShard.ts";
import type { Venue } from "../domain/venue.ts";
import { bestOpposite, oldestAt } from "../execution/orderBook.ts";
import { firstWaiting } from "../execution/triggers.ts";
import { enterMarket, enterTier } from "./steps/lookUp.ts";
import { removeOrder } from "./steps/removeOrder.ts";

const { at } = MASS_CANCEL;

export function massCancel(venue: Venue): OutcomeCode {
  const { command } = venue;
  const tier = enterTier(venue, word(command, at.tier));
  if (tier === undefined) return venue.refuse("tier_unknown", word(command, at.tier));
  const marketId = word(command, at.market);
  const market = enterMarket(venue, tier, marketId);
  if (market === undefined) return venue.refuse("market_unknown", marketId);

  let removed = 0;
  for (; removed < MAX_SWEEP; removed++) {
    const order = nextOrder(tier, market);
    if (order === NIL) break;
    removeOrder(venue, tier, market, order, REASON.massCancelled);
  }
  return venue.accept(removed, tier.arena.int(market.row, MARKET.orders));
}

function nextOrder(tier: TierShard, market: Market): Ref<"order"> {
  const { arena } = tier;
  const best = bestOpposite(arena, market, false) || bestOpposite(arena, market, true);
  if (best !== 0) return oldestAt(arena, market, best);
  const collected = arena.int(market.row, MARKET.firstCollected);
  return collected === NIL ? firstWaiting(arena, market) : collected;
}
