/**
 * Rounds of subjects whose figures are more than a time: each has a process of its own, which prepares its state once and then plays a
 * round whenever it is its turn.
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import type { Ratio } from "./measure.ts";
import { median } from "./measure.ts";

/** Plays so many rounds, after one that is thrown away. @returns the figures of each subject, round by round */
export async function playRounds<Name extends string, Figures>(
  names: readonly Name[],
  rounds: number,
): Promise<ReadonlyMap<Name, readonly Figures[]>> {
  const played = new Map<Name, Figures[]>(names.map((name) => [name, []]));
  const players = new Map<Name, ChildProcess>();
  for (const name of names) {
    const player = fork(process.argv[1]!, [...process.argv.slice(2), "--subject", name], {
      serialization: "advanced",
    });
    player.on("exit", (code) => {
      if (code !== 0) throw new Error(`the process of "${name}" ended with code ${code}`);
    });
    await once(player, "message");
    players.set(name, player);
  }
  for (let round = -1; round < rounds; round++) {
    for (const [name, player] of players) {
      player.send(round);
      const [figures] = (await once(player, "message")) as [Figures];
      if (round >= 0) played.get(name)!.push(figures);
    }
  }
  for (const player of players.values()) player.disconnect();
  return played;
}

/** Says that the state is ready, and answers with a round's figures until the parent hangs up. */
export function answerRounds(play: () => object | Promise<object>): void {
  process.on("message", async () => {
    globalThis.gc?.();
    process.send!(await play());
  });
  process.send!("ready");
}

/** CPU time of the process over a run, ns: compiler and collector threads included. */
export function cpuNsOf(run: () => void): number {
  const started = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(started);
  return (user + system) * 1e3;
}

/** Median and spread of one figure over the rounds. */
export function spreadOf<Figures>(played: readonly Figures[], figure: (figures: Figures) => number): Ratio {
  const values = played.map(figure);
  return { median: median(values), least: Math.min(...values), most: Math.max(...values) };
}
