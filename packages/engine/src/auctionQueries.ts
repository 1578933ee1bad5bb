/** Questions to call auctions: what one would do if it ended now. They change nothing and allocate plain objects. */
import { negate } from "./kernel/checked.ts";
import type { Ms, Ticks } from "./kernel/units.ts";
import { BREAKER } from "./domain/breaker.ts";
import { GUARD } from "./domain/rows/guard.ts";
import { MARKET } from "./domain/rows/market.ts";
import { collects } from "./domain/trading.ts";
import type { Venue } from "./domain/venue.ts";
import { clearingOf, collarOf } from "./commands/steps/callAuction.ts";
import { forcedVolume, sumOf } from "./commands/steps/forcedVolume.ts";
import { interestsOf } from "./execution/collected.ts";
import { UnknownId } from "./queries.ts";

export interface AuctionView {
  /** True while it takes orders; otherwise its price stands, and is executed tick by tick. */
  readonly collects: boolean;
  /** When collection may end; it ends at random within a minute after that. 0 = it has. */
  readonly endsAt: Ms;
  readonly extensions: number;
  /** Orders collected so far. */
  readonly orders: number;
  /** The price that stands, or the one it would have now; 0 = nothing crosses. */
  readonly price: Ticks | 0;
  /** Lots that would trade at the price it would have now, and lots bid at it less lots offered. */
  readonly volume: number;
  readonly imbalance: number;
  /** Lots that liquidations would close at no worse than their own limits: > 0 longs, < 0 shorts. */
  readonly forced: number;
  /** Prices beyond which it would be extended; 0 = none. */
  readonly lowest: Ticks | 0;
  readonly highest: Ticks | 0;
}

/** The call auction of a market, undefined if there is none. @throws {UnknownId} */
export function auctionView(venue: Venue, tierId: number, marketId: number): AuctionView | undefined {
  const tier = tierId >= 1 ? venue.tier(tierId) : undefined;
  if (tier === undefined) throw new UnknownId("tier", tierId);
  const market = marketId >= 1 ? tier.market(marketId) : undefined;
  if (market === undefined) throw new UnknownId("market", marketId);
  const { arena } = tier;
  const guard = tier.guard(marketId);
  if (arena.num(guard, GUARD.level) !== BREAKER.auction) return undefined;
  const forced = forcedVolume(tier, market);
  const interests = interestsOf(arena, market, forced.claims, forced.sells);
  const clearing = clearingOf(tier, market, interests, forced);
  const fixed = arena.int(guard, GUARD.auctionPrice);
  const collar = collarOf(tier, market);
  const wanted = sumOf(forced.claims);
  return {
    collects: collects(tier, market),
    endsAt: arena.num(guard, GUARD.auctionEnds),
    extensions: arena.int(guard, GUARD.auctionExtensions),
    orders: arena.int(market.row, MARKET.collected),
    price: fixed === 0 ? (clearing?.price ?? 0) : fixed,
    volume: clearing?.volume ?? 0,
    imbalance: clearing?.imbalance ?? 0,
    forced: forced.sells ? wanted : negate(wanted),
    lowest: collar?.lowest ?? 0,
    highest: collar?.highest ?? 0,
  };
}
