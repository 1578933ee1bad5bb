/** Listings, proposals, parameters, breakers and postures: who changed the terms, when, and why. */
import { CODE, FRAME_WORDS, LAYOUTS, type Layout, TIME } from "@bulkhead/engine";
import type { RowOf } from "../schema.ts";
import { type Tier, addTier, proposalKey, there } from "../world.ts";
import { type EventOf, type Moment, acceptedAs, codeOf, eventAt, tell, touch } from "./moment.ts";

const LAYOUT_BY_CODE: ReadonlyMap<number, Layout> = new Map(
  LAYOUTS.map((layout: Layout) => [layout.code, layout]),
);
const EXECUTE = codeOf("executeProposal");
const PAYLOAD_WORDS = 15;
/** Who changed a parameter, by the number in the event. */
const CAUSES: Readonly<Record<number, string>> = { 1: "proposal", 2: "steward", 3: "breaker" };

/** The command an executed proposal carried out, and what came of it; any other is what it is. */
export function carriedOut(moment: Moment): Pick<Moment, "frame" | "facts"> {
  const { world, frame, facts, code, tier } = moment;
  if (code !== 0 || frame[CODE] !== EXECUTE) return { frame, facts };
  const executed = there(acceptedAs(moment, "executeProposal"), "execution of tier", tier);
  const key = proposalKey(tier, executed.proposal, executed.nonce);
  const { payload } = there(world.proposals.get(key), "proposal", key);
  const [command = 0, result = 0] = facts;
  const { fields, at } = there(LAYOUT_BY_CODE.get(command), "command", command);
  const words = JSON.parse(payload) as number[];
  const proposed = new Float64Array(FRAME_WORDS);
  proposed[CODE] = command;
  proposed[TIME] = moment.time;
  let index = 0;
  for (const name of Object.keys(fields))
    proposed[at[name] as number] = name === "tier" ? tier : (words[index++] as number);
  return { frame: proposed, facts: Float64Array.of(result, 0, 0, 0) };
}

/** Makes what a command lists: an asset, a tier, a market; and remembers a backstop, and a parameter set while a tier is set up. */
export function list(moment: Moment, isProposal: boolean): void {
  const { world, time, facts } = moment;
  const [first = 0] = facts;
  const asset = acceptedAs(moment, "listAsset");
  if (asset !== undefined) touch(moment, "assets", { asset: first, scale: asset.scale });
  if (acceptedAs(moment, "listTier") !== undefined) {
    const row = { tier: first, listedAt: time, backstop: 0 };
    addTier(world, row);
    touch(moment, "tiers", row);
  }
  const market = acceptedAs(moment, "listMarket");
  if (market !== undefined) {
    const { tier, contract, expiry, notional } = market;
    const row = {
      tier,
      market: first,
      contract,
      expiry,
      notional,
      listedAt: time,
      pool: 0,
      feeCost: 0,
    };
    there(world.tiers.get(tier), "tier", tier).markets.set(first, row);
    touch(moment, "markets", row);
  }
  const backstop = acceptedAs(moment, "appointBackstop");
  if (backstop !== undefined) {
    const { row } = there(world.tiers.get(backstop.tier), "tier", backstop.tier);
    row.backstop = first;
    touch(moment, "tiers", row);
  }
  const set = acceptedAs(moment, "setParameter");
  // What a proposal sets is told by an event; of the vault's parameters none is.
  if (set === undefined || isProposal) return;
  const { tier, market: subject, parameter, value } = set;
  tell(moment, "parameterChanges", {
    tier,
    market: subject,
    parameter,
    previous: first,
    value,
    cause: "set-up",
    until: 0,
  });
}

/** Takes in an event about governance or guards, if it is one. */
export function govern(moment: Moment, tier: Tier | undefined, index: number): void {
  const { tier: id } = moment;
  const made = eventAt(moment, "proposalMade", index);
  if (made !== undefined) return propose(moment, made);
  if (judgeProposal(moment, index)) return;
  const changed = eventAt(moment, "parameterChanged", index);
  if (changed !== undefined) {
    const { market, parameter, previous, value, cause, until } = changed;
    return tell(moment, "parameterChanges", {
      tier: id,
      market,
      parameter,
      previous,
      value,
      cause: CAUSES[cause] ?? "proposal",
      until,
    });
  }
  const lapsed = eventAt(moment, "holdLapsed", index);
  if (lapsed !== undefined)
    return tell(moment, "parameterChanges", { tier: id, ...lapsed, cause: "lapse", until: 0 });
  const breaker = eventAt(moment, "breakerMoved", index);
  if (breaker !== undefined) return tell(moment, "breakerMoves", { tier: id, ...breaker });
  const posture = eventAt(moment, "postureMoved", index);
  if (posture !== undefined) {
    const { from, to, rule, seen, bound } = posture;
    return tell(moment, "postureMoves", { tier: id, from, to, rule, seen, bound });
  }
  const quarantined = eventAt(moment, "marketQuarantined", index);
  if (quarantined !== undefined) return tell(moment, "quarantines", { tier: id, ...quarantined });
  const measured = eventAt(moment, "fundingMeasured", index);
  const accrued = acceptedAs(moment, "accrueFunding");
  if (measured !== undefined && accrued !== undefined && tier !== undefined) tellRate(moment, measured);
}

/** A rate that was named rather than measured is told by the command alone. */
export function nameRate(moment: Moment, wasMeasured: boolean): void {
  const accrued = acceptedAs(moment, "accrueFunding");
  if (accrued === undefined || wasMeasured) return;
  tellRate(moment, { market: accrued.market, rate: accrued.rate, premium: 0, samples: 0 });
}

function tellRate(moment: Moment, rate: EventOf<"fundingMeasured">): void {
  const [index = 0] = moment.facts;
  tell(moment, "fundingRates", { tier: moment.tier, ...rate, index });
}

function propose(moment: Moment, made: EventOf<"proposalMade">): void {
  const { sequence, time, world } = moment;
  const proposed = there(acceptedAs(moment, "propose"), "proposal", made.proposal);
  const words: Readonly<Record<string, number>> = proposed;
  const payload = Array.from({ length: PAYLOAD_WORDS }, (_, index) => words[`word${index + 1}`]);
  const { tier, proposal, nonce, command, content, eta, lapse } = made;
  const row = {
    sequence,
    time,
    tier,
    proposal,
    nonce,
    member: proposed.member,
    command,
    payload: JSON.stringify(payload),
    content,
    eta,
    lapse,
    approvals: 0,
    status: "pending",
    result: 0,
    updatedAt: time,
  };
  world.proposals.set(proposalKey(tier, proposal, nonce), row);
  touch(moment, "proposals", row);
}

/** @returns whether the event was about a proposal */
function judgeProposal(moment: Moment, index: number): boolean {
  const approved = eventAt(moment, "proposalApproved", index);
  if (approved !== undefined) {
    change(moment, approved, { approvals: approved.approvals });
    return true;
  }
  const contested = eventAt(moment, "proposalContested", index);
  if (contested !== undefined) {
    change(moment, contested, { status: "contested" });
    return true;
  }
  const cancelled = eventAt(moment, "proposalCancelled", index);
  if (cancelled !== undefined) {
    change(moment, cancelled, { status: "cancelled" });
    return true;
  }
  const lapsed = eventAt(moment, "proposalLapsed", index);
  if (lapsed !== undefined) {
    change(moment, lapsed, { status: "lapsed" });
    return true;
  }
  const executed = eventAt(moment, "proposalExecuted", index);
  if (executed !== undefined) {
    const [result = 0] = moment.facts;
    change(moment, executed, { status: "executed", result });
    return true;
  }
  return false;
}

const FINAL: readonly string[] = ["cancelled", "lapsed", "executed"];

function change(
  moment: Moment,
  { tier, proposal, nonce }: { readonly tier: number; readonly proposal: number; readonly nonce: number },
  changes: Partial<RowOf<"proposals">>,
): void {
  const { proposals } = moment.world;
  const key = proposalKey(tier, proposal, nonce);
  const row = there(proposals.get(key), "proposal", key);
  Object.assign(row, changes);
  row.updatedAt = moment.time;
  touch(moment, "proposals", row);
  if (FINAL.includes(row.status)) proposals.delete(key);
}
