/**
 * What the auditor remembers of a venue. Ids, times and prices are plain numbers; whatever can be added up is a BigInt.
 *
 * @see docs/spec/numbers.md
 */
import type { EventName, ParameterName } from "@bulkhead/engine";
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

export interface Tier {
  readonly id: number;
  minInitialMargin: bigint;
  maxBucketOrders: bigint;
  /** How much more than it gains the manipulation of a price must cost; 0 = no limit follows. */
  manipulationFactor: bigint;
  fees: bigint;
  /** By asset; the quote currency is not among them. */
  readonly collateral: Map<number, Collateral>;
  /** By number. */
  readonly reporters: Map<number, Reporter>;
  /** By kind and id. */
  readonly feeds: Map<string, Feed>;
  /** By asset. */
  readonly redemptions: Map<number, Redemption>;
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

/** Who reports prices to a tier. */
export interface Reporter {
  readonly operator: number;
  readonly weight: bigint;
}

/** How a price is put together, and what came of it. Prices are points. */
export interface Feed {
  reporters: ReadonlySet<number>;
  mask: number;
  /** 0 = not configured. */
  quorum: number;
  sigma: bigint;
  staleAfter: bigint;
  deadAfter: bigint;
  halfLife: bigint;
  maxConfidence: bigint;
  jump: bigint;
  deviation: bigint;
  divergence: bigint;
  frozenAfter: number;
  floor: bigint;
  /** By reporter; absent while silent. */
  readonly sources: Map<number, Source>;
  price: bigint;
  confidence: bigint;
  risk: bigint;
  age: bigint;
  quality: number;
  qualitySince: bigint;
  counted: number;
  operators: number;
  advancedAt: bigint;
  confirmed: bigint;
  candidate: bigint;
  isCandidate: boolean;
  /** Time with a price, and the price integrated over it. */
  elapsed: bigint;
  integral: bigint;
  /** Past values of both, per window, the latest last. */
  notes: readonly (readonly Note[])[];
}

/** What a collateral asset redeems for. */
export interface Redemption {
  /** 0 nothing, 1 dollars, 2 another asset. */
  basis: number;
  underlying: number;
  maxAge: number;
  dailyStep: bigint;
  /** 0 = not told. */
  ratio: bigint;
  publishedAt: number;
  receivedAt: number;
  sequence: number;
}

export interface Note {
  readonly elapsed: bigint;
  readonly integral: bigint;
}

/** What a reporter said last, and what it said that nobody else has. */
export interface Source {
  price: bigint;
  confidence: bigint;
  publishedAt: bigint;
  receivedAt: bigint;
  sequence: number;
  seenAt: number;
  held:
    | {
        readonly price: bigint;
        readonly confidence: bigint;
        readonly publishedAt: bigint;
        readonly receivedAt: bigint;
      }
    | undefined;
  repeats: number;
  standsSince: bigint;
  state: number;
  /** Dollars within 1 %, and dollars a second of arbitrage. */
  depth: bigint;
  flow: bigint;
}

export interface Collateral {
  initialWeight: bigint;
  maintenanceWeight: bigint;
  cap: bigint;
  /** Micro-USD per whole asset; 0 while unknown. */
  price: bigint;
  /** The same, for initial margin and withdrawals. */
  initialPrice: bigint;
}

/** What `setParameter` can change of a tier. */
export type TierParameter = "minInitialMargin" | "maxBucketOrders" | "manipulationFactor";

/** What `setParameter` can change of a market. */
export type MarketTerms = Record<Exclude<ParameterName, TierParameter>, bigint>;

export interface Bracket {
  readonly lower: bigint;
  readonly rate: bigint;
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
  readonly brackets: Map<number, Bracket>;
  /** 0 while no price is known. */
  mark: number;
  index: number;
  /** Bits of what the price forbids. */
  forbids: number;
  unconfirmed: boolean;
  /** The price is wide: initial margin is a quarter more. */
  isWide: boolean;
  /** Price of the latest fill; 0 = none. */
  lastPrice: number;
  /** What the market has seen of its own book. */
  readonly book: BookMemory;
  /** What the market may be worth at least and at most; 0 = the mark. */
  leastPrice: number;
  mostPrice: number;
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

/** What a market has seen of its own book. */
export interface BookMemory {
  /** Smoothed, thousandths of a point. */
  premium: bigint;
  /** 0 = never. */
  sampledAt: bigint;
  premiumSum: bigint;
  premiumAt: bigint;
  samples: bigint;
  fundingRate: bigint;
  fundingDue: bigint;
  lastIndex: bigint;
  slots: bigint;
  slotSum: bigint;
}

export interface Bucket {
  readonly id: number;
  readonly tier: Tier;
  readonly account: number;
  /** 0 = cross, else the market it is isolated to. */
  readonly mode: number;
  cash: bigint;
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
}

export interface AuditorEvent {
  readonly name: EventName;
  readonly values: readonly bigint[];
}
