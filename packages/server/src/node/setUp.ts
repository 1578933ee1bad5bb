/**
 * A new venue is set up by the commands of its configuration. They are always the same ones in the same order, so a node that was stopped
 * half way goes on with the first that its log does not have; the names are kept when all are there, and say that it is done.
 */
import { type Command, Engine, FRAME_WORDS, TIME, encodeCommand } from "@bulkhead/engine";
import { type Directory, directoryOf, readRecord } from "@bulkhead/protocol";
import type { OwnDirectory } from "../dataDirectory.ts";
import type { Runner } from "../runner/runner.ts";
import { type Instruction, bootstrap, sealing } from "./bootstrap.ts";
import { type Config, ConfigError } from "./config.ts";
import { directoryFor } from "./names.ts";

/**
 * @returns what the venue's things are called
 * @throws {ConfigError} if the engine would refuse a command of the configuration, or the directory was begun with another one; nothing
 * has been done then
 */
export async function setUp(
  config: Config,
  { names, keepNames }: Pick<OwnDirectory, "names" | "keepNames">,
  runner: Runner,
): Promise<Directory> {
  if (names !== undefined) return directoryOf(names);
  const directory = directoryFor(config);
  const instructions = [...bootstrap(config), ...sealing(config)];
  rehearse(instructions, runner.engine);
  await expectBegunWith(instructions, runner);
  const frame = new Float64Array(FRAME_WORDS);
  for (const instruction of instructions.slice(runner.engine.sequence)) {
    encodeCommand(atNoTime(instruction), frame);
    await runner.submit(frame);
  }
  await keepNames(directory.names);
  return directory;
}

/** The sequencer tells the time. */
export function atNoTime(instruction: Instruction): Command {
  return { ...instruction, time: 0 };
}

/** What is in a log cannot be taken back, so it is tried on another engine first. */
function rehearse(instructions: readonly Instruction[], { capacities }: Engine): void {
  const engine = new Engine({ capacities });
  for (const instruction of instructions) {
    const { outcome, facts } = engine.submit(atNoTime(instruction));
    if (outcome !== "accepted")
      throw new ConfigError(
        `the venue cannot be set up: ${JSON.stringify(instruction)} is refused, ${outcome} ${JSON.stringify(facts)}`,
      );
  }
}

async function expectBegunWith(instructions: readonly Instruction[], { log }: Runner): Promise<void> {
  const [found, asked] = [new Float64Array(FRAME_WORDS), new Float64Array(FRAME_WORDS)];
  for await (const { first, count, records } of log.read(1)) {
    const view = new DataView(records.buffer, records.byteOffset, records.byteLength);
    let at = 0;
    for (let sequence = first; sequence < first + count; sequence++) {
      at = readRecord(view, at, found, 0);
      found[TIME] = 0;
      const instruction = instructions[sequence - 1];
      if (instruction !== undefined) encodeCommand(atNoTime(instruction), asked);
      if (instruction === undefined || !found.every((word, index) => word === asked[index]))
        throw new ConfigError(
          `the venue was begun with another configuration: command ${sequence} of its log is not the one this configuration has`,
        );
    }
  }
}
