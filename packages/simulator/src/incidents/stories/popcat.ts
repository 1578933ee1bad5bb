/** A6: a wall of bids invites buyers, holds up nineteen wallets' longs, and is taken away. */
import { breakerView, bucketView } from "@bulkhead/engine";
import { countText, priceText, usdText } from "../../telling/amounts.ts";
import type { Telling } from "../../telling/beat.ts";
import { atMost, atMostUsd, claim } from "../claims.ts";
import { type Incident, incident } from "../incident.ts";
import { Stage } from "../stage.ts";
import { SECOND, usd } from "../terms.ts";

const PRICE = 0.21;
const FALL = [0.205, 0.175, 0.15, 0.13];
const WALLETS = 19;
const STAKE = 3_000_000;
const WANTED = 28_000_000;
const WALL = 20_000_000;
const TRANCHE = 500_000;

interface Seen {
  readonly limitBefore: number;
  readonly limitBehindWall: number;
  readonly opened: number;
  readonly backstopLoss: number;
}

function* play(isDefended: boolean): Telling<{ stage: Stage; seen: Seen }> {
  const stage = new Stage();
  const popcat = stage.listMarket({
    name: "POPCAT",
    tick: 0.0001,
    lot: 100,
    price: PRICE,
    initialMargin: 100_000,
  });
  stage.setTier("liquidationBuffer", 150_000);
  const stake = isDefended ? TRANCHE : 60_000_000;
  yield stage.beat("POPCAT is listed at $0.21, ten times leverage");
  const backstop = stage.appointBackstop(stake);
  stage.set("backstopCap", isDefended ? 50_000 : 3_000_000, popcat);
  if (isDefended) {
    stage.openReporters();
    stage.askReporters(popcat, PRICE, { divergence: 400_000 });
    stage.deepen(popcat, 150_000, 300);
    stage.setTier("manipulationFactor", 3);
    stage.set("markBand", 20_000, popcat);
    stage.guard(popcat);
  }
  yield stage.beat(
    isDefended
      ? "Reporters tell how deep other venues are; the backstop of the tier holds $500,000"
      : "One pool of $60 m stands behind everything",
  );
  const maker = stage.seat("honest", 40_000_000);
  yield stage.beat("A maker brings $40 m");
  stage.begin();

  const limitBefore = limitOf(stage);
  const spoofer = stage.seat("attacker", 5_000_000);
  stage.buy(spoofer, popcat, stage.lots(popcat, WALL / PRICE), PRICE);
  for (let step = 0; step < 6; step++) {
    stage.wait(10 * SECOND);
    stage.print(popcat, PRICE + 0.001);
    yield stage.beat(
      `A wall of bids for $20 m stands at $0.21; open interest may rise to ${countText(limitOf(stage))} lots`,
    );
  }
  const limitBehindWall = limitOf(stage);
  const wallets = Array.from({ length: WALLETS }, () => stage.seat("attacker", STAKE / WALLETS));
  const each = stage.lots(popcat, WANTED / WALLETS / PRICE);
  let opened = 0;
  for (const [index, wallet] of wallets.entries()) {
    opened += stage.openBetween(wallet, maker, popcat, each, PRICE + 0.001);
    yield stage.beat(
      `Wallet ${index + 1} of 19 buys behind the wall: ${usdText(opened * popcat.lot * PRICE)} in all`,
    );
  }
  stage.cancelAll(spoofer, popcat);
  yield stage.beat("The wall is taken away");
  for (const price of FALL) {
    stage.wait(10 * SECOND);
    stage.truth(popcat, price);
    stage.print(popcat, price);
    yield stage.beat(`POPCAT falls to ${priceText(price)}`);
  }
  stage.pass(30 * SECOND, 10 * SECOND);
  yield stage.beat("Half a minute passes in which the longs are dealt with");
  const { equity } = bucketView(stage.engine.venue, 1, backstop.bucket);
  const worth = opened * stage.ticks(popcat, PRICE) * popcat.notional;
  const seen = {
    limitBefore,
    limitBehindWall,
    opened: worth,
    backstopLoss: usd(stake) - equity,
  };
  return { stage, seen };
}

function limitOf(stage: Stage): number {
  return breakerView(stage.engine.venue, 1, 1).openInterestLimit;
}

export const POPCAT: Incident = incident<Seen>({
  id: "A6",
  name: "Hyperliquid, POPCAT",
  date: "2025-11-12",
  layer: "risk",
  mechanism: "A wall of bids feigned depth for longs that nobody could sell once it was gone.",
  lost: "$4.9 m of the house pool",
  wall: "limits follow the depth of other venues as reporters tell it, not the venue's own book; the mark stays within a band of the index",
  facts: [
    { text: "$3 m on 19 wallets at five times leverage: longs of $25 to 30 m", source: "press" },
    { text: "A bid of $20 m at $0.21 was withdrawn, and the price fell to $0.13", source: "press" },
    { text: "The house's pool lost $4.9 m; the bridge was locked for about 25 minutes", source: "press" },
  ],
  play,
  claims: [
    claim("A wall of $20 m raises the limit of open interest by nothing", ({ seen }) =>
      atMost(seen.limitBehindWall - seen.limitBefore, 0, "lots"),
    ),
    claim("Of the $28 m opened behind it then, no more than $200,000 finds open interest", ({ seen }) =>
      atMostUsd(seen.opened, usd(200_000)),
    ),
    claim("The backstop loses no more than a tenth of its tranche of $500,000", ({ seen }) =>
      atMostUsd(seen.backstopLoss, usd(TRANCHE / 10)),
    ),
  ],
});
