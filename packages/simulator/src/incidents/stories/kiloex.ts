/** A16: whoever calls the right contract sets the price; he buys at 100 and sells at 10,000. */
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

function play(isDefended: boolean): { stage: Stage; seen: Seen } {
  const stage = new Stage();
  const ether = stage.listMarket({ tick: 0.5, lot: 0.01, price: TRUE, initialMargin: 100_000, band: 50_000 });
  stage.setTier("liquidationBuffer", 150_000);
  stage.fundLayers({ 2: 2_000_000 });
  const pool = stage.seat("honest", 20_000_000);
  if (isDefended) {
    stage.openReporters();
    stage.askReporters(ether, TRUE);
  }
  stage.begin();

  const thief = stage.seat("attacker", STAKE);
  /** The pool trades at whatever the price is said to be. */
  const quote = (): void => {
    stage.cancelAll(pool, ether);
    const price = stage.markOf(ether);
    stage.buy(pool, ether, 100_000, price * 0.995);
    stage.sell(pool, ether, 100_000, price * 1.005);
  };
  quote();
  // Open and close within one price.
  stage.buy(thief, ether, 1_000, TRUE * 1.005, { isImmediate: true });
  stage.sell(thief, ether, 1_000, TRUE * 0.995, { isImmediate: true });
  const sameEpoch = stage.figures().attackerGain;
  const unsigned = setPrice(stage, LOW);
  quote();
  stage.buy(thief, ether, 80_000, stage.markOf(ether) * 1.005, { isImmediate: true });
  setPrice(stage, HIGH);
  // One reporter who leaps, where one is asked.
  if (isDefended) {
    stage.wait(SECOND);
    stage.printFrom(ether, 1, HIGH);
  }
  const moved = stage.markOf(ether) - TRUE;
  quote();
  stage.sell(thief, ether, 80_000, stage.markOf(ether) * 0.995, { isImmediate: true });
  stage.wait(SECOND);
  stage.print(ether, TRUE);
  stage.cashOut(thief);
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
  mechanism: "Anybody could set the price, and a pool traded at it.",
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
