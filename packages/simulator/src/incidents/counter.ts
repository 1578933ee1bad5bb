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
import type { Beat, NamedAsset, NamedMarket, Place, Tally } from "../telling/beat.ts";
import { type By, Diary } from "../telling/diary.ts";
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

export class Counter implements Place {
  readonly engine: Engine;
  readonly losses: Losses;
  /** Refusals since the story began, by name. */
  readonly refusals = new Map<RefusalName, number>();
  /** What was told since the story began. */
  readonly receipts: Receipt[] = [];
  readonly diary: Diary = new Diary();
  readonly tiers: readonly string[];
  readonly markets: NamedMarket[] = [];
  now = START;
  beganAt: number | undefined;

  private readonly assetNames = new Map<number, string>();

  constructor({ tiers = 2, seats = 64, ...options }: CounterOptions = {}) {
    this.engine = new Engine({ ...options, capacities: roomFor(tiers, seats) });
    this.losses = new Losses(this.engine.venue);
    this.tiers = ["the tier struck", "the tier next door", "a third tier"].slice(0, tiers);
  }

  /** Applies a command now and answers with its receipt, whatever it says. */
  send(instruction: Instruction): Receipt {
    const receipt = this.engine.submit({ time: this.now, ...instruction });
    this.losses.hear(instruction, receipt);
    this.diary.note(this.sentBy(instruction), "tier" in instruction ? instruction.tier : 0, receipt);
    if (this.beganAt !== undefined) {
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
    this.beganAt = this.now;
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

  /** Something worth telling has been done. @param caption - what, in plain words */
  beat(caption: string): Beat {
    return { caption, act: this.beganAt === undefined ? "opening" : "attack", place: this };
  }

  figures(): Figures {
    return this.losses.figures();
  }

  tally(): Tally {
    return this.losses.figures();
  }

  trueTicks(tier: number, market: number): number {
    return this.losses.truthOf(tier, market);
  }

  get assets(): readonly NamedAsset[] {
    return [...this.assetNames].map(([asset, name]) => ({ asset, name, ...this.losses.realityOf(asset) }));
  }

  protected nameAsset(asset: number, name: string): void {
    this.assetNames.set(asset, name);
  }

  private sentBy(instruction: Instruction): By {
    if (!("account" in instruction)) return "venue";
    return this.losses.isAttackers(instruction.account) ? "attacker" : "other";
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
