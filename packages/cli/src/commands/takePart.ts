/** `bulkhead take-part`: one of the demo's programs. */
import { type Command, Option } from "commander";
import { trade } from "../demo/crowd.ts";
import { keep } from "../demo/keeper.ts";
import { report } from "../demo/reporter.ts";
import { EXIT, type ExitCode } from "../shell.ts";

interface TakePartFlags {
  readonly url: string;
  readonly began: string;
  readonly number: string;
}

const ROLES = {
  reporter: ({ url, number, began }: TakePartFlags, ended: AbortSignal) =>
    report(url, Number(number), Number(began), ended),
  keeper: ({ url }: TakePartFlags, ended: AbortSignal) => keep(url, ended),
  crowd: ({ url, began }: TakePartFlags, ended: AbortSignal) => trade(url, Number(began), ended),
} as const;

export function addTakePart(program: Command, end: (exit: ExitCode) => void): void {
  const command = program
    .command("take-part", { hidden: true })
    .description("take part in a demo that another process runs")
    .requiredOption("--url <address>", "the node")
    .requiredOption("--began <ms>", "when the demo's prices began")
    .addOption(new Option("--number <n>", "of the reporter").default("1"));
  command
    .argument("<role>", Object.keys(ROLES).join(", "))
    .action(async (role: string, flags: TakePartFlags) => {
      const play = ROLES[role as keyof typeof ROLES] as (typeof ROLES)[keyof typeof ROLES] | undefined;
      if (play === undefined) return command.error(`no such role: ${role}`);
      const ending = new AbortController();
      for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => ending.abort());
      // Without the node that began it there is nothing to take part in.
      process.once("disconnect", () => ending.abort());
      await play(flags, ending.signal);
      end(EXIT.fine);
    });
}
