/**
 * The last layer: in one market the house forgives its unpaid fees, then winners give up unrealised profit, so that together they
 * bear the shortfall to the micro-dollar. Nobody loses cash, and nobody without a position loses before everybody with one has.
 */
import { NIL, type Ref } from "../../kernel/arena.ts";
import { absolute, least, minus, negate, plus } from "../../kernel/checked.ts";
import { scaleFloor, shareFloor } from "../../kernel/mulDiv.ts";
import { rowOf, usedRows } from "../../kernel/pool.ts";
import { type MicroUsd, NONE, type Ppm } from "../../kernel/units.ts";
import { valueOf } from "../../kernel/value.ts";
import { EVENTS } from "../../domain/events.ts";
import { PPM_ONE } from "../../domain/limits.ts";
import { noteShortfall } from "../../domain/losses.ts";
import { positionOf } from "../../domain/positions.ts";
import { POSITION } from "../../domain/rows/bucket.ts";
import { LOSS } from "../../domain/rows/losses.ts";
import { MARKET } from "../../domain/rows/market.ts";
import type { Market, TierShard } from "../../domain/tierShard.ts";
import { noteUnsettled } from "../../domain/unsettled.ts";
import type { Venue } from "../../domain/venue.ts";
import { forgiveFees } from "../../clearing/defaultDebts.ts";
import { waterFill } from "../../clearing/waterFill.ts";
import { measureBucket, unrealised } from "../../risk/bucketMeasure.ts";

const HAIRCUT = EVENTS.profitHaircut.code;
/** The house, where an event names a bucket. */
const HOUSE = 0;
/** Leverage beyond which a winner's weight grows no more. */
const MAX_LEVER = 100;

/** Somebody who is owed something in the market. */
interface Winner {
  readonly id: number;
  readonly bucket: Ref<"bucket">;
  readonly position: Ref<"position">;
  readonly isOpen: boolean;
  readonly profit: MicroUsd;
  given: MicroUsd;
}

/** Distributes `amount` of a bankrupt's debt in a market. The debt shrinks by as much. */
export function haircut(
  venue: Venue,
  tier: TierShard,
  market: Market,
  bankrupt: Ref<"bucket">,
  amount: MicroUsd,
  loss: Ref<"loss">,
): void {
  const { arena } = tier;
  const event = arena.num(loss, LOSS.default);
  const debt = positionOf(arena, bankrupt, market.id);
  const forgiven = forgiveFees(tier, market, amount);
  arena.addNum(loss, LOSS.house, forgiven);
  if (forgiven > 0) venue.events.emit(HAIRCUT, event, market.id, HOUSE, forgiven);
  let left = minus(amount, forgiven);
  if (left > 0) {
    const winners = winnersOf(tier, market);
    const open = winners.filter((winner) => winner.isOpen);
    left = share(left, open, (winner) => weightOf(venue, tier, market, winner));
    left = share(left, open, (winner) => minus(winner.profit, winner.given));
    left = share(
      left,
      winners.filter((winner) => !winner.isOpen),
      (winner) => winner.profit,
    );
    for (const { id, bucket, position, given } of winners) {
      if (given === 0) continue;
      arena.addNum(position, POSITION.cost, given);
      noteUnsettled(tier, bucket);
      noteShortfall(tier, loss, id, given);
      venue.events.emit(HAIRCUT, event, market.id, id, given);
    }
  }
  // What is left is what rounding funding up, for payers and receivers alike, gave the market's funding account.
  arena.addNum(market.row, MARKET.fundingCost, left);
  arena.addNum(debt, POSITION.cost, negate(amount));
}

/** @returns what the class could not bear */
function share(amount: MicroUsd, winners: readonly Winner[], weigh: (winner: Winner) => MicroUsd): MicroUsd {
  if (amount === 0) return amount;
  const bearers = winners.map((winner) => ({
    weight: weigh(winner),
    cap: minus(winner.profit, winner.given),
  }));
  const shares = waterFill(amount, bearers);
  let left = amount;
  winners.forEach((winner, index) => {
    const borne = shares[index] ?? NONE;
    winner.given = plus(winner.given, borne);
    left = minus(left, borne);
  });
  return left;
}

/** Everybody who is owed something in the market, in ascending order of bucket ids. */
function winnersOf(tier: TierShard, market: Market): Winner[] {
  const { arena } = tier;
  const winners: Winner[] = [];
  const last = usedRows(arena, tier.buckets);
  for (let id = 1; id <= last; id++) {
    const bucket = rowOf(arena, tier.buckets, id);
    const position = positionOf(arena, bucket, market.id);
    if (position === NIL) continue;
    const profit = unrealised(arena, market, position);
    const isOpen = arena.num(position, POSITION.lots) !== 0;
    if (profit > 0) winners.push({ id, bucket, position, isOpen, profit, given: NONE });
  }
  return winners;
}

/** Profit × leverage, less the part that hedges another position: what it costs a winner little to give. */
function weightOf(venue: Venue, tier: TierShard, market: Market, winner: Winner): MicroUsd {
  const { figures } = venue;
  const unhedged = minus(PPM_ONE, hedgeOf(tier, market, winner));
  measureBucket(tier, winner.bucket, figures);
  const lever = leverOf(grossOf(tier, winner.bucket), figures.equity);
  return scaleFloor(shareFloor(winner.profit, unhedged), lever, MAX_LEVER);
}

/** Leverage in whole times, rounded up, from 1 to 100. */
function leverOf(gross: MicroUsd, equity: MicroUsd): number {
  if (equity <= 0) return MAX_LEVER;
  return Math.min(MAX_LEVER, Math.max(1, Math.ceil(gross / equity)));
}

function grossOf(tier: TierShard, bucket: Ref<"bucket">): MicroUsd {
  let gross: MicroUsd = NONE;
  for (let id = 1; id <= tier.marketCount; id++) {
    gross = plus(gross, absolute(notionalOf(tier, bucket, tier.listedMarket(id))));
  }
  return gross;
}

/** Share of the winner's position that positions of the opposite sign in markets of the same underlying offset; rounded down. */
function hedgeOf(tier: TierShard, market: Market, winner: Winner): Ppm {
  const { arena } = tier;
  const underlying = arena.int(market.row, MARKET.underlying);
  if (underlying === 0) return NONE;
  const own = notionalOf(tier, winner.bucket, market);
  let opposite: MicroUsd = NONE;
  for (let id = 1; id <= tier.marketCount; id++) {
    const other = tier.listedMarket(id);
    if (id === market.id || arena.int(other.row, MARKET.underlying) !== underlying) continue;
    const notional = notionalOf(tier, winner.bucket, other);
    if (notional > 0 !== own > 0) opposite = plus(opposite, absolute(notional));
  }
  const hedged = least(absolute(own), opposite);
  return scaleFloor(PPM_ONE, hedged, absolute(own));
}

/** Value of a bucket's position at the mark, signed; 0 without one. */
function notionalOf(tier: TierShard, bucket: Ref<"bucket">, market: Market): MicroUsd {
  const { arena } = tier;
  const position = positionOf(arena, bucket, market.id);
  if (position === NIL) return NONE;
  return valueOf(arena.num(position, POSITION.lots), arena.num(market.row, MARKET.lotValue));
}
