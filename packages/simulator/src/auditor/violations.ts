/**
 * The claims of docs/spec/transition.md, swept over the auditor's own state: a model that predicts well but does not
 * conserve would only prove that two programs share an error.
 */
import { greatest } from "./arithmetic.ts";
import { baselineOf, valueOf } from "./governance.ts";
import { violationsOf } from "./funds.ts";
import { loanViolations } from "./loans.ts";
import { fundingOwed } from "./margin.ts";
import { isBuy, sideOf } from "./orders.ts";
import { PARAMETERS, isTighter } from "./parameters.ts";
import { BREAKER, CONTRACT, MAX_HELD, MAX_POSITION_VALUE, QUOTE, STATUS } from "./terms.ts";
import { DAY, HOUR, isOn } from "./throttle.ts";
import type { Asset, Bucket, Market, Order, Position, Tier, Venue } from "./venue.ts";
import { notionalOf } from "./world.ts";

type Claim = (claim: string, expected: unknown, found: unknown) => void;

/** Every claim that does not hold, in words. */
export function findViolations(venue: Venue): string[] {
  const found: string[] = [];
  const claim: Claim = (text, expected, actual) => {
    if (expected !== actual) found.push(`${text}: expected ${String(expected)}, found ${String(actual)}`);
  };
  for (const asset of venue.assets) auditAsset(venue, asset, claim);
  auditThrottle(venue, claim);
  for (const tier of venue.tiers) {
    for (const asset of venue.assets) auditCustody(tier, asset, claim);
    auditTier(tier, claim);
    for (const market of tier.markets) auditMarket(market, claim);
    auditParameters(tier, claim);
    for (const bucket of tier.buckets) auditBucket(bucket, claim);
  }
  found.push(...loanViolations(venue));
  found.push(...violationsOf("mutual fund", venue.mutualFund));
  for (const { id, fund, backstopBook } of venue.tiers) {
    found.push(...violationsOf(`fund of tier ${id}`, fund));
    found.push(...violationsOf(`backstop of tier ${id}`, backstopBook));
  }
  return found;
}

/** Claims 1 and 19: what is held is the sum of what is owned, and nobody owns less than nothing. */
function auditAsset({ withdrawals }: Venue, asset: Asset, claim: Claim): void {
  const { id, held, transit, pending, dust, skin, mutual, loans, owners, custody } = asset;
  const places = [...owners.values(), ...custody.values(), transit, pending, dust, skin, mutual, loans];
  const total = sum(places);
  claim(`1 asset ${id} is held in full`, total, held);
  const requested = [...withdrawals.values()].filter((each) => each.asset === id).map((each) => each.amount);
  claim(`1 asset ${id} pending is the sum of withdrawals`, sum(requested), pending);
  claim(`1 asset ${id} has nothing in transit`, 0n, transit);
  if (id !== QUOTE) claim(`1 asset ${id} backs no layer`, 0n, skin + mutual + loans);
  claim(`19 asset ${id} has no negative count`, true, places.every(isNotNegative));
  claim(`19 asset ${id} stays countable`, true, held <= MAX_HELD);
}

/** Claims 24 and 25: windows hold no more than their caps and never less than nothing; whoever is not released waits, in order. */
function auditThrottle({ throttle, withdrawals, assets }: Venue, claim: Claim): void {
  for (const [name, { level, cap }] of throttle.vessels) {
    const period = name.startsWith("hour") ? HOUR : DAY;
    claim(`24 window "${name}" is within its cap`, true, level >= 0n && level <= cap * BigInt(period));
  }
  const waiting = [...withdrawals].filter(([, { amount, released }]) => released < amount);
  const ids = new Set(waiting.map(([id]) => id));
  claim("25 the queue holds who waits, and nobody else", ids.size, throttle.queue.length);
  claim(
    "25 nobody who waits is lost",
    true,
    throttle.queue.every((id) => ids.has(id)),
  );
  const times = throttle.queue.map((id) => withdrawals.get(id)?.requestedAt ?? 0);
  claim(
    "25 the queue is in order",
    true,
    times.every((time, index) => time >= (times[index - 1] ?? 0)),
  );
  const places = throttle.round.toCome.map((id) => throttle.queue.indexOf(id));
  claim(
    "25 the round is in order",
    true,
    places.every((place, index) => place > (places[index - 1] ?? -1)),
  );
  claim("25 only a throttle that is on makes wait", true, isOn(throttle) || throttle.queue.length === 0);
  for (const { id, pending, released } of assets) {
    const each = [...withdrawals.values()].filter((withdrawal) => withdrawal.asset === id);
    claim(`25 released units of asset ${id}`, sum(each.map((withdrawal) => withdrawal.released)), released);
    claim(`25 asset ${id} releases no more than was asked for`, true, released >= 0n && released <= pending);
  }
}

/** Claim 1b: what a tier's buckets, pools, fees and layers hold is what the vault keeps for the tier. */
function auditCustody(tier: Tier, asset: Asset, claim: Claim): void {
  const inBuckets =
    asset.id === QUOTE
      ? sum([
          ...tier.buckets.map(({ cash }) => cash),
          ...tier.markets.map(({ pool }) => pool),
          ...ofTier(tier),
        ])
      : sum(tier.buckets.map(({ holdings }) => holdings.get(asset.id) ?? 0n));
  claim(`1b tier ${tier.id} asset ${asset.id} custody`, inBuckets, asset.custody.get(tier.id) ?? 0n);
}

/** Money that belongs to a tier itself. */
function ofTier({ fees, skin, insurance, covers }: Tier): bigint[] {
  return [fees, skin, insurance, ...[...covers.values()].map(({ escrow }) => escrow)];
}

/** Claims 19 and 29 of one tier: no layer owes, and the distress queue holds whoever is in distress, once. */
function auditTier(tier: Tier, claim: Claim): void {
  const { id, distressed, buckets, backstop } = tier;
  claim(`19 tier ${id} has no negative layer`, true, ofTier(tier).every(isNotNegative));
  const inDistress = buckets.filter(({ distress }) => distress !== "none");
  claim(`29 tier ${id} distress queue is as long as it should be`, inDistress.length, distressed.length);
  claim(`29 tier ${id} distress queue holds everybody once`, inDistress.length, new Set(distressed).size);
  const isQueued = inDistress.every((bucket) => distressed.includes(bucket));
  claim(`29 tier ${id} distress queue holds whoever is in distress`, true, isQueued);
  claim(`1 tier ${id} backstop is a bucket`, true, backstop <= buckets.length);
}

/** Claim 21: in a sealed tier every parameter lies in its envelope, and no looser than governance set it. */
function auditParameters(tier: Tier, claim: Claim): void {
  if (!tier.governance.isSealed) return;
  const subjects = {
    tier: [0],
    market: tier.markets.filter(({ terms }) => terms.status < STATUS.settled).map(({ id }) => id),
    collateral: [...tier.collateral.keys()],
  };
  for (const parameter of PARAMETERS) {
    const [lowest, highest] = parameter.envelope;
    for (const subject of subjects[parameter.level]) {
      const value = valueOf(tier, parameter, subject);
      const what = `21 ${parameter.name} of ${subject} in tier ${tier.id}`;
      claim(`${what} lies in its envelope`, true, value >= lowest && value <= highest);
      const baseline = baselineOf(tier, parameter, subject);
      claim(`${what} is no looser than its baseline`, false, isTighter(parameter, value, baseline));
    }
  }
}

/** Claims 2, 3, 4, 34 and B1 of one market. */
function auditMarket(market: Market, claim: Claim): void {
  const { id, tier, pool, feeCost, fundingCost, settledLots, settledCost, openInterest } = market;
  const name = `market ${tier.id}/${id}`;
  const positions = tier.buckets.flatMap((bucket) => bucket.positions.get(id) ?? []);

  const lots = positions.map((position) => position.lots);
  const longs = sum(lots.map((each) => greatest(each, 0n))) + greatest(settledLots, 0n);
  claim(`2 ${name} lots`, 0n, sum(lots) + settledLots);
  claim(`2 ${name} open interest`, longs, openInterest);

  const costs = sum(positions.map((position) => position.cost));
  claim(`3 ${name} costs and pool`, -pool, costs + feeCost + fundingCost + settledCost);
  claim(`3 ${name} pool is not negative`, true, pool >= 0n);

  const funding = sum(positions.map(fundingOwed)) - fundingCost;
  claim(`4 ${name} funding in covers funding out`, true, funding >= 0n);
  if (settledLots !== 0n) claim(`34 ${name} is settled`, STATUS.settled, market.terms.status);

  const { index, mark, terms, contract } = market;
  const isIndexOnly = terms.markBand === 0n && contract === CONTRACT.perpetual && index !== 0;
  if (isIndexOnly) claim(`27 ${name} mark`, index, mark);

  const orders = [...tier.orders.values()].filter((order) => order.market === market);
  auditBook(market, orders, claim, name);
}

/** Claim B1: the book and the waiting lists hold the open orders, each where it says, and best prices do not cross. */
function auditBook(market: Market, orders: readonly Order[], claim: Claim, name: string): void {
  const { bids, asks, rising, falling } = market;
  const queued = [bids, asks, rising, falling].flatMap((queue) => queue.ascending());
  queued.push(...market.collected);
  claim(`B1 ${name} open orders`, orders.length, market.openOrders);
  claim(`B1 ${name} queued orders`, orders.length, new Set(queued).size);
  const isAuctioned = market.breaker.level === BREAKER.auction;
  claim(`22 ${name} collects in an auction`, true, isAuctioned || market.collected.length === 0);
  for (const order of orders) {
    claim(`B1 order ${order.id} has lots`, true, order.lots > 0n);
    if (order.place === "collected") continue;
    const queue = order.place === "book" ? sideOf(order) : order.firesRising ? rising : falling;
    const tick = order.place === "book" ? order.price : order.trigger;
    claim(`B1 order ${order.id} stands where it says`, true, queue.at(tick).includes(order));
  }
  const isCrossed = bids.highest !== undefined && asks.lowest !== undefined && bids.highest >= asks.lowest;
  claim(`B1 ${name} is not crossed`, false, isCrossed);
}

/** Claims 19, 30 and B1 of one bucket. */
function auditBucket(bucket: Bucket, claim: Claim): void {
  const name = `bucket ${bucket.tier.id}/${bucket.id}`;
  claim(`19 ${name} cash is not negative`, true, bucket.cash >= 0n);
  claim(`19 ${name} holdings are not negative`, true, [...bucket.holdings.values()].every(isNotNegative));
  for (const position of bucket.positions.values()) {
    auditReservations(position, claim, name);
    const { lots, market } = position;
    const atCeiling = greatest(lots, -lots) * market.ceiling;
    claim(`30 ${name} position stays countable at any price`, true, atCeiling <= MAX_POSITION_VALUE);
  }
}

/** What a position reserves is the sum of its resting orders that are not reduce-only. */
function auditReservations(position: Position, claim: Claim, name: string): void {
  const { bucket, market } = position;
  const orders = [...bucket.orders.values()].filter((order) => order.market === market);
  const counted = orders.filter((order) => order.place !== "waiting" && !order.reduceOnly);
  const bids = counted.filter(isBuy);
  const asks = counted.filter((order) => !isBuy(order));
  const notional = (order: Order): bigint => notionalOf(market, order.price, order.lots);

  claim(`B1 ${name} open orders`, orders.length, position.openOrders);
  claim(`B1 ${name} bid lots`, sum(bids.map(({ lots }) => lots)), position.bidLots);
  claim(`B1 ${name} bid notional`, sum(bids.map(notional)), position.bidNotional);
  claim(`B1 ${name} ask lots`, sum(asks.map(({ lots }) => lots)), position.askLots);
  claim(`B1 ${name} ask notional`, sum(asks.map(notional)), position.askNotional);
}

function sum(values: Iterable<bigint>): bigint {
  let total = 0n;
  for (const value of values) total += value;
  return total;
}

function isNotNegative(value: bigint): boolean {
  return value >= 0n;
}
