/**
 * How what happens on a stage is told while it happens. A play is a generator: it hands out a beat whenever something worth telling is done,
 * and goes on when it is asked to. Whoever wants only the outcome runs it to its end; whoever watches looks around between two beats. So there is
 * one play, watched or not.
 */
import type { Engine } from "@bulkhead/engine";
import type { Diary } from "./diary.ts";

/** Where a play stands: before the attack, in it, or in what is tried afterwards. */
export type Act = "opening" | "attack" | "aftermath";

/** Something has just been done. */
export interface Beat {
  /** In plain words, in the present tense. */
  readonly caption: string;
  readonly act: Act;
  readonly place: Place;
}

/** A play under way: hands out beats, and its result in the end. */
export type Telling<Result> = Generator<Beat, Result, undefined>;

/** Plays to the end without anybody watching. */
export function finish<Result>(telling: Telling<Result>): Result {
  for (;;) {
    const turn = telling.next();
    if (turn.done === true) return turn.value;
  }
}

/** A market as people call it. */
export interface NamedMarket {
  readonly tier: number;
  readonly market: number;
  readonly name: string;
  /** Dollars per tick; micro-dollars per tick and lot. */
  readonly tick: number;
  readonly notional: number;
}

/** An asset other than dollars, as people call it. */
export interface NamedAsset {
  readonly asset: number;
  readonly name: string;
  /** Units in a whole one, and what it is truly worth, dollars. */
  readonly scale: number;
  readonly dollars: number;
  /** Units that the vault was told of and that never arrived; those of them that are still somebody's by its books. */
  readonly forged: number;
  readonly forgedLeft: number;
}

/** What the attackers have won so far and the others lost, micro-dollars. */
export interface Tally {
  readonly attackerGain: number;
  readonly loss: number;
}

/** A stage, to whoever watches it. Nothing here changes anything. */
export interface Place {
  readonly engine: Engine;
  /** Ms since the epoch. */
  readonly now: number;
  /** When the attack began; undefined until it does. */
  readonly beganAt: number | undefined;
  readonly diary: Diary;
  readonly tiers: readonly string[];
  readonly markets: readonly NamedMarket[];
  readonly assets: readonly NamedAsset[];
  tally(): Tally;
  /** What a market is worth in truth, ticks. */
  trueTicks(tier: number, market: number): number;
}
