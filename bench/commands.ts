/**
 * The whole command: decoded, margined over four markets, matched, both sides settled, checked again, judged, journaled, receipted —
 * against the rival's bare matching of the same flow.
 */
import { parseArgs } from "node:util";
import type { Engine } from "@bulkhead/engine";
import { createFlow, type Flow, FLOW_VERSION } from "./lib/flow.ts";
import { timeEach } from "./lib/latency.ts";
import { measure, type Subject } from "./lib/measure.ts";
import {
  auditNodejsOrderBook,
  createNodejsOrderBook,
  nameOrders,
  replayOnNodejsOrderBook,
} from "./lib/nodejsOrderBook.ts";
import { print, watchConditions } from "./lib/report.ts";
import { expectSameTotals, expectSameTrades } from "./lib/trades.ts";
import { applyOne, auditEngine, createVenue, framesOf, replayOnEngine } from "./lib/venueFlow.ts";

const { values } = parseArgs({
  options: {
    commands: { type: "string", default: "1000000" },
    rounds: { type: "string", default: "5" },
    seed: { type: "string", default: "1" },
    json: { type: "boolean", default: false },
  },
});

const conditions = watchConditions();
const commands = Number(values.commands);
const rounds = Number(values.rounds);
const few = 100_000;
const many = 1_000_000;

const RIVAL = "nodejs-order-book, matching only";
const FULL = "full command, 100 k accounts";
const UNJOURNALED = "full command, journal off";
const MILLION = "full command, 1 M accounts";

interface Prepared {
  readonly flow: Flow;
  readonly frames: Float64Array;
}

function prepare(accounts: number): Prepared {
  const flow = createFlow({ commands, seed: Number(values.seed), accounts });
  return { flow, frames: framesOf(flow) };
}

const small = prepare(few);
const large = prepare(many);
const ids = nameOrders(small.flow);
expectSameTrades(RIVAL, auditNodejsOrderBook(small.flow), small.flow.expected);
expectSameTrades(FULL, auditEngine(small.flow, small.frames, createVenue(few)), small.flow.expected);

/** Venues are set up once and restored for each run, so that a round costs its commands and a copy. */
function engineSubject(
  name: string,
  { flow, frames }: Prepared,
  accounts: number,
  journaling: boolean,
): Subject {
  return {
    name,
    commands,
    prepare: () => {
      const engine: Engine = createVenue(accounts);
      for (const { arena } of [engine.venue.vault, ...engine.venue.tiers]) arena.journaling = journaling;
      return () => expectSameTotals(name, replayOnEngine(flow, frames, engine), flow.expected);
    },
  };
}

const rival: Subject = {
  name: RIVAL,
  commands,
  prepare: () => {
    const book = createNodejsOrderBook();
    return () => expectSameTotals(RIVAL, replayOnNodejsOrderBook(small.flow, ids, book), small.flow.expected);
  },
};

const subjects = [
  engineSubject(FULL, small, few, true),
  rival,
  engineSubject(UNJOURNALED, small, few, false),
  engineSubject(MILLION, large, many, true),
];
const { rows, ratio } = await measure(subjects, { rounds, warmUps: 1 });
const latency = latencyOf(small, createVenue(few));
const pauses = rows.filter(({ name }) => name === FULL).map(({ longestPauseMs }) => longestPauseMs);

print({
  title: `Full commands, flow ${FLOW_VERSION}, seed ${values.seed}, fingerprint ${small.flow.fingerprint}`,
  rows: [...rows, { name: "latency of one full command, microseconds", ...latency }],
  ratios: {
    vsNodejsOrderBookMatching: ratio(RIVAL, FULL, "cpu"),
    slowdownMillionAccounts: ratio(MILLION, FULL, "cpu"),
    journalCost: ratio(FULL, UNJOURNALED, "cpu"),
  },
  notes: [
    `Longest pause for garbage in a run: ${Math.max(...pauses).toFixed(2)} ms (gcMaxMs).`,
    "Every account holds positions in four markets; orders come from random accounts; ids are read from receipts.",
    "In it: range checks of the frame, margin before, settlement of both sides, margin after, the judge, events, receipts and their hash.",
    "With the journal off nothing can be rolled back and the judge has nothing to read: both are in journalCost.",
  ],
  conditions: conditions(),
  extra: { gcMaxMs: Math.max(...pauses), latency },
});

function latencyOf({ flow, frames }: Prepared, engine: Engine): ReturnType<typeof timeEach> {
  const orders = new Float64Array(flow.kind.length);
  return timeEach(commands, (command) => applyOne(flow, frames, engine, orders, command));
}
