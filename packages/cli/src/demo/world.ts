/**
 * What the demo's underlyings are worth at any moment: a pure function of the time since it began, so that every program that takes part looks
 * at the same world without asking another. A calm, then a crash within two minutes with one fall in it that no liquidation keeps up with, then
 * a restless recovery; then all of it again.
 */
import { createHash } from "node:crypto";
import { FIRST_PRICES, type Underlying } from "./venue.ts";

const MINUTE = 60_000;

/** Where the price stands when, as a share of the first, and how restless it is on the way there. */
interface Chapter {
  readonly at: number;
  readonly level: number;
  readonly restlessness: number;
}

/** How long the fall takes that leaves those who borrow most with less than nothing. */
const FALL_MS = 2_000;

const STORY: readonly Chapter[] = [
  { at: 0, level: 1, restlessness: 0.0006 },
  { at: 3 * MINUTE, level: 1.006, restlessness: 0.0006 },
  { at: 3.5 * MINUTE, level: 0.97, restlessness: 0.002 },
  { at: 3.5 * MINUTE + FALL_MS, level: 0.87, restlessness: 0.002 },
  { at: 4.25 * MINUTE, level: 0.84, restlessness: 0.004 },
  { at: 5 * MINUTE, level: 0.72, restlessness: 0.005 },
  { at: 6 * MINUTE, level: 0.8, restlessness: 0.004 },
  { at: 9 * MINUTE, level: 0.87, restlessness: 0.002 },
  { at: 15 * MINUTE, level: 0.95, restlessness: 0.001 },
  { at: 25 * MINUTE, level: 1, restlessness: 0.0006 },
];

/** How long the story takes until it begins again, ms. */
export const STORY_MS: number = (STORY.at(-1) as Chapter).at;
/** When the crash begins, ms after the beginning. */
export const CRASH_AT_MS: number = 3 * MINUTE;
/** When the fall in it begins and has ended, ms after the beginning. */
export const FALL: readonly [number, number] = [3.5 * MINUTE, 3.5 * MINUTE + FALL_MS];

/** How much harder than the story each one moves. */
const BETA: Readonly<Record<Underlying, number>> = { BTC: 1, ETH: 1.15, SOL: 1.4, AVAX: 1.5, DOGE: 1.7 };

/** Waves of noise, ms from knot to knot, and how much of the restlessness each has. */
const WAVES = [
  { every: 2_000, share: 0.5 },
  { every: 15_000, share: 1 },
  { every: 90_000, share: 1.5 },
] as const;

/** Dollars. @param elapsedMs - since the demo began */
export function worldPrice(underlying: Underlying, elapsedMs: number): number {
  const inStory = elapsedMs % STORY_MS;
  const { level, restlessness } = sceneAt(inStory);
  const noise = WAVES.reduce(
    (sum, { every, share }) => sum + share * waveAt(`${underlying}/${every}`, elapsedMs / every),
    0,
  );
  return (
    FIRST_PRICES[underlying] * (1 + (level - 1) * BETA[underlying] + noise * restlessness * BETA[underlying])
  );
}

function sceneAt(time: number): { readonly level: number; readonly restlessness: number } {
  const next = Math.max(
    1,
    STORY.findIndex(({ at }) => at >= time),
  );
  const [from, to] = [STORY[next - 1] as Chapter, STORY[next] as Chapter];
  const share = (time - from.at) / (to.at - from.at);
  return { level: from.level + (to.level - from.level) * share, restlessness: to.restlessness };
}

/** Smooth luck from −1 to 1 at a place, with a new value at every whole one. */
function waveAt(name: string, place: number): number {
  const knot = Math.floor(place);
  const share = place - knot;
  const eased = share * share * (3 - 2 * share);
  return luckAt(name, knot) * (1 - eased) + luckAt(name, knot + 1) * eased;
}

function luckAt(name: string, knot: number): number {
  const digest = createHash("sha256").update(`${name}/${knot}`).digest();
  return digest.readUInt32LE(0) / 2 ** 31 - 1;
}
