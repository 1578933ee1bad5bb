/**
 * A disk in memory that behaves as badly as disks may: what was not synced is lost or kept sector by sector when the power goes, writes can
 * be cut short, fail, or find no room.
 */
import type { Storage, StoredFile } from "@bulkhead/server";

export const SECTOR = 512;

interface Stored {
  /** What is on the platter, and what a reader sees. */
  durable: Uint8Array;
  seen: Uint8Array;
}

/** Decides about one sector that was not synced when the power went. */
export type Survives = (sector: number) => boolean;

export class MemoryDisk implements Storage {
  readonly files: Map<string, Stored> = new Map();
  /** Bytes that may still be reserved. */
  room: number = Number.POSITIVE_INFINITY;
  /** Called before every write and sync; may throw, or say how many bytes of a write are still written before it throws. */
  fault: (operation: "write" | "sync", bytes: number) => number | undefined = () => undefined;

  async list(): Promise<string[]> {
    return [...this.files.keys()].toSorted();
  }

  async open(name: string): Promise<StoredFile> {
    const stored = this.files.get(name);
    if (stored === undefined) throw new Error(`ENOENT: ${name}`);
    return this.handle(stored);
  }

  async create(name: string, bytes: number): Promise<StoredFile> {
    if (bytes > this.room) throw new Error("ENOSPC: no space left on device");
    this.room -= bytes;
    const stored = { durable: new Uint8Array(bytes), seen: new Uint8Array(bytes) };
    this.files.set(name, stored);
    return this.handle(stored);
  }

  async rename(name: string, to: string): Promise<void> {
    this.files.set(to, this.files.get(name)!);
    this.files.delete(name);
  }

  async remove(name: string): Promise<void> {
    this.room += this.files.get(name)?.durable.length ?? 0;
    this.files.delete(name);
  }

  /** The power goes: of each sector that was written and not synced, the old or the new content stays. */
  crash(survives: Survives): void {
    for (const stored of this.files.values()) {
      for (let at = 0; at < stored.seen.length; at += SECTOR) {
        const [old, now] = [stored.durable.subarray(at, at + SECTOR), stored.seen.subarray(at, at + SECTOR)];
        if (survives(at / SECTOR)) old.set(now);
        else now.set(old);
      }
    }
    this.fault = () => undefined;
  }

  private handle(stored: Stored): StoredFile {
    return {
      bytes: stored.seen.length,
      write: async (data, at) => {
        const done = this.fault("write", data.length);
        stored.seen.set(done === undefined ? data : data.subarray(0, done), at);
        if (done !== undefined) throw new Error(`EIO: ${done} of ${data.length} bytes written`);
      },
      read: async (target, at) => {
        const found = stored.seen.subarray(at, at + target.length);
        target.set(found);
        return found.length;
      },
      sync: async () => {
        this.fault("sync", 0);
        stored.durable.set(stored.seen);
      },
      close: async () => {},
    };
  }
}
