/** A market at a glance, as a topic: mark, index, funding, open interest, best prices, and the last 24 hours. The newest stands for all before it. */
import {
  type Instrument,
  amountText,
  notionalOf,
  priceText,
  stepOfPlaces,
  textOf,
  usdText,
} from "@bulkhead/protocol";
import type { Book } from "./bookMirror.ts";
import { type FanOut, LATEST, Message, type Topic } from "./fanOut.ts";
import type { TradeFeed } from "./tradeFeed.ts";

type Told = Record<string, unknown>;

const MILLIONTH = stepOfPlaces(6);

export class TickerFeed implements Topic {
  readonly name: string;
  readonly merge: typeof LATEST = LATEST;
  readonly instrument: Instrument;
  private readonly book: Book;
  private readonly trades: TradeFeed;
  private latest: Message | undefined;
  private told = "";

  constructor(instrument: Instrument, book: Book, trades: TradeFeed) {
    this.name = `ticker:${instrument.symbol}`;
    this.instrument = instrument;
    this.book = book;
    this.trades = trades;
  }

  snapshot(): Message | undefined {
    return this.latest;
  }

  /** What was told while nobody listened is old. */
  forget(): void {
    this.latest = undefined;
    this.told = "";
  }

  /**
   * Tells how the market stands, unless nothing has changed.
   * @param state - what is read from the venue's state
   */
  publish(fanOut: FanOut, sequence: number, time: number, state: Told): void {
    const content = { ...state, ...this.traded(time) };
    const text = JSON.stringify(content);
    if (text === this.told) return;
    this.told = text;
    const message = new Message(() => ({
      channel: "ticker",
      symbol: this.instrument.symbol,
      type: "update",
      sequence,
      time,
      ...content,
    }));
    this.latest = message;
    fanOut.publish(this, message, message);
  }

  private traded(now: number): Told {
    const { instrument, book, trades } = this;
    const [bid] = book.bids.best(1);
    const [ask] = book.asks.best(1);
    const { first, high, low, lots, turnover, trades: count } = trades.day(now);
    const price = (ticks: number): string | null => (ticks === 0 ? null : priceText(instrument, ticks));
    return {
      last: price(trades.last),
      bestBid: price(bid?.price ?? 0),
      bestAsk: price(ask?.price ?? 0),
      open24h: price(first),
      high24h: price(high),
      low24h: price(low),
      change24h: first === 0 ? null : changeText(first, trades.last),
      volume24h: amountText(instrument, lots),
      quoteVolume24h: usdText(turnover * notionalOf(instrument)),
      trades24h: count,
    };
  }
}

/** From one price to another, as a part of the first, to a millionth, cut towards zero. */
function changeText(from: number, to: number): string {
  return textOf(Number((BigInt(to - from) * 10n ** BigInt(MILLIONTH.places)) / BigInt(from)), MILLIONTH);
}
