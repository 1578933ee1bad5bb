/** Snapshots as chains of files: a base, and the deltas that go on from it one after another. */
import type { Engine } from "@bulkhead/engine";
import { equal } from "@bulkhead/protocol/log";
import type { Storage } from "../log/storage.ts";
import { type FoundHeader, type SnapshotName, nameOf } from "./snapshotFile.ts";
import { PageFiller } from "./snapshotPages.ts";

/** A file of a chain. */
export interface Link {
  readonly name: SnapshotName;
  readonly header: FoundHeader;
}

/** The files that make a snapshot, base first; undefined if one of them is not there. */
export function chainTo(name: SnapshotName, links: ReadonlyMap<string, FoundHeader>): Link[] | undefined {
  const header = links.get(nameOf(name));
  if (header === undefined) return undefined;
  const { before } = header;
  if (before === undefined) return [{ name, header }];
  for (const kind of ["delta", "base"] as const) {
    const chain = chainTo({ sequence: before.sequence, kind }, links);
    if (chain !== undefined && equal((chain.at(-1) as Link).header.seal, before.seal))
      return [...chain, { name, header }];
  }
  return undefined;
}

/** Makes a fresh engine the one a chain tells of. @returns the file that is damaged, if one is: the engine is of no use then */
export async function fillFrom(
  storage: Storage,
  chain: readonly Link[],
  engine: Engine,
): Promise<SnapshotName | undefined> {
  const filler = new PageFiller(engine.pages);
  for (const { name, header } of chain.toReversed()) {
    try {
      await filler.fillFrom(storage, name, header);
    } catch {
      return name;
    }
  }
  const { name, header } = chain.at(-1) as Link;
  try {
    engine.resume(header);
    return undefined;
  } catch {
    return name;
  }
}
