/**
 * A new venue is set up by the commands of its configuration. They are always the same ones in the same order, so a node that was stopped
 * half way goes on with the first that its log does not have; the names are kept when all are there, and say that it is done.
 */
import { type Command, Engine, FRAME_WORDS, TIME, encodeCommand } from "@bulkhead/engine";
import { type Directory, directoryOf, readRecord } from "@bulkhead/protocol";
import type { OwnDirectory } from "../dataDirectory.ts";
import type { Runner } from "../runner/runner.ts";
import { type Instruction, bootstrap, capacitiesOf, sealing } from "./bootstrap.ts";
import { type Config, ConfigError } from "./config.ts";
import { directoryFor } from "./names.ts";

/**
 * Tries a configuration on an engine of its own: what is in a log cannot be taken back.
 * @throws {ConfigError} if the engine refuses one of its commands
 */
export function rehearse(config: Config): void {
  const engine = new Engine({ capacities: capacitiesOf(config) });
  for (const instruction of instructionsOf(config)) {
    const { outcome, facts } = engine.submit(atNoTime(instruction));
    if (outcome !== "accepted")
      throw new ConfigError(
        `the venue cannot be set up: ${JSON.stringify(instruction)} is refused, ${outcome} ${JSON.stringify(facts)}`,
      );
  }
}

/**
 * @returns what the venue's things are called
 * @throws {ConfigError} if the directory was begun with another configuration
 */
export async function setUp(
  config: Config,
  { names, keepNames }: Pick<OwnDirectory, "names" | "keepNames">,
  runner: Runner,
): Promise<Directory> {
  if (names !== undefined) return directoryOf(names);
  const directory = directoryFor(config);
  const instructions = instructionsOf(config);
  await expectBegunWith(instructions, config, runner);
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

function instructionsOf(config: Config): Instruction[] {
  return [...bootstrap(config), ...sealing(config)];
}

async function expectBegunWith(
  instructions: readonly Instruction[],
  config: Config,
  { engine, log }: Runner,
): Promise<void> {
  if (JSON.stringify(engine.capacities) !== JSON.stringify(capacitiesOf(config)))
    throw new ConfigError("the venue was begun with other capacities, and has not been set up since");
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
