/** Receipts and events in words, for people, JSON and tests. */
import type { CommandName } from "./domain/commands.ts";
import { EVENTS, EVENT_WORDS, type EventName, RECEIPT_FIELDS } from "./domain/events.ts";
import { ACCEPTED, type OutcomeCode, REFUSALS, type RefusalName } from "./domain/refusals.ts";
import type { Venue } from "./domain/venue.ts";

/** One event by name, its values under the names of events.ts. */
export interface EventView {
  readonly event: EventName;
  readonly values: Readonly<Record<string, number>>;
}

/** What a command came to. */
export interface Receipt {
  readonly sequence: number;
  readonly command: CommandName;
  readonly outcome: "accepted" | RefusalName;
  readonly code: OutcomeCode;
  readonly facts: Readonly<Record<string, number>>;
  readonly events: readonly EventView[];
}

/** The receipt of the command the venue has just finished. */
export function describeReceipt(
  sequence: number,
  command: CommandName,
  code: OutcomeCode,
  venue: Venue,
): Receipt {
  return { sequence, command, code, ...describeOutcome(command, code, venue) };
}

/** What came of the command the venue has just finished, without its number. */
export function describeOutcome(
  command: CommandName,
  code: OutcomeCode,
  venue: Venue,
): Pick<Receipt, "outcome" | "facts" | "events"> {
  const outcome = refusalOf(code);
  const names: readonly string[] = outcome === "accepted" ? RECEIPT_FIELDS[command] : REFUSALS[outcome].facts;
  return { outcome, facts: named(names, venue.facts, 0), events: describeEvents(venue) };
}

/** The name of an outcome code. */
export function refusalOf(code: OutcomeCode): "accepted" | RefusalName {
  return code === ACCEPTED ? "accepted" : (REFUSAL_BY_CODE.get(code) as RefusalName);
}

/** The events of the command the venue has just finished. */
export function describeEvents(venue: Venue): EventView[] {
  const { words, count } = venue.events;
  return Array.from({ length: count }, (_, index) => {
    const at = index * EVENT_WORDS;
    const event = EVENT_BY_CODE.get(words[at] as number) as EventName;
    return { event, values: named(EVENTS[event].fields, words, at + 1) };
  });
}

function named(names: readonly string[], words: Float64Array, at: number): Record<string, number> {
  return Object.fromEntries(names.map((name, index) => [name, words[at + index] as number]));
}

const REFUSAL_BY_CODE: ReadonlyMap<OutcomeCode, RefusalName> = new Map(
  (Object.keys(REFUSALS) as RefusalName[]).map((name) => [REFUSALS[name].code, name]),
);

const EVENT_BY_CODE: ReadonlyMap<number, EventName> = new Map(
  (Object.keys(EVENTS) as EventName[]).map((name) => [EVENTS[name].code, name]),
);
