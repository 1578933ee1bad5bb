/** Cancelling all that an account has open: because it asks to, has fallen silent, or has gone. */
import { FRAME_WORDS } from "@bulkhead/engine";
import { frameOf } from "@bulkhead/protocol";
import type { ExecutedBatch, Outcomes } from "../runner/executed.ts";
import { type BucketName, bucketsOf } from "./accounts.ts";
import type { Core } from "./ports.ts";

const RECEIPT_FACTS = 4;

/**
 * Cancels an account's orders bucket by bucket. Orders that are still on their way to the engine are before it in the queue, so they go too.
 * @param choose - which of its buckets, and of which market; undefined = not of this one, 0 = of all of its markets
 * @returns how many orders were cancelled, and after which command that is true
 */
export async function cancelAllOf(
  core: Core,
  account: number,
  choose: (bucket: BucketName) => number | undefined = () => 0,
): Promise<{ readonly canceled: number; readonly sequence: number }> {
  const { venue } = core.engine;
  const frames = bucketsOf(venue, account).flatMap((name) => {
    const market = choose(name);
    if (market === undefined) return [];
    const { tier, bucket } = name;
    return [...frameOf({ kind: "cancelAll", account, tier, bucket, market })];
  });
  if (frames.length === 0) return { canceled: 0, sequence: await core.read(({ sequence }) => sequence) };
  const outcomes = await core.submitAll(Float64Array.from(frames));
  return { canceled: canceledBy(outcomes), sequence: lastOf(outcomes) };
}

function canceledBy({ batch, index, count }: Outcomes): number {
  let canceled = 0;
  for (let each = index; each < index + count; each++)
    if (batch.codes[each] === 0) canceled += batch.facts[each * RECEIPT_FACTS] as number;
  return canceled;
}

function lastOf({ batch, index, count }: Outcomes): number {
  return batch.first + index + count - 1;
}

/** When a command was executed, ms. */
export function timeOf(batch: ExecutedBatch, index: number): number {
  return batch.frames[index * FRAME_WORDS + 1] as number;
}
