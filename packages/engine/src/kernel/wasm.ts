/**
 * As much of WebAssembly as a pass over a whole arena needs: memory that modules and typed arrays share, and an assembler of a few
 * dozen lines. Names and numbers of instructions are those of the core specification, version 1.
 */

/** The platform's; declared here since the engine compiles without any platform's types. */
declare const WebAssembly: {
  readonly Memory: new (size: { initial: number; maximum: number }) => Memory;
  readonly Module: new (bytes: Uint8Array) => Module;
  readonly Instance: new (
    module: Module,
    imports: object,
  ) => { readonly exports: Readonly<Record<string, unknown>> };
};

export interface Memory {
  readonly buffer: ArrayBuffer;
}
export interface Module {
  readonly isModule?: true;
}

/** A module's function: 32-bit operands, taken as unsigned, and such a result. */
export type Run = (...operands: number[]) => number;

/** Bytes of a page of WebAssembly's. */
const MEMORY_PAGE = 65_536;
const MAX_PAGES = 65_536;

/** Zeroed memory of so many bytes and a page more, or undefined where the platform has none of that size. */
export function reserveMemory(bytes: number): Memory | undefined {
  const pages = Math.ceil(bytes / MEMORY_PAGE) + 1;
  if (pages > MAX_PAGES) return undefined;
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages });
  } catch {
    return undefined;
  }
}

/** A local variable of a function, or a parameter. */
export type Local = number;
/** Instructions: an expression, which leaves a value, or statements, which leave none. */
export type Code = readonly number[];

/** First of every module: its name, and the version of the format. */
const MAGIC = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
const I32 = 0x7f;
const F64 = 0x7c;
const END = 0x0b;
const BRANCH_IF = [0x0d, 0];
const NO_RESULT = 0x40;
/** Alignment of a word and of a double, as exponents of 2. */
const ALIGN = { word: 2, double: 3 } as const;

type Unary = (operand: Code) => Code;
type Binary = (left: Code, right: Code) => Code;
const unary =
  (operation: number): Unary =>
  (operand) => [...operand, operation];
const binary =
  (operation: number): Binary =>
  (left, right) => [...left, ...right, operation];

/** Operations on words taken as unsigned, and on doubles; comparisons leave 1 or 0. */
export const i32 = {
  of: (value: number): Code => [0x41, ...signed(value)],
  load: (address: Code, offset: number): Code => [...address, 0x28, ALIGN.word, ...unsigned(offset)],
  store: (address: Code, value: Code): Code => [...address, ...value, 0x36, ALIGN.word, 0],
  isZero: unary(0x45),
  below: binary(0x49),
  above: binary(0x4b),
  add: binary(0x6a),
  and: binary(0x71),
  or: binary(0x72),
  shiftLeft: binary(0x74),
} as const;

export const f64 = {
  of: (value: number): Code => [0x44, ...new Uint8Array(new Float64Array([value]).buffer)],
  load: (address: Code, offset: number): Code => [...address, 0x2b, ALIGN.double, ...unsigned(offset)],
  above: binary(0x64),
  atMost: binary(0x65),
  atLeast: binary(0x66),
  abs: unary(0x99),
  add: binary(0xa0),
  sub: binary(0xa1),
  mul: binary(0xa2),
} as const;

export const get = (local: Local): Code => [0x20, local];
export const set = (local: Local, value: Code): Code => [...value, 0x21, local];
/** Statements, one after another. */
export const inOrder = (...statements: readonly Code[]): Code => statements.flat();
/** Runs the body if the condition holds. */
export const when = (condition: Code, body: Code): Code => [...condition, 0x04, NO_RESULT, ...body, END];
/** Runs the body, and again while the condition holds. */
export const repeat = (body: Code, condition: Code): Code =>
  inOrder([0x03, NO_RESULT], body, condition, BRANCH_IF, [END]);

export interface Program {
  /** Parameters, all i32; then locals: i32, then f64. Numbered through, from 0. */
  readonly parameters: number;
  readonly integers: number;
  readonly doubles: number;
  /** Leaves an i32. */
  readonly body: Code;
}

/** A module of one function. */
export function assemble({ parameters, integers, doubles, body }: Program): Module {
  const locals = list([
    [integers, I32],
    [doubles, F64],
  ]);
  const code = [...locals, ...body, END];
  const type = [0x60, ...list(Array.from({ length: parameters }, () => [I32])), 1, I32];
  const memory = [...name("state"), ...name("memory"), 2, 0, 1];
  return new WebAssembly.Module(
    new Uint8Array([
      ...MAGIC,
      ...section(1, list([type])),
      ...section(2, list([memory])),
      ...section(3, list([[0]])),
      ...section(7, list([[...name("run"), 0, 0]])),
      ...section(10, list([[...unsigned(code.length), ...code]])),
    ]),
  );
}

/** The module's function, over a memory. */
export function instantiate(module: Module, memory: Memory): Run {
  return new WebAssembly.Instance(module, { state: { memory } }).exports["run"] as Run;
}

function section(id: number, content: Code): Code {
  return [id, ...unsigned(content.length), ...content];
}

function list(items: readonly Code[]): Code {
  return [...unsigned(items.length), ...items.flat()];
}

function name(text: string): Code {
  return list(Array.from(text, (letter) => [letter.charCodeAt(0)]));
}

/** LEB128. */
function unsigned(value: number): Code {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest >>>= 7) bytes.push((rest & 127) | 128);
  return [...bytes, rest];
}

function signed(value: number): Code {
  const bytes: number[] = [];
  let rest = value;
  for (; rest < -64 || rest > 63; rest >>= 7) bytes.push((rest & 127) | 128);
  return [...bytes, rest & 127];
}
