/**
 * The price of a call auction: it trades the most lots, of such prices leaves the least imbalance, of those lies nearest to the reference,
 * and of two as near is the lower one. See docs/spec/callAuction.md, "The price".
 */
import { absolute, least, minus, most, plus, plusUpTo } from "../kernel/checked.ts";
import { type Lots, NONE, type Ticks } from "../kernel/units.ts";
import { ONE_TICK } from "../domain/limits.ts";

/** Lots somebody wants to trade at a price or better. */
export interface Interest {
  readonly price: Ticks;
  readonly lots: Lots;
}

/** What a price does. */
export interface Clearing {
  readonly price: Ticks;
  /** Lots traded at it. */
  readonly volume: Lots;
  /** Lots bid at it less lots offered: what one side wants more. */
  readonly imbalance: Lots;
}

/** A price, and what is bid at it or above, and offered at it or below. Sums stop at 2^53 − 1. */
interface Step {
  readonly price: Ticks;
  bid: Lots;
  offered: Lots;
}

/**
 * The clearing price of what is bid and offered, in any order; undefined if nothing crosses.
 * @param reference - ≥ 1: decides between prices that do as well
 */
export function clearingPrice(
  bids: readonly Interest[],
  asks: readonly Interest[],
  reference: Ticks,
): Clearing | undefined {
  let best: Clearing | undefined;
  let before: Step | undefined;
  for (const step of stepsOf(bids, asks)) {
    if (before !== undefined && before.price < minus(step.price, ONE_TICK)) {
      // Between two prices that anybody names nothing changes: the nearest to the reference stands for all of them.
      const lowest = plus(before.price, ONE_TICK);
      const between = least(most(reference, lowest), minus(step.price, ONE_TICK));
      best = better(best, clearingAt(between, step.bid, before.offered), reference);
    }
    best = better(best, clearingAt(step.price, step.bid, step.offered), reference);
    before = step;
  }
  return best;
}

function clearingAt(price: Ticks, bid: Lots, offered: Lots): Clearing {
  return { price, volume: least(bid, offered), imbalance: minus(bid, offered) };
}

function better(one: Clearing | undefined, other: Clearing, reference: Ticks): Clearing {
  if (one === undefined || other.volume > one.volume) return other;
  if (other.volume < one.volume) return one;
  const [left, right] = [absolute(one.imbalance), absolute(other.imbalance)];
  if (left !== right) return left < right ? one : other;
  const [near, nearer] = [absolute(minus(one.price, reference)), absolute(minus(other.price, reference))];
  return nearer < near ? other : one;
}

/** The prices that anybody names and both sides reach, ascending. */
function stepsOf(bids: readonly Interest[], asks: readonly Interest[]): Step[] {
  const lowest = asks.reduce((low, { price }) => Math.min(low, price), Infinity);
  const highest = bids.reduce((high, { price }) => Math.max(high, price), 0);
  const byPrice = new Map<Ticks, Step>();
  const stepAt = (price: Ticks): Step => {
    const step = byPrice.get(price) ?? { price, bid: NONE, offered: NONE };
    byPrice.set(price, step);
    return step;
  };
  const isReached = ({ price }: Interest): boolean => price >= lowest && price <= highest;
  for (const each of bids.filter(isReached)) {
    const step = stepAt(each.price);
    step.bid = plusUpTo(step.bid, each.lots);
  }
  for (const each of asks.filter(isReached)) {
    const step = stepAt(each.price);
    step.offered = plusUpTo(step.offered, each.lots);
  }
  const steps = [...byPrice.values()];
  steps.sort((a, b) => b.price - a.price);
  addUp(steps, "bid");
  steps.reverse();
  addUp(steps, "offered");
  return steps;
}

/** Makes of what is wanted at each price what is wanted there or at those before it. */
function addUp(steps: readonly Step[], side: "bid" | "offered"): void {
  let sum: Lots = NONE;
  for (const step of steps) {
    sum = plusUpTo(sum, step[side]);
    step[side] = sum;
  }
}
