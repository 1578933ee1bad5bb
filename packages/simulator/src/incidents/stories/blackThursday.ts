/** A2: ether halves in a day, nobody bids for what is to be liquidated, and prices arrive an hour late. */
import { priceText } from "../../telling/amounts.ts";
import type { Telling } from "../../telling/beat.ts";
import { atMost, atMostUsd, claim, exactly } from "../claims.ts";
import { type Incident, incident } from "../incident.ts";
import { Stage } from "../stage.ts";
import { MINUTE, usd } from "../terms.ts";

/** What ether was worth, every ten minutes, from the afternoon of the 12th to the morning of the 13th. */
const FALL = [194, 188, 181, 175, 168, 160, 152, 143, 135, 131, 127, 121, 115, 108, 101, 96, 92, 96];
/** How late the price came, in steps of ten minutes. */
const LAG = 6;
const VAULTS = 30;
const SIZE = 500;
const INSURANCE = 600_000;
/** Steps after which the breaker must have moved. */
const PATIENCE = 3;

interface Seen {
  /** Lots sold below the floor of their liquidation, and the sales that were attempted. */
  readonly belowFloor: number;
  readonly deficits: number;
  /** Liquidations begun before the breaker first moved; all of them if it never did. */
  readonly untilBreaker: number;
  readonly liquidations: number;
}

function* play(isDefended: boolean): Telling<{ stage: Stage; seen: Seen }> {
  const stage = new Stage({ seats: 96 });
  const ether = stage.listMarket({
    name: "ETH",
    tick: 0.01,
    lot: 1,
    price: 200,
    initialMargin: 330_000,
    maintenanceRatio: 600_000,
    band: 200_000,
  });
  stage.fundLayers({ 1: 100_000, 2: INSURANCE });
  yield stage.beat("Ether is listed at $200, with three times leverage; the fund holds $600 k");
  const keeper = stage.seat("honest", 400_000);
  const makers = Array.from({ length: 5 }, () => stage.seat("honest", 1_500_000));
  const owners = Array.from({ length: VAULTS }, () => stage.seat("honest", SIZE * 68));
  for (const [index, owner] of owners.entries())
    stage.trade(owner, makers[index % makers.length] as (typeof makers)[0], ether, SIZE, 200);
  yield stage.beat("Thirty owners hold 500 ether each, long; five makers are short to them");
  if (isDefended) {
    stage.openReporters();
    stage.askReporters(ether, 200, { staleAfter: 15 * MINUTE, deadAfter: 60 * MINUTE, divergence: 400_000 });
    stage.setTier("liquidationBuffer", 150_000);
    stage.set("liquidationStep", 200_000, ether);
    stage.set("backstopCap", 1_500, ether);
    stage.setTier("auctionStart", 2 * MINUTE);
    stage.setTier("auctionSpan", 8 * MINUTE);
    stage.appointBackstop(2_000_000);
    stage.guard(ether, { liquidationCapacity: usd(500_000), haltScore: 0 });
  }
  stage.begin();
  for (const [step, price] of FALL.entries()) {
    // The one keeper of twenty who gets his orders through bids for a twentieth of the usual.
    stage.cancelAll(keeper, ether);
    stage.wait(10 * MINUTE);
    stage.truth(ether, price);
    // One venue's relay is an hour late; those who are asked beside it are not.
    const late = step < LAG ? 200 : (FALL[step - LAG] as number);
    stage.print(ether, [late, price, price, price, price]);
    stage.buy(keeper, ether, 25, price * 0.97);
    stage.pass(8 * MINUTE, 2 * MINUTE);
    const sold = stage.heard("liquidationStarted").length;
    yield stage.beat(
      `Ether is at ${priceText(price)}, one relay still says ${priceText(late)}; one keeper bids for 25; ${sold} of 30 liquidated`,
    );
  }
  return { stage, seen: seenOn(stage) };
}

function seenOn(stage: Stage): Seen {
  let begun = 0;
  let untilBreaker = Infinity;
  let belowFloor = 0;
  for (const { events } of stage.receipts) {
    const prices: number[] = [];
    for (const { event, values } of events) {
      if (event === "liquidationStarted") begun += 1;
      if (event === "breakerMoved") untilBreaker = Math.min(untilBreaker, begun);
      if (event === "fill") prices.push(values["price"] as number);
      // The event's price is the worst the sale could have taken.
      if (event === "positionLiquidated" && values["how"] === 1) {
        belowFloor += prices.filter((price) => price < (values["price"] as number)).length;
        prices.length = 0;
      }
    }
  }
  const deficits = stage.figures().badDebt;
  return { belowFloor, deficits, untilBreaker: Math.min(untilBreaker, VAULTS + 1), liquidations: begun };
}

export const BLACK_THURSDAY: Incident = incident<Seen>({
  id: "A2",
  name: "Black Thursday (Maker)",
  date: "2020-03-12",
  layer: "keepers",
  mechanism: "Liquidations waited for keepers who did not come; collateral was sold for nothing.",
  lost: "$8.32 m of collateral sold for nothing; 6.65 m dai left unbacked",
  wall: "liquidation is the engine's own step, down to a price floor and then to a funded backstop; fresh reporters outvote a late one",
  facts: [
    {
      text: "Ether lost half its price within 24 hours; transactions cost six times the usual",
      source: "Whiterabbit; Dragonfly",
    },
    {
      text: "36 % of liquidation auctions were won with a bid of zero: $8.32 m of collateral",
      source: "Whiterabbit",
    },
    {
      text: "The system was left with 5.67 m of unbacked dai, later given as 6.65 m",
      source: "Maker; Dragonfly",
    },
  ],
  play,
  claims: [
    claim(
      "Every one of thirty vaults that fall below maintenance is liquidated, keepers or no keepers",
      ({ seen }) => exactly(seen.liquidations, VAULTS, "liquidations"),
    ),
    claim("With a twentieth of the bids, no lot is sold below the floor of its sale", ({ seen }) =>
      exactly(seen.belowFloor, 0, "sales"),
    ),
    claim("The deficit is no more than the insurance fund", ({ seen }) =>
      atMostUsd(seen.deficits, usd(INSURANCE)),
    ),
    claim("The breaker moves before more than six liquidations have begun", ({ seen }) =>
      atMost(seen.untilBreaker, 2 * PATIENCE, "liquidations"),
    ),
  ],
});
