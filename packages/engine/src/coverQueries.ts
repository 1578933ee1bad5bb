/** Questions about how deep a failure would reach into the layers behind a tier's buckets. They change nothing. */
import { absolute, minus } from "./kernel/checked.ts";
import { mulDivCeil } from "./kernel/mulDiv.ts";
import { rowOf, usedRows } from "./kernel/pool.ts";
import type { MicroUsd, Ppm } from "./kernel/units.ts";
import { valueOf } from "./kernel/value.ts";
import { PPM_ONE } from "./domain/limits.ts";
import { slotAt } from "./domain/positions.ts";
import { BUCKET, DEPTH, MARKET, POSITION } from "./domain/rows.ts";
import type { TierShard } from "./domain/tierShard.ts";
import type { Venue } from "./domain/venue.ts";
import { UnknownId } from "./queries.ts";
import { initialMargin, marginBeforeDepth, stressLoss } from "./risk/margin.ts";

/** How deep the failure of one position would reach. */
export interface DepthView {
  readonly bucket: number;
  readonly market: number;
  /** At the mark. */
  readonly notional: MicroUsd;
  readonly stressLoss: MicroUsd;
  /** Initial margin as if no failure reached beyond the bucket, and as it is. */
  readonly flatMargin: MicroUsd;
  readonly margin: MicroUsd;
  /** Layers used up, and what the margin is multiplied by: 1 + depth/4. Rounded up, 1e6 = 1. */
  readonly depth: Ppm;
  readonly scaling: Ppm;
}

/** What the tier's own layers, its cover and the venue's layers count for in margin, as of the last clock tick. @throws {UnknownId} */
export function depthView(venue: Venue, tierId: number): readonly MicroUsd[] {
  const { arena, depth } = tierAt(venue, tierId);
  return [arena.num(depth, DEPTH.own), arena.num(depth, DEPTH.cover), arena.num(depth, DEPTH.venue)];
}

/** Every open position of a tier, by bucket and market. @throws {UnknownId} */
export function pierceDepth(venue: Venue, tierId: number): DepthView[] {
  const tier = tierAt(venue, tierId);
  const { arena } = tier;
  const views: DepthView[] = [];
  for (let number = 1; number <= usedRows(arena, tier.buckets); number++) {
    const bucket = rowOf(arena, tier.buckets, number);
    for (let slot = 0; slot < arena.int(bucket, BUCKET.slots); slot++) {
      const position = slotAt(arena, bucket, slot);
      const lots = arena.num(position, POSITION.lots);
      if (lots === 0) continue;
      const market = tier.listedMarket(arena.int(position, POSITION.market));
      const notional = absolute(valueOf(lots, arena.num(market.row, MARKET.lotValue)));
      const flatMargin = marginBeforeDepth(arena, market, notional);
      const margin = initialMargin(arena, market, notional);
      views.push({
        bucket: number,
        market: market.id,
        notional,
        stressLoss: stressLoss(arena, market, notional),
        flatMargin,
        margin,
        depth: mulDivCeil(minus(margin, flatMargin), 4 * PPM_ONE, flatMargin) as Ppm,
        scaling: mulDivCeil(margin, PPM_ONE, flatMargin) as Ppm,
      });
    }
  }
  return views.sort((a, b) => a.bucket - b.bucket || a.market - b.market);
}

function tierAt(venue: Venue, id: number): TierShard {
  const tier = id < 1 ? undefined : venue.tier(id);
  if (tier === undefined) throw new UnknownId("tier", id);
  return tier;
}
