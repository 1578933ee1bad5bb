/** Views brought to the end of a log by executing it again, beside whoever writes it. */
import { createHash } from "node:crypto";
import type { DataDirectory } from "./dataDirectory.ts";
import type { ExecutedBatch } from "./runner/executed.ts";
import { replayed } from "./runner/replayed.ts";
import type { Views } from "./views/views.ts";

/** Commands handed to the views at a time: enough for full statements, and little to hold. */
const HANDED = 8_192;

const hash = (bytes: Uint8Array): Uint8Array => createHash("sha256").update(bytes).digest();

/**
 * Takes in what a log has and views have not, up to its end as it is then.
 * @param progress - told how far they are, and how many commands were taken in
 * @returns the sequence then
 */
export async function catchUpWith(
  views: Pick<Views, "apply" | "sequence">,
  directory: DataDirectory,
  progress?: (sequence: number, commands: number) => void,
): Promise<number> {
  const from = await views.sequence();
  let sequence = from;
  let group: ExecutedBatch[] = [];
  let commands = 0;
  const hand = async (): Promise<void> => {
    sequence = await views.apply(group);
    group = [];
    commands = 0;
    progress?.(sequence, sequence - from);
  };
  for await (const batch of replayed(directory, from, { hash })) {
    group.push(batch);
    commands += batch.count;
    if (commands >= HANDED) await hand();
  }
  if (group.length > 0) await hand();
  return sequence;
}
