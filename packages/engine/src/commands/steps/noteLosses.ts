/** What the command has liquidated and lost goes into the breakers of the markets it happened in; they look at it at their next update. */
import { EVENTS, EVENT_WORDS } from "../../domain/events.ts";
import { MAX_MARKETS } from "../../domain/limits.ts";
import { GUARD } from "../../domain/rows/guard.ts";
import { MARKET } from "../../domain/rows/market.ts";
import type { TierShard } from "../../domain/tierShard.ts";
import { liquidates } from "../../domain/unsettled.ts";
import type { Venue } from "../../domain/venue.ts";
import { HOW } from "./closePosition.ts";
import { LIQUIDATIONS, LOSSES, type Ring, addTo, turn } from "../../guard/sums.ts";

const LIQUIDATED = EVENTS.positionLiquidated.code;
const ABSORBED = EVENTS.lossAbsorbed.code;
/** Where their events have what is read here. */
const POSITION = { market: 1, bucket: 2, lots: 3, how: 4 } as const;
const LOSS = { bucket: 2, amount: 4 } as const;

/**
 * Reads the command's events. A loss counts in every market in which the command liquidated the bucket that brought it: which of them
 * caused it cannot be told.
 */
export function noteLosses(venue: Venue, tier: TierShard): void {
  if (!liquidates(tier)) return;
  const { words, count } = venue.events;
  let losses: Map<number, number> | undefined;
  for (let event = 0; event < count; event++) {
    const at = event * EVENT_WORDS;
    if (words[at] === LIQUIDATED) {
      // A call auction closes at one price and sets off nothing.
      if (words[at + POSITION.how] === HOW.callAuction) continue;
      const market = words[at + POSITION.market] as number;
      const lotValue = tier.arena.num(tier.marketRow(market), MARKET.lotValue);
      note(venue, tier, market, LIQUIDATIONS, Math.abs(words[at + POSITION.lots] as number) * lotValue);
    } else if (words[at] === ABSORBED) {
      const bucket = words[at + LOSS.bucket] as number;
      losses ??= new Map();
      losses.set(bucket, (losses.get(bucket) ?? 0) + (words[at + LOSS.amount] as number));
    }
  }
  if (losses !== undefined) noteDefaults(venue, tier, losses);
}

/** Each loss once in each market its bucket was liquidated in. */
function noteDefaults(venue: Venue, tier: TierShard, losses: ReadonlyMap<number, number>): void {
  const { words, count } = venue.events;
  const noted = new Set<number>();
  for (let event = 0; event < count; event++) {
    const at = event * EVENT_WORDS;
    if (words[at] !== LIQUIDATED) continue;
    const market = words[at + POSITION.market] as number;
    const bucket = words[at + POSITION.bucket] as number;
    const loss = losses.get(bucket);
    const pair = bucket * (MAX_MARKETS + 1) + market;
    if (loss === undefined || noted.has(pair)) continue;
    noted.add(pair);
    note(venue, tier, market, LOSSES, loss);
  }
}

function note(venue: Venue, tier: TierShard, market: number, ring: Ring, value: number): void {
  const { arena } = tier;
  const guard = tier.guard(market);
  if (arena.int(guard, GUARD.on) === 0) return;
  turn(arena, guard, ring, venue.now, 0);
  addTo(arena, guard, ring, value);
}
