/**
 * Who is in distress, and who is served: with every index price and every clock tick all buckets of the tier are measured.
 *
 * @see docs/spec/liquidation.md, "Who is in distress"
 */
import { executeEnded } from "./keepers.ts";
import { takeStep } from "./liquidation.ts";
import { healthOf } from "./margin.ts";
import { MAX_LIQUIDATIONS, MAX_LIQUIDATION_EVENTS, MAX_MATCHES } from "./terms.ts";
import type { Tier, World } from "./venue.ts";

/** Puts whoever is unhealthy into the tier's queue and serves it; returns how many are in it afterwards. */
export function liquidateTier(world: World, tier: Tier): number {
  if (tier.liquidationBuffer === 0n) return 0;
  joinQueue(world, tier);
  serveQueue(world, tier);
  executeEnded(world, tier);
  return tier.distressed.length;
}

function joinQueue(world: World, tier: Tier): void {
  for (const bucket of tier.buckets) {
    if (bucket.distress !== "none") continue;
    const { equity, maintenance } = healthOf(world, bucket);
    if (equity >= maintenance) continue;
    world.journal.set(bucket, "distress", "waiting");
    world.journal.set(tier, "distressed", [...tier.distressed, bucket]);
  }
}

/** One step for each of those in the queue now, as far as the command's bounds go. */
function serveQueue(world: World, tier: Tier): void {
  const { journal } = world;
  for (const bucket of tier.distressed.slice(0, MAX_LIQUIDATIONS)) {
    if (world.met >= MAX_MATCHES || world.events.length >= MAX_LIQUIDATION_EVENTS) return;
    journal.set(tier, "distressed", tier.distressed.slice(1));
    if (takeStep(world, bucket)) journal.set(tier, "distressed", [...tier.distressed, bucket]);
    else {
      journal.set(bucket, "distress", "none");
      journal.set(bucket, "distressSince", 0);
    }
  }
}
