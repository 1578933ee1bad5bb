/** Writes a node's coded events as lines of JSON; what is secret is left out wherever it stands. */
import { type DestinationStream, type LevelWithSilent, pino } from "pino";
import { EVENTS, EVENT_WORDS } from "@bulkhead/engine";
import type { ExecutedBatch } from "../runner/executed.ts";
import type { LogNote } from "../log/segmentLog.ts";
import { LOG_EVENTS, type LogEventName, type LogFacts } from "./logEvents.ts";
import { tierOfCommand } from "./meter.ts";

/** Says that an event has happened. */
export type Say = <Name extends LogEventName>(name: Name, facts: LogFacts<Name>) => void;

export interface EventLoggerOptions {
  readonly level?: LevelWithSilent;
  /** Where lines go; standard output unless set. */
  readonly destination?: DestinationStream;
  /** On every line, such as the node's name. */
  readonly base?: Readonly<Record<string, unknown>>;
}

/** Keys whose values are never written, at any depth to which facts go. */
export const SECRETS: readonly string[] = [
  "authorization",
  "cookie",
  "token",
  "signature",
  "secret",
  "privateKey",
  "password",
  "mnemonic",
];
const DEPTHS = ["", "*.", "*.*.", "*.*.*."];

/** @returns what an event is said with; errors among its facts are written with message and stack */
export function createEventLogger(options: EventLoggerOptions = {}): Say {
  const { level = "info", destination, base = {} } = options;
  const settings = {
    level,
    base,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { error: pino.stdSerializers.err },
    redact: { paths: DEPTHS.flatMap((depth) => SECRETS.map((key) => depth + key)), censor: "[redacted]" },
  };
  const logger = destination === undefined ? pino(settings) : pino(settings, destination);
  return (name, facts) => {
    const { code, level: severity } = LOG_EVENTS[name];
    logger[severity]({ event: name, code, ...facts });
  };
}

/** Says what has happened to the log of commands. */
export function sayNote(say: Say, note: LogNote): void {
  const { kind, last: sequence } = note;
  switch (kind) {
    case "scarce":
      return say("log.scarce", { sequence, left: note.left, error: note.error });
    case "full":
      return say("log.full", { sequence, error: note.error });
    case "failed":
      return say("log.failed", { sequence, error: note.error });
    case "recovered":
      return say("log.recovered", { sequence });
  }
}

/** Says what of a batch whoever runs a node should know: quarantines, breakers, postures, defaults. */
export function sayBatch(say: Say, { first, count, frames, events, eventEnds }: ExecutedBatch): void {
  for (let index = 0, event = 0; index < count; index++) {
    const sequence = first + index;
    for (; event < (eventEnds[index] as number); event++) {
      const at = event * EVENT_WORDS;
      const word = (offset: number): number => events[at + offset] as number;
      switch (word(0)) {
        case EVENTS.marketQuarantined.code:
          say("market.quarantined", {
            tier: tierOfCommand(frames, index),
            market: word(1),
            invariant: word(2),
            sequence,
          });
          break;
        case EVENTS.breakerMoved.code:
          say("breaker.moved", {
            tier: tierOfCommand(frames, index),
            market: word(1),
            from: word(2),
            to: word(3),
            signal: word(4),
            sequence,
          });
          break;
        case EVENTS.postureMoved.code:
          say("posture.moved", {
            tier: tierOfCommand(frames, index),
            from: word(1),
            to: word(2),
            rule: word(3),
            sequence,
          });
          break;
        case EVENTS.liquidationEnded.code:
          if (word(2) === DEFAULTED)
            say("bucket.defaulted", {
              tier: tierOfCommand(frames, index),
              bucket: word(1),
              equity: word(3),
              sequence,
            });
          break;
        case EVENTS.lossAbsorbed.code:
          say("loss.absorbed", {
            tier: tierOfCommand(frames, index),
            default: word(1),
            layer: word(3),
            amount: word(4),
            remaining: word(5),
            sequence,
          });
          break;
        default:
      }
    }
  }
}

const DEFAULTED = 2;
