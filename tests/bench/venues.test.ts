/** What the benchmarks measure does what it says: the flow's trades come out of a bare venue and of one with every defence on. */
import { describe, expect, test } from "vitest";
import { armVenue } from "../../bench/lib/armedVenue.ts";
import { createFlow } from "../../bench/lib/flow.ts";
import { expectSameTrades } from "../../bench/lib/trades.ts";
import { auditEngine, createVenue, framesOf } from "../../bench/lib/venueFlow.ts";

const ACCOUNTS = 200;

describe("the venue of the command benchmark", () => {
  const flow = createFlow({ commands: 4_000, seed: 1, accounts: ACCOUNTS });

  test.each([
    { name: "bare", prepare: () => createVenue(ACCOUNTS) },
    { name: "with every defence on", prepare: () => armVenue(createVenue(ACCOUNTS)) },
  ])("$name, trades what the flow foretells, and stands an audit", ({ name, prepare }) => {
    const engine = prepare();
    expect(flow.expected.fills).toBeGreaterThan(100);
    expectSameTrades(name, auditEngine(flow, framesOf(flow), engine), flow.expected);
    expect(engine.audit()).toEqual([]);
  });
});
