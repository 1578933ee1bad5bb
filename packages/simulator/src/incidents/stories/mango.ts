/** A1: a thin token's price is pushed up on three venues, and a position against oneself becomes a fortune on paper. */
import { countText, microText, priceText } from "../../telling/amounts.ts";
import { type Telling, finish } from "../../telling/beat.ts";
import { atMostUsd, claim, exactly } from "../claims.ts";
import { type Incident, incident } from "../incident.ts";
import { Stage } from "../stage.ts";
import { MINUTE, usd } from "../terms.ts";

const PRICE = 0.038;
/** What the three venues printed, minute by minute. */
const PUMP = [0.09, 0.3, 0.91];
const CONTRACTS = 483_000_000;
const STAKE = 5_000_000;
/** How many minutes the attack lasted, and how many the price takes to be trusted again. */
const ATTACK = 40;
const AFTERMATH = 20;

interface Seen {
  /** Micro-dollars opened between the two wallets. */
  readonly opened: number;
  /** Micro-dollars paid out to them, in the end and within the forty minutes of the attack. */
  readonly extracted: number;
  readonly inTheAttack: number;
  /** The same forty minutes, had the position been forced open past its limit. */
  readonly whenForced: number;
  /** Lots an account traded with itself. */
  readonly selfTraded: number;
}

function* play(isDefended: boolean): Telling<{ stage: Stage; seen: Seen }> {
  const { stage, seen } = yield* attack(isDefended, false);
  const { inTheAttack: whenForced } = finish(attack(isDefended, true)).seen;
  return { stage, seen: { ...seen, whenForced } };
}

/** @param isForced - no limit follows from the depth of venues; all else is as it would be */
function* attack(
  isDefended: boolean,
  isForced: boolean,
): Telling<{ stage: Stage; seen: Omit<Seen, "whenForced"> }> {
  const stage = new Stage();
  const mango = stage.listMarket({ name: "MNGO", tick: 0.00005, lot: 100, price: PRICE });
  stage.fundLayers({ 1: 1_000_000, 2: 50_000_000, 4: 1_000_000, 5: 100_000_000 });
  yield stage.beat("MNGO is listed at $0.038; $152 m stand behind it");
  stage.setTier("liquidationBuffer", 150_000);
  stage.seat("honest", 50_000_000, 2);
  const [hedger, holder] = [stage.seat("honest", 1_000_000), stage.seat("honest", 1_000_000)];
  if (isDefended) stage.throttle();
  stage.age();
  yield stage.beat("Deposits come in, and three quiet days pass");
  if (isDefended) {
    stage.openReporters();
    stage.askReporters(mango, PRICE);
    stage.deepen(mango, 50_000, 200);
    if (!isForced) stage.setTier("manipulationFactor", 3);
    stage.guard(mango);
  }
  stage.trade(holder, hedger, mango, stage.lots(mango, 500_000), PRICE);
  yield stage.beat(
    "Two honest accounts trade half a million MNGO; reporters, limits and breakers stand, or do not",
  );
  stage.begin();

  const [long, short] = [stage.seat("attacker", STAKE), stage.seat("attacker", STAKE)];
  yield stage.beat("The attacker opens two wallets with $5 m each");
  stage.sell(short, mango, 1, PRICE);
  const { facts: own } = stage.buy(short, mango, 1, PRICE, { isImmediate: true });
  yield stage.beat(`He trades with himself: ${own["filled"] ?? 0} lots are filled`);
  const opened = stage.openBetween(long, short, mango, stage.lots(mango, CONTRACTS), PRICE);
  yield stage.beat(
    `One wallet sells to the other: of 483 m MNGO ${countText(opened * mango.lot)} find open interest`,
  );
  const takeOut = (): number => {
    stage.cashOut(long);
    stage.cashOut(short);
    return stage.losses.paidTo(long.account) + stage.losses.paidTo(short.account);
  };
  const follow = function* (price: number, who: string): Telling<void> {
    stage.wait(MINUTE / 2);
    stage.print(mango, price);
    stage.wait(MINUTE / 2);
    stage.print(mango, price);
    stage.must({ kind: "releaseWithdrawals", count: 16 });
    stage.pay();
    const left = microText(takeOut());
    yield stage.beat(`${who} ${priceText(price)}; the two wallets have taken out ${left}`);
  };
  for (const price of PUMP) yield* follow(price, "Bought on three venues, MNGO prints");
  for (let minute = PUMP.length; minute < ATTACK; minute++)
    yield* follow(PUMP.at(-1) as number, "MNGO is held at");
  const inTheAttack = takeOut();
  for (let minute = 0; minute < AFTERMATH; minute++) yield* follow(PRICE, "MNGO is back at");
  const seen = {
    opened: opened * stage.ticks(mango, PRICE) * mango.notional,
    extracted: takeOut(),
    inTheAttack,
    selfTraded: own["filled"] ?? 0,
  };
  return { stage, seen };
}

export const MANGO: Incident = incident<Seen>({
  id: "A1",
  name: "Mango Markets",
  date: "2022-10-11",
  layer: "oracle",
  mechanism:
    "The price of a token with little depth was pushed up; profits on paper were taken out as money.",
  lost: "$116 m taken out of the venue",
  wall: "open interest limited by what it costs to move the price; a quorum of reporters; unrealised profit never leaves",
  facts: [
    {
      text: "Two wallets with $5 m each traded 483 m contracts with each other at $0.038: $18.35 m",
      source: "Solidus Labs",
    },
    {
      text: "About $4 m of purchases on three venues took the price to $0.91 in minutes",
      source: "Solidus Labs",
    },
    { text: "$116 m were taken out within about 40 minutes", source: "Solidus Labs; Mango post-mortem" },
  ],
  play,
  claims: [
    claim("Of the $18.35 m that were opened then, less than 1 % finds open interest", ({ seen }) =>
      atMostUsd(seen.opened, usd(183_500)),
    ),
    claim(
      "However far the price is pushed, the two wallets take out no more than the $10 m they brought",
      ({ seen }) => atMostUsd(seen.extracted, usd(2 * STAKE)),
    ),
    claim(
      "Had it been forced open past its limit, the forty minutes of the attack yield no more than what was brought",
      ({ seen }) => atMostUsd(seen.whenForced, usd(2 * STAKE)),
    ),
    claim("An account's order that meets its own resting order trades nothing", ({ seen }) =>
      exactly(seen.selfTraded, 0, "lots"),
    ),
    claim("Nobody in another tier loses anything", ({ figures }) => atMostUsd(figures.otherTiersTouched, 0)),
  ],
});
