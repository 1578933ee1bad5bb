import { describe, expect, test } from "vitest";
import { NONE, type Ms } from "../kernel/units.ts";
import { ACTIONS, INPUTS, LONGEST_STOP, POSTURE, STOP_BARRED } from "../domain/posture.ts";
import { type Decision, type Stance, decide } from "./posture.ts";
import { LONGEST_RULE, RULES } from "./postureRules.ts";

const MINUTE = 60_000;
const NOW = (1_000 * MINUTE) as Ms;
const { normal, elevated, defensive, reduceOnly, halt } = POSTURE;
const CALM: Stance = { posture: normal, since: NONE, calmSince: NONE, forced: false };

/** Four values of each input, from nothing to beyond its last bound. */
const GRADES: readonly (readonly number[])[] = Array.from({ length: INPUTS }, (_, input) => {
  const bounds = RULES.filter((rule) => rule.input === input).flatMap(({ enter, leave }) => [
    leave,
    enter + 1,
  ]);
  const sorted = [...new Set([0, ...bounds])];
  sorted.sort((a, b) => a - b);
  const grade = (part: number): number => sorted[Math.round((part * (sorted.length - 1)) / 3)] as number;
  return [grade(0), grade(1), grade(2), grade(3)];
});

/** Inputs of one of the 4^8 states: two bits of its number each. */
function inputsOf(state: number): number[] {
  return GRADES.map((grades, input) => grades[(state >> (2 * input)) & 3] as number);
}

/** A tier that sees the same for so many minutes, looked at every minute. */
function stay(inputs: readonly number[], minutes: number, start: Stance = CALM): Decision[] {
  const moves: Decision[] = [];
  let stance = start;
  for (let minute = 0; minute <= minutes; minute++) {
    const decision = decide({ inputs, baseline: 0 }, stance, (NOW + minute * MINUTE) as Ms);
    if (decision.stance.posture !== stance.posture) moves.push(decision);
    ({ stance } = decision);
  }
  return moves;
}

const nothing = inputsOf(0);

describe("worse inputs", () => {
  /** Where the tier may have stood: fresh, stayed for long, calm for long, forced out of a halt. */
  const stances: Stance[] = [0, 1, 2, 3, 4].flatMap((posture) =>
    [1, 12, 40].flatMap((minutes) =>
      [NONE, (NOW - minutes * MINUTE) as Ms].map((calmSince) => ({
        posture,
        since: (NOW - minutes * MINUTE) as Ms,
        calmSince,
        forced: posture === reduceOnly && minutes === 1,
      })),
    ),
  );

  test("never lead to a milder posture: all 4^8 states, each a grade worse in each input", () => {
    let compared = 0;
    for (const stance of stances) {
      const postures = new Uint8Array(4 ** INPUTS);
      for (let state = 0; state < postures.length; state++) {
        postures[state] = decide({ inputs: inputsOf(state), baseline: 0 }, stance, NOW).stance.posture;
      }
      for (let state = 0; state < postures.length; state++) {
        for (let input = 0; input < INPUTS; input++) {
          if (((state >> (2 * input)) & 3) === 3) continue;
          const worse = state + (1 << (2 * input));
          compared++;
          if ((postures[worse] as number) < (postures[state] as number))
            expect.fail(`from ${JSON.stringify(stance)}: state ${worse} is milder than ${state}`);
        }
      }
    }
    expect(compared).toBe(stances.length * INPUTS * 3 * 4 ** (INPUTS - 1));
  }, 120_000);

  test("include a missing report: a higher baseline is never milder", () => {
    for (const stance of stances) {
      for (let state = 0; state < 4 ** INPUTS; state += 61) {
        const at = (baseline: number): number =>
          decide({ inputs: inputsOf(state), baseline }, stance, NOW).stance.posture;
        if (at(0) > at(1) || at(1) > at(2)) expect.fail(`from ${JSON.stringify(stance)}: state ${state}`);
      }
    }
  });
});

test("a stricter posture does nothing more mildly", () => {
  for (let posture = 1; posture < ACTIONS.length; posture++) {
    const [milder, stricter] = [ACTIONS[posture - 1]!, ACTIONS[posture]!];
    expect(stricter.margin).toBeGreaterThanOrEqual(milder.margin);
    expect(stricter.buffer).toBeGreaterThanOrEqual(milder.buffer);
    expect(stricter.throttle).toBeGreaterThanOrEqual(milder.throttle);
    expect(stricter.openInterest).toBeLessThanOrEqual(milder.openInterest);
    expect(stricter.band).toBeLessThanOrEqual(milder.band);
  }
});

test("every rule leads to its posture just beyond its bound, and names itself", () => {
  for (const { id, input, posture, enter } of RULES) {
    const at = (seen: number): Decision => {
      const inputs = nothing.slice();
      inputs[input] = seen;
      return decide({ inputs, baseline: 0 }, CALM, NOW);
    };
    expect(at(enter).stance.posture).toBeLessThan(posture);
    const { stance, ...why } = at(enter + 1);
    expect({ posture: stance.posture, ...why }).toEqual({ posture, rule: id, seen: enter + 1, bound: enter });
  }
});

test("every rule lets go below where it took hold", () => {
  for (const { enter, leave } of RULES) expect(leave).toBeLessThanOrEqual(enter + 1);
});

describe("recovery", () => {
  test("goes one posture at a time, each after its dwell and its calm", () => {
    const start: Stance = { posture: halt, since: NOW, calmSince: NONE, forced: false };
    const moves = stay(nothing, 200, start).map(({ stance: { posture, since } }) => [
      posture,
      (since - NOW) / MINUTE,
    ]);
    expect(moves).toEqual([
      [reduceOnly, 10],
      [defensive, 26],
      [elevated, 37],
      [normal, 68],
    ]);
  });

  test("waits while an input is between where its rule lets go and where it takes hold", () => {
    const { input, leave } = RULES.find(({ id }) => id === 1)!;
    const inputs = nothing.slice();
    inputs[input] = leave;
    const start: Stance = { posture: elevated, since: NOW, calmSince: NONE, forced: false };
    expect(stay(inputs, 600, start)).toEqual([]);
    inputs[input] = leave - 1;
    expect(stay(inputs, 600, start)).toHaveLength(1);
  });

  test("from a halt comes at the latest after 30 minutes, and the halt not again for ten", () => {
    const worst = inputsOf(4 ** INPUTS - 1);
    const moves = stay(worst, 90);
    const told = moves.map(({ stance: { posture, since }, rule }) => [posture, rule, (since - NOW) / MINUTE]);
    const [longest, barred] = [LONGEST_STOP / MINUTE, STOP_BARRED / MINUTE];
    expect(told).toEqual([
      [halt, 15, 0],
      [reduceOnly, LONGEST_RULE, longest],
      [halt, 15, longest + barred],
      [reduceOnly, LONGEST_RULE, 2 * longest + barred],
      [halt, 15, 2 * (longest + barred)],
    ]);
  });

  test("a missing report holds the baseline, and nothing milder", () => {
    expect(decide({ inputs: nothing, baseline: elevated }, CALM, NOW)).toMatchObject({
      stance: { posture: elevated },
      rule: 16,
    });
    let stance: Stance = { posture: elevated, since: NONE, calmSince: NONE, forced: false };
    for (let minute = 0; minute < 100; minute++)
      ({ stance } = decide({ inputs: nothing, baseline: elevated }, stance, (NOW + minute * MINUTE) as Ms));
    expect(stance.posture).toBe(elevated);
  });
});
