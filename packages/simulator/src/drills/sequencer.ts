/** The sequencer in other hands: it decides what comes first, and how long the rest has to wait. */
import { ORDER_TYPE, SIDE, TIME_IN_FORCE } from "@bulkhead/engine";
import type { Telling } from "../telling/beat.ts";
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
function* sandwich(stage: Scene): Telling<void> {
  const [mallory, victim] = [stage.party("mallory"), stage.party("saver 1 of alts")];
  const ioc = { timeInForce: TIME_IN_FORCE.immediateOrCancel };
  const edge = Math.floor((PRICE * (PPM + RULES.listing.band)) / PPM);
  stage.desk.now += SECOND;
  stage.reportAll();
  yield stage.beat("A saver is about to buy 20 lots at the market, and the sequencer sees it coming");
  stage.order(mallory, PLACE, SIDE.buy, 1_000, edge, ioc);
  yield stage.beat("It buys all there is before");
  stage.order(mallory, PLACE, SIDE.sell, BOUGHT / 2, edge);
  stage.order(mallory, PLACE, SIDE.sell, BOUGHT / 2, Math.round(PRICE * FAR));
  yield stage.beat("It offers ten lots at the edge of the band, and ten at 1.4 times the price");
  stage.order(victim, PLACE, SIDE.buy, BOUGHT, 0, { ...ioc, type: ORDER_TYPE.market });
  yield stage.beat("The saver's order meets what is left");
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
