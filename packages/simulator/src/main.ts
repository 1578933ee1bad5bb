/** The simulator's command line. */
import { parseArgs } from "node:util";
import { type Simulation, simulate } from "./simulate.ts";
import { lineOf } from "./step.ts";
import { PROFILES, profileNamed } from "./workload/profile.ts";

const USAGE = `usage: simulate [--commands N] [--seed S] [--profile P] [--json] [--coverage]

  --commands N   commands in total, in episodes on fresh venues (default 300000)
  --seed S       whole number that decides everything (default: from the clock)
  --profile P    one of ${PROFILES.map(({ name }) => name).join(", ")} (default: all in turn)
  --coverage     print how often everything happened
  --json         print the result as one line of JSON, and nothing else`;

const BAR = 30;

process.exitCode = main();

function main(): number {
  const { values } = parseArgs({
    options: {
      commands: { type: "string", default: "300000" },
      seed: { type: "string" },
      profile: { type: "string" },
      json: { type: "boolean", default: false },
      coverage: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const commands = Number(values.commands);
  const seed = values.seed === undefined ? Date.now() : Number(values.seed);
  const profile = values.profile === undefined ? undefined : profileNamed(values.profile);
  const isSensible =
    commands > 0 &&
    isCount(commands) &&
    isCount(seed) &&
    (values.profile === undefined || profile !== undefined);
  if (values.help || !isSensible) {
    console.log(USAGE);
    return values.help ? 0 : 2;
  }
  const isTalkative = !values.json;
  if (isTalkative) console.log(`seed ${seed}`);
  const progress = isTalkative && process.stderr.isTTY ? (done: number) => draw(done, commands) : () => {};
  const simulation = simulate({ commands, seed, profile, progress });
  if (values.json) console.log(JSON.stringify(resultOf(simulation)));
  else tell(simulation, values.coverage);
  return simulation.differences + simulation.violations === 0 ? 0 : 1;
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function draw(done: number, commands: number): void {
  const filled = Math.floor((done / commands) * BAR);
  const bar = "█".repeat(filled) + "░".repeat(BAR - filled);
  process.stderr.write(`\r${bar} ${done.toLocaleString("en")} of ${commands.toLocaleString("en")}`);
  if (done >= commands) process.stderr.write("\n");
}

function resultOf({ commands, differences, violations, seconds, seed, stateHash }: Simulation): object {
  return { commands, differences, violations, seconds, seed, stateHash };
}

function tell(simulation: Simulation, withCoverage: boolean): void {
  const { commands, seconds, stateHash, coverage, failure, seed } = simulation;
  if (withCoverage) console.log(coverage.table());
  const rate = Math.round(commands / seconds).toLocaleString("en");
  const count = commands.toLocaleString("en");
  console.log(`${count} commands in ${seconds.toFixed(1)} s, ${rate} a second; state ${stateHash}`);
  if (failure === undefined) {
    console.log("no difference");
    return;
  }
  const { profile, episode, length, steps, difference } = failure;
  console.log(`\ndifference at command ${length} of episode ${episode} (${profile}), seed ${seed}`);
  console.log(`  ${difference.kind}\n  expected  ${difference.expected}\n  found     ${difference.found}`);
  console.log(`\nit remains with these ${steps.length} of them:`);
  for (const { step } of steps) console.log(lineOf(step));
}
