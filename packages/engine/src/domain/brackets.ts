/** Columns of a market's brackets, from 1 to `MAX_BRACKETS`. */
import { MARKET } from "./rows/market.ts";

export const bracketLowerOf = (bracket: number): typeof MARKET.bracketLower =>
  (MARKET.bracketLower + bracket - 1) as typeof MARKET.bracketLower;

export const bracketRateOf = (bracket: number): typeof MARKET.bracketRate =>
  (MARKET.bracketRate + bracket - 1) as typeof MARKET.bracketRate;
