/** The mirrored books are the engine's own after every batch, whatever traffic made them, and from wherever they begin. */
import {
  type Capacities,
  Engine,
  EVENTS,
  EVENT_WORDS,
  FRAME_WORDS,
  bookView,
  encodeCommand,
  refusalOf,
  tierView,
  venueView,
} from "@bulkhead/engine";
import { PROFILES } from "@bulkhead/simulator";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BookMirror, OutOfStep } from "../../packages/server/src/market/bookMirror.ts";
import { tierOf } from "../../packages/server/src/market/frames.ts";
import type { ExecutedBatch } from "@bulkhead/server";
import type { Profile } from "../../packages/simulator/src/workload/profile.ts";
import { Workload } from "../../packages/simulator/src/workload/workload.ts";
import { execute } from "./executing.ts";
import { RUNS, anyMove, openFloor, resolve } from "../engine/flow.ts";

const ALL = 1_000_000;

function follow(mirror: BookMirror, { count, frames, events, eventEnds }: ExecutedBatch): void {
  for (let index = 0, from = 0; index < count; index++) {
    const to = eventEnds[index] as number;
    mirror.applyAll(tierOf(frames, index * FRAME_WORDS), events, from, to);
    from = to;
  }
}

const rested = (id: number, price: number, lots: number): Float64Array =>
  Float64Array.of(EVENTS.orderRested.code, 1, id, 1, 0, price, lots, 0);

/** Levels of every book of a venue, of the mirror and of the engine. */
function compare(engine: Engine, mirror: BookMirror): number {
  let levels = 0;
  for (let tier = 1; tier <= venueView(engine.venue).tiers; tier++)
    for (let market = 1; market <= tierView(engine.venue, tier).markets; market++) {
      const { bids, asks } = bookView(engine.venue, tier, market, ALL);
      const book = mirror.book(tier, market);
      expect(book.bids.best(ALL), `bids of ${tier}/${market} at ${engine.sequence}`).toEqual(bids);
      expect(book.asks.best(ALL), `asks of ${tier}/${market} at ${engine.sequence}`).toEqual(asks);
      levels += bids.length + asks.length;
    }
  return levels;
}

function capacitiesOf({ tiers, tier, vault }: Profile): Capacities {
  return { ...vault, tiers: Array.from({ length: tiers }, () => tier) };
}

/** Plays a workload batch by batch and compares after each; another mirror begins half-way. */
function play(profile: Profile, episode: number, commands: number): { levels: number; seen: Set<number> } {
  const engine = new Engine({ capacities: capacitiesOf(profile) });
  const workload = new Workload(profile, 11, episode);
  let [mirror, levels, done, size] = [BookMirror.of(engine.venue), 0, 0, 1];
  const seen = new Set<number>();
  while (done < commands) {
    size = (size * 7 + 3) % 61;
    // One command at a time is drawn, since the next depends on what came of it; all of them are one batch to the mirror.
    const batches: ExecutedBatch[] = [];
    for (let index = 0; index <= size; index++, done++) {
      const step = workload.next();
      if (!("command" in step)) continue;
      batches.push(
        execute(engine, [step.command], (_, code) => {
          const { facts, events } = engine.venue;
          for (let at = 0; at < events.count; at++) seen.add(events.words[at * EVENT_WORDS] as number);
          workload.learn(step, {
            outcome: refusalOf(code),
            facts,
            events: events.words,
            eventCount: events.count,
          });
        }),
      );
    }
    for (const batch of batches) follow(mirror, batch);
    levels += compare(engine, mirror);
    if (done > commands / 2 && done - size - 1 <= commands / 2) {
      mirror = BookMirror.of(engine.venue);
      compare(engine, mirror);
    }
  }
  return { levels, seen };
}

describe("a mirror of the books", () => {
  const everything = new Set<number>();

  test.each(PROFILES.map((profile) => [profile.name, profile] as const))(
    "is the engine's books after every batch of a %s venue",
    (_, profile) => {
      const { levels, seen } = play(profile, 1, 4_000);
      expect(levels).toBeGreaterThan(500);
      for (const code of seen) everything.add(code);
    },
  );

  test("is the engine's books after every command of any story", () => {
    fc.assert(
      fc.property(fc.array(anyMove, { maxLength: 120 }), (moves) => {
        const desk = openFloor();
        const { engine } = desk;
        const mirror = BookMirror.of(engine.venue);
        const frame = new Float64Array(FRAME_WORDS);
        for (const move of moves) {
          const command = resolve(desk, move);
          if (command === undefined) continue;
          encodeCommand(command, frame);
          engine.apply(frame);
          mirror.applyAll(tierOf(frame, 0), engine.events(), 0, engine.venue.events.count);
        }
        compare(engine, mirror);
      }),
      { numRuns: RUNS },
    );
  });

  test("has met, in those, every event that changes a book", () => {
    const {
      fill,
      orderRested,
      orderReduced,
      orderRemoved,
      orderTriggered,
      ordersPaired,
      positionLiquidated,
    } = EVENTS;
    for (const { code } of [
      fill,
      orderRested,
      orderReduced,
      orderRemoved,
      orderTriggered,
      ordersPaired,
      positionLiquidated,
    ])
      expect([...everything]).toContain(code);
  });
});

describe("events that do not fit", () => {
  const mirror = (): BookMirror => {
    const books = new BookMirror();
    books.apply(1, rested(2 ** 22 + 1, 100, 5), 0);
    return books;
  };

  test.each([
    ["a fill of an order that does not rest", [EVENTS.fill.code, 1, 2 ** 22 + 2, 1, 2, 1, 100, 1]],
    ["a fill of more lots than it has", [EVENTS.fill.code, 1, 2 ** 22 + 1, 1, 2, 1, 100, 6]],
    ["a removal of other lots than it has", [EVENTS.orderRemoved.code, 1, 2 ** 22 + 1, 1, 4, 1]],
    ["an order that rests twice", [...rested(2 ** 22 + 1, 101, 5)]],
    ["an order in a slot that is taken", [...rested(2 ** 23 + 1, 101, 5)]],
  ])("%s is noticed", (_, words) => {
    expect(() => mirror().apply(1, Float64Array.from(words), 0)).toThrow(OutOfStep);
  });

  test("an order that leaves the waiting list leaves no book", () => {
    const books = mirror();
    books.apply(1, Float64Array.of(EVENTS.orderRemoved.code, 1, 2 ** 22 + 9, 1, 4, 1), 0);
    expect(books.book(1, 1).bids.best(5)).toEqual([{ price: 100, lots: 5, orders: 1 }]);
  });
});
