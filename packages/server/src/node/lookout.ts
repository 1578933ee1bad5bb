/** What a node knows of itself: metrics for who asks, alerts for who should know. */
import type { Config } from "./config.ts";
import type { Access } from "../access/access.ts";
import type { FanOut } from "../market/fanOut.ts";
import type { Runner } from "../runner/runner.ts";
import { type NodeState, createAlerts } from "../telemetry/alerts.ts";
import { type Say, sayBatch } from "../telemetry/eventLogger.ts";
import type { Meter } from "../telemetry/meter.ts";
import type { Telemetry } from "../telemetry/metrics.ts";
import { nodeStateOf } from "../telemetry/nodeState.ts";
import { createWebhook } from "../telemetry/webhook.ts";
import type { Following } from "../views/follow.ts";

export interface LookoutParts {
  readonly config: Pick<Config, "alerts">;
  readonly runner: Runner;
  readonly following: Following;
  readonly fanOut: FanOut;
  readonly access: Access;
  readonly telemetry: Telemetry;
  readonly meter: Meter;
  readonly say: Say;
  readonly clock: () => number;
  /** How often the rules are looked at, ms. */
  readonly everyMs?: number;
}

type Standing = Pick<NodeState, "log" | "viewsLagCommands" | "viewsLagMs" | "snapshotAgeMs">;

const LOOK_MS = 5_000;
const SECOND = 1_000;
const CONDITIONS = ["open", "full", "failed", "closed"] as const;
/** Of a venue that could not be looked at yet. */
const UNSEEN: Omit<NodeState, keyof Standing> = { quarantined: [], breakers: [], postures: [], funds: [] };

/** Begins. @returns how to note a snapshot, and how to end it */
export function keepLookout(parts: LookoutParts): {
  readonly snapshotTaken: () => void;
  readonly end: () => Promise<void>;
} {
  const { config, runner, following, telemetry, meter, say, clock, everyMs = LOOK_MS } = parts;
  const { metrics } = telemetry;
  let snapshotAt = clock();
  let behindSince: number | undefined;
  const webhook =
    config.alerts &&
    createWebhook({ url: config.alerts.webhook, secret: config.alerts.secret, metrics, say });
  const alerts = createAlerts({ metrics, say, notify: (notice) => webhook?.send(notice), clock });

  const stopListening = runner.listen((batch) => {
    meter.take(batch);
    sayBatch(say, batch);
  });
  const standing = (): Standing => {
    const lag = Math.max(0, runner.log.last - following.standing().taken);
    behindSince = lag === 0 ? undefined : (behindSince ?? clock());
    return {
      log: runner.log.condition,
      viewsLagCommands: lag,
      viewsLagMs: behindSince === undefined ? 0 : clock() - behindSince,
      snapshotAgeMs: clock() - snapshotAt,
    };
  };
  telemetry.onScrape(() => note(parts, standing()));
  let seen = UNSEEN;
  const hasFailed = (): boolean => runner.log.condition === "failed";
  const look = async (): Promise<void> => {
    // A node whose log has failed answers no questions, and that is what is to be told.
    if (!hasFailed()) {
      try {
        seen = await runner.read(({ venue }) => nodeStateOf(venue, standing(), meter.invariants));
      } catch (error) {
        if (!hasFailed()) throw error;
      }
    }
    alerts.look({ ...seen, ...standing() });
  };
  const timer = setInterval(() => {
    look().catch((error: unknown) => say("chores.failed", { error }));
  }, everyMs);
  timer.unref();
  return {
    snapshotTaken: () => {
      snapshotAt = clock();
    },
    end: async () => {
      clearInterval(timer);
      stopListening();
      await webhook?.idle();
    },
  };
}

/** What is looked up when somebody asks. */
function note({ runner, fanOut, access, telemetry }: LookoutParts, standing: Standing): void {
  const { metrics } = telemetry;
  const { log, viewsLagCommands, viewsLagMs, snapshotAgeMs } = standing;
  metrics.runner_queue_commands.set(runner.waiting);
  for (const condition of CONDITIONS)
    metrics.log_condition_state.set({ condition }, condition === log ? 1 : 0);
  metrics.snapshot_age_seconds.set(snapshotAgeMs / SECOND);
  metrics.views_lag_commands.set(viewsLagCommands);
  metrics.views_lag_seconds.set(viewsLagMs / SECOND);
  const { messages, sentBytes, cut } = fanOut.figures;
  metrics.stream_connections_count.set(fanOut.connected);
  for (const [counter, value] of [
    [metrics.stream_messages_total, messages],
    [metrics.stream_sent_bytes_total, sentBytes],
    [metrics.stream_cut_total, cut],
  ] as const) {
    counter.reset();
    counter.inc(value);
  }
  metrics.access_sessions_count.set(access.registry.size);
}
