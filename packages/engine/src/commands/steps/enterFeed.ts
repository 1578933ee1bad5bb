/** Finds the market or the collateral asset whose price a command is about. */
import { FEED_KIND } from "../../domain/commands.ts";
import { STATUS } from "../../domain/parameters.ts";
import { ACCEPTED, type OutcomeCode } from "../../domain/refusals.ts";
import { MARKET } from "../../domain/rows/market.ts";
import { COLLATERAL } from "../../domain/rows/tier.ts";
import type { TierShard } from "../../domain/tierShard.ts";
import type { Venue } from "../../domain/venue.ts";
import { enterMarket, isAsset } from "./lookUp.ts";

/** Refuses a price of nothing: no such market, one that has its final price, or no collateral of the tier. */
export function enterFeed(venue: Venue, tier: TierShard, kind: number, id: number): OutcomeCode {
  if (kind === FEED_KIND.market) {
    const market = enterMarket(venue, tier, id);
    if (market === undefined) return venue.refuse("market_unknown", id);
    const isSettled = tier.arena.int(market.row, MARKET.status) === STATUS.settled;
    return isSettled ? venue.refuse("market_is_settled", id) : ACCEPTED;
  }
  if (!isAsset(venue, id)) return venue.refuse("asset_unknown", id);
  const isAccepted = tier.arena.int(tier.collateral(id), COLLATERAL.accepted) === 1;
  return isAccepted ? ACCEPTED : venue.refuse("collateral_not_accepted", id);
}
