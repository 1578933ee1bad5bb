/** A tier's own row, the collateral it accepts, and what stands behind its buckets. */
import type { Ref } from "../../kernel/arena.ts";
import type { AssetUnits, MicroUsd, MicroUsdPerWhole, Ms, Ppm } from "../../kernel/units.ts";
import type { Int, Num } from "./columns.ts";

/** The tier's own row. */
export const TIER = {
  markets: 0 as Int<"tier">,
  minInitialMargin: 1 as Int<"tier", Ppm>,
  maxBucketOrders: 2 as Int<"tier">,
  /** Ticks and words that the ladders of listed markets take. */
  ladderTicks: 3 as Int<"tier">,
  ladderWords: 6 as Int<"tier">,
  timers: 4 as Int<"tier">,
  /** Position slots in all blocks; those of them in blocks beyond the first. */
  positionsUsed: 5 as Int<"tier">,
  blockSlots: 7 as Int<"tier">,
  /** Buckets that have outgrown the block behind their row. */
  homesOutgrown: 8 as Int<"tier">,
  /** First of one free list per size of larger blocks. */
  freeBlocks: 9 as Int<"tier", Ref<"position">>,
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

/** What the layers behind a bucket could pay for one default, as of the last clock tick; none beyond `MAX_LAYER`. */
export const DEPTH_WORDS = 8;
export const DEPTH = {
  /** The tier's first tranche and insurance fund, cover in escrow without a gap, the venue's second tranche and mutual fund. */
  own: 0 as Num<"depth", MicroUsd>,
  cover: 1 as Num<"depth", MicroUsd>,
  venue: 2 as Num<"depth", MicroUsd>,
} as const;
