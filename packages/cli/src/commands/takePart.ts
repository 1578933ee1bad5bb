/** `bulkhead take-part`: one of the demo's programs. */
import { Argument, type Command, Option } from "commander";
import { standBehind } from "../demo/backstop.ts";
import { trade } from "../demo/crowd.ts";
import { keep } from "../demo/keeper.ts";
import { report } from "../demo/reporter.ts";
import { EXIT, type ExitCode, type Streams } from "../shell.ts";

interface TakePartFlags {
  readonly url: string;
  readonly began: string;
  readonly number: string;
}

const ROLES = {
  reporter: ({ url, number, began }: TakePartFlags, ended: AbortSignal) =>
    report(url, Number(number), Number(began), ended),
  keeper: ({ url }: TakePartFlags, ended: AbortSignal) => keep(url, ended),
  backstop: ({ url }: TakePartFlags, ended: AbortSignal) => standBehind(url, ended),
  crowd: ({ url, began }: TakePartFlags, ended: AbortSignal) => trade(url, Number(began), ended),
} as const;

export function addTakePart(command: Command, _: Streams, end: (exit: ExitCode) => void): void {
  command
    .requiredOption("--url <address>", "the node")
    .requiredOption("--began <ms>", "when the demo's prices began")
    .addOption(new Option("--number <n>", "of the reporter").default("1"));
  command
    .addArgument(new Argument("<role>").choices(Object.keys(ROLES)))
    .action(async (role: keyof typeof ROLES, flags: TakePartFlags) => {
      const ending = new AbortController();
      for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => ending.abort());
      // Without the node that began it there is nothing to take part in.
      process.once("disconnect", () => ending.abort());
      try {
        await ROLES[role](flags, ending.signal);
        end(EXIT.fine);
      } catch (error) {
        // Whoever began it begins it again.
        process.stderr.write(`${role}: ${String(error)}\n`);
        end(EXIT.unsound);
      }
      if (process.connected) process.disconnect();
    });
}
