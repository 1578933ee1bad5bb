/** Every command: what the list of them says, and where it is. What a command takes to run is loaded when it is run. */
import type { Command } from "commander";
import type { ExitCode, Streams } from "./shell.ts";

type Add = (command: Command, streams: Streams, end: (exit: ExitCode) => void) => void;

export interface CommandEntry {
  readonly name: string;
  /** What follows its name on the command line. */
  readonly usage: string;
  readonly description: string;
  /** Not told of by the list. */
  readonly isHidden?: boolean;
  /** How to give it its options, and what it does. */
  readonly load: () => Promise<Add>;
}

export const COMMANDS: readonly CommandEntry[] = [
  {
    name: "start",
    usage: "[options]",
    description: "run a venue's node",
    load: async () => (await import("./commands/start.ts")).addStart,
  },
  {
    name: "take-part",
    usage: "[options] <role>",
    description: "take part in a demo that another process runs",
    isHidden: true,
    load: async () => (await import("./commands/takePart.ts")).addTakePart,
  },
  {
    name: "replay",
    usage: "[options]",
    description: "play prices through a venue full of seeded participants",
    load: async () => (await import("./commands/replay.ts")).addReplay,
  },
  {
    name: "incidents",
    usage: "[options]",
    description: "play the incidents that brought venues down, with the defence and without it",
    load: async () => (await import("./commands/incidents.ts")).addIncidents,
  },
  {
    name: "drill",
    usage: "[options]",
    description: "put one layer after the other into hostile hands, and measure what it costs",
    load: async () => (await import("./commands/drill.ts")).addDrill,
  },
  {
    name: "verify",
    usage: "[options] <directory>",
    description: "execute a venue's log again, and compare every receipt",
    load: async () => (await import("./commands/verify.ts")).addVerify,
  },
  {
    name: "watch",
    usage: "[options] <directory>",
    description: "follow a node's log, execute it again, and raise the alarm",
    load: async () => (await import("./commands/watch.ts")).addWatch,
  },
  {
    name: "inspect",
    usage: "[options] <directory>",
    description: "print commands of a venue's log, and what came of them",
    load: async () => (await import("./commands/inspect.ts")).addInspect,
  },
  {
    name: "views",
    usage: "[options] [command]",
    description: "the read models of a venue",
    load: async () => (await import("./commands/views.ts")).addViews,
  },
];
