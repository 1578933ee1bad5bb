/**
 * What the layers behind a tier's buckets could pay for one default is looked at anew: margin counts with it until the next clock tick,
 * so that it does not change in the middle of things, and hardens by itself when a fund has paid.
 */
import { least, minus, plus } from "../../kernel/checked.ts";
import { type MicroUsd, type Ms, NONE } from "../../kernel/units.ts";
import { quoteAsCash } from "../../kernel/value.ts";
import { isInForce } from "../../domain/covers.ts";
import { MAX_COVERS, MAX_LAYER, QUOTE_ASSET } from "../../domain/limits.ts";
import { COVER } from "../../domain/rows/losses.ts";
import { DEPTH, TIER } from "../../domain/rows/tier.ts";
import type { TierShard } from "../../domain/tierShard.ts";
import type { Venue } from "../../domain/venue.ts";
import { MUTUAL_FUND, SECOND_TRANCHE, drawable } from "../../vault/guarantee.ts";
import { insuranceDrawable } from "./absorbDeficit.ts";

export function renewDepth(venue: Venue, tier: TierShard): void {
  const { arena, depth, row } = tier;
  const own = capped(plus(arena.num(row, TIER.skin), insuranceDrawable(tier)));
  arena.setNum(depth, DEPTH.own, own);
  arena.setNum(depth, DEPTH.cover, capped(minus(reachOfCover(tier, own, venue.now), own)));
  arena.setNum(depth, DEPTH.venue, capped(ofVenue(venue)));
}

/**
 * How large a deficit may be for the policies in force to pay, out of escrow, all that the layers before them cannot. From the lowest
 * attachment on each policy continues where the one before ends; one that attaches beyond pays nothing of the next micro-dollar, which
 * falls on the venue, and so it and all that attach still higher count nothing. Nor does a promise beyond escrow.
 */
function reachOfCover(tier: TierShard, own: MicroUsd, now: Ms): MicroUsd {
  let reach = own;
  let counted = 0;
  for (let passed = 0; passed < MAX_COVERS; passed++) {
    const number = lowestLeft(tier, counted, now);
    if (number === 0) break;
    const cover = tier.cover(number);
    if (tier.arena.num(cover, COVER.attachment) > reach) break;
    reach = plus(reach, tier.arena.num(cover, COVER.escrow));
    counted |= 1 << number;
  }
  return reach;
}

/** Of the policies in force that are not `counted`, a bit each, the one with the lowest attachment; 0 without one. */
function lowestLeft(tier: TierShard, counted: number, now: Ms): number {
  let lowest = 0;
  for (let number = 1; number <= MAX_COVERS; number++) {
    const cover = tier.cover(number);
    if ((counted & (1 << number)) !== 0 || !isInForce(tier, cover, now)) continue;
    const isLower =
      lowest === 0 ||
      tier.arena.num(cover, COVER.attachment) < tier.arena.num(tier.cover(lowest), COVER.attachment);
    if (isLower) lowest = number;
  }
  return lowest;
}

/** Both layers of the venue; they are empty before the quote currency is listed. */
function ofVenue({ vault }: Venue): MicroUsd {
  if (vault.assetCount < QUOTE_ASSET) return NONE;
  return quoteAsCash(plus(drawable(vault, SECOND_TRANCHE), drawable(vault, MUTUAL_FUND)));
}

function capped(amount: MicroUsd): MicroUsd {
  return least(amount, MAX_LAYER);
}
