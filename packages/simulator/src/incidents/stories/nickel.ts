/** A20: a squeeze prints a price on one exchange's own book, and hours of trades are taken back afterwards. */
import { LAYOUTS } from "@bulkhead/engine";
import { priceText } from "../../telling/amounts.ts";
import type { Telling } from "../../telling/beat.ts";
import { atMostUsd, claim, exactly } from "../claims.ts";
import { type Incident, incident } from "../incident.ts";
import { Stage } from "../stage.ts";
import { SECOND, usd } from "../terms.ts";

const PRICE = 48_000;
/** What the exchange's own book printed in the morning hours. */
const SQUEEZE = [50_000, 54_000, 60_000, 68_000, 78_000, 90_000, 101_000];
const SHORTS = 20;
const TONNES = 1_000;

interface Seen {
  readonly halts: number;
  /** Tonnes that changed hands more than a tenth above the price of the day before. */
  readonly beyond: number;
  readonly takeBacks: number;
  readonly commands: number;
}

function* play(isDefended: boolean): Telling<{ stage: Stage; seen: Seen }> {
  const stage = new Stage();
  const nickel = stage.listMarket({
    name: "nickel",
    tick: 5,
    lot: 1,
    price: PRICE,
    initialMargin: 200_000,
    band: isDefended ? 100_000 : 900_000,
  });
  stage.setTier("liquidationBuffer", 150_000);
  stage.fundLayers({ 1: 5_000_000, 2: 50_000_000 });
  yield stage.beat("Nickel is listed at $48,000 a tonne");
  const holders = Array.from({ length: 4 }, () => stage.seat("honest", 100_000_000));
  const shorts = Array.from({ length: SHORTS }, () => stage.seat("honest", TONNES * PRICE * 0.25));
  for (const [index, short] of shorts.entries())
    stage.trade(holders[index % 4] as (typeof holders)[0], short, nickel, TONNES, PRICE);
  yield stage.beat("Twenty shorts owe a thousand tonnes each to four holders");
  if (isDefended) {
    stage.openReporters();
    stage.askReporters(nickel, PRICE, { sigma: 150_000 });
    stage.guard(nickel, { spreadFactor: 0, depthFloor: 0 });
  }
  const squeezers = stage.seat("attacker", 300_000_000);
  const helper = stage.seat("attacker", 300_000_000);
  yield stage.beat(
    isDefended ? "Five sources, a band of a tenth, and a breaker" : "The exchange's own book is the price",
  );
  stage.begin();

  for (const price of SQUEEZE) {
    // A small trade between the two prints the price; behind it they offer all that shorts must buy.
    stage.sell(helper, nickel, 10, price);
    stage.buy(squeezers, nickel, 10, price, { isImmediate: true });
    stage.cancelAll(helper, nickel);
    yield stage.beat(`A small trade between two accomplices is to print ${priceText(price)}`);
    stage.buy(squeezers, nickel, 10, Math.min(price, stage.markOf(nickel) * 1.09));
    stage.sell(helper, nickel, TONNES * 3, price * 1.01);
    yield stage.beat("Behind it they offer all that the shorts must buy");
    for (let step = 0; step < 6; step++) {
      stage.wait(10 * SECOND);
      stage.print(nickel, [price, PRICE, PRICE, PRICE, PRICE]);
      stage.tick();
    }
    const bought = stage.heard("liquidationStarted").length;
    yield stage.beat(`A minute later ${bought} of 20 shorts have been bought in`);
    stage.cancelAll(squeezers, nickel);
  }
  const fills = stage.heard("fill");
  const limit = stage.ticks(nickel, PRICE * 1.1);
  const seen = {
    halts: stage.heard("breakerMoved").filter(({ to }) => to === 3).length,
    beyond: fills.filter(({ price = 0 }) => price > limit).reduce((sum, { lots = 0 }) => sum + lots, 0),
    takeBacks: LAYOUTS.filter(({ name }) => /bust|undo|revert|rollback|reverse|annul|void/i.test(name))
      .length,
    commands: LAYOUTS.length,
  };
  return { stage, seen };
}

export const NICKEL: Incident = incident<Seen>({
  id: "A20",
  name: "LME nickel",
  date: "2022-03-08",
  layer: "oracle",
  mechanism:
    "One book's squeeze was everybody's price; margin calls bought into it, and the exchange took the trades back.",
  lost: "eight hours of trades, taken back, and a week of the market",
  wall: "a price from many sources, a band around it, and a breaker that halts when the book leaves it",
  facts: [
    {
      text: "The price rose about fourfold in three days, above $100,000 a tonne",
      source: "LME; Oliver Wyman review",
    },
    { text: "Eight hours of trades were cancelled, and the market stayed shut for a week", source: "LME" },
  ],
  play,
  claims: [
    claim("The market halts", ({ seen }) => ({ held: seen.halts > 0, measured: `${seen.halts} halts` })),
    claim("Nothing changes hands more than a tenth above the price of the day before", ({ seen }) =>
      exactly(seen.beyond, 0, "tonnes"),
    ),
    claim("No command takes a trade back", ({ seen }) => ({
      held: seen.takeBacks === 0,
      measured: `${seen.takeBacks} of ${seen.commands} commands`,
    })),
    claim("Shorts lose nothing to the squeeze", ({ figures }) => atMostUsd(figures.loss, usd(1))),
  ],
});
