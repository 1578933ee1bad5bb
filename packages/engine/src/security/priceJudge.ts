/**
 * Judges prices put together from reports (invariant 26), and hands marks on: time and numbers of reports only go up, and a price that moved is the middle of
 * what the counted reporters say, with nobody's voice beyond its cap. Re-derived from the rows, with no code of the oracle.
 */
import type { Ref } from "../kernel/arena.ts";
import { MAX_MARKETS, MAX_ASSETS, MAX_REPORTERS } from "../domain/limits.ts";
import { SOURCE_STATE } from "../domain/permits.ts";
import { FEED, FEED_WORDS, REPORTER, SOURCE, SOURCE_WORDS } from "../domain/rows/oracle.ts";
import type { TierShard } from "../domain/tierShard.ts";
import { judgeMark } from "./markJudge.ts";
import type { Verdict } from "./verdict.ts";

/** What rounding may add to a capped weight, for each reporter. */
const ROUNDING = 3;

export class PriceJudge {
  /** Feeds whose price moved in this command. */
  private readonly moved = new Int32Array(MAX_MARKETS + MAX_ASSETS);
  private movedCount = 0;
  /** The markets whose mark moved are among the first so many. */
  private readonly markMoved = new Uint8Array(MAX_MARKETS + 1);
  private lastMarket = 0;

  /** A market's mark moved. */
  noteMark(market: number): void {
    this.markMoved[market] = 1;
    this.lastMarket = Math.max(this.lastMarket, market);
  }

  /** Reads a journaled cell of the feeds' or sources' tables; `ref` is its address in words. */
  read(tier: TierShard, ref: number, before: number, after: number, verdict: Verdict): void {
    const sources = tier.source(1, 1);
    if (ref >= sources) {
      const column = ((ref - sources) % SOURCE_WORDS) / 2;
      const isOrdered =
        column === SOURCE.sequence || column === SOURCE.seenAt || column === SOURCE.publishedAt;
      if (isOrdered && after < before && after !== 0) verdict.breach(26, before, after);
      return;
    }
    const feeds = tier.feed(1);
    if (ref < feeds) return;
    const column = ((ref - feeds) % FEED_WORDS) / 2;
    if (column === FEED.advancedAt && after < before) verdict.breach(26, before, after);
    if (column !== FEED.price || after === 0) return;
    const feed = (ref - feeds - FEED.price * 2) / FEED_WORDS + 1;
    for (let each = 0; each < this.movedCount; each++) if (this.moved[each] === feed) return;
    this.moved[this.movedCount] = feed;
    this.movedCount++;
  }

  /** Judges the prices that moved. */
  judge(tier: TierShard | undefined, verdict: Verdict): void {
    for (let each = 0; each < this.movedCount; each++) {
      if (tier !== undefined) judgePrice(tier, this.moved[each] as number, verdict);
    }
    this.movedCount = 0;
    for (let market = 1; market <= this.lastMarket; market++) {
      if (this.markMoved[market] === 1 && tier !== undefined) judgeMark(tier, market, verdict);
      this.markMoved[market] = 0;
    }
    this.lastMarket = 0;
  }
}

function judgePrice(tier: TierShard, feed: number, verdict: Verdict): void {
  const { arena } = tier;
  const row = tier.feed(feed);
  const price = arena.num(row, FEED.price);
  if (price === 0) return;
  let below = 0;
  let upTo = 0;
  let total = 0;
  let heaviest = 0;
  let counted = 0;
  let nominal = 0;
  let asked = 0;
  for (let reporter = 1; reporter <= MAX_REPORTERS; reporter++) {
    if ((arena.int(row, FEED.reporters) & (1 << (reporter - 1))) === 0) continue;
    const registered = arena.int(tier.reporter(reporter), REPORTER.weight);
    asked += registered;
    const source = tier.source(feed, reporter);
    if (registered === 0 || arena.int(source, SOURCE.state) !== SOURCE_STATE.counted) continue;
    const weight = arena.num(source, SOURCE.weight);
    below += weight * votesBelow(tier, source, price);
    upTo += weight * votesBelow(tier, source, price + 1);
    total += weight;
    heaviest = Math.max(heaviest, weight);
    nominal += registered;
    counted++;
  }
  const operators = operatorsCounted(tier, feed);
  if (2 * below >= 3 * total || 2 * upTo < 3 * total) verdict.breach(26, price, below);
  if (operators < arena.int(row, FEED.quorum)) verdict.breach(26, arena.int(row, FEED.quorum), operators);
  if (3 * nominal < 2 * asked) verdict.breach(26, asked, nominal);
  if (operators >= 3 && 3 * heaviest > total + ROUNDING * counted) verdict.breach(26, total, heaviest);
}

/** Votes of a reporter below a price: of its own, and of either end of what it is unsure of. */
function votesBelow(tier: TierShard, source: Ref<"source">, limit: number): number {
  const price = tier.arena.num(source, SOURCE.price);
  const spread = tier.arena.num(source, SOURCE.spread);
  return (
    (Math.max(1, price - spread) < limit ? 1 : 0) + (price < limit ? 1 : 0) + (price + spread < limit ? 1 : 0)
  );
}

function operatorsCounted(tier: TierShard, feed: number): number {
  const { arena } = tier;
  const mask = arena.int(tier.feed(feed), FEED.reporters);
  const found: number[] = [];
  for (let reporter = 1; reporter <= MAX_REPORTERS; reporter++) {
    const isAsked = (mask & (1 << (reporter - 1))) !== 0;
    const who = tier.reporter(reporter);
    const operator = arena.int(who, REPORTER.operator);
    const isCounted = arena.int(tier.source(feed, reporter), SOURCE.state) === SOURCE_STATE.counted;
    if (!isAsked || !isCounted || arena.int(who, REPORTER.weight) === 0) continue;
    if (!found.includes(operator)) found.push(operator);
  }
  return found.length;
}
