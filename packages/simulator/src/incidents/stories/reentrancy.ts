/** A11: a call back into the middle of a step leaves one of two books of the same fact behind. */
import {
  HANDLERS,
  type Handler,
  type Handlers,
  LAYOUTS,
  type Layout,
  STATUS,
  bucketView,
  marketView,
} from "@bulkhead/engine";
import { BUCKET, type Sentinel, rowOf } from "@bulkhead/engine/drill";
import { microText } from "../../telling/amounts.ts";
import type { Telling } from "../../telling/beat.ts";
import { atMostUsd, claim, exactly, told } from "../claims.ts";
import { type Incident, incident } from "../incident.ts";
import { Stage } from "../stage.ts";
import { SECOND } from "../terms.ts";

const STAKE = 1_350_000;
const ROUNDS = 5;
const PRICE = 108_757;

interface Seen {
  readonly taken: number;
  readonly answer: string;
  readonly quarantined: number;
  /** Lots filled in the market beside it. */
  readonly beside: number;
}

/** The engine's handlers, one of them with a fault: whenever a certain bucket trades, its cash is booked twice. */
function faulty(bucketOf: () => number): Handlers {
  const { code } = LAYOUTS.find(({ name }) => name === "placeOrder") as Layout;
  const honest = HANDLERS[code] as Handler;
  const broken: Handler = (venue) => {
    const outcome = honest(venue);
    const [tier] = venue.tiers;
    if (outcome !== 0 || tier === undefined || bucketOf() === 0) return outcome;
    const bucket = rowOf(tier.arena, tier.buckets, bucketOf());
    tier.arena.addNum(bucket, BUCKET.cash, tier.arena.num(bucket, BUCKET.cash));
    return outcome;
  };
  return HANDLERS.map((handler, each) => (each === code ? broken : handler));
}

/** A judge that sees everything and says nothing. */
function lookingAway(own: Sentinel): Sentinel {
  const { verdict } = own;
  return {
    verdict,
    judge: (...seen) => {
      own.judge(...seen);
      verdict.invariant = 0;
      return verdict;
    },
  };
}

function* play(isDefended: boolean): Telling<{ stage: Stage; seen: Seen }> {
  let faultyBucket = 0;
  const handlers = faulty(() => faultyBucket);
  const stage = new Stage(isDefended ? { handlers } : { handlers, judge: lookingAway });
  const terms = { name: "BTC", tick: 10, lot: 0.01, price: PRICE };
  const [market, beside] = [stage.listMarket(terms), stage.listMarket({ ...terms, name: "BTC 2" })];
  yield stage.beat("Two markets are listed; one handler books a bucket's cash twice whenever it trades");
  const [maker, taker, ...others] = Array.from({ length: 10 }, () => stage.seat("honest", 4_200_000));
  if (maker === undefined || taker === undefined) throw new Error("nobody is there");
  yield stage.beat("Ten people bring $4.2 m each");
  yield stage.beat(isDefended ? "The judge looks at every command" : "The judge looks away");
  stage.begin();

  const thief = stage.seat("attacker", STAKE);
  yield stage.beat("The thief brings $1.35 m");
  stage.sell(maker, market, ROUNDS, PRICE);
  yield stage.beat("A maker offers five lots");
  faultyBucket = thief.bucket;
  const answers: string[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    stage.wait(SECOND);
    const { outcome } = stage.buy(thief, market, 1, PRICE, { isImmediate: true });
    answers.push(outcome);
    yield stage.beat(`Round ${round + 1}: the thief buys a lot, and his cash is to double: ${outcome}`);
  }
  faultyBucket = 0;
  stage.cashOut(thief);
  yield stage.beat(`The thief takes out what he has: ${microText(stage.losses.paidTo(thief.account))}`);
  const { status } = marketView(stage.engine.venue, 1, market.market);
  stage.sell(maker, beside, 10, PRICE);
  const { facts } = stage.buy(taker, beside, 10, PRICE, { isImmediate: true });
  yield stage.beat(`Beside it, in the same tier, ${facts["filled"] ?? 0} lots are traded`);
  // Those who come last find out.
  for (const other of others) {
    const { outcome } = stage.withdraw(
      other,
      bucketView(stage.engine.venue, 1, other.bucket).withdrawable / 1e6,
    );
    yield stage.beat(`Another takes his $4.2 m out: ${outcome}`);
  }
  const seen = {
    taken: stage.losses.paidTo(thief.account) - STAKE * 1e6,
    answer: answers[0] ?? "",
    quarantined: status === STATUS.quarantined ? 1 : 0,
    beside: facts["filled"] ?? 0,
  };
  return { stage, seen };
}

export const REENTRANCY: Incident = incident<Seen>({
  id: "A11",
  name: "GMX V1",
  date: "2025-07-09",
  layer: "clearing",
  mechanism:
    "Re-entrancy moved positions without the aggregate that shares were priced by; shares were redeemed for what was not there.",
  lost: "about $42 m, later returned for a tenth",
  wall: "one command at a time; a judge that compares both books of every fact after each command, from the journal alone",
  facts: [
    {
      text: "A call back skipped the tracker of shorts; their average price went from 108,757 to 1,913 in five rounds",
      source: "CertiK; Phylax",
    },
    {
      text: "The pool's value seemed larger than it was; about $42 m were redeemed, and later returned for a tenth",
      source: "CertiK",
    },
  ],
  play,
  claims: [
    claim("A faulty step, after which custody and buckets do not agree, is refused", ({ seen }) =>
      told(seen.answer, "invariant_broken"),
    ),
    claim("Five rounds yield nothing beyond what was brought", ({ seen }) => atMostUsd(seen.taken, 0)),
    claim("The market is quarantined, and no other", ({ seen }) => exactly(seen.quarantined, 1, "markets")),
    claim("The market beside it in the same tier trades on", ({ seen }) =>
      exactly(seen.beside, 10, "lots filled"),
    ),
  ],
});
