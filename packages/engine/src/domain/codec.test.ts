import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Engine, hex } from "../engine.ts";
import { DecodeError, commandOf, decodeFrame, encodeCommand } from "./codec.ts";
import { type Command, LAYOUTS } from "./commands.ts";
import { CODE, FRAME_WORDS, type Field, type Layout, TIME } from "./frame.ts";
import { MAX_INTEGER } from "./limits.ts";

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 200);
const ALL: readonly Layout[] = LAYOUTS;
const TIME_FIELD: Field = { unit: "ms", min: 0, max: MAX_INTEGER };

/** The fields of a command with its time, each with its place in the frame. */
function fieldsOf(layout: Layout): { readonly name: string; readonly at: number; readonly field: Field }[] {
  const own = Object.entries(layout.fields).map(([name, field]) => ({
    name,
    at: layout.at[name] as number,
    field,
  }));
  return [{ name: "time", at: TIME, field: TIME_FIELD }, ...own];
}

/** The command whose fields are chosen one by one. */
function commandWith(layout: Layout, choose: (field: Field) => number): Command {
  const values = fieldsOf(layout).map(({ name, field }) => [name, choose(field)] as const);
  return { kind: layout.name, ...Object.fromEntries(values) } as unknown as Command;
}

function anyCommand(layout: Layout): fc.Arbitrary<Command> {
  const values = fieldsOf(layout).map(
    ({ name, field }) => [name, fc.integer({ min: field.min, max: field.max })] as const,
  );
  return fc
    .record(Object.fromEntries(values))
    .map((fields) => ({ kind: layout.name, ...fields }) as unknown as Command);
}

function frameOf(command: Command): Float64Array {
  const frame = new Float64Array(FRAME_WORDS);
  encodeCommand(command, frame);
  return frame;
}

const lowest = (field: Field): number => field.min;
const highest = (field: Field): number => field.max;

/** Numbers that no field of this range may hold. */
function misfits({ min, max }: Field): readonly number[] {
  return [
    Number.NaN,
    Infinity,
    -Infinity,
    -0,
    Math.max(min, -1000) + 0.5,
    min - 1,
    max + 1,
    2 ** 53,
    -(2 ** 53),
    1e300,
  ];
}

/** What an attempt threw, which must be a decode error. */
function faultOf(attempt: () => void): DecodeError {
  try {
    attempt();
  } catch (error) {
    if (error instanceof DecodeError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe.each(ALL.map((layout) => [layout.name, layout] as const))("%s", (_, layout) => {
  const words = 2 + Object.keys(layout.fields).length;

  test.each([
    ["lowest", lowest],
    ["highest", highest],
  ] as const)("its %s values survive the way to the frame and back", (_end, choose) => {
    const command = commandWith(layout, choose);
    expect(commandOf(frameOf(command))).toEqual(command);
  });

  test("any values in range survive the way to the frame and back, and the frame the way to words and back", () => {
    fc.assert(
      fc.property(anyCommand(layout), (command) => {
        const frame = frameOf(command);
        const decoded = new Float64Array(FRAME_WORDS);
        decodeFrame(frame, 0, decoded);
        expect(decoded).toEqual(frame);
        expect(commandOf(frame)).toEqual(command);
        expect(frameOf(commandOf(frame))).toEqual(frame);
      }),
      { numRuns: Math.ceil(RUNS / 4) },
    );
  });

  test("every field refuses what lies outside its integers, names itself, and leaves the engine as it was", () => {
    const engine = new Engine({ capacities: SMALL });
    const before = hex(engine.stateHash());
    for (const { name, at, field } of fieldsOf(layout)) {
      for (const misfit of misfits(field)) {
        const frame = frameOf(commandWith(layout, lowest));
        frame[at] = misfit;
        const fault = faultOf(() => engine.apply(frame));
        expect(fault.path).toBe(`${layout.name}.${name}`);
        expect(fault.message).toContain(`an integer from ${field.min} to ${field.max} is required`);
        expect(faultOf(() => commandOf(frame)).path).toBe(fault.path);
      }
    }
    expect([hex(engine.stateHash()), engine.sequence]).toEqual([before, 0]);
  });

  test("a word beyond its fields must be 0", () => {
    for (let word = words; word < FRAME_WORDS; word++) {
      for (const value of [1, -1, -0, 0.5, Number.NaN, Infinity]) {
        const frame = frameOf(commandWith(layout, lowest));
        frame[word] = value;
        expect(faultOf(() => commandOf(frame)).path).toBe(`${layout.name}[${word}]`);
      }
    }
  });

  test("its object form has all its fields, as numbers, and no others", () => {
    const command = commandWith(layout, lowest);
    const frame = new Float64Array(FRAME_WORDS);
    for (const { name } of fieldsOf(layout)) {
      const { [name as "kind"]: _gone, ...without } = command;
      expect(faultOf(() => encodeCommand(without as Command, frame)).path).toBe(`${layout.name}.${name}`);
      for (const value of ["1", null, undefined, true, 1n, [1], {}]) {
        const spoilt = { ...command, [name]: value } as unknown as Command;
        expect(faultOf(() => encodeCommand(spoilt, frame)).path).toBe(`${layout.name}.${name}`);
      }
    }
    for (const extra of ["extra", "Time", "code", "toString", "constructor"]) {
      const spoilt: Command = { ...command, [extra]: 1 };
      expect(faultOf(() => encodeCommand(spoilt, frame)).path).toBe(`${layout.name}.${extra}`);
    }
  });

  test("its code is its own, its fields stand in order and fit the frame", () => {
    expect(ALL.filter(({ code }) => code === layout.code)).toEqual([layout]);
    expect(fieldsOf(layout).map(({ at }) => at)).toEqual(
      Array.from({ length: words - 1 }, (_word, index) => index + 1),
    );
    expect(words).toBeLessThanOrEqual(FRAME_WORDS);
    for (const { field } of fieldsOf(layout)) {
      expect(Number.isSafeInteger(field.min) && Number.isSafeInteger(field.max)).toBe(true);
      expect(field.min).toBeLessThan(field.max);
    }
  });
});

const SMALL = {
  accounts: 4,
  balances: 4,
  withdrawals: 4,
  tiers: [{ markets: 1, buckets: 4, positions: 16, orders: 16, holdings: 4, ticks: 2 ** 15 }],
};

describe("frames", () => {
  test.each([0, -0, 2_000, -1, 1.5, Number.NaN, Infinity, -Infinity, 2 ** 32 + 1])(
    "%d is no command",
    (code) => {
      const frame = frameOf({ kind: "openAccount", time: 0 });
      frame[CODE] = code;
      const fault = faultOf(() => commandOf(frame));
      expect([fault.path, fault.found]).toEqual(["code", code]);
    },
  );

  test.each(["", "placeorder", "toString", "constructor", "__proto__"])("'%s' is no command", (kind) => {
    const command = { kind, time: 0 } as unknown as Command;
    expect(faultOf(() => encodeCommand(command, new Float64Array(FRAME_WORDS))).path).toBe("kind");
  });

  test("a frame is read and written in its place in a log, and nowhere else", () => {
    const commands = ALL.map((layout) => commandWith(layout, highest));
    const log = new Float64Array((commands.length + 2) * FRAME_WORDS).fill(-7);
    commands.forEach((command, index) => encodeCommand(command, log, (index + 1) * FRAME_WORDS));
    expect(commands.map((_, index) => commandOf(log, (index + 1) * FRAME_WORDS))).toEqual(commands);
    expect(log.subarray(0, FRAME_WORDS).every((word) => word === -7)).toBe(true);
    expect(log.subarray(-FRAME_WORDS).every((word) => word === -7)).toBe(true);
  });

  test("a log that ends in the middle of a frame ends in no command", () => {
    for (const layout of ALL) {
      const frame = frameOf(commandWith(layout, lowest));
      for (let length = 0; length < FRAME_WORDS; length++) {
        expect(faultOf(() => commandOf(frame.subarray(0, length)))).toBeInstanceOf(DecodeError);
      }
    }
  });

  test("a frame may be reused: nothing of the last command is left in it", () => {
    const frame = new Float64Array(FRAME_WORDS).fill(9);
    const command: Command = { kind: "openAccount", time: 5 };
    encodeCommand(command, frame);
    expect(commandOf(frame)).toEqual(command);
  });

  test("a fault says where, what is required and what was found", () => {
    const frame = frameOf({ kind: "clockTick", time: 0, tier: 1 });
    frame[2] = -0;
    const fault = faultOf(() => commandOf(frame));
    expect(fault.message).toBe("clockTick.tier: an integer from 1 to 16 is required; found -0");
    expect(fault.name).toBe("DecodeError");
  });
});
