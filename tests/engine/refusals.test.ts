/** Every command meets every refusal it can meet, in the documented order, and a refusal changes nothing. */
import {
  type Command,
  type CommandName,
  HANDLERS,
  type Handler,
  type Handlers,
  InvariantViolation,
  PRECEDENCE,
  REFUSALS,
  type RefusalName,
  STATUS,
  venueView,
} from "@bulkhead/engine";
import { describe, expect, test } from "vitest";
import { BUCKET } from "../../packages/engine/src/domain/rows/bucket.ts";
import { plus } from "../../packages/engine/src/kernel/checked.ts";
import { rowOf } from "../../packages/engine/src/kernel/pool.ts";
import { type Desk, type Instruction, layoutOf, openDesk, usd } from "./venue.ts";
import type { Step, Walk } from "./walks/walk.ts";
import { WALKS } from "./walks/walks.ts";

const COMMANDS = Object.keys(PRECEDENCE) as CommandName[];

describe.each(COMMANDS)("%s refuses in order", (name) => {
  walksOf(name).forEach(({ scene, steps }, number) => {
    test(titleOf(steps, number), () => {
      const [desk, faulty] = scene();
      let attempt = { kind: name, ...faulty } as Instruction;
      expectClockFirst(desk, attempt);
      for (const { refusal, facts, cure } of steps) {
        desk.expectRefused(attempt, refusal, facts);
        if (typeof cure === "function") cure(desk);
        else attempt = { ...attempt, ...cure };
      }
      if (steps.at(-1)?.cure !== undefined) desk.expectAccepted(attempt);
      expect(desk.engine.audit()).toEqual([]);
    });
  });

  test("and its walks leave out no guard", () => {
    const met = new Set(walksOf(name).flatMap(({ steps }) => steps.map(({ refusal }) => refusal)));
    expect([...met]).toEqual(PRECEDENCE[name]);
  });
});

describe("the catalogue", () => {
  test("every refusal is met somewhere, and nothing is given that is not in it", () => {
    const met = COMMANDS.flatMap((name) =>
      walksOf(name).flatMap(({ steps }) => steps.map(({ refusal }) => refusal)),
    );
    const elsewhere: RefusalName[] = ["clock_went_back", "beyond_exact_range", "invariant_broken"];
    expect(new Set([...met, ...elsewhere])).toEqual(new Set(Object.keys(REFUSALS)));
  });
});

describe("a broken invariant", () => {
  test("is refused with its number, rolled back, and its market alone is quarantined", () => {
    const desk = openDesk({}, { handlers: replaced("accrueFunding", doubleTheFirstCash) });
    desk.listMarket();
    const alice = desk.openTrader(1_000);
    const receipt = desk.send({ kind: "accrueFunding", tier: 1, market: 1, rate: 1 });
    expect(receipt).toMatchObject({
      outcome: "invariant_broken",
      facts: { invariant: 1, expected: 0, found: usd(1_000) },
      events: [{ event: "marketQuarantined", values: { market: 1, invariant: 1 } }],
    });
    expect(desk.bucket(alice).cash).toBe(usd(1_000));
    expect(desk.market(1).status).toBe(STATUS.quarantined);
    expect(desk.market(2).status).toBe(STATUS.open);
    desk.expectRefused(desk.buy(alice, 1, 100), "market_not_open", { status: STATUS.quarantined });
    desk.expectAccepted(desk.buy(alice, 1, 100, { market: 2 }));
    expect(desk.engine.audit()).toEqual([]);
  });

  test("leaves every byte as it was when no market is to blame", () => {
    const handlers = replaced("openAccount", (venue) => {
      HANDLERS[layoutOf("openAccount").code]?.(venue);
      throw new InvariantViolation("nothing is lost", { lost: 5 });
    });
    const facts = { invariant: 100, expected: 0, found: 5 };
    openDesk({}, { handlers }).expectRefused({ kind: "openAccount" }, "invariant_broken", facts);
  });
});

/** The engine's handlers, one of them another's. */
function replaced(name: CommandName, hostile: Handler): Handlers {
  const { code } = layoutOf(name);
  return HANDLERS.map((handler, each) => (each === code ? hostile : handler));
}

/** Gives the first bucket of tier 1 as much again as it has, at nobody's expense, and blames market 1. */
const doubleTheFirstCash: Handler = (venue) => {
  const tier = venue.tier(1);
  if (tier === undefined) throw new RangeError("no tier");
  const bucket = rowOf(tier.arena, tier.buckets, 1);
  const cash = tier.arena.num(bucket, BUCKET.cash);
  venue.tierInUse = 1;
  venue.marketInUse = 1;
  tier.arena.setNum(bucket, BUCKET.cash, plus(cash, cash));
  return venue.accept();
};

/** The clock is looked at before anything else, and is not set back by what is refused. */
function expectClockFirst(desk: Desk, attempt: Instruction): void {
  const { clock } = venueView(desk.engine.venue);
  const time = clock - 1;
  if (clock > 0) desk.expectRefused({ ...attempt, time }, "clock_went_back", { time, venueTime: clock });
}

function walksOf(name: CommandName): readonly Walk<Command["kind"]>[] {
  return WALKS[name] as readonly Walk<Command["kind"]>[];
}

function titleOf(steps: readonly Step<CommandName>[], number: number): string {
  const [from, to] = [steps[0], steps.at(-1)].map((step) => step?.refusal ?? "");
  return `walk ${number + 1}: ${from === to ? from : `${from} … ${to}`} (${steps.length} steps)`;
}
