/** A16: whoever calls the right contract sets the price; he buys at 100 and sells at 10,000. */
import { microText, priceText } from "../../telling/amounts.ts";
import type { Telling } from "../../telling/beat.ts";
import { atMostUsd, claim, exactly, told } from "../claims.ts";
import { type Incident, incident } from "../incident.ts";
import { Stage } from "../stage.ts";
import { SECOND } from "../terms.ts";

const TRUE = 1_600;
const LOW = 100;
const HIGH = 10_000;
const STAKE = 400_000;

interface Seen {
  readonly unsigned: string;
  readonly gain: number;
  /** How far the mark stood from the true price at the end of the attack, dollars. */
  readonly moved: number;
  /** What opening and closing within one price earned, micro-dollars. */
  readonly sameEpoch: number;
}

function* play(isDefended: boolean): Telling<{ stage: Stage; seen: Seen }> {
  const stage = new Stage();
  const ether = stage.listMarket({
    name: "ETH",
    tick: 0.5,
    lot: 0.01,
    price: TRUE,
    initialMargin: 100_000,
    band: 50_000,
  });
  stage.setTier("liquidationBuffer", 150_000);
  stage.fundLayers({ 2: 2_000_000 });
  yield stage.beat("Ether is listed at $1,600; the fund holds $2 m");
  yield stage.beat("An order must name a price within a twentieth of the mark");
  const pool = stage.seat("honest", 20_000_000);
  yield stage.beat("A pool of $20 m trades at whatever the price is said to be");
  if (isDefended) {
    stage.openReporters();
    stage.askReporters(ether, TRUE);
  }
  yield stage.beat(
    isDefended
      ? "Five reporters are registered, and nobody else may say a price"
      : "Whoever calls may say a price",
  );
  stage.begin();

  const thief = stage.seat("attacker", STAKE);
  yield stage.beat("The thief brings $400,000");
  /** The pool trades at whatever the price is said to be. */
  const quote = (): void => {
    stage.cancelAll(pool, ether);
    const price = stage.markOf(ether);
    stage.buy(pool, ether, 100_000, price * 0.995);
    stage.sell(pool, ether, 100_000, price * 1.005);
  };
  quote();
  yield stage.beat("The pool quotes around $1,600");
  // Open and close within one price.
  stage.buy(thief, ether, 1_000, TRUE * 1.005, { isImmediate: true });
  yield stage.beat("The thief buys a thousand lots");
  stage.sell(thief, ether, 1_000, TRUE * 0.995, { isImmediate: true });
  yield stage.beat("He sells them within the same price, and has paid the spread twice");
  const sameEpoch = stage.figures().attackerGain;
  const unsigned = setPrice(stage, LOW);
  yield stage.beat(`He says ether costs $100: ${unsigned}`);
  quote();
  yield stage.beat(`The pool quotes around ${priceText(stage.markOf(ether))}`);
  stage.buy(thief, ether, 80_000, stage.markOf(ether) * 1.005, { isImmediate: true });
  yield stage.beat(`He buys as much as he may`);
  const raised = setPrice(stage, HIGH);
  yield stage.beat(`He says ether costs $10,000: ${raised}`);
  // One reporter who leaps, where one is asked.
  if (isDefended) {
    stage.wait(SECOND);
    stage.printFrom(ether, 1, HIGH);
  }
  yield stage.beat(
    isDefended
      ? "One reporter leaps to $10,000, and is held back until two others say the same"
      : "Nobody is asked who might know better",
  );
  yield stage.beat(
    `The venue has refused ${stage.refusals.get("price_comes_from_reporters") ?? 0} prices of his`,
  );
  const moved = stage.markOf(ether) - TRUE;
  yield stage.beat(`The mark is at ${priceText(stage.markOf(ether))}`);
  quote();
  yield stage.beat("The pool quotes around the mark");
  stage.sell(thief, ether, 80_000, stage.markOf(ether) * 0.995, { isImmediate: true });
  stage.wait(SECOND);
  yield stage.beat("The thief sells");
  stage.print(ether, TRUE);
  yield stage.beat("The price is told as it is: $1,600");
  stage.cashOut(thief);
  yield stage.beat(`The thief takes out ${microText(stage.losses.paidTo(thief.account))}`);
  return { stage, seen: { unsigned, gain: stage.figures().attackerGain, moved, sameEpoch } };
}

function setPrice(stage: Stage, dollars: number): string {
  stage.wait(SECOND);
  return stage.send({ kind: "updateIndexPrice", tier: 1, market: 1, price: dollars * 2 }).outcome;
}

export const KILOEX: Incident = incident<Seen>({
  id: "A16",
  name: "KiloEx",
  date: "2025-04-14",
  layer: "oracle",
  mechanism: "Anybody could set the price, and a pool traded at it.",
  lost: "$7.5 to 8.4 m",
  wall: "a price is what registered reporters agree on; a leap of one waits for two others to say the same",
  facts: [
    { text: "An unauthenticated forwarder set ether to 100, and then to 10,000", source: "SlowMist" },
    { text: "$7.5 to 8.4 m were taken, $3.12 m of it in one transaction", source: "SlowMist; KiloEx" },
  ],
  play,
  claims: [
    claim("A price from somebody who is no reporter is refused", ({ seen }) =>
      told(seen.unsigned, "price_comes_from_reporters"),
    ),
    claim("One reporter's leap to 10,000 moves the mark by nothing", ({ seen }) =>
      exactly(seen.moved, 0, "dollars"),
    ),
    claim("Opening and closing within one price earns nothing", ({ seen }) => atMostUsd(seen.sameEpoch, 0)),
    claim("The thief gains nothing", ({ seen }) => atMostUsd(seen.gain, 0)),
  ],
});
