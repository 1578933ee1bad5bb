/**
 * Nobody's voice counts for too much: no reporter for more than a third of all weight, no operator for more than 45 %.
 *
 * All weights are cut to the largest total T for which the cuts leave T: a reporter to T/3, an operator to 9T/20. T = 3u, and u is found by
 * bisection. With fewer than three operators that could share it there is no such total, and weights stay as they are.
 */
import { mulDivFloor } from "../kernel/mulDiv.ts";
import type { FeedFigures } from "../domain/feedFigures.ts";

/** Cuts `weight` of the reporters that count, into `capped`. */
export function capWeights(figures: FeedFigures): void {
  const { count, weight, capped } = figures;
  let total = 0;
  for (let each = 0; each < count; each++) total += weight[each] as number;
  let enough = 0;
  let tooMuch = Math.floor(total / 3) + 1;
  while (tooMuch - enough > 1) {
    const unit = Math.floor((enough + tooMuch) / 2);
    if (leftUnder(figures, unit) >= 3 * unit) enough = unit;
    else tooMuch = unit;
  }
  for (let each = 0; each < count; each++) {
    capped[each] = enough === 0 ? (weight[each] as number) : cutTo(figures, each, enough);
  }
}

/** An operator's most, when a reporter's is `unit`: 45 % of 3u. */
function operatorCap(unit: number): number {
  return Math.floor((27 * unit) / 20);
}

/** Total weight left when reporters are cut to `unit` and operators to their cap. */
function leftUnder(figures: FeedFigures, unit: number): number {
  const { count } = figures;
  let total = 0;
  for (let each = 0; each < count; each++) {
    if (isFirstOfOperator(figures, each))
      total += Math.min(ofOperator(figures, each, unit), operatorCap(unit));
  }
  return total;
}

/** A reporter's weight under the caps; an operator's reporters are cut alike. */
function cutTo(figures: FeedFigures, each: number, unit: number): number {
  const own = Math.min(figures.weight[each] as number, unit);
  const together = ofOperator(figures, each, unit);
  const most = operatorCap(unit);
  return together <= most ? own : Math.max(1, mulDivFloor(own, most, together));
}

/** What the reporters of one's operator have together, each cut to `unit`. */
function ofOperator(figures: FeedFigures, each: number, unit: number): number {
  const { count, operator, weight } = figures;
  let total = 0;
  for (let other = 0; other < count; other++) {
    if (operator[other] === operator[each]) total += Math.min(weight[other] as number, unit);
  }
  return total;
}

/** True for the first reporter that counts of each operator. */
export function isFirstOfOperator({ operator }: FeedFigures, each: number): boolean {
  for (let other = 0; other < each; other++) if (operator[other] === operator[each]) return false;
  return true;
}
