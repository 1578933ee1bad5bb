/** The book of one market as a topic: whole for who begins, then what has changed, each change naming the one before it. */
import {
  type BookLevelText,
  CHECKSUM_LEVELS,
  type Instrument,
  amountText,
  bookChecksum,
  priceText,
} from "@bulkhead/protocol";
import type { Book } from "./bookMirror.ts";
import { type FanOut, type Merge, Message, type Topic } from "./fanOut.ts";
import type { Levels } from "./levels.ts";

/** Prices at which something changed, and the sequence up to which whoever is told knows all. */
interface BookChange {
  readonly previous: number;
  readonly bids: Iterable<number>;
  readonly asks: Iterable<number>;
}

/** Changes that wait for somebody who is slow. */
interface HeldChange extends BookChange {
  readonly bids: Set<number>;
  readonly asks: Set<number>;
}

/** Levels that may be held for somebody who is slow. */
const MAX_HELD = 4_096;
const ALL = Number.POSITIVE_INFINITY;

export class BookFeed implements Topic<BookChange, HeldChange> {
  readonly name: string;
  readonly merge: Merge<BookChange, HeldChange>;
  private readonly instrument: Instrument;
  private readonly book: Book;
  private sequence: number;
  private time: number;
  /** The whole book as it is, if somebody has asked since it changed. */
  private whole: Message | undefined;

  /** @param sequence - the command up to which the book is known; @param time - its time, ms */
  constructor(instrument: Instrument, book: Book, sequence: number, time: number) {
    this.name = `book:${instrument.symbol}`;
    this.instrument = instrument;
    this.book = book;
    this.sequence = sequence;
    this.time = time;
    this.merge = { join: joined, tell: (held) => this.update(held) };
  }

  snapshot(): Message {
    this.whole ??= new Message(() => ({
      channel: "book",
      symbol: this.instrument.symbol,
      type: "snapshot",
      sequence: this.sequence,
      time: this.time,
      bids: this.texts(this.book.bids, ALL),
      asks: this.texts(this.book.asks, ALL),
      checksum: this.checksum(),
    }));
    // Put into bytes at once: later the book may be another.
    void this.whole.bytes;
    return this.whole;
  }

  /** Tells what has changed in the book since the last time, if anything has. @param sequence - of the last command seen */
  publish(fanOut: FanOut, sequence: number, time: number): void {
    const { bids, asks } = this.book;
    if (bids.changed.size + asks.changed.size === 0) return;
    const { sequence: previous } = this;
    this.sequence = sequence;
    this.time = time;
    this.whole = undefined;
    if (fanOut.listeners(this.name) > 0) {
      const change = { previous, bids: bids.changed, asks: asks.changed };
      fanOut.publish(this, this.update(change), change);
    }
    bids.changed.clear();
    asks.changed.clear();
  }

  /** A change as it is now; to be put into bytes before the next one. */
  private update({ previous, bids, asks }: BookChange): Message {
    return new Message(() => ({
      channel: "book",
      symbol: this.instrument.symbol,
      type: "update",
      previous,
      sequence: this.sequence,
      time: this.time,
      bids: this.changes(this.book.bids, bids),
      asks: this.changes(this.book.asks, asks),
      checksum: this.checksum(),
    }));
  }

  private changes(levels: Levels, prices: Iterable<number>): BookLevelText[] {
    return Array.from(prices, (price) => this.text(price, levels.lotsAt(price)));
  }

  private checksum(): number {
    const { bids, asks } = this.book;
    return bookChecksum(this.texts(bids, CHECKSUM_LEVELS), this.texts(asks, CHECKSUM_LEVELS));
  }

  private texts(levels: Levels, depth: number): BookLevelText[] {
    return levels.best(depth).map(({ price, lots }) => this.text(price, lots));
  }

  private text(price: number, lots: number): BookLevelText {
    return [priceText(this.instrument, price), amountText(this.instrument, lots)];
  }
}

function joined(held: HeldChange | undefined, { previous, bids, asks }: BookChange): HeldChange | undefined {
  if (held === undefined) return { previous, bids: new Set(bids), asks: new Set(asks) };
  for (const price of bids) held.bids.add(price);
  for (const price of asks) held.asks.add(price);
  return held.bids.size + held.asks.size > MAX_HELD ? undefined : held;
}
