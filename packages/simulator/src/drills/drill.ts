/** A drill: one layer in hostile hands, a bound computed before it begins, and what it cost in the end. */
import { countAll, holeIn, lossesBetween, reachOf } from "./measure.ts";
import { freeCash, isPrincipalPayable } from "./payable.ts";
import type { Hostile, Missing, Scene } from "./scene.ts";
import { openScene } from "./setUp.ts";
import { PPM } from "./terms.ts";

/** The layers that a drill may put into other hands. */
export const LAYERS = [
  "oracle",
  "matching",
  "risk",
  "clearing",
  "governance",
  "vault",
  "security",
  "tier",
  "keepers",
  "sequencer",
] as const;
export type DrilledLayer = (typeof LAYERS)[number];

export interface Drill {
  readonly layer: DrilledLayer;
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
  attack(scene: Scene): void;
  /** Beginnings of answers that decide it, if the engine gives them, the more decisive first. */
  readonly decisive?: readonly string[];
  /** Names of those whose business it is to bear what they take over: the market's moves afterwards are theirs. */
  readonly bearers?: string;
}

/** One line of the report. Amounts are dollars. Names here are a contract: add, never rename. */
export interface DrillRow {
  readonly layer: DrilledLayer;
  readonly behaviour: string;
  readonly boundUsd: number;
  readonly lossUsd: number;
  readonly otherTiersTouchedUsd: number;
  readonly principalPayable: boolean;
  /** What the engine answered to the attack, the decisive first; "nothing" if it never said no. */
  readonly stoppedBy: string;
  readonly held: boolean;
}

/**
 * Plays a drill.
 * @param intact - the venue before anything happens, with every guard: what the bound is computed from
 * @param isBare - true if the drill's guard is to be taken away, and nothing else
 */
export function play(drill: Drill, intact: Scene, isBare = false): DrillRow {
  const { layer, behaviour, place, guard, hostile = {}, isLending = false } = drill;
  const bound = drill.bound(intact);
  const scene = openScene(hostile, isBare ? guard : {}, isLending);
  const { desk } = scene;
  const cap = reachOf(scene, place);
  const free = freeCash(scene);
  const before = countAll(scene);
  const hole = holeIn(scene, before);

  desk.isWatching = true;
  scene.isHostile = true;
  drill.attack(scene);
  scene.isHostile = false;
  desk.isWatching = false;

  const { total, elsewhere } = lossesBetween(scene, before, countAll(scene), {
    place,
    hole,
    bearers: drill.bearers,
  });
  const principalPayable = isPrincipalPayable(scene, free, place);
  const held = total <= BigInt(bound) && principalPayable && elsewhere <= BigInt(cap);
  return {
    layer,
    behaviour,
    boundUsd: bound / PPM,
    lossUsd: Number(total) / PPM,
    otherTiersTouchedUsd: Number(elsewhere) / PPM,
    principalPayable,
    stoppedBy: answerOf(desk.answers, drill.decisive),
    held,
  };
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
