/** A17: one clearing member's spread position loses more in a day than the model thought possible. */
import { POSTURE, breakerView, marketView, postureView } from "@bulkhead/engine";
import { countText, microText } from "../../telling/amounts.ts";
import type { Telling } from "../../telling/beat.ts";
import { atLeast, atMost, atMostUsd, claim, exactUsd, exactly } from "../claims.ts";
import { type Incident, incident } from "../incident.ts";
import { Stage } from "../stage.ts";
import { MINUTE, SECOND, usd } from "../terms.ts";

/** The spread between two power prices per MWh: it moved by 5.56, where 4 was the most the model knew. */
const SPREAD = 12;
const MOVE = 5.56;
const MODEL = 4;
const POSITION = 73_100_000;
const STAKE = 292_436_000;
const SKIN = 7_000_000;
const FUND = 166_000_000;
/** Where the defaulter's loss meets what he has: 114 m beyond it. */
const LOSS = 114_000_000;

interface Seen {
  readonly opened: number;
  readonly first: number;
  readonly second: number;
  readonly others: number;
  /** Posture after the default, and what initial margin is multiplied by, ppm. */
  readonly posture: number;
  readonly multiplier: number;
}

function* play(isDefended: boolean): Telling<{ stage: Stage; seen: Seen }> {
  const stage = new Stage();
  const spread = stage.listMarket({
    name: "power spread",
    tick: 0.0004,
    lot: 1,
    price: SPREAD,
    initialMargin: Math.floor((MODEL / SPREAD) * 1e6),
    maintenanceRatio: 900_000,
  });
  yield stage.beat("The spread between two power prices is listed at 12; the model's worst day is 4");
  if (isDefended)
    // What one member holds beyond 50 m must bear a move of half again what the model knows.
    stage.must({
      kind: "setMarginBracket",
      tier: 1,
      market: 1,
      bracket: 1,
      lower: usd(50_000_000),
      rate: 600_000,
    });
  yield stage.beat(
    isDefended
      ? "What one member holds beyond 50 m must bear half again as much"
      : "Margin is the model's, whatever the size",
  );
  stage.setTier("liquidationBuffer", 150_000);
  yield stage.beat("Who falls below maintenance is closed out");
  stage.fundLayers({ 1: SKIN, 2: FUND, 4: 10_000_000, 5: 60_000_000 });
  yield stage.beat("The house puts in 7 m, the members 166 m");
  stage.must({ kind: "configurePosture", tier: 1, enabled: 1, baseline: 0, insuranceTarget: usd(FUND) });
  yield stage.beat("A drained fund is to make the tier more careful by itself");
  const first = stage.seat("honest", 700_000_000);
  yield stage.beat("A member brings 700 m");
  const second = stage.seat("honest", 700_000_000);
  yield stage.beat("A second member brings 700 m");
  stage.seat("honest", 10_000_000, 2);
  yield stage.beat("Somebody next door brings 10 m");
  stage.begin();

  const trader = stage.seat("attacker", STAKE);
  yield stage.beat("One trader brings 292 m");
  for (const member of [first, second]) {
    const lots = stage.openBetween(trader, member, spread, POSITION / 2, SPREAD);
    yield stage.beat(`He buys ${countText(lots)} MWh from a member, of 36,550,000 that he wants`);
  }
  const opened = marketView(stage.engine.venue, 1, spread.market).openInterest;
  yield stage.beat(`He holds ${countText(opened)} MWh; his stake covers a fall of ${priceOf(opened)} each`);
  stage.wait(MINUTE);
  yield stage.beat("A day comes as no model knew it");
  stage.truth(spread, SPREAD - MOVE);
  stage.print(spread, SPREAD - MOVE);
  yield stage.beat("The spread falls by 5.56 in a day");
  stage.wait(SECOND);
  stage.tick();
  yield stage.beat(`The trader is worked off: the house has paid ${microText(stage.losses.paidBy(1))}`);
  yield stage.beat(`The members' fund has paid ${microText(stage.losses.paidBy(2))}`);
  const { marginMultiplier } = breakerView(stage.engine.venue, 1, spread.market);
  const others = stage.losses.paidBy(4) + stage.losses.paidBy(5) + stage.losses.paidBy(6);
  yield stage.beat(`The layers behind it have paid ${microText(others)}`);
  const { posture } = postureView(stage.engine.venue, 1);
  yield stage.beat(posture >= POSTURE.defensive ? "The tier turns defensive" : "The tier stays as it is");
  yield stage.beat(`Initial margin is asked ${marginMultiplier / 1e6} times`);
  const seen = {
    opened,
    first: stage.losses.paidBy(1),
    second: stage.losses.paidBy(2),
    others,
    posture,
    multiplier: marginMultiplier,
  };
  return { stage, seen };
}

/** What a stake bears of a fall, per MWh. */
function priceOf(opened: number): string {
  return (STAKE / Math.max(1, opened)).toFixed(2);
}

export const NORDIC_SPREAD: Incident = incident<Seen>({
  id: "A17",
  name: "Nasdaq Clearing, power spread",
  date: "2018-09-10",
  layer: "risk",
  mechanism: "A concentrated spread position moved half as far again as its margin had been computed for.",
  lost: "114 m: 7 m of the house, 107 m of the members' fund",
  wall: "margin by size: what is concentrated must bear more than the model's worst day",
  facts: [
    {
      text: "The spread moved by 5.56 a MWh, 17 times an average day; the model's worst was 4",
      source: "Nasdaq Clearing",
    },
    {
      text: "114 m were lost beyond the margin: 7 m of the house's own, 107 m of the fund of 166 m",
      source: "Nasdaq Clearing; SFSA",
    },
    { text: "Members refilled the fund within days", source: "Nasdaq Clearing" },
  ],
  play,
  claims: [
    claim("With margin by size the position is cut to what its stake bears: no deficit", ({ figures }) =>
      atMostUsd(figures.badDebt, 0),
    ),
    claim("It is opened to no more than three quarters", ({ seen }) =>
      atMost(seen.opened / POSITION, 0.75, "of 73.1 m MWh"),
    ),
    claim("Where it stood as it did, the waterfall books exactly 7 m and then 107 m", (_, { seen }) =>
      exactUsd([seen.first, seen.second], [usd(SKIN), usd(LOSS - SKIN)]),
    ),
    claim("And nothing of any other layer", (_, { seen }) => exactly(seen.others, 0, "micro-dollars")),
    claim(
      "The drained fund makes the tier defensive at the next tick: that is the call to refill it",
      (_, { seen }) => atLeast(seen.posture, POSTURE.defensive, "posture"),
    ),
    claim("And leverage falls by itself: initial margin × 1.4", (_, { seen }) =>
      exactly(seen.multiplier / 1e6, 1.4, "times"),
    ),
  ],
});
