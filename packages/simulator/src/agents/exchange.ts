/** The counter at which everybody hands in commands: it stamps the time, counts outcomes and passes events on to their owners. */
import {
  CODE,
  type Command,
  EVENTS,
  EVENT_WORDS,
  type Engine,
  FRAME_WORDS,
  LAYOUTS,
  type OutcomeCode,
  type Venue,
  encodeCommand,
} from "@bulkhead/engine";

/** Hears the events of one bucket: words as in events.ts, valid during the call only. */
export interface Listener {
  hear(words: Float64Array, at: number): void;
}

/** What has traded in a market. */
export interface Turnover {
  fills: number;
  /** Price times size of all fills, micro-dollars. */
  volume: bigint;
}

export class Exchange {
  /** Time of the commands to come, ms since the epoch. */
  time = 0;
  /** Commands handed in, refused ones included. */
  commands = 0;
  /** Times each refusal code was answered. */
  readonly refusals = new Map<OutcomeCode, number>();

  private engine: Engine;
  private readonly frame = new Float64Array(FRAME_WORDS);
  private readonly commandsByCode = new Float64Array(Math.max(...LAYOUTS.map(({ code }) => code)) + 1);
  private readonly references: number[] = [];
  private readonly listeners: (Listener | undefined)[] = [];
  private witness: Listener | undefined;
  /** Told of every command that was applied. */
  private readonly record: ((frame: Float64Array) => void) | undefined;
  private readonly notional: number[] = [];
  private readonly fills: number[] = [];
  private readonly volume: number[] = [];
  private readonly carried: bigint[] = [];
  private pending: number[] = [];

  constructor(engine: Engine, record?: (frame: Float64Array) => void) {
    this.engine = engine;
    this.record = record;
  }

  /** The state, for the public queries. */
  get venue(): Venue {
    return this.engine.venue;
  }

  /** Numbers of the last command's receipt. */
  get facts(): Float64Array {
    return this.engine.venue.facts;
  }

  /** Goes on with another engine in the same state. */
  moveTo(engine: Engine): void {
    this.engine = engine;
  }

  /** Applies a command; its facts can be read until the next one. */
  send(command: Command): OutcomeCode {
    encodeCommand(command, this.frame);
    const outcome = this.engine.apply(this.frame);
    this.record?.(this.frame);
    this.commands += 1;
    this.commandsByCode[this.frame[CODE] as number]! += 1;
    if (outcome !== 0) this.refusals.set(outcome, (this.refusals.get(outcome) ?? 0) + 1);
    const { words, count } = this.engine.venue.events;
    for (let event = 0; event < count; event++) this.report(words, event * EVENT_WORDS);
    return outcome;
  }

  /** Credits money that arrived from outside. */
  deposit(account: number, asset: number, amount: number): OutcomeCode {
    const reference = (this.references[asset] ?? 0) + 1;
    this.references[asset] = reference;
    return this.send({ kind: "confirmDeposit", time: this.time, account, asset, amount, reference });
  }

  /** Asks for money to be paid out; the custodian settles it later. */
  withdraw(account: number, asset: number, amount: number): OutcomeCode {
    const outcome = this.send({ kind: "requestWithdrawal", time: this.time, account, asset, amount });
    if (outcome === 0) this.pending.push(this.facts[0] as number);
    return outcome;
  }

  /** Pays out what was asked for before; one withdrawal in sixteen comes back. */
  settleWithdrawals(): void {
    const due = this.pending;
    this.pending = [];
    for (const withdrawal of due) {
      const paid = withdrawal % 16 === 0 ? 0 : 1;
      this.send({ kind: "finaliseWithdrawal", time: this.time, withdrawal, paid });
    }
  }

  /** Passes the bucket's events on from now. */
  listen(bucket: number, listener: Listener): void {
    this.listeners[bucket] = listener;
  }

  /** Passes all events on from now. */
  listenToAll(witness: Listener): void {
    this.witness = witness;
  }

  /** Counts the fills of a market, of `notional` micro-dollars per tick and lot. */
  count(market: number, notional: number): void {
    this.notional[market] = notional;
    this.fills[market] = 0;
    this.volume[market] = 0;
    this.carried[market] = 0n;
  }

  turnover(market: number): Turnover {
    const volume = (this.carried[market] ?? 0n) + BigInt(this.volume[market] ?? 0);
    return { fills: this.fills[market] ?? 0, volume };
  }

  /** Commands handed in, by name; those never used are absent. */
  commandsByName(): Record<string, number> {
    return Object.fromEntries(
      LAYOUTS.map(({ code, name }) => [name, this.commandsByCode[code] as number] as const).filter(
        ([, count]) => count > 0,
      ),
    );
  }

  private report(words: Float64Array, at: number): void {
    this.witness?.hear(words, at);
    switch (words[at]) {
      case EVENTS.fill.code: {
        this.countFill(words[at + 1] as number, words[at + 6] as number, words[at + 7] as number);
        this.listeners[words[at + 3] as number]?.hear(words, at);
        this.listeners[words[at + 4] as number]?.hear(words, at);
        return;
      }
      case EVENTS.orderRested.code:
      case EVENTS.orderReduced.code:
      case EVENTS.orderRemoved.code:
      case EVENTS.orderTriggered.code:
        this.listeners[words[at + 3] as number]?.hear(words, at);
        return;
      case EVENTS.positionLiquidated.code:
      case EVENTS.positionTornUp.code:
        this.listeners[words[at + 2] as number]?.hear(words, at);
        return;
      default:
    }
  }

  private countFill(market: number, price: number, lots: number): void {
    const volume = (this.volume[market] as number) + price * lots * (this.notional[market] as number);
    this.fills[market]! += 1;
    if (volume < CARRY) {
      this.volume[market] = volume;
    } else {
      this.carried[market]! += BigInt(volume);
      this.volume[market] = 0;
    }
  }
}

/** A fill is worth at most 2^50 micro-dollars, so sums below 2^52 stay exact. */
const CARRY = 2 ** 52;
