/** Between the frame and the object form of a command, with the checks that keep malformed input out of the engine. */
import { type Command, LAYOUTS } from "./commands.ts";
import { CODE, FRAME_WORDS, type Field, type Layout, TIME } from "./frame.ts";
import { MAX_INTEGER } from "./limits.ts";

/** Input that is not a command. It never reaches the state. */
export class DecodeError extends Error {
  /** Where the fault lies, such as `placeOrder.lots`. */
  readonly path: string;
  /** What is required there. */
  readonly problem: string;
  readonly found: unknown;

  constructor(path: string, problem: string, found: unknown) {
    super(`${path}: ${problem}; found ${String(found)}`);
    this.name = "DecodeError";
    this.path = path;
    this.problem = problem;
    this.found = found;
  }
}

/** What decoding needs to know of a layout, by code. */
interface Ranges {
  readonly layout: Layout;
  /** Words in use. */
  readonly words: number;
  /** Least and greatest value of each word, in turn. */
  readonly limits: Float64Array;
}

const RANGES: readonly (Ranges | undefined)[] = rangesByCode();
const LAYOUT_BY_NAME: ReadonlyMap<string, Layout> = new Map(
  LAYOUTS.map((layout: Layout) => [layout.name, layout]),
);

/**
 * Copies a frame's words into `target`, after checking that they are a command.
 * @throws {DecodeError} naming the first word that is not an integer in its range
 */
export function decodeFrame(source: Float64Array, offset: number, target: Float64Array): void {
  const code = source[offset] as number;
  const ranges = RANGES[code];
  if (ranges === undefined) throw new DecodeError("code", "no such command", code);
  const { words, limits } = ranges;
  for (let word = TIME as number; word < words; word++) {
    const value = source[offset + word] as number;
    const fits = value >= (limits[word * 2] as number) && value <= (limits[word * 2 + 1] as number);
    if (!fits || Math.floor(value) !== value || Object.is(value, -0)) throw faultAt(ranges, word, value);
    target[word] = value;
  }
  for (let word = words; word < FRAME_WORDS; word++) {
    const value = source[offset + word] as number;
    if (!Object.is(value, 0))
      throw new DecodeError(`${ranges.layout.name}[${word}]`, "unused words are 0", value);
  }
  target[CODE] = code;
}

const scratch = new Float64Array(FRAME_WORDS);

/** Checks that a frame's words are a command. @throws {DecodeError} naming the first word that is not an integer in its range */
export function expectCommand(source: Float64Array, offset = 0): void {
  decodeFrame(source, offset, scratch);
}

/**
 * Writes a command's object form as a frame. Missing, unknown or non-numeric fields are an error; ranges are checked when the frame
 * is decoded.
 * @throws {DecodeError} naming the field
 */
export function encodeCommand(command: Command, target: Float64Array, offset = 0): void {
  const layout = LAYOUT_BY_NAME.get(command.kind);
  if (layout === undefined) throw new DecodeError("kind", "no such command", command.kind);
  const values: Readonly<Record<string, unknown>> = command;
  target.fill(0, offset, offset + FRAME_WORDS);
  target[offset + CODE] = layout.code;
  target[offset + TIME] = numberAt(layout, values, "time");
  for (const field of Object.keys(layout.fields)) {
    target[offset + (layout.at[field] as number)] = numberAt(layout, values, field);
  }
  for (const field of Object.keys(values)) {
    const known = field === "kind" || field === "time" || Object.hasOwn(layout.fields, field);
    if (!known) throw new DecodeError(`${layout.name}.${field}`, "no such field", values[field]);
  }
}

/** The object form of a frame. @throws {DecodeError} if it is not a command */
export function commandOf(source: Float64Array, offset = 0): Command {
  const frame = new Float64Array(FRAME_WORDS);
  decodeFrame(source, offset, frame);
  const layout = (RANGES[frame[CODE] as number] as Ranges).layout;
  const fields = Object.keys(layout.fields).map((field) => [field, frame[layout.at[field] as number]]);
  return { kind: layout.name, time: frame[TIME], ...Object.fromEntries(fields) } as Command;
}

function numberAt(layout: Layout, values: Readonly<Record<string, unknown>>, field: string): number {
  const value = values[field];
  if (typeof value !== "number")
    throw new DecodeError(`${layout.name}.${field}`, "a number is required", value);
  return value;
}

function faultAt(ranges: Ranges, word: number, value: number): DecodeError {
  const { layout } = ranges;
  const field = word === TIME ? "time" : (Object.keys(layout.fields)[word - TIME - 1] as string);
  const problem = `an integer from ${ranges.limits[word * 2]} to ${ranges.limits[word * 2 + 1]} is required`;
  return new DecodeError(`${layout.name}.${field}`, problem, Object.is(value, -0) ? "-0" : value);
}

function rangesByCode(): (Ranges | undefined)[] {
  const byCode: (Ranges | undefined)[] = [];
  for (const layout of LAYOUTS as readonly Layout[]) {
    const fields: readonly Field[] = Object.values(layout.fields);
    const limits = [0, 0, 0, MAX_INTEGER, ...fields.flatMap((field) => [field.min, field.max])];
    byCode[layout.code] = { layout, words: limits.length / 2, limits: Float64Array.from(limits) };
  }
  return byCode;
}
