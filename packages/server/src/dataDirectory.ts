/**
 * Where a venue lives on disk:
 *
 *     venue.json    what it has room for
 *     names.json    what its assets, tiers and markets are called; there once it has been set up
 *     log/          its commands, in segments
 *     access/       whose accounts are whose, and which keys may act for them
 *     snapshots/    states: bases, and what changed since
 *     halt.json     if it is there, the node takes no commands
 *     lock          who is writing
 *     views/        read models, if they are embedded; views.lock says who has them open
 */
import { link, mkdir, open, readFile, rename, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Capacities } from "@bulkhead/engine";
import { NAMES, type Names, decode } from "@bulkhead/protocol";
import { openDirectory } from "./log/directory.ts";
import type { Storage } from "./log/storage.ts";

const FORMAT = 1;
const VENUE = "venue.json";
const NAMES_FILE = "names.json";
const LOCK = "lock";
const VIEWS = "views";
const VIEWS_LOCK = "views.lock";

export interface DataDirectory {
  readonly capacities: Capacities;
  /** Undefined as long as the venue has not been set up, or was never a node's. */
  readonly names: Names | undefined;
  readonly log: Storage;
  readonly snapshots: Storage;
}

/** One that this process alone writes to. */
export interface OwnDirectory extends DataDirectory {
  readonly access: Storage;
  /** Keeps the names from now on. */
  readonly keepNames: (names: Names) => Promise<void>;
  readonly release: () => Promise<void>;
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
  return {
    capacities: await readVenue(path),
    names: await readNames(path),
    ...(await storagesOf(path, "read")),
  };
}

/** Whether a directory holds a venue that has been set up. */
export function isSetUp(path: string): Promise<boolean> {
  return isThere(join(path, NAMES_FILE));
}

/**
 * A venue's directory, to write to: made if it is not there, locked until `release`.
 * @param capacities - of a new venue; one that is there keeps its own
 * @throws {DataDirectoryError} if somebody else writes to it
 */
export async function takeOver(path: string, capacities: Capacities): Promise<OwnDirectory> {
  await mkdir(path, { recursive: true });
  const release = await lock(path);
  try {
    const isNew = !(await isThere(join(path, VENUE)));
    if (isNew) await keep(path, VENUE, { format: FORMAT, capacities });
    return {
      capacities: isNew ? capacities : await readVenue(path),
      names: await readNames(path),
      ...(await storagesOf(path, "write")),
      access: await openDirectory(join(path, "access"), "write"),
      keepNames: (names) => keep(path, NAMES_FILE, names),
      release,
    };
  } catch (error) {
    await release();
    throw error;
  }
}

async function storagesOf(
  path: string,
  access: "read" | "write",
): Promise<Pick<DataDirectory, "log" | "snapshots">> {
  return {
    log: await openDirectory(join(path, "log"), access),
    snapshots: await openDirectory(join(path, "snapshots"), access),
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

async function readNames(path: string): Promise<Names | undefined> {
  const file = join(path, NAMES_FILE);
  if (!(await isThere(file))) return undefined;
  try {
    return decode(NAMES, JSON.parse(await readFile(file, "utf8")), NAMES_FILE);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DataDirectoryError(`${file} holds no names: ${reason}`, { cause: error });
  }
}

/** Written beside and renamed, so that it is there whole or not at all. */
async function keep(path: string, name: string, content: object): Promise<void> {
  const unfinished = join(path, `${name}.unfinished`);
  const handle = await open(unfinished, "w");
  try {
    await handle.writeFile(`${JSON.stringify(content, null, 2)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(unfinished, join(path, name));
  const directory = await open(path, "r");
  await directory.sync().finally(() => directory.close());
}

/** Keeps others away from views that are kept in a venue's directory. @throws {DataDirectoryError} if somebody else has them open */
export function lockViews(path: string): Promise<() => Promise<void>> {
  return lock(path, VIEWS_LOCK);
}

/** Where a venue's views are, if they are kept in its directory. */
export function viewsIn(path: string): string {
  return join(path, VIEWS);
}

/**
 * The lock names the process that holds it and when that one began: process numbers are given again, in a container even to the same
 * program. It comes to be with its content, by a link, so that nobody reads it half written.
 */
async function lock(path: string, name = LOCK): Promise<() => Promise<void>> {
  const file = join(path, name);
  const own = join(path, `${name}.${process.pid}`);
  await writeFile(own, `${process.pid} ${(await beginningOf(process.pid)) ?? ""}`);
  try {
    for (;;) {
      try {
        await link(own, file);
        return async () => unlink(file);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      }
      const [pid = "", began = ""] = (await readFile(file, "utf8").catch(() => "")).split(" ");
      if (await isHeld(Number(pid), began))
        throw new DataDirectoryError(`${name === LOCK ? path : viewsIn(path)} is in use by process ${pid}`);
      await unlink(file).catch(() => undefined);
    }
  } finally {
    await unlink(own);
  }
}

/** Whether the process that began then still runs; where beginnings are not told, whether one of that number does. */
async function isHeld(pid: number, began: string): Promise<boolean> {
  if (!Number.isInteger(pid) || pid <= 0 || !isRunning(pid)) return false;
  const found = await beginningOf(pid);
  return found === undefined || began === "" || found === began;
}

/** When a process began, in the kernel's ticks since it was booted; undefined where nobody says. */
async function beginningOf(pid: number): Promise<string | undefined> {
  const status = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  // The name, in parentheses, may hold anything; the beginning is the 20th field after it.
  return status?.slice(status.lastIndexOf(")") + 2).split(" ")[19];
}

function isRunning(pid: number): boolean {
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
