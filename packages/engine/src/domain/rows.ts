/**
 * The tables of a venue: what each row holds, in which unit. Ids and links are integers; money, lots and time are exact
 * doubles. Integer columns count words from the row, number columns count doubles; a row's first word doubles as the link
 * of the free list where rows are given back.
 */
import type { IntColumn, NumColumn, Ref } from "../kernel/arena.ts";
import type {
  AssetUnits,
  Lots,
  MicroUsd,
  MicroUsdPerTickLot,
  MicroUsdPerWhole,
  Ms,
  PicoUsdPerLot,
  Ppb,
  Ppm,
  Ticks,
} from "../kernel/units.ts";

type Int<Table extends string, Value extends number = number> = IntColumn<Table, Value>;
type Num<Table extends string, Value extends number = number> = NumColumn<Table, Value>;

// ------------------------------------------------------------------------------------------------------------- the vault

/** An asset the vault holds. `custody` is the first of one cell per tier. */
export const ASSET_WORDS = 64;
export const ASSET = {
  scale: 0 as Num<"asset", AssetUnits>,
  held: 1 as Num<"asset", AssetUnits>,
  transit: 2 as Num<"asset", AssetUnits>,
  pending: 3 as Num<"asset", AssetUnits>,
  dust: 4 as Num<"asset", AssetUnits>,
  lastReference: 5 as Num<"asset">,
  /** The mutual guarantee fund and the operator's second tranche; quote currency only. */
  mutual: 6 as Num<"asset", AssetUnits>,
  skin: 7 as Num<"asset", AssetUnits>,
  custody: 8 as Num<"asset", AssetUnits>,
} as const;

export const ACCOUNT_WORDS = 4;
export const ACCOUNT = {
  balances: 0 as Int<"account", Ref<"balance">>,
} as const;

/** What one account owns of one asset, unallocated. */
export const BALANCE_WORDS = 8;
export const BALANCE = {
  next: 0 as Int<"balance", Ref<"balance">>,
  asset: 1 as Int<"balance">,
  account: 2 as Int<"balance">,
  amount: 2 as Num<"balance", AssetUnits>,
} as const;

/** A withdrawal that has been debited and not yet paid. */
export const WITHDRAWAL_WORDS = 8;
export const WITHDRAWAL = {
  generation: 1 as Int<"withdrawal">,
  account: 2 as Int<"withdrawal">,
  asset: 3 as Int<"withdrawal">,
  amount: 2 as Num<"withdrawal", AssetUnits>,
} as const;

/** The vault's own row. */
export const VAULT = {
  assets: 0 as Int<"vault">,
  tiers: 1 as Int<"vault">,
  clock: 1 as Num<"vault", Ms>,
} as const;

// --------------------------------------------------------------------------------------------------------------- a tier

/** The tier's own row. */
export const TIER = {
  markets: 0 as Int<"tier">,
  minInitialMargin: 1 as Int<"tier", Ppm>,
  maxBucketOrders: 2 as Int<"tier">,
  /** Ticks and words that the ladders of listed markets take. */
  ladderTicks: 3 as Int<"tier">,
  ladderWords: 6 as Int<"tier">,
  timers: 4 as Int<"tier">,
  positionsUsed: 5 as Int<"tier">,
  /** First of one free list per block size. */
  freeBlocks: 8 as Int<"tier", Ref<"position">>,
  /** Number of the backstop's bucket, 0 = none. */
  backstop: 13 as Int<"tier">,
  /** Target of a liquidation above maintenance margin; 0 = the tier does not liquidate. */
  liquidationBuffer: 14 as Int<"tier", Ppm>,
  /** Most of the insurance fund that one default may take, 0 = all. */
  insuranceDraw: 15 as Int<"tier", Ppm>,
  fees: 8 as Num<"tier", MicroUsd>,
  /** The operator's first tranche, and the insurance fund. */
  skin: 9 as Num<"tier", MicroUsd>,
  insurance: 10 as Num<"tier", MicroUsd>,
  /** Defaults so far; the next one's id less one. */
  defaults: 11 as Num<"tier">,
  /** Until a bucket in distress is handed to the backstop: first wait, then auction. */
  auctionStart: 12 as Num<"tier", Ms>,
  auctionSpan: 13 as Num<"tier", Ms>,
  /** First and last bucket in distress, and first bucket whose alarms are to be set anew. */
  distressHead: 28 as Int<"tier", Ref<"bucket">>,
  distressTail: 29 as Int<"tier", Ref<"bucket">>,
  unsettledHead: 30 as Int<"tier", Ref<"bucket">>,
  /** 1 while all alarms of the tier are to be set anew. */
  allUnsettled: 31 as Int<"tier">,
  inDistress: 32 as Int<"tier">,
} as const;

export const MARKET_WORDS = 128;
export const MARKET = {
  contract: 0 as Int<"market">,
  status: 1 as Int<"market">,
  rangeBits: 2 as Int<"market">,
  ladders: 3 as Int<"market">,
  bestBid: 4 as Int<"market", Ticks>,
  bestAsk: 5 as Int<"market", Ticks>,
  lowestUpward: 6 as Int<"market", Ticks>,
  highestDownward: 7 as Int<"market", Ticks>,
  mark: 8 as Int<"market", Ticks>,
  orders: 9 as Int<"market">,
  maxOrders: 10 as Int<"market">,
  band: 11 as Int<"market", Ppm>,
  takerFee: 12 as Int<"market", Ppm>,
  makerFee: 13 as Int<"market", Ppm>,
  initialMargin: 14 as Int<"market", Ppm>,
  maintenanceRatio: 15 as Int<"market", Ppm>,
  fundingCap: 16 as Int<"market", Ppb>,
  brackets: 17 as Int<"market">,
  /** First of `MAX_BRACKETS` rates. */
  bracketRate: 18 as Int<"market", Ppm>,
  /** The oracle's price of the underlying; the mark is made from it. 0 = none yet. */
  index: 22 as Int<"market", Ticks>,
  /** What the quality of the price forbids: bits of `FORBID`. */
  forbids: 23 as Int<"market">,
  /** 1 while the present mark still waits for confirmation, so that nobody may be liquidated by it yet. */
  unconfirmed: 24 as Int<"market">,
  notional: 16 as Num<"market", MicroUsdPerTickLot>,
  /** Value of one lot at the top of the price range. */
  ceiling: 17 as Num<"market", MicroUsd>,
  expiry: 18 as Num<"market", Ms>,
  scaleBase: 19 as Num<"market", MicroUsd>,
  oiLower: 20 as Num<"market", MicroUsd>,
  oiUpper: 21 as Num<"market", MicroUsd>,
  maxPositionLots: 22 as Num<"market", Lots>,
  maxOpenInterestLots: 23 as Num<"market", Lots>,
  /** First of `MAX_BRACKETS` lower bounds. */
  bracketLower: 24 as Num<"market", MicroUsd>,
  openInterest: 32 as Num<"market", Lots>,
  pool: 33 as Num<"market", MicroUsd>,
  feeCost: 34 as Num<"market", MicroUsd>,
  fundingCost: 35 as Num<"market", MicroUsd>,
  settledLots: 36 as Num<"market", Lots>,
  settledCost: 37 as Num<"market", MicroUsd>,
  fundingIndex: 38 as Num<"market", PicoUsdPerLot>,
  /** Value of one lot at the mark: mark·notional. */
  lotValue: 39 as Num<"market", MicroUsd>,
  /** Up to this notional neither size scaling nor brackets apply. */
  flatNotional: 40 as Num<"market", MicroUsd>,
  /** Nearest alarms below and above the mark, 0 = none. */
  highestAlarm: 25 as Int<"market", Ticks>,
  lowestAlarm: 26 as Int<"market", Ticks>,
  /** Markets of the same number, 0 = none, hedge each other. */
  underlying: 27 as Int<"market">,
  liquidationFee: 28 as Int<"market", Ppm>,
  /** Largest part of a position that one step closes, 0 = all. */
  liquidationStep: 29 as Int<"market", Ppm>,
  /** Smaller steps and remainders are not left. */
  liquidationMinimum: 41 as Num<"market", MicroUsd>,
  /** Lots the backstop may hold. */
  backstopCap: 42 as Num<"market", Lots>,
  /** Until then a pause is still fresh: only those deep in distress are liquidated. */
  graceUntil: 43 as Num<"market", Ms>,
  /** Funding index at which the alarms were set, and how far it may move from there. */
  fundingAnchor: 44 as Num<"market", PicoUsdPerLot>,
  fundingReserve: 45 as Num<"market", PicoUsdPerLot>,
  /** The status in force: the strictest that hand, breaker and posture set. See steps/renewTerms.ts. */
  trading: 30 as Int<"market">,
  /** What breaker and posture make of initial margin, band and open-interest limit; 0 = as set. */
  marginMultiplier: 31 as Int<"market", Ppm>,
  bandCut: 92 as Int<"market", Ppm>,
  openInterestCut: 47 as Num<"market", Lots>,
} as const;

/** A market's circuit breaker: its thresholds, what it has sampled, and where it stands. All zero = off. */
export const GUARD_WORDS = 256;
export const GUARD = {
  /** 1 while any signal is configured or the breaker has not come back to normal. */
  on: 0 as Int<"guard">,
  /** The signal that moved it last, 0 = none. */
  signal: 1 as Int<"guard">,
  /** Updates in a row, up to 3, at which the score of caution, reduce-only, halt was beyond its trip level: first of three. */
  streak: 2 as Int<"guard">,
  /** The mark that held since the last update. */
  lastMark: 5 as Int<"guard", Ticks>,
  /** Marks sampled four times per window: first of four rings of four. */
  marks: 6 as Int<"guard", Ticks>,
  /** Standard deviation of returns, per square root of a second. */
  sigma: 22 as Int<"guard", Ppm>,
  softZ: 23 as Int<"guard">,
  hardZ: 24 as Int<"guard">,
  softMove: 25 as Int<"guard", Ppm>,
  hardMove: 26 as Int<"guard", Ppm>,
  divergence: 27 as Int<"guard", Ppm>,
  openInterestStep: 28 as Int<"guard", Ppm>,
  spreadFactor: 29 as Int<"guard">,
  depthFloor: 30 as Int<"guard", Ppm>,
  oracle: 31 as Int<"guard">,
  cautionBand: 32 as Int<"guard", Ppm>,
  haltScore: 33 as Int<"guard", Ppm>,
  haltCost: 34 as Int<"guard", Ppm>,
  /** Scores at the last update, 1e6 = trip: first of one per signal, soft and hard. */
  soft: 35 as Int<"guard">,
  hard: 42 as Int<"guard">,
  /** Both fused. */
  softScore: 49 as Int<"guard">,
  hardScore: 50 as Int<"guard">,
  /** Trips so far, to know which of `tripAt` is the oldest. */
  trips: 51 as Int<"guard">,
  /** `BREAKER`, and since when. */
  level: 32 as Num<"guard">,
  since: 33 as Num<"guard", Ms>,
  /** Since when the score has been low enough to step down, 0 = it is not. */
  calmSince: 34 as Num<"guard", Ms>,
  evaluatedAt: 35 as Num<"guard", Ms>,
  countedAt: 36 as Num<"guard", Ms>,
  divergedSince: 37 as Num<"guard", Ms>,
  /** The last pause of trading; 0 for its end while it lasts. */
  pausedFrom: 38 as Num<"guard", Ms>,
  resumedAt: 39 as Num<"guard", Ms>,
  /** First of one per window: number of the last sampling interval. */
  markSlot: 40 as Num<"guard">,
  liquidationCapacity: 44 as Num<"guard", MicroUsd>,
  lossCapacity: 45 as Num<"guard", MicroUsd>,
  /** Value liquidated per minute, and lost by defaults per ten minutes: rings of five and six, and their last interval. */
  liquidationSlot: 47 as Num<"guard">,
  liquidations: 48 as Num<"guard">,
  lossSlot: 53 as Num<"guard">,
  losses: 54 as Num<"guard">,
  /** Open interest every two minutes: a ring of five. */
  interestSlot: 60 as Num<"guard">,
  interest: 61 as Num<"guard">,
  lastInterest: 66 as Num<"guard">,
  /** Spread and depth of the book, every ten seconds: running means times 256, and the last depth. */
  bookSlot: 67 as Num<"guard">,
  spreadMean: 68 as Num<"guard">,
  depthMean: 69 as Num<"guard">,
  depth: 70 as Num<"guard">,
  /** The last eight trips. */
  tripAt: 71 as Num<"guard", Ms>,
} as const;

/** A tier's posture: what the controller is told, where it stands, and what follows from that. All zero = off. */
export const CONTROL_WORDS = 64;
export const CONTROL = {
  /** 1 = the controller is wanted; while it is not, the posture comes down by itself. */
  enabled: 0 as Int<"control">,
  /** Posture of a tier without a fresh report. */
  baseline: 1 as Int<"control">,
  /** The rule that moved it last, 0 = calm. */
  rule: 2 as Int<"control">,
  /** 1 if the strictest posture was left because it had lasted too long. */
  forced: 3 as Int<"control">,
  /** What was reported last: first of one per reported input. */
  reported: 4 as Int<"control">,
  /** Least liquidation buffer, and the throttle posture it asks of the vault. */
  buffer: 9 as Int<"control", Ppm>,
  throttle: 10 as Int<"control">,
  posture: 16 as Num<"control">,
  since: 17 as Num<"control", Ms>,
  /** Since when nothing has held it, 0 = something does. */
  calmSince: 18 as Num<"control", Ms>,
  /** Until then the report counts as fresh. */
  freshUntil: 19 as Num<"control", Ms>,
  insuranceTarget: 20 as Num<"control", MicroUsd>,
} as const;

/** An asset accepted as collateral by the tier. */
export const COLLATERAL_WORDS = 16;
export const COLLATERAL = {
  accepted: 0 as Int<"collateral">,
  initialWeight: 1 as Int<"collateral", Ppm>,
  maintenanceWeight: 2 as Int<"collateral", Ppm>,
  scale: 2 as Num<"collateral", AssetUnits>,
  cap: 3 as Num<"collateral", AssetUnits>,
  held: 4 as Num<"collateral", AssetUnits>,
  price: 5 as Num<"collateral", MicroUsdPerWhole>,
  /** Price down to which the alarms that were set hold. */
  reservePrice: 6 as Num<"collateral", MicroUsdPerWhole>,
} as const;

/** A margin account: everything its owner can lose in this tier, or in one isolated market of it. */
export const BUCKET_WORDS = 16;
export const BUCKET = {
  account: 0 as Int<"bucket">,
  /** 0 = cross, else the only market it trades. */
  mode: 1 as Int<"bucket">,
  /** Block of position slots, and how many. */
  positions: 2 as Int<"bucket", Ref<"position">>,
  slots: 3 as Int<"bucket">,
  newestOrder: 4 as Int<"bucket", Ref<"order">>,
  orders: 5 as Int<"bucket">,
  holdings: 6 as Int<"bucket", Ref<"holding">>,
  /** 0 = healthy as far as known, 1 = in the distress queue, 2 = its liquidation has begun. */
  distress: 7 as Int<"bucket">,
  cash: 4 as Num<"bucket", MicroUsd>,
  distressSince: 5 as Num<"bucket", Ms>,
  nextInDistress: 12 as Int<"bucket", Ref<"bucket">>,
  /** Next bucket whose alarms are to be set anew; the last one points to itself, 0 = not among them. */
  nextUnsettled: 13 as Int<"bucket", Ref<"bucket">>,
} as const;

/** What a bucket holds of a collateral asset other than the quote currency. */
export const HOLDING_WORDS = 8;
export const HOLDING = {
  next: 0 as Int<"holding", Ref<"holding">>,
  asset: 1 as Int<"holding">,
  amount: 1 as Num<"holding", AssetUnits>,
} as const;

/** A slot of a bucket for one market. In use while it has lots, cost or open orders. */
export const POSITION_WORDS = 16;
export const POSITION = {
  market: 0 as Int<"position">,
  /** Open orders, waiting ones included. */
  orders: 1 as Int<"position">,
  lots: 1 as Num<"position", Lots>,
  cost: 2 as Num<"position", MicroUsd>,
  fundingEntry: 3 as Num<"position", PicoUsdPerLot>,
  /** Resting orders that may increase the position: lots and notional at their prices, per side. */
  bidLots: 4 as Num<"position", Lots>,
  askLots: 5 as Num<"position", Lots>,
  bidNotional: 6 as Num<"position", MicroUsd>,
  askNotional: 7 as Num<"position", MicroUsd>,
} as const;

/** An open order: resting in the book or waiting for its trigger. One cache line. */
export const ORDER_WORDS = 16;
export const ORDER = {
  next: 0 as Int<"order", Ref<"order">>,
  previous: 1 as Int<"order", Ref<"order">>,
  bucket: 2 as Int<"order", Ref<"bucket">>,
  /** Side, type, time in force, flags, self-trade mode and state: see orderTerms.ts. */
  terms: 3 as Int<"order">,
  price: 4 as Int<"order", Ticks>,
  trigger: 5 as Int<"order", Ticks>,
  generation: 6 as Int<"order">,
  bucketOlder: 7 as Int<"order", Ref<"order">>,
  bucketNewer: 8 as Int<"order", Ref<"order">>,
  /** Place in the expiry heap, 0 = none. */
  timer: 9 as Int<"order">,
  /** Which of the bucket's position slots it belongs to. */
  slot: 10 as Int<"order">,
  market: 11 as Int<"order">,
  lots: 6 as Num<"order", Lots>,
  clientId: 7 as Num<"order">,
} as const;

/** A price at which a bucket is looked at; two per position slot: below the mark, above it. */
export const ALARM_WORDS = 6;
export const ALARM = {
  next: 0 as Int<"alarm", Ref<"alarm">>,
  previous: 1 as Int<"alarm", Ref<"alarm">>,
  /** 0 = not set. */
  tick: 2 as Int<"alarm", Ticks>,
  bucket: 3 as Int<"alarm", Ref<"bucket">>,
  market: 4 as Int<"alarm">,
} as const;

/** An entry of the expiry heap. */
export const TIMER_WORDS = 4;
export const TIMER = {
  order: 0 as Int<"timer", Ref<"order">>,
  expiry: 1 as Num<"timer", Ms>,
} as const;
