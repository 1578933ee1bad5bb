/**
 * A venue's halt: a file in its directory by which somebody who looks at it from outside tells its node to take no more commands. JSON:
 *
 *     {"format": 1, "time": "2026-11-21T12:00:00.000Z", "by": "watchtower", "kind": "divergence", "sequence": 1200, "reason": "…"}
 *
 * It stays until an operator has looked at it and removes it. One that cannot be read halts too: whoever wrote it had a reason.
 */
import { link, open, readFile, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Name of the file in a venue's directory. */
export const HALT_FILE = "halt.json";
const FORMAT = 1;

export interface Halt {
  /** When, ISO 8601. */
  readonly time: string;
  /** Who. */
  readonly by: string;
  /** What was found, in a word. */
  readonly kind: string;
  /** The last command that was in order. */
  readonly sequence: number;
  readonly reason: string;
}

/** The halt of the venue in a directory; undefined if there is none. */
export async function isHalted(directory: string): Promise<Halt | undefined> {
  const file = join(directory, HALT_FILE);
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    return unreadable(`${file} cannot be read: ${String(error)}`);
  }
  try {
    const { format, ...halt } = JSON.parse(text) as { format: unknown } & Halt;
    return format === FORMAT ? halt : unreadable(`${file} has format ${String(format)}`);
  } catch {
    return unreadable(`${file} is no JSON`);
  }
}

/**
 * Halts, durably: the file comes to be whole.
 * @returns false if there was one already, which stays as it is
 */
export async function raiseHalt(file: string, halt: Halt): Promise<boolean> {
  const unfinished = `${file}.${process.pid}`;
  const handle = await open(unfinished, "w");
  try {
    await handle.writeFile(`${JSON.stringify({ format: FORMAT, ...halt }, null, 2)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  try {
    await link(unfinished, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    await unlink(unfinished);
  }
  const directory = await open(dirname(file), "r");
  await directory.sync().finally(() => directory.close());
  return true;
}

function unreadable(reason: string): Halt {
  return { time: "", by: "", kind: "unreadable", sequence: 0, reason };
}
