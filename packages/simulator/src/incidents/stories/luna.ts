/** A12: a feed stops at the lowest price it can tell, and collateral that is worth a tenth of that is pledged against it. */
import { collateralView } from "@bulkhead/engine";
import { countText, microText, priceText } from "../../telling/amounts.ts";
import type { Telling } from "../../telling/beat.ts";
import { atMost, atMostUsd, claim, exactly } from "../claims.ts";
import { type Incident, incident } from "../incident.ts";
import { Stage } from "../stage.ts";
import { MINUTE, SECOND, usd } from "../terms.ts";

const FLOOR = 0.107;
const WORTH = 0.01;
const COINS = 250_000_000;
const HEARTBEAT = MINUTE;
const PRICE = 30_000;

interface Seen {
  /** What the collateral counts for one heartbeat after the feed met its floor, micro-dollars per whole coin. */
  readonly counted: number;
  readonly filled: number;
}

function* play(isDefended: boolean): Telling<{ stage: Stage; seen: Seen }> {
  const stage = new Stage();
  const bitcoin = stage.listMarket({ name: "BTC", tick: 2, lot: 0.001, price: PRICE, band: 300_000 });
  const luna = stage.listAsset(1_000_000, 1, "LUNA");
  stage.must({
    kind: "acceptCollateral",
    tier: 1,
    asset: luna,
    initialWeight: 550_000,
    maintenanceWeight: 600_000,
    cap: 1e15,
  });
  yield stage.beat("LUNA is taken as collateral at $1, for 55 % of its price");
  stage.setTier("liquidationBuffer", 150_000);
  stage.fundLayers({ 1: 1_000_000, 2: 25_000_000 });
  stage.seat("honest", 20_000_000, 2);
  if (isDefended) {
    stage.openReporters();
    const terms = { floor: usd(FLOOR), frozenAfter: 5, staleAfter: HEARTBEAT / 2, deadAfter: HEARTBEAT };
    stage.askAssetReporters(luna, 1, { ...terms, divergence: 900_000 });
  }
  yield stage.beat(
    isDefended
      ? "Five reporters; a report at the floor of $0.107 counts for nothing"
      : "A feed that cannot go below $0.107",
  );
  stage.begin();

  for (const price of [0.6, 0.3, 0.15]) {
    stage.wait(10 * SECOND);
    stage.print(bitcoin, PRICE);
    stage.printAsset(luna, price);
    yield stage.beat(`LUNA falls to ${priceText(price)}`);
  }
  // From here the coin goes on falling, and its feed does not.
  stage.losses.priceAsset(luna, 1_000_000, WORTH);
  for (let beat = 0; beat < 7; beat++) {
    stage.wait(HEARTBEAT / 6);
    stage.print(bitcoin, PRICE);
    stage.printAsset(luna, FLOOR);
    stage.tick();
    yield stage.beat("LUNA is worth a cent, and its feed says $0.107");
  }
  const counted = collateralView(stage.engine.venue, 1, luna).initialPrice;
  const account = stage.open("attacker");
  stage.depositAsset(account, luna, COINS * 1e6);
  yield stage.beat("Somebody arrives with 250 million LUNA, bought for a cent");
  const borrower = stage.pledge(account, luna, COINS * 1e6);
  const partner = stage.seat("attacker", 5_000_000);
  yield stage.beat("He pledges them; a partner brings $5 m");
  // The dollars that the pledge seems to be good for are lost to a partner on purpose.
  const filled = stage.openBetween(borrower, partner, bitcoin, 2_000_000, PRICE * 1.29);
  yield stage.beat(
    `He loses on purpose what the pledge is good for: ${countText(filled)} lots are traded with the partner`,
  );
  stage.wait(SECOND);
  if (!isDefended) stage.printAsset(luna, WORTH);
  for (let step = 0; step < 3; step++) {
    stage.wait(SECOND);
    stage.print(bitcoin, PRICE);
    stage.tick();
    yield stage.beat("The venue looks at what the pledge is worth");
  }
  stage.cashOut(partner);
  yield stage.beat(`The partner takes out ${microText(stage.losses.paidTo(partner.account))}`);
  return { stage, seen: { counted, filled } };
}

export const LUNA: Incident = incident<Seen>({
  id: "A12",
  name: "Venus and Blizz, LUNA",
  date: "2022-05-12",
  layer: "oracle",
  mechanism: "A feed paused at its floor; what was bought for a cent was lent against at more than ten.",
  lost: "$11.2 m of debt left behind, and all that Blizz had",
  wall: "a report at the floor is refused, silence makes a price stale, and on a stale price nothing is lent",
  facts: [
    { text: "The feed stopped at $0.107 while the market stood near $0.01", source: "Venus post-mortem" },
    { text: "$11.2 m of debt were left behind; Blizz lost all it had", source: "Venus; Blizz" },
  ],
  play,
  claims: [
    claim(
      "Within one heartbeat of a minute the coin counts for nothing where something is lent on it",
      ({ seen }) => exactly(seen.counted, 0, "micro-dollars per coin"),
    ),
    claim("Nothing is opened on it", ({ seen }) => atMost(seen.filled, 0, "lots")),
    claim("No debt is left behind", ({ figures }) => atMostUsd(figures.badDebt, 0)),
  ],
});
