/** `bulkhead incidents`: what brought venues down, played again on the engine, with the defence and without it. */
import { INCIDENTS, type Incident, type IncidentReport, isWalled } from "@bulkhead/simulator";
import type { Command } from "commander";
import { incidentsJson } from "../incidentsJson.ts";
import { incidentText, incidentsText } from "../incidentsText.ts";
import { createProgress } from "../progress.ts";
import { EXIT, type ExitCode, type Streams, UsageError } from "../shell.ts";

interface IncidentsFlags {
  readonly id?: string;
  readonly json?: true;
}

const HELP = `
Every incident is a story in commands, carried out by the engine twice: with
the defences of a careful venue, and with exactly those switched off that the
venue of the time lacked. What must hold is asserted with the defence on; the
same story without it must lose money, and must fail an assert.

The loss is what accounts that did nothing wrong, and funds, have less than
true prices would have left them. Amounts in the JSON are dollars.

Examples:
  bulkhead incidents
  bulkhead incidents --id A10
  bulkhead incidents --json
`;

export function addIncidents(command: Command, streams: Streams, end: (exit: ExitCode) => void): void {
  command
    .option("--id <id>", `one incident at length: A1 to A${INCIDENTS.length}`)
    .option("--json", "print one JSON array and nothing else")
    .addHelpText("after", HELP)
    .action((flags: IncidentsFlags) => end(incidents(flags, streams)));
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
