/** Bodies of requests: JSON in UTF-8, of bounded depth, without anything that could reach an object's prototype. */
import { DecodeError } from "@bulkhead/engine";

const [QUOTE, BACKSLASH] = [0x22, 0x5c];
const OPENERS: ReadonlySet<number> = new Set([0x7b, 0x5b]);
const CLOSERS: ReadonlySet<number> = new Set([0x7d, 0x5d]);

/**
 * The text of a body, once it is known not to be nested deeper than is allowed. A parser recurses; its stack is not to be a client's choice.
 * @throws {DecodeError}
 */
export function textIn(bytes: Uint8Array, mostDepth: number): string {
  let [depth, isInString] = [0, false];
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    if (isInString) {
      if (byte === BACKSLASH) at++;
      else if (byte === QUOTE) isInString = false;
    } else if (byte === QUOTE) isInString = true;
    else if (OPENERS.has(byte)) {
      depth++;
      if (depth > mostDepth)
        throw new DecodeError("body", `nested ${mostDepth} deep at most`, `more at byte ${at}`);
    } else if (CLOSERS.has(byte)) depth--;
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw Object.assign(new DecodeError("body", "UTF-8 is required", "other bytes"), { cause });
  }
}
