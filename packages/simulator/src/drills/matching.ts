/** Matching in other hands: it tells the engine of trades that nobody made, or not at those prices, or not that often. */
import { SIDE } from "@bulkhead/engine";
import type { Drill } from "./drill.ts";
import { Hands } from "./hands.ts";
import type { Hostile, Scene } from "./scene.ts";
import { PRICE, TIER } from "./terms.ts";

const PLACE = TIER.majors;
/** Lots the attacker trades honestly to have a position, and lots invented at a time. */
const SEED = 1;
const LOOT = 100;
const ATTEMPTS = 5;

/** Nothing that matching does alone commits: what it invents is in no order and no event, or does not fit them. */
const nothing = (): number => 0;

/** After whatever is honestly traded in an order of the attacker's, something of matching's own. */
function after(deed: (hands: Hands, stage: Scene) => void): Hostile {
  return {
    stories: {
      placeOrder: (venue, own, stage) => {
        const outcome = own(venue);
        if (outcome === 0) deed(new Hands(venue, PLACE), stage);
        return outcome;
      },
    },
  };
}

/** The attacker sends small orders for matching to work on, then gets out at honest prices whatever he has. */
function provoke(stage: Scene): void {
  const { desk } = stage;
  const mallory = stage.party("mallory");
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    desk.now += 1_000;
    stage.reportAll();
    stage.order(mallory, PLACE, SIDE.buy, SEED, PRICE + 10);
  }
}

/** Mallory and a maker have one lot of each other, so that both have positions to write to. */
function seeded(stage: Scene): void {
  const mallory = stage.party("mallory");
  stage.isHostile = false;
  stage.order(mallory, PLACE, SIDE.buy, SEED, PRICE + 10);
  stage.isHostile = true;
}

const maker = (stage: Scene) => stage.party("maker 1 of majors");

function drill(behaviour: string, hostile: Hostile): Drill {
  return {
    layer: "matching",
    behaviour,
    place: PLACE,
    guard: { judge: true },
    hostile,
    bound: nothing,
    attack: (stage) => {
      seeded(stage);
      provoke(stage);
    },
  };
}

export const MATCHING_DRILLS: readonly Drill[] = [
  drill(
    "invents fills without a counterparty",
    after((hands, stage) => {
      hands.book(stage.party("mallory"), LOOT, 0);
      hands.openInterest(LOOT);
    }),
  ),
  drill(
    "crosses at a price the maker never named",
    after((hands, stage) => {
      hands.charge(maker(stage), (LOOT * PRICE * 1_000_000) / 2);
      hands.charge(stage.party("mallory"), -(LOOT * PRICE * 1_000_000) / 2);
    }),
  ),
];
