/** The node's clock, as seen from here. Nonces are judged by it, and a client's own may be minutes off. */

/** One question for the time. All ms; by the client's clock but for `node`. */
export interface Sample {
  readonly asked: number;
  readonly answered: number;
  readonly node: number;
}

export class Clock {
  private readonly local: () => number;
  /** To be added to the local time, ms. */
  private offset = 0;
  private best = Infinity;

  constructor(local: () => number = Date.now) {
    this.local = local;
  }

  /** Now, by the node's clock, ms. */
  now(): number {
    return Math.round(this.local() + this.offset);
  }

  /** Half of the shortest journey there and back: how far off this clock may be, ms. */
  get uncertainty(): number {
    return this.best / 2;
  }

  /** Learns from a sample, if its journey was no longer than the best before. */
  learn({ asked, answered, node }: Sample): void {
    const journey = Math.max(0, answered - asked);
    if (journey > this.best) return;
    this.best = journey;
    this.offset = node - (asked + journey / 2);
  }

  /** Takes the node's word for the time, as a denied nonce comes with. */
  set(node: number): void {
    this.offset = node - this.local();
    this.best = Infinity;
  }

  /** Asks a few times and keeps the answer that travelled shortest. */
  async synchronise(ask: () => Promise<number>, samples = 3): Promise<void> {
    this.best = Infinity;
    for (let index = 0; index < samples; index++) {
      const asked = this.local();
      const node = await ask();
      this.learn({ asked, answered: this.local(), node });
    }
  }
}

/** Nonces of one signer: the node's time, and always above the last. */
export class Nonces {
  private readonly clock: Clock;
  private last = 0;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  next(): number {
    this.last = Math.max(this.last + 1, this.clock.now());
    return this.last;
  }

  /** What the node has seen of this signer. */
  raise(least: number): void {
    this.last = Math.max(this.last, least);
  }
}
