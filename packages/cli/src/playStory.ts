/** Plays a story at a terminal, one side or both, at a pace that can be read. */
import { setTimeout as sleep } from "node:timers/promises";
import { WriteStream } from "node:tty";
import {
  type Ending,
  LAYERS,
  STORIES,
  type Side,
  type Step,
  type Story,
  type StoryListing,
  tell,
} from "@bulkhead/simulator/stories";
import { EXIT, type ExitCode, type Sink, UsageError } from "./shell.ts";
import { BOTH_FROM, openingText, stepText } from "./storyText.ts";

export interface PlayOptions {
  readonly id: string;
  /** Only the side without the defence. */
  readonly isUndefended: boolean;
  /** Steps a second; undefined = as fast as they are told. */
  readonly speed: number | undefined;
  /** Columns of the terminal. */
  readonly width: number;
}

/** A terminal that is none has no width of its own. */
const PLAIN_WIDTH = 100;

export function widthOf(sink: Sink): number {
  return sink instanceof WriteStream ? sink.columns : PLAIN_WIDTH;
}

/** @throws {UsageError} if there is no such story */
export async function playStory(options: PlayOptions, stdout: Sink): Promise<ExitCode> {
  const { id, speed, width } = options;
  const listing = listingOf(id);
  const sides = sidesOf(options);
  stdout.write(openingText(listing, sides, width));
  const stories = sides.map((side) => tell(listing.id, side));
  let before: readonly (Step | undefined)[] = [];
  const endings: (Ending | undefined)[] = [];
  for (;;) {
    const steps = stories.map(nextOf);
    if (steps.every((step) => step === undefined)) break;
    stdout.write(stepText(steps, before, width));
    steps.forEach((step, side) => (endings[side] ??= step?.ending));
    before = steps.map((step, side) => step ?? before[side]);
    if (speed !== undefined) await sleep(1_000 / speed);
  }
  const isStopped = sides.every(
    (side, index) => side === "undefended" || endings[index]?.asserts.every(({ held }) => held) === true,
  );
  return isStopped ? EXIT.fine : EXIT.unsound;
}

function nextOf(story: Story): Step | undefined {
  const turn = story.next();
  return turn.done === true ? undefined : turn.value;
}

function sidesOf({ isUndefended, width }: PlayOptions): readonly Side[] {
  if (isUndefended) return ["undefended"];
  return width >= BOTH_FROM ? ["defended", "undefended"] : ["defended"];
}

function listingOf(id: string): StoryListing {
  const found = STORIES.find((each) => each.id.toLowerCase() === id.toLowerCase());
  if (found !== undefined) return found;
  const incidents = STORIES.filter(({ sort }) => sort === "incident").length;
  throw new UsageError(
    `--play takes A1 to A${incidents}, or a drill by its layer and number, such as ${LAYERS[0]}-1; found ${id}`,
  );
}
