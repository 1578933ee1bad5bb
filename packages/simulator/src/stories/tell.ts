/** Tells a story step by step: the play itself, looked at between two beats. Deterministic, and lazy: nothing happens until the next step is asked for. */
import { type DrillRow, playing } from "../drills/drill.ts";
import type { Scene } from "../drills/scene.ts";
import { openScene } from "../drills/setUp.ts";
import { type IncidentTotals, totalsOf } from "../incidents/totals.ts";
import type { Act, Beat, Place, Telling } from "../telling/beat.ts";
import type { Deed, Notable } from "../telling/diary.ts";
import { type Frame, frameOf } from "../telling/frame.ts";
import { ENTRIES, type Entry } from "./listing.ts";

/** With all defences, or without the one that the story is about. */
export type Side = "defended" | "undefended";

/** One thing told: what was done since the step before, and how everything stands after it. */
export interface Step {
  /** From 0. Steps of the two sides of an incident are the same in number and belong together by it. */
  readonly index: number;
  /** `end` is the last step, with the ending. */
  readonly act: Act | "end";
  /** In plain words. */
  readonly caption: string;
  /** The venue's time, ms since the epoch, and since the attack began; undefined before it does. */
  readonly time: number;
  readonly elapsed: number | undefined;
  /** Number of the last command. */
  readonly sequence: number;
  /** Commands since the step before, summed up by kind, outcome and whose they are. */
  readonly deeds: readonly Deed[];
  /** What is worth telling of what came of them. */
  readonly notables: readonly NotableInUsd[];
  readonly frame: Frame;
  /** In the last step only. */
  readonly ending?: Ending;
}

export interface NotableInUsd extends Omit<Notable, "amount"> {
  /** 0 where it is not about money. */
  readonly amountUsd: number;
}

export interface Ending {
  readonly asserts: readonly { readonly text: string; readonly held: boolean; readonly measured: string }[];
  /** Of an incident what `bulkhead incidents --json` says of this side; of a drill a row of `bulkhead drill --json`. */
  readonly totals: IncidentTotals | DrillRow;
}

export type Story = Generator<Step, undefined, undefined>;

/** There is no story of that name. */
export class UnknownStory extends Error {
  constructor(id: string) {
    super(`no story ${id}`);
    this.name = "UnknownStory";
  }
}

/**
 * Tells a story from its beginning.
 * @param id - of a listing, in any case of letters
 * @throws {UnknownStory}
 */
export function tell(id: string, side: Side): Story {
  const entry = ENTRIES.find(({ listing }) => listing.id.toLowerCase() === id.toLowerCase());
  if (entry === undefined) throw new UnknownStory(id);
  return stepsOf(entry, side === "defended");
}

function* stepsOf(entry: Entry, isDefended: boolean): Story {
  const telling = endingOf(entry, isDefended);
  let last: Place | undefined;
  for (let index = 0; ; index++) {
    const { done, value } = telling.next();
    if (done === true) {
      if (last === undefined) throw new Error(`${entry.listing.id} tells nothing`);
      const { asserts } = value;
      const held = asserts.filter((each) => each.held).length;
      const caption = `The end: ${held} of ${asserts.length} asserts hold`;
      yield { ...stepOf(index, "end", caption, last), ending: value };
      return undefined;
    }
    last = value.place;
    yield stepOf(index, value.act, value.caption, last);
  }
}

function stepOf(index: number, act: Step["act"], caption: Beat["caption"], place: Place): Step {
  const { deeds, notables } = place.diary.take();
  return {
    index,
    act,
    caption,
    time: place.now,
    elapsed: place.beganAt === undefined ? undefined : place.now - place.beganAt,
    sequence: place.engine.sequence,
    deeds,
    notables: notables.map(({ amount, ...notable }) => ({ ...notable, amountUsd: amount / 1e6 })),
    frame: frameOf(place),
  };
}

function* endingOf(entry: Entry, isDefended: boolean): Telling<Ending> {
  if ("incident" in entry) {
    const { outcome, asserts } = yield* entry.incident.tell(isDefended);
    return { totals: totalsOf(outcome), asserts };
  }
  const { row, asserts } = yield* playing(entry.drill, isDefended ? undefined : intact(), !isDefended);
  return { totals: row, asserts };
}

let untouched: Scene | undefined;

/** The venue that no drill touches: bounds of those that do without a guard are computed from it. */
function intact(): Scene {
  return (untouched ??= openScene());
}
