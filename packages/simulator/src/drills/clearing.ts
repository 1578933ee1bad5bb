/** Clearing in other hands: it mints money, books profits to the wrong party, or helps itself where it has no business. */
import { SIDE, type Venue } from "@bulkhead/engine";
import type { Telling } from "../telling/beat.ts";
import type { Drill } from "./drill.ts";
import { Hands, creditBalance } from "./hands.ts";
import type { Party } from "./party.ts";
import type { Scene } from "./scene.ts";
import { PRICE, TIER, USD } from "./terms.ts";

const PLACE = TIER.alts;
const LOOT = 90_000 * USD;
const ATTEMPTS = 5;

const thief = (stage: Scene): Party => stage.party("mallory");
const victim = (stage: Scene): Party => stage.party("maker 1 of alts");

function* trade(stage: Scene): Telling<void> {
  stage.isHostile = false;
  stage.order(thief(stage), PLACE, SIDE.buy, 10, PRICE + 10);
  stage.isHostile = true;
  yield stage.beat("Mallory buys ten lots, honestly cleared");
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    stage.desk.now += 1_000;
    stage.reportAll();
    const { outcome } = stage.order(thief(stage), PLACE, SIDE.sell, 1, PRICE - 10);
    yield stage.beat(`Attempt ${attempt + 1} of ${ATTEMPTS}: ${outcome}`);
  }
}

/** After what is honestly cleared, a deed of clearing's own. Its bound is 0: nothing of it commits. */
function drill(
  behaviour: string,
  deed: (hands: Hands, stage: Scene, venue: Venue) => void,
  isLending = false,
): Drill {
  return {
    layer: "clearing",
    behaviour,
    place: PLACE,
    isLending,
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
    attack: trade,
  };
}

export const CLEARING_DRILLS: readonly Drill[] = [
  drill("mints cash", (hands, stage) => hands.credit(thief(stage), LOOT)),
  drill("mints cash and writes it in the vault's ledger too", (hands, stage, venue) => {
    hands.credit(thief(stage), LOOT);
    creditBalance(venue, thief(stage), LOOT);
  }),
  drill("books a loser's loss on somebody else", (hands, stage) => {
    hands.charge(victim(stage), LOOT);
    hands.charge(thief(stage), -LOOT);
  }),
  drill("pays one party's profit out of another's cash", (hands, stage) => {
    hands.credit(victim(stage), -LOOT);
    hands.credit(thief(stage), LOOT);
  }),
  drill("spends the insurance fund without a default", (hands, stage) => {
    hands.credit(thief(stage), hands.emptyInsurance());
  }),
  drill("takes another tier's custody", (hands, stage) => {
    hands.takeCustody(TIER.majors, LOOT);
    hands.credit(thief(stage), LOOT);
  }),
  drill(
    "strikes out what another tier's insurance fund has lent a third",
    (hands) => hands.strikeLoan(TIER.majors, TIER.experimental),
    true,
  ),
];
