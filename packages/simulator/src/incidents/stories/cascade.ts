/** A7: the book empties, prices fall by half within minutes, and liquidations feed on one another. */
import { positionView } from "@bulkhead/engine";
import { priceText } from "../../telling/amounts.ts";
import type { Telling } from "../../telling/beat.ts";
import { atMostUsd, claim, dollars, exactly } from "../claims.ts";
import { type Incident, incident } from "../incident.ts";
import { Stage } from "../stage.ts";
import { SECOND, usd } from "../terms.ts";

const PRICE = 20;
/** The index, every ten seconds around 21:15 UTC, and the way back. */
const FALL = [19.6, 19, 18, 16.6, 15, 13.2, 11.4, 10.4, 11, 13.5, 16, 18.2, 19.2];
const LONGS = 40;
const STAKE = 50_000;
/** What the book has left of its usual depth. */
const LEFT = 0.02;

interface Seen {
  readonly defaults: number;
  readonly openDebt: number;
  readonly shortfall: number;
  readonly shared: number;
  /** How far the hedged account's net lots moved, and its lots torn up. */
  readonly drift: number;
}

function* play(isDefended: boolean): Telling<{ stage: Stage; seen: Seen }> {
  const stage = new Stage({ seats: 128 });
  const terms = { name: "AVAX", tick: 0.001, lot: 1, price: PRICE, initialMargin: 50_000, band: 200_000 };
  const [avax, other] = [stage.listMarket(terms), stage.listMarket({ ...terms, name: "AVAX 2" })];
  for (const market of [avax, other]) stage.set("underlying", 7, market);
  stage.setTier("liquidationBuffer", 150_000);
  yield stage.beat("Two markets of one underlying are listed at $20, twenty times leverage");
  const makers = Array.from({ length: 4 }, () => stage.seat("honest", 20_000_000));
  const hedged = stage.seat("honest", 4_000_000);
  if (isDefended) {
    stage.openReporters();
    for (const market of [avax, other]) {
      stage.askReporters(market, PRICE, { divergence: 900_000 });
      stage.set("liquidationStep", 200_000, market);
      stage.set("backstopCap", 3_000_000, market);
      stage.guard(market, { liquidationCapacity: usd(2_000_000), haltScore: 0 });
    }
    stage.fundLayers({ 1: 250_000, 2: 2_000_000, 4: 250_000, 5: 5_000_000 });
    stage.appointBackstop(20_000_000);
    stage.setTier("auctionStart", SECOND);
    stage.setTier("auctionSpan", 5 * SECOND);
  }
  yield stage.beat(
    isDefended
      ? "Funds of $7.5 m, a backstop of $20 m, liquidation in steps and breakers are set up"
      : "There are no funds, no backstop and no breakers",
  );
  const lots = stage.lots(avax, (STAKE * 15) / PRICE);
  const longs = Array.from({ length: LONGS }, () => stage.seat("honest", STAKE));
  for (const [index, long] of longs.entries())
    stage.trade(long, index < 8 ? hedged : (makers[index % 4] as typeof hedged), avax, lots, PRICE);
  yield stage.beat("Forty longs with $50,000 each buy for fifteen times their money");
  // Short in one market, long as much in the other of the same underlying.
  stage.trade(hedged, makers[0] as typeof hedged, other, 8 * lots, PRICE);
  yield stage.beat("One account is short in one market and as long in the other: hedged");
  stage.begin();

  for (const price of FALL) {
    stage.wait(10 * SECOND);
    for (const maker of makers) stage.cancelAll(maker, avax);
    for (const market of [avax, other]) stage.truth(market, price);
    for (const market of [avax, other]) stage.print(market, price);
    for (const maker of makers) stage.buy(maker, avax, Math.floor(lots * LEFT), price * 0.99);
    yield stage.beat(`The index is at ${priceText(price)}, and 2 % of the usual bids are left`);
    stage.pass(6 * SECOND, 2 * SECOND);
    yield stage.beat(
      `Six seconds later ${stage.heard("liquidationStarted").length} of 40 longs have met their liquidation`,
    );
  }
  const absorbed = stage.heard("lossAbsorbed");
  const net = [avax, other].reduce(
    (total, { market }) => total + (positionView(stage.engine.venue, 1, hedged.bucket, market)?.lots ?? 0),
    0,
  );
  const seen = {
    defaults: stage.heard("liquidationEnded").filter(({ outcome }) => outcome === 2).length,
    openDebt: stage.figures().badDebt - sum(absorbed),
    shortfall: sum(absorbed.filter(({ layer }) => layer === 6)),
    shared: sum(stage.heard("profitHaircut")),
    drift: Math.abs(net),
  };
  return { stage, seen };
}

function sum(values: readonly Readonly<Record<string, number>>[]): number {
  return values.reduce((total, { amount = 0 }) => total + amount, 0);
}

export const CASCADE: Incident = incident<Seen>({
  id: "A7",
  name: "The cascade of 10 October",
  date: "2025-10-10",
  layer: "clearing",
  mechanism:
    "Whole positions were sold into an empty book; what nobody bought was taken from winners, hedged ones too.",
  lost: "$2.1 bn taken from winners in 12 minutes, on one venue alone",
  wall: "liquidation in steps, a backstop, and funds before winners; breakers; what winners give is the shortfall and no more",
  facts: [
    {
      text: "About $19.1 bn of liquidations on 1.62 m accounts, $3.21 bn of them in one minute (21:15 UTC)",
      source: "CoinGlass; arXiv 2512.01112",
    },
    { text: "Books had lost 98 % of their depth", source: "press" },
    {
      text: "One venue deleveraged winners by $2.1 bn in 12 minutes, $45 to 52 m more than it needed",
      source: "arXiv 2602.15182",
    },
  ],
  play,
  claims: [
    claim("With 2 % of the depth left, no debt is left open", ({ seen }) => atMostUsd(seen.openDebt, 0)),
    claim(
      "Where there are no funds, winners and house give up the shortfall, to the last unit",
      (_, { seen }) => ({
        held: seen.shared === seen.shortfall && seen.shortfall > 0,
        measured: `${dollars(seen.shared)} of ${dollars(seen.shortfall)}`,
      }),
    ),
    claim("Funds come first: winners give up nothing", ({ figures }) => atMostUsd(figures.haircut, 0)),
    claim("The hedged account is as hedged afterwards as before", ({ seen }) =>
      exactly(seen.drift, 0, "lots"),
    ),
  ],
});
