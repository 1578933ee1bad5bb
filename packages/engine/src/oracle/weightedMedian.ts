/** Weighted medians and quartiles: the smallest vote with a given share of all weight at or below it. */
import type { FeedFigures } from "../domain/feedFigures.ts";

/** Forgets all votes. */
export function clearVotes(figures: FeedFigures): void {
  figures.votes = 0;
}

/** Adds a vote in its place; equal votes may stand in any order. */
export function castVote(figures: FeedFigures, value: number, weight: number): void {
  const { vote, voteWeight } = figures;
  let place = figures.votes;
  figures.votes++;
  for (; place > 0 && (vote[place - 1] as number) > value; place--) {
    vote[place] = vote[place - 1] as number;
    voteWeight[place] = voteWeight[place - 1] as number;
  }
  vote[place] = value;
  voteWeight[place] = weight;
}

/**
 * The smallest vote v such that the votes up to v have at least `quarters` quarters of all weight: 1 and 3 give the quartiles, 2 the lower
 * median. Whoever has less than half of the weight cannot move the median beyond what the others voted.
 */
export function quantile(figures: FeedFigures, quarters: number): number {
  const { votes, vote, voteWeight } = figures;
  let total = 0;
  for (let place = 0; place < votes; place++) total += voteWeight[place] as number;
  let below = 0;
  for (let place = 0; place < votes; place++) {
    below += voteWeight[place] as number;
    if (4 * below >= quarters * total) return vote[place] as number;
  }
  return 0;
}
