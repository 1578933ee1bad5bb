/** A whole tier goes to nothing. */
import { bucketIdOf, bucketView } from "@bulkhead/engine";
import type { Telling } from "../telling/beat.ts";
import type { Drill } from "./drill.ts";
import type { Scene } from "./scene.ts";
import { MONEY, PRICE, TIER, valueOf } from "./terms.ts";

const PLACE = TIER.experimental;
/** Halts and the time they give are over, and everybody who is ruined has been dealt with. */
const AFTERMATH_SECONDS = 7_200;

/** What the longs owe once their positions are worth nothing, beyond all they have in the tier. */
function longsBeyondTheirMoney(scene: Scene): number {
  return scene.partiesOf(PLACE, "long").reduce((sum, { account }) => {
    const { cash } = bucketView(scene.desk.venue, PLACE, bucketIdOf(scene.desk.venue, PLACE, account));
    return sum + Math.max(0, valueOf(MONEY.position, PRICE) - cash);
  }, 0);
}

export const TIER_DRILLS: readonly Drill[] = [
  {
    layer: "tier",
    behaviour: "all its markets go to zero in one step",
    place: PLACE,
    guard: { mutualCap: true },
    decisive: ["layer 5", "layer"],
    bound: longsBeyondTheirMoney,
    *attack(stage): Telling<void> {
      stage.clearBooks(PLACE);
      yield stage.beat("Makers take back all they quote");
      yield* stage.crash(PLACE, 0, AFTERMATH_SECONDS);
    },
  },
];
