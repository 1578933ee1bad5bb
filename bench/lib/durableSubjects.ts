/** Who makes commands durable: the node's core, its log alone, and two stores. */
import { join } from "node:path";
import { FRAME_WORDS, MAX_BATCH } from "@bulkhead/engine";
import { Runner, SegmentLog, genesisOf, openDirectory } from "@bulkhead/server/core";
import Database from "better-sqlite3";
import { open as openLmdb } from "lmdb";
import { createGroupCommit } from "./groupCommit.ts";
import type { Submit } from "./load.ts";
import { platformHash } from "./venueCommands.ts";
import { idleCapacities, setUpFrames } from "./venueFlow.ts";

export const SUBJECTS = ["the node", "its log alone", "lmdb", "better-sqlite3"] as const;
export type SubjectName = (typeof SUBJECTS)[number];

/** What everybody is given: commands as frames, and as records side by side. */
export interface Stage {
  readonly accounts: number;
  readonly frames: Float64Array;
  readonly bytes: Uint8Array;
  /** Where each record ends. */
  readonly ends: Uint32Array;
}

interface Subject {
  readonly submit: Submit;
  /** Between two rates: gives up what was written, so that the disk does not fill. */
  readonly rest: () => Promise<void>;
  /** Share of the commands that were refused. */
  readonly refused: () => number;
  readonly close: () => Promise<void>;
}

export function openSubject(name: SubjectName, path: string, stage: Stage): Promise<Subject> {
  return OPENERS[name](path, stage);
}

const OPENERS: Readonly<Record<SubjectName, (path: string, stage: Stage) => Promise<Subject>>> = {
  "the node": openNode,
  "its log alone": openLog,
  lmdb: openLmdbStore,
  "better-sqlite3": openSqlite,
};

async function openNode(path: string, { accounts, frames }: Stage): Promise<Subject> {
  const { runner } = await Runner.open(
    {
      log: await openDirectory(join(path, "log"), "write"),
      snapshots: await openDirectory(join(path, "snapshots"), "write"),
    },
    { capacities: idleCapacities(accounts), hash: platformHash, maxWaiting: 2 ** 20 },
  );
  for (const group of setUpFrames(accounts)) await runner.submitAll(group);
  let [told, refused] = [0, 0];
  runner.listen(({ count, codes }) => {
    told += count;
    for (const code of codes) if (code !== 0) refused++;
  });
  return {
    submit: async (from, to) => {
      await runner.submitAll(frames.subarray(from * FRAME_WORDS, to * FRAME_WORDS));
    },
    rest: () => runner.log.forget(runner.log.last),
    refused: () => refused / told,
    close: () => runner.close(),
  };
}

async function openLog(path: string, { accounts, bytes, ends }: Stage): Promise<Subject> {
  const storage = await openDirectory(join(path, "log"), "write");
  const { log } = await SegmentLog.open(storage, { genesis: genesisOf(idleCapacities(accounts)) });
  const head = new Uint8Array(32);
  const buffer = new Uint8Array(MAX_BATCH * 160);
  const submit = createGroupCommit(async (runs, count) => {
    let end = 0;
    for (const { from, to } of runs) {
      const run = bytes.subarray(from === 0 ? 0 : ends[from - 1], ends[to - 1]);
      buffer.set(run, end);
      end += run.length;
    }
    await log.append({ first: log.last + 1, count, records: buffer.subarray(0, end), head });
  }, MAX_BATCH);
  return {
    submit,
    rest: () => log.forget(log.last),
    refused: () => 0,
    close: () => log.close(),
  };
}

/** A row per command, named by its sequence; a transaction per group, flushed. */
async function openLmdbStore(path: string, { bytes, ends }: Stage): Promise<Subject> {
  const store = openLmdb<Uint8Array, number>({ path: join(path, "lmdb"), encoding: "binary" });
  let sequence = 0;
  const submit = createGroupCommit(async (runs) => {
    for (const { from, to } of runs)
      for (let command = from; command < to; command++)
        void store.put(++sequence, bytes.subarray(command === 0 ? 0 : ends[command - 1], ends[command]));
    await store.flushed;
  }, MAX_BATCH);
  return {
    submit,
    rest: async () => {
      await store.clearAsync();
    },
    refused: () => 0,
    close: () => store.close(),
  };
}

/** The same in SQLite, as durable as it can be. */
async function openSqlite(path: string, { bytes, ends }: Stage): Promise<Subject> {
  const store = new Database(join(path, "sqlite"));
  store.pragma("journal_mode = WAL");
  store.pragma("synchronous = FULL");
  store.exec("CREATE TABLE log (sequence INTEGER PRIMARY KEY, record BLOB NOT NULL)");
  const insert = store.prepare("INSERT INTO log VALUES (?, ?)");
  let sequence = 0;
  const write = store.transaction((runs: readonly { from: number; to: number }[]) => {
    for (const { from, to } of runs)
      for (let command = from; command < to; command++)
        insert.run(++sequence, bytes.subarray(command === 0 ? 0 : ends[command - 1], ends[command]));
  });
  const submit = createGroupCommit(async (runs) => {
    write(runs);
    // It is synchronous: whoever has sent something meanwhile is heard now.
    await new Promise((resolve) => setImmediate(resolve));
  }, MAX_BATCH);
  return {
    submit,
    rest: async () => {
      store.exec("DELETE FROM log");
    },
    refused: () => 0,
    close: async () => void store.close(),
  };
}
