/** Stories for the views: what a hostile market does to a venue, as batches, and the venue itself to compare with. */
import {
  type Capacities,
  DecodeError,
  Engine,
  FRAME_WORDS,
  encodeCommand,
  refusalOf,
} from "@bulkhead/engine";
import { createHash } from "node:crypto";
import { type Batch, type ExecutedBatch, Recorder } from "@bulkhead/server";
import { MAX_RECORD_BYTES, writeRecord } from "@bulkhead/protocol";
import { type Profile, profileNamed } from "@bulkhead/simulator";
import { Workload } from "../../../packages/simulator/src/workload/workload.ts";

/** Commands, cut into batches. */
export interface Story {
  readonly capacities: Capacities;
  readonly engine: Engine;
  readonly batches: readonly ExecutedBatch[];
  /** The same as a log has them. */
  readonly logged: readonly Batch[];
}

/** Plays a profile's market. @param sizes - commands in a batch, in turn */
export function play(name: string, seed: number, commands: number, sizes: readonly number[] = [64]): Story {
  const profile = profileNamed(name) as Profile;
  const capacities: Capacities = {
    ...profile.vault,
    tiers: Array.from({ length: profile.tiers }, () => profile.tier),
  };
  const engine = new Engine({
    capacities,
    hash: (bytes) => createHash("sha256").update(bytes).digest(),
  });
  const workload = new Workload(profile, seed, 0);
  const batches: ExecutedBatch[] = [];
  const logged: Batch[] = [];
  for (let done = 0, turn = 0; done < commands; turn++) {
    const size = Math.min(commands - done, sizes[turn % sizes.length] as number);
    const first = engine.sequence + 1;
    const recorder = Recorder.withRoomFor(first, size);
    const records = new Uint8Array(size * MAX_RECORD_BYTES);
    const view = new DataView(records.buffer);
    let end = 0;
    for (let count = 0; count < size;) {
      const step = workload.next();
      if (!("command" in step)) continue;
      const frame = new Float64Array(FRAME_WORDS);
      let code: number;
      try {
        encodeCommand(step.command, frame);
        code = engine.apply(frame);
      } catch (error) {
        if (error instanceof DecodeError) continue;
        throw error;
      }
      end = writeRecord(frame, 0, view, end);
      const { venue } = engine;
      recorder.take(frame, code, venue);
      const outcome = refusalOf(code);
      workload.learn(step, {
        outcome,
        facts: venue.facts,
        events: venue.events.words,
        eventCount: venue.events.count,
      });
      count++;
    }
    batches.push(recorder.batch());
    logged.push({ first, count: size, records: records.slice(0, end), head: engine.seal() });
    done += size;
  }
  return { capacities, engine, batches, logged };
}
