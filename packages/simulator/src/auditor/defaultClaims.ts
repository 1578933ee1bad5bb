/**
 * Claims about each default, checked while it happens: 13 the layers pay in order, 15 what is taken is the loss to the unit,
 * 16 nobody without a position loses before everybody with one has, and no cash but the fallen bucket's own pays for it,
 * 20 the mutual fund gives two fifths at most.
 */
import { greatest } from "./arithmetic.ts";
import { equity, fundingOwed, unrealised } from "./margin.ts";
import { partsOfCovers } from "./recoveries.ts";
import { LAYER, QUOTE } from "./terms.ts";
import type { AuditorEvent, Bucket, Market, Position, World } from "./venue.ts";
import { insuranceLimit, mutualLimit } from "./waterfall.ts";

/** Layers of money in the order in which they pay. */
const FUNDS = [LAYER.firstTranche, LAYER.insurance, LAYER.cover, LAYER.secondTranche, LAYER.mutual] as const;
type Fund = (typeof FUNDS)[number];

/** How everything stood that a default may touch, and everything that it may not. */
interface Stock {
  readonly balances: Readonly<Record<Fund, bigint>>;
  readonly limits: Readonly<Record<Fund, bigint>>;
  /** What cover pays at once of what is left of the deficit. */
  readonly ofCover: (deficit: bigint, left: bigint) => bigint;
  readonly cash: ReadonlyMap<Bucket, bigint>;
  readonly fees: ReadonlyMap<Market, bigint>;
  readonly costs: ReadonlyMap<Position, bigint>;
  readonly profits: ReadonlyMap<Position, bigint>;
}

/** Lets a default of `deficit` be absorbed, and notes every claim that did not hold. */
export function witnessDefault(world: World, bucket: Bucket, deficit: bigint, absorb: () => void): void {
  const before = takeStock(world, bucket);
  const told = world.events.length;
  absorb();
  const after = takeStock(world, bucket);
  const events = world.events.slice(told);

  const name = `default ${bucket.tier.id}/${bucket.tier.defaults}`;
  const claim = (text: string, holds: boolean): void => {
    if (!holds) world.breaches.push(`${text}, not in ${name} of bucket ${bucket.id}`);
  };
  const paid = paidByLayer(events);
  claimOrder(before, after, paid, deficit, claim);
  const unpaid = deficit - sum(paid.values());
  claim("15 the whole loss is borne but for what funding's rounding keeps", unpaid <= funding(bucket));
  claim("15 what is left of the loss is the bucket's equity", equityOf(world, bucket) === -unpaid);
  for (const [owner, cash] of before.cash) claim("16 nobody's cash pays", after.cash.get(owner) === cash);
  for (const market of bucket.tier.markets) claimHaircuts(before, after, market, bucket, events, claim);
}

type Claim = (text: string, holds: boolean) => void;

function takeStock(world: World, { tier }: Bucket): Stock {
  const quote = world.venue.assets[QUOTE - 1];
  if (quote === undefined) throw new Error("a default without a currency");
  const positions = tier.buckets.flatMap((bucket) => [...bucket.positions.values()]);
  const escrow = sum([...tier.covers.values()].map((cover) => cover.escrow));
  const policies = { ...tier, covers: new Map(tier.covers) };
  return {
    balances: { 1: tier.skin, 2: tier.insurance, 3: escrow, 4: quote.skin, 5: quote.mutual },
    limits: {
      1: tier.skin,
      2: insuranceLimit(tier),
      3: escrow,
      4: quote.skin,
      5: mutualLimit(world, tier, quote),
    },
    ofCover: (deficit, left) => sum(partsOfCovers(world, policies, deficit, left).map((part) => part.paid)),
    cash: new Map(tier.buckets.map((each) => [each, each.cash])),
    fees: new Map(tier.markets.map((each) => [each, each.feeCost])),
    costs: new Map(positions.map((each) => [each, each.cost])),
    profits: new Map(positions.map((each) => [each, unrealised(each)])),
  };
}

function equityOf(world: World, bucket: Bucket): bigint {
  return equity(world, bucket, "maintenanceWeight");
}

function paidByLayer(events: readonly AuditorEvent[]): Map<number, bigint> {
  const paid = new Map<number, bigint>();
  for (const { name, values } of events) {
    if (name !== "lossAbsorbed") continue;
    const [, , layer = 0n, amount = 0n] = values;
    paid.set(Number(layer), (paid.get(Number(layer)) ?? 0n) + amount);
  }
  return paid;
}

/** A layer pays out of its own fund, within its limit, and only when those before have given all they may. */
function claimOrder(
  before: Stock,
  after: Stock,
  paid: ReadonlyMap<number, bigint>,
  deficit: bigint,
  claim: Claim,
): void {
  let left = deficit;
  for (const layer of FUNDS) {
    const amount = paid.get(layer) ?? 0n;
    const limit = layer === LAYER.cover ? before.ofCover(deficit, left) : before.limits[layer];
    claim(`13 layer ${layer} pays what it can`, amount === (left < limit ? left : limit));
    claim(`13 layer ${layer} pays from its fund`, before.balances[layer] - after.balances[layer] === amount);
    left -= amount;
  }
  claim("13 winners pay only what is left", (paid.get(LAYER.winners) ?? 0n) <= left);
  claim("20 the mutual fund keeps three fifths", 5n * after.balances[5] >= 3n * before.balances[5]);
}

/** In each market: what the house and the winners lost is what was absorbed there, and each lost no more than it was owed. */
function claimHaircuts(
  before: Stock,
  after: Stock,
  market: Market,
  bucket: Bucket,
  events: readonly AuditorEvent[],
  claim: Claim,
): void {
  const positions = market.tier.buckets.flatMap((each) => each.positions.get(market.id) ?? []);
  const winners = positions.filter((each) => each.bucket !== bucket);
  const lossOf = (each: Position): bigint => (after.costs.get(each) ?? 0n) - (before.costs.get(each) ?? 0n);
  const lost = new Map(winners.map((each) => [each, lossOf(each)]));
  const told = events.filter(
    ({ name, values }) => name === "profitHaircut" && values[1] === BigInt(market.id) && values[2] !== 0n,
  );
  const ofHouse = (after.fees.get(market) ?? 0n) - (before.fees.get(market) ?? 0n);
  const toldOf = (isHouse: boolean): bigint =>
    sum(told.filter(({ values }) => (values[2] === 0n) === isHouse).map(({ values }) => values[3] ?? 0n));
  claim("15 haircuts are told", toldOf(false) === sum(lost.values()));
  claim("15 what the house loses is told", toldOf(true) <= ofHouse);
  claim(
    "15 no haircut is negative",
    [...lost.values()].every((cut) => cut >= 0n),
  );
  const isCovered = ([each, cut]: [Position, bigint]): boolean =>
    cut <= greatest(0n, before.profits.get(each) ?? 0n);
  claim("15 no haircut exceeds a profit", [...lost].every(isCovered));

  const flatPay = winners.some((each) => each.lots === 0n && lossOf(each) > 0n);
  const isUsedUp = winners.every((each) => each.lots === 0n || (after.profits.get(each) ?? 0n) <= 0n);
  claim("16 open winners lose before those without a position", !flatPay || isUsedUp);

  if (sum(lost.values()) === 0n) return;
  const claimOfHouse = after.fees.get(market) ?? 0n;
  claim("16 the house's fee claims go first", claimOfHouse >= 0n);
}

/** What the rounding of funding has left with the house in the bucket's markets. */
function funding({ tier, positions }: Bucket): bigint {
  let kept = 0n;
  for (const { market } of positions.values()) {
    const owed = tier.buckets.flatMap((each) => each.positions.get(market.id) ?? []).map(fundingOwed);
    kept += sum(owed) - market.fundingCost;
  }
  return kept;
}

function sum(values: Iterable<bigint>): bigint {
  let total = 0n;
  for (const value of values) total += value;
  return total;
}
