/** A13: one venue prints a dollar at $1.30, and borrowers of that dollar are liquidated. */
import { priceText } from "../../telling/amounts.ts";
import type { Telling } from "../../telling/beat.ts";
import { atMost, atMostUsd, claim, exactly } from "../claims.ts";
import { type Incident, incident } from "../incident.ts";
import { Stage } from "../stage.ts";
import { SECOND } from "../terms.ts";

const SPIKE = [1.05, 1.15, 1.24, 1.3, 1.22, 1.02];
const BORROWERS = 43;
const LARGEST = 46_000_000;
const EACH = 1_000_000;

interface Seen {
  readonly liquidations: number;
  /** How far the mark went up, share. */
  readonly rise: number;
}

function* play(isDefended: boolean): Telling<{ stage: Stage; seen: Seen }> {
  const stage = new Stage({ seats: 128 });
  const dai = stage.listMarket({
    name: "DAI",
    tick: 0.0001,
    lot: 100,
    price: 1,
    initialMargin: 100_000,
    band: 300_000,
  });
  stage.setTier("liquidationBuffer", 150_000);
  stage.fundLayers({ 2: 5_000_000 });
  yield stage.beat("DAI is listed at $1, ten times leverage");
  const lender = stage.seat("honest", 30_000_000);
  const liquidator = stage.seat("attacker", 30_000_000);
  yield stage.beat("The fund holds $5 m");
  const borrowers = Array.from({ length: BORROWERS }, () => stage.seat("honest", EACH * 0.13));
  const whale = stage.seat("honest", LARGEST * 0.13);
  yield stage.beat("A lender and somebody who waits for liquidations bring $30 m each");
  for (const borrower of borrowers) stage.trade(lender, borrower, dai, stage.lots(dai, EACH), 1);
  yield stage.beat("43 borrowers owe a million DAI each");
  stage.trade(lender, whale, dai, stage.lots(dai, LARGEST), 1);
  yield stage.beat("One borrower owes 46 million");
  if (isDefended) {
    stage.openReporters();
    stage.askReporters(dai, 1);
  }
  yield stage.beat(
    isDefended ? "Five operators tell the price, and four must agree" : "One venue tells the price",
  );
  stage.begin();

  // Whoever liquidates sells the dollar dear to those who must buy it back.
  stage.sell(liquidator, dai, stage.lots(dai, 20_000_000), 1.08);
  stage.sell(liquidator, dai, stage.lots(dai, 60_000_000), 1.15);
  yield stage.beat("DAI is offered at $1.08 and $1.15 to those who must buy it back");
  let highest = 0;
  for (const price of SPIKE) {
    stage.wait(10 * SECOND);
    stage.print(dai, [price, 1, 1, 1, 1]);
    yield stage.beat(`One venue prints ${priceText(price)}, the others a dollar`);
    stage.wait(2 * SECOND);
    stage.tick();
    const begun = stage.heard("liquidationStarted").length;
    yield stage.beat(`Two seconds later ${begun} of 44 borrowers have been liquidated`);
    highest = Math.max(highest, stage.markOf(dai));
  }
  return { stage, seen: { liquidations: stage.heard("liquidationStarted").length, rise: highest - 1 } };
}

export const DAI: Incident = incident<Seen>({
  id: "A13",
  name: "Compound, DAI",
  date: "2020-11-26",
  layer: "oracle",
  mechanism: "The price came from one venue, within a fifth of another's; both moved.",
  lost: "$89 to 103 m of positions liquidated",
  wall: "a weighted median of five operators, of which four must agree",
  facts: [
    { text: "A dollar traded at $1.30 on one venue, and the anchor let a fifth pass", source: "Compound" },
    {
      text: "$89 to 103 m were liquidated, one user alone lost the position of $46 m",
      source: "Compound; The Block",
    },
  ],
  play,
  claims: [
    claim("One venue's spike liquidates nobody", ({ seen }) => exactly(seen.liquidations, 0, "liquidations")),
    claim("The mark moves by no more than a tenth of a per cent", ({ seen }) =>
      atMost(seen.rise, 0.001, "of the price"),
    ),
    claim("Borrowers lose nothing", ({ figures }) => atMostUsd(figures.loss, 0)),
  ],
});
