/**
 * What the layers behind a tier's buckets could pay for one default is looked at anew: margin counts with it until the next clock tick,
 * so that it does not change in the middle of things, and hardens by itself when a fund has paid.
 */
import { least, plus } from "../../kernel/checked.ts";
import { type MicroUsd, type Ms, NONE } from "../../kernel/units.ts";
import { quoteAsCash } from "../../kernel/value.ts";
import { isInForce } from "../../domain/covers.ts";
import { MAX_COVERS, MAX_LAYER, QUOTE_ASSET } from "../../domain/limits.ts";
import { COVER, DEPTH, TIER } from "../../domain/rows.ts";
import type { TierShard } from "../../domain/tierShard.ts";
import type { Venue } from "../../domain/venue.ts";
import { MUTUAL_FUND, SECOND_TRANCHE, drawable } from "../../vault/guarantee.ts";
import { insuranceDrawable } from "./absorbDeficit.ts";

export function renewDepth(venue: Venue, tier: TierShard): void {
  const { arena, depth, row } = tier;
  arena.setNum(depth, DEPTH.own, capped(plus(arena.num(row, TIER.skin), insuranceDrawable(tier))));
  arena.setNum(depth, DEPTH.cover, capped(escrowInForce(tier, venue.now)));
  arena.setNum(depth, DEPTH.venue, capped(ofVenue(venue)));
}

/** What policies in force have in escrow; a promise beyond that counts nothing. */
function escrowInForce(tier: TierShard, now: Ms): MicroUsd {
  let total: MicroUsd = NONE;
  for (let number = 1; number <= MAX_COVERS; number++) {
    const cover = tier.cover(number);
    if (isInForce(tier, cover, now)) total = plus(total, tier.arena.num(cover, COVER.escrow));
  }
  return total;
}

/** Both layers of the venue; they are empty before the quote currency is listed. */
function ofVenue({ vault }: Venue): MicroUsd {
  if (vault.assetCount < QUOTE_ASSET) return NONE;
  return quoteAsCash(plus(drawable(vault, SECOND_TRANCHE), drawable(vault, MUTUAL_FUND)));
}

function capped(amount: MicroUsd): MicroUsd {
  return least(amount, MAX_LAYER);
}
