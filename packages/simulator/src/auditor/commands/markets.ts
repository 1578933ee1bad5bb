/** What the world tells the markets: prices, funding, time, and the end of dated futures. */
import { absolute, floorDivide, least } from "../arithmetic.ts";
import { isPaused, statusOf, update } from "../breaker.ts";
import { noteLosses } from "../breakerSamples.ts";
import { priceMustBeInRange } from "../band.ts";
import { holdAuctions } from "../callAuction.ts";
import { clearExpiry, clearResidual } from "../clearing.ts";
import { assetOf } from "../ledger.ts";
import { liquidateTier } from "../distress.ts";
import { followMark } from "../following.ts";
import { expiredOrders, newestFirst, removeOrder } from "../orders.ts";
import {
  averagePremium,
  beginInterval,
  finalPrice,
  isMadeByReporters,
  measuredRate,
  remark,
  remarkSampled,
} from "../mark.ts";
import { FORBIDS, priceMustAllow } from "../permits.ts";
import { isReported, priceDependents, publishFeeds } from "../publishing.ts";
import { control } from "../posture.ts";
import { refuse } from "../refusal.ts";
import {
  CONTRACT,
  FEED_KIND,
  MAX_SETTLEMENT_EVENTS,
  MAX_SWEEP,
  MAX_TRIGGERS,
  MILLION,
  REASON,
  STATUS,
} from "../terms.ts";
import { fireTriggers } from "../triggers.ts";
import type { World } from "../venue.ts";
import { noteDepth } from "../waterfall.ts";
import { lapseHolds } from "./keepers.ts";
import {
  type CommandNamed,
  bucketOf,
  emit,
  feedOf,
  isInUse,
  marketOf,
  notionalOf,
  tierOf,
} from "../world.ts";

type Facts = readonly (number | bigint)[];

export function updateIndexPrice(world: World, command: CommandNamed<"updateIndexPrice">): Facts {
  const market = marketOf(tierOf(world, command.tier), command.market);
  if (market.terms.status === STATUS.settled) refuse("market_is_settled", market.id);
  if (feedOf(market.tier, FEED_KIND.market, market.id).quorum > 0) {
    refuse("price_comes_from_reporters", FEED_KIND.market, market.id);
  }
  priceMustBeInRange(market, command.price);

  world.journal.set(market, "index", command.price);
  remark(world, market);
  return followMark(world, market);
}

export function updateCollateralPrice(world: World, command: CommandNamed<"updateCollateralPrice">): Facts {
  const tier = tierOf(world, command.tier);
  const { id } = assetOf(world, command.asset);
  const accepted = tier.collateral.get(id) ?? refuse("collateral_not_accepted", id);

  if (isReported(tier, id)) refuse("price_comes_from_reporters", FEED_KIND.collateral, id);

  world.journal.set(accepted, "price", BigInt(command.price));
  world.journal.set(accepted, "initialPrice", BigInt(command.price));
  priceDependents(world, tier, id);
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
  priceMustAllow(market, FORBIDS.fund);
  const { book, terms } = market;
  const isMeasured = terms.fundingInterval > 0n;
  if (isMeasured && command.rate !== 0) refuse("funding_rate_is_measured", command.rate);
  if (isMeasured && world.time < book.fundingDue) refuse("funding_before_due", book.fundingDue, world.time);
  const rate = isMeasured ? measuredRate(market) : BigInt(command.rate);
  if (absolute(rate) > fundingCap) refuse("funding_above_cap", rate, fundingCap);

  const index = market.fundingIndex + floorDivide(notionalOf(market, market.mark, 1n) * rate, 1_000n);
  const limit = least(MAX_INDEX, market.ceiling * MILLION);
  if (absolute(index) > limit) {
    refuse("funding_index_exhausted", market.fundingIndex, limit);
  }

  world.journal.set(market, "fundingIndex", index);
  if (isMeasured) {
    emit(world, "fundingMeasured", market.id, rate, averagePremium(market), book.samples);
    const passed = (BigInt(world.time) - book.fundingDue) / terms.fundingInterval + 1n;
    beginInterval(world, market, rate, book.fundingDue + terms.fundingInterval * passed);
  }
  return [index];
}

export function clockTick(world: World, command: CommandNamed<"clockTick">): Facts {
  const tier = tierOf(world, command.tier);
  noteDepth(world, tier);
  const expired = expiredOrders(tier, world.time).slice(0, MAX_SWEEP);
  for (const order of expired) removeOrder(world, order, REASON.expired);

  publishFeeds(world, tier);
  remarkSampled(world, tier);
  for (const market of tier.markets) update(world, market, false);
  control(world, tier);
  let triggered = 0;
  for (const market of tier.markets) triggered += fireTriggers(world, market, MAX_TRIGGERS - triggered);
  lapseHolds(world, tier);
  const inDistress = liquidateTier(world, tier);
  holdAuctions(world, tier);
  for (const market of tier.markets) noteLosses(world, market);
  return [expired.length, triggered, inDistress];
}

export function expireMarket(world: World, command: CommandNamed<"expireMarket">): Facts {
  const { journal } = world;
  const market = marketOf(tierOf(world, command.tier), command.market);
  if (market.contract === CONTRACT.perpetual) refuse("market_is_perpetual", market.id);
  if (market.terms.status === STATUS.settled) refuse("market_is_settled", market.id);
  if (world.time < market.expiry) refuse("market_not_expired", market.expiry, world.time);
  const isMade = isMadeByReporters(market);
  if (isMade && command.price !== 0) refuse("price_comes_from_reporters", FEED_KIND.market, market.id);
  const price = isMade ? finalPrice(world, market) : command.price;
  if (price === 0) refuse("price_absent", market.id);
  priceMustBeInRange(market, price);

  journal.set(market, "mark", price);
  journal.set(market.terms, "status", STATUS.settled);
  return [price];
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
