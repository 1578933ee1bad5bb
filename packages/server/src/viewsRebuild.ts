/** Views thrown away and made again from a venue's log, which loses nothing: they hold nothing that is not in it. */
import { hex } from "@bulkhead/engine";
import { genesisOf, lastSequenceOf } from "@bulkhead/protocol/log";
import { type DataDirectory, lockViews, viewsIn } from "./dataDirectory.ts";
import { DIGESTS } from "./log/digests.ts";
import { catchUpWith } from "./viewsCatchUp.ts";
import { openViews } from "./views/views.ts";

export interface RebuildOptions {
  /** `postgres://…`; without it they are embedded, in the venue's directory. */
  readonly database?: string;
  /** Told how many commands are done, of those that were there at the beginning. */
  readonly progress?: (commands: number, of: number) => void;
}

/**
 * Makes a venue's views anew.
 * @param path - of its directory
 * @returns how far they are then
 * @throws {DataDirectoryError} if they are embedded, and somebody has them open
 * @throws {LogError} if the log is damaged, or no longer begins with the first command
 */
export async function rebuildViews(
  path: string,
  directory: DataDirectory,
  { database, progress }: RebuildOptions = {},
): Promise<number> {
  const release = database === undefined ? await lockViews(path) : async () => undefined;
  try {
    const there = progress === undefined ? 0 : await lastSequenceOf(directory.log, DIGESTS);
    const views = await openViews({
      database: database ?? viewsIn(path),
      genesis: hex(genesisOf(directory.capacities)),
      isAnew: true,
    });
    try {
      return await catchUpWith(views, directory, (sequence) => progress?.(sequence, there));
    } finally {
      await views.close();
    }
  } finally {
    await release();
  }
}
