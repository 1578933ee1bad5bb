/** What watches a tier: the markets' circuit breakers and the controller of its posture. */
import type { MicroUsd, Ms, Ppm, Ticks } from "../../kernel/units.ts";
import type { Int, Num } from "./columns.ts";

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
