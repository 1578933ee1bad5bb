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
  fees: 8 as Num<"tier", MicroUsd>,
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
  holdings: 6 as Int<"bucket", Ref<"holding">>,
  cash: 4 as Num<"bucket", MicroUsd>,
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

/** An entry of the expiry heap. */
export const TIMER_WORDS = 4;
export const TIMER = {
  order: 0 as Int<"timer", Ref<"order">>,
  expiry: 1 as Num<"timer", Ms>,
} as const;
