/** A drill: one layer in hostile hands, a bound computed before it begins, and what it cost in the end. */
import { microText, usdText } from "../telling/amounts.ts";
import { type Telling, finish } from "../telling/beat.ts";
import type { AttackedLayer } from "../telling/layers.ts";
import { countAll, gainBetween, holeIn, lossesBetween, reachOf } from "./measure.ts";
import { freeCash, isPrincipalPayable } from "./payable.ts";
import type { Hostile, Missing, Scene } from "./scene.ts";
import { openingScene } from "./setUp.ts";
import { PPM } from "./terms.ts";

export interface Drill {
  readonly layer: AttackedLayer;
  /** What the layer does, in a few words. */
  readonly behaviour: string;
  /** The tier under attack, 0 = the vault. */
  readonly place: number;
  readonly hostile?: Hostile;
  /** Whether insurance funds have lent to each other before. */
  readonly isLending?: boolean;
  /** The guard that holds it, to be taken away by a test. */
  readonly guard: Missing;
  /** The most it may cost, micro-dollars: from parameters, and from what is held before. */
  bound(scene: Scene): number;
  attack(scene: Scene): Telling<void>;
  /** Beginnings of answers that decide it, if the engine gives them, the more decisive first. */
  readonly decisive?: readonly string[];
  /** Names of those whose business it is to bear what they take over: the market's moves afterwards are theirs. */
  readonly bearers?: string;
}

/** One line of the report. Amounts are dollars. Names here are a contract: add, never rename. */
export interface DrillRow {
  readonly layer: AttackedLayer;
  readonly behaviour: string;
  readonly boundUsd: number;
  readonly lossUsd: number;
  readonly otherTiersTouchedUsd: number;
  readonly principalPayable: boolean;
  /** What the engine answered to the attack, the decisive first; "nothing" if it never said no. */
  readonly stoppedBy: string;
  readonly held: boolean;
}

/** What a drill promises. */
export const PROMISES = {
  cost: "It costs no more than a bound computed before the attack",
  elsewhere: "Other tiers lose no more than their part of what stands behind all",
  principal: "All principal can be paid afterwards, tried with everybody's",
} as const;

export interface DrillEnding {
  readonly row: DrillRow;
  /** The promises, and what they come to. Dollars. */
  readonly asserts: readonly { readonly text: string; readonly held: boolean; readonly measured: string }[];
}

/**
 * Plays a drill.
 * @param intact - the venue before anything happens, with every guard: what the bound is computed from
 * @param isBare - true if the drill's guard is to be taken away, and nothing else
 */
export function play(drill: Drill, intact: Scene, isBare = false): DrillRow {
  return finish(playing(drill, intact, isBare)).row;
}

/**
 * The same, told while it is played.
 * @param intact - undefined if nothing is taken away: then the venue that is attacked is intact until it is
 */
export function* playing(drill: Drill, intact: Scene | undefined, isBare: boolean): Telling<DrillEnding> {
  const { layer, behaviour, place, guard, hostile = {}, isLending = false } = drill;
  const scene = yield* openingScene(hostile, isBare ? guard : {}, isLending);
  const bound = drill.bound(intact ?? scene);
  const { desk } = scene;
  const cap = reachOf(scene, place);
  const free = freeCash(scene);
  const before = countAll(scene);
  const hole = holeIn(scene, before);
  const terms = { place, hole, bearers: drill.bearers };
  scene.count = () => {
    const now = countAll(scene);
    const loss = Number(lossesBetween(scene, before, now, terms).total);
    return { loss, attackerGain: Number(gainBetween(scene, before, now)) };
  };
  scene.act = "attack";
  scene.beganAt = desk.now;
  yield scene.beat(`From here on the layer is in other hands: it ${behaviour}`);

  desk.isWatching = true;
  scene.isHostile = true;
  yield* drill.attack(scene);
  scene.isHostile = false;
  desk.isWatching = false;

  const { total, elsewhere } = lossesBetween(scene, before, countAll(scene), terms);
  scene.act = "aftermath";
  yield scene.beat(`The honest layer is back; lost so far: ${microText(Number(total))}`);
  const principalPayable = yield* isPrincipalPayable(scene, free, place);
  const held = total <= BigInt(bound) && principalPayable && elsewhere <= BigInt(cap);
  const row = {
    layer,
    behaviour,
    boundUsd: bound / PPM,
    lossUsd: Number(total) / PPM,
    otherTiersTouchedUsd: Number(elsewhere) / PPM,
    principalPayable,
    stoppedBy: answerOf(desk.answers, drill.decisive),
    held,
  };
  return { row, asserts: assertsOf(row, cap / PPM) };
}

/** @param cap - what other tiers may lose, dollars */
function assertsOf(row: DrillRow, cap: number): DrillEnding["asserts"] {
  const { lossUsd, boundUsd, otherTiersTouchedUsd: elsewhere, principalPayable } = row;
  return [
    { text: PROMISES.cost, ...within(lossUsd, boundUsd) },
    { text: PROMISES.elsewhere, ...within(elsewhere, cap) },
    {
      text: PROMISES.principal,
      held: principalPayable,
      measured: principalPayable ? "all paid" : "not all paid",
    },
  ];
}

function within(usd: number, bound: number): { readonly held: boolean; readonly measured: string } {
  return { held: usd <= bound, measured: `${usdText(usd)} of at most ${usdText(bound)}` };
}

/** What the engine said to the attack, at most three answers: broken invariants first, what decides it next, the others as often as they came. */
function answerOf(answers: ReadonlyMap<string, number>, decisive: readonly string[] = []): string {
  const first = ["invariant", ...decisive];
  const rank = (answer: string): number => {
    const found = first.findIndex((beginning) => answer.startsWith(beginning));
    return found < 0 ? first.length : found;
  };
  const sorted = [...answers];
  sorted.sort(([a, often], [b, oftenB]) => rank(a) - rank(b) || oftenB - often);
  const told = sorted.map(([answer]) => answer).slice(0, SHOWN_ANSWERS);
  return told.length === 0 ? "nothing" : told.join(", ");
}

const SHOWN_ANSWERS = 3;
