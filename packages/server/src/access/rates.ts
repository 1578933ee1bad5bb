/** Token buckets: so many at once, and so many more each second. They remember a bounded number of keys. */
import { Denied } from "./denial.ts";

export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

interface Level {
  tokens: number;
  /** When it was that, ms. */
  at: number;
}

/** Keys remembered at once. */
const MOST = 100_000;

export class Rates<Key> {
  private readonly rate: Rate;
  private readonly what: string;
  private readonly most: number;
  /** Those used last at the end. A key that is not here has a full bucket. */
  private readonly levels = new Map<Key, Level>();

  /** @param what - names what is limited, for people, such as "requests of this address" */
  constructor(rate: Rate, what: string, most: number = MOST) {
    this.rate = rate;
    this.what = what;
    this.most = most;
  }

  get size(): number {
    return this.levels.size;
  }

  /** Takes tokens if there are enough; else nothing is taken. @throws {Denied} saying when there will be */
  take(key: Key, now: number, count = 1): void {
    const level = this.levelOf(key, now);
    if (level.tokens < count) throw this.exceeded(level, count);
    level.tokens -= count;
  }

  /** Takes what is there, and lets the bucket run into debt: for work that is already done. */
  charge(key: Key, now: number, count: number): void {
    this.levelOf(key, now).tokens -= count;
  }

  /** Gives tokens back, up to a full bucket. */
  credit(key: Key, now: number, count: number): void {
    const level = this.levelOf(key, now);
    level.tokens = Math.min(this.rate.burst, level.tokens + count);
  }

  private levelOf(key: Key, now: number): Level {
    const { perSecond, burst } = this.rate;
    const level = this.levels.get(key) ?? { tokens: burst, at: now };
    const passed = Math.max(0, now - level.at);
    level.tokens = Math.min(burst, level.tokens + (passed * perSecond) / 1_000);
    level.at = Math.max(level.at, now);
    this.levels.delete(key);
    this.levels.set(key, level);
    if (this.levels.size > this.most) {
      const [oldest] = this.levels.keys() as Iterable<Key>;
      this.levels.delete(oldest as Key);
    }
    return level;
  }

  private exceeded({ tokens }: Level, count: number): Denied {
    const { perSecond, burst } = this.rate;
    const isEver = count <= burst;
    return new Denied(
      "rate_exceeded",
      isEver ? `too many ${this.what}` : `more ${this.what} at once than are ever allowed`,
      {
        perSecond,
        burst,
        asked: count,
        ...(isEver && { retryAfterMs: Math.ceil(((count - tokens) * 1_000) / perSecond) }),
      },
    );
  }
}
