/** An engine with a traitor: honest handlers, and something done behind one of them. */
import { type CommandName, HANDLERS, type Handler, type Handlers, type Venue } from "@bulkhead/engine";
import type { TierShard } from "../../packages/engine/src/domain/tierShard.ts";
import { layoutOf } from "./venue.ts";

/** The engine's handlers; after 2 s, whatever one of them accepts is followed by a betrayal in tier 1. */
export function betrayed(name: CommandName, betrayal: (tier: TierShard, venue: Venue) => void): Handlers {
  const { code } = layoutOf(name);
  const honest = HANDLERS[code] as Handler;
  return HANDLERS.map((handler, each) => {
    if (each !== code) return handler;
    return (venue) => {
      const outcome = honest(venue);
      const tier = venue.tier(1);
      if (outcome === 0 && tier !== undefined && venue.now > 2_000) betrayal(tier, venue);
      return outcome;
    };
  });
}
