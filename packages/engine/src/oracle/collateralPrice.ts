/** What a collateral asset's feed lets it count for: one price for liquidation, a more careful one for taking risk or money. */
import { least } from "../kernel/checked.ts";
import { wholePrice } from "../kernel/points.ts";
import { NONE, type Points } from "../kernel/units.ts";
import { QUALITY } from "../domain/permits.ts";
import { COLLATERAL, FEED } from "../domain/rows.ts";
import type { TierShard } from "../domain/tierShard.ts";
import { leastPrice } from "./advance.ts";

/**
 * Writes both prices of an asset. For maintenance margin the feed's price, and the last one while there is none to trust: an outage
 * liquidates nobody. For initial margin and withdrawals the least of price less confidence, half-minute average and follower; nothing
 * while the price is stale or worse.
 */
export function priceCollateral(tier: TierShard, asset: number, feed: number): void {
  const { arena } = tier;
  const terms = tier.collateral(asset);
  const row = tier.feed(feed);
  const isTrusted = arena.int(row, FEED.quality) <= QUALITY.wide;
  if (isTrusted) arena.setNum(terms, COLLATERAL.price, wholePrice(arena.num(row, FEED.price)));
  const careful = isTrusted ? wholePrice(carefulPrice(tier, feed)) : NONE;
  arena.setNum(terms, COLLATERAL.initialPrice, careful);
}

/** The least that a feed's price may be taken for. */
function carefulPrice(tier: TierShard, feed: number): Points {
  return least(leastPrice(tier, feed), tier.arena.num(tier.feed(feed), FEED.risk));
}
