/**
 * Margin of a notional: what a position of that value must be covered with. Every rounding is up.
 *
 * Initial margin grows with the position's size by the square-root law of market impact (or along continuous brackets), with the
 * market's open interest, and with how deep the position's failure would reach into the layers behind it. Maintenance margin is a fixed share of it, without the open-interest term: what strangers
 * trade with each other must not make an account liquidatable. See docs/spec/risk.md.
 */
import type { Arena } from "../kernel/arena.ts";
import { least, minus, most, plus } from "../kernel/checked.ts";
import { mulDivCeil, scaleCeil, shareCeil, shareFloor, squareRootCeil } from "../kernel/mulDiv.ts";
import { type MicroUsd, NONE, type Ppb, type Ppm } from "../kernel/units.ts";
import { inPpb } from "../kernel/value.ts";
import { MAX_INTEGER, PPB_ONE, PPM_ONE } from "../domain/limits.ts";
import { SHOCK } from "../domain/rows/governance.ts";
import { MARKET } from "../domain/rows/market.ts";
import type { Market } from "../domain/tierShard.ts";
import { marginAtDepth } from "./pierceDepth.ts";

/** Notionals beyond this many times the scale base are charged whole; it also keeps N·1e12/scaleBase exact. */
const MAX_SCALE = 9_007;
/** Resolution of the size scale: ratio in 1e-12, its root in 1e-6. */
const RATIO_ONE = 1e12;
const ROOT_ONE = 1e6;

/**
 * Initial margin of a notional, micro-dollars, at least one unit for any notional > 0; multiplied, up to the notional, while the price, the
 * breaker or the tier's posture asks for it, and then scaled with how deep a default of that size would reach.
 */
export function initialMargin(arena: Arena, market: Market, notional: MicroUsd): MicroUsd {
  const margin = marginBeforeDepth(arena, market, notional);
  if (!isScaledWithDepth(arena, market)) return margin;
  return marginAtDepth(arena, market.depth, margin, stressLoss(arena, market, notional));
}

/** Initial margin of a notional as if the layers behind the bucket could pay for anything. */
export function marginBeforeDepth(arena: Arena, market: Market, notional: MicroUsd): MicroUsd {
  const rate = openInterestRate(arena, market);
  if (notional <= arena.num(market.row, MARKET.flatNotional)) return shareCeil(notional, rate);
  const scaled = most(baseSizeRate(arena, market, notional), inPpb(rate));
  const margin = most(scaleCeil(notional, scaled, PPB_ONE), bracketMargin(arena, market, notional));
  const multiplier = arena.int(market.row, MARKET.marginMultiplier);
  return multiplier === 0 ? margin : least(shareCeil(margin, multiplier), notional);
}

/** Maintenance margin of a notional, micro-dollars. */
export function maintenanceMargin(arena: Arena, market: Market, notional: MicroUsd): MicroUsd {
  const ratio = arena.int(market.row, MARKET.maintenanceRatio);
  if (notional <= arena.num(market.row, MARKET.flatNotional)) {
    return shareCeil(shareCeil(notional, arena.int(market.row, MARKET.initialMargin)), ratio);
  }
  const bySize = scaleCeil(notional, baseSizeRate(arena, market, notional), PPB_ONE);
  return shareCeil(most(bySize, bracketMargin(arena, market, notional)), ratio);
}

/** What a position of this notional loses when its price jumps by the market's stress move, at its size; no more than the notional. */
export function stressLoss(arena: Arena, market: Market, notional: MicroUsd): MicroUsd {
  return lossByMove(arena, market, notional, arena.int(market.shock, SHOCK.move));
}

/** The same, by another move. */
export function lossByMove(arena: Arena, market: Market, notional: MicroUsd, move: Ppm): MicroUsd {
  if (notional <= arena.num(market.row, MARKET.flatNotional)) return shareCeil(notional, move);
  return scaleCeil(notional, sizeRate(arena, market, notional, move), PPB_ONE);
}

/** Notional up to which margin before depth is a flat rate: neither the scale base nor the first bracket is reached, and nothing multiplies it. */
export function flatNotional(arena: Arena, market: Market): MicroUsd {
  const { row } = market;
  if (arena.int(row, MARKET.marginMultiplier) !== 0) return NONE;
  const scaleBase = arena.num(row, MARKET.scaleBase);
  const bracket = arena.int(row, MARKET.brackets) === 0 ? NONE : arena.num(row, MARKET.bracketLower);
  return least(scaleBase === 0 ? MAX_INTEGER : scaleBase, bracket === 0 ? MAX_INTEGER : bracket);
}

/** True when the size of a notional alone demands all of it as initial margin; so does every larger one's then. */
export function isChargedWhole(arena: Arena, market: Market, notional: MicroUsd): boolean {
  return baseSizeRate(arena, market, notional) === PPB_ONE;
}

/** False when the stress move is no larger than the initial margin rate: at no size does the loss exceed the margin then. */
function isScaledWithDepth(arena: Arena, market: Market): boolean {
  return arena.int(market.shock, SHOCK.move) > arena.int(market.row, MARKET.initialMargin);
}

/** Initial margin rate by position size. */
function baseSizeRate(arena: Arena, market: Market, notional: MicroUsd): Ppb {
  return sizeRate(arena, market, notional, arena.int(market.row, MARKET.initialMargin));
}

/** A rate scaled with position size: times √(notional / scale base) beyond the scale base, at most 1. */
function sizeRate(arena: Arena, market: Market, notional: MicroUsd, rate: Ppm): Ppb {
  const base = inPpb(rate);
  const scaleBase = arena.num(market.row, MARKET.scaleBase);
  if (scaleBase === 0 || notional <= scaleBase) return base;
  if (Math.floor(notional / MAX_SCALE) >= scaleBase) return PPB_ONE;
  const root = squareRootCeil(mulDivCeil(notional, RATIO_ONE, scaleBase));
  return least(scaleCeil(base, root, ROOT_ONE), PPB_ONE);
}

/** Initial margin rate by open interest: from the base rate at the lower bound to 1 at the upper, in a straight line. */
function openInterestRate(arena: Arena, market: Market): Ppm {
  const { row } = market;
  const base = arena.int(row, MARKET.initialMargin);
  const upper = arena.num(row, MARKET.oiUpper);
  if (upper === 0) return base;
  const lower = arena.num(row, MARKET.oiLower);
  const value = arena.num(row, MARKET.openInterest) * arena.num(row, MARKET.lotValue);
  if (value <= lower) return base;
  const excess = Math.min(value, upper) - lower;
  return plus(base, scaleCeil(minus(PPM_ONE, base), excess, upper - lower));
}

/** Margin along the brackets: rate of the bracket the notional falls in, less what makes it meet the one below. */
function bracketMargin(arena: Arena, market: Market, notional: MicroUsd): MicroUsd {
  const { row } = market;
  const brackets = arena.int(row, MARKET.brackets);
  let previous = arena.int(row, MARKET.initialMargin);
  let deduction: MicroUsd = NONE;
  let reached = 0;
  for (; reached < brackets; reached++) {
    const lower = arena.num(row, (MARKET.bracketLower + reached) as typeof MARKET.bracketLower);
    if (notional <= lower) break;
    const rate = arena.int(row, (MARKET.bracketRate + reached) as typeof MARKET.bracketRate);
    deduction = plus(deduction, shareFloor(lower, minus(rate, previous)));
    previous = rate;
  }
  return reached === 0 ? NONE : minus(shareCeil(notional, previous), deduction);
}
