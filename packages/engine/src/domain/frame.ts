/**
 * The shape of a command: a code, a time, and fields of known unit and range.
 *
 * A command travels as a *frame* of `FRAME_WORDS` doubles holding integers: word 0 is the code, word 1 the sequencer's
 * time, the others its fields in the order of its layout; unused words are 0. The frame is what the engine applies and
 * what a log stores; objects with named fields exist only at the edges.
 */
import type { Ms } from "../kernel/units.ts";

/** Doubles in a frame. */
export const FRAME_WORDS = 20;

/** One field of a command: the integers it may hold, and what they count. `Value` is the branded type read from it. */
export interface Field<Value extends number = number> {
  readonly unit: string;
  readonly min: number;
  readonly max: number;
  readonly value?: Value;
}

/** Position of a field in a frame; carries the type of the value found there. */
export type Word<Value extends number = number> = number & { readonly valueOfWord?: Value };

type Fields = Readonly<Record<string, Field>>;
type ValueOf<F extends Field> = F extends Field<infer Value> ? Value : never;

/** A command kind: its wire code, its name and where each field stands in the frame. */
export interface Layout<Name extends string = string, F extends Fields = Fields> {
  readonly code: number;
  readonly name: Name;
  readonly fields: F;
  readonly at: { readonly [K in keyof F]: Word<ValueOf<F[K]>> };
}

/** The object form of a command. */
export type CommandOf<L> =
  L extends Layout<infer Name, infer F>
    ? { readonly kind: Name; readonly time: number } & { readonly [K in keyof F]: number }
    : never;

/** Where every frame has its code and its time. */
export const CODE: Word = 0;
export const TIME: Word<Ms> = 1;

const HEADER_WORDS = 2;

/** Declares a command kind; its fields follow the header in the order written. */
export function layout<Name extends string, F extends Fields>(
  code: number,
  name: Name,
  fields: F,
): Layout<Name, F> {
  const names = Object.keys(fields);
  if (HEADER_WORDS + names.length > FRAME_WORDS) throw new RangeError(`${name} does not fit a frame`);
  const at = Object.fromEntries(names.map((field, index) => [field, HEADER_WORDS + index]));
  return { code, name, fields, at: at as Layout<Name, F>["at"] };
}

/**
 * Reads one word of a decoded frame, in the unit its layout declares. Small integers are handed on as such: a double would teach
 * every function it is passed to that its operands are doubles, addresses included.
 */
export function word<Value extends number>(frame: Float64Array, at: Word<Value>): Value {
  const value = frame[at] as number;
  const small = value | 0;
  return (small === value ? small : value) as Value;
}

/** Reads one word of a decoded frame whose layout keeps it within 32 bits. */
export function integer<Value extends number>(frame: Float64Array, at: Word<Value>): Value {
  return ((frame[at] as number) | 0) as Value;
}
