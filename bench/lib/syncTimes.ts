/** What the disk itself takes: writes into a file reserved beforehand, each synced. */
import { open } from "node:fs/promises";
import { join } from "node:path";
import type { Ratio } from "./measure.ts";

const FILE_BYTES = 2 ** 22;

/** Least, p50 (`median`) and p99 (`most`) of writing and syncing so many bytes, ms. */
export async function syncTimes(directory: string, bytes: number, times: number): Promise<Ratio> {
  const file = await open(join(directory, "sync"), "w+");
  await file.write(new Uint8Array(FILE_BYTES), 0, FILE_BYTES, 0);
  await file.sync();
  const block = new Uint8Array(bytes).fill(1);
  const taken: number[] = [];
  for (let time = 0; time < times; time++) {
    const started = performance.now();
    await file.write(block, 0, bytes, (time * bytes) % FILE_BYTES);
    await file.datasync();
    taken.push(performance.now() - started);
  }
  await file.close();
  taken.sort((a, b) => a - b);
  const at = (share: number): number => taken[Math.min(times - 1, Math.floor(share * times))] as number;
  return { least: at(0), median: at(0.5), most: at(0.99) };
}
