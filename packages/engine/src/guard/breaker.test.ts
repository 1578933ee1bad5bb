import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { NONE, type Ms } from "../kernel/units.ts";
import { BREAKER, LONGEST_HALT, SIGNAL } from "../domain/breaker.ts";
import {
  type Reading,
  type Standing,
  countStreaks,
  dwellOf,
  enterLevel,
  nextLevel,
  strictness,
} from "./breaker.ts";

const MINUTE = 60_000;
const { normal, caution, reduceOnly, halt, auction, reopen } = BREAKER;

/** A breaker driven by scores alone, with the trips it remembers. */
class Machine {
  /** Whether its halts end in call auctions. */
  auctions = false;
  readonly standing: Standing = { level: 0, since: NONE, calmSince: NONE, streak: [0, 0, 0] };
  readonly trips: number[] = [];
  readonly moves: { from: number; to: number; signal: number; at: number }[] = [];
  now = 1;

  /** One update after so many milliseconds. */
  update(ms: number, soft: number, hard: number, isWorth = (): boolean => true): number {
    this.now += ms;
    const trips = this.trips.slice(-8).filter((trip) => this.now - trip < 1_440 * MINUTE).length;
    const reading: Reading = {
      softScore: soft,
      hardScore: hard,
      softSignal: SIGNAL.book,
      hardSignal: SIGNAL.velocity,
      haltScore: 2_000_000,
      counts: true,
      trips,
      auctions: this.auctions,
    };
    const { standing } = this;
    countStreaks(standing, reading);
    const { level, signal } = nextLevel(standing, reading, this.now as Ms, isWorth);
    const from = standing.level;
    if (level === from) return level;
    if (strictness(level) > strictness(from)) this.trips.push(this.now);
    enterLevel(standing, level, this.now as Ms);
    this.moves.push({ from, to: level, signal, at: this.now });
    return level;
  }
}

const notHalt = (level = 0): boolean => level !== halt;

describe("a breaker goes up", () => {
  test("at the second update in a row beyond the trip level, and straight to the strictest level", () => {
    const machine = new Machine();
    expect(machine.update(1, 0, 2_500_000)).toBe(normal);
    expect(machine.update(1, 0, 2_500_000)).toBe(halt);
    expect(machine.moves).toMatchObject([{ from: normal, to: halt, signal: SIGNAL.velocity }]);
  });

  test("not when a single bad value lies between good ones", () => {
    const machine = new Machine();
    for (let update = 0; update < 50; update++) machine.update(1_000, 0, update % 2 === 0 ? 9_000_000 : 0);
    expect(machine.moves).toEqual([]);
  });

  test("exactly above the trip level, not at it", () => {
    const machine = new Machine();
    for (let update = 0; update < 5; update++) machine.update(1, 1_000_000, 1_000_000);
    expect(machine.standing.level).toBe(normal);
    machine.update(1, 1_000_001, 1_000_000);
    expect(machine.update(1, 1_000_001, 1_000_000)).toBe(caution);
  });

  test("to the next milder level if the strictest is not worth it", () => {
    const machine = new Machine();
    machine.update(1, 0, 2_500_000, notHalt);
    expect(machine.update(1, 0, 2_500_000, notHalt)).toBe(reduceOnly);
  });
});

describe("a breaker comes down", () => {
  test("one level at a time, after it has been calm for the dwell", () => {
    const machine = new Machine();
    machine.update(1, 0, 1_500_000);
    machine.update(1, 0, 1_500_000);
    machine.update(1, 0, 599_999);
    expect(machine.update(5 * MINUTE - 1, 0, 599_999)).toBe(reduceOnly);
    expect(machine.update(1, 0, 599_999)).toBe(caution);
    machine.update(0, 0, 0);
    expect(machine.update(2 * MINUTE - 1, 0, 0)).toBe(caution);
    expect(machine.update(1, 0, 0)).toBe(normal);
  });

  test("and begins to wait anew whenever it is not calm", () => {
    const machine = new Machine();
    machine.update(1, 1_100_000, 0);
    machine.update(1, 1_100_000, 0);
    for (let minute = 0; minute < 30; minute++) {
      machine.update(MINUTE, 0, 0);
      expect(machine.update(1, 600_000, 0)).toBe(caution);
    }
  });

  test("from a halt after 30 minutes, whatever the scores", () => {
    const machine = new Machine();
    machine.update(1, 0, 9_000_000);
    machine.update(1, 0, 9_000_000);
    while (machine.now < LONGEST_HALT - MINUTE) expect(machine.update(MINUTE / 2, 0, 9_000_000)).toBe(halt);
    machine.update(MINUTE / 2, 0, 9_000_000);
    expect(machine.standing.level).toBe(halt);
    expect(machine.update(MINUTE / 2, 0, 9_000_000)).toBe(reopen);
    expect(machine.moves.at(-1)).toMatchObject({ signal: SIGNAL.longestHalt });
    expect(machine.update(1, 0, 9_000_000), "only fresh evidence halts it again").toBe(reopen);
    expect(machine.update(1, 0, 9_000_000)).toBe(halt);
  });

  test("from a halt to a call auction where there are any, which nothing that it sees ends", () => {
    for (const [score, signal] of [
      [0, 0],
      [9_000_000, SIGNAL.longestHalt],
    ] as const) {
      const machine = new Machine();
      machine.auctions = true;
      machine.update(1, 0, 9_000_000);
      machine.update(1, 0, 9_000_000);
      for (let minute = 0; minute < 40; minute++) machine.update(MINUTE, 0, score);
      expect(machine.standing.level).toBe(auction);
      expect(machine.moves.at(-1)).toMatchObject({ from: halt, to: auction, signal });
    }
  });

  test("later with every trip of a day, but within an hour", () => {
    expect([0, 1, 2, 3, 8, 40].map((trips) => dwellOf(caution, trips))).toEqual([
      120_000, 120_000, 180_000, 270_000, 2_050_312, 3_600_000,
    ]);
  });
});

describe("chatter", () => {
  const scores = [0, 599_999, 600_000, 1_000_001, 2_000_001, 9_000_000];
  const step = fc.record({
    ms: fc.constantFrom(1, 250, 1_000, 60_000, 119_999, 120_000, 300_000, 600_000),
    soft: fc.constantFrom(...scores),
    hard: fc.constantFrom(...scores),
  });

  test("is bounded: no more than 2·(T / 2 min) + 5 moves in T, on any path", () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 50, maxLength: 600 }), (steps) => {
        const machine = new Machine();
        for (const { ms, soft, hard } of steps) {
          machine.update(ms, soft, hard);
          expect(machine.moves.length).toBeLessThanOrEqual((2 * machine.now) / (2 * MINUTE) + 5);
        }
      }),
      { numRuns: Number(process.env["FUZZ_RUNS"] ?? 200) },
    );
  });

  test("is bounded against somebody who alternates as fast as the dwells let him", () => {
    const machine = new Machine();
    while (machine.now < 1_440 * MINUTE) {
      const isStrict = machine.standing.level === normal || machine.standing.level === reopen;
      machine.update(1_000, 0, isStrict ? 9_000_000 : 0);
    }
    const bound = (2 * machine.now) / (2 * MINUTE) + 5;
    expect(machine.moves.length).toBeLessThan(bound / 10);
  });
});
