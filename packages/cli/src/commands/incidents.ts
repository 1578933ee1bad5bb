/** `bulkhead incidents`: what brought venues down, played again on the engine, with the defence and without it. */
import { WriteStream } from "node:tty";
import { INCIDENTS, type Incident, type IncidentReport, isWalled } from "@bulkhead/simulator";
import { type Command, InvalidArgumentError } from "commander";
import { incidentsJson } from "../incidentsJson.ts";
import { incidentText, incidentsText } from "../incidentsText.ts";
import { playStory, widthOf } from "../playStory.ts";
import { createProgress } from "../progress.ts";
import { EXIT, type ExitCode, type Streams, UsageError } from "../shell.ts";

const STEPS_A_SECOND = 2;
const MOST_STEPS_A_SECOND = 1_000;

interface IncidentsFlags {
  readonly id?: string;
  readonly json?: true;
  readonly play?: string;
  readonly undefended?: true;
  readonly speed?: number;
}

const HELP = `
Every incident is a story in commands, carried out by the engine twice: with
the defences of a careful venue, and with exactly those switched off that the
venue of the time lacked. What must hold is asserted with the defence on; the
same story without it must lose money, and must fail an assert.

The loss is what accounts that did nothing wrong, and funds, have less than
true prices would have left them. Amounts in the JSON are dollars.

With --play one story is told step by step, a drill too (oracle-1, vault-2 ...):
what happens, what it moves, and the waterfall whenever a layer pays. A terminal
of 130 columns shows both sides beside each other. Two steps a second, unless
--speed says otherwise; 0 is without a pause, as is output to a file.

Examples:
  bulkhead incidents
  bulkhead incidents --id A10
  bulkhead incidents --json
  bulkhead incidents --play A1
  bulkhead incidents --play tier-1 --undefended --speed 5
`;

export function addIncidents(command: Command, streams: Streams, end: (exit: ExitCode) => void): void {
  command
    .option("--id <id>", `one incident at length: A1 to A${INCIDENTS.length}`)
    .option("--json", "print one JSON array and nothing else")
    .option("--play <id>", "tell one incident or drill step by step")
    .option("--undefended", "with --play: only the side without the defence")
    .option("--speed <steps>", "with --play: steps a second, 0 = without a pause", speedOf)
    .addHelpText("after", HELP)
    .action(async (flags: IncidentsFlags) =>
      end(flags.play === undefined ? incidents(flags, streams) : await play(flags.play, flags, streams)),
    );
}

async function play(
  id: string,
  { undefended, speed }: IncidentsFlags,
  { stdout }: Streams,
): Promise<ExitCode> {
  const pace = speed ?? (stdout instanceof WriteStream ? STEPS_A_SECOND : 0);
  const options = { id, isUndefended: undefended === true, width: widthOf(stdout) };
  return playStory({ ...options, speed: pace === 0 ? undefined : pace }, stdout);
}

function speedOf(text: string): number {
  const speed = Number(text);
  if (text.trim() === "" || !(speed >= 0 && speed <= MOST_STEPS_A_SECOND))
    throw new InvalidArgumentError(`Steps a second are from 0 to ${MOST_STEPS_A_SECOND}.`);
  return speed;
}

function incidents({ id, json }: IncidentsFlags, streams: Streams): ExitCode {
  const chosen = id === undefined ? INCIDENTS : [incidentNamed(id)];
  const progress = json === true ? undefined : createProgress(streams.stderr, chosen.length);
  const reports: IncidentReport[] = [];
  let commands = 0;
  for (const incident of chosen) {
    const report = incident.run();
    reports.push(report);
    commands += report.defended.commands + report.undefended.commands;
    progress?.show(reports.length, commands);
  }
  progress?.stop();
  streams.stdout.write(textOf(reports, id !== undefined, json === true));
  return reports.every(isWalled) ? EXIT.fine : EXIT.unsound;
}

function textOf(reports: readonly IncidentReport[], isOne: boolean, isJson: boolean): string {
  if (isJson) return incidentsJson(reports);
  return isOne ? reports.map(incidentText).join("\n") : incidentsText(reports);
}

function incidentNamed(id: string): Incident {
  const found = INCIDENTS.find((incident) => incident.id === id.toUpperCase());
  if (found === undefined) throw new UsageError(`--id takes A1 to A${INCIDENTS.length}; found ${id}`);
  return found;
}
