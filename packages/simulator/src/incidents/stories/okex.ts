/** A18: one account may hold four million contracts; it is frozen instead of liquidated, and winners pay. */
import { PARAMETERS, bucketView, marketView } from "@bulkhead/engine";
import { countText, microText, priceText } from "../../telling/amounts.ts";
import type { Telling } from "../../telling/beat.ts";
import { atMost, atMostUsd, claim, exactly } from "../claims.ts";
import { type Incident, incident } from "../incident.ts";
import { Stage } from "../stage.ts";
import { HOUR, MINUTE, usd } from "../terms.ts";

const PRICE = 8_200;
/** What bitcoin was worth over the two days in which the position was frozen. */
const FALL = [8_100, 7_980, 7_850, 7_700, 7_550, 7_400, 7_250];
const CONTRACTS = 4_168_515;
const STAKE = 21_000_000;
/** Contracts of 100 dollars that the depth of the market can take. */
const LIMIT = 200_000;
const INJECTED = 18_500_000;

interface Seen {
  readonly opened: number;
  /** What was taken from winners, and how much of it was more than a winner's profit of the moment. */
  readonly taken: number;
  readonly beyondProfit: number;
  readonly losersTouched: number;
}

function* play(isDefended: boolean): Telling<{ stage: Stage; seen: Seen }> {
  const stage = new Stage();
  const bitcoin = stage.listMarket({
    name: "BTC",
    tick: 0.5,
    lot: 100 / PRICE,
    price: PRICE,
    initialMargin: 50_000,
  });
  if (isDefended) {
    stage.set("maxPositionLots", LIMIT, bitcoin);
    stage.setTier("liquidationBuffer", 150_000);
  }
  yield stage.beat(
    isDefended
      ? "Bitcoin is listed at $8,200; nobody may hold more than 200,000 contracts"
      : "Bitcoin is listed at $8,200; nothing limits a position",
  );
  const shorts = Array.from({ length: 8 }, (_, index) => stage.seat("honest", 20_000_000 + index * 1e6));
  const [loser, idle] = [stage.seat("honest", 2_000_000), stage.seat("honest", 2_000_000)];
  yield stage.beat("Eight people bring $20 to 27 m each, two others $2 m");
  stage.trade(loser, shorts[0] as typeof loser, bitcoin, 1_000, PRICE);
  yield stage.beat("One of them is long a thousand contracts");
  stage.begin();

  const whale = stage.seat("attacker", STAKE);
  yield stage.beat("One account brings $21 m");
  for (const short of shorts) {
    const each = Math.floor(CONTRACTS / shorts.length);
    const lots = stage.openBetween(whale, short, bitcoin, each, PRICE);
    yield stage.beat(`It wants ${countText(each)} contracts of another short, and gets ${countText(lots)}`);
  }
  const opened = bucketView(stage.engine.venue, 1, whale.bucket).positions[0]?.lots ?? 0;
  for (const price of FALL) {
    stage.wait(6 * HOUR);
    stage.truth(bitcoin, price);
    stage.print(bitcoin, price);
    stage.tick();
    yield stage.beat(`Six hours later bitcoin is at ${priceText(price)}`);
  }
  // The house puts in what it has, and the position is closed at last.
  stage.fundLayers({ 2: INJECTED });
  yield stage.beat("The house puts in $18.5 m");
  const profits = new Map(
    [...shorts, loser, idle].map(({ bucket }) => [
      bucket,
      bucketView(stage.engine.venue, 1, bucket).positions[0]?.unrealised ?? 0,
    ]),
  );
  stage.send({
    kind: "setParameter",
    tier: 1,
    market: 0,
    parameter: PARAMETERS.liquidationBuffer.id,
    value: 150_000,
  });
  stage.wait(MINUTE);
  stage.tick();
  yield stage.beat(
    `What is still open is closed at last: winners have given up ${microText(stage.figures().haircut)}`,
  );
  let beyondProfit = 0;
  let losersTouched = 0;
  for (const { bucket = 0, amount = 0 } of stage.heard("profitHaircut")) {
    const profit = profits.get(bucket) ?? 0;
    if (bucket !== 0 && profit <= 0) losersTouched += 1;
    beyondProfit += Math.max(0, amount - Math.max(0, profit));
  }
  const { status } = marketView(stage.engine.venue, 1, bitcoin.market);
  if (status !== 0) throw new Error("the market is no part of this");
  return { stage, seen: { opened, taken: stage.figures().haircut, beyondProfit, losersTouched } };
}

export const OKEX: Incident = incident<Seen>({
  id: "A18",
  name: "OKEx, bitcoin futures",
  date: "2018-07-31",
  layer: "risk",
  mechanism:
    "One account held more than the market could take; frozen, its loss grew until winners had to give theirs back.",
  lost: "2,500 bitcoin of the venue, and about 1,200 of all who had won",
  wall: "a position limit by depth, and liquidation at once",
  facts: [
    {
      text: "One account was long 4,168,515 contracts of $100, $416.9 m, and was frozen instead of liquidated",
      source: "OKEx",
    },
    {
      text: "The venue put in 2,500 bitcoin; about 1,200 more were taken from all who had won",
      source: "OKEx; press",
    },
  ],
  play,
  claims: [
    claim("The account holds no more than the limit of 200,000 contracts", ({ seen }) =>
      atMost(seen.opened, LIMIT, "contracts"),
    ),
    claim("No winner gives up anything", ({ figures }) => atMostUsd(figures.haircut, 0)),
    claim("Where winners had to, nobody gave more than his profit of the moment", (_, { seen }) => ({
      held: seen.beyondProfit === 0 && seen.taken > usd(1),
      measured: `${Math.round(seen.taken / 1e6)} dollars taken, ${seen.beyondProfit} beyond profits`,
    })),
    claim("And nobody who had lost, or held nothing, gave anything", (_, { seen }) =>
      exactly(seen.losersTouched, 0, "accounts"),
    ),
  ],
});
