/** The words of circuit breakers: where one stands, what moves it, and the bounds no configuration can change. */
import type { Ms, Ppm } from "../kernel/units.ts";

/** Where a market's breaker stands. How strict a level is tells `strictness` in guard/breaker.ts. */
export const BREAKER = { normal: 0, caution: 1, reduceOnly: 2, halt: 3, auction: 4, reopen: 5 } as const;

/** What a breaker looks at. 0 = nothing: time passed, and it was calm. */
export const SIGNAL = {
  velocity: 1,
  divergence: 2,
  liquidations: 3,
  openInterest: 4,
  losses: 5,
  book: 6,
  oracle: 7,
  /** The longest halt is over, whatever the scores. */
  longestHalt: 8,
  /** The call auction is over. */
  auctionOver: 9,
} as const;
/** The terms of `configureBreaker` under which a breaker looks at nothing: what is set beside them is all it looks at. */
export const BREAKER_OFF = {
  sigma: 0,
  softZ: 0,
  hardZ: 0,
  softMove: 0,
  hardMove: 0,
  divergence: 0,
  liquidationCapacity: 0,
  openInterestStep: 0,
  lossCapacity: 0,
  spreadFactor: 0,
  depthFloor: 0,
  cautionBand: 0,
  haltScore: 0,
  haltCost: 0,
} as const;

/** Signals that have a score. */
export const SIGNALS = 7;

/** A score of one, at which a signal trips. */
export const TRIP = 1_000_000;
/** Scores are cut off here. */
export const MAX_SCORE = 1_000_000_000;
/** Below this score a breaker comes to rest. */
export const CALM_SCORE = 600_000;

/** The longest halt; afterwards the market reopens, and only fresh evidence can halt it again. */
export const LONGEST_HALT = 1_800_000 as Ms;
/** The longest time a breaker must have been calm before it steps down. */
export const LONGEST_DWELL = 3_600_000 as Ms;
/** Trips that are remembered, each for a day; every one beyond the first makes the dwell half as long again. */
export const MAX_TRIPS = 8;
export const TRIP_MEMORY = 86_400_000 as Ms;

/** When the collection of a call auction may end, it ends at random within so long. */
export const AUCTION_WINDOW = 60_000 as Ms;
/** How often a call auction whose price lies outside its collar collects again. */
export const MAX_EXTENSIONS = 3;

/** While a market reopens its band widens, in a straight line and so long, from that of caution to the one that is set. */
export const REOPEN_RAMP = 600_000 as Ms;

/** Initial margin while a breaker is not at normal. */
export const CAUTION_MARGIN = 1_150_000 as Ppm;

/** Grace after a pause: a quarter of it, within these bounds. */
export const SHORTEST_GRACE = 30_000 as Ms;
export const LONGEST_GRACE = 600_000 as Ms;
