/**
 * The streams of a venue, made of executed batches: books, trades, candles and what happens in tiers event by event; tickers, funds and margin
 * as they stand a few times a second, read from the state between two batches. Nothing is told that is not durable.
 */
import {
  EVENT_WORDS,
  type Engine,
  FRAME_WORDS,
  RECEIPT_FACTS,
  TIME,
  UnknownId,
  venueView,
} from "@bulkhead/engine";
import {
  type ChannelName,
  type Directory,
  type Instrument,
  type Interval,
  type Problem,
  problemOf,
} from "@bulkhead/protocol";
import type { ExecutedBatch } from "../runner/executed.ts";
import { Labels } from "../telling/labels.ts";
import type { OrderRow } from "../telling/orders.ts";
import { tellBreakers } from "../telling/shards.ts";
import { BookFeed } from "./bookFeed.ts";
import { BookMirror } from "./bookMirror.ts";
import type { Candle } from "./candles.ts";
import { type AnyTopic, CLOSE, type FanOut, type Message, type Subscriber } from "./fanOut.ts";
import { codesOf, tierOf } from "./frames.ts";
import { Ownership } from "./ownership.ts";
import { PrivateFeeds } from "./privateFeeds.ts";
import { type PublicChannel, channelsOf, tellEvent } from "./publicEvents.ts";
import { tellFunds, tellProposals, tellTicker } from "./tellState.ts";
import { TickerFeed } from "./tickerFeed.ts";
import { TierFeed } from "./tierFeed.ts";
import { TradeFeed } from "./tradeFeed.ts";
import { type Trade, tradesOf } from "./trades.ts";

export interface MarketDataOptions {
  readonly directory: Directory;
  readonly fanOut: FanOut;
  /** Answers a question from the state between two batches, once all that is in it is durable and was taken: `Runner.read`. */
  readonly read: <Answer>(question: (engine: Engine) => Answer) => Promise<Answer>;
  /** An account's open orders with their past, as they were after this command or later; those it cannot find out are not among them. It does not reject. */
  readonly pastOrders?: (account: number, sequence: number) => Promise<readonly OrderRow[]>;
  /** How long an account's orders wait for their past before they are told without it, ms. */
  readonly pastMs?: number;
  /** How often tickers, margin and the like are looked at, ms. */
  readonly sampleMs?: number;
  /** Buckets, and markets, that are looked at each time. */
  readonly sampledBuckets?: number;
  readonly sampledMarkets?: number;
  /** How often those who are slow are looked at, ms. */
  readonly drainMs?: number;
  /** Ratios of equity to maintenance margin at which an owner is warned, the highest first. */
  readonly warningRatios?: readonly number[];
  /** Told whenever everything has begun, anew too: what came before may be filled in. */
  readonly onBegun?: (beginning: Beginning) => void;
  /** Told when the events did not fit what was mirrored; everything begins anew then. */
  readonly onFault?: (error: unknown) => void;
}

/** The command after which everything has begun, and its time in ms. */
export interface Beginning {
  readonly sequence: number;
  readonly time: number;
}

/** What a subscription names. */
export interface StreamOf {
  readonly channel: ChannelName;
  readonly symbol?: string | undefined;
  readonly tier?: number | undefined;
  readonly account?: number | undefined;
  readonly interval?: string | undefined;
}

/** Everything of one market. */
interface MarketFeeds {
  readonly instrument: Instrument;
  readonly book: BookFeed;
  readonly trades: TradeFeed;
  readonly ticker: TickerFeed;
}

const PAST_MS = 1_000;
const SAMPLE_MS = 250;
const SAMPLED_BUCKETS = 64;
const SAMPLED_MARKETS = 64;
const DRAIN_MS = 50;
const MARKETS = 2 ** 16;

/** After these every position in a tier may be worth, or need, something else. */
const REPRICING = codesOf(
  ...(["updateIndexPrice", "reportPrice", "clockTick", "updateCollateralPrice", "reportRedemption"] as const),
  ...(["accrueFunding", "expireMarket", "setParameter", "setMarginBracket", "executeProposal"] as const),
  ...(["stewardSet", "breakerSet", "configureBreaker", "configurePosture", "reportRisk"] as const),
  ...(["acceptCollateral", "setVenueDepth"] as const),
);

export class MarketData {
  private readonly options: MarketDataOptions;
  private readonly fanOut: FanOut;
  private labels: Labels;
  private mirror = new BookMirror();
  private accounts: PrivateFeeds | undefined;
  private readonly markets = new Map<number, MarketFeeds>();
  private readonly tiers = new Map<string, TierFeed>();
  /** Tiers of which something was told that its state may differ after. */
  private readonly stale = new Set<TierFeed>();
  private beginning: Beginning = { sequence: 0, time: 0 };
  private sequence = 0;
  private time = 0;
  private sampled = 0;
  private nextMarket = 0;
  private isSampling = false;
  private isFaulty = false;
  /** Whether the state could not be read the last time. */
  private isBlind = false;
  private timers: NodeJS.Timeout[] = [];

  constructor(options: MarketDataOptions) {
    this.options = options;
    this.fanOut = options.fanOut;
    this.labels = new Labels(options.directory);
  }

  /** Number of the last command that was taken. */
  get last(): number {
    return this.sequence;
  }

  /** Accounts that somebody watches. */
  get watched(): number {
    return this.accounts?.size ?? 0;
  }

  /** Begins with a venue as it stands: from then on `take` must be given every batch. To be called between two batches. */
  begin(engine: Engine): void {
    const { venue } = engine;
    this.sequence = engine.sequence;
    this.time = engine.time;
    this.mirror = BookMirror.of(venue);
    this.accounts = new PrivateFeeds(
      this.fanOut,
      () => this.labels,
      new Ownership(venue),
      this.options.warningRatios,
    );
    this.markets.clear();
    this.tiers.clear();
    this.stale.clear();
    this.isFaulty = false;
    for (const instrument of this.labels.directory.instruments) this.open(instrument);
    const { sequence, time } = engine;
    this.beginning = { sequence, time };
    this.options.onBegun?.(this.beginning);
  }

  /** New names. What has one already keeps it. */
  rename(directory: Directory): void {
    this.labels = new Labels(directory);
    for (const instrument of directory.instruments)
      if (!this.markets.has(keyOf(instrument.tier, instrument.market))) this.open(instrument);
  }

  /**
   * Gives a market candles of what was traded up to a beginning, the oldest first; those of a minute make the figures of its day.
   * @param beginning - as `onBegun` told it: what comes too late, when everything has begun anew, is let go
   */
  fillCandles(symbol: string, interval: Interval, candles: readonly Candle[], beginning: Beginning): void {
    const instrument = this.labels.named(symbol);
    if (instrument === undefined || beginning !== this.beginning) return;
    const feeds = this.markets.get(keyOf(instrument.tier, instrument.market));
    feeds?.trades.candles.get(interval)?.fill(this.fanOut, candles);
    // The figures of the day are others now.
    this.sampled = -1;
  }

  /** Looks at what stands still and at who is slow, again and again, until it is closed. */
  start(): void {
    const { sampleMs = SAMPLE_MS, drainMs = DRAIN_MS } = this.options;
    this.timers = [
      setInterval(() => void this.sample(), sampleMs).unref(),
      setInterval(() => this.fanOut.drain(), drainMs).unref(),
    ];
  }

  close(): void {
    for (const timer of this.timers) clearInterval(timer);
    this.fanOut.closeAll(CLOSE.goingAway);
  }

  /** Follows a batch, and tells of it. */
  take(batch: ExecutedBatch): void {
    if (this.isFaulty) return;
    try {
      this.follow(batch);
    } catch (error) {
      this.fail(error);
    }
  }

  /**
   * Subscribes somebody to a channel. Whether he may is for the caller to know.
   * @returns why he is not subscribed, if he is not
   */
  async subscribe(subscriber: Subscriber, of: StreamOf): Promise<Problem | undefined> {
    try {
      return await this.enter(subscriber, of);
    } catch (error) {
      this.unsubscribe(subscriber, of);
      if (error instanceof UnknownId) return problemOf("not-found", error.message);
      throw error;
    }
  }

  /** @returns false if he was not subscribed */
  unsubscribe(subscriber: Subscriber, of: StreamOf): boolean {
    return this.fanOut.unsubscribe(subscriber, nameOf(of));
  }

  /** Reads how things stand and tells those who listen, within its budget. */
  async sample(): Promise<void> {
    const isStill = this.sequence === this.sampled && this.stale.size === 0;
    if (this.isSampling || (isStill && this.accounts?.isDue !== true) || this.fanOut.connected === 0) return;
    this.isSampling = true;
    try {
      await this.options.read((engine) => this.look(engine));
      this.isBlind = false;
    } catch (error) {
      // As long as there is no room for the log it is the same, several times a second.
      if (!this.isBlind) this.options.onFault?.(error);
      this.isBlind = true;
    } finally {
      this.isSampling = false;
    }
  }

  private open(instrument: Instrument): void {
    const { sequence, time } = this;
    const { tier, market } = instrument;
    const book = this.mirror.book(tier, market);
    const trades = new TradeFeed(instrument, sequence, time);
    this.markets.set(keyOf(tier, market), {
      instrument,
      book: new BookFeed(instrument, book, sequence, time),
      trades,
      ticker: new TickerFeed(instrument, book, trades),
    });
  }

  private follow({ first, count, frames, codes, facts, events, eventEnds }: ExecutedBatch): void {
    if (first !== this.sequence + 1)
      throw new RangeError(`a batch begins with command ${first} after command ${this.sequence}`);
    const traded = new Map<number, Trade[]>();
    for (let index = 0, from = 0; index < count; index++) {
      const at = index * FRAME_WORDS;
      const to = eventEnds[index] as number;
      const tier = tierOf(frames, at);
      const [sequence, time] = [first + index, frames[at + TIME] as number];
      this.mirror.applyAll(tier, events, from, to);
      const trades = tradesOf(sequence, time, events, from, to);
      for (const trade of trades) {
        const key = keyOf(tier, trade.market);
        const those = traded.get(key);
        if (those === undefined) traded.set(key, [trade]);
        else those.push(trade);
      }
      for (let event = from; event < to; event++) {
        const channels = channelsOf(events[event * EVENT_WORDS] as number);
        if (channels.length > 0) this.tellTier(channels, tier, events, event * EVENT_WORDS, sequence, time);
      }
      if (codes[index] === 0 && this.accounts?.concerns(frames, at) === true) {
        const factsAt = index * RECEIPT_FACTS;
        this.accounts.follow({
          sequence,
          time,
          tier,
          frames,
          at,
          facts,
          factsAt,
          events,
          from,
          to,
          trades,
        });
        if (REPRICING.has(frames[at] as number)) this.accounts.touchTier(tier);
      }
      from = to;
    }
    this.sequence = first + count - 1;
    this.time = frames[(count - 1) * FRAME_WORDS + TIME] as number;
    this.publish(traded);
  }

  private publish(traded: ReadonlyMap<number, readonly Trade[]>): void {
    const { fanOut, sequence, time } = this;
    for (const [key, trades] of traded) this.markets.get(key)?.trades.publish(fanOut, trades);
    for (const { book } of this.markets.values()) book.publish(fanOut, sequence, time);
    for (const feed of this.tiers.values()) {
      if (feed.hasFresh && feed.channel !== "liquidations") this.stale.add(feed);
      feed.publish(fanOut, sequence, time);
    }
    this.accounts?.publish(sequence, time);
  }

  private tellTier(
    channels: readonly PublicChannel[],
    tier: number,
    events: Float64Array,
    at: number,
    sequence: number,
    time: number,
  ): void {
    const told = { ...tellEvent(this.labels, tier, events, at), sequence, time };
    for (const channel of channels) this.tierFeed(channel, tier).add(told);
  }

  private tierFeed(channel: PublicChannel, tier: number): TierFeed {
    const name = `${channel}:${tier}`;
    let feed = this.tiers.get(name);
    if (feed === undefined) this.tiers.set(name, (feed = new TierFeed(channel, tier)));
    return feed;
  }

  private async enter(subscriber: Subscriber, of: StreamOf): Promise<Problem | undefined> {
    const { channel, tier = 0, account = 0 } = of;
    switch (channel) {
      case "book":
      case "trades":
      case "ticker":
      case "candles": {
        const topic = this.marketTopic(of);
        if (topic === undefined) return problemOf("not-found", `there is no ${channel} of ${of.symbol}`);
        if (topic instanceof TickerFeed && this.fanOut.listeners(topic.name) === 0) topic.forget();
        if (this.fanOut.subscribe(subscriber, topic) === undefined) return tooMany();
        if (channel === "ticker") this.sampled = -1;
        return undefined;
      }
      case "liquidations":
      case "funds":
      case "breakers":
      case "governance":
        return this.enterAt(subscriber, this.tierFeed(channel, tier), (engine) =>
          this.tierState(this.tierFeed(channel, tier), engine),
        );
      default: {
        const topic = this.accounts?.topic(channel, account);
        if (topic === undefined) return problemOf("not-ready", "the streams have not begun yet");
        if (channel === "orders") return this.enterOrders(subscriber, topic, account);
        return this.enterAt(subscriber, topic, ({ venue, sequence, time }) =>
          this.accounts?.first(venue, channel, account, sequence, time),
        );
      }
    }
  }

  /** Subscribes to what begins with the state: nothing is told before that was read. */
  private async enterAt(
    subscriber: Subscriber,
    topic: AnyTopic,
    first: (engine: Engine) => Message | undefined,
  ): Promise<Problem | undefined> {
    const subscription = this.fanOut.subscribe(subscriber, topic, false);
    if (subscription === undefined) return tooMany();
    await this.options.read((engine) => this.fanOut.begin(subscription, first(engine)));
    return undefined;
  }

  /** Orders are told once their past is known, or it has taken too long. */
  private async enterOrders(
    subscriber: Subscriber,
    topic: AnyTopic,
    account: number,
  ): Promise<Problem | undefined> {
    const subscription = this.fanOut.subscribe(subscriber, topic, false);
    if (subscription === undefined) return tooMany();
    const { accounts } = this;
    await this.options.read(({ venue, sequence, time }) =>
      accounts?.first(venue, "orders", account, sequence, time),
    );
    await this.recall(account);
    this.fanOut.begin(subscription, this.accounts?.openOrders(account, this.sequence, this.time));
    return undefined;
  }

  /** Asks for the past of an account's open orders where it is not known. Resolves once it is, or it has taken too long; it is filled in later then. */
  private async recall(account: number): Promise<void> {
    const { pastOrders, pastMs = PAST_MS } = this.options;
    const { accounts } = this;
    const watch = accounts?.withoutPast(account);
    if (pastOrders === undefined || watch === undefined) return;
    const recalled = async (): Promise<void> => {
      const rows = await pastOrders(account, this.sequence);
      if (this.accounts === accounts) accounts?.recall(watch, rows, this.sequence, this.time);
    };
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, pastMs)));
    await Promise.race([recalled(), late]);
    clearTimeout(timer);
  }

  private marketTopic({ channel, symbol, interval }: StreamOf): AnyTopic | undefined {
    const instrument = symbol === undefined ? undefined : this.labels.named(symbol);
    if (instrument === undefined) return undefined;
    const feeds = this.markets.get(keyOf(instrument.tier, instrument.market));
    if (channel === "candles") return feeds?.trades.candles.get(interval as Interval);
    return feeds?.[channel as "book" | "trades" | "ticker"];
  }

  /** What is looked at between two batches. */
  private look(engine: Engine): void {
    const { venue, sequence, time } = engine;
    const { sampledBuckets = SAMPLED_BUCKETS, sampledMarkets = SAMPLED_MARKETS } = this.options;
    this.sampled = sequence;
    const tickers = [...this.markets.values()].filter(({ ticker }) => this.fanOut.listeners(ticker.name) > 0);
    const most = Math.min(sampledMarkets, tickers.length);
    for (let index = 0; index < most; index++) {
      const { ticker, instrument } = tickers[(this.nextMarket + index) % tickers.length] as MarketFeeds;
      ticker.publish(this.fanOut, sequence, time, tellTicker(venue, instrument));
    }
    this.nextMarket += most;
    if (most < tickers.length) this.sampled = -1;
    for (const feed of this.stale) {
      this.stale.delete(feed);
      if (this.fanOut.listeners(feed.name) === 0) continue;
      const message = this.tierState(feed, engine);
      this.fanOut.publish(feed, message, message);
    }
    this.accounts?.sample(venue, sequence, time, sampledBuckets);
  }

  private tierState(feed: TierFeed, { venue, sequence, time }: Engine): Message {
    const { channel, tier } = feed;
    if (tier > venueView(venue).tiers) throw new UnknownId("tier", tier);
    if (channel === "liquidations") return feed.state(sequence, time, { events: feed.last });
    if (channel === "funds") return feed.state(sequence, time, tellFunds(venue, tier));
    if (channel === "breakers")
      return feed.state(sequence, time, { ...tellBreakers(venue, this.labels, tier) });
    return feed.state(sequence, time, tellProposals(venue, tier, time));
  }

  /** What was mirrored is of no use any more: whoever listens begins anew, as this does. */
  private fail(error: unknown): void {
    this.isFaulty = true;
    this.options.onFault?.(error);
    this.fanOut.closeAll(CLOSE.restarted);
    void this.beginAnew();
  }

  private async beginAnew(): Promise<void> {
    try {
      await this.options.read((engine) => this.begin(engine));
    } catch (error) {
      this.options.onFault?.(error);
    }
  }
}

function keyOf(tier: number, market: number): number {
  return tier * MARKETS + market;
}

/** The name of the topic that a subscription names. */
function nameOf({ channel, symbol, tier, account, interval }: StreamOf): string {
  const of = symbol ?? tier ?? account ?? "";
  return interval === undefined ? `${channel}:${of}` : `${channel}:${of}:${interval}`;
}

function tooMany(): Problem {
  return problemOf("rate-limited", "as many subscriptions as one connection may have");
}
