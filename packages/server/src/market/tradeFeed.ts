/** The trades of one market as a topic, and what follows from them: candles and the day's figures. */
import {
  INTERVALS,
  type Instrument,
  type Interval,
  amountText,
  notionalOf,
  priceText,
  usdText,
} from "@bulkhead/protocol";
import { type Candle, CandleRing, type Day } from "./candles.ts";
import { type FanOut, type Merge, Message, type Topic } from "./fanOut.ts";
import { tellTrade } from "../telling/trades.ts";
import type { Trade } from "./trades.ts";

/** Trades that whoever begins is told. */
const RECENT = 50;
/** Candles that are kept of every interval; those of a minute make the figures of the day. */
const KEPT = 500;
const MINUTES = 1_440;

function tellCandle(instrument: Instrument, candle: Candle): object {
  return {
    start: candle.start,
    open: priceText(instrument, candle.open),
    high: priceText(instrument, candle.high),
    low: priceText(instrument, candle.low),
    close: priceText(instrument, candle.close),
    volume: amountText(instrument, candle.lots),
    quoteVolume: usdText(candle.turnover * notionalOf(instrument)),
    trades: candle.trades,
  };
}

export class TradeFeed implements Topic {
  readonly name: string;
  readonly merge = "every";
  readonly candles: ReadonlyMap<Interval, CandleFeed>;
  private readonly instrument: Instrument;
  private readonly minutes: CandleRing;
  private recent: Trade[] = [];
  private sequence: number;
  private time: number;

  /** @param sequence - the command from which on trades are taken down; @param time - its time, ms */
  constructor(instrument: Instrument, sequence: number, time: number) {
    this.sequence = sequence;
    this.time = time;
    this.name = `trades:${instrument.symbol}`;
    this.instrument = instrument;
    const intervals = Object.keys(INTERVALS) as Interval[];
    this.candles = new Map(
      intervals.map((interval) => {
        const kept = interval === "1m" ? MINUTES : KEPT;
        return [
          interval,
          new CandleFeed(instrument, interval, new CandleRing(INTERVALS[interval], kept), sequence, time),
        ];
      }),
    );
    this.minutes = (this.candles.get("1m") as CandleFeed).ring;
  }

  snapshot(): Message {
    const { instrument, sequence, time, recent } = this;
    return new Message(() => ({
      channel: "trades",
      symbol: instrument.symbol,
      type: "snapshot",
      sequence,
      time,
      items: recent.map((trade) => tellTrade(instrument, trade)),
    }));
  }

  /** Price of the last trade, ticks; 0 = none in the last day that is known of. */
  get last(): number {
    return this.minutes.newest?.close ?? 0;
  }

  /** What was traded in the 24 hours before. */
  day(now: number): Day {
    return this.minutes.day(now);
  }

  /** Takes the trades of a batch, of this market only, in order, and tells of them. */
  publish(fanOut: FanOut, trades: readonly Trade[]): void {
    const newest = trades.at(-1);
    if (newest === undefined) return;
    const { instrument, candles } = this;
    for (const { time, price, lots } of trades)
      for (const { ring } of candles.values()) ring.trade(time, price, lots);
    this.recent = [...this.recent, ...trades].slice(-RECENT);
    this.sequence = newest.sequence;
    this.time = newest.time;
    const message = new Message(() => ({
      channel: "trades",
      symbol: instrument.symbol,
      type: "update",
      sequence: newest.sequence,
      time: newest.time,
      items: trades.map((trade) => tellTrade(instrument, trade)),
    }));
    fanOut.publish(this, message, message);
    for (const feed of candles.values()) feed.publish(fanOut, newest.sequence, newest.time);
  }
}

/** The candles of one interval as a topic: the kept ones first, then the newest whenever somebody trades. */
export class CandleFeed implements Topic<number> {
  readonly name: string;
  /** Of somebody who is slow is held from which candle on he has not been told. */
  readonly merge: Merge<number, number>;
  readonly ring: CandleRing;
  private readonly instrument: Instrument;
  private readonly interval: Interval;
  private sequence: number;
  private time: number;

  constructor(instrument: Instrument, interval: Interval, ring: CandleRing, sequence: number, time: number) {
    this.sequence = sequence;
    this.time = time;
    this.name = `candles:${instrument.symbol}:${interval}`;
    this.instrument = instrument;
    this.interval = interval;
    this.ring = ring;
    this.merge = {
      join: (held, start) => held ?? start,
      tell: (held) =>
        this.message(
          "update",
          this.ring.all().filter(({ start }) => start >= held),
        ),
    };
  }

  snapshot(): Message {
    return this.message("snapshot", this.ring.all());
  }

  /** Takes candles from before; whoever listens already is told anew. */
  fill(fanOut: FanOut, candles: readonly Candle[]): void {
    this.ring.fill(candles);
    const [oldest] = this.ring.all();
    if (oldest === undefined || fanOut.listeners(this.name) === 0) return;
    fanOut.publish(this, this.snapshot(), oldest.start);
  }

  publish(fanOut: FanOut, sequence: number, time: number): void {
    const { newest } = this.ring;
    this.sequence = sequence;
    this.time = time;
    if (newest === undefined || fanOut.listeners(this.name) === 0) return;
    fanOut.publish(this, this.message("update", [newest]), newest.start);
  }

  private message(type: "snapshot" | "update", candles: readonly Candle[]): Message {
    const { instrument, interval, sequence, time } = this;
    const items = candles.map((candle) => tellCandle(instrument, candle));
    return new Message(() => ({
      channel: "candles",
      symbol: instrument.symbol,
      interval,
      type,
      sequence,
      time,
      items,
    }));
  }
}
