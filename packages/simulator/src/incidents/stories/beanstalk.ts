/** A14: votes are borrowed for a moment, and an emergency rule lets them act at once. */
import { PARAMETERS } from "@bulkhead/engine";
import { countText } from "../../telling/amounts.ts";
import type { Telling } from "../../telling/beat.ts";
import { atMostUsd, claim, exactly, told } from "../claims.ts";
import { BREAKER, approvalOf, pendingOf, proposalOf, seatCouncil } from "../council.ts";
import { type Incident, incident } from "../incident.ts";
import type { Market } from "../priceDesk.ts";
import { type Seat, Stage } from "../stage.ts";
import { DAY, HOUR, MINUTE, SECOND } from "../terms.ts";

const PRICE = 100;
const NEWCOMER = 8;
const SIGNER = 1;
/** A thousandth of a thousandth: no margin at all. */
const NO_MARGIN = 1;

interface Seen {
  readonly newcomersVote: string;
  readonly votes: number;
  readonly execution: string;
  readonly emergency: string;
}

function* play(isDefended: boolean): Telling<{ stage: Stage; seen: Seen }> {
  const stage = new Stage();
  const market = stage.listMarket({ name: "BEAN", tick: 0.01, lot: 1, price: PRICE, initialMargin: 100_000 });
  stage.setTier("liquidationBuffer", 150_000);
  stage.fundLayers({ 1: 5_000_000, 2: 60_000_000, 4: 5_000_000, 5: 40_000_000 });
  yield stage.beat("A market is listed at $100; $110 m stand behind it");
  const maker = stage.seat("honest", 50_000_000);
  if (isDefended) seatCouncil(stage, 1, 4);
  yield stage.beat(
    isDefended
      ? "A council of four is sealed in: three must sign, after a day"
      : "Whoever governs acts at once",
  );
  stage.begin();

  const loosening = { tier: 1, market: 1, parameter: PARAMETERS.initialMargin.id, value: NO_MARGIN };
  const wish = { kind: "setParameter", ...loosening } as const;
  stage.send(proposalOf(wish, 1, 1));
  yield stage.beat("A member proposes to ask no margin at all");
  const nonce = pendingOf(stage, 1, 1)?.nonce ?? 1;
  // The newcomer is appointed lawfully, a moment after: that is the day on which his votes begin.
  stage.wait(SECOND);
  stage.send(proposalOf({ kind: "appointMember", tier: 1, member: NEWCOMER, roles: SIGNER }, 1, 2));
  yield stage.beat("A second later a newcomer is proposed, lawfully");
  stage.wait(DAY + HOUR);
  yield stage.beat("A day and an hour pass");
  for (const member of [2, 3, 4]) {
    const { outcome } = stage.send(approvalOf(stage, 1, member, 2));
    yield stage.beat(`Member ${member} signs for the newcomer: ${outcome}`);
  }
  const appointment = pendingOf(stage, 1, 2)?.nonce ?? 1;
  stage.send({ kind: "executeProposal", tier: 1, proposal: 2, nonce: appointment });
  yield stage.beat("The newcomer is appointed");
  const own = stage.send(approvalOf(stage, 1, 1, 1));
  yield stage.beat(`The proposer signs his proposal: ${own.outcome}`);
  const borrowed = stage.send(approvalOf(stage, 1, NEWCOMER, 1));
  yield stage.beat(`The newcomer signs it, whose vote is younger than it: ${borrowed.outcome}`);
  const votes = own.outcome === "accepted" ? (own.facts["approvals"] as number) : 0;
  const executed = stage.send({ kind: "executeProposal", tier: 1, proposal: 1, nonce });
  yield stage.beat(`It is to be carried out: ${executed.outcome}`);
  const emergency = stage.send({
    kind: "breakerSet",
    member: BREAKER,
    ...loosening,
    parameter: 10,
    value: 1e9,
    duration: HOUR,
  });
  yield stage.beat(`The emergency lever is to loosen a limit: ${emergency.outcome}`);
  // Where nothing is sealed, whoever governs acts at once.
  const acted = stage.send(wish);
  yield stage.beat(`The same at once, without a proposal: ${acted.outcome}`);
  yield* drain(stage, market, maker);
  const seen = {
    newcomersVote: borrowed.outcome,
    votes: executed.outcome === "approvals_missing" ? (executed.facts["approvals"] as number) : votes,
    execution: acted.outcome === "accepted" ? "accepted" : executed.outcome,
    emergency: emergency.outcome,
  };
  return { stage, seen };
}

/** Without margin a small move makes one of two accomplices bankrupt, and the funds pay the other. */
function* drain(stage: Stage, market: Market, maker: Seat): Telling<void> {
  const [long, short] = [stage.seat("attacker", 500_000), stage.seat("attacker", 500_000)];
  yield stage.beat("Two accomplices bring half a million each");
  stage.print(market, PRICE);
  const lots = stage.openBetween(long, short, market, 3_400_000, PRICE);
  yield stage.beat(`One buys from the other as much as he is let: ${countText(lots)} lots`);
  for (const price of [PRICE * 0.91, PRICE * 0.91]) {
    stage.wait(MINUTE);
    stage.truth(market, price);
    stage.print(market, price);
    yield stage.beat("The price moves to $91");
    stage.tick();
    yield stage.beat("The venue works off who is under water");
  }
  stage.cashOut(short);
  yield stage.beat("The accomplice who won takes his money out");
  stage.cashOut(long);
  stage.cashOut(maker);
  yield stage.beat("The maker takes his money out");
}

export const BEANSTALK: Incident = incident<Seen>({
  id: "A14",
  name: "Beanstalk",
  date: "2022-04-17",
  layer: "governance",
  mechanism: "Borrowed votes passed an emergency proposal within one transaction.",
  lost: "$182 m, of which the attacker kept $76 to 80 m",
  wall: "a sealed council: votes are those of before the proposal, and what is done at once can only tighten",
  facts: [
    {
      text: "About $1 bn were borrowed for a moment: 67 to 79 % of the votes",
      source: "Omniscia; Beanstalk",
    },
    { text: "The emergency rule allowed execution after 24 hours with two thirds", source: "Beanstalk" },
    { text: "$182 m were gone, of which the attacker kept $76 to 80 m", source: "Omniscia" },
  ],
  play,
  claims: [
    claim("A vote that began after the proposal is refused", ({ seen }) =>
      told(seen.newcomersVote, "member_too_new"),
    ),
    claim("It counts nothing: one vote, the proposer's own, is valid", ({ seen }) =>
      exactly(seen.votes, 1, "votes"),
    ),
    claim("So the proposal cannot be carried out", ({ seen }) => told(seen.execution, "approvals_missing")),
    claim("The emergency lever does not loosen", ({ seen }) => told(seen.emergency, "not_tightening")),
    claim("Funds lose nothing", ({ figures }) => atMostUsd(figures.funds, 0)),
  ],
});
