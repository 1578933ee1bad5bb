/** The command line as a whole: wires the commands, and turns how they end into an exit code. */
import { Command, CommanderError } from "commander";
import { addIncidents } from "./commands/incidents.ts";
import { addDrill } from "./commands/drill.ts";
import { addInspect } from "./commands/inspect.ts";
import { addReplay } from "./commands/replay.ts";
import { addStart } from "./commands/start.ts";
import { addTakePart } from "./commands/takePart.ts";
import { addVerify } from "./commands/verify.ts";
import { addWatch } from "./commands/watch.ts";
import { addViews } from "./commands/views.ts";
import { EXIT, type ExitCode, type Streams, UsageError } from "./shell.ts";
import { version } from "./version.ts";

const DESCRIPTION =
  "Bulkhead: a deterministic clearing engine for derivatives, with its own markets to try it on.";

const EPILOGUE = `
Exit codes:
  0  all is well
  1  an invariant was broken, money is missing, a drill did not hold, an
     incident was not stopped, or a log does not stand
  2  the command was not understood, or its input cannot be read
`;

/** @param args - without the interpreter and the script */
export async function run(args: readonly string[], streams: Streams): Promise<ExitCode> {
  let exit: ExitCode = EXIT.fine;
  const program = new Command("bulkhead")
    .description(DESCRIPTION)
    .version(version())
    .addHelpText("after", EPILOGUE)
    .showHelpAfterError("Run `bulkhead --help` to see what there is.")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => streams.stdout.write(text),
      writeErr: (text) => streams.stderr.write(text),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
  const end = (code: ExitCode): void => {
    exit = code;
  };
  addStart(program, streams, end);
  addTakePart(program, end);
  addReplay(program, streams, end);
  addIncidents(program, streams, end);
  addDrill(program, streams, end);
  addVerify(program, streams, end);
  addWatch(program, streams, end);
  addInspect(program, streams, end);
  addViews(program, streams, end);
  try {
    await program.parseAsync(args, { from: "user" });
    return exit;
  } catch (error) {
    // Commander has said its piece already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.fine : EXIT.misused;
    if (!(error instanceof UsageError)) throw error;
    streams.stderr.write(`error: ${error.message}\n`);
    return EXIT.misused;
  }
}
