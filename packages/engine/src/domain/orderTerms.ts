/**
 * The terms of an order, packed into one integer: bit 0 side, 1–3 type, 4–5 time in force, 6–7 flags (post-only,
 * reduce-only), 8–9 self-trade mode, 10 waiting for its trigger, 11 collected for a call auction.
 */
import { ORDER_FLAG, ORDER_TYPE, SIDE, TIME_IN_FORCE } from "./commands.ts";

const WAITING = 1 << 10;
const COLLECTED = 1 << 11;

export function packTerms(
  side: number,
  type: number,
  timeInForce: number,
  flags: number,
  selfTrade: number,
): number {
  return side | (type << 1) | (timeInForce << 4) | (flags << 6) | (selfTrade << 8);
}

export const sideOf = (terms: number): number => terms & 1;
export const typeOf = (terms: number): number => (terms >> 1) & 7;
export const timeInForceOf = (terms: number): number => (terms >> 4) & 3;
export const selfTradeOf = (terms: number): number => (terms >> 8) & 3;
export const isBuy = (terms: number): boolean => (terms & 1) === SIDE.buy;
export const isPostOnly = (terms: number): boolean => ((terms >> 6) & ORDER_FLAG.postOnly) !== 0;
export const isReduceOnly = (terms: number): boolean => ((terms >> 6) & ORDER_FLAG.reduceOnly) !== 0;
export const isWaiting = (terms: number): boolean => (terms & WAITING) !== 0;
export const waiting = (terms: number): number => terms | WAITING;
export const isCollected = (terms: number): boolean => (terms & COLLECTED) !== 0;
export const collected = (terms: number): number => terms | COLLECTED;
export const uncollected = (terms: number): number => terms & ~COLLECTED;

/** The same terms with another self-trade mode. */
export const withSelfTrade = (terms: number, mode: number): number => (terms & ~(3 << 8)) | (mode << 8);

/** Limit orders of every kind; the others are market orders with a protection price. */
export const isLimit = (type: number): boolean =>
  type === ORDER_TYPE.limit || type === ORDER_TYPE.stopLimit || type === ORDER_TYPE.takeProfitLimit;

export const isConditional = (type: number): boolean => type >= ORDER_TYPE.stopLimit;

/** True when the order fires on a mark at or above its trigger. */
export function firesUpward(type: number, side: number): boolean {
  const stop = type === ORDER_TYPE.stopLimit || type === ORDER_TYPE.stopMarket;
  return stop === (side === SIDE.buy);
}

/** An order that leaves nothing on the book. */
export function restsNever(type: number, timeInForce: number): boolean {
  return (
    !isLimit(type) ||
    timeInForce === TIME_IN_FORCE.immediateOrCancel ||
    timeInForce === TIME_IN_FORCE.fillOrKill
  );
}

/** The type a conditional order executes as. */
export function executedType(type: number): number {
  return isLimit(type) ? ORDER_TYPE.limit : ORDER_TYPE.market;
}

/** The terms under which a fired order executes and rests: no longer conditional, no longer waiting. */
export function firedTerms(terms: number): number {
  return (terms & ~(WAITING | (7 << 1))) | (executedType(typeOf(terms)) << 1);
}
