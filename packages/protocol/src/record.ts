/**
 * A command as a record: its fields side by side in the fewest bytes that hold their ranges. Which those are follows from the layouts alone,
 * so that a command has one record, of a size fixed by its kind.
 *
 *     code (u8) · time (f64) · the fields in the order of the layout, little-endian
 *
 * A field lies in a u8, u16, u32 or i32 if its range fits, else in a double, which holds every integer the engine knows. An order takes 56
 * bytes; its frame, the doubles that the engine applies, takes 160.
 */
import { CODE, DecodeError, FRAME_WORDS, LAYOUTS, type Layout, TIME } from "@bulkhead/engine";

/** Ways a word lies in a record. */
const WIDTH = { u8: 1, u16: 2, u32: 4, i32: 5, f64: 8 } as const;
type Width = (typeof WIDTH)[keyof typeof WIDTH];

const CODE_BYTES = 1;

interface Shape {
  readonly name: string;
  /** Of words 1 (the time), 2, 3, … of the frame. */
  readonly widths: Uint8Array;
  /** Of the whole record. */
  readonly bytes: number;
}

const SHAPES: readonly (Shape | undefined)[] = shapesByCode();

/** Bytes of the largest record. */
export const MAX_RECORD_BYTES: number = SHAPES.reduce((most, shape) => Math.max(most, shape?.bytes ?? 0), 0);

/** Bytes of the record of a command of this code. @throws {DecodeError} if there is no such command */
export function recordBytes(code: number): number {
  return shapeOf(code).bytes;
}

/**
 * Writes the frame at `offset` of `frames` as a record. Values beyond their field's range are not noticed: frames that an engine has applied
 * have none.
 * @returns where the record ends
 * @throws {DecodeError} if the frame's code is none
 */
export function writeRecord(frames: Float64Array, offset: number, target: DataView, at: number): number {
  const { widths } = shapeOf(frames[offset + CODE] as number);
  target.setUint8(at, frames[offset + CODE] as number);
  let end = at + CODE_BYTES;
  for (let index = 0; index < widths.length; index++) {
    const value = frames[offset + TIME + index] as number;
    const width = widths[index] as Width;
    if (width === WIDTH.u8) target.setUint8(end, value);
    else if (width === WIDTH.f64) target.setFloat64(end, value, true);
    else if (width === WIDTH.u16) target.setUint16(end, value, true);
    else if (width === WIDTH.u32) target.setUint32(end, value, true);
    else target.setInt32(end, value, true);
    end += bytesOf(width);
  }
  return end;
}

/**
 * Reads a record into the frame at `offset` of `frames`. Ranges are the engine's to check.
 * @returns where the record ends
 * @throws {DecodeError} if its code is none, or it is cut short
 */
export function readRecord(source: DataView, at: number, frames: Float64Array, offset: number): number {
  if (at >= source.byteLength) throw new DecodeError("record", "a command was expected at its end", at);
  const code = source.getUint8(at);
  const { name, widths, bytes } = shapeOf(code);
  if (at + bytes > source.byteLength)
    throw new DecodeError(name, `its record has ${bytes} bytes`, source.byteLength - at);
  frames[offset + CODE] = code;
  let end = at + CODE_BYTES;
  for (let index = 0; index < widths.length; index++) {
    const width = widths[index] as Width;
    let value: number;
    if (width === WIDTH.u8) value = source.getUint8(end);
    else if (width === WIDTH.f64) value = source.getFloat64(end, true);
    else if (width === WIDTH.u16) value = source.getUint16(end, true);
    else if (width === WIDTH.u32) value = source.getUint32(end, true);
    else value = source.getInt32(end, true);
    frames[offset + TIME + index] = value;
    end += bytesOf(width);
  }
  frames.fill(0, offset + TIME + widths.length, offset + FRAME_WORDS);
  return end;
}

function shapeOf(code: number): Shape {
  const shape = SHAPES[code];
  if (shape === undefined) throw new DecodeError("code", "no such command", code);
  return shape;
}

function shapesByCode(): (Shape | undefined)[] {
  const shapes: (Shape | undefined)[] = [];
  for (const { code, name, fields } of LAYOUTS as readonly Layout[]) {
    const widths: Width[] = [WIDTH.f64, ...Object.values(fields).map(({ min, max }) => widthOf(min, max))];
    const bytes = widths.reduce<number>((sum, width) => sum + bytesOf(width), CODE_BYTES);
    shapes[code] = { name, widths: Uint8Array.from(widths), bytes };
  }
  return shapes;
}

function widthOf(min: number, max: number): Width {
  if (min >= 0 && max < 2 ** 8) return WIDTH.u8;
  if (min >= 0 && max < 2 ** 16) return WIDTH.u16;
  if (min >= 0 && max < 2 ** 32) return WIDTH.u32;
  return min >= -(2 ** 31) && max < 2 ** 31 ? WIDTH.i32 : WIDTH.f64;
}

function bytesOf(width: Width): number {
  return width === WIDTH.i32 ? 4 : width;
}
