/** The auditor's state as plain data, in ascending order of ids, to be compared with what the engine's queries answer. */
import type { ParameterName } from "@bulkhead/engine";
import { greatest, least } from "./arithmetic.ts";
import { type CoverTwo, coverTwo } from "./coverTwo.ts";
import { basisOf, baselineOf, governanceOf, neededApprovals, validApprovals, valueOf } from "./governance.ts";
import { collects, statusOf } from "./breaker.ts";
import { claimsOn, collarOf, indicative } from "./callAuction.ts";
import { equity, equityWithoutProfit, maintenance, multiplierOf, required } from "./margin.ts";
import type { Bid, FundBook } from "./fundBook.ts";
import { type Fund, moneyOf, mostMoneyOf } from "./funds.ts";
import type { Cover, CoverPart, DefaultLoss } from "./lossBook.ts";
import { askedBy, lendableBy, lentBy, loanOf, needOf, owedBy } from "./loans.ts";
import { isBuy, newestFirst } from "./orders.ts";
import { PARAMETERS } from "./parameters.ts";
import { BREAKER } from "./terms.ts";
import { limitInForce, openInterestLimit } from "./manipulation.ts";
import { FORBIDS, isForbidden } from "./permits.ts";
import { LONG, MIDDLE, SHORT, average } from "./prices.ts";
import { coversOf, shortOf } from "./recoveries.ts";
import { capOf, contentOf, isOn, priceOf, queuedValue, settledUnits, settledValue } from "./throttle.ts";
import type {
  Asset,
  BookMemory,
  Bucket,
  Controller,
  Distress,
  Feed,
  Loan,
  Market,
  Order,
  Position,
  Tier,
  Venue,
  World,
} from "./venue.ts";
import { isInUse } from "./world.ts";

/** A proposal that waits. */
export interface ProposalState {
  readonly proposal: number;
  readonly nonce: number;
  readonly content: bigint;
  readonly parameters: bigint;
  readonly eta: number;
  readonly lapse: number;
  readonly approvals: number;
  readonly needed: number;
  readonly contested: boolean;
}

export interface GovernanceState {
  /** 0 = the vault. */
  readonly tier: number;
  readonly sealed: boolean;
  readonly threshold: number;
  readonly timelock: number;
  readonly nonce: number;
  readonly members: ReadonlyMap<number, { readonly roles: number; readonly since: number }>;
  /** In the order of their proposers. */
  readonly proposals: readonly ProposalState[];
}

export interface ParameterState {
  readonly name: ParameterName;
  readonly subject: number;
  readonly value: bigint;
  readonly baseline: bigint;
}

export interface HoldState {
  readonly parameter: ParameterName;
  readonly subject: number;
  readonly before: bigint;
  readonly value: bigint;
  readonly until: number;
}

export interface AuditorState {
  /** The vault's and every tier's. */
  readonly governance: readonly GovernanceState[];
  readonly clock: number;
  readonly accounts: number;
  readonly assets: readonly AssetState[];
  readonly withdrawals: readonly WithdrawalState[];
  readonly throttle: ThrottleState;
  readonly tiers: readonly TierState[];
  /** Of all tiers together, markets without a move of their own jumping by a fifth. */
  readonly coverTwo: CoverTwo;
  /** The mutual fund, then the insurance fund and the backstop of every tier. */
  readonly funds: readonly FundState[];
  /** Loans that are not settled, by lender and borrower, and how each tier stands. */
  readonly loans: readonly LoanState[];
  readonly lending: readonly LendingState[];
}

export interface LoanState extends Loan {
  readonly lender: number;
  readonly borrower: number;
}

export interface LendingState {
  readonly tier: number;
  readonly lent: bigint;
  readonly owed: bigint;
  readonly excess: bigint;
  readonly left: bigint;
  readonly room: bigint;
  readonly need: bigint;
  readonly asked: bigint;
  readonly askedAt: number;
}

/** A fund as its book tells it; tier 0 is the venue. */
export interface FundState extends FundBook {
  readonly tier: number;
  /** 2 insurance, 5 mutual fund, 7 backstop. */
  readonly fund: number;
  /** By target, market and bidder. */
  readonly bids: readonly Bid[];
  readonly money: bigint;
  readonly mostMoney: bigint;
}

export interface AssetState {
  readonly asset: number;
  readonly held: bigint;
  readonly transit: bigint;
  readonly pending: bigint;
  readonly dust: bigint;
  /** The operator's second tranche and the mutual guarantee fund. */
  readonly skin: bigint;
  readonly mutual: bigint;
  readonly loans: bigint;
  readonly lastReference: number;
  /** Settled balance by account; the zero ones of accounts that once had one are included. */
  readonly balances: ReadonlyMap<number, bigint>;
  /** By tier. */
  readonly custody: ReadonlyMap<number, bigint>;
}

export interface WithdrawalState {
  readonly withdrawal: number;
  readonly account: number;
  readonly asset: number;
  readonly amount: bigint;
  readonly released: bigint;
  readonly requestedAt: number;
  /** In the queue, from 1; 0 = all is released. */
  readonly place: number;
}

export interface WindowState {
  readonly capacity: bigint;
  readonly cap: bigint;
}

export interface ThrottleState {
  readonly isOn: boolean;
  readonly posture: number;
  readonly askedPosture: number;
  readonly postureAt: number;
  readonly exitRatio: bigint;
  readonly refilledAt: number;
  readonly settledValue: bigint;
  readonly hour: WindowState;
  readonly day: WindowState;
  readonly lane: WindowState;
  readonly queueLength: number;
  readonly queueValue: bigint;
  readonly rounds: number;
  readonly roundAt: number;
  readonly isRoundOver: boolean;
  /** From asset 1. */
  readonly assets: readonly AssetThrottleState[];
}

export interface AssetThrottleState {
  readonly price: bigint;
  readonly settled: bigint;
  readonly queued: bigint;
  readonly released: bigint;
  readonly hour: WindowState;
  readonly day: WindowState;
  readonly lane: WindowState;
}

export interface TierState {
  readonly tier: number;
  readonly minInitialMargin: bigint;
  readonly maxBucketOrders: bigint;
  readonly liquidationBuffer: bigint;
  readonly auctionStart: bigint;
  readonly auctionSpan: bigint;
  readonly insuranceDraw: bigint;
  readonly fees: bigint;
  /** The operator's first tranche and the insurance fund. */
  readonly skin: bigint;
  readonly insurance: bigint;
  readonly defaults: number;
  readonly drawnSince: number;
  readonly drawnBase: bigint;
  readonly drawn: bigint;
  /** What its own layers, its cover and the venue's layers count for in margin. */
  readonly depth: readonly bigint[];
  /** By number. */
  readonly covers: readonly (Cover & { readonly cover: number })[];
  /** The oldest first. */
  readonly losses: readonly LossState[];
  readonly controller: Pick<Controller, "enabled" | "posture" | "since" | "calmSince" | "rule">;
  /** 0 = none. */
  readonly backstop: number;
  readonly backstopDay: bigint;
  readonly backstopSince: number;
  readonly backstopBase: bigint;
  readonly backstopTaken: bigint;
  /** Ids of the buckets in distress, the next to be served first. */
  readonly distressed: readonly number[];
  readonly parameters: readonly ParameterState[];
  /** By slot. */
  readonly holds: readonly HoldState[];
  readonly buckets: readonly BucketState[];
  readonly markets: readonly MarketState[];
  /** Of every market, then of every accepted collateral asset. */
  readonly feeds: readonly FeedState[];
  readonly collateral: readonly CollateralState[];
}

/** What a default still costs: by layer, by policy, by winner. */
export interface LossState {
  readonly default: number;
  readonly short: readonly bigint[];
  readonly covers: readonly (CoverPart & { readonly cover: number })[];
  readonly winners: readonly { readonly bucket: number; readonly amount: bigint }[];
}

export interface CollateralState {
  readonly asset: number;
  readonly price: bigint;
  readonly initialPrice: bigint;
}

export interface FeedState {
  readonly feedKind: number;
  readonly id: number;
  readonly quorum: number;
  readonly quality: number;
  readonly qualitySince: bigint;
  readonly price: bigint;
  readonly confidence: bigint;
  readonly risk: bigint;
  readonly age: bigint;
  readonly averages: readonly bigint[];
  readonly sources: readonly SourceState[];
}

export interface SourceState {
  readonly reporter: number;
  readonly state: number;
  readonly price: bigint;
  readonly confidence: bigint;
  readonly publishedAt: bigint;
  readonly repeats: number;
  readonly heldPrice: bigint;
}

export interface BucketState {
  readonly bucket: number;
  readonly account: number;
  readonly mode: number;
  readonly cash: bigint;
  /** 0 = none known, 1 = waits in the queue, 2 = its liquidation has begun. */
  readonly distress: number;
  /** When its liquidation began, 0 = it has not. */
  readonly distressSince: number;
  /** By asset. */
  readonly holdings: ReadonlyMap<number, bigint>;
  /** Positions whose slot is in use. */
  readonly positions: readonly PositionState[];
  /** Ids of open orders, the newest first. */
  readonly orders: readonly number[];
  readonly equity: bigint;
  readonly initialMargin: bigint;
  readonly maintenanceEquity: bigint;
  readonly maintenanceMargin: bigint;
  /** Quote currency that could leave now. */
  readonly withdrawable: bigint;
}

export interface PositionState {
  readonly market: number;
  readonly lots: bigint;
  readonly cost: bigint;
  /** Means something only while lots ≠ 0. */
  readonly fundingEntry: bigint;
  readonly bidLots: bigint;
  readonly bidNotional: bigint;
  readonly askLots: bigint;
  readonly askNotional: bigint;
}

export interface MarketState {
  readonly market: number;
  readonly status: bigint;
  /** 0 = no price yet. */
  readonly mark: number;
  readonly index: number;
  readonly forbids: number;
  readonly unconfirmed: boolean;
  readonly book: BookMemory;
  readonly fundingIndex: bigint;
  readonly openInterest: bigint;
  readonly openInterestLimit: bigint;
  readonly pool: bigint;
  readonly feeCost: bigint;
  readonly fundingCost: bigint;
  readonly settledLots: bigint;
  readonly settledCost: bigint;
  /** Until then only buckets deep in distress are liquidated. */
  readonly graceUntil: number;
  readonly breaker: BreakerState;
  /** Undefined while there is none. */
  readonly auction: AuctionState | undefined;
  /** From the best price on. */
  readonly bids: readonly LevelState[];
  readonly asks: readonly LevelState[];
  /** Conditional orders: rising from the lowest trigger, then falling from the highest. */
  readonly waiting: readonly WaitingState[];
}

/** A call auction: what it is told by, and what it would come to now. */
export interface AuctionState {
  readonly collects: boolean;
  readonly endsAt: number;
  readonly extensions: number;
  readonly orders: number;
  readonly price: number;
  readonly volume: bigint;
  readonly imbalance: bigint;
  readonly forced: bigint;
  readonly lowest: number;
  readonly highest: number;
}

export interface BreakerState {
  readonly on: boolean;
  readonly level: number;
  readonly since: number;
  readonly signal: number;
  readonly calmSince: number;
  readonly softScore: bigint;
  readonly hardScore: bigint;
  /** By signal, from 1. */
  readonly soft: readonly bigint[];
  readonly hard: readonly bigint[];
  /** The terms in force. */
  readonly trading: bigint;
  readonly band: bigint;
  readonly marginMultiplier: bigint;
  readonly openInterestLimit: bigint;
}

export interface LevelState {
  readonly price: number;
  /** The oldest first. */
  readonly orders: readonly { readonly order: number; readonly lots: bigint }[];
}

export interface WaitingState {
  readonly order: number;
  readonly trigger: number;
  readonly firesRising: boolean;
  readonly price: number;
  readonly lots: bigint;
}

/** Copies the state out. */
export function stateOf(world: World): AuditorState {
  const { venue } = world;
  return {
    clock: venue.clock,
    governance: [0, ...venue.tiers.map(({ id }) => id)].map((tier) => governanceState(world, tier)),
    accounts: venue.accounts,
    assets: venue.assets.map(assetState),
    withdrawals: withdrawalStates(venue),
    throttle: throttleState(world),
    tiers: venue.tiers.map((tier) => tierState(world, tier)),
    coverTwo: coverTwo(world, 200_000n),
    funds: [
      fundState(world, 5, { book: venue.mutualFund, tier: undefined }),
      ...venue.tiers.flatMap((tier) => [
        fundState(world, 2, { book: tier.fund, tier }),
        backstopState(world, tier),
      ]),
    ],
    loans: loanStates(venue),
    lending: venue.tiers.map((tier) => lendingState(world, tier)),
  };
}

function loanStates(venue: Venue): LoanState[] {
  const pairs = venue.tiers.flatMap(({ id: lender }) =>
    venue.tiers.map(({ id: borrower }) => ({ lender, borrower, ...loanOf(venue, lender, borrower) })),
  );
  return pairs.filter(({ owed, pledged, returned }) => owed + pledged + returned > 0n);
}

function lendingState(world: World, tier: Tier): LendingState {
  const { venue } = world;
  const { excess, left, room } = lendableBy({ ...world, time: venue.clock }, tier);
  const { amount: asked, at: askedAt } = askedBy(venue, tier.id);
  const [lent, owed] = [lentBy(venue, tier.id), owedBy(venue, tier.id)];
  return { tier: tier.id, lent, owed, excess, left, room, need: needOf(venue, tier), asked, askedAt };
}

function bidsOf(tier: Tier | undefined): Bid[] {
  const bids = [...(tier?.bids ?? [])];
  bids.sort((a, b) => a.target - b.target || a.market - b.market || a.bidder - b.bidder);
  return bids;
}

function fundState(world: World, fund: number, each: Fund): FundState {
  const { book, tier } = each;
  return {
    ...book,
    stakes: new Map(book.stakes),
    tier: tier?.id ?? 0,
    fund,
    bids: bidsOf(tier),
    money: moneyOf(world, each),
    mostMoney: mostMoneyOf(world, each),
  };
}

/** A tier without a backstop has shares of nothing. */
function backstopState(world: World, tier: Tier): FundState {
  const book = tier.backstopBook;
  const bucket = tier.buckets[tier.backstop - 1];
  const state = fundState(world, 7, { book, tier, bucket });
  return bucket === undefined ? { ...state, money: 0n, mostMoney: 0n } : state;
}

function assetState(asset: Asset): AssetState {
  const { id, held, transit, pending, dust, skin, mutual, loans, lastReference, owners, custody } = asset;
  return {
    asset: id,
    held,
    transit,
    pending,
    dust,
    skin,
    mutual,
    loans,
    lastReference,
    balances: new Map(owners),
    custody: new Map(custody),
  };
}

function withdrawalStates({ withdrawals, throttle }: Venue): WithdrawalState[] {
  const places = new Map(throttle.queue.map((id, index) => [id, index + 1]));
  const states = [...withdrawals].map(([withdrawal, pending]) => ({
    withdrawal,
    ...pending,
    place: places.get(withdrawal) ?? 0,
  }));
  states.sort((a, b) => a.withdrawal - b.withdrawal);
  return states;
}

function throttleState(world: World): ThrottleState {
  const { throttle, clock, assets } = world.venue;
  const { posture, askedPosture, postureAt, exitRatio, refilledAt, queue, round } = throttle;
  const windowOf = (name: string): WindowState => ({
    capacity: contentOf(throttle, name),
    cap: capOf(throttle, name),
  });
  return {
    isOn: isOn(throttle),
    posture,
    askedPosture,
    postureAt,
    exitRatio,
    refilledAt,
    settledValue: settledValue(world, clock),
    hour: windowOf("hour"),
    day: windowOf("day"),
    lane: windowOf("lane"),
    queueLength: queue.length,
    queueValue: queuedValue(world),
    rounds: round.opened,
    roundAt: round.at,
    isRoundOver: round.toCome.length === 0,
    assets: assets.map((asset) => ({
      price: priceOf(world, asset),
      settled: settledUnits(world, asset, clock),
      queued: asset.pending - asset.released,
      released: asset.released,
      hour: windowOf(`hour of ${asset.id}`),
      day: windowOf(`day of ${asset.id}`),
      lane: windowOf(`lane of ${asset.id}`),
    })),
  };
}

function tierState(world: World, tier: Tier): TierState {
  return {
    tier: tier.id,
    minInitialMargin: tier.minInitialMargin,
    maxBucketOrders: tier.maxBucketOrders,
    liquidationBuffer: tier.liquidationBuffer,
    auctionStart: tier.auctionStart,
    auctionSpan: tier.auctionSpan,
    insuranceDraw: tier.insuranceDraw,
    fees: tier.fees,
    skin: tier.skin,
    insurance: tier.insurance,
    defaults: tier.defaults,
    drawnSince: tier.drawnSince,
    drawnBase: tier.drawnBase,
    drawn: tier.drawn,
    depth: tier.depth,
    covers: coversOf(tier).map(([cover, policy]) => ({ cover, ...policy })),
    losses: tier.losses.map(lossState),
    controller: { ...tier.controller },
    backstop: tier.backstop,
    backstopDay: tier.backstopDay,
    backstopSince: tier.backstopSince,
    backstopBase: tier.backstopBase,
    backstopTaken: tier.backstopTaken,
    distressed: tier.distressed.map(({ id }) => id),
    parameters: parameterStates(tier),
    holds: holdStates(tier),
    buckets: tier.buckets.map((bucket) => bucketState(world, bucket)),
    markets: tier.markets.map((market) => marketState(world, market)),
    feeds: [...tier.feeds].map(([key, feed]) => feedState(key, feed)),
    collateral: [...tier.collateral].map(([asset, { price, initialPrice }]) => ({
      asset,
      price,
      initialPrice,
    })),
  };
}

function lossState(loss: DefaultLoss): LossState {
  const covers = [...loss.covers].map(([cover, part]) => ({ cover, ...part }));
  covers.sort((a, b) => a.cover - b.cover);
  return {
    default: loss.id,
    short: [1, 2, 3, 4, 5, 6].map((layer) => shortOf(loss, layer)),
    covers,
    winners: loss.shortfalls.filter(({ bucket }) => bucket !== 0),
  };
}

function governanceState(world: World, tier: number): GovernanceState {
  const governance = governanceOf(world, tier);
  const { isSealed: sealed, threshold, timelock, nonce, members } = governance;
  const open = [...governance.proposals].filter(([, { lapse }]) => lapse > world.venue.clock);
  open.sort(([a], [b]) => a - b);
  const proposals = open.map(([proposer, proposal]) => ({
    proposal: proposer,
    nonce: proposal.nonce,
    content: proposal.content,
    parameters: basisOf(world, tier, proposal.command),
    eta: proposal.eta,
    lapse: proposal.lapse,
    approvals: validApprovals(world, tier, proposal),
    needed: neededApprovals(governance, proposal),
    contested: proposal.contested,
  }));
  return { tier, sealed, threshold, timelock, nonce, members: new Map(members), proposals };
}

function parameterStates(tier: Tier): ParameterState[] {
  const subjects = {
    tier: [0],
    market: tier.markets.map(({ id }) => id),
    collateral: [...tier.collateral.keys()],
  };
  return PARAMETERS.flatMap((parameter) =>
    subjects[parameter.level].map((subject) => ({
      name: parameter.name,
      subject,
      value: valueOf(tier, parameter, subject),
      baseline: baselineOf(tier, parameter, subject),
    })),
  );
}

function holdStates({ holds }: Tier): HoldState[] {
  const slots = [...holds];
  slots.sort(([a], [b]) => a - b);
  return slots.map(([, hold]) => ({ ...hold, parameter: hold.parameter.name }));
}

function feedState(key: string, feed: Feed): FeedState {
  const [feedKind = 0, id = 0] = key.split(" ").map(Number);
  const { quorum, quality, qualitySince, price, confidence, risk, age } = feed;
  const sources = [...feed.sources].map(([reporter, source]) => ({
    reporter,
    state: source.state,
    price: source.price,
    confidence: source.confidence,
    publishedAt: source.publishedAt,
    repeats: source.repeats,
    heldPrice: source.held?.price ?? 0n,
  }));
  const averages = [SHORT, MIDDLE, LONG].map((window) => average(feed, window));
  return { feedKind, id, quorum, quality, qualitySince, price, confidence, risk, age, averages, sources };
}

function bucketState(world: World, bucket: Bucket): BucketState {
  const needed = required(bucket);
  const isBarred = [...bucket.positions.values()]
    .filter(isInUse)
    .some(({ market }) => isForbidden(market, FORBIDS.withdraw));
  const free = isBarred ? 0n : equityWithoutProfit(world, bucket) - needed;
  return {
    bucket: bucket.id,
    account: bucket.account,
    mode: bucket.mode,
    cash: bucket.cash,
    distress: DISTRESS[bucket.distress],
    distressSince: bucket.distressSince,
    holdings: new Map(bucket.holdings),
    positions: positionStates(bucket),
    orders: newestFirst(bucket, undefined).map((order) => order.id),
    equity: equity(world, bucket, "initialWeight"),
    initialMargin: needed,
    maintenanceEquity: equity(world, bucket, "maintenanceWeight"),
    maintenanceMargin: maintenance(bucket),
    withdrawable: greatest(0n, least(bucket.cash, free)),
  };
}

const DISTRESS: Readonly<Record<Distress, number>> = { none: 0, waiting: 1, begun: 2 };

function positionStates(bucket: Bucket): PositionState[] {
  const states = [...bucket.positions.values()].filter(isInUse).map(positionState);
  states.sort((a, b) => a.market - b.market);
  return states;
}

function positionState(position: Position): PositionState {
  const { market, lots, cost, fundingEntry, bidLots, bidNotional, askLots, askNotional } = position;
  return { market: market.id, lots, cost, fundingEntry, bidLots, bidNotional, askLots, askNotional };
}

function marketState(world: World, market: Market): MarketState {
  const { id, terms, mark, index, forbids, unconfirmed, fundingIndex, openInterest, pool } = market;
  const { feeCost, fundingCost, settledLots, settledCost } = market;
  return {
    market: id,
    status: terms.status,
    mark,
    index,
    forbids,
    unconfirmed,
    book: { ...market.book },
    fundingIndex,
    openInterest,
    openInterestLimit: openInterestLimit(market),
    pool,
    feeCost,
    fundingCost,
    settledLots,
    settledCost,
    graceUntil: market.graceUntil,
    breaker: breakerState(market),
    auction: market.breaker.level === BREAKER.auction ? auctionState(world, market) : undefined,
    bids: levels(market, true),
    asks: levels(market, false),
    waiting: [...market.rising.ascending(), ...market.falling.descending()].map(waitingState),
  };
}

function breakerState(market: Market): BreakerState {
  const { on, level, since, signal, calmSince, scores, band } = market.breaker;
  return {
    on,
    level,
    since,
    signal,
    calmSince,
    softScore: scores.softScore,
    hardScore: scores.hardScore,
    soft: scores.soft.slice(1, 8),
    hard: scores.hard.slice(1, 8),
    trading: statusOf(market),
    band: band === 0n ? market.terms.band : band,
    marginMultiplier: multiplierOf(market),
    openInterestLimit: limitInForce(market),
  };
}

/** Price levels of a side, best first, with what a call auction has collected. */
function levels({ bids, asks, collected }: Market, buys: boolean): LevelState[] {
  const orders = [...(buys ? bids : asks).ascending(), ...collected.filter((order) => isBuy(order) === buys)];
  const prices = [...new Set(orders.map(({ price }) => price))];
  prices.sort((a, b) => (buys ? b - a : a - b));
  return prices.map((price) => ({
    price,
    orders: orders.filter((order) => order.price === price).map(({ id, lots }) => ({ order: id, lots })),
  }));
}

function auctionState(world: World, market: Market): AuctionState {
  const { auction } = market.breaker;
  const claims = claimsOn(world, market);
  const sells = claims.every(({ position }) => position.lots > 0n);
  const clearing = indicative(market, claims, sells);
  const wanted = claims.reduce((sum, { lots }) => sum + lots, 0n);
  const { lowest, highest, isOn: hasCollar } = collarOf(market);
  return {
    collects: collects(market),
    endsAt: auction.endsAt,
    extensions: auction.extensions,
    orders: market.collected.length,
    price: auction.price === 0 ? (clearing?.price ?? 0) : auction.price,
    volume: clearing?.volume ?? 0n,
    imbalance: clearing?.imbalance ?? 0n,
    forced: sells ? wanted : -wanted,
    lowest: hasCollar ? lowest : 0,
    highest: hasCollar ? highest : 0,
  };
}

function waitingState({ id, trigger, firesRising, price, lots }: Order): WaitingState {
  return { order: id, trigger, firesRising, price, lots };
}
