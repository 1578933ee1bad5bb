/**
 * Disks that behave as badly as disks may: any operation can fail, writes can be cut short or find no room; and one in memory on which what
 * was not synced is lost or kept sector by sector when the power goes.
 */
import type { Storage, StoredFile } from "@bulkhead/server";

export const SECTOR = 512;

export type Operation = "write" | "sync" | "create" | "rename" | "remove";

/** Hands on to another storage what does not fail. */
export class UnreliableDisk implements Storage {
  /** Bytes that may still be reserved. */
  room: number = Number.POSITIVE_INFINITY;
  /**
   * Called before every operation that changes something, with the bytes of a write. May throw; or say how many bytes of a write are still
   * written, or with 0 or 1 whether anything else is still done, before it fails.
   */
  fault: (operation: Operation, bytes: number) => number | undefined = () => undefined;

  /** What every operation that changes something waits for. */
  held: Promise<void> | undefined;

  private readonly inner: Storage;
  private readonly handles = new Set<StoredFile>();
  private underWay: Promise<unknown> = Promise.resolve();

  constructor(inner: Storage) {
    this.inner = inner;
  }

  list(): Promise<string[]> {
    return this.inner.list();
  }

  async open(name: string): Promise<StoredFile> {
    return this.handle(await this.inner.open(name));
  }

  async create(name: string, bytes: number): Promise<StoredFile> {
    if (bytes > this.room) throw new Error("ENOSPC: no space left on device");
    const file = await this.attempt("create", async () => this.handle(await this.inner.create(name, bytes)));
    this.room -= bytes;
    return file;
  }

  rename(name: string, to: string): Promise<void> {
    return this.attempt("rename", () => this.inner.rename(name, to));
  }

  async remove(name: string): Promise<void> {
    const file = await this.inner.open(name);
    await file.close();
    await this.attempt("remove", () => this.inner.remove(name));
    this.room += file.bytes;
  }

  /** Whoever has files of it open is gone: they are closed, once what was under way is done. */
  async abandon(): Promise<void> {
    await this.underWay;
    for (const file of this.handles) await file.close();
    this.handles.clear();
    this.fault = () => undefined;
  }

  private async attempt<Result>(operation: Operation, act: () => Promise<Result>): Promise<Result> {
    await this.held;
    const done = this.fault(operation, 0);
    if (done !== 0) {
      const acting = act();
      this.underWay = Promise.allSettled([this.underWay, acting]);
      const result = await acting;
      if (done === undefined) return result;
    }
    throw new Error(`EIO: ${operation}`);
  }

  private handle(file: StoredFile): StoredFile {
    this.handles.add(file);
    return {
      bytes: file.bytes,
      write: async (data, at) => {
        await this.held;
        const done = this.fault("write", data.length);
        await file.write(done === undefined ? data : data.subarray(0, done), at);
        if (done !== undefined) throw new Error(`EIO: ${done} of ${data.length} bytes written`);
      },
      read: (target, at) => file.read(target, at),
      scatter: (targets, at) => file.scatter(targets, at),
      sync: () => this.attempt("sync", () => file.sync()),
      close: () => {
        this.handles.delete(file);
        return file.close();
      },
    };
  }
}

interface Stored {
  /** What is on the platter, and what a reader sees. */
  durable: Uint8Array;
  seen: Uint8Array;
}

/** Decides about one sector that was not synced when the power went. */
export type Survives = (sector: number) => boolean;

export class MemoryDisk extends UnreliableDisk {
  readonly files: Map<string, Stored>;

  constructor() {
    const files = new Map<string, Stored>();
    super(memory(files));
    this.files = files;
  }

  /** The power goes: of each sector that was written and not synced, the old or the new content stays. */
  crash(survives: Survives): void {
    for (const stored of this.files.values()) {
      stored.durable = grown(stored.durable, stored.seen.length);
      for (let at = 0; at < stored.seen.length; at += SECTOR) {
        const [old, now] = [stored.durable.subarray(at, at + SECTOR), stored.seen.subarray(at, at + SECTOR)];
        if (survives(at / SECTOR)) old.set(now);
        else now.set(old);
      }
    }
    this.fault = () => undefined;
  }
}

function memory(files: Map<string, Stored>): Storage {
  return {
    list: async () => [...files.keys()].toSorted(),
    open: async (name) => {
      const stored = files.get(name);
      if (stored === undefined) throw new Error(`ENOENT: ${name}`);
      return fileOf(stored);
    },
    create: async (name, bytes) => {
      const stored = { durable: new Uint8Array(bytes), seen: new Uint8Array(bytes) };
      files.set(name, stored);
      return fileOf(stored);
    },
    rename: async (name, to) => {
      files.set(to, files.get(name)!);
      files.delete(name);
    },
    remove: async (name) => {
      files.delete(name);
    },
  };
}

function fileOf(stored: Stored): StoredFile {
  return {
    bytes: stored.seen.length,
    write: async (data, at) => {
      stored.seen = grown(stored.seen, at + data.length);
      stored.seen.set(data, at);
    },
    read: async (target, at) => {
      const found = stored.seen.subarray(at, at + target.length);
      target.set(found);
      return found.length;
    },
    scatter: async (targets, at) => {
      let done = 0;
      for (const target of targets) {
        const found = stored.seen.subarray(at + done, at + done + target.length);
        target.set(found);
        done += found.length;
      }
      return done;
    },
    sync: async () => {
      stored.durable = grown(stored.durable, stored.seen.length);
      stored.durable.set(stored.seen);
    },
    close: async () => {},
  };
}

function grown(bytes: Uint8Array, length: number): Uint8Array {
  if (length <= bytes.length) return bytes;
  const larger = new Uint8Array(length);
  larger.set(bytes);
  return larger;
}

/** Flips a bit of a byte that is on the platter. */
export async function spoil(storage: Storage, name: string, at: number): Promise<void> {
  const file = await storage.open(name);
  const byte = new Uint8Array(1);
  await file.read(byte, at);
  byte[0]! ^= 1;
  await file.write(byte, at);
  await file.sync();
  await file.close();
}
