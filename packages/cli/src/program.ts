/** The command line as a whole: wires the commands, and turns how they end into an exit code. */
import { Command, CommanderError } from "commander";
import { COMMANDS } from "./commands.ts";
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
    .configureHelp({ subcommandTerm: (command) => `${command.name()} ${command.usage()}` })
    .configureOutput({
      writeOut: (text) => streams.stdout.write(text),
      writeErr: (text) => streams.stderr.write(text),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
  const end = (code: ExitCode): void => {
    exit = code;
  };
  for (const { name, usage, description, isHidden = false, load } of COMMANDS) {
    const command = program.command(name, { hidden: isHidden }).description(description).usage(usage);
    if (args.includes(name)) (await load())(command, streams, end);
  }
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
