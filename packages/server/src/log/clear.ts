/** Clearing away what a write that was cut off has left. */
import { strides } from "@bulkhead/protocol/log";
import type { StoredFile } from "./storage.ts";

const ZEROS = new Uint8Array(2 ** 20);

/** Clears a file from a place on. @returns whether there was anything */
export async function clearFrom(file: StoredFile, at: number): Promise<boolean> {
  let isAny = false;
  for await (const { start, bytes } of strides(file, at)) {
    const zeros = ZEROS.subarray(0, bytes.length);
    // Compared by the platform: a segment's rest is looked through at every opening.
    if (Buffer.compare(bytes, zeros) === 0) continue;
    isAny = true;
    await file.write(zeros, start);
  }
  if (isAny) await file.sync();
  return isAny;
}
