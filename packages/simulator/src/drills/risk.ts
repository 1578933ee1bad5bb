/** Risk in other hands: every order is covered, whoever made or took it, and every withdrawal is free. */
import { SIDE, TIME_IN_FORCE, bucketIdOf, bucketView } from "@bulkhead/engine";
import type { Telling } from "../telling/beat.ts";
import type { Drill } from "./drill.ts";
import { Hands } from "./hands.ts";
import type { Hostile, Scene } from "./scene.ts";
import { PRICE, TIER, USD } from "./terms.ts";

const PLACE = TIER.experimental;
/** Lots of the attackers against one another: more than twice what their money covers at the tier's margin. */
const OVERREACH = 2_000;
/** Lots that it covers. */
const COVERED = 900;
/** Dollars that stay behind when margin is taken out: what the worse of two prices makes of the positions. */
const LEFT = 5_000 * USD;
/** What the price does once they have them: less than the tier's margin, so that honest margin leaves nothing uncovered. */
const CRASH = 0.85;

/** Asks no margin, of orders or of withdrawals. */
const APPROVE_ALL: Hostile = {
  stories: {
    placeOrder: (venue, own) => new Hands(venue, PLACE).withoutMargin(() => own(venue)),
    deallocate: (venue, own) => new Hands(venue, PLACE).withoutMargin(() => own(venue)),
  },
};

/** Trudy and Mallory trade with one another, and the price falls: what Mallory cannot pay, others would. */
function trade(stage: Scene, lots: number, buyerTakes: boolean): void {
  const [buyer, seller] = [stage.party("mallory"), stage.party("trudy")];
  const ioc = { timeInForce: TIME_IN_FORCE.immediateOrCancel };
  stage.order(buyerTakes ? seller : buyer, PLACE, buyerTakes ? SIDE.sell : SIDE.buy, lots, PRICE);
  stage.order(buyerTakes ? buyer : seller, PLACE, buyerTakes ? SIDE.buy : SIDE.sell, lots, PRICE, ioc);
}

/** Takes out of a bucket all but so much. */
function takeOut(stage: Scene, name: string, left: number): void {
  const { desk } = stage;
  const { account } = stage.party(name);
  const { cash } = bucketView(desk.venue, PLACE, bucketIdOf(desk.venue, PLACE, account));
  desk.send({ kind: "deallocate", account, tier: PLACE, mode: 0, asset: 1, amount: cash - left });
}

function* crash(stage: Scene): Telling<void> {
  stage.isHostile = false;
  yield* stage.crash(PLACE, CRASH);
  stage.isHostile = true;
}

/** What an honest margin covers, a fall by less than it leaves nothing of uncovered. */
function drill(behaviour: string, attack: (stage: Scene) => Telling<void>): Drill {
  return {
    layer: "risk",
    behaviour,
    place: PLACE,
    guard: { judge: true },
    hostile: APPROVE_ALL,
    bound: () => 0,
    attack,
  };
}

export const RISK_DRILLS: readonly Drill[] = [
  drill("approves every order of a taker", function* (stage) {
    trade(stage, OVERREACH, true);
    yield stage.beat("Mallory buys of Trudy more than twice what her money covers");
    yield* crash(stage);
  }),
  drill("approves every order of a maker", function* (stage) {
    takeOut(stage, "mallory", 10_000 * USD);
    yield stage.beat("Mallory takes out all but $10,000");
    trade(stage, COVERED, false);
    yield stage.beat("She bids for 900 lots, and Trudy sells them to her");
    yield* crash(stage);
  }),
  drill("lets margin be taken out", function* (stage) {
    trade(stage, COVERED, true);
    yield stage.beat("Mallory buys 900 lots of Trudy, which her money covers");
    for (const name of ["mallory", "trudy"]) takeOut(stage, name, LEFT);
    yield stage.beat("Both take their margin out, all but $5,000");
    yield* crash(stage);
  }),
];
