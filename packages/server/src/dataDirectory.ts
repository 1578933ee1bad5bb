/**
 * Where a venue lives on disk:
 *
 *     venue.json    what it has room for
 *     log/          its commands, in segments
 *     snapshots/    whole states, the newest two
 *     lock          who is writing
 */
import { mkdir, open, readFile, rename, unlink } from "node:fs/promises";
import { join } from "node:path";
import type { Capacities } from "@bulkhead/engine";
import { openDirectory } from "./log/directory.ts";
import type { Storage } from "./log/storage.ts";

const FORMAT = 1;
const VENUE = "venue.json";
const LOCK = "lock";

export interface DataDirectory {
  readonly capacities: Capacities;
  readonly log: Storage;
  readonly snapshots: Storage;
}

/** A data directory that cannot be used as asked; the message says why. */
export class DataDirectoryError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "DataDirectoryError";
  }
}

/**
 * A venue's directory, to look at: whoever writes it may go on meanwhile.
 * @throws {DataDirectoryError} if it is none
 */
export async function lookInto(path: string): Promise<DataDirectory> {
  return { capacities: await readVenue(path), ...(await storagesOf(path)) };
}

/**
 * A venue's directory, to write to: made if it is not there, locked until `release`.
 * @param capacities - of a new venue; one that is there keeps its own
 * @throws {DataDirectoryError} if somebody else writes to it
 */
export async function takeOver(
  path: string,
  capacities: Capacities,
): Promise<DataDirectory & { readonly release: () => Promise<void> }> {
  await mkdir(path, { recursive: true });
  const release = await lock(path);
  try {
    const isNew = !(await isThere(join(path, VENUE)));
    if (isNew) await writeVenue(path, capacities);
    return { capacities: isNew ? capacities : await readVenue(path), ...(await storagesOf(path)), release };
  } catch (error) {
    await release();
    throw error;
  }
}

async function storagesOf(path: string): Promise<Pick<DataDirectory, "log" | "snapshots">> {
  return {
    log: await openDirectory(join(path, "log")),
    snapshots: await openDirectory(join(path, "snapshots")),
  };
}

async function readVenue(path: string): Promise<Capacities> {
  const file = join(path, VENUE);
  try {
    const venue = JSON.parse(await readFile(file, "utf8")) as { format?: unknown; capacities?: Capacities };
    if (venue.format !== FORMAT || venue.capacities === undefined)
      throw new DataDirectoryError(`${file}: format ${String(venue.format)}; this node reads ${FORMAT}`);
    return venue.capacities;
  } catch (error) {
    if (error instanceof DataDirectoryError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new DataDirectoryError(`${path} is no venue's directory: ${reason}`, { cause: error });
  }
}

/** Written beside and renamed, so that it is there whole or not at all. */
async function writeVenue(path: string, capacities: Capacities): Promise<void> {
  const unfinished = join(path, `${VENUE}.unfinished`);
  const handle = await open(unfinished, "w");
  try {
    await handle.writeFile(`${JSON.stringify({ format: FORMAT, capacities }, null, 2)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(unfinished, join(path, VENUE));
}

/** The lock names the process that holds it; one whose process is gone holds nothing. */
async function lock(path: string): Promise<() => Promise<void>> {
  const file = join(path, LOCK);
  for (;;) {
    try {
      const handle = await open(file, "wx");
      await handle.writeFile(String(process.pid));
      await handle.close();
      return async () => unlink(file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const holder = Number(await readFile(file, "utf8").catch(() => "0"));
    if (isRunning(holder)) throw new DataDirectoryError(`${path} is in use by process ${holder}`);
    await unlink(file).catch(() => undefined);
  }
}

function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

async function isThere(file: string): Promise<boolean> {
  return readFile(file).then(
    () => true,
    () => false,
  );
}
