/** A price put together from reports, as plain data. */
import { LONG, MIDDLE, SHORT, average } from "../prices.ts";
import type { Feed } from "../priceBook.ts";

export interface FeedState {
  readonly feedKind: number;
  readonly id: number;
  readonly quorum: number;
  readonly quality: number;
  readonly qualitySince: bigint;
  readonly price: bigint;
  readonly confidence: bigint;
  readonly risk: bigint;
  readonly age: bigint;
  readonly averages: readonly bigint[];
  readonly sources: readonly SourceState[];
}

export interface SourceState {
  readonly reporter: number;
  readonly state: number;
  readonly price: bigint;
  readonly confidence: bigint;
  readonly publishedAt: bigint;
  readonly repeats: number;
  readonly heldPrice: bigint;
}

export function feedState(key: string, feed: Feed): FeedState {
  const [feedKind = 0, id = 0] = key.split(" ").map(Number);
  const { quorum, quality, qualitySince, price, confidence, risk, age } = feed;
  const sources = [...feed.sources].map(([reporter, source]) => ({
    reporter,
    state: source.state,
    price: source.price,
    confidence: source.confidence,
    publishedAt: source.publishedAt,
    repeats: source.repeats,
    heldPrice: source.held?.price ?? 0n,
  }));
  const averages = [SHORT, MIDDLE, LONG].map((window) => average(feed, window));
  return { feedKind, id, quorum, quality, qualitySince, price, confidence, risk, age, averages, sources };
}
