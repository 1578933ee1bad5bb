/** A4: a trader takes his profit and most of his margin out of a position too large to sell, and leaves it to the house. */
import { bucketView, marketView } from "@bulkhead/engine";
import { atMostUsd, claim } from "../claims.ts";
import { type Incident, incident } from "../incident.ts";
import { Stage } from "../stage.ts";
import { SECOND, usd } from "../terms.ts";

const LOTS = 160_000;
const ENTRY = 1_885;
const PEAK = 1_936;
const STAKE = 15_230_000;
const TAKEN = 17_090_000;
const DESCENT = [1_930, 1_925, 1_920, 1_915];
/** Ether falls further while the house sells what it has inherited. */
const UNWIND = [1_908, 1_898, 1_887, 1_876];

interface Seen {
  readonly opened: number;
  readonly withdrawal: string;
  readonly backstopLoss: number;
}

function play(isDefended: boolean): { stage: Stage; seen: Seen } {
  const stage = new Stage();
  const ether = stage.listMarket({
    tick: 0.1,
    lot: 1,
    price: ENTRY,
    initialMargin: 20_000,
    ...(isDefended && { scaleBase: usd(10_000_000) }),
  });
  if (isDefended) {
    stage.must({
      kind: "setMarginBracket",
      tier: 1,
      market: 1,
      bracket: 1,
      lower: usd(50_000_000),
      rate: 150_000,
    });
    stage.must({
      kind: "setMarginBracket",
      tier: 1,
      market: 1,
      bracket: 2,
      lower: usd(150_000_000),
      rate: 250_000,
    });
  }
  stage.setTier("liquidationBuffer", 150_000);
  stage.set("backstopCap", 300_000, ether);
  const backstop = stage.appointBackstop(130_000_000);
  const maker = stage.seat("honest", 200_000_000);
  stage.begin();

  const whale = stage.seat("attacker", STAKE);
  // As large as it may be: what is refused is tried smaller.
  stage.sell(maker, ether, LOTS, ENTRY);
  for (let lots = LOTS; lots >= LOTS / 64 && opened(stage) === 0; lots /= 2)
    stage.buy(whale, ether, lots, ENTRY, { isImmediate: true });
  stage.cancelAll(maker, ether);
  const size = opened(stage);
  stage.walk(ether, [1_900, 1_915, PEAK], SECOND);
  stage.withdraw(whale, TAKEN);
  // Profit on paper does not leave; so he sells and buys back at the same price.
  stage.buy(maker, ether, size, PEAK);
  stage.sell(whale, ether, size, PEAK, { isImmediate: true });
  stage.sell(maker, ether, size, PEAK);
  stage.buy(whale, ether, size, PEAK, { isImmediate: true });
  stage.cancelAll(maker, ether);
  const taken = stage.withdraw(whale, TAKEN);
  stage.walk(ether, DESCENT, SECOND);
  stage.walk(ether, UNWIND, SECOND);
  stage.cashOut(whale);
  const { equity } = bucketView(stage.engine.venue, 1, backstop.bucket);
  return {
    stage,
    seen: { opened: size * ENTRY, withdrawal: taken.outcome, backstopLoss: usd(130_000_000) - equity },
  };
}

function opened(stage: Stage): number {
  return marketView(stage.engine.venue, 1, 1).openInterest;
}

export const WHALE: Incident = incident<Seen>({
  id: "A4",
  name: "Hyperliquid, ETH whale",
  date: "2025-03-12",
  mechanism:
    "Withdrawing profit and margin turned one's own liquidation into a sale at the mark to the house.",
  wall: "margin that rises with size: what cannot be sold without loss cannot be left at two per cent",
  facts: [
    { text: "A long of 160,000 ether, $306.4 m, on a deposit of $15.23 m", source: "Arkham" },
    { text: "$17.09 m withdrawn; liquidated at $1,915; the trader kept a gain of $1.86 m", source: "Arkham" },
    { text: "The house's pool lost $4 m, and $130 m left it the next day", source: "Arkham" },
  ],
  play,
  claims: [
    claim(
      "Taking $17.09 m out of the position is refused, after the profit was realised too",
      ({ seen }) => ({
        held: seen.withdrawal !== "accepted",
        measured: seen.withdrawal,
      }),
    ),
    claim("The whale's plan gains him nothing", ({ figures }) => atMostUsd(figures.attackerGain, 0)),
    claim("The backstop loses nothing", ({ seen }) => atMostUsd(seen.backstopLoss, 0)),
    claim("$306.4 m on $15.23 m is refused at the door", ({ seen }) =>
      atMostUsd(usd(seen.opened), usd(200_000_000)),
    ),
  ],
});
