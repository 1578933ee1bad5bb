/** A market's book kept here: from a snapshot and its updates, with the node's checksum compared after each. */
import {
  type BookLevelText,
  CHECKSUM_LEVELS,
  type ChannelMessage,
  type Instrument,
  bookChecksum,
  ticksOf,
} from "@bulkhead/protocol";

type BookMessage = ChannelMessage<"book">;

interface Level {
  readonly ticks: number;
  readonly text: BookLevelText;
}

export class LocalBook {
  readonly instrument: Instrument;
  /** Best first. */
  private bidLevels: Level[] = [];
  private askLevels: Level[] = [];
  private last = 0;

  constructor(instrument: Instrument) {
    this.instrument = instrument;
  }

  /** Of the command after which it is true; 0 = nothing is known. */
  get sequence(): number {
    return this.last;
  }

  /** Price and amount, best first. */
  get bids(): readonly BookLevelText[] {
    return this.bidLevels.map(({ text }) => text);
  }

  get asks(): readonly BookLevelText[] {
    return this.askLevels.map(({ text }) => text);
  }

  get bestBid(): BookLevelText | undefined {
    return this.bidLevels[0]?.text;
  }

  get bestAsk(): BookLevelText | undefined {
    return this.askLevels[0]?.text;
  }

  /**
   * Follows a message.
   * @returns false if the book is not the node's any more: forget it, and begin with a snapshot
   */
  apply(message: BookMessage): boolean {
    if (message.type === "snapshot") this.clear();
    else if (this.last === 0 || message.previous !== this.last) return false;
    for (const level of message.bids) this.put(this.bidLevels, level, -1);
    for (const level of message.asks) this.put(this.askLevels, level, 1);
    this.last = message.sequence;
    return this.checksum() === message.checksum;
  }

  clear(): void {
    this.bidLevels = [];
    this.askLevels = [];
    this.last = 0;
  }

  private checksum(): number {
    return bookChecksum(textsOf(this.bidLevels), textsOf(this.askLevels));
  }

  /** @param order - 1 if lower prices come first */
  private put(levels: Level[], text: BookLevelText, order: 1 | -1): void {
    const ticks = ticksOf(this.instrument, text[0]);
    let [low, high] = [0, levels.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (order * ((levels[middle] as Level).ticks - ticks) < 0) low = middle + 1;
      else high = middle;
    }
    const isKnown = levels[low]?.ticks === ticks;
    const isGone = /^[0.]+$/.test(text[1]);
    if (isGone) levels.splice(low, isKnown ? 1 : 0);
    else levels.splice(low, isKnown ? 1 : 0, { ticks, text });
  }
}

function textsOf(levels: readonly Level[]): BookLevelText[] {
  return levels.slice(0, CHECKSUM_LEVELS).map(({ text }) => text);
}
