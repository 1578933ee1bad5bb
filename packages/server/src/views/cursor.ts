/** Where a page ends, as an opaque word: clients hand it back, and need not know what is in it. */
import { DecodeError } from "@bulkhead/engine";

/** The row a page ended with: its command, and its number within it. */
export interface Place {
  readonly sequence: number;
  readonly ordinal: number;
}

export function cursorOf({ sequence, ordinal }: Place): string {
  return Buffer.from(`${sequence}.${ordinal}`).toString("base64url");
}

/** @throws {DecodeError} if it is none that was given out */
export function placeOf(cursor: string): Place {
  const [, sequence, ordinal] =
    /^(\d{1,16})\.(\d{1,9})$/.exec(Buffer.from(cursor, "base64url").toString("latin1")) ?? [];
  if (sequence === undefined || ordinal === undefined)
    throw new DecodeError("cursor", "the `next` of a page is required", cursor);
  return { sequence: Number(sequence), ordinal: Number(ordinal) };
}
