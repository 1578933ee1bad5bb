/**
 * What a node says of itself: events with a code and facts, never prose to be parsed. docs/reference/logEvents.md is generated from this table.
 * Codes are never reused.
 */
export type Level = "debug" | "info" | "warn" | "error" | "fatal";

export interface LogEventSpec {
  readonly code: number;
  readonly level: Level;
  readonly fields: readonly string[];
  readonly meaning: string;
}

export const LOG_EVENTS = {
  "node.started": {
    code: 1001,
    level: "info",
    fields: ["version", "sequence", "snapshot", "replayed", "wasTorn"],
    meaning:
      "The node is open. It began with a snapshot (0 = none) and executed so many commands again; a batch nobody was told of may have been cleared.",
  },
  "node.stopping": {
    code: 1002,
    level: "info",
    fields: ["reason", "sequence"],
    meaning: "The node takes nothing more, and closes.",
  },
  "node.failed": {
    code: 1003,
    level: "fatal",
    fields: ["error"],
    meaning: "The node cannot go on, or could not be opened.",
  },
  "node.halted": {
    code: 1004,
    level: "fatal",
    fields: ["by", "kind", "sequence", "reason"],
    meaning:
      "Somebody who watches the venue has halted it. The node closes, and does not open while the halt stands.",
  },
  "node.stopped": {
    code: 1005,
    level: "info",
    fields: ["sequence"],
    meaning: "The node has closed; everything it took in is durable.",
  },
  "chores.failed": {
    code: 1006,
    level: "warn",
    fields: ["error"],
    meaning: "The housekeeping could not be done; it is tried again.",
  },
  "memory.smallPages": {
    code: 1007,
    level: "info",
    fields: ["bytes", "setting"],
    meaning:
      "The state is large and lies in pages of 4 KB, as the machine is set. With pages of 2 MB the node executes more and comes back sooner: docs/operating/configuration.md#the-machine.",
  },
  "log.full": {
    code: 1101,
    level: "error",
    fields: ["sequence", "error"],
    meaning:
      "There is no room for the log. Commands are refused until there is; the state can be read meanwhile.",
  },
  "log.recovered": {
    code: 1102,
    level: "info",
    fields: ["sequence"],
    meaning: "There is room for the log again, after it was scarce or the log full.",
  },
  "log.failed": {
    code: 1103,
    level: "fatal",
    fields: ["sequence", "error"],
    meaning: "Writing the log failed. Nothing is taken in until the node is opened anew.",
  },
  "log.diverged": {
    code: 1104,
    level: "fatal",
    fields: ["first", "last", "error"],
    meaning: "Executing the log again gave other receipts: state and log are not of one venue.",
  },
  "log.scarce": {
    code: 1105,
    level: "warn",
    fields: ["sequence", "left", "error"],
    meaning:
      "There is no room for the log's next segment. Commands are taken until the bytes left in the present one are used up; the room is looked for meanwhile.",
  },
  "snapshot.taken": {
    code: 1201,
    level: "info",
    fields: ["sequence", "ms"],
    meaning: "A snapshot is written.",
  },
  "snapshot.failed": {
    code: 1202,
    level: "error",
    fields: ["error"],
    meaning: "A snapshot could not be written. The log goes on; recovery takes longer.",
  },
  "market.restarted": {
    code: 1301,
    level: "error",
    fields: ["error"],
    meaning:
      "Events did not fit the mirrored books. Streams began anew from the state, and subscribers were cut off.",
  },
  "stream.faulted": {
    code: 1302,
    level: "error",
    fields: ["error"],
    meaning: "A request on a stream met a fault of the node.",
  },
  "views.failed": {
    code: 1401,
    level: "error",
    fields: ["sequence", "error"],
    meaning: "The views could not take in a batch.",
  },
  "views.caughtUp": {
    code: 1402,
    level: "info",
    fields: ["sequence", "commands"],
    meaning: "The views have taken in the log from where they were.",
  },
  "gateway.listening": {
    code: 1501,
    level: "info",
    fields: ["address"],
    meaning: "The node takes requests.",
  },
  "gateway.faulted": {
    code: 1502,
    level: "error",
    fields: ["route", "error"],
    meaning: "A request met a fault of the node.",
  },
  "gateway.closed": {
    code: 1503,
    level: "info",
    fields: ["port"],
    meaning: "The node takes no more requests, and has said goodbye to everybody.",
  },
  "orders.cancelled": {
    code: 1504,
    level: "info",
    fields: ["account", "canceled", "sequence", "because"],
    meaning:
      "An account's orders were cancelled as it had asked: its connection was gone, or it had been silent for too long.",
  },
  "orders.left": {
    code: 1505,
    level: "error",
    fields: ["account", "because", "error"],
    meaning: "An account's orders were to be cancelled, and could not be.",
  },
  "gateway.refused": {
    code: 1506,
    level: "debug",
    fields: ["route", "status", "problem"],
    meaning: "A request was answered with a problem that was its sender's, or with a refusal of the venue.",
  },
  "gateway.misspoke": {
    code: 1507,
    level: "error",
    fields: ["route", "path", "issue"],
    meaning: "An answer does not fit its schema: a fault of the node. It was sent all the same.",
  },
  "access.session": {
    code: 1601,
    level: "info",
    fields: ["session", "owner", "scopes", "expires"],
    meaning: "An owner has let a key act for him.",
  },
  "access.refused": {
    code: 1602,
    level: "warn",
    fields: ["problem", "signer", "remote"],
    meaning: "A signature was wrong, a nonce used, or a signer may not do what he asked.",
  },
  "tracing.failed": {
    code: 1603,
    level: "warn",
    fields: ["error"],
    meaning: "Spans could not be sent, and are gone. Nothing else is touched by it.",
  },
  "market.quarantined": {
    code: 2001,
    level: "error",
    fields: ["tier", "market", "invariant", "sequence"],
    meaning:
      "An invariant would have been broken. The command was rolled back, and the market takes no orders.",
  },
  "breaker.moved": {
    code: 2002,
    level: "warn",
    fields: ["tier", "market", "from", "to", "signal", "sequence"],
    meaning: "A market's breaker changed its level.",
  },
  "posture.moved": {
    code: 2003,
    level: "warn",
    fields: ["tier", "from", "to", "rule", "sequence"],
    meaning: "A tier became more careful, or less.",
  },
  "bucket.defaulted": {
    code: 2004,
    level: "warn",
    fields: ["tier", "bucket", "equity", "sequence"],
    meaning: "A liquidation ended in default; equity in micro-dollars.",
  },
  "loss.absorbed": {
    code: 2005,
    level: "warn",
    fields: ["tier", "default", "layer", "amount", "remaining", "sequence"],
    meaning: "A layer of the waterfall bore part of a default, micro-dollars.",
  },
  "alert.fired": {
    code: 3001,
    level: "error",
    fields: ["alert", "subject", "severity", "facts"],
    meaning: "An alert began to fire.",
  },
  "alert.resolved": {
    code: 3002,
    level: "info",
    fields: ["alert", "subject", "ms"],
    meaning: "An alert no longer fires.",
  },
  "alert.undelivered": {
    code: 3003,
    level: "error",
    fields: ["alert", "subject", "attempts", "error"],
    meaning: "The webhook did not take a notice, however often it was tried.",
  },
} as const satisfies Readonly<Record<string, LogEventSpec>>;

export type LogEventName = keyof typeof LOG_EVENTS;

/** The facts of an event; all of them. */
export type LogFacts<Name extends LogEventName> = {
  readonly [Field in (typeof LOG_EVENTS)[Name]["fields"][number]]: unknown;
};
