/** The oracle in other hands: some of its reporters lie, or all of them stop seeing. */
import { SIDE, TIME_IN_FORCE } from "@bulkhead/engine";
import { priceText } from "../telling/amounts.ts";
import type { Telling } from "../telling/beat.ts";
import type { Drill } from "./drill.ts";
import { ALL_REPORTERS, type Scene } from "./scene.ts";
import { MARKETS, MONEY, PPM, PRICE, RULES, SECOND, TIER, moveIn, valueOf } from "./terms.ts";

const PLACE = TIER.majors;
const LIE = 100;
const LIED_SECONDS = 60;

/** Lots held long in all markets of the tier, valued; the same are held short. */
function held(scene: Scene): number {
  return valueOf(scene.partiesOf(PLACE, "long").length * MONEY.position, PRICE);
}

/** What less than half of the weight says can move the price among the others' votes only, and those are no farther apart than this. */
function withinHonestVotes(scene: Scene): number {
  return Math.ceil((2 * held(scene) * RULES.feed.deviation) / PPM);
}

/** Some of a tier's reporters say a hundred times the price, the others the truth, for a minute. */
function* lie(stage: Scene, liars: readonly number[]): Telling<void> {
  const honest = ALL_REPORTERS.filter((reporter) => !liars.includes(reporter));
  for (let second = 0; second < LIED_SECONDS; second++) {
    stage.desk.now += SECOND;
    for (let market = 1; market <= MARKETS; market++) {
      if (stage.missing.reporters !== true) stage.report(PLACE, market, undefined, honest);
      stage.report(PLACE, market, stage.fairOf(PLACE, market) * LIE, [...liars]);
    }
    for (const tier of [TIER.alts, TIER.experimental])
      for (let market = 1; market <= MARKETS; market++) stage.report(tier, market);
    for (const tier of Object.values(TIER)) stage.desk.send({ kind: "clockTick", tier });
    if (second % 5 === 4)
      yield stage.beat(
        `Second ${second + 1}: ${liars.length} of 7 say ${priceText(PRICE * LIE)}, the mark is ${priceText(stage.mark(PLACE, 1))}`,
      );
  }
}

/** The market falls for ten minutes, and nobody tells the engine. */
export const FALL = 0.1;
const FALL_SECONDS = 600;

/** Lots bid above what the price may come to in a time without anybody noticing, and all of the fall on them. */
export function takenBefore(scene: Scene, place: number, ms: number): number {
  const lowest = PRICE * (1 - moveIn(ms) / PPM);
  const levels = MONEY.quotes.filter((distance) => PRICE - (PRICE * distance) / 1_000 >= lowest).length;
  const lots = scene.partiesOf(place, "maker").length * levels * MONEY.quote;
  return Math.ceil(valueOf(lots, PRICE) * FALL);
}

/** While the market falls the attacker sells to whoever still bids more than it is worth. `tell` is what is reported meanwhile. */
export function* sellIntoFall(stage: Scene, place: number, tell: () => void): Telling<void> {
  const ioc = { timeInForce: TIME_IN_FORCE.immediateOrCancel };
  for (let second = 1; second <= FALL_SECONDS; second++) {
    stage.desk.now += SECOND;
    const fair = PRICE * (1 - (FALL * second) / FALL_SECONDS);
    stage.fair.set(`${place}/1`, fair);
    tell();
    const above = MONEY.quotes.filter((distance) => PRICE - (PRICE * distance) / 1_000 > fair).length;
    if (above > 0) stage.order(stage.party("mallory"), place, SIDE.sell, MONEY.quote, Math.ceil(fair), ioc);
    if (second % 20 === 0)
      yield stage.beat(
        `Second ${second}: worth ${priceText(fair)}, marked at ${priceText(stage.mark(place, 1))}; the attacker sells to who bids more`,
      );
  }
}

/** Reporters go on saying what they said; the other markets are told as ever. */
function standStill(stage: Scene): void {
  if (stage.missing.reporters !== true)
    for (const reporter of ALL_REPORTERS) stage.repeat(PLACE, 1, PRICE, reporter);
  for (const tier of Object.values(TIER)) {
    for (let market = 1; market <= MARKETS; market++)
      if (tier !== PLACE || market !== 1) stage.report(tier, market);
    stage.desk.send({ kind: "clockTick", tier });
  }
}

export const ORACLE_DRILLS: readonly Drill[] = [
  {
    layer: "oracle",
    behaviour: "one reporter of seven says a hundred times the price",
    place: PLACE,
    guard: { reporters: true },
    bound: withinHonestVotes,
    attack: (stage) => lie(stage, [1]),
  },
  {
    layer: "oracle",
    behaviour: "three reporters of seven say a hundred times the price",
    place: PLACE,
    guard: { reporters: true },
    bound: withinHonestVotes,
    attack: (stage) => lie(stage, [1, 2, 3]),
  },
  {
    layer: "oracle",
    behaviour: "all reporters repeat an old price while the market falls by 10 %",
    place: PLACE,
    guard: { reporters: true },
    decisive: ["price_forbids"],
    bound: (scene) => takenBefore(scene, PLACE, RULES.feed.frozenAfter * SECOND + RULES.feed.staleAfter),
    attack: (stage) => sellIntoFall(stage, PLACE, () => standStill(stage)),
  },
];
