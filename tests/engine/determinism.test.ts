/** The same commands give the same bytes; what is no command gives none; and the events tell all that happened to a book. */
import {
  type Command,
  DecodeError,
  Engine,
  FRAME_WORDS,
  type Field,
  LAYOUTS,
  type Layout,
  type Receipt,
  bookView,
  bucketView,
  commandOf,
  encodeCommand,
  hex,
  limits,
} from "@bulkhead/engine";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Move, RUNS, anyMove, openFloor, resolve } from "./flow.ts";
import { type Desk, openDesk } from "./venue.ts";

const moves = fc.array(anyMove, { minLength: 30, maxLength: 150 });

describe("the same commands", () => {
  test("give the same receipts and the same state on any engine", () => {
    fc.assert(
      fc.property(moves, (made) => {
        const [desk, twin] = [openFloor(), openFloor()];
        for (const command of playOn(desk, made)) twin.engine.submit(command);
        expect(trace(twin.engine)).toEqual(trace(desk.engine));
      }),
      { numRuns: RUNS },
    );
  });

  test("give the same receipts and the same state from a snapshot on", () => {
    fc.assert(
      fc.property(moves, moves, (earlier, later) => {
        const desk = openFloor();
        playOn(desk, earlier);
        const twin = Engine.restore(desk.engine.snapshot());
        expect(trace(twin)).toEqual(trace(desk.engine));
        for (const command of playOn(desk, later)) twin.submit(command);
        expect(trace(twin)).toEqual(trace(desk.engine));
        expect(twin.audit()).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  });

  test("give the same whether they come as objects or as frames", () => {
    fc.assert(
      fc.property(moves, (made) => {
        const [desk, twin] = [openFloor(), openFloor()];
        const commands = playOn(desk, made);
        const frames = new Float64Array(commands.length * FRAME_WORDS);
        commands.forEach((command, index) => encodeCommand(command, frames, index * FRAME_WORDS));
        for (let at = 0; at < frames.length; at += FRAME_WORDS) twin.engine.apply(frames, at);
        expect(trace(twin.engine)).toEqual(trace(desk.engine));
        expect(commands.map((_, index) => commandOf(frames, index * FRAME_WORDS))).toEqual(commands);
      }),
      { numRuns: RUNS },
    );
  });

  test("in another order give another chain, even where the state is the same", () => {
    const [desk, twin] = [openDesk(), openDesk()];
    const [first, second] = [1, 2].map(
      (market) => ({ kind: "massCancel", tier: 1, market, time: 1_000 }) as const,
    ) as [Command, Command];
    for (const command of [first, second]) desk.engine.submit(command);
    for (const command of [second, first]) twin.engine.submit(command);
    expect(twin.hash()).toBe(desk.hash());
    expect(trace(twin.engine)).not.toEqual(trace(desk.engine));
  });
});

describe("what is no command", () => {
  /** Words no field may hold, whatever its range. */
  const NEVER = [NaN, -0, 0.5, Infinity, -Infinity, 2 ** 53, -(2 ** 53)];

  describe.each(LAYOUTS as readonly Layout[])("$name", (layout) => {
    test.each(["time", ...Object.keys(layout.fields)])("%s keeps to its range", (field) => {
      const desk = openDesk();
      const { min, max }: Pick<Field, "min" | "max"> = layout.fields[field] ?? {
        min: 0,
        max: limits.MAX_INTEGER,
      };
      for (const value of [...NEVER, min - 1, max + 1]) {
        expectUndecodable(desk, { ...leastOf(layout), [field]: value }, `${layout.name}.${field}`);
      }
      const frame = new Float64Array(FRAME_WORDS);
      for (const value of [min, max]) {
        encodeCommand({ ...leastOf(layout), [field]: value } as Command, frame);
        expect(commandOf(frame)).toMatchObject({ kind: layout.name, [field]: value });
      }
    });

    test("words beyond the last field are 0", () => {
      const desk = openDesk();
      const frame = new Float64Array(FRAME_WORDS);
      encodeCommand(leastOf(layout) as Command, frame);
      for (let word = 2 + Object.keys(layout.fields).length; word < FRAME_WORDS; word++) {
        for (const value of [1, -0, NaN]) {
          const spoilt = Float64Array.from(frame);
          spoilt[word] = value;
          expectUnmoved(desk, () => desk.engine.apply(spoilt), `${layout.name}[${word}]`);
        }
      }
    });

    test("no field is missing, none is too many, and all are numbers", () => {
      const desk = openDesk();
      for (const field of ["time", ...Object.keys(layout.fields)]) {
        expectUndecodable(desk, { ...leastOf(layout), [field]: "1" }, `${layout.name}.${field}`);
        expectUndecodable(desk, { ...leastOf(layout), [field]: undefined }, `${layout.name}.${field}`);
      }
      expectUndecodable(desk, { ...leastOf(layout), colour: 1 }, `${layout.name}.colour`);
    });
  });

  test("a code that nobody gave", () => {
    const desk = openDesk();
    for (const code of [0, -0, 2_000, -1, 1.5, NaN, Infinity]) {
      expectUnmoved(
        desk,
        () => desk.engine.apply(Float64Array.of(code, ...new Float64Array(FRAME_WORDS - 1))),
        "code",
      );
    }
    expectUndecodable(desk, { kind: "toString", time: 0 }, "kind");
    expectUnmoved(desk, () => desk.engine.apply(Float64Array.of(5, 0)), "openAccount[2]");
  });

  test("a field that every object inherits is one too many", () => {
    expectUndecodable(
      openDesk(),
      { kind: "openAccount", time: 0, constructor: 1 },
      "openAccount.constructor",
    );
  });
});

describe("events", () => {
  test("are enough to rebuild every book, order by order, and every position", () => {
    fc.assert(
      fc.property(moves, (made) => {
        const desk = openFloor();
        const listener = new Listener();
        for (const move of made) {
          const command = resolve(desk, move);
          if (command === undefined) continue;
          const receipt = desk.send(command);
          receipt.events.forEach((event) => listener.hear(event));
        }
        for (const market of [1, 2, 3])
          expect(listener.book(market)).toEqual(bookView(desk.engine.venue, 1, market, 100));
        for (let bucket = 1; bucket <= 5; bucket++) {
          const held = bucketView(desk.engine.venue, 1, bucket).positions.filter(({ lots }) => lots !== 0);
          expect(listener.positions(bucket)).toEqual(new Map(held.map(({ market, lots }) => [market, lots])));
        }
      }),
      { numRuns: RUNS },
    );
  });
});

interface Heard {
  readonly market: number;
  readonly side: number;
  readonly price: number;
  lots: number;
}

interface Level {
  readonly price: number;
  readonly lots: number;
  readonly orders: number;
}

/** No price of the floor's is as high. */
const HIGHEST = 200;

/** Price levels of a side, best first. */
function levelsOf(orders: readonly Heard[], side: number): readonly Level[] {
  const levels: Level[] = [];
  for (let step = 1; step < HIGHEST; step++) {
    const price = side === 0 ? HIGHEST - step : step;
    const there = orders.filter((order) => order.side === side && order.price === price);
    const lots = there.reduce((sum, order) => sum + order.lots, 0);
    if (there.length > 0) levels.push({ price, lots, orders: there.length });
  }
  return levels;
}

/** Somebody who knows nothing of the venue but its events. */
class Listener {
  private readonly orders = new Map<number, Heard>();
  private readonly lots = new Map<string, number>();

  hear({ event, values }: Receipt["events"][number]): void {
    const { order = 0, market = 0, side = 0, price = 0, lots = 0 } = values;
    if (event === "orderRested") this.orders.set(order, { market, side, price, lots });
    if (event === "orderRemoved") this.orders.delete(order);
    if (event === "orderReduced") this.shrink(order, lots);
    if (event === "positionSettled") this.move(values["bucket"] ?? 0, market, -lots);
    if (event !== "fill") return;
    const bought = side === 0 ? lots : -lots;
    this.shrink(values["makerOrder"] ?? 0, lots);
    this.move(values["makerBucket"] ?? 0, market, -bought);
    this.move(values["takerBucket"] ?? 0, market, bought);
  }

  book(market: number): { readonly bids: readonly Level[]; readonly asks: readonly Level[] } {
    const here = [...this.orders.values()].filter((order) => order.market === market);
    return { bids: levelsOf(here, 0), asks: levelsOf(here, 1) };
  }

  positions(bucket: number): ReadonlyMap<number, number> {
    const held = [...this.lots].filter(([key, lots]) => key.startsWith(`${bucket}:`) && lots !== 0);
    return new Map(held.map(([key, lots]) => [Number(key.split(":")[1]), lots]));
  }

  private shrink(order: number, lots: number): void {
    const heard = this.orders.get(order);
    if (heard === undefined) throw new Error(`nobody told of order ${order}`);
    heard.lots -= lots;
    if (heard.lots === 0) this.orders.delete(order);
  }

  private move(bucket: number, market: number, lots: number): void {
    const key = `${bucket}:${market}`;
    this.lots.set(key, (this.lots.get(key) ?? 0) + lots);
  }
}

/** Makes the moves and answers with the commands they came to. */
function playOn(desk: Desk, made: readonly Move[]): Command[] {
  return made.flatMap((move) => {
    const command = resolve(desk, move);
    if (command === undefined) return [];
    expect(desk.send(command).outcome).not.toBe("invariant_broken");
    return [command];
  });
}

/** What two engines must agree on. */
function trace(engine: Engine): Readonly<Record<string, unknown>> {
  return { sequence: engine.sequence, head: hex(engine.seal()), state: hex(engine.stateHash()) };
}

/** A command whose fields are the least they may be. */
function leastOf(layout: Layout): Readonly<Record<string, unknown>> {
  const fields = Object.entries(layout.fields).map(([name, { min }]) => [name, min]);
  return { kind: layout.name, time: 0, ...Object.fromEntries(fields) };
}

function expectUndecodable(desk: Desk, values: Readonly<Record<string, unknown>>, path: string): void {
  expectUnmoved(desk, () => desk.engine.submit(values as unknown as Command), path);
}

/** The attempt fails with the path of the fault, and leaves neither a number nor a byte behind. */
function expectUnmoved(desk: Desk, attempt: () => unknown, path: string): void {
  const [before, { sequence }] = [desk.hash(), desk.engine];
  expect(attempt).toThrow(DecodeError);
  expect(attempt).toThrow(expect.objectContaining({ path }) as Error);
  expect(desk.hash()).toBe(before);
  expect(desk.engine.sequence).toBe(sequence);
}
