/** A log's storage in a directory of the file system. */
import { type FileHandle, mkdir, open, readdir, rename, statfs, unlink } from "node:fs/promises";
import { join } from "node:path";
import type { Storage, StoredFile } from "./storage.ts";

/** Bytes of zeros written at a time when room is reserved. */
const CHUNK = 2 ** 20;

/**
 * Opens a directory.
 * @param access - to read alone, for which no right to write is needed; or to write as well, which makes the directory if there is none
 */
export async function openDirectory(path: string, access: "read" | "write"): Promise<Storage> {
  if (access === "write") await mkdir(path, { recursive: true });
  return {
    list: async () => (await readdir(path)).toSorted(),
    open: async (name) => fileOf(await open(join(path, name), access === "read" ? "r" : "r+")),
    create: async (name, bytes) => {
      const handle = await open(join(path, name), "w+");
      try {
        await expectRoom(path, bytes);
        const zeros = new Uint8Array(Math.min(CHUNK, bytes));
        for (let at = 0; at < bytes; at += CHUNK) await writeAll(handle, zeros.subarray(0, bytes - at), at);
        await handle.sync();
        await syncDirectory(path);
      } catch (error) {
        await handle.close();
        // What there is room for is not taken from those who can do with less.
        await unlink(join(path, name)).catch(() => undefined);
        throw error;
      }
      return fileOf(handle);
    },
    rename: async (name, to) => {
      await rename(join(path, name), join(path, to));
      await syncDirectory(path);
    },
    remove: async (name) => {
      await unlink(join(path, name));
      await syncDirectory(path);
    },
  };
}

/** Looks before it is written: a disk that has no room for all of it is not filled by trying. @throws if there is too little */
async function expectRoom(path: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(path);
  if (bavail * bsize < bytes)
    throw new Error(`ENOSPC: ${bytes} bytes are needed, ${bavail * bsize} are free on the disk`);
}

async function fileOf(handle: FileHandle): Promise<StoredFile> {
  const { size } = await handle.stat();
  return {
    bytes: size,
    write: (data, at) => writeAll(handle, data, at),
    read: async (target, at) => {
      let done = 0;
      while (done < target.length) {
        const { bytesRead } = await handle.read(target, done, target.length - done, at + done);
        if (bytesRead === 0) break;
        done += bytesRead;
      }
      return done;
    },
    scatter: (targets, at) => scatter(handle, targets, at),
    // A size that has changed goes with the data; times do not have to.
    sync: () => handle.datasync(),
    close: () => handle.close(),
  };
}

/** A read may be cut short too: what is left is read again, until it is there or the file ends. */
async function scatter(handle: FileHandle, targets: readonly Uint8Array[], at: number): Promise<number> {
  let left = targets.filter(({ length }) => length > 0);
  let done = 0;
  while (left.length > 0) {
    const { bytesRead } = await handle.readv(left, at + done);
    if (bytesRead === 0) break;
    done += bytesRead;
    left = beyond(left, bytesRead);
  }
  return done;
}

/** What of targets lies beyond so many of their bytes. */
function beyond(targets: readonly Uint8Array[], bytes: number): Uint8Array[] {
  let passed = 0;
  return targets.flatMap((target) => {
    const rest = target.subarray(Math.max(0, bytes - passed));
    passed += target.length;
    return rest.length > 0 ? [rest] : [];
  });
}

/** A write may be cut short without an error; what is left is written again until it is, or fails. */
async function writeAll(handle: FileHandle, data: Uint8Array, at: number): Promise<void> {
  let done = 0;
  while (done < data.length) {
    const { bytesWritten } = await handle.write(data, done, data.length - done, at + done);
    done += bytesWritten;
  }
}

/** A new name is durable once its directory is. */
async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
