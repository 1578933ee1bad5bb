/**
 * A venue's snapshots: chains of a base and the deltas that follow it. Only pages written since the snapshot before are copied, a slice at a
 * time between batches, and those written meanwhile once more: so commands wait for a slice, and in the end for the few pages that are left.
 * A chain is begun anew once it is long, or its deltas hold more than its base; the one before it is kept, in case this one is damaged.
 */
import { Engine, type EngineOptions, type StateDigests, type StateSeal } from "@bulkhead/engine";
import { LogError, equal } from "@bulkhead/protocol/log";
import type { Storage } from "../log/storage.ts";
import { DONE, PageCopier } from "./pageCopier.ts";
import { type Link, chainTo, fillFrom } from "./snapshotChain.ts";
import { type FoundHeader, SnapshotFile, nameOf, readSnapshotHeader, snapshotsIn } from "./snapshotFile.ts";

/** Pages copied at a time: 512 KB. */
const SLICE_PAGES = 128;
/** Slices that may be left for the end, when the state is told to be that of a command. */
const LAST_SLICES = 2;
/** How often what was written meanwhile is copied once more; each time it must be half of what it was. */
const MOST_PASSES = 8;
const MOST_DELTAS = 8;
const CHAINS_KEPT = 2;

/** The node, as whoever takes a snapshot sees it. */
export interface Moments {
  /**
   * At once, which is between two batches; what was executed may be on its way to the disk.
   * @throws {LogError} if the engine is ahead of its log for good
   */
  readonly between: <Answer>(act: (engine: Engine) => Answer) => Answer;
  /** Once everything executed so far is durable. @throws {LogError} if it never will be */
  readonly durable: () => Promise<void>;
}

/** The snapshot the next one goes on from. */
interface Last {
  readonly sequence: number;
  readonly seal: Uint8Array;
  /** Of the pages as they are in it. */
  readonly digests: StateDigests;
  readonly deltas: number;
  /** In the base, and in the deltas since. */
  readonly basePages: number;
  readonly deltaPages: number;
}

export interface SnapshotsOptions {
  readonly genesis: Uint8Array;
  /** Of the engine that goes on from the newest. */
  readonly engine: Required<Pick<EngineOptions, "capacities">> & Pick<EngineOptions, "hash" | "judge">;
  /** The last command of the log: no snapshot may have seen more. */
  readonly last: number;
  /** Pages copied at a time, while commands wait; 128. */
  readonly slicePages?: number;
}

/** The newest state that has seen no more than `most` and of which every page is whole, and its chain; an empty one if there is none. */
export async function newestState(
  storage: Storage,
  options: Pick<SnapshotsOptions, "genesis" | "engine"> & { readonly most: number },
): Promise<{ readonly engine: Engine; readonly chain: readonly Link[] }> {
  const { genesis, engine: engineOptions, most } = options;
  const names = (await snapshotsIn(storage)).filter(({ sequence }) => sequence <= most);
  const links = new Map<string, FoundHeader>();
  for (const name of names) {
    const header = await readSnapshotHeader(storage, name).catch(() => undefined);
    if (header !== undefined && equal(header.genesis, genesis)) links.set(nameOf(name), header);
  }
  for (const name of names.toReversed()) {
    for (let chain = chainTo(name, links); chain !== undefined; chain = chainTo(name, links)) {
      const engine = new Engine(engineOptions);
      const damaged = await fillFrom(storage, chain, engine);
      if (damaged === undefined) return { engine, chain };
      links.delete(nameOf(damaged));
    }
  }
  return { engine: new Engine(engineOptions), chain: [] };
}

export class Snapshots {
  private readonly storage: Storage;
  private readonly genesis: Uint8Array;
  private readonly slicePages: number;
  /** Undefined if the next is a base. */
  private last: Last | undefined;
  private taking: Promise<unknown> = Promise.resolve();

  private constructor(storage: Storage, { genesis, slicePages }: SnapshotsOptions, last: Last | undefined) {
    this.storage = storage;
    this.genesis = genesis;
    this.slicePages = slicePages ?? SLICE_PAGES;
    this.last = last;
  }

  /**
   * The newest state of which every page is whole, and what to go on with; an empty one if there is none.
   * @throws {LogError} if a snapshot has seen more than the log has
   */
  static async open(
    storage: Storage,
    options: SnapshotsOptions,
  ): Promise<{ readonly engine: Engine; readonly snapshots: Snapshots }> {
    const { genesis, engine: engineOptions, last } = options;
    const names = await snapshotsIn(storage);
    const newest = names.at(-1)?.sequence ?? 0;
    if (newest > last)
      throw new LogError("corrupt", `the log ends with command ${last}, a snapshot has seen ${newest}`);
    const { engine, chain } = await newestState(storage, { genesis, engine: engineOptions, most: last });
    const before = chain.length === 0 ? undefined : lastOf(chain, engine);
    return { engine, snapshots: new Snapshots(storage, options, before) };
  }

  /**
   * Takes a snapshot, after the one that is being taken if there is one.
   * @returns the command it has seen last
   * @throws {LogError} if the engine is ahead of its log for good
   */
  take(moments: Moments): Promise<number> {
    const taken = this.taking.then(() => this.write(moments));
    this.taking = taken.catch(() => undefined);
    return taken;
  }

  /** Resolves once none is being taken. */
  async idle(): Promise<void> {
    await this.taking;
  }

  private async write(moments: Moments): Promise<number> {
    const { last } = this;
    const present = moments.between((engine) => engine.sequence);
    if (present === (last?.sequence ?? 0)) return present;
    const isBase = last === undefined || last.deltas === MOST_DELTAS || last.deltaPages > last.basePages;
    // What is copied from here on counts as saved: if it does not get so far, only a base has it all.
    this.last = undefined;
    const digests = isBase ? moments.between(beginAnew) : last.digests;
    const file = await SnapshotFile.create(this.storage);
    let isFinished = false;
    try {
      const { sequence, head } = await this.copy(moments, new PageCopier(file, digests, this.slicePages));
      await moments.durable();
      const stateHash = digests.hash();
      const before = isBase ? undefined : last;
      const seal = await file.finish({ sequence, head, stateHash, genesis: this.genesis, before });
      isFinished = true;
      const { pages } = file;
      this.last = isBase
        ? { sequence, seal, digests, deltas: 0, basePages: pages, deltaPages: 0 }
        : { ...last, sequence, seal, deltas: last.deltas + 1, deltaPages: last.deltaPages + pages };
      if (isBase) await this.removeOld();
      return sequence;
    } finally {
      await file.close();
      if (!isFinished) await file.discard();
    }
  }

  /** Copies what was written, then what was written meanwhile, and again, until little is left; and that at once. */
  private async copy({ between }: Moments, copier: PageCopier): Promise<Omit<StateSeal, "stateHash">> {
    let before = Infinity;
    for (let pass = 0; pass < MOST_PASSES; pass++) {
      const left = between(({ pages }) => pages.unsaved());
      if (left <= LAST_SLICES * this.slicePages || left > before / 2) break;
      before = left;
      for (let at = 0; at !== DONE;) {
        at = between((engine) => copier.copySlice(engine, at));
        await copier.save();
      }
    }
    const seal = between((engine) => {
      copier.copyRest(engine);
      return { sequence: engine.sequence, head: engine.seal() };
    });
    await copier.save();
    return seal;
  }

  /** Removes what is older than the chain before the one just begun. */
  private async removeOld(): Promise<void> {
    const names = await snapshotsIn(this.storage);
    const oldest = names.filter(({ kind }) => kind === "base").at(-CHAINS_KEPT);
    if (oldest === undefined) return;
    for (const name of names) if (name.sequence < oldest.sequence) await this.storage.remove(nameOf(name));
  }
}

function beginAnew({ pages }: Engine): StateDigests {
  pages.unsaveAll();
  return pages.digests("blank");
}

function lastOf(chain: readonly Link[], { pages }: Engine): Last {
  const { sequence, seal } = (chain.at(-1) as Link).header;
  const [base, ...deltas] = chain.map(({ header }) => header.pages);
  return {
    sequence,
    seal,
    digests: pages.digests("hashed"),
    deltas: deltas.length,
    basePages: base as number,
    deltaPages: deltas.reduce((sum, each) => sum + each, 0),
  };
}
