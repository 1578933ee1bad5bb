/** The engine's receipt and events against the auditor's prediction, value by value. */
import {
  ACCEPTED,
  EVENTS,
  EVENT_WORDS,
  type EventName,
  REFUSALS,
  type Venue,
  refusalOf,
} from "@bulkhead/engine";
import type { AuditorEvent } from "./auditor/venue.ts";
import type { Prediction } from "./auditor/auditor.ts";
import { type Difference, listed } from "./difference.ts";

/** The first difference between what was predicted of a command and what came; undefined if there is none. */
export function compareAnswers(
  command: string,
  prediction: Prediction,
  code: number,
  venue: Venue,
): Difference | undefined {
  const { outcome, facts, events } = prediction;
  const expectedCode = outcome === "accepted" ? ACCEPTED : REFUSALS[outcome].code;
  if (code !== expectedCode) {
    const found = refusalOf(code);
    return {
      kind: `${command}: ${outcome} expected, ${found} found`,
      expected: `${outcome} ${listed(facts)}`,
      found: `${found} ${listed(venue.facts)}`,
    };
  }
  if (!agree(facts, venue.facts, 0, venue.facts.length)) {
    const found = listed(venue.facts);
    return { kind: `${command}: facts of ${outcome}`, expected: listed(facts), found };
  }
  return compareEvents(command, events, venue);
}

function compareEvents(
  command: string,
  events: readonly AuditorEvent[],
  { events: log }: Venue,
): Difference | undefined {
  const count = Math.max(events.length, log.count);
  for (let index = 0; index < count; index++) {
    const event = events[index];
    const at = index * EVENT_WORDS;
    const isThere = event !== undefined && index < log.count && EVENTS[event.name].code === log.words[at];
    if (isThere && agree(event.values, log.words, at + 1, EVENT_WORDS - 1)) continue;
    return {
      kind: `${command}: event ${event?.name ?? "none"} expected`,
      expected: event === undefined ? "no more events" : `${event.name} ${listed(event.values)}`,
      found: index < log.count ? tell(log.words, at) : "no more events",
    };
  }
  return undefined;
}

/** True when the numbers are those predicted, and nothing but zeros follows. */
function agree(expected: readonly bigint[], words: Float64Array, from: number, count: number): boolean {
  for (let index = 0; index < count; index++) {
    const value = index < expected.length ? Number(expected[index]) : 0;
    if (!Object.is(words[from + index], value)) return false;
  }
  return true;
}

function tell(words: Float64Array, at: number): string {
  const name = NAMES.get(words[at] as number) ?? "unknown event";
  return `${name} ${listed(words.subarray(at + 1, at + EVENT_WORDS))}`;
}

const NAMES: ReadonlyMap<number, EventName> = new Map(
  (Object.keys(EVENTS) as EventName[]).map((name) => [EVENTS[name].code, name]),
);
