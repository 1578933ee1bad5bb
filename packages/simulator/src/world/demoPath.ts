/**
 * The built-in price path: two days of minute bars for two made-up markets — a calm day, a crash of about 35 % within hours, a rebound.
 * Integers and seeded luck only, so a seed gives the same path on every machine.
 */
import { Dice } from "../workload/dice.ts";
import type { PriceSeries } from "./priceSeries.ts";

export const DEMO_BARS = 2_880;
const MINUTE_MS = 60_000;
/** 2026-01-05 00:00 UTC, a Monday. */
const START_MS = 1_767_571_200_000;
const DECIMALS = 2;
const ONE = 1_000_000;

interface Instrument {
  readonly name: string;
  /** First price, 10^−2 USD. */
  readonly first: number;
  /** How much harder it moves than the story, ppm. */
  readonly beta: number;
}

const INSTRUMENTS: readonly Instrument[] = [
  { name: "DEMO-BTC", first: 64_000_00, beta: 1_000_000 },
  { name: "DEMO-ETH", first: 3_200_00, beta: 1_150_000 },
];

/** The story: at which bar the price stands where, in ppm of the first, and how far one minute throws it about, ppm. */
interface Chapter {
  readonly bar: number;
  readonly level: number;
  readonly restlessness: number;
}

const STORY: readonly Chapter[] = [
  { bar: 0, level: 1_000_000, restlessness: 350 },
  { bar: 700, level: 1_022_000, restlessness: 350 },
  { bar: 1_250, level: 1_006_000, restlessness: 500 },
  { bar: 1_420, level: 905_000, restlessness: 1_600 },
  { bar: 1_500, level: 935_000, restlessness: 1_600 },
  { bar: 1_640, level: 640_000, restlessness: 3_000 },
  { bar: 1_800, level: 735_000, restlessness: 2_400 },
  { bar: 2_200, level: 800_000, restlessness: 1_100 },
  { bar: 2_880, level: 846_000, restlessness: 700 },
];

/** Keeps demo luck apart from that of the participants. */
const STREAM = 900_000;

/** @param bars - how much of the path, from its start */
export function demoPath(seed: number, bars = DEMO_BARS): readonly PriceSeries[] {
  return INSTRUMENTS.map((instrument, index) => pathOf(instrument, new Dice(seed, STREAM + index), bars));
}

function pathOf({ name, first, beta }: Instrument, dice: Dice, bars: number): PriceSeries {
  const column = (): Float64Array => new Float64Array(bars);
  const series = {
    name,
    decimals: DECIMALS,
    time: column(),
    open: column(),
    high: column(),
    low: column(),
    close: column(),
  };
  let drift = 0;
  let price = first;
  for (let bar = 0; bar < bars; bar++) {
    const { level, restlessness } = sceneAt(bar + 1);
    // The noise is drawn back to the story, so that the crash always comes.
    drift = Math.trunc((drift * 97) / 100) + throwOf(dice, restlessness);
    const target = ONE + Math.trunc(((level - ONE) * beta) / ONE) + drift;
    const close = Math.trunc((first * target) / ONE);
    const wick = Math.trunc((Math.max(price, close) * restlessness) / ONE);
    series.time[bar] = START_MS + bar * MINUTE_MS;
    series.open[bar] = price;
    series.high[bar] = Math.max(price, close) + dice.below(wick + 1);
    series.low[bar] = Math.min(price, close) - dice.below(wick + 1);
    series.close[bar] = close;
    price = close;
  }
  return series;
}

function sceneAt(bar: number): Omit<Chapter, "bar"> {
  const next = STORY.findIndex((chapter) => chapter.bar >= bar);
  const end = STORY[next] as Chapter;
  const start = STORY[next - 1] as Chapter;
  const level =
    start.level + Math.trunc(((end.level - start.level) * (bar - start.bar)) / (end.bar - start.bar));
  return { level, restlessness: end.restlessness };
}

/** Bell-shaped by three throws, within ±1.5 times the width. */
function throwOf(dice: Dice, width: number): number {
  return (
    dice.between(0, width) + dice.between(0, width) + dice.between(0, width) - Math.trunc((width * 3) / 2)
  );
}
