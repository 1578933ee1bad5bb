/**
 * What the auditor remembers of a venue. Ids, times and prices are plain numbers; whatever can be added up is a BigInt.
 *
 * @see docs/spec/numbers.md
 */
import type { Command, EventName, ParameterName } from "@bulkhead/engine";
import type { Journal } from "./journal.ts";
import type { PriceQueue } from "./queue.ts";
import type { Slots } from "./slots.ts";

/** How much the tables of a venue can hold; per tier where a tier has the table. Protocol maxima hold besides. */
export interface Capacities {
  readonly assets: number;
  readonly tiers: number;
  readonly accounts: number;
  readonly balances: number;
  readonly withdrawals: number;
  readonly markets: number;
  /** Ticks over all price ranges of a tier. */
  readonly ladderTicks: number;
  readonly buckets: number;
  readonly positions: number;
  readonly holdings: number;
  readonly orders: number;
}

export interface Venue {
  clock: number;
  accounts: number;
  readonly assets: Asset[];
  readonly tiers: Tier[];
  readonly withdrawals: Map<number, Withdrawal>;
  readonly withdrawalSlots: Slots;
}

/** One asset's ledger. */
export interface Asset {
  readonly id: number;
  readonly scale: bigint;
  held: bigint;
  transit: bigint;
  pending: bigint;
  dust: bigint;
  /** The operator's second tranche and the mutual guarantee fund; quote currency only. */
  skin: bigint;
  mutual: bigint;
  lastReference: number;
  /** By account. */
  readonly owners: Map<number, bigint>;
  /** By tier. */
  readonly custody: Map<number, bigint>;
}

export interface Withdrawal {
  readonly account: number;
  readonly asset: number;
  readonly amount: bigint;
}

/** What `setParameter` can change of a tier. */
export type TierParameter =
  | "minInitialMargin"
  | "maxBucketOrders"
  | "liquidationBuffer"
  | "auctionStart"
  | "auctionSpan"
  | "insuranceDraw";

/** A tier's posture controller. */
export interface Controller {
  enabled: boolean;
  /** Posture without a fresh report. */
  baseline: number;
  insuranceTarget: bigint;
  /** By input. */
  reported: Readonly<Record<string, bigint>>;
  freshUntil: number;
  posture: number;
  since: number;
  /** 0 = something holds it. */
  calmSince: number;
  /** The rule that moved it last. */
  rule: number;
  /** Whether the strictest posture was left because it had lasted too long. */
  forced: boolean;
}

export interface Tier extends Record<TierParameter, bigint> {
  readonly id: number;
  fees: bigint;
  /** The operator's first tranche and the insurance fund. */
  skin: bigint;
  insurance: bigint;
  readonly controller: Controller;
  /** Defaults so far. */
  defaults: number;
  /** Id of the bucket that takes over what the book does not, 0 = none. */
  backstop: number;
  /** Buckets in distress, the next to be served first. */
  distressed: readonly Bucket[];
  /** By asset; the quote currency is not among them. */
  readonly collateral: Map<number, Collateral>;
  readonly markets: Market[];
  readonly buckets: Bucket[];
  readonly bucketsOfAccount: Map<number, Bucket[]>;
  readonly orders: Map<number, Order>;
  readonly orderSlots: Slots;
  /** Position slots handed out in blocks so far, and blocks that were given back, by size. */
  slotsTaken: number;
  readonly freeBlocks: Map<number, number>;
  /** Counts orders as they enter; later numbers are newer orders. */
  arrivals: number;
}

export interface Collateral {
  initialWeight: bigint;
  maintenanceWeight: bigint;
  cap: bigint;
  /** Micro-USD per whole asset; 0 while unknown. */
  price: bigint;
}

/** What `setParameter` can change of a market. */
export type MarketTerms = Record<Exclude<ParameterName, TierParameter>, bigint>;

export interface Bracket {
  readonly lower: bigint;
  readonly rate: bigint;
}

/** What `configureBreaker` sets, besides naming the market. */
export type BreakerConfig = Readonly<
  Record<
    Exclude<keyof Extract<Command, { kind: "configureBreaker" }>, "kind" | "time" | "tier" | "market">,
    bigint
  >
>;

/** What an update of a breaker left behind. */
export interface Update {
  readonly time: number;
  readonly mark: number;
  readonly interest: bigint;
}

/** Something that happened, and what it was worth. */
export interface Loss {
  readonly time: number;
  readonly value: bigint;
}

/** Scores by id of the signal; index 0 is nobody's. */
export interface Scores {
  readonly soft: readonly bigint[];
  readonly hard: readonly bigint[];
}

/** A market's breaker: what it looks at, what it remembers and where it stands. */
export interface Breaker {
  config: BreakerConfig;
  on: boolean;
  level: number;
  since: number;
  /** The signal that was the reason. */
  signal: number;
  /** 0 = it is not. */
  calmSince: number;
  divergedSince: number;
  countedAt: number;
  /** Updates in a row beyond the trip level, by level. */
  streaks: ReadonlyMap<number, number>;
  /** Times of the last eight trips. */
  trips: readonly number[];
  updates: readonly Update[];
  liquidations: readonly Loss[];
  losses: readonly Loss[];
  bookSlot: number;
  /** Times 256. */
  spreadMean: bigint;
  depthMean: bigint;
  depth: bigint;
  pausedFrom: number;
  resumedAt: number;
  /** The band it leaves, 0 = as set. */
  band: bigint;
  scores: Scores & { readonly softScore: bigint; readonly hardScore: bigint };
}

export interface Market {
  readonly id: number;
  readonly tier: Tier;
  readonly contract: number;
  readonly expiry: number;
  /** `k`: micro-USD per tick and lot. */
  readonly quantum: bigint;
  readonly rangeBits: number;
  readonly highestPrice: number;
  /** Value of one lot at the top of the price range. */
  readonly ceiling: bigint;
  readonly terms: MarketTerms;
  readonly breaker: Breaker;
  readonly brackets: Map<number, Bracket>;
  /** 0 while no price is known. */
  mark: number;
  /** Until then only buckets deep in distress are liquidated. */
  graceUntil: number;
  /** 1e-12 USD per lot. */
  fundingIndex: bigint;
  openInterest: bigint;
  pool: bigint;
  feeCost: bigint;
  fundingCost: bigint;
  settledLots: bigint;
  settledCost: bigint;
  /** Open orders, resting and waiting. */
  openOrders: number;
  readonly bids: PriceQueue<Order>;
  readonly asks: PriceQueue<Order>;
  /** Waiting until mark ≥ trigger. */
  readonly rising: PriceQueue<Order>;
  /** Waiting until mark ≤ trigger. */
  readonly falling: PriceQueue<Order>;
}

/** A bucket is healthy as far as anybody looked, waits in the distress queue, or is being liquidated. */
export type Distress = "none" | "waiting" | "begun";

export interface Bucket {
  readonly id: number;
  readonly tier: Tier;
  readonly account: number;
  /** 0 = cross, else the market it is isolated to. */
  readonly mode: number;
  cash: bigint;
  distress: Distress;
  /** When its liquidation began, 0 = it has not. */
  distressSince: number;
  /** Position slots of the bucket's block: 0, 4, 8, 16, 32 or 64. */
  slots: number;
  /** By asset; the quote currency is `cash`. */
  readonly holdings: Map<number, bigint>;
  /** By market; one that is not in use (see `isInUse`) counts as absent. */
  readonly positions: Map<number, Position>;
  readonly orders: Map<number, Order>;
}

export interface Position {
  readonly bucket: Bucket;
  readonly market: Market;
  lots: bigint;
  cost: bigint;
  fundingEntry: bigint;
  /** Open orders in this market, resting and waiting. */
  openOrders: number;
  /** Resting orders that are not reduce-only. */
  bidLots: bigint;
  bidNotional: bigint;
  askLots: bigint;
  askNotional: bigint;
}

export interface Order {
  /** 0 until it first rests or waits. */
  id: number;
  arrival: number;
  readonly bucket: Bucket;
  readonly market: Market;
  /** 1 buys, −1 sells. */
  readonly direction: bigint;
  /** Executes as a market order: never rests. */
  readonly isMarket: boolean;
  readonly timeInForce: number;
  readonly expiry: number;
  readonly clientId: number;
  readonly postOnly: boolean;
  selfTrade: number;
  /** 0 = not conditional. */
  readonly trigger: number;
  /** Fires when mark ≥ trigger rather than mark ≤ trigger. */
  readonly firesRising: boolean;
  reduceOnly: boolean;
  price: number;
  lots: bigint;
  place: "nowhere" | "book" | "waiting";
  /** Closes a position in distress: pays no more than the maker's rebate. */
  readonly isForced?: true;
}

/** The state, the undo journal and the story of the command at hand. */
export interface World {
  readonly venue: Venue;
  readonly journal: Journal;
  readonly capacities: Capacities;
  readonly events: AuditorEvent[];
  /** Time of the command at hand. */
  time: number;
  /** Makers met in this command. */
  met: number;
  /** Claims about defaults that did not hold when they were made, in words. */
  readonly breaches: string[];
}

export interface AuditorEvent {
  readonly name: EventName;
  readonly values: readonly bigint[];
}
