/**
 * One price from many: a weighted median of three votes per reporter, taken again without the outliers.
 *
 * Whoever controls less than half of the capped weight cannot move the price beyond what the others vote.
 * See docs/spec/oracle.md#one-price.
 */
import { mulDivCeil, mulDivFloor } from "../kernel/mulDiv.ts";
import type { FeedFigures } from "../domain/feedFigures.ts";
import { PPM_ONE } from "../domain/limits.ts";
import { SOURCE_STATE } from "../domain/permits.ts";
import { FEED, SOURCE } from "../domain/rows/oracle.ts";
import type { TierShard } from "../domain/tierShard.ts";
import { capWeights, isFirstOfOperator } from "./caps.ts";
import { castVote, clearVotes, quantile } from "./weightedMedian.ts";

/** 6 · 1.4826, in ten-thousandths: six standard deviations of a normal sample by its median deviation. */
const DEVIATIONS = 88_956;

/** Takes the price of the gathered reporters; `figures.quorumAge` says whether it may stand. */
export function aggregate(tier: TierShard, feed: number, figures: FeedFigures): void {
  figures.unweighted = unweightedMedian(figures);
  takeMedian(figures);
  dropOutliers(tier, feed, figures);
  takeMedian(figures);
  figures.quorumAge = ageOfQuorum(figures, tier.arena.int(tier.feed(feed), FEED.quorum));
  figures.operators = operatorsUpTo(figures, Infinity);
  for (let each = 0; each < figures.count; each++) {
    const source = tier.source(feed, figures.reporter[each] as number);
    tier.arena.setNum(source, SOURCE.weight, figures.capped[each] as number);
  }
}

/** The lower median of the prices, one vote each. */
function unweightedMedian(figures: FeedFigures): number {
  clearVotes(figures);
  for (let each = 0; each < figures.count; each++) castVote(figures, figures.price[each] as number, 1);
  return quantile(figures, 2);
}

/** The weighted median under the caps, and how far the quartiles lie from it. */
function takeMedian(figures: FeedFigures): void {
  const { count, price, spread, capped } = figures;
  capWeights(figures);
  clearVotes(figures);
  for (let each = 0; each < count; each++) {
    const weight = capped[each] as number;
    const told = price[each] as number;
    const unsure = spread[each] as number;
    castVote(figures, Math.max(1, told - unsure), weight);
    castVote(figures, told, weight);
    castVote(figures, told + unsure, weight);
  }
  figures.median = quantile(figures, 2);
  figures.confidence = Math.max(figures.median - quantile(figures, 1), quantile(figures, 3) - figures.median);
}

/** Drops the reporters whose price is farther from the median than the feed's width or six deviations. */
function dropOutliers(tier: TierShard, feed: number, figures: FeedFigures): void {
  const { arena } = tier;
  const { median, price, capped } = figures;
  clearVotes(figures);
  for (let each = 0; each < figures.count; each++) {
    castVote(figures, Math.abs((price[each] as number) - median), capped[each] as number);
  }
  const typical = mulDivCeil(quantile(figures, 2), DEVIATIONS, 10_000);
  const width = Math.max(mulDivFloor(median, arena.int(tier.feed(feed), FEED.deviation), PPM_ONE), typical);
  let kept = 0;
  for (let each = 0; each < figures.count; each++) {
    if (Math.abs((price[each] as number) - median) <= width) {
      move(figures, each, kept);
      kept++;
    } else {
      arena.setInt(tier.source(feed, figures.reporter[each] as number), SOURCE.state, SOURCE_STATE.outlier);
    }
  }
  figures.count = kept;
}

function move(figures: FeedFigures, source: number, target: number): void {
  const { reporter, operator, nominal, weight, price, spread, age } = figures;
  reporter[target] = reporter[source] as number;
  operator[target] = operator[source] as number;
  nominal[target] = nominal[source] as number;
  weight[target] = weight[source] as number;
  price[target] = price[source] as number;
  spread[target] = spread[source] as number;
  age[target] = age[source] as number;
}

/**
 * The least age such that the reports up to it make a quorum: enough operators, and two thirds of the registered weight; −1 if all
 * together do not. One fresh reporter cannot make an old price look young.
 */
function ageOfQuorum(figures: FeedFigures, quorum: number): number {
  const { count, age } = figures;
  let least = -1;
  for (let each = 0; each < count; each++) {
    const upTo = age[each] as number;
    if (least >= 0 && upTo >= least) continue;
    if (operatorsUpTo(figures, upTo) >= quorum && 3 * weightUpTo(figures, upTo) >= 2 * figures.asked)
      least = upTo;
  }
  return least;
}

function weightUpTo({ count, age, nominal }: FeedFigures, limit: number): number {
  let total = 0;
  for (let each = 0; each < count; each++)
    if ((age[each] as number) <= limit) total += nominal[each] as number;
  return total;
}

/** Operators with a report up to an age. */
function operatorsUpTo(figures: FeedFigures, limit: number): number {
  const { count, operator, age } = figures;
  let found = 0;
  for (let each = 0; each < count; each++) {
    if (!isFirstOfOperator(figures, each)) continue;
    for (let other = each; other < count; other++) {
      if (operator[other] !== operator[each] || (age[other] as number) > limit) continue;
      found++;
      break;
    }
  }
  return found;
}

/** Operators whose price lies within a thousandth (10 bp) of the median. */
export function operatorsInAgreement(figures: FeedFigures): number {
  const { count, operator, price, median } = figures;
  let found = 0;
  for (let each = 0; each < count; each++) {
    if (!isFirstOfOperator(figures, each)) continue;
    for (let other = each; other < count; other++) {
      if (operator[other] !== operator[each] || !agrees(price[other] as number, median)) continue;
      found++;
      break;
    }
  }
  return found;
}

/** Two prices lie within 10 bp of the second. */
export function agrees(price: number, other: number): boolean {
  return Math.abs(price - other) <= Math.floor(other / 1_000);
}
