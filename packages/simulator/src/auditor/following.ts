/** What a price just set brings about. */
import { update } from "./breaker.ts";
import { noteLosses } from "./breakerSamples.ts";
import { liquidateTier } from "./distress.ts";
import { fireTriggers } from "./triggers.ts";
import type { Market, World } from "./venue.ts";

/** The breaker looks at it, orders fire, and whom it endangers is liquidated. @returns how many fired, and how many are in distress after */
export function followMark(world: World, market: Market): readonly [triggered: number, inDistress: number] {
  update(world, market, true);
  const triggered = fireTriggers(world, market);
  const inDistress = liquidateTier(world, market.tier);
  for (const each of market.tier.markets) noteLosses(world, each);
  return [triggered, inDistress];
}
