/** The sequencer in other hands: it decides what comes first, and how long the rest has to wait. */
import { ORDER_TYPE, SIDE, TIME_IN_FORCE } from "@bulkhead/engine";
import type { Drill } from "./drill.ts";
import { sellIntoFall, takenBefore } from "./oracle.ts";
import type { Scene } from "./scene.ts";
import { PPM, PRICE, RULES, SECOND, TIER, valueOf } from "./terms.ts";

const PLACE = TIER.alts;
/** Lots that somebody buys at the market, without naming a price. */
const BOUGHT = 20;
/** Where the sequencer offers the second half of them. */
const FAR = 1.4;

/** The band is all that speaks for who names no price: it, and the fee on what is paid. */
function bandOn(lots: number): number {
  const value = valueOf(lots, PRICE);
  const { band, takerFee } = RULES.listing;
  return Math.ceil((value * band) / PPM + (value * (1 + band / PPM) * takerFee) / PPM);
}

/** It sees an order to buy at the market coming, buys all there is before, and offers it dearer. */
function sandwich(stage: Scene): void {
  const [mallory, victim] = [stage.party("mallory"), stage.party("saver 1 of alts")];
  const ioc = { timeInForce: TIME_IN_FORCE.immediateOrCancel };
  const edge = Math.floor((PRICE * (PPM + RULES.listing.band)) / PPM);
  stage.desk.now += SECOND;
  stage.reportAll();
  stage.order(mallory, PLACE, SIDE.buy, 1_000, edge, ioc);
  stage.order(mallory, PLACE, SIDE.sell, BOUGHT / 2, edge);
  stage.order(mallory, PLACE, SIDE.sell, BOUGHT / 2, Math.round(PRICE * FAR));
  stage.order(victim, PLACE, SIDE.buy, BOUGHT, 0, { ...ioc, type: ORDER_TYPE.market });
}

export const SEQUENCER_DRILLS: readonly Drill[] = [
  {
    layer: "sequencer",
    behaviour: "holds back prices and cancels for ten minutes while the market falls by 10 %",
    place: PLACE,
    guard: { reporters: true },
    decisive: ["price_forbids"],
    bound: (scene) => takenBefore(scene, PLACE, RULES.feed.staleAfter),
    attack: (stage) => sellIntoFall(stage, PLACE, () => stage.desk.send({ kind: "clockTick", tier: PLACE })),
  },
  {
    layer: "sequencer",
    behaviour: "puts its own orders before and behind one that names no price",
    place: PLACE,
    guard: { band: true },
    decisive: ["immediateOrCancel"],
    bound: () => bandOn(BOUGHT),
    attack: sandwich,
  },
];
