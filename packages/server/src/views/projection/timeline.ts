/**
 * What anybody would want to know had happened to the venue, one entry for each matter: winners who give up profit for one default are one, and
 * so are the positions a bankrupt's is torn up against. The numbers that were the reason are in it as the events tell them.
 */
import { EVENTS, EVENT_WORDS, type EventName } from "@bulkhead/engine";
import { type Moment, eventAt, eventCount, tell } from "./moment.ts";

const TORN_UP = 3;
const PROPOSALS: readonly (readonly [EventName, string])[] = [
  ["proposalContested", "contested"],
  ["proposalCancelled", "cancelled"],
  ["proposalLapsed", "lapsed"],
  ["proposalExecuted", "executed"],
];
/** Who changed a parameter, by the number in the event. */
const CAUSES: Readonly<Record<number, string>> = { 1: "proposal", 2: "steward", 3: "breaker" };

const NAMES: readonly EventName[] = [
  "breakerMoved",
  "postureMoved",
  "lossAbsorbed",
  "lossRecovered",
  "profitHaircut",
  "profitRepaid",
  "positionLiquidated",
  "marketQuarantined",
  "proposalMade",
  ...PROPOSALS.map(([name]) => name),
  "parameterChanged",
  "holdLapsed",
];
const NOTABLE: ReadonlySet<number> = new Set(NAMES.map((name) => EVENTS[name].code));

type Facts = Readonly<Record<string, number | string>>;

/** Tells of a command what of its events is notable. To be called once all else of it was told. */
export function tellTimeline(moment: Moment): void {
  const { events } = moment;
  for (let index = 0; index < eventCount(moment); index++)
    if (NOTABLE.has(events[index * EVENT_WORDS] as number)) tellEvent(moment, index);
}

function tellEvent(moment: Moment, index: number): void {
  const breaker = eventAt(moment, "breakerMoved", index);
  if (breaker !== undefined) {
    const { market, ...facts } = breaker;
    return note(moment, "breaker", market, facts);
  }
  const posture = eventAt(moment, "postureMoved", index);
  if (posture !== undefined) {
    const { from, to, rule, seen, bound } = posture;
    return note(moment, "posture", 0, { from, to, rule, seen, bound });
  }
  const quarantined = eventAt(moment, "marketQuarantined", index);
  if (quarantined !== undefined)
    return note(moment, "quarantine", quarantined.market, { invariant: quarantined.invariant });
  if (tellLoss(moment, index)) return;
  const closed = eventAt(moment, "positionLiquidated", index);
  if (closed !== undefined) {
    const { market, lots, how, price } = closed;
    if (how === TORN_UP)
      note(moment, "tear-up", market, { lots, price, positions: otherSides(moment, index) });
    return;
  }
  tellChange(moment, index);
}

function tellLoss(moment: Moment, index: number): boolean {
  const absorbed = eventAt(moment, "lossAbsorbed", index);
  const recovered = eventAt(moment, "lossRecovered", index);
  if (absorbed !== undefined) {
    const { default: id, layer, amount, remaining } = absorbed;
    note(moment, "layer", 0, { default: id, layer, amount, remaining });
  } else if (recovered !== undefined) {
    const { default: id, layer, amount, short: remaining } = recovered;
    note(moment, "layer", 0, { default: id, layer, amount: -amount, remaining });
  } else
    return tellHaircut(moment, index, "profitHaircut", 1) || tellHaircut(moment, index, "profitRepaid", -1);
  return true;
}

/** All of a command that concern one default are told with the first of them. @param sign - of what winners gave up */
function tellHaircut(
  moment: Moment,
  index: number,
  name: "profitHaircut" | "profitRepaid",
  sign: number,
): boolean {
  const first = eventAt(moment, name, index);
  if (first === undefined) return false;
  let [amount, winners] = [0, 0];
  for (let each = 0; each < eventCount(moment); each++) {
    const event = eventAt(moment, name, each);
    if (event?.default !== first.default) continue;
    if (each < index) return true;
    amount += event.amount;
    winners++;
  }
  note(moment, "haircut", 0, { default: first.default, amount: sign * amount, winners });
  return true;
}

/** Positions that one was torn up against: they follow it. */
function otherSides(moment: Moment, index: number): number {
  let count = 0;
  for (let next = index + 1; next < eventCount(moment); next++) {
    if (eventAt(moment, "positionLiquidated", next) !== undefined) break;
    if (eventAt(moment, "positionTornUp", next) !== undefined) count++;
  }
  return count;
}

function tellChange(moment: Moment, index: number): void {
  const made = eventAt(moment, "proposalMade", index);
  if (made !== undefined) {
    const { proposal, nonce, command } = made;
    return note(moment, "proposal", 0, { proposal, nonce, status: "made", command }, made.tier);
  }
  for (const [name, status] of PROPOSALS) {
    const judged = eventAt(moment, name as "proposalExecuted", index);
    if (judged === undefined) continue;
    const { tier, proposal, nonce } = judged;
    const rows = [...moment.harvest.state.proposals];
    const row = rows.find((each) => each.tier === tier && each.proposal === proposal && each.nonce === nonce);
    return note(moment, "proposal", 0, { proposal, nonce, status, command: row?.command ?? 0 }, tier);
  }
  const changed = eventAt(moment, "parameterChanged", index);
  if (changed !== undefined) {
    const { market, parameter, previous, value, cause, until } = changed;
    const by = CAUSES[cause] ?? "proposal";
    return note(moment, "parameter", market, { parameter, previous, value, cause: by, until });
  }
  const lapsed = eventAt(moment, "holdLapsed", index);
  if (lapsed === undefined) return;
  const { market, parameter, previous, value } = lapsed;
  note(moment, "parameter", market, { parameter, previous, value, cause: "lapse", until: 0 });
}

function note(moment: Moment, kind: string, market: number, facts: Facts, tier: number = moment.tier): void {
  tell(moment, "timeline", { tier, market, kind, facts: JSON.stringify(facts) });
}
