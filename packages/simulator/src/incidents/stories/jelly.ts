/** A5: a short is left to the house on purpose, the token is pushed up, and the venue votes itself a price. */
import { bucketView, positionView } from "@bulkhead/engine";
import { priceText, usdText } from "../../telling/amounts.ts";
import type { Telling } from "../../telling/beat.ts";
import { atMostUsd, claim, told } from "../claims.ts";
import { type Incident, incident } from "../incident.ts";
import { Stage } from "../stage.ts";
import { MINUTE, SECOND, usd } from "../terms.ts";

const PRICE = 0.0095;
const PUMP = [0.0105, 0.0118, 0.014, 0.018, 0.025, 0.036];
const TRANCHE = 500_000;
/** Part of what the backstop is worth that it may hold of one market, ppm. */
const INVENTORY = 100_000;

interface Seen {
  readonly opened: number;
  readonly backstopLoss: number;
  /** What the backstop was handed, at the price of before. */
  readonly inherited: number;
  /** How the attempt to name a settlement price ended. */
  readonly override: string;
}

function* play(isDefended: boolean): Telling<{ stage: Stage; seen: Seen }> {
  const stage = new Stage();
  const jelly = stage.listMarket({
    name: "JELLY",
    tick: 0.00001,
    lot: 1_000,
    price: PRICE,
    initialMargin: 200_000,
  });
  stage.setTier("liquidationBuffer", 150_000);
  yield stage.beat("JELLY is listed at $0.0095: a token with little depth");
  // The house's money stands behind one tier only, or behind everything.
  stage.set("backstopCap", isDefended ? stage.lots(jelly, 20_000_000) : 3_000_000, jelly);
  if (isDefended) {
    // The design's values: a tenth of what the backstop is worth in one market, a quarter in a day.
    stage.set("backstopInventory", INVENTORY, jelly);
    stage.setTier("backstopDay", 250_000);
  }
  const stake = isDefended ? TRANCHE : 60_000_000;
  const backstop = stage.appointBackstop(stake);
  yield stage.beat(
    isDefended ? "The backstop of this tier holds $500,000" : "One pool of $60 m stands behind everything",
  );
  const saver = stage.seat("honest", 20_000_000, 2);
  if (isDefended) {
    stage.openReporters();
    stage.askReporters(jelly, PRICE, { divergence: 300_000 });
    stage.deepen(jelly, 40_000, 100);
    stage.setTier("manipulationFactor", 3);
    stage.guard(jelly);
  }
  yield stage.beat("Somebody saves $20 m in the tier next door");
  stage.begin();

  const short = stage.seat("attacker", 3_020_000);
  const longs = [stage.seat("attacker", 2_150_000), stage.seat("attacker", 2_000_000)];
  yield stage.beat("The attacker brings $7.17 m in three accounts");
  const sizes = [2_150_000, 1_900_000].map((worth) => stage.lots(jelly, worth / PRICE));
  const opened = longs.reduce(
    (sum, long, index) => sum + stage.openBetween(long, short, jelly, sizes[index] as number, PRICE),
    0,
  );
  yield stage.beat(
    `Two of them buy from the third: of $4.05 m, ${usdText(opened * jelly.lot * PRICE)} are opened`,
  );
  // The short's margin is taken away, and the price pushed: the house inherits it.
  stage.cashOut(short);
  yield stage.beat("The short takes his margin away, as far as he is let");
  for (const price of PUMP) {
    for (let step = 0; step < 3; step++) {
      stage.wait(10 * SECOND);
      stage.truth(jelly, price);
      stage.print(jelly, price);
      yield stage.beat(`The token is pushed up: ${priceText(price)}`);
    }
  }
  stage.pass(MINUTE, 10 * SECOND);
  yield stage.beat("A minute passes in which the short is dealt with");
  const { equity } = bucketView(stage.engine.venue, 1, backstop.bucket);
  const inherited = positionView(stage.engine.venue, 1, backstop.bucket, 1)?.lots ?? 0;
  const named = stage.send({
    kind: "updateIndexPrice",
    tier: 1,
    market: 1,
    price: stage.ticks(jelly, PRICE),
  });
  yield stage.beat(`The operator names the price of before, $0.0095, to settle at: ${named.outcome}`);
  for (const long of longs) stage.cashOut(long);
  yield stage.beat("The two longs take out what they are let");
  stage.cashOut(saver);
  yield stage.beat("The saver next door takes out his $20 m");
  const seen = {
    opened: opened * stage.ticks(jelly, PRICE) * jelly.notional,
    backstopLoss: usd(stake) - equity,
    inherited: Math.abs(inherited) * stage.ticks(jelly, PRICE) * jelly.notional,
    override: named.outcome,
  };
  return { stage, seen };
}

export const JELLY: Incident = incident<Seen>({
  id: "A5",
  name: "Hyperliquid, JELLY",
  date: "2025-03-26",
  layer: "oracle",
  mechanism:
    "A position larger than the token's depth was handed to the house, and the price then moved against it.",
  lost: "$10.6 to 13.5 m of the house pool, at the worst",
  wall: "open interest limited by depth, the backstop's inventory by depth and its worth; its money is one tier's; reporters' prices take no vote",
  facts: [
    {
      text: "$7.17 m on three accounts: longs of $2.15 m and $1.9 m against a short of $4.1 m",
      source: "Arkham",
    },
    {
      text: "The price rose by 230 to 400 %; the house's pool was $10.6 to 13.5 m down",
      source: "Arkham; press",
    },
    {
      text: "The token's market value was $10 to 25 m; the venue delisted it and settled at $0.0095",
      source: "Arkham; press",
    },
  ],
  play,
  claims: [
    claim("Of the $4.05 m opened then, no more than $100,000 finds open interest", ({ seen }) =>
      atMostUsd(seen.opened, usd(100_000)),
    ),
    claim("The backstop loses no more than the tranche of this tier, $500,000", ({ seen }) =>
      atMostUsd(seen.backstopLoss, usd(TRANCHE)),
    ),
    claim("It inherits no more than a tenth of that, $50,000, at the price of before", ({ seen }) =>
      atMostUsd(seen.inherited, usd((TRANCHE * INVENTORY) / 1_000_000)),
    ),
    claim("Nobody in another tier loses anything", ({ figures }) => atMostUsd(figures.otherTiersTouched, 0)),
    claim("An operator who names a settlement price of his own is refused", ({ seen }) =>
      told(seen.override, "price_comes_from_reporters"),
    ),
  ],
});
