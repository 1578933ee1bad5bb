/** A market: its terms, its totals, and the ends of its books. */
import type { Ref } from "../../kernel/arena.ts";
import type {
  Lots,
  MicroUsd,
  MicroUsdPerTickLot,
  Ms,
  PicoUsdPerLot,
  Ppb,
  Ppm,
  Ticks,
} from "../../kernel/units.ts";
import type { Int, Num } from "./columns.ts";

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
