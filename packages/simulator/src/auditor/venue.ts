/**
 * What the auditor remembers of a venue. Ids, times and prices are plain numbers; whatever can be added up is a BigInt.
 *
 * @see docs/spec/numbers.md
 */
import type { Throttle } from "./throttleBook.ts";
import type { Feed, Redemption, Reporter } from "./priceBook.ts";
import type { Breaker } from "./breakerBook.ts";
import type { Control, Governance, Hold } from "./governanceBook.ts";
import type { EventName, ParameterName } from "@bulkhead/engine";
import type { Bid, FundBook } from "./fundBook.ts";
import type { Journal } from "./journal.ts";
import type { Cover, DefaultLoss } from "./lossBook.ts";
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
  readonly governance: Governance;
  readonly withdrawals: Map<number, Withdrawal>;
  readonly withdrawalSlots: Slots;
  readonly throttle: Throttle;
  readonly mutualFund: FundBook;
  /** Loans between insurance funds, by "lender borrower", and what tiers ask for. */
  readonly loans: Map<string, Loan>;
  readonly asks: Map<number, { readonly amount: bigint; readonly at: number }>;
}

/** What one tier's insurance fund has lent another's: with the borrower, waiting for him, waiting for the lender. */
export interface Loan {
  readonly owed: bigint;
  readonly pledged: bigint;
  readonly pledgedAt: number;
  readonly returned: bigint;
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
  /** On its way between insurance funds; quote currency only. */
  loans: bigint;
  lastReference: number;
  /** Of what is pending, what may be paid. */
  released: bigint;
  /** By account. */
  readonly owners: Map<number, bigint>;
  /** By tier. */
  readonly custody: Map<number, bigint>;
}

export interface Withdrawal {
  readonly account: number;
  readonly asset: number;
  /** What is not paid of it; the part that is not released is queued. */
  amount: bigint;
  released: bigint;
  readonly requestedAt: number;
}

/** What `setParameter` can change of a tier. */
export type TierParameter =
  | "minInitialMargin"
  | "maxBucketOrders"
  | "manipulationFactor"
  | "liquidationBuffer"
  | "auctionStart"
  | "auctionSpan"
  | "insuranceDraw"
  | "insuranceLending"
  | "insuranceBorrowing"
  | "loanRepayment"
  | "backstopDay"
  | "keeperShare";

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
  readonly fund: FundBook;
  /** Shares of the backstop, while others than its house own some. */
  readonly backstopBook: FundBook;
  /** Keepers' bids that wait, as they came. */
  bids: readonly Bid[];
  /** The operator's first tranche and the insurance fund. */
  skin: bigint;
  insurance: bigint;
  readonly controller: Controller;
  /** Defaults so far. */
  defaults: number;
  /** What the tier has had of the mutual fund since its day of drawing on it began, and the fund as it was then. */
  drawnSince: number;
  drawnBase: bigint;
  drawn: bigint;
  /** What it may lend in its present day of lending, and has. */
  lendingSince: number;
  lendingAllowance: bigint;
  lendingUsed: bigint;
  /** What the tier's own layers, its cover and the venue's layers could pay for one default at the last tick. */
  depth: readonly bigint[];
  /** Purchased cover by number, and who bore the latest defaults. */
  readonly covers: Map<number, Cover>;
  losses: readonly DefaultLoss[];
  /** Id of the bucket that takes over what the book does not, 0 = none. */
  backstop: number;
  /** Since when its present day lasts, the least it was worth then, and the value it has taken over in it. */
  backstopSince: number;
  backstopBase: bigint;
  backstopTaken: bigint;
  /** Buckets in distress, the next to be served first. */
  distressed: readonly Bucket[];
  readonly governance: Governance;
  /** By parameter and subject. */
  readonly controls: Map<string, Control>;
  /** By slot, from 1. */
  readonly holds: Map<number, Hold>;
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

export interface Collateral {
  initialWeight: bigint;
  maintenanceWeight: bigint;
  cap: bigint;
  /** Micro-USD per whole asset; 0 while unknown. */
  price: bigint;
  /** The same, for initial margin and withdrawals. */
  initialPrice: bigint;
}

/** What `setParameter` can change of a market. */
export type MarketTerms = Record<
  Exclude<ParameterName, TierParameter | "insuranceFees" | `collateral${string}`>,
  bigint
>;

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
  readonly breaker: Breaker;
  readonly brackets: Map<number, Bracket>;
  /** 0 while no price is known. */
  mark: number;
  /** Until then only buckets deep in distress are liquidated. */
  graceUntil: number;
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
  /** What a call auction collects, as it came. */
  collected: readonly Order[];
  /** Waiting until mark ≥ trigger. */
  readonly rising: PriceQueue<Order>;
  /** Waiting until mark ≤ trigger. */
  readonly falling: PriceQueue<Order>;
}

/** A bucket is healthy as far as anybody looked, waits in the distress queue, or is being liquidated. */
export type Distress = "none" | "waiting" | "begun";

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
  place: "nowhere" | "book" | "waiting" | "collected";
  /** The one price of a call auction, at which it trades whatever makers named. */
  readonly uniformPrice?: number;
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
