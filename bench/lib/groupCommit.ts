/** A store of records behind the same group commit as the node's: what has come while a group was being made durable is the next one. */

/** Commands `from` to `to` of some records, waiting to be made durable together. */
interface Group {
  readonly from: number;
  readonly to: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Makes durable the records of some runs of commands, in order. */
export type Write = (runs: readonly Pick<Group, "from" | "to">[], count: number) => Promise<void>;

/** @param most - commands of a group commit */
export function createGroupCommit(write: Write, most: number): (from: number, to: number) => Promise<void> {
  let waiting: Group[] = [];
  let running = false;

  async function run(): Promise<void> {
    running = true;
    await Promise.resolve();
    while (waiting.length > 0) {
      let [groups, count] = [0, 0];
      while (groups < waiting.length && count + waiting[groups]!.to - waiting[groups]!.from <= most) {
        count += waiting[groups]!.to - waiting[groups]!.from;
        groups++;
      }
      const taken = waiting.slice(0, groups);
      waiting = waiting.slice(groups);
      try {
        await write(taken, count);
        for (const { resolve } of taken) resolve();
      } catch (error) {
        for (const { reject } of taken) reject(error);
      }
    }
    running = false;
  }

  return (from, to) =>
    new Promise((resolve, reject) => {
      waiting.push({ from, to, resolve, reject });
      if (!running) void run();
    });
}
