/**
 * Time passes in a tier: what stands behind its buckets is looked at anew, dated orders expire, prices age, marks follow their books, triggers left over from the last price fire, what
 * breakers held lapses, liquidations go on, and call auctions are held. Bounded work per tick.
 */
import { NIL } from "../kernel/arena.ts";
import { CLOCK_TICK } from "../domain/commands.ts";
import { REASON } from "../domain/events.ts";
import { word } from "../domain/frame.ts";
import { MAX_SWEEP, MAX_TRIGGERS } from "../domain/limits.ts";
import type { OutcomeCode } from "../domain/refusals.ts";
import { GOVERNANCE } from "../domain/rows/governance.ts";
import { ORDER } from "../domain/rows/order.ts";
import type { Venue } from "../domain/venue.ts";
import { nextDue } from "../execution/timers.ts";
import { runAuctions } from "./steps/callAuction.ts";
import { fireDueOrders } from "./steps/fireOrder.ts";
import { lapseHolds } from "./steps/lapseHolds.ts";
import { publishFeeds } from "./steps/publishFeed.ts";
import { remarkSampled } from "./steps/remark.ts";
import { controlTier } from "./steps/controlTier.ts";
import { guardTier } from "./steps/guardMarket.ts";
import { enterTier } from "./steps/lookUp.ts";
import { noteLosses } from "./steps/noteLosses.ts";
import { removeOrder } from "./steps/removeOrder.ts";
import { renewDepth } from "./steps/renewDepth.ts";
import { serveDistress } from "./steps/serveDistress.ts";
import { watchBuckets } from "./steps/watchBuckets.ts";

const { at } = CLOCK_TICK;

export function clockTick(venue: Venue): OutcomeCode {
  const { command } = venue;
  const tier = enterTier(venue, word(command, at.tier));
  if (tier === undefined) return venue.refuse("tier_unknown", word(command, at.tier));

  renewDepth(venue, tier);
  let expired = 0;
  for (; expired < MAX_SWEEP; expired++) {
    const order = nextDue(tier, venue.now);
    if (order === NIL) break;
    removeOrder(venue, tier, tier.listedMarket(tier.arena.int(order, ORDER.market)), order, REASON.expired);
  }
  publishFeeds(venue, tier);
  remarkSampled(venue, tier);
  guardTier(venue, tier);
  controlTier(venue, tier);
  let triggered = 0;
  for (let id = 1; id <= tier.marketCount && triggered < MAX_TRIGGERS; id++) {
    triggered += fireDueOrders(venue, tier, tier.listedMarket(id), MAX_TRIGGERS - triggered);
  }
  if (tier.arena.int(tier.governance.row, GOVERNANCE.holds) !== 0) lapseHolds(venue, tier);
  watchBuckets(venue, tier, undefined);
  const inDistress = serveDistress(venue, tier);
  runAuctions(venue, tier);
  noteLosses(venue, tier);
  return venue.accept(expired, triggered, inDistress);
}
