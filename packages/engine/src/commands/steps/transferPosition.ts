/** Lots pass from one bucket's position to another's at a price, without orders and without fees. */
import type { Ref } from "../../kernel/arena.ts";
import { minus, negate, plus } from "../../kernel/checked.ts";
import { type Lots, NONE, type Ticks } from "../../kernel/units.ts";
import { POSITION } from "../../domain/rows/bucket.ts";
import { MARKET } from "../../domain/rows/market.ts";
import type { Market, TierShard } from "../../domain/tierShard.ts";
import { noteUnsettled } from "../../domain/unsettled.ts";
import type { Venue } from "../../domain/venue.ts";
import { bookSide, openInterestChange, payIn, payOut } from "../../clearing/fill.ts";
import { settleFundingOf } from "./matchEntry.ts";

/** One end of a transfer. */
export interface Holder {
  readonly bucket: Ref<"bucket">;
  readonly position: Ref<"position">;
}

/** Clears `lots`, signed like the giver's position, as a fill between giver and taker. */
export function transferPosition(
  venue: Venue,
  tier: TierShard,
  market: Market,
  giver: Holder,
  taker: Holder,
  lots: Lots,
  price: Ticks,
): void {
  const { arena } = tier;
  const { makerSide, takerSide } = venue;
  const { row } = market;
  const given = arena.num(giver.position, POSITION.lots);
  const taken = arena.num(taker.position, POSITION.lots);
  settleFundingOf(venue, tier, market, giver.bucket, giver.position);
  settleFundingOf(venue, tier, market, taker.bucket, taker.position);
  bookSide(arena, market, giver.position, negate(lots), price, NONE, makerSide);
  bookSide(arena, market, taker.position, lots, price, NONE, takerSide);
  const change = plus(
    openInterestChange(given, minus(given, lots)),
    openInterestChange(taken, plus(taken, lots)),
  );
  arena.addNum(row, MARKET.openInterest, change);
  payIn(arena, market, giver.bucket, giver.position, makerSide.realised);
  payIn(arena, market, taker.bucket, taker.position, takerSide.realised);
  payOut(arena, market, giver.bucket, giver.position, makerSide.realised);
  payOut(arena, market, taker.bucket, taker.position, takerSide.realised);
  noteUnsettled(tier, giver.bucket);
  noteUnsettled(tier, taker.bucket);
}
