/** Matching alone: the same flow through every book, equal trades checked before a clock is started. */
import { createFlow, type Flow, FLOW_VERSION, replayOnReferenceBook, TICKS } from "./lib/flow.ts";
import { asOf, type Entrant, measure } from "./lib/measure.ts";
import {
  auditNodejsOrderBook,
  createNodejsOrderBook,
  nameOrders,
  replayOnNodejsOrderBook,
} from "./lib/nodejsOrderBook.ts";
import { auditEngineBook, createEngineBook, replayOnEngineBook } from "./lib/engineBook.ts";
import { flowOptions } from "./lib/options.ts";
import { perform, type Subject } from "./lib/performer.ts";
import { ReferenceBook } from "./lib/referenceBook.ts";
import { print, watchConditions } from "./lib/report.ts";
import { expectSameTotals, expectSameTrades } from "./lib/trades.ts";

const REFERENCE = "reference book";
const RIVAL = "nodejs-order-book";
const ENGINE = "engine book, journaled";
const UNJOURNALED = "engine book, journal off";
const CROWDED = "engine book, journaled, 100 k accounts";
const BEFORE = "engine book, journaled, before";

const options = flowOptions();
const { subject } = options;
if (subject === undefined) await compare();
else perform((flow: Flow) => subjectOf(subject, flow));

function subjectOf(name: string, flow: Flow): Subject {
  const { commands } = flow.options;
  if (name === REFERENCE) {
    const prepare = () => {
      const book = new ReferenceBook(commands, TICKS);
      return () => expectSameTotals(name, replayOnReferenceBook(flow, book), flow.expected);
    };
    return { commands, prepare };
  }
  if (name === RIVAL) {
    const ids = nameOrders(flow);
    const prepare = () => {
      const book = createNodejsOrderBook();
      return () => expectSameTotals(name, replayOnNodejsOrderBook(flow, ids, book), flow.expected);
    };
    return { commands, prepare };
  }
  const prepare = () => {
    const book = createEngineBook(flow.options.accounts, name !== UNJOURNALED);
    return () => expectSameTotals(name, replayOnEngineBook(flow, book), flow.expected);
  };
  return { commands, prepare };
}

async function compare(): Promise<void> {
  const { commands, rounds, seed, before } = options;
  const conditions = watchConditions();
  const flow = createFlow({ commands, seed, accounts: 1_000 });
  const crowd = createFlow({ commands, seed, accounts: 100_000 });
  expectSameTrades(REFERENCE, replayOnReferenceBook(flow, new ReferenceBook(commands, TICKS)), flow.expected);
  expectSameTrades(RIVAL, auditNodejsOrderBook(flow), flow.expected);
  expectSameTrades(ENGINE, auditEngineBook(flow), flow.expected);
  expectSameTrades(CROWDED, auditEngineBook(crowd), crowd.expected);

  const entrants: Entrant[] = [
    { name: ENGINE, flow },
    ...asOf(before, { name: BEFORE, subject: ENGINE, flow }),
    { name: RIVAL, flow },
    { name: UNJOURNALED, flow },
    { name: CROWDED, flow: crowd },
    { name: REFERENCE, flow },
  ];
  const { rows, ratio } = await measure(entrants, { rounds, warmUps: 2 });
  const { shape, expected, fingerprint } = flow;
  print({
    title: `Matching, flow ${FLOW_VERSION}, seed ${seed}, fingerprint ${fingerprint}`,
    rows,
    ratios: {
      vsNodejsOrderBook: ratio(RIVAL, ENGINE, "cpu"),
      vsNodejsOrderBookJournalOff: ratio(RIVAL, UNJOURNALED, "cpu"),
      vsNodejsOrderBook100kAccounts: ratio(RIVAL, CROWDED, "cpu"),
      vsReferenceBook: ratio(REFERENCE, ENGINE, "cpu"),
      ...(before !== undefined && { vsBefore: ratio(ENGINE, BEFORE, "cpu") }),
    },
    notes: [
      `${commands} commands: ${percent(shape.addShare)} passive adds, ${percent(shape.cancelShare)} cancels, ` +
        `${percent(shape.crossShare)} crossing; ${shape.fillsPerCross.toFixed(2)} fills per crossing order.`,
      `${Math.round(shape.meanResting)} orders rest at ${Math.round(shape.meanLevels)} levels ` +
        `(most ${shape.mostResting}); prices ${shape.lowestPrice} to ${shape.highestPrice}.`,
      `Every book: ${expected.fills} fills, ${expected.volume} lots, trade digest ${expected.hash}. Each runs in its own process.`,
      "The rival knows no accounts. The engine book's orders come from 1,000 of them, or 100,000: then most of its time is memory's.",
      "The engine book is the execution layer as the engine uses it: order rows with generations, the bucket's list and the position's",
      "order count, and (journaled) the undo log with a commit per command. Left out everywhere: margin, clearing, events, transport.",
    ],
    conditions: conditions(),
  });
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
