/**
 * Every metric of a node, in one table: from it come the instruments, docs/operating/telemetry.md and the dashboard, so that none of them
 * can name one that does not exist. Names are `layer_noun_unit`.
 */
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from "prom-client";

export interface MetricSpec {
  readonly kind: "counter" | "gauge" | "histogram";
  readonly help: string;
  readonly labels: readonly string[];
  /** Upper bounds of a histogram. */
  readonly buckets?: readonly number[];
  /** Row of the dashboard, and the unit Grafana shows it in. */
  readonly row: string;
  readonly unit: string;
}

const SECONDS = [
  0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5,
];
const BATCHES = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024, 2_048, 4_096];

export const METRICS = {
  runner_commands_total: {
    kind: "counter",
    labels: ["command", "outcome"],
    row: "Commands",
    unit: "ops",
    help: "Commands that became durable, by kind and outcome",
  },
  runner_batch_commands: {
    kind: "histogram",
    labels: [],
    buckets: BATCHES,
    row: "Commands",
    unit: "short",
    help: "Commands that were executed together",
  },
  runner_engine_seconds: {
    kind: "histogram",
    labels: [],
    buckets: SECONDS,
    row: "Commands",
    unit: "s",
    help: "Time in which a batch was executed",
  },
  runner_queue_commands: {
    kind: "gauge",
    labels: [],
    row: "Commands",
    unit: "short",
    help: "Commands that wait to be executed",
  },
  runner_sequence_commands: {
    kind: "gauge",
    labels: [],
    row: "Commands",
    unit: "short",
    help: "Number of the last durable command",
  },
  log_sync_seconds: {
    kind: "histogram",
    labels: [],
    buckets: SECONDS,
    row: "Log",
    unit: "s",
    help: "Time from a batch's execution until it was durable",
  },
  log_written_bytes_total: {
    kind: "counter",
    labels: [],
    row: "Log",
    unit: "Bps",
    help: "Bytes of records that became durable",
  },
  log_condition_state: {
    kind: "gauge",
    labels: ["condition"],
    row: "Log",
    unit: "short",
    help: "1 for the condition the log is in: open, full, failed or closed",
  },
  snapshot_age_seconds: {
    kind: "gauge",
    labels: [],
    row: "Log",
    unit: "s",
    help: "Time since the newest snapshot was begun; since the start if there was none",
  },
  views_lag_commands: {
    kind: "gauge",
    labels: [],
    row: "Views",
    unit: "short",
    help: "Durable commands that the views have not taken in",
  },
  views_lag_seconds: {
    kind: "gauge",
    labels: [],
    row: "Views",
    unit: "s",
    help: "Age of the oldest of them; 0 if there is none",
  },
  stream_connections_count: {
    kind: "gauge",
    labels: [],
    row: "Streams",
    unit: "short",
    help: "Connections to the streams",
  },
  stream_sent_bytes_total: {
    kind: "counter",
    labels: [],
    row: "Streams",
    unit: "Bps",
    help: "Bytes sent to subscribers",
  },
  stream_messages_total: {
    kind: "counter",
    labels: [],
    row: "Streams",
    unit: "ops",
    help: "Messages published, whoever got them",
  },
  stream_cut_total: {
    kind: "counter",
    labels: [],
    row: "Streams",
    unit: "ops",
    help: "Subscribers cut off because they did not read",
  },
  access_sessions_count: {
    kind: "gauge",
    labels: [],
    row: "Access",
    unit: "short",
    help: "Sessions that have not ended",
  },
  gateway_requests_total: {
    kind: "counter",
    labels: ["route", "status"],
    row: "Access",
    unit: "ops",
    help: "HTTP requests, by route and status",
  },
  gateway_request_seconds: {
    kind: "histogram",
    labels: ["route"],
    buckets: SECONDS,
    row: "Access",
    unit: "s",
    help: "Time to answer an HTTP request",
  },
  fund_insurance_usd: {
    kind: "gauge",
    labels: ["tier"],
    row: "Safety",
    unit: "currencyUSD",
    help: "What a tier's insurance fund holds",
  },
  fund_target_usd: {
    kind: "gauge",
    labels: ["tier"],
    row: "Safety",
    unit: "currencyUSD",
    help: "What it is to hold; 0 = no target",
  },
  fund_loss_usd_total: {
    kind: "counter",
    labels: ["tier", "layer"],
    row: "Safety",
    unit: "currencyUSD",
    help: "Losses borne, by layer of the waterfall",
  },
  tier_posture_level: {
    kind: "gauge",
    labels: ["tier"],
    row: "Safety",
    unit: "short",
    help: "Posture of a tier: 0 normal, 1 elevated, 2 defensive, 3 reduce-only, 4 halt",
  },
  tier_distressed_buckets: {
    kind: "gauge",
    labels: ["tier"],
    row: "Safety",
    unit: "short",
    help: "Buckets in the distress queue",
  },
  market_breaker_level: {
    kind: "gauge",
    labels: ["tier", "market"],
    row: "Safety",
    unit: "short",
    help: "Level of a market's breaker: 0 normal, 1 caution, 2 reduce-only, 3 halt, 4 auction, 5 reopen",
  },
  risk_liquidations_total: {
    kind: "counter",
    labels: ["tier", "how"],
    row: "Safety",
    unit: "ops",
    help: "Closings of positions in distress, by way",
  },
  risk_defaults_total: {
    kind: "counter",
    labels: ["tier"],
    row: "Safety",
    unit: "ops",
    help: "Liquidations that ended in default",
  },
  security_violations_total: {
    kind: "counter",
    labels: ["tier", "invariant"],
    row: "Safety",
    unit: "ops",
    help: "Invariants that would have been broken; each has quarantined its market",
  },
  alert_firing_count: {
    kind: "gauge",
    labels: ["severity"],
    row: "Alerts",
    unit: "short",
    help: "Alerts that are firing",
  },
  alert_deliveries_total: {
    kind: "counter",
    labels: ["outcome"],
    row: "Alerts",
    unit: "ops",
    help: "Notices to the webhook, by outcome: delivered, retried or dropped",
  },
} as const satisfies Readonly<Record<string, MetricSpec>>;

export type MetricName = keyof typeof METRICS;
type LabelOf<Name extends MetricName> = (typeof METRICS)[Name]["labels"][number];

type Instrument<Kind extends MetricSpec["kind"], Label extends string> = Kind extends "counter"
  ? Counter<Label>
  : Kind extends "gauge"
    ? Gauge<Label>
    : Histogram<Label>;

/** The instruments, by name. */
export type Metrics = {
  readonly [Name in MetricName]: Instrument<(typeof METRICS)[Name]["kind"], LabelOf<Name>>;
};

export interface Telemetry {
  readonly metrics: Metrics;
  /** Registers what is looked up whenever somebody asks for the metrics; failures are left to it. */
  readonly onScrape: (look: () => void | Promise<void>) => void;
  /** All metrics in the text format of Prometheus. */
  readonly metricsText: () => Promise<string>;
  readonly contentType: string;
}

/** Makes the instruments, and those of the process. */
export function createTelemetry(): Telemetry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const made = Object.entries<MetricSpec>(METRICS).map(([name, { kind, help, labels, buckets = [] }]) => {
    const common = { name, help, labelNames: [...labels], registers: [registry] };
    if (kind === "counter") return [name, new Counter(common)] as const;
    if (kind === "gauge") return [name, new Gauge(common)] as const;
    return [name, new Histogram({ ...common, buckets: [...buckets] })] as const;
  });
  const looks: (() => void | Promise<void>)[] = [];
  return {
    metrics: Object.fromEntries(made),
    onScrape: (look) => void looks.push(look),
    metricsText: async () => {
      for (const look of looks) await look();
      return registry.metrics();
    },
    contentType: registry.contentType,
  };
}
