/** A10: signers are tricked into approvals signed in advance; the new administrator lists a token of his own and lifts every guard. */
import { PARAMETERS, VENUE_PARAMETERS } from "@bulkhead/engine";
import { microText } from "../../telling/amounts.ts";
import type { Telling } from "../../telling/beat.ts";
import { atLeast, atMostUsd, claim } from "../claims.ts";
import { approvalOf, proposalOf, seatCouncil } from "../council.ts";
import { type Incident, incident } from "../incident.ts";
import type { Market } from "../priceDesk.ts";
import { type Seat, Stage } from "../stage.ts";
import { HOUR, MINUTE, usd } from "../terms.ts";

const TVL = 309_000_000;
const SPAN = 12 * MINUTE;
const WITHDRAWALS = 31;
const PRICE = 80;
/** What the attacker says his token is worth, and how many he has. */
const FAKE_PRICE = 100;
const FAKES = 10_000_000;

interface Seen {
  readonly extracted: number;
  readonly outflow: number;
  /** Hours from the alarm, the event of the proposal, to when it can be carried out first; 0 = at once, without an alarm. */
  readonly warning: number;
  /** How signatures given in advance, the listing itself and the lifting of the guard ended. */
  readonly answers: readonly string[];
}

function* play(isDefended: boolean): Telling<{ stage: Stage; seen: Seen }> {
  const stage = new Stage();
  const solana = stage.listMarket({
    name: "SOL",
    tick: 0.01,
    lot: 1,
    price: PRICE,
    initialMargin: 100_000,
    band: 300_000,
  });
  const token = stage.listAsset(1_000_000, 0.001, "made-up token");
  stage.setTier("liquidationBuffer", 150_000);
  stage.set("backstopCap", 1, solana);
  stage.appointBackstop(60_000_000);
  stage.fundLayers({ 1: 4_000_000, 2: 100_000_000, 4: 5_000_000, 5: 80_000_000 });
  yield stage.beat("SOL is listed at $80; funds and a backstop of $249 m stand behind it");
  const makers = [stage.seat("honest", 20_000_000), stage.seat("honest", 20_000_000)];
  const saver = stage.open("honest");
  stage.deposit(saver, 20_000_000);
  const thief = stage.open("attacker");
  stage.depositAsset(thief, token, FAKES * 1e6);
  const partner = stage.seat("attacker", 5_000_000);
  yield stage.beat("Two makers and a saver bring $60 m; a thief has ten million of a token worth nothing");
  if (isDefended) stage.throttle();
  stage.age();
  stage.print(solana, PRICE);
  if (isDefended) for (const tier of [0, 1]) seatCouncil(stage, tier);
  yield stage.beat(
    isDefended
      ? "A council of five is sealed in; the vault lets out 2 % an hour"
      : "Whoever holds the administrator's key decides",
  );
  stage.begin();

  const began = stage.now;
  const listing = { kind: "acceptCollateral", tier: 1, asset: token } as const;
  const open = { ...listing, initialWeight: 1_000_000, maintenanceWeight: 1_000_000, cap: 1e15 };
  const proposed = stage.send(proposalOf({ ...open, cap: 0 }, 1));
  yield stage.beat(`The token is proposed as collateral: ${proposed.outcome}`);
  // Approvals signed a week ago, of what the signers were shown then.
  const advance = [1, 2, 3].map((member) =>
    stage.send({ ...approvalOf(stage, 1, member, 1), content: 12_345, expiry: stage.now + HOUR }),
  );
  yield stage.beat(`Three approvals signed a week ago are handed in: ${advance[0]?.outcome ?? ""}`);
  // Now with all keys: of the very proposal. It has still to wait.
  for (const member of [1, 2, 3, 4, 5]) stage.send(approvalOf(stage, 1, member, 1));
  const executed = stage.send({
    kind: "executeProposal",
    tier: 1,
    proposal: 1,
    nonce: proposed.facts["nonce"] ?? 1,
  });
  yield stage.beat(
    `All five keys sign the proposal itself, and it is to be carried out at once: ${executed.outcome}`,
  );
  const guards = stage.send({
    kind: "setParameter",
    tier: 0,
    market: 0,
    parameter: VENUE_PARAMETERS.throttleHour.id,
    value: 0,
  });
  yield stage.beat(`The guard of withdrawals is to be lifted without a proposal: ${guards.outcome}`);
  const direct = [stage.send(open), liftCap(stage)];
  yield stage.beat(`The listing itself, without a proposal: ${direct[0]?.outcome ?? ""}`);
  stage.printAsset(token, FAKE_PRICE);
  stage.send({ kind: "allocate", account: thief, tier: 1, mode: 0, asset: token, amount: FAKES * 1e6 });
  yield stage.beat("The token is said to be worth $100, and pledged");
  const bucket = stage.bucketOf(thief);
  if (bucket.bucket !== 0) lose(stage, bucket, partner, solana, makers[0] as Seat);
  yield stage.beat("The pledge buys dear from a partner, if it was taken");
  for (let turn = 0; turn < WITHDRAWALS; turn++) {
    stage.wait(Math.floor(SPAN / WITHDRAWALS));
    stage.tick();
    if (turn === 2) stage.printAsset(token, 0.001);
    stage.cashOut(partner);
    yield stage.beat(
      `Withdrawal ${turn + 1} of 31: ${microText(stage.losses.paidTo(partner.account))} have been paid`,
    );
  }
  const eta = proposed.outcome === "accepted" ? (proposed.facts["eta"] as number) : began;
  const seen = {
    extracted: stage.losses.paidTo(partner.account) - usd(5_000_000),
    outflow: stage.figures().outflow,
    warning: (eta - began) / HOUR,
    answers: [...advance, executed, ...direct, guards].map(({ outcome }) => outcome),
  };
  return { stage, seen };
}

function liftCap(stage: Stage): ReturnType<Stage["send"]> {
  const { id } = PARAMETERS.initialMargin;
  return stage.send({ kind: "setParameter", tier: 1, market: 1, parameter: id, value: 1 });
}

/** The bucket with the worthless collateral buys dear from the partner, who buys back cheap from a maker: the debt stays with the token. */
function lose(stage: Stage, bucket: Seat, partner: Seat, market: Market, maker: Seat): void {
  stage.openBetween(bucket, partner, market, 3_400_000, PRICE * 1.29);
  stage.openBetween(partner, maker, market, 1_000, PRICE);
}

export const DRIFT: Incident = incident<Seen>({
  id: "A10",
  name: "Drift",
  date: "2026-04-01",
  layer: "governance",
  mechanism:
    "Approvals signed in advance gave away the administrator's key; a worthless token became collateral, and every guard was lifted.",
  lost: "about $285 m, more than half of what was there",
  wall: "a sealed council: approvals name what they approve and live an hour; a listing waits three days and starts at nothing; the throttle is no parameter",
  facts: [
    {
      text: "Two of five signers had signed in advance between 23 and 30 March; two transactions took over the administration",
      source: "BlockSec",
    },
    {
      text: "A made-up token was listed and its price inflated; the withdrawal guards were lifted",
      source: "BlockSec; 4pillars",
    },
    {
      text: "31 withdrawals within 12 minutes, about $285 m, more than half of what was there ($309 to 550 m)",
      source: "4pillars",
    },
  ],
  play,
  claims: [
    claim("With every key, twelve minutes yield no more than 1 % of what is there", ({ seen }) =>
      atMostUsd(seen.extracted, usd(TVL / 100)),
    ),
    claim(
      "What leaves in those minutes, the attacker's own money counted, is no more than the hour's window and its refill",
      ({ seen }) => atMostUsd(seen.outflow, usd(TVL * 0.02 * 1.2)),
    ),
    claim("The alarm comes at least 72 hours before the listing can be carried out", ({ seen }) =>
      atLeast(seen.warning, 72, "hours"),
    ),
    claim("Approvals in advance, haste, and doing it without a proposal are all refused", ({ seen }) => ({
      held: seen.answers.every((answer) => answer !== "accepted"),
      measured: [...new Set(seen.answers)].join(", "),
    })),
  ],
});
