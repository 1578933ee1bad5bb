/** A17: one clearing member's spread position loses more in a day than the model thought possible. */
import { POSTURE, breakerView, marketView, postureView } from "@bulkhead/engine";
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

function play(isDefended: boolean): { stage: Stage; seen: Seen } {
  const stage = new Stage();
  const spread = stage.listMarket({
    tick: 0.0004,
    lot: 1,
    price: SPREAD,
    initialMargin: Math.floor((MODEL / SPREAD) * 1e6),
    maintenanceRatio: 900_000,
  });
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
  stage.setTier("liquidationBuffer", 150_000);
  stage.fundLayers({ 1: SKIN, 2: FUND, 4: 10_000_000, 5: 60_000_000 });
  stage.must({ kind: "configurePosture", tier: 1, enabled: 1, baseline: 0, insuranceTarget: usd(FUND) });
  const members = [stage.seat("honest", 700_000_000), stage.seat("honest", 700_000_000)];
  stage.seat("honest", 10_000_000, 2);
  stage.begin();

  const trader = stage.seat("attacker", STAKE);
  for (const member of members) stage.openBetween(trader, member, spread, POSITION / 2, SPREAD);
  const opened = marketView(stage.engine.venue, 1, spread.market).openInterest;
  stage.wait(MINUTE);
  stage.truth(spread, SPREAD - MOVE);
  stage.print(spread, SPREAD - MOVE);
  stage.wait(SECOND);
  stage.tick();
  const { marginMultiplier } = breakerView(stage.engine.venue, 1, spread.market);
  const [first, second] = [stage.losses.paidBy(1), stage.losses.paidBy(2)];
  const seen = {
    opened,
    first,
    second,
    others: stage.losses.paidBy(4) + stage.losses.paidBy(5) + stage.losses.paidBy(6),
    posture: postureView(stage.engine.venue, 1).posture,
    multiplier: marginMultiplier,
  };
  return { stage, seen };
}

export const NORDIC_SPREAD: Incident = incident<Seen>({
  id: "A17",
  name: "Nasdaq Clearing, power spread",
  date: "2018-09-10",
  mechanism: "A concentrated spread position moved half as far again as its margin had been computed for.",
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
