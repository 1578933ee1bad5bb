/** A4: a trader takes his profit and most of his margin out of a position too large to sell, and leaves it to the house. */
import { bucketView, marketView } from "@bulkhead/engine";
import { countText } from "../../telling/amounts.ts";
import { type Telling, finish } from "../../telling/beat.ts";
import { atMostUsd, claim } from "../claims.ts";
import { type Incident, incident } from "../incident.ts";
import type { Market } from "../priceDesk.ts";
import { type Seat, Stage } from "../stage.ts";
import { SECOND, usd } from "../terms.ts";

const LOTS = 160_000;
const ENTRY = 1_885;
const PEAK = 1_936;
const STAKE = 15_230_000;
const TAKEN = 17_090_000;
const BACKSTOP = 130_000_000;
/** Margin of what is held beyond so many dollars, ppm. */
const BRACKETS = [
  { lower: 50_000_000, rate: 150_000 },
  { lower: 150_000_000, rate: 250_000 },
];
const DESCENT = [1_930, 1_925, 1_920, 1_915];
/** Ether falls further while the house sells what it has inherited. */
const UNWIND = [1_908, 1_898, 1_887, 1_876];

/** Steps of a coin toss, dollars: sixteen paths of four, all as likely. */
const TOSS = 50;
const TOSSES = 4;

interface Seen {
  readonly opened: number;
  readonly withdrawal: string;
  readonly backstopLoss: number;
  /** What the plan gains on average over all paths, micro-dollars. */
  readonly expected: number;
}

interface Scene {
  readonly stage: Stage;
  readonly ether: Market;
  readonly maker: Seat;
  readonly whale: Seat;
  readonly backstop: Seat;
  /** Lots the whale was let to open. */
  readonly size: number;
}

function* play(isDefended: boolean): Telling<{ stage: Stage; seen: Seen }> {
  const scene = yield* open(isDefended);
  const { stage, ether, whale, backstop, size } = scene;
  yield* stage.walk(ether, [1_900, 1_915, PEAK], SECOND, "Ether rises to");
  const first = stage.withdraw(whale, TAKEN);
  yield stage.beat(`The whale asks for $17.09 m of profit on paper: ${first.outcome}`);
  roll(scene, PEAK);
  yield stage.beat("He sells and buys back at the same price, so that the profit is real");
  const taken = stage.withdraw(whale, TAKEN);
  yield stage.beat(`He asks for $17.09 m again: ${taken.outcome}`);
  yield* stage.walk(ether, DESCENT, SECOND, "Ether falls to");
  yield* stage.walk(ether, UNWIND, SECOND, "While the house sells what it has inherited, ether is at");
  stage.cashOut(whale);
  yield stage.beat("The whale takes what is left of his money");
  const { equity } = bucketView(stage.engine.venue, 1, backstop.bucket);
  const seen = {
    opened: size * ENTRY,
    withdrawal: taken.outcome,
    backstopLoss: usd(BACKSTOP) - equity,
    expected: expectedGain(isDefended),
  };
  return { stage, seen };
}

/** The venue, and the whale with the largest position it lets him open. */
function* open(isDefended: boolean): Telling<Scene> {
  const stage = new Stage();
  const terms = { name: "ETH", tick: 0.1, lot: 1, price: ENTRY, initialMargin: 20_000 };
  const ether = stage.listMarket({ ...terms, ...(isDefended && { scaleBase: usd(10_000_000) }) });
  yield stage.beat("Ether is listed at $1,885, at fifty times leverage");
  for (const [index, { lower, rate }] of (isDefended ? BRACKETS : []).entries()) {
    const bracket = { tier: 1, market: 1, bracket: index + 1, lower: usd(lower), rate };
    stage.must({ kind: "setMarginBracket", ...bracket });
  }
  yield stage.beat(
    isDefended ? "Margin rises to 25 % with the size of a position" : "Margin is 2 %, whatever the size",
  );
  stage.setTier("liquidationBuffer", 150_000);
  stage.set("backstopCap", 300_000, ether);
  const backstop = stage.appointBackstop(BACKSTOP);
  yield stage.beat("The house stands ready with $130 m to take over what nobody buys");
  const maker = stage.seat("honest", 200_000_000);
  yield stage.beat("A maker brings $200 m");
  stage.begin();

  const whale = stage.seat("attacker", STAKE);
  yield stage.beat("The whale brings $15.23 m");
  const { openInterest: before } = marketView(stage.engine.venue, 1, ether.market);
  stage.sell(maker, ether, LOTS, ENTRY);
  yield stage.beat("The maker offers 160,000 ether");
  // What is refused is tried at half the size.
  let size = LOTS;
  while (stage.buy(whale, ether, size, ENTRY, { isImmediate: true }).outcome !== "accepted") size /= 2;
  stage.cancelAll(maker, ether);
  if (marketView(stage.engine.venue, 1, ether.market).openInterest - before !== size)
    throw new Error("the whale's order was not filled");
  yield stage.beat(`Of the 160,000 ether he wants, the whale may open ${countText(size)}`);
  return { stage, ether, maker, whale, backstop, size };
}

/** Profit on paper does not leave; so he sells and buys back at the same price. */
function roll({ stage, ether, maker, whale }: Scene, price: number): void {
  const { lots = 0 } = bucketView(stage.engine.venue, 1, whale.bucket).positions[0] ?? {};
  if (lots <= 0) return;
  stage.buy(maker, ether, lots, price);
  stage.sell(whale, ether, lots, price, { isImmediate: true });
  stage.sell(maker, ether, lots, price);
  stage.buy(whale, ether, lots, price, { isImmediate: true });
  stage.cancelAll(maker, ether);
}

/** The plan on a fair coin: whatever is let out leaves at every step, and the rest is left to the house. */
function expectedGain(isDefended: boolean): number {
  let sum = 0;
  for (let path = 0; path < 2 ** TOSSES; path++) {
    const scene = finish(open(isDefended));
    let price = ENTRY;
    for (let toss = 0; toss < TOSSES; toss++) {
      price += (path >> toss) & 1 ? TOSS : -TOSS;
      finish(scene.stage.walk(scene.ether, [price], SECOND, "Ether is at"));
      roll(scene, price);
      scene.stage.cashOut(scene.whale);
    }
    sum += scene.stage.figures().attackerGain;
  }
  return Math.round(sum / 2 ** TOSSES);
}

export const WHALE: Incident = incident<Seen>({
  id: "A4",
  name: "Hyperliquid, ETH whale",
  date: "2025-03-12",
  layer: "risk",
  mechanism:
    "Withdrawing profit and margin turned one's own liquidation into a sale at the mark to the house.",
  lost: "$4 m of the house pool, and $130 m that left it the next day",
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
    claim(
      "On a fair coin, over all sixteen paths of four steps of $50, it gains him nothing on average either",
      ({ seen }) => atMostUsd(seen.expected, 0),
    ),
    claim("The backstop loses nothing", ({ seen }) => atMostUsd(seen.backstopLoss, 0)),
    claim("$306.4 m on $15.23 m is refused at the door", ({ seen }) =>
      atMostUsd(usd(seen.opened), usd(200_000_000)),
    ),
  ],
});
