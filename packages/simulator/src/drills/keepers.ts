/** A cartel of keepers: nobody bids where a liquidation may sell, so that all of it has to be taken over. */
import { SIDE } from "@bulkhead/engine";
import type { Telling } from "../telling/beat.ts";
import type { Drill } from "./drill.ts";
import type { Scene } from "./scene.ts";
import { MARKETS, MONEY, PPM, PRICE, RULES, SECOND, TIER, TIERS, valueOf } from "./terms.ts";

const PLACE = TIER.alts;
/** The market falls to where every long is in distress, in three hours of many small steps, and then in one leap. */
const FALL = 0.34;
const STEPS = 1_080;
const STEP_SECONDS = 10;
const LEAP = 0.6;
/** Steps between two beats. */
const TOLD = 36;
/** Steps between two quotes. */
const REQUOTE = 10;
/** How far from the price the cartel quotes: liquidations may sell within the band, 5 %. */
const AFAR = 0.055;
const LOTS = MONEY.quote * MONEY.quotes.length;

/** Whoever is closed loses no more than his maintenance margin to who takes it over, and leaves no more unpaid than one step. */
function marginAndStep(scene: Scene): number {
  const { initialMargin } = TIERS[PLACE - 1] as (typeof TIERS)[number];
  const maintenance = (initialMargin / PPM) * (RULES.listing.maintenanceRatio / PPM);
  const value = valueOf(scene.partiesOf(PLACE, "long").length * MONEY.position, PRICE);
  return Math.ceil(value * (maintenance + FALL / STEPS));
}

/** Makers quote as many lots as ever, just beyond the band. */
function quoteAfar(stage: Scene): void {
  stage.clearBooks(PLACE);
  for (const maker of stage.partiesOf(PLACE, "maker")) {
    for (let market = 1; market <= MARKETS; market++) {
      const [bid, ask] = [1 - AFAR, 1 + AFAR].map((part) => Math.round(stage.fairOf(PLACE, market) * part));
      stage.order(maker, PLACE, SIDE.buy, LOTS, bid as number, { market });
      stage.order(maker, PLACE, SIDE.sell, LOTS, ask as number, { market });
    }
  }
}

function* stayAway(stage: Scene): Telling<void> {
  for (let step = 1; step <= STEPS; step++) {
    for (let market = 1; market <= MARKETS; market++)
      stage.fair.set(`${PLACE}/${market}`, PRICE * (1 - (FALL * step) / STEPS));
    if (step % REQUOTE === 1) quoteAfar(stage);
    stage.desk.now += STEP_SECONDS * SECOND;
    stage.reportTier(PLACE);
    if (step % TOLD === 0) {
      const fallen = ((100 * FALL * step) / STEPS).toFixed(1);
      yield stage.beat(`The market has fallen by ${fallen} %, and nobody bids within the band`);
    }
  }
  yield* stage.crash(PLACE, LEAP);
}

export const KEEPER_DRILLS: readonly Drill[] = [
  {
    layer: "keepers",
    behaviour: "none of them bids where a liquidation may sell",
    place: PLACE,
    guard: { liquidation: true },
    bearers: "backstop",
    decisive: ["backstop", "tear-up"],
    bound: marginAndStep,
    attack: stayAway,
  },
];
