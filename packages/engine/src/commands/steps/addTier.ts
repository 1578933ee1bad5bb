/** The next isolated margin tier there is room for opens, to be set up and sealed by itself. */
import { LIST_TIER } from "../../domain/commands.ts";
import { word } from "../../domain/frame.ts";
import { DEFAULT_MAX_BUCKET_ORDERS } from "../../domain/parameters.ts";
import type { OutcomeCode } from "../../domain/refusals.ts";
import { TIER } from "../../domain/rows/tier.ts";
import { VAULT } from "../../domain/rows/vault.ts";
import type { Venue } from "../../domain/venue.ts";

const { at } = LIST_TIER;

/** Tells the rest of a `listTier`, given in `frame`. */
export function addTier(venue: Venue, frame: Float64Array): OutcomeCode {
  const { vault } = venue;
  const id = vault.tierCount + 1;
  const tier = venue.tiers[id - 1];
  if (tier === undefined) return venue.refuse("tier_capacity_reached", venue.tiers.length);

  venue.tierInUse = id;
  vault.arena.setInt(vault.row, VAULT.tiers, id);
  tier.arena.setInt(tier.row, TIER.minInitialMargin, word(frame, at.minInitialMargin));
  tier.arena.setInt(tier.row, TIER.maxBucketOrders, DEFAULT_MAX_BUCKET_ORDERS);
  return venue.accept(id);
}
