import type { Command, CommandName, EventName } from "@bulkhead/engine";
import { createFundBook } from "./fundBook.ts";
import { Journal } from "./journal.ts";
import { PriceQueue } from "./queue.ts";
import { refuse } from "./refusal.ts";
import { Slots } from "./slots.ts";
import { MAX_ASSETS, MAX_MARKETS, MAX_TIERS } from "./terms.ts";
import { createThrottle } from "./throttle.ts";
import type { Breaker } from "./breakerBook.ts";
import type { Governance } from "./governanceBook.ts";
import type { Feed, Redemption, Source } from "./priceBook.ts";
import type { Bucket, Capacities, Market, MarketTerms, Order, Position, Tier, World } from "./venue.ts";

/** One kind of command, with its fields. */
export type CommandNamed<Name extends CommandName> = Extract<Command, { readonly kind: Name }>;

/** An empty venue. */
export function createWorld(limits: Partial<Capacities>): World {
  const journal = new Journal();
  const capacities: Capacities = {
    accounts: Infinity,
    balances: Infinity,
    withdrawals: Infinity,
    ladderTicks: Infinity,
    buckets: Infinity,
    positions: Infinity,
    holdings: Infinity,
    orders: Infinity,
    ...limits,
    assets: Math.min(MAX_ASSETS, limits.assets ?? MAX_ASSETS),
    tiers: Math.min(MAX_TIERS, limits.tiers ?? MAX_TIERS),
    markets: Math.min(MAX_MARKETS, limits.markets ?? MAX_MARKETS),
  };
  const venue = {
    clock: 0,
    accounts: 0,
    assets: [],
    tiers: [],
    governance: ungoverned(),
    withdrawals: new Map(),
    withdrawalSlots: new Slots(journal, capacities.withdrawals),
    throttle: createThrottle(),
    mutualFund: createFundBook(),
    loans: new Map(),
    asks: new Map(),
  };
  return { venue, journal, capacities, events: [], time: 0, met: 0, breaches: [] };
}

function ungoverned(): Governance {
  return { isSealed: false, threshold: 0, timelock: 0, nonce: 0, members: new Map(), proposals: new Map() };
}

export function createTier(world: World, id: number, minInitialMargin: bigint): Tier {
  return {
    id,
    minInitialMargin,
    maxBucketOrders: 200n,
    fund: createFundBook(),
    backstopBook: createFundBook(),
    bids: [],
    keeperShare: 0n,
    liquidationBuffer: 0n,
    auctionStart: 0n,
    auctionSpan: 0n,
    insuranceDraw: 0n,
    drawnSince: 0,
    drawnBase: 0n,
    drawn: 0n,
    insuranceLending: 0n,
    insuranceBorrowing: 0n,
    loanRepayment: 0n,
    lendingSince: 0,
    lendingAllowance: 0n,
    lendingUsed: 0n,
    manipulationFactor: 0n,
    controller: {
      enabled: false,
      baseline: 0,
      insuranceTarget: 0n,
      reported: {},
      freshUntil: 0,
      posture: 0,
      since: 0,
      calmSince: 0,
      rule: 0,
      forced: false,
    },
    fees: 0n,
    skin: 0n,
    insurance: 0n,
    defaults: 0,
    depth: [0n, 0n, 0n],
    covers: new Map(),
    losses: [],
    backstop: 0,
    backstopDay: 0n,
    backstopSince: 0,
    backstopBase: 0n,
    backstopTaken: 0n,
    distressed: [],
    governance: ungoverned(),
    controls: new Map(),
    holds: new Map(),
    collateral: new Map(),
    reporters: new Map(),
    feeds: new Map(),
    redemptions: new Map(),
    markets: [],
    buckets: [],
    bucketsOfAccount: new Map(),
    orders: new Map(),
    orderSlots: new Slots(world.journal, world.capacities.orders),
    slotsTaken: 0,
    freeBlocks: new Map(),
    arrivals: 0,
  };
}

export function createMarket(
  world: World,
  tier: Tier,
  listing: CommandNamed<"listMarket">,
  terms: MarketTerms,
): Market {
  const quantum = BigInt(listing.notional);
  return {
    id: tier.markets.length + 1,
    tier,
    contract: listing.contract,
    expiry: listing.expiry,
    quantum,
    rangeBits: listing.rangeBits,
    highestPrice: 2 ** listing.rangeBits - 1,
    ceiling: quantum * 2n ** BigInt(listing.rangeBits),
    terms,
    breaker: createBreaker(),
    brackets: new Map(),
    mark: 0,
    graceUntil: 0,
    index: 0,
    forbids: 0,
    unconfirmed: false,
    isWide: false,
    lastPrice: 0,
    book: {
      premium: 0n,
      sampledAt: 0n,
      premiumSum: 0n,
      premiumAt: 0n,
      samples: 0n,
      fundingRate: 0n,
      fundingDue: 0n,
      lastIndex: 0n,
      slots: 0n,
      slotSum: 0n,
    },
    leastPrice: 0,
    mostPrice: 0,
    fundingIndex: 0n,
    openInterest: 0n,
    pool: 0n,
    feeCost: 0n,
    fundingCost: 0n,
    settledLots: 0n,
    settledCost: 0n,
    openOrders: 0,
    bids: new PriceQueue(world.journal),
    asks: new PriceQueue(world.journal),
    collected: [],
    rising: new PriceQueue(world.journal),
    falling: new PriceQueue(world.journal),
  };
}

/** The feed of a market or a collateral asset; one that nobody has configured is empty. */
export function feedOf(tier: Tier, kind: number, id: number): Feed {
  const key = `${kind} ${id}`;
  const known = tier.feeds.get(key);
  if (known !== undefined) return known;
  const feed = createFeed();
  tier.feeds.set(key, feed);
  return feed;
}

/** What an asset redeems for; nothing, unless somebody has said so. */
export function redemptionOf(tier: Tier, asset: number): Redemption {
  const known = tier.redemptions.get(asset);
  if (known !== undefined) return known;
  const redemption = {
    basis: 0,
    underlying: 0,
    maxAge: 0,
    dailyStep: 0n,
    ratio: 0n,
    publishedAt: 0,
    receivedAt: 0,
    sequence: 0,
  };
  tier.redemptions.set(asset, redemption);
  return redemption;
}

function createFeed(): Feed {
  return {
    reporters: new Set(),
    mask: 0,
    quorum: 0,
    sigma: 0n,
    staleAfter: 0n,
    deadAfter: 0n,
    halfLife: 0n,
    maxConfidence: 0n,
    jump: 0n,
    deviation: 0n,
    divergence: 0n,
    frozenAfter: 0,
    floor: 0n,
    sources: new Map(),
    price: 0n,
    confidence: 0n,
    risk: 0n,
    age: 0n,
    quality: 0,
    qualitySince: 0n,
    counted: 0,
    operators: 0,
    advancedAt: 0n,
    confirmed: 0n,
    candidate: 0n,
    isCandidate: false,
    elapsed: 0n,
    integral: 0n,
    notes: [],
  };
}

export function createSource(): Source {
  return {
    price: 0n,
    confidence: 0n,
    publishedAt: 0n,
    receivedAt: 0n,
    sequence: 0,
    seenAt: 0,
    held: undefined,
    repeats: 0,
    standsSince: 0n,
    state: 0,
    depth: 0n,
    flow: 0n,
  };
}

/** A breaker that looks at nothing. */
function createBreaker(): Breaker {
  return {
    config: {
      sigma: 0n,
      softZ: 0n,
      hardZ: 0n,
      softMove: 0n,
      hardMove: 0n,
      divergence: 0n,
      liquidationCapacity: 0n,
      openInterestStep: 0n,
      lossCapacity: 0n,
      spreadFactor: 0n,
      depthFloor: 0n,
      cautionBand: 0n,
      haltScore: 0n,
      haltCost: 0n,
    },
    on: false,
    level: 0,
    since: 0,
    signal: 0,
    calmSince: 0,
    divergedSince: 0,
    countedAt: 0,
    streaks: new Map(),
    trips: [],
    updates: [],
    liquidations: [],
    losses: [],
    bookSlot: 0,
    spreadMean: 0n,
    depthMean: 0n,
    depth: 0n,
    pausedFrom: 0,
    resumedAt: 0,
    band: 0n,
    auction: { price: 0, extensions: 0, endsAt: 0, drawnAt: 0, draw: 0n },
    scores: { soft: SILENCE, hard: SILENCE, softScore: 0n, hardScore: 0n },
  };
}

const SILENCE: readonly bigint[] = Array.from({ length: 8 }, () => 0n);

/** Tells an event of the command at hand. */
export function emit(world: World, name: EventName, ...values: readonly (number | bigint)[]): void {
  world.events.push({ name, values: values.map(BigInt) });
}

/** Runs `story`; if it throws, its writes and events are undone before the error goes on. */
export function attempt<Result>(world: World, story: () => Result): Result {
  const mark = world.journal.mark;
  const told = world.events.length;
  try {
    return story();
  } catch (error) {
    takeBack(world, mark, told);
    throw error;
  }
}

/** Undoes writes since `mark` and forgets events after the first `told`. */
export function takeBack(world: World, mark: number, told: number): void {
  world.journal.rollback(mark);
  world.events.length = told;
}

export function tierOf(world: World, id: number): Tier {
  return world.venue.tiers[id - 1] ?? refuse("tier_unknown", id);
}

export function marketOf(tier: Tier, id: number): Market {
  return tier.markets[id - 1] ?? refuse("market_unknown", id);
}

export function bucketOf(tier: Tier, id: number): Bucket {
  return tier.buckets[id - 1] ?? refuse("bucket_unknown", id);
}

/** The bucket an account holds in a mode (0 = cross, else the isolated market), if it ever allocated to it. */
export function bucketInMode(tier: Tier, account: number, mode: number): Bucket | undefined {
  return tier.bucketsOfAccount.get(account)?.find((bucket) => bucket.mode === mode);
}

export function orderOf(tier: Tier, id: number): Order {
  return tier.orders.get(id) ?? refuse("order_unknown", id);
}

export function accountMustBeOpen(world: World, account: number): void {
  if (account > world.venue.accounts) refuse("account_unknown", account);
}

/** The bucket's position in a market; an empty one if it never traded there. */
export function positionOf(world: World, bucket: Bucket, market: Market): Position {
  const held = bucket.positions.get(market.id);
  if (held !== undefined) return held;
  const opened: Position = {
    bucket,
    market,
    lots: 0n,
    cost: 0n,
    fundingEntry: 0n,
    openOrders: 0,
    bidLots: 0n,
    bidNotional: 0n,
    askLots: 0n,
    askNotional: 0n,
  };
  world.journal.put(bucket.positions, market.id, opened);
  return opened;
}

/** Whether a position takes a slot: it is not flat, not settled up, or has open orders. */
export function isInUse(position: Position | undefined): position is Position {
  if (position === undefined) return false;
  return position.lots !== 0n || position.cost !== 0n || position.openOrders > 0;
}

/** Whether a bucket has lots in any market. */
export function holdsPositions(bucket: Bucket): boolean {
  return [...bucket.positions.values()].some(({ lots }) => lots !== 0n);
}

/** The tier's backstop, unless there is none or it is this bucket itself. */
export function backstopFor(bucket: Bucket): Bucket | undefined {
  const backstop = bucket.tier.buckets[bucket.tier.backstop - 1];
  return backstop === bucket ? undefined : backstop;
}

/** Lots times a price, in micro-dollars. */
export function notionalOf(market: Market, price: number, lots: bigint): bigint {
  return BigInt(price) * lots * market.quantum;
}
