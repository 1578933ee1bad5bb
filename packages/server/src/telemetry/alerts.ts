/**
 * Alerts: rules that are looked at every few seconds. Each begins to fire once for every subject it is true of, is told again while it goes on
 * firing, and is told when it is over. docs/operating/telemetry.md is checked against the rules.
 */
import type { Metrics } from "./metrics.ts";
import type { Say } from "./eventLogger.ts";

export type Severity = "warning" | "critical";

/** What rules look at. */
export interface NodeState {
  readonly log: "open" | "full" | "failed" | "closed";
  /** Why state and log are not of one venue any more, as whoever executes the log again tells; undefined = they are. */
  readonly divergence?: string | undefined;
  readonly quarantined: readonly {
    readonly tier: number;
    readonly market: number;
    readonly invariant: number;
  }[];
  readonly breakers: readonly { readonly tier: number; readonly market: number; readonly level: number }[];
  readonly postures: readonly { readonly tier: number; readonly posture: number }[];
  /** Micro-dollars; target 0 = none. */
  readonly funds: readonly { readonly tier: number; readonly insurance: number; readonly target: number }[];
  readonly viewsLagCommands: number;
  readonly viewsLagMs: number;
  readonly snapshotAgeMs: number;
}

/** From when on a rule is true. */
export interface Thresholds {
  /** Part of its target below which an insurance fund is short. */
  readonly insuranceShare: number;
  readonly viewsLagMs: number;
  readonly snapshotAgeMs: number;
}

export interface Rule {
  readonly name: string;
  readonly severity: Severity;
  readonly meaning: string;
  /** The subjects it is true of, with what explains it. */
  readonly look: (state: NodeState, thresholds: Thresholds) => readonly Finding[];
}

export interface Finding {
  readonly subject: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

export const DEFAULT_THRESHOLDS: Thresholds = {
  insuranceShare: 0.5,
  viewsLagMs: 30_000,
  snapshotAgeMs: 6 * 3_600_000,
};

const HALTED: readonly number[] = [3, 4];
const POSTURE_HALT = 4;
const NOTHING: readonly Finding[] = [];
const node = (facts: Finding["facts"]): readonly Finding[] => [{ subject: "node", facts }];

export const RULES: readonly Rule[] = [
  {
    name: "logFull",
    severity: "critical",
    meaning: "There is no room for the log; commands are refused until there is.",
    look: ({ log }) => (log === "full" ? node({ log }) : NOTHING),
  },
  {
    name: "logFailed",
    severity: "critical",
    meaning: "Writing the log failed; the node takes nothing in until it is opened anew.",
    look: ({ log }) => (log === "failed" ? node({ log }) : NOTHING),
  },
  {
    name: "divergence",
    severity: "critical",
    meaning: "Executing the log again gives other receipts, or an invariant does not hold.",
    look: ({ divergence }) => (divergence === undefined ? NOTHING : node({ divergence })),
  },
  {
    name: "quarantine",
    severity: "critical",
    meaning: "A market takes no orders, because an invariant would have been broken.",
    look: ({ quarantined }) =>
      quarantined.map(({ tier, market, invariant }) => ({
        subject: `${tier}/${market}`,
        facts: { invariant },
      })),
  },
  {
    name: "breakerHalt",
    severity: "critical",
    meaning: "A market's breaker has halted it, or it is in the call auction that ends a halt.",
    look: ({ breakers }) =>
      breakers
        .filter(({ level }) => HALTED.includes(level))
        .map(({ tier, market, level }) => ({ subject: `${tier}/${market}`, facts: { level } })),
  },
  {
    name: "tierHalt",
    severity: "critical",
    meaning: "A tier's posture is halt.",
    look: ({ postures }) =>
      postures
        .filter(({ posture }) => posture === POSTURE_HALT)
        .map(({ tier, posture }) => ({ subject: `${tier}`, facts: { posture } })),
  },
  {
    name: "insuranceShort",
    severity: "warning",
    meaning: "An insurance fund holds less than a share of its target.",
    look: ({ funds }, { insuranceShare }) =>
      funds
        .filter(({ insurance, target }) => target > 0 && insurance < target * insuranceShare)
        .map(({ tier, insurance, target }) => ({
          subject: `${tier}`,
          facts: { insurance, target, insuranceShare },
        })),
  },
  {
    name: "viewsLag",
    severity: "warning",
    meaning: "The views are behind the log: what they tell is old.",
    look: ({ viewsLagMs, viewsLagCommands }, thresholds) =>
      viewsLagMs > thresholds.viewsLagMs ? node({ viewsLagMs, viewsLagCommands }) : NOTHING,
  },
  {
    name: "snapshotOld",
    severity: "warning",
    meaning: "The newest snapshot is old: a recovery would take long.",
    look: ({ snapshotAgeMs }, thresholds) =>
      snapshotAgeMs > thresholds.snapshotAgeMs ? node({ snapshotAgeMs }) : NOTHING,
  },
];

/** What whoever is to know of an alert is told. */
export interface Notice {
  readonly alert: string;
  readonly subject: string;
  readonly severity: Severity;
  readonly status: "firing" | "resolved";
  readonly meaning: string;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly startedAt: number;
  /** When this was said; the same alert has the same `startedAt` whenever it is said again. */
  readonly at: number;
}

export interface AlertsOptions {
  readonly metrics: Pick<Metrics, "alert_firing_count">;
  readonly say: Say;
  /** Where notices go. */
  readonly notify: (notice: Notice) => void;
  readonly thresholds?: Partial<Thresholds>;
  /** How long after it was told a firing alert is told again, ms. */
  readonly repeatMs?: number;
  readonly clock?: () => number;
}

interface Firing {
  readonly rule: Rule;
  readonly subject: string;
  readonly startedAt: number;
  facts: Finding["facts"];
  toldAt: number;
}

const REPEAT_MS = 4 * 3_600_000;

export interface Alerts {
  /** Looks at every rule. */
  readonly look: (state: NodeState) => void;
  readonly firing: () => readonly Omit<Notice, "status" | "at">[];
}

export function createAlerts(options: AlertsOptions): Alerts {
  const { metrics, say, notify, repeatMs = REPEAT_MS, clock = Date.now } = options;
  const thresholds: Thresholds = { ...DEFAULT_THRESHOLDS, ...options.thresholds };
  const firing = new Map<string, Firing>();

  const tell = ({ rule, subject, startedAt, facts }: Firing, status: Notice["status"], at: number): void => {
    const { name: alert, severity, meaning } = rule;
    notify({ alert, subject, severity, status, meaning, facts, startedAt, at });
  };

  function look(state: NodeState): void {
    const now = clock();
    const found = new Set<string>();
    for (const rule of RULES)
      for (const { subject, facts } of rule.look(state, thresholds)) {
        const key = `${rule.name}:${subject}`;
        found.add(key);
        const before = firing.get(key);
        if (before === undefined) {
          const begun: Firing = { rule, subject, facts, startedAt: now, toldAt: now };
          firing.set(key, begun);
          say("alert.fired", { alert: rule.name, subject, severity: rule.severity, facts });
          tell(begun, "firing", now);
          continue;
        }
        before.facts = facts;
        if (now - before.toldAt < repeatMs) continue;
        before.toldAt = now;
        tell(before, "firing", now);
      }
    for (const [key, over] of firing) {
      if (found.has(key)) continue;
      firing.delete(key);
      say("alert.resolved", { alert: over.rule.name, subject: over.subject, ms: now - over.startedAt });
      tell(over, "resolved", now);
    }
    for (const severity of ["warning", "critical"] as const)
      metrics.alert_firing_count.set(
        { severity },
        [...firing.values()].filter(({ rule }) => rule.severity === severity).length,
      );
  }

  return {
    look,
    firing: () =>
      Array.from(firing.values(), ({ rule, subject, startedAt, facts }) => ({
        alert: rule.name,
        subject,
        severity: rule.severity,
        meaning: rule.meaning,
        facts,
        startedAt,
      })),
  };
}
