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
  Points,
  Ppb,
  Ppm,
  Shares,
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
  /** Between one tier's insurance fund and another's: pledged or on its way back. Quote currency only. */
  loans: 28 as Num<"asset", AssetUnits>,
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

/** A withdrawal that has been debited and not yet paid. What is not released of its amount waits in the queue. */
/** What a tier has had of the mutual fund in the present day of its own, which begins with its first draw. */
export const DRAWING_WORDS = 8;
export const DRAWING = {
  since: 0 as Num<"drawing", Ms>,
  /** The fund as it was then; 0 = none yet. */
  base: 1 as Num<"drawing", AssetUnits>,
  drawn: 2 as Num<"drawing", AssetUnits>,
} as const;

/** What one tier's insurance fund has lent another's; a row for every pair of tiers. All of it together is the lender's claim. */
export const LOAN_WORDS = 8;
export const LOAN = {
  /** The borrower has it, and owes it. */
  owed: 0 as Num<"loan", AssetUnits>,
  /** It waits in the vault for the borrower, and goes back if he does not fetch it. */
  pledged: 1 as Num<"loan", AssetUnits>,
  pledgedAt: 2 as Num<"loan", Ms>,
  /** It waits in the vault for the lender. */
  returned: 3 as Num<"loan", AssetUnits>,
} as const;

/** What a tier has said its insurance fund lacks, and when. */
export const ASK_WORDS = 4;
export const ASK = {
  amount: 0 as Num<"ask", AssetUnits>,
  at: 1 as Num<"ask", Ms>,
} as const;

export const WITHDRAWAL_WORDS = 16;
export const WITHDRAWAL = {
  /** Neighbours in the queue; the first word is the free list's while the row is free. */
  next: 0 as Int<"withdrawal", Ref<"withdrawal">>,
  generation: 1 as Int<"withdrawal">,
  account: 2 as Int<"withdrawal">,
  asset: 3 as Int<"withdrawal">,
  previous: 10 as Int<"withdrawal", Ref<"withdrawal">>,
  amount: 2 as Num<"withdrawal", AssetUnits>,
  /** The part that may be paid. */
  released: 3 as Num<"withdrawal", AssetUnits>,
  requestedAt: 4 as Num<"withdrawal", Ms>,
} as const;

/** The withdrawal throttle: its parameters, the queue, the round of releases under way. */
export const THROTTLE_WORDS = 32;
export const THROTTLE = {
  hour: 0 as Int<"throttle", Ppm>,
  day: 1 as Int<"throttle", Ppm>,
  assetHour: 2 as Int<"throttle", Ppm>,
  assetDay: 3 as Int<"throttle", Ppm>,
  laneTotal: 4 as Int<"throttle", Ppm>,
  first: 5 as Int<"throttle", Ref<"withdrawal">>,
  last: 6 as Int<"throttle", Ref<"withdrawal">>,
  length: 7 as Int<"throttle">,
  /** The round's next withdrawal, `NIL` when it is over, and its last. */
  roundNext: 8 as Int<"throttle", Ref<"withdrawal">>,
  roundLast: 9 as Int<"throttle", Ref<"withdrawal">>,
  hourMinimum: 5 as Num<"throttle", MicroUsd>,
  dayMinimum: 6 as Num<"throttle", MicroUsd>,
  laneUser: 7 as Num<"throttle", MicroUsd>,
  /** When the windows were refilled, and since when the posture is what it is. */
  refilledAt: 8 as Num<"throttle", Ms>,
  postureAt: 9 as Num<"throttle", Ms>,
  roundAt: 10 as Num<"throttle", Ms>,
  /** Rounds opened so far. */
  round: 11 as Num<"throttle">,
} as const;

/** What may still leave in a window of time: a token bucket. `carry` is the part of a unit refilled so far, in 1/period of it. */
export const WINDOW_WORDS = 8;
/** The venue, and each asset, has a window of an hour, one of a day, and the small-user lane's. */
export const SCOPE_WINDOWS = 3;
export const USD_WINDOW = {
  capacity: 0 as Num<"usdWindow", MicroUsd>,
  cap: 1 as Num<"usdWindow", MicroUsd>,
  carry: 2 as Num<"usdWindow">,
} as const;
export const ASSET_WINDOW = {
  capacity: 0 as Num<"assetWindow", AssetUnits>,
  cap: 1 as Num<"assetWindow", AssetUnits>,
  carry: 2 as Num<"assetWindow">,
} as const;

/** What the throttle keeps of an asset. */
export const OUTFLOW_WORDS = 16;
export const OUTFLOW = {
  /** The vault's own reference, 0 = none. */
  price: 0 as Num<"outflow", MicroUsdPerWhole>,
  /** Released and not yet paid. */
  released: 1 as Num<"outflow", AssetUnits>,
  /** Deposits of the clock hour `slot` and of the one before. */
  slot: 2 as Num<"outflow">,
  current: 3 as Num<"outflow", AssetUnits>,
  before: 4 as Num<"outflow", AssetUnits>,
  /** Of the round under way: what was queued when it opened, what was granted to all of it, what is left of that. */
  roundQueued: 5 as Num<"outflow", AssetUnits>,
  roundGrant: 6 as Num<"outflow", AssetUnits>,
  roundLeft: 7 as Num<"outflow", AssetUnits>,
} as const;

/** Beside each balance: deposits of the day `slot` and of the one before; what its owner took in a round of releases. */
export const ALLOWANCE_WORDS = 16;
export const ALLOWANCE = {
  slot: 0 as Num<"allowance">,
  current: 1 as Num<"allowance", AssetUnits>,
  before: 2 as Num<"allowance", AssetUnits>,
  round: 3 as Num<"allowance">,
  taken: 4 as Num<"allowance", AssetUnits>,
} as const;

/** Beside each account: what it took through the small-user lane on the day `slot`. */
export const LANE_WORDS = 4;
export const LANE = {
  slot: 0 as Num<"lane">,
  used: 1 as Num<"lane", MicroUsd>,
} as const;

/** The vault's own row. */
export const VAULT = {
  assets: 0 as Int<"vault">,
  tiers: 1 as Int<"vault">,
  clock: 1 as Num<"vault", Ms>,
  /** How strict the throttle is by hand, and because tiers ask for it, 0 … `MAX_POSTURE`: the stricter holds. */
  posture: 4 as Int<"vault">,
  askedPosture: 6 as Int<"vault">,
  /** What share of the throttle's caps stays, ppm; 0 = all. */
  exitRatio: 5 as Int<"vault", Ppm>,
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
  /** How much more than it gains the manipulation of a price must cost; 0 = nothing is derived from it. */
  manipulationFactor: 33 as Int<"tier">,
  fees: 8 as Num<"tier", MicroUsd>,
  /** The operator's first tranche, and the insurance fund. */
  skin: 9 as Num<"tier", MicroUsd>,
  insurance: 10 as Num<"tier", MicroUsd>,
  /** Defaults so far; the next one's id less one. */
  defaults: 11 as Num<"tier">,
  /** What providers of cover have paid in ahead: the sum over the tier's policies. */
  escrow: 18 as Num<"tier", MicroUsd>,
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
  /** First bucket whose alarms hold only while funding and collateral prices stay; 1 once one of them has moved. */
  tautHead: 34 as Int<"tier", Ref<"bucket">>,
  tautDue: 35 as Int<"tier">,
  /** What the insurance fund has lent to other tiers and not got back, and what it owes them. */
  lent: 24 as Num<"tier", MicroUsd>,
  owed: 25 as Num<"tier", MicroUsd>,
  /** Most that it may owe. */
  insuranceBorrowing: 26 as Num<"tier", MicroUsd>,
  /** The present day of lending: its beginning, what may be lent in it, what has been. */
  lendingSince: 27 as Num<"tier", Ms>,
  lendingAllowance: 28 as Num<"tier", MicroUsd>,
  lendingUsed: 29 as Num<"tier", MicroUsd>,
  /** Most of the fund that may be lent, and the part of fees that repays what is owed. */
  insuranceLending: 60 as Int<"tier", Ppm>,
  loanRepayment: 61 as Int<"tier", Ppm>,
  /** What the backstop may take over within a day of its own, in parts of its equity; 0 = no limit. */
  backstopDay: 62 as Int<"tier", Ppm>,
  /** That day: since when, the equity then, and what it has taken over since, at the marks; all 0 = none yet. */
  backstopSince: 19 as Num<"tier", Ms>,
  backstopBase: 20 as Num<"tier", MicroUsd>,
  backstopTaken: 21 as Num<"tier", MicroUsd>,
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
  /** What open interest may rise to: the parameter, or less if manipulating the price would cost less. */
  openInterestLimit: 46 as Num<"market", Lots>,
  /** Price of the latest fill, 0 = none yet. */
  lastPrice: 30 as Int<"market", Ticks>,
  /** The least and the most the market may be worth to whoever takes money out; 0 = the mark. */
  leastPrice: 94 as Int<"market", Ticks>,
  mostPrice: 95 as Int<"market", Ticks>,
  /** The status in force: the strictest that hand, breaker and posture set. See steps/renewTerms.ts. */
  trading: 98 as Int<"market">,
  /** What breaker, posture and a wide price make of initial margin, band and open-interest limit; 0 = as set. */
  marginMultiplier: 31 as Int<"market", Ppm>,
  bandCut: 99 as Int<"market", Ppm>,
  openInterestCut: 48 as Num<"market", Lots>,
  /** What the backstop may hold of the market, in parts of its equity; 0 = `backstopCap` alone says. */
  backstopInventory: 120 as Int<"market", Ppm>,
  /** How long a call auction collects orders, 0 = a halt ends without one; and how far from the index its price may lie, 0 = anywhere. */
  callAuctionPeriod: 100 as Int<"market", Ms>,
  callAuctionCollar: 101 as Int<"market", Ppm>,
  /** Orders collected for a call auction, as they came, and how many. */
  firstCollected: 102 as Int<"market", Ref<"order">>,
  lastCollected: 103 as Int<"market", Ref<"order">>,
  collected: 104 as Int<"market">,
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
  /** A call auction's price while it is executed, 0 = it is not; and how often it was extended. */
  auctionPrice: 52 as Int<"guard", Ticks>,
  auctionExtensions: 53 as Int<"guard">,
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
  /** When a call auction's collection may end, 0 = it has; how long after that was last drawn for it; and the draw. */
  auctionEnds: 79 as Num<"guard", Ms>,
  auctionDrawn: 80 as Num<"guard", Ms>,
  auctionDraw: 81 as Num<"guard">,
} as const;

/** A tier's posture: what the controller is told, where it stands, and what follows from that. All zero = off. */
export const CONTROLLER_WORDS = 64;
export const CONTROLLER = {
  /** 1 = the controller is wanted; while it is not, the posture comes down by itself. */
  enabled: 0 as Int<"controller">,
  /** Posture of a tier without a fresh report. */
  baseline: 1 as Int<"controller">,
  /** The rule that moved it last, 0 = calm. */
  rule: 2 as Int<"controller">,
  /** 1 if the strictest posture was left because it had lasted too long. */
  forced: 3 as Int<"controller">,
  /** What was reported last: first of one per reported input. */
  reported: 4 as Int<"controller">,
  /** Least liquidation buffer, and the throttle posture it asks of the vault. */
  buffer: 9 as Int<"controller", Ppm>,
  throttle: 10 as Int<"controller">,
  posture: 16 as Num<"controller">,
  since: 17 as Num<"controller", Ms>,
  /** Since when nothing has held it, 0 = something does. */
  calmSince: 18 as Num<"controller", Ms>,
  /** Until then the report counts as fresh. */
  freshUntil: 19 as Num<"controller", Ms>,
  insuranceTarget: 20 as Num<"controller", MicroUsd>,
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
  /** Price for maintenance margin: what liquidation looks at. */
  price: 5 as Num<"collateral", MicroUsdPerWhole>,
  /** Price down to which the alarms that were set hold. */
  reservePrice: 6 as Num<"collateral", MicroUsdPerWhole>,
  /** Price for initial margin and withdrawals, never above the other but for a price that is rising. */
  initialPrice: 7 as Num<"collateral", MicroUsdPerWhole>,
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
  /** 0 = healthy as far as known, 1 = in the distress queue, 2 = its liquidation has begun. */
  distress: 7 as Int<"bucket">,
  cash: 4 as Num<"bucket", MicroUsd>,
  distressSince: 5 as Num<"bucket", Ms>,
  nextInDistress: 12 as Int<"bucket", Ref<"bucket">>,
  /** Next bucket whose alarms are to be set anew; the last one points to itself, 0 = not among them. */
  nextUnsettled: 13 as Int<"bucket", Ref<"bucket">>,
  /** Next of those whose alarms keep no reserve, likewise. */
  nextTaut: 14 as Int<"bucket", Ref<"bucket">>,
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

// ----------------------------------------------------------------------------------------------------------- governance

/** The governance of a shard: who may change its parameters, and how. Numbers, so that the judge sees every write of them. */
export const GOVERNANCE_WORDS = 16;
export const GOVERNANCE = {
  /** 0 = set-up: parameters are changed directly; 1 = sealed for good. */
  sealed: 0 as Num<"governance">,
  /** Approvals a proposal needs. */
  threshold: 1 as Num<"governance">,
  timelock: 2 as Num<"governance", Ms>,
  /** Counts proposals and appointments; the last one's number. */
  nonce: 3 as Num<"governance">,
  /** Breaker holds in force. */
  holds: 8 as Int<"governance">,
} as const;

export const MEMBER_WORDS = 4;
export const MEMBER = {
  /** Sum of `ROLE`s; 0 = nobody. */
  roles: 0 as Int<"member">,
  /** The governance nonce of the appointment: it votes on later proposals only. */
  since: 1 as Num<"member">,
} as const;

/** A command that waits for its approvals and its timelock. A member has one at a time. */
export const PROPOSAL_WORDS = 48;
export const PROPOSAL = {
  /** 1 while it waits; what was executed, cancelled or replaced stays readable until the next. */
  open: 0 as Int<"proposal">,
  /** Code of the command. */
  command: 1 as Int<"proposal">,
  /** One bit per member. */
  approvals: 2 as Int<"proposal">,
  /** 1 when a guardian contested it: then it needs every signer. */
  contested: 3 as Int<"proposal">,
  nonce: 2 as Num<"proposal">,
  eta: 3 as Num<"proposal", Ms>,
  lapse: 4 as Num<"proposal", Ms>,
  content: 5 as Num<"proposal">,
  /** Digest of the parameters that the approvals were given under. */
  basis: 6 as Num<"proposal">,
  /** First of `PAYLOAD_WORDS` fields of the command. */
  payload: 8 as Num<"proposal">,
} as const;

/** What is remembered of a governed parameter of a subject: the tier, a market or a collateral asset. */
export const CONTROL_WORDS = 16;
export const CONTROL = {
  /** What governance set, where a steward has moved the parameter since; `isKnown` 1 says that there is one. */
  isKnown: 0 as Num<"control">,
  baseline: 1 as Num<"control">,
  /** When a steward last changed it. */
  changedAt: 2 as Num<"control", Ms>,
  /** When governance last loosened it. */
  loosenedAt: 3 as Num<"control", Ms>,
  /** Until when a breaker last held it. */
  heldUntil: 4 as Num<"control", Ms>,
} as const;

/** A parameter that a breaker has tightened for a time. */
export const HOLD_WORDS = 16;
export const HOLD = {
  active: 0 as Int<"hold">,
  parameter: 1 as Int<"hold">,
  subject: 2 as Int<"hold">,
  before: 2 as Num<"hold">,
  value: 3 as Num<"hold">,
  until: 4 as Num<"hold", Ms>,
} as const;

/** How far a market's price may jump in the stress check. */
export const SHOCK_WORDS = 4;
export const SHOCK = {
  move: 0 as Int<"shock", Ppm>,
} as const;

/** What the layers behind a bucket could pay for one default, as of the last clock tick; none beyond `MAX_LAYER`. */
export const DEPTH_WORDS = 8;
export const DEPTH = {
  /** The tier's first tranche and insurance fund, cover in escrow without a gap, the venue's second tranche and mutual fund. */
  own: 0 as Num<"depth", MicroUsd>,
  cover: 1 as Num<"depth", MicroUsd>,
  venue: 2 as Num<"depth", MicroUsd>,
} as const;

// ------------------------------------------------------------------------------------------------------- a tier's prices

/** Somebody who reports prices to the tier; weight 0 = nobody. */
export const REPORTER_WORDS = 4;
export const REPORTER = {
  operator: 0 as Int<"reporter">,
  weight: 1 as Int<"reporter", Ppm>,
} as const;

/** A price put together from reports, of a market or of a collateral asset; quorum 0 = an operator sets it. */
export const FEED_WORDS = 64;
export const FEED = {
  /** One bit per reporter, the first in bit 0. */
  reporters: 0 as Int<"feed">,
  quorum: 1 as Int<"feed">,
  /** Volatility per square root of a second. */
  sigma: 2 as Int<"feed", Ppb>,
  staleAfter: 3 as Int<"feed", Ms>,
  deadAfter: 4 as Int<"feed", Ms>,
  halfLife: 5 as Int<"feed", Ms>,
  maxConfidence: 6 as Int<"feed", Ppm>,
  jump: 7 as Int<"feed", Ppm>,
  deviation: 8 as Int<"feed", Ppm>,
  frozenAfter: 9 as Int<"feed">,
  divergence: 10 as Int<"feed", Ppm>,
  quality: 11 as Int<"feed">,
  /** Reporters that counted the last time, and their operators. */
  sources: 12 as Int<"feed">,
  operators: 13 as Int<"feed">,
  /** 1 while the latest move waits for a second report. */
  isCandidate: 14 as Int<"feed">,
  floor: 8 as Num<"feed", Points>,
  price: 9 as Num<"feed", Points>,
  confidence: 10 as Num<"feed", Points>,
  /** The price, following with a limited speed. */
  risk: 11 as Num<"feed", Points>,
  /** How old the reports are that the quorum rests on. */
  age: 12 as Num<"feed">,
  advancedAt: 13 as Num<"feed", Ms>,
  qualitySince: 14 as Num<"feed", Ms>,
  /** Time with a price, each step counted up to `MAX_PRICE_STEP`, and the sum of price·time in two limbs of 1e8. */
  elapsed: 15 as Num<"feed", Ms>,
  sumHigh: 16 as Num<"feed">,
  sumLow: 17 as Num<"feed">,
  confirmed: 18 as Num<"feed", Points>,
  candidate: 19 as Num<"feed", Points>,
  /** The same reports, one vote each. */
  unweighted: 20 as Num<"feed", Points>,
  /** What it costs to move the price by 1 %, two-hundredths of a dollar. */
  manipulationCost: 21 as Num<"feed">,
} as const;

/** What one reporter last said about one feed. */
export const SOURCE_WORDS = 48;
export const SOURCE = {
  /** Reports in a row that did not move the price. */
  repeats: 0 as Int<"source">,
  state: 1 as Int<"source">,
  price: 2 as Num<"source", Points>,
  confidence: 3 as Num<"source", Points>,
  publishedAt: 4 as Num<"source", Ms>,
  receivedAt: 5 as Num<"source", Ms>,
  /** Number and publication of the latest report, held ones included. */
  sequence: 6 as Num<"source">,
  seenAt: 7 as Num<"source", Ms>,
  /** A report that jumped and waits for others to confirm it; 0 = none. */
  heldPrice: 8 as Num<"source", Points>,
  heldConfidence: 9 as Num<"source", Points>,
  heldPublishedAt: 10 as Num<"source", Ms>,
  heldAt: 11 as Num<"source", Ms>,
  /** The feed's price when this reporter's began to stand still. */
  standsSince: 12 as Num<"source", Points>,
  /** Uncertainty and weight when it last counted. */
  spread: 13 as Num<"source", Points>,
  weight: 14 as Num<"source">,
  /** Dollars within 1 % of the price where the reporter looks, and dollars a second that arbitrage brings against a push. */
  depth: 15 as Num<"source">,
  flow: 16 as Num<"source">,
} as const;

/** How a market's mark is made from its index and its book, and its funding from both. */
export const MARK_WORDS = 32;
export const MARK = {
  /** How far the mark may be from the index; 0 = not at all. */
  band: 0 as Int<"mark", Ppm>,
  /** Time between two accruals; 0 = an operator says when, and at which rate. */
  fundingInterval: 1 as Int<"mark", Ms>,
  /** Per hour. */
  interestRate: 2 as Int<"mark", Ppb>,
  /** Rate of the last accrual, for one interval. */
  fundingRate: 3 as Int<"mark", Ppb>,
  samples: 4 as Int<"mark">,
  /** Samples of the final price so far. */
  slots: 5 as Int<"mark">,
  /** Smoothed distance of the book from the index, thousandths of a point. */
  premium: 4 as Num<"mark">,
  sampledAt: 5 as Num<"mark", Ms>,
  premiumSum: 6 as Num<"mark">,
  premiumAt: 7 as Num<"mark", Ms>,
  fundingDue: 8 as Num<"mark", Ms>,
  /** The index when the book was last looked at. */
  lastIndex: 9 as Num<"mark", Points>,
  slotSum: 10 as Num<"mark">,
} as const;

/** What a collateral asset can be redeemed for. */
export const REDEMPTION_WORDS = 16;
export const REDEMPTION = {
  /** 0 nothing, 1 dollars, 2 another asset. */
  basis: 0 as Int<"redemption">,
  underlying: 1 as Int<"redemption">,
  maxAge: 2 as Int<"redemption", Ms>,
  dailyStep: 3 as Int<"redemption", Ppm>,
  /** Ppb of the underlying per asset; 0 = not told yet. */
  ratio: 2 as Num<"redemption">,
  publishedAt: 3 as Num<"redemption", Ms>,
  receivedAt: 4 as Num<"redemption", Ms>,
  sequence: 5 as Num<"redemption">,
} as const;

/** Moments at which a feed's cumulated price was noted, so that its average over a window can be told. */
export const RING_WORDS = 112;
export const RING_PLACES = 16;
export const RING = {
  count: 0 as Int<"ring">,
  newest: 1 as Int<"ring">,
  elapsed: 8 as Num<"ring", Ms>,
  sumHigh: 24 as Num<"ring">,
  sumLow: 40 as Num<"ring">,
} as const;

// -------------------------------------------------------------------------------------------------- shares of funds and pools

/** Who owns a pot together: all shares, and its terms. */
export const SHARE_BOOK_WORDS = 16;
export const SHARE_BOOK = {
  shares: 0 as Num<"shareBook", Shares>,
  /** From asking to fetching, and how long one may fetch; 0 = the defaults. */
  cooldown: 1 as Num<"shareBook", Ms>,
  window: 2 as Num<"shareBook", Ms>,
  /** What withdrawals leave in the pot. */
  minimum: 3 as Num<"shareBook", MicroUsd>,
  /** Until it holds as much, an insurance fund takes its part of fees; 0 = without end. */
  target: 4 as Num<"shareBook", MicroUsd>,
  /** Part of the tier's fees that is the house's for good. */
  feesKept: 5 as Num<"shareBook", MicroUsd>,
  /** How often shares were counted anew. */
  rebases: 6 as Num<"shareBook">,
  /** Part of the tier's fees that goes to its insurance fund. */
  feeShare: 14 as Int<"shareBook", Ppm>,
} as const;

/** What one account owns of a pot. */
export const STAKE_WORDS = 16;
export const STAKE = {
  account: 1 as Int<"stake">,
  /** The book's rebases that its shares have seen. */
  rebases: 2 as Int<"stake">,
  shares: 2 as Num<"stake", Shares>,
  /** Shares its owner has asked to turn into money, and from when on. */
  leaving: 3 as Num<"stake", Shares>,
  unlocksAt: 4 as Num<"stake", Ms>,
} as const;

// ------------------------------------------------------------------------------------------------------ the keepers' auction

/** A tier's auction: how many bids wait, and the keepers' part of penalties. */
export const AUCTION_WORDS = 16;
export const AUCTION = {
  bids: 0 as Int<"auction">,
  keeperShare: 1 as Int<"auction", Ppm>,
} as const;

/** A keeper's bid for lots of a position in liquidation. */
export const BID_WORDS = 16;
export const BID = {
  /** Numbers of the bidder's bucket, 0 = no bid, and of the one in liquidation. */
  bidder: 1 as Int<"bid">,
  target: 2 as Int<"bid">,
  market: 3 as Int<"bid">,
  lots: 2 as Num<"bid", Lots>,
  /** End of its batch. */
  endsAt: 3 as Num<"bid", Ms>,
} as const;

// --------------------------------------------------------------------------------------------------- cover and recoveries

/** A policy of purchased cover; account 0 = none. */
export const COVER_WORDS = 16;
export const COVER = {
  account: 0 as Int<"cover">,
  /** It bears the part of a default's deficit beyond this. */
  attachment: 1 as Num<"cover", MicroUsd>,
  /** What it may still bear. */
  limit: 2 as Num<"cover", MicroUsd>,
  /** What of that its provider has paid in ahead. */
  escrow: 3 as Num<"cover", MicroUsd>,
  expiry: 4 as Num<"cover", Ms>,
} as const;

/** How many of a tier's defaults are forgotten, the oldest ones. */
export const LOSS_BOOK_WORDS = 4;
export const LOSS_BOOK = {
  forgotten: 0 as Num<"lossBook">,
} as const;

/** What a default still costs everybody who bore it, after what was recovered. */
export const LOSS_WORDS = 64;
export const LOSS = {
  /** First of those who gave up profit, the last to do so. */
  winners: 0 as Int<"loss", Ref<"shortfall">>,
  /** First of one account per policy. */
  coverAccount: 1 as Int<"loss">,
  default: 5 as Num<"loss">,
  skin: 6 as Num<"loss", MicroUsd>,
  insurance: 7 as Num<"loss", MicroUsd>,
  secondTranche: 8 as Num<"loss", MicroUsd>,
  mutual: 9 as Num<"loss", MicroUsd>,
  /** Fees that the house has forgiven, and the profits of all winners. */
  house: 10 as Num<"loss", MicroUsd>,
  profits: 11 as Num<"loss", MicroUsd>,
  /** First of what each policy has paid, and of what it still owes to it. */
  coverPaid: 12 as Num<"loss", MicroUsd>,
  coverOwed: 20 as Num<"loss", MicroUsd>,
} as const;

/** What one winner is still short of by a default. */
export const SHORTFALL_WORDS = 4;
export const SHORTFALL = {
  next: 0 as Int<"shortfall", Ref<"shortfall">>,
  bucket: 1 as Int<"shortfall">,
  amount: 1 as Num<"shortfall", MicroUsd>,
} as const;
