/** Matching in other hands: trades that nobody made, or not at those prices, or not that often. */
import { SIDE, type Venue } from "@bulkhead/engine";
import type { Telling } from "../telling/beat.ts";
import type { Drill } from "./drill.ts";
import { Hands } from "./hands.ts";
import type { Party } from "./party.ts";
import type { Scene } from "./scene.ts";
import { NOTIONAL, PRICE, TIER } from "./terms.ts";

const PLACE = TIER.majors;
/** Lots the attacker trades, and lots matching makes of them. */
const SEED = 10;
const LOOT = 100;
const ATTEMPTS = 5;

const thief = (stage: Scene): Party => stage.party("mallory");
const victim = (stage: Scene): Party => stage.party("maker 1 of majors");

/** The attacker sends small orders for matching to work on. */
function* provoke(stage: Scene): Telling<void> {
  stage.isHostile = false;
  stage.order(thief(stage), PLACE, SIDE.buy, SEED, PRICE + 10);
  stage.isHostile = true;
  yield stage.beat("Mallory buys ten lots, honestly matched");
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    stage.desk.now += 1_000;
    stage.reportAll();
    const { outcome } = stage.order(thief(stage), PLACE, SIDE.buy, SEED, PRICE + 10);
    yield stage.beat(`Attempt ${attempt + 1} of ${ATTEMPTS}: ${outcome}`);
  }
}

/** After what is honestly matched, a deed of matching's own. Its bound is 0: nothing of it commits. */
function drill(behaviour: string, deed: (hands: Hands, stage: Scene, venue: Venue) => void): Drill {
  return {
    layer: "matching",
    behaviour,
    place: PLACE,
    guard: { judge: true },
    hostile: {
      stories: {
        placeOrder: (venue, own, stage) => {
          const outcome = own(venue);
          if (outcome === 0) deed(new Hands(venue, PLACE), stage, venue);
          return outcome;
        },
      },
    },
    bound: () => 0,
    attack: provoke,
  };
}

/** Half the price of the loot, moved from the maker to the taker. */
const UNDERPAID = (LOOT * PRICE * NOTIONAL) / 2;

export const MATCHING_DRILLS: readonly Drill[] = [
  drill("invents fills without a counterparty", (hands, stage) => {
    hands.book(thief(stage), LOOT, 0);
    hands.openInterest(LOOT);
  }),
  drill("makes a maker sell what it never offered", (hands, stage) => {
    const price = Math.round(PRICE * 0.9);
    hands.book(thief(stage), LOOT, price);
    hands.book(victim(stage), -LOOT, price);
    hands.openInterest(LOOT);
  }),
  drill("crosses at half the maker's price and tells of the whole", (hands, stage) => {
    hands.charge(victim(stage), UNDERPAID);
    hands.charge(thief(stage), -UNDERPAID);
  }),
  drill("crosses at half the maker's price and tells of it", (hands, stage, venue) => {
    const underpaid = (SEED * PRICE * NOTIONAL) / 2;
    hands.charge(victim(stage), underpaid);
    hands.charge(thief(stage), -underpaid);
    hands.retell(venue, (price) => price - PRICE / 2);
  }),
  drill("fills the same order twice, the second time for nothing", (hands, stage) => {
    hands.book(thief(stage), SEED, 0);
    hands.book(victim(stage), -SEED, 0);
    hands.openInterest(SEED);
  }),
];
