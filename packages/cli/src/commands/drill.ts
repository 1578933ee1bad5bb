/** `bulkhead drill`: one layer after the other in hostile hands, and what each could do. */
import { DRILLS, type DrillRow, type AttackedLayer, LAYERS, runDrills } from "@bulkhead/simulator";
import { type Command, InvalidArgumentError } from "commander";
import { drillText } from "../drillText.ts";
import { createProgress } from "../progress.ts";
import { EXIT, type ExitCode, type Streams } from "../shell.ts";

interface DrillFlags {
  readonly layer?: AttackedLayer;
  readonly json?: true;
}

const HELP = `
Each drill sets up a venue of three tiers with every defence there is, puts one
layer into hostile hands and lets it do its worst; then the honest layer is put
back, and everybody has to be paid what is his. A drill holds if the loss is
within a bound that was computed before the attack, if all principal can be
paid, and if other tiers lost no more than the mutual fund's share. Drills are
the same on every run.

Layers: ${LAYERS.join(", ")}

With --json an array is printed, one object per drill: layer, behaviour,
boundUsd, lossUsd, otherTiersTouchedUsd (dollars), principalPayable, stoppedBy
(what the engine answered, the decisive first) and held.

Examples:
  bulkhead drill
  bulkhead drill --layer clearing --json
`;

export function addDrill(command: Command, streams: Streams, end: (exit: ExitCode) => void): void {
  command
    .option("--layer <layer>", "only the drills of this layer", layerNamed)
    .option("--json", "print one JSON array and nothing else")
    .addHelpText("after", HELP)
    .action((flags: DrillFlags) => end(drill(flags, streams)));
}

function drill({ layer, json }: DrillFlags, streams: Streams): ExitCode {
  const count = DRILLS.filter((each) => layer === undefined || each.layer === layer).length;
  const progress = json === true ? undefined : createProgress(streams.stderr, count, "drills");
  const rows = runDrills(layer, (over) => progress?.show(over, over));
  progress?.stop();
  streams.stdout.write(json === true ? `${JSON.stringify(rows)}\n` : drillText(rows));
  return exitOf(rows);
}

/** A success only if every drill held. */
export function exitOf(rows: readonly DrillRow[]): ExitCode {
  return rows.every(({ held }) => held) ? EXIT.fine : EXIT.unsound;
}

function layerNamed(text: string): AttackedLayer {
  const layer = LAYERS.find((each) => each === text);
  if (layer === undefined) throw new InvalidArgumentError(`The layers are ${LAYERS.join(", ")}.`);
  return layer;
}
