/**
 * The whole command: decoded, margined over four markets, matched, both sides settled, checked again, judged, journaled, receipted —
 * against the rival's bare matching of the same flow.
 */
import { Engine } from "@bulkhead/engine";
import { armVenue } from "./lib/armedVenue.ts";
import { createFlow, type Flow, FLOW_VERSION } from "./lib/flow.ts";
import { asOf, type Entrant, measure } from "./lib/measure.ts";
import {
  auditNodejsOrderBook,
  createNodejsOrderBook,
  nameOrders,
  replayOnNodejsOrderBook,
} from "./lib/nodejsOrderBook.ts";
import { flowOptions } from "./lib/options.ts";
import { perform, type Subject } from "./lib/performer.ts";
import { print, watchConditions } from "./lib/report.ts";
import { expectSameTotals, expectSameTrades } from "./lib/trades.ts";
import { platformHash } from "./lib/venueCommands.ts";
import { applyOne, auditEngine, createVenue, framesOf, replayOnEngine } from "./lib/venueFlow.ts";

const RIVAL = "nodejs-order-book, matching only";
const FULL = "full command, 100 k accounts";
const UNJOURNALED = "full command, journal off";
const ARMED = "full command, every defence on";
const MILLION = "full command, 1 M accounts";
const BEFORE = "full command, 100 k accounts, before";

const options = flowOptions();
const { subject } = options;
if (subject === undefined) await compare();
else perform((flow: Flow) => subjectOf(subject, flow));

function subjectOf(name: string, flow: Flow): Subject {
  const { commands } = flow.options;
  if (name === RIVAL) {
    const ids = nameOrders(flow);
    const prepare = () => {
      const book = createNodejsOrderBook();
      return () => expectSameTotals(name, replayOnNodejsOrderBook(flow, ids, book), flow.expected);
    };
    return { commands, prepare };
  }
  const frames = framesOf(flow);
  const venue = createVenue(flow.options.accounts);
  const beginning = (name === ARMED ? armVenue(venue) : venue).snapshot();
  /** The venue is set up once and restored for each run, so that a round costs its commands and a copy. */
  const begin = (): Engine => {
    const engine = Engine.restore(beginning, { hash: platformHash });
    for (const { arena } of [engine.venue.vault, ...engine.venue.tiers])
      arena.journaling = name !== UNJOURNALED;
    return engine;
  };
  const prepare = () => {
    const engine = begin();
    return () => expectSameTotals(name, replayOnEngine(flow, frames, engine), flow.expected);
  };
  const prepareEach = () => {
    const engine = begin();
    const orders = new Float64Array(commands);
    return (command: number) => applyOne(flow, frames, engine, orders, command);
  };
  return { commands, prepare, prepareEach };
}

async function compare(): Promise<void> {
  const { commands, rounds, seed, before } = options;
  const conditions = watchConditions();
  const small = createFlow({ commands, seed, accounts: 100_000 });
  const large = createFlow({ commands, seed, accounts: 1_000_000 });
  expectSameTrades(RIVAL, auditNodejsOrderBook(small), small.expected);
  expectSameTrades(FULL, auditEngine(small, framesOf(small), createVenue(100_000)), small.expected);
  expectSameTrades(
    ARMED,
    auditEngine(small, framesOf(small), armVenue(createVenue(100_000))),
    small.expected,
  );

  const entrants: Entrant[] = [
    { name: FULL, flow: small },
    // Between those that are compared with it: what changes with the machine changes little meanwhile.
    ...asOf(before, { name: BEFORE, subject: FULL, flow: small }),
    { name: ARMED, flow: small },
    { name: RIVAL, flow: small },
    { name: UNJOURNALED, flow: small },
    { name: MILLION, flow: large },
  ];
  const schedule = { rounds, warmUps: 2, latencyOf: FULL };
  const { rows, ratio, latency } = await measure(entrants, schedule);
  const pauses = rows.filter(({ name }) => name === FULL).map(({ longestPauseMs }) => longestPauseMs);
  print({
    title: `Full commands, flow ${FLOW_VERSION}, seed ${seed}, fingerprint ${small.fingerprint}`,
    rows: [...rows, { name: "latency of one full command, microseconds", ...latency }],
    ratios: {
      vsNodejsOrderBookMatching: ratio(RIVAL, FULL, "cpu"),
      slowdownMillionAccounts: ratio(MILLION, FULL, "cpu"),
      everythingOn: ratio(ARMED, FULL, "cpu"),
      journalCost: ratio(FULL, UNJOURNALED, "cpu"),
      ...(before !== undefined && {
        vsBefore: ratio(FULL, BEFORE, "cpu"),
        everythingOnVsBefore: ratio(ARMED, BEFORE, "cpu"),
      }),
    },
    notes: [
      `Longest pause for garbage in a run: ${Math.max(...pauses).toFixed(2)} ms (gcMaxMs).`,
      "Every account holds positions in four markets; orders come from random accounts; ids are read from receipts.",
      "In it: range checks of the frame, margin before, settlement of both sides, margin after, the judge, events, receipts and their hash.",
      "Every defence: reported prices, a mark from the book, breakers, posture, liquidation, funds, backstop, throttle, sealed governance.",
      "With the journal off nothing can be rolled back and the judge has nothing to read: both are in journalCost.",
      "Each subject runs in its own process.",
    ],
    conditions: conditions(),
    extra: { gcMaxMs: Math.max(...pauses), latency },
  });
}
