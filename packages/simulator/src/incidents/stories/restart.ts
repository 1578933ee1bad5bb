/** A9: a venue stops for eight hours in the middle of a liquidation, and comes back with the prices of before. */
import { STATUS, isBelowMaintenance, marketView } from "@bulkhead/engine";
import { priceText } from "../../telling/amounts.ts";
import type { Telling } from "../../telling/beat.ts";
import { atMostUsd, claim, exactly } from "../claims.ts";
import { type Incident, incident } from "../incident.ts";
import { Stage } from "../stage.ts";
import { HOUR, MINUTE, SECOND } from "../terms.ts";

const PRICE = 10;
/** Where the market is when the venue comes back, unseen by whoever still relays the old price. */
const AFTER = 8.6;
const USERS = 27;

interface Seen {
  /** Fills and liquidations between the restart and the first fresh quorum. */
  readonly early: number;
  /** Commands of the large liquidation that ended as a broken invariant; markets quarantined by it. */
  readonly broken: number;
  /** Lots the liquidated account still had when its liquidation was over. */
  readonly left: number;
  readonly later: number;
}

function* play(isDefended: boolean): Telling<{ stage: Stage; seen: Seen }> {
  const stage = new Stage();
  const market = stage.listMarket({ name: "X", tick: 0.001, lot: 1, price: PRICE, initialMargin: 100_000 });
  const elsewhere = stage.listMarket({ name: "Y", tier: 2, tick: 1, lot: 0.01, price: 3_000 });
  stage.setTier("liquidationBuffer", 150_000);
  stage.fundLayers({ 2: 1_000_000 });
  yield stage.beat("A market is listed at $10, and another in the tier next door at $3,000");
  const maker = stage.seat("honest", 20_000_000);
  const users = Array.from({ length: USERS }, () => stage.seat("honest", 60_000));
  yield stage.beat("A maker brings $20 m, 27 users $60,000 each");
  const other = [stage.seat("honest", 100_000, 2), stage.seat("honest", 100_000, 2)] as const;
  stage.trade(...other, elsewhere, 1_000, 3_000);
  yield stage.beat("Two people trade next door, and are no part of this");
  if (isDefended) {
    stage.openReporters();
    stage.askReporters(market, PRICE, { divergence: 300_000 });
  }
  yield stage.beat(isDefended ? "Five reporters make the price" : "A sidecar relays the price");
  stage.begin();

  // All that is open is one account's, and it goes below zero in a single step.
  const lone = stage.seat("honest", 220_000);
  stage.trade(lone, maker, market, 200_000, PRICE);
  yield stage.beat("All that is open is one account's: 200,000 lots on $220,000");
  for (const price of [9.7, 8.5, 8.5]) {
    stage.wait(5 * SECOND);
    stage.truth(market, price);
    stage.print(market, price);
    yield stage.beat(`The market is at ${priceText(price)}: the account is liquidated whole`);
  }
  const left = marketView(stage.engine.venue, 1, market.market).openInterest;
  for (let step = 0; step < 3; step++) {
    stage.wait(10 * MINUTE);
    stage.truth(market, PRICE);
    stage.print(market, PRICE);
    yield stage.beat("The price comes back to $10");
  }
  stage.tick();

  const restart = stage.receipts.length;
  stage.wait(8 * HOUR);
  stage.truth(market, AFTER);
  stage.tick();
  yield stage.beat("The venue stops for eight hours; outside, the market falls to $8.60");
  // Sidecars that have not caught up relay the price of before; users' programs trade on what they see.
  if (isDefended) reportOld(stage, PRICE);
  else stage.print(market, PRICE);
  yield stage.beat("It comes back, and is told the price of before: $10");
  for (const [index, user] of users.entries()) {
    stage.sell(maker, market, 12_000, PRICE);
    stage.buy(user, market, 12_000, PRICE, { isImmediate: true });
    stage.cancelAll(maker, market);
    if (index % 9 === 8)
      yield stage.beat(`${index + 1} of 27 users have tried to buy at $10 what is worth $8.60`);
  }
  stage.tick();
  const early = stage.receipts
    .slice(restart)
    .flatMap(({ events }) => events)
    .filter(({ event }) => event === "fill" || event === "positionLiquidated").length;
  for (let step = 0; step < 8; step++) {
    stage.wait(10 * SECOND);
    stage.print(market, AFTER);
    yield stage.beat("Fresh prices arrive: $8.60");
  }
  // With fresh prices everything goes on.
  stage.sell(maker, market, 100, AFTER);
  const { facts } = stage.buy(users[0] as (typeof users)[0], market, 100, AFTER, { isImmediate: true });
  yield stage.beat(`With fresh prices trading goes on: ${facts["filled"] ?? 0} lots are filled`);
  const broken = stage.refusals.get("invariant_broken") ?? 0;
  const isQuarantined = marketView(stage.engine.venue, 1, 1).status === STATUS.quarantined;
  if (isBelowMaintenance(stage.engine.venue, 2, other[0].bucket))
    throw new Error("the other tier is no part of this");
  return {
    stage,
    seen: { early, broken: broken + (isQuarantined ? 1 : 0), left, later: facts["filled"] ?? 0 },
  };
}

/** Every reporter hands in what it said eight hours ago. */
function reportOld(stage: Stage, price: number): void {
  for (let reporter = 1; reporter <= 5; reporter++) {
    const report = {
      price: price * 1e6,
      confidence: 0,
      publishedAt: stage.now - 8 * HOUR,
      sequence: 1e9 + reporter,
    };
    stage.send({ kind: "reportPrice", tier: 1, reporter, feedKind: 0, id: 1, ...report });
  }
}

export const RESTART: Incident = incident<Seen>({
  id: "A9",
  name: "dYdX chain, halt and restart",
  date: "2025-10-10",
  layer: "sequencer",
  mechanism:
    "A pool was drawn on before its insurance; the guard against that stopped the whole chain, which came back with stale prices.",
  lost: "$462,097.79 by 27 users, and about 8 hours of the whole chain",
  wall: "one atomic step pays in before it pays out; nothing trades or is liquidated until a quorum of fresh reports",
  facts: [
    {
      text: "All open interest of an isolated market was liquidated at once; its pool went negative and the chain stopped for about 8 hours",
      source: "dYdX post-mortem",
    },
    {
      text: "It restarted with price sidecars that were behind: 27 users lost $462,097.79",
      source: "dYdX post-mortem",
    },
  ],
  play,
  claims: [
    claim(
      "The liquidation of all open interest at once completes; no invariant breaks and no market is quarantined",
      ({ seen }) => ({
        held: seen.broken === 0 && seen.left === 0,
        measured: `${seen.broken} broken, ${seen.left} lots left`,
      }),
    ),
    claim("After the restart nothing is filled or liquidated until a fresh quorum", ({ seen }) =>
      exactly(seen.early, 0, "fills and liquidations"),
    ),
    claim("With fresh prices trading goes on", ({ seen }) => exactly(seen.later, 100, "lots filled")),
    claim("Nobody in another tier loses anything", ({ figures }) => atMostUsd(figures.otherTiersTouched, 0)),
  ],
});
