/** A19: the venue does not answer for half an hour; what its users sent before is carried out after. */
import { bucketView } from "@bulkhead/engine";
import { priceText } from "../../telling/amounts.ts";
import type { Telling } from "../../telling/beat.ts";
import { atMost, atMostUsd, claim, exactly } from "../claims.ts";
import { type Incident, incident } from "../incident.ts";
import type { Market } from "../priceDesk.ts";
import { type Manner, type Seat, Stage } from "../stage.ts";
import { MINUTE, SECOND } from "../terms.ts";

const BEFORE = 4_400;
/** The fall until the venue stops answering. */
const FALL = [4_300, 4_200, 4_120, 4_060, 4_020, 3_990, 3_960, 3_900, 3_720];
/** What bitcoin is worth when it answers again, 25 minutes later. */
const AFTER = 4_650;
const OUTAGE = 25 * MINUTE;
const SELLERS = 156;
const EACH = 300;
/** What each of the leveraged longs holds, lots. */
const LEVERAGED = 12_000;
/** The largest part of a position that one step sells. */
const STEP = 0.2;
/** How long a client gives his order, ms. */
const DEADLINE = 30 * SECOND;

interface Seen {
  /** Orders older than their deadline that were dropped, and that were filled. */
  readonly dropped: number;
  readonly late: number;
  readonly largestSale: number;
}

function* play(isDefended: boolean): Telling<{ stage: Stage; seen: Seen }> {
  const stage = new Stage({ seats: 256 });
  const bitcoin = stage.listMarket({
    name: "BTC",
    tick: 0.5,
    lot: 0.01,
    price: BEFORE,
    initialMargin: 20_000,
    band: 100_000,
  });
  stage.setTier("liquidationBuffer", 150_000);
  stage.fundLayers({ 2: 30_000_000 });
  yield stage.beat("Bitcoin is listed at $4,400, fifty times leverage; the fund holds $30 m");
  const maker = stage.seat("honest", 60_000_000);
  const pickers = stage.seat("attacker", 10_000_000);
  const users = Array.from({ length: SELLERS }, () => stage.seat("honest", 12_000));
  for (const user of users) stage.trade(user, maker, bitcoin, EACH, BEFORE);
  yield stage.beat("156 users are long 300 lots each");
  const leveraged = Array.from({ length: 30 }, () => stage.seat("honest", 50_000));
  for (const long of leveraged) stage.trade(long, maker, bitcoin, LEVERAGED, BEFORE);
  yield stage.beat("Thirty accounts are long 12,000 lots on $50,000 each");
  if (isDefended) {
    stage.openReporters();
    stage.askReporters(bitcoin, BEFORE, { divergence: 300_000 });
    stage.set("liquidationStep", 200_000, bitcoin);
    stage.set("backstopCap", 300_000, bitcoin);
    stage.appointBackstop(40_000_000);
  }
  yield stage.beat(
    isDefended
      ? "Five reporters, a backstop of $40 m, liquidation by a fifth at a time"
      : "One source tells the price, and liquidation sells whole positions",
  );
  stage.begin();

  for (const price of FALL) {
    stage.wait(20 * SECOND);
    stage.truth(bitcoin, price);
    stage.print(bitcoin, price);
    stage.cancelAll(maker, bitcoin);
    stage.buy(maker, bitcoin, 5_000, price * 0.995);
    yield stage.beat(`Bitcoin falls to ${priceText(price)}; 5,000 lots are bid`);
    stage.tick();
    yield stage.beat(
      `${stage.heard("liquidationStarted").length} of 30 leveraged longs are being liquidated`,
    );
  }
  stage.cancelAll(maker, bitcoin);
  // Nothing answers from here on; what users send now waits at the gateway, with its deadline if clients have one.
  const sentAt = stage.now;
  stage.wait(OUTAGE);
  yield stage.beat("Nothing answers for 25 minutes; what users send waits at the gateway");
  stage.truth(bitcoin, AFTER);
  stage.tick();
  // Whoever is fastest bids where the old price still allows it.
  stage.buy(pickers, bitcoin, SELLERS * EACH, 3_700);
  yield stage.beat(
    "The venue is back, and bitcoin at $4,650; whoever is fastest bids $3,700 for what is left",
  );
  const mark = stage.receipts.length;
  const gateway = isDefended ? { deadline: sentAt + DEADLINE } : { isImmediate: true };
  for (const [index, user] of users.entries()) {
    sellAll(stage, user, bitcoin, gateway);
    if (index % 39 === 38) yield stage.beat(`${index + 1} of 156 orders from before come out of the gateway`);
  }
  const answers = stage.receipts.slice(mark);
  stage.cancelAll(pickers, bitcoin);
  for (let step = 0; step < 4; step++) {
    stage.wait(10 * SECOND);
    stage.print(bitcoin, AFTER);
    yield stage.beat("Fresh prices arrive: $4,650");
  }
  const filled = answers.filter(({ events }) => events.some(({ event }) => event === "fill")).length;
  const seen = {
    dropped: answers.filter(({ outcome }) => outcome === "expiry_required").length,
    late: filled,
    largestSale: largestFirstSale(stage),
  };
  return { stage, seen };
}

/** The largest part of a position sold in the step in which its liquidation began, of those not yet deep in distress. */
function largestFirstSale(stage: Stage): number {
  let largest = 0;
  for (const { events } of stage.receipts) {
    const begun = new Set<number>();
    for (const { event, values } of events) {
      const { bucket = 0, equity = 0, maintenance = 0, lots = 0, how = 0 } = values;
      if (event === "liquidationStarted" && 3 * equity >= 2 * maintenance) begun.add(bucket);
      if (event !== "positionLiquidated" || how !== 1 || !begun.delete(bucket)) continue;
      largest = Math.max(largest, Math.abs(lots) / LEVERAGED);
    }
  }
  return largest;
}

function sellAll(stage: Stage, user: Seat, market: Market, manner: Manner): void {
  const lots = bucketView(stage.engine.venue, 1, user.bucket).positions[0]?.lots ?? 0;
  if (lots > 0) stage.sell(user, market, lots, 3_600, { ...manner, reduceOnly: true });
}

export const BITMEX: Incident = incident<Seen>({
  id: "A19",
  name: "BitMEX, half an hour of silence",
  date: "2020-03-13",
  layer: "sequencer",
  mechanism: "Orders sent before an outage were carried out after it, at prices nobody could have wanted.",
  lost: "40.297 bitcoin paid back to 156 accounts",
  wall: "an order carries its client's deadline, and after silence nothing trades before fresh prices",
  facts: [
    { text: "About 25 to 30 minutes without an answer, at the bottom of the fall", source: "BitMEX" },
    { text: "$20 m of bids stood against more than $100 m of longs to be liquidated", source: "press" },
    { text: "156 accounts were paid back 40.297 bitcoin for stops that went wrong", source: "BitMEX" },
  ],
  play,
  claims: [
    claim("Every order older than its deadline is dropped at recovery", ({ seen }) =>
      exactly(seen.dropped, SELLERS, "orders"),
    ),
    claim("None of them is filled", ({ seen }) => exactly(seen.late, 0, "orders")),
    claim("The first sale of a liquidation takes no more than a fifth of the position", ({ seen }) =>
      atMost(seen.largestSale, STEP, "of a position"),
    ),
    claim("Those who waited lose nothing to those who were faster", ({ figures }) =>
      atMostUsd(figures.attackerGain, 0),
    ),
  ],
});
