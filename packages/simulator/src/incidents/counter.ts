/** The counter of a venue on the real engine: hands in commands, lets time pass, and keeps what was answered. */
import {
  type Capacities,
  Engine,
  type EngineOptions,
  type EventName,
  type Receipt,
  type RefusalName,
  hex,
  venueView,
} from "@bulkhead/engine";
import { type Figures, Losses } from "./losses.ts";
import { DAY, type Instruction } from "./terms.ts";

export interface CounterOptions extends Omit<EngineOptions, "capacities"> {
  readonly tiers?: number;
  readonly seats?: number;
}

const START = 1_600_000_000_000 - (1_600_000_000_000 % DAY);
const MARKETS = 4;
/** Ticks that a tier has room for. */
const TICKS = 2 ** 17;

export class Counter {
  readonly engine: Engine;
  readonly losses: Losses;
  /** Refusals since the story began, by name. */
  readonly refusals = new Map<RefusalName, number>();
  /** What was told since the story began. */
  readonly receipts: Receipt[] = [];
  now = START;

  private hasBegun = false;

  constructor({ tiers = 2, seats = 64, ...options }: CounterOptions = {}) {
    this.engine = new Engine({ ...options, capacities: roomFor(tiers, seats) });
    this.losses = new Losses(this.engine.venue);
  }

  /** Applies a command now and answers with its receipt, whatever it says. */
  send(instruction: Instruction): Receipt {
    const receipt = this.engine.submit({ time: this.now, ...instruction });
    this.losses.hear(instruction, receipt);
    if (this.hasBegun) {
      this.receipts.push(receipt);
      const { outcome } = receipt;
      if (outcome !== "accepted") this.refusals.set(outcome, (this.refusals.get(outcome) ?? 0) + 1);
    }
    return receipt;
  }

  /** Applies a command that the story cannot go on without. */
  must(instruction: Instruction): Receipt {
    const receipt = this.send(instruction);
    if (receipt.outcome !== "accepted")
      throw new Error(`${instruction.kind} was refused: ${receipt.outcome} ${JSON.stringify(receipt.facts)}`);
    return receipt;
  }

  /** From here on it is the story: refusals, outflow and funds count. */
  begin(): void {
    this.hasBegun = true;
    this.losses.begin();
  }

  /** Time passes. */
  wait(ms: number): void {
    this.now += ms;
  }

  /** Time passes in steps, with a clock tick in every tier after each. */
  pass(ms: number, step: number): void {
    for (const end = this.now + ms; this.now < end;) {
      this.now = Math.min(end, this.now + step);
      this.tick();
    }
  }

  tick(): void {
    for (let tier = 1; tier <= venueView(this.engine.venue).tiers; tier++)
      this.must({ kind: "clockTick", tier });
  }

  figures(): Figures {
    return this.losses.figures();
  }

  /** Numbers of the events of one name since the story began. */
  heard(event: EventName): readonly Readonly<Record<string, number>>[] {
    return this.receipts.flatMap(({ events }) =>
      events.filter((each) => each.event === event).map(({ values }) => values),
    );
  }

  stateHash(): string {
    return hex(this.engine.stateHash());
  }
}

function roomFor(tiers: number, seats: number): Capacities {
  const tier = {
    markets: MARKETS,
    buckets: seats,
    positions: seats * 4,
    orders: 4_096,
    holdings: seats,
    ticks: TICKS,
  };
  return {
    accounts: 2 * seats,
    balances: 4 * seats,
    withdrawals: 1_024,
    tiers: Array.from({ length: tiers }, () => tier),
  };
}
