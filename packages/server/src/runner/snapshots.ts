/** Snapshots in a storage: whole states between batches, each in a file named by the last command it has seen. */
import { BLOCK } from "../log/batch.ts";
import type { Storage } from "../log/storage.ts";

const SUFFIX = ".snapshot";
const DIGITS = 16;
const UNFINISHED = "unfinished";
const KEPT = 2;
/** A file begins with the length of the snapshot. */
const LENGTH_BYTES = 8;

/** Writes a snapshot durably, and removes all but the newest two. */
export async function saveSnapshot(storage: Storage, sequence: number, bytes: Uint8Array): Promise<void> {
  const size = Math.ceil((LENGTH_BYTES + bytes.length) / BLOCK) * BLOCK;
  const file = await storage.create(UNFINISHED, size);
  try {
    const length = new Uint8Array(LENGTH_BYTES);
    new DataView(length.buffer).setFloat64(0, bytes.length, true);
    await file.write(length, 0);
    await file.write(bytes, LENGTH_BYTES);
    await file.sync();
  } finally {
    await file.close();
  }
  await storage.rename(UNFINISHED, `${String(sequence).padStart(DIGITS, "0")}${SUFFIX}`);
  const names = await namesOf(storage);
  for (const name of names.slice(0, -KEPT)) await storage.remove(name);
}

/** Sequences of the snapshots that are kept, the newest first. */
export async function snapshotsIn(storage: Storage): Promise<number[]> {
  return (await namesOf(storage)).map((name) => Number(name.slice(0, DIGITS))).toReversed();
}

/** The bytes of a snapshot; whether they are one is for the engine to say. */
export async function loadSnapshot(storage: Storage, sequence: number): Promise<Uint8Array> {
  const file = await storage.open(`${String(sequence).padStart(DIGITS, "0")}${SUFFIX}`);
  try {
    const length = new Uint8Array(LENGTH_BYTES);
    await file.read(length, 0);
    const bytes = new Uint8Array(
      Math.min(file.bytes - LENGTH_BYTES, new DataView(length.buffer).getFloat64(0, true)),
    );
    await file.read(bytes, LENGTH_BYTES);
    return bytes;
  } finally {
    await file.close();
  }
}

async function namesOf(storage: Storage): Promise<string[]> {
  return (await storage.list()).filter((name) => name.endsWith(SUFFIX));
}
