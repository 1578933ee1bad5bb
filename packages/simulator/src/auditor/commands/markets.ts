/** What the world tells the markets: prices, funding, time, and the end of dated futures. */
import { absolute, floorDivide, least } from "../arithmetic.ts";
import { isPaused, statusOf, update } from "../breaker.ts";
import { noteLosses } from "../breakerSamples.ts";
import { priceMustBeInRange } from "../band.ts";
import { clearExpiry, clearResidual } from "../clearing.ts";
import { assetOf } from "../ledger.ts";
import { liquidateTier } from "../distress.ts";
import { expiredOrders, newestFirst, removeOrder } from "../orders.ts";
import { control } from "../posture.ts";
import { refuse } from "../refusal.ts";
import {
  CONTRACT,
  MAX_SETTLEMENT_EVENTS,
  MAX_SWEEP,
  MAX_TRIGGERS,
  MILLION,
  REASON,
  STATUS,
} from "../terms.ts";
import { fireTriggers } from "../triggers.ts";
import type { World } from "../venue.ts";
import { type CommandNamed, bucketOf, emit, isInUse, marketOf, notionalOf, tierOf } from "../world.ts";

type Facts = readonly (number | bigint)[];

export function updateIndexPrice(world: World, command: CommandNamed<"updateIndexPrice">): Facts {
  const market = marketOf(tierOf(world, command.tier), command.market);
  if (market.terms.status === STATUS.settled) refuse("market_is_settled", market.id);
  priceMustBeInRange(market, command.price);

  world.journal.set(market, "mark", command.price);
  update(world, market, true);
  const triggered = fireTriggers(world, market);
  const inDistress = liquidateTier(world, market.tier);
  for (const each of market.tier.markets) noteLosses(world, each);
  return [triggered, inDistress];
}

export function updateCollateralPrice(world: World, command: CommandNamed<"updateCollateralPrice">): Facts {
  const tier = tierOf(world, command.tier);
  const { id } = assetOf(world, command.asset);
  const accepted = tier.collateral.get(id) ?? refuse("collateral_not_accepted", id);

  world.journal.set(accepted, "price", BigInt(command.price));
  return [];
}

/** 2^52 − 1: two indices of either sign differ by an exact integer. */
const MAX_INDEX = 4_503_599_627_370_495n;

export function accrueFunding(world: World, command: CommandNamed<"accrueFunding">): Facts {
  const market = marketOf(tierOf(world, command.tier), command.market);
  const { status, fundingCap } = market.terms;
  const isOver = status === STATUS.settled || status === STATUS.quarantined;
  if (market.contract === CONTRACT.future || isOver) refuse("funding_not_due", market.id);
  if (isPaused(market.breaker)) refuse("trading_paused", statusOf(market));
  if (market.mark === 0) refuse("price_absent", market.id);
  const rate = BigInt(command.rate);
  if (absolute(rate) > fundingCap) refuse("funding_above_cap", rate, fundingCap);

  const index = market.fundingIndex + floorDivide(notionalOf(market, market.mark, 1n) * rate, 1_000n);
  const limit = least(MAX_INDEX, market.ceiling * MILLION);
  if (absolute(index) > limit) {
    refuse("funding_index_exhausted", market.fundingIndex, limit);
  }

  world.journal.set(market, "fundingIndex", index);
  return [index];
}

export function clockTick(world: World, command: CommandNamed<"clockTick">): Facts {
  const tier = tierOf(world, command.tier);
  for (const market of tier.markets) update(world, market, false);
  control(world, tier);
  const expired = expiredOrders(tier, world.time).slice(0, MAX_SWEEP);
  for (const order of expired) removeOrder(world, order, REASON.expired);

  let triggered = 0;
  for (const market of tier.markets) triggered += fireTriggers(world, market, MAX_TRIGGERS - triggered);
  const inDistress = liquidateTier(world, tier);
  for (const market of tier.markets) noteLosses(world, market);
  return [expired.length, triggered, inDistress];
}

export function expireMarket(world: World, command: CommandNamed<"expireMarket">): Facts {
  const { journal } = world;
  const market = marketOf(tierOf(world, command.tier), command.market);
  if (market.contract === CONTRACT.perpetual) refuse("market_is_perpetual", market.id);
  if (market.terms.status === STATUS.settled) refuse("market_is_settled", market.id);
  if (world.time < market.expiry) refuse("market_not_expired", market.expiry, world.time);
  priceMustBeInRange(market, command.price);

  journal.set(market, "mark", command.price);
  journal.set(market.terms, "status", STATUS.settled);
  return [command.price];
}

export function settleExpired(world: World, command: CommandNamed<"settleExpired">): Facts {
  const tier = tierOf(world, command.tier);
  const market = marketOf(tier, command.market);
  if (market.terms.status !== STATUS.settled) refuse("market_not_settled", market.id);

  let settled = 0;
  let next = command.bucket;
  const end = command.bucket + command.count;
  while (next < end && world.events.length < MAX_SETTLEMENT_EVENTS) {
    const bucket = tier.buckets[next - 1];
    if (bucket === undefined) break;
    for (const order of newestFirst(bucket, market)) removeOrder(world, order, REASON.settled);
    const position = bucket.positions.get(market.id);
    if (position !== undefined && position.lots !== 0n) {
      clearExpiry(world, position);
      settled += 1;
    }
    next += 1;
  }
  return [settled, next > tier.buckets.length ? 0 : next];
}

export function settleResidual(world: World, command: CommandNamed<"settleResidual">): Facts {
  const tier = tierOf(world, command.tier);
  const bucket = bucketOf(tier, command.bucket);
  const market = marketOf(tier, command.market);
  const position = bucket.positions.get(market.id);
  if (!isInUse(position)) return refuse("position_absent", market.id);
  if (position.lots !== 0n) refuse("position_not_flat", position.lots);

  const amount = clearResidual(world, position);
  emit(world, "residualSettled", market.id, bucket.id, amount, position.cost);
  return [amount, position.cost];
}
