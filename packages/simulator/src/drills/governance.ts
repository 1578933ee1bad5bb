/** Governance in other hands: every key of a tier, for a month, and then as much of other people's money as its parameters have come to allow. */
import {
  LAYOUTS,
  type Layout,
  PARAMETERS,
  type ParameterName,
  SIDE,
  TIME_IN_FORCE,
  governanceLimits,
  parameterView,
  pendingProposals,
} from "@bulkhead/engine";
import type { Telling } from "../telling/beat.ts";
import type { Instruction } from "./desk.ts";
import type { Drill } from "./drill.ts";
import type { Scene } from "./scene.ts";
import { DAY, HOUR, MONEY, PPM, PRICE, RULES, TIER, TIERS, valueOf } from "./terms.ts";

const PLACE = TIER.experimental;
const MONTH = 30 * DAY;
const TURN = 6 * HOUR;
const MARKET = 1;
/** What the price does in the end. */
const CRASH = 0.85;
/** How long breakers and postures take to calm down after a month without prices. */
const CALM_SECONDS = 5_400;
const SIGNERS = [1, 2, 3, 4];
const STEWARD = 5;
const BREAKER = 7;

/** How often one parameter can be loosened in a month: never in the timelock, then once a week. */
const STEPS = 1 + Math.floor((MONTH - governanceLimits.MIN_TIMELOCK) / governanceLimits.LOOSENING_INTERVAL);
/** One loosening of a margin, and of a limit. */
const MARGIN_STEP = 4 / 5;
const LIMIT_STEP = 3 / 2;

/**
 * With the least margin and the largest limit that so many steps can make of them, the attackers hold what their money covers, and what the fall
 * takes beyond it somebody else has to pay.
 */
function uncoveredByTheFall(): number {
  const { initialMargin } = TIERS[PLACE - 1] as (typeof TIERS)[number];
  const margin = (initialMargin / PPM) * MARGIN_STEP ** STEPS;
  const most = valueOf(RULES.listing.maxPositionLots * LIMIT_STEP ** STEPS, PRICE);
  const held = Math.min(MONEY.attacker / margin, most);
  return Math.ceil(Math.max(0, held * (1 - CRASH) - MONEY.attacker));
}

/** What each signer wants: one step of it, and after that everything at once. */
const WANTED: readonly { readonly name: ParameterName; readonly step: number; readonly all: number }[] = [
  { name: "initialMargin", step: MARGIN_STEP, all: 10_000 },
  { name: "maxPositionLots", step: LIMIT_STEP, all: 8_500 },
  { name: "maxOpenInterestLots", step: LIMIT_STEP, all: 60_000 },
  { name: "maintenanceRatio", step: MARGIN_STEP, all: 250_000 },
];

function* abuse(stage: Scene): Telling<void> {
  const { desk } = stage;
  const end = desk.now + MONTH;
  for (let turn = 0; desk.now < end; turn++) {
    // Two proposals of three ask for a step that is allowed, the third for everything.
    const isModest = Math.floor((turn * TURN) / DAY) % 3 > 0;
    for (const member of SIGNERS) useKeys(stage, member, isModest);
    desk.now += TURN;
    desk.send({ kind: "clockTick", tier: PLACE });
    if (turn % 4 === 3) {
      const margin = parameterView(desk.venue, PLACE, "initialMargin", MARKET).value / 10_000;
      yield stage.beat(`Day ${(turn + 1) / 4} with every key: initial margin is at ${margin.toFixed(1)} %`);
    }
  }
  stage.isHostile = false;
  yield* stage.pass(CALM_SECONDS, 10, "Prices are told again, and breakers calm down");
  overreach(stage);
  yield stage.beat("Mallory and Trudy open the largest positions that they are let");
  yield* stage.crash(PLACE, CRASH, 1_200);
}

/** Everything one signer can send, with all other keys at his service. */
function useKeys(stage: Scene, member: number, isModest: boolean): void {
  const { desk } = stage;
  const { name, step, all } = WANTED[member - 1] as (typeof WANTED)[number];
  const now = parameterView(desk.venue, PLACE, name, MARKET).value;
  const change = { tier: PLACE, market: MARKET, parameter: PARAMETERS[name].id };
  const next = step < 1 ? Math.ceil(now * step) : Math.floor(now * step);
  desk.send({ kind: "setParameter", ...change, value: all });
  desk.send({ kind: "stewardSet", member: STEWARD, ...change, value: next });
  desk.send({ kind: "breakerSet", member: BREAKER, ...change, value: next, duration: HOUR });
  execute(stage, member);
  desk.send(proposalOf({ kind: "setParameter", ...change, value: isModest ? next : all }, member));
}

/** Signs and executes what is ripe of a member's; what cannot be executed is withdrawn, to propose something else. */
function execute({ desk }: Scene, member: number): void {
  const pending = pendingProposals(desk.venue, PLACE, desk.now).find(({ proposal }) => proposal === member);
  if (pending === undefined || pending.countdown > 0) return;
  const { proposal, nonce, content, parameters } = pending;
  const signed = { tier: PLACE, proposal, nonce, content, parameters, expiry: desk.now + HOUR };
  for (const signer of SIGNERS) desk.send({ kind: "approve", member: signer, ...signed });
  const { outcome } = desk.send({ kind: "executeProposal", tier: PLACE, proposal, nonce });
  if (outcome !== "accepted") desk.send({ kind: "cancelProposal", tier: PLACE, member, proposal, nonce });
}

/** The command that proposes another. */
function proposalOf(order: Instruction, member: number): Instruction {
  const layout = LAYOUTS.find(({ name }) => name === order.kind) as Layout;
  const values: Readonly<Record<string, unknown>> = { ...order };
  const words = Object.keys(layout.fields).filter((field) => field !== "tier");
  const fields = Array.from({ length: 15 }, (_, index) => [
    `word${index + 1}`,
    values[words[index] ?? ""] ?? 0,
  ]);
  return {
    kind: "propose",
    tier: PLACE,
    member,
    command: layout.code,
    ...Object.fromEntries(fields),
  } as Instruction;
}

/** The attackers take the largest positions against one another that are to be had. */
function overreach(stage: Scene): void {
  const [buyer, seller] = [stage.party("mallory"), stage.party("trudy")];
  const ioc = { timeInForce: TIME_IN_FORCE.immediateOrCancel };
  for (let lots = 4_096; lots >= 16; lots /= 2) {
    for (let again = 0; again < 2; again++) {
      stage.order(seller, PLACE, SIDE.sell, lots, PRICE);
      stage.order(buyer, PLACE, SIDE.buy, lots, PRICE, ioc);
      stage.cancelAll(seller, PLACE);
    }
  }
}

export const GOVERNANCE_DRILLS: readonly Drill[] = [
  {
    layer: "governance",
    behaviour: "all keys are in the attacker's hands for a month",
    place: PLACE,
    guard: { seal: true },
    decisive: ["change_too", "stress_worsens", "governance_required"],
    bound: uncoveredByTheFall,
    attack: abuse,
  },
];
