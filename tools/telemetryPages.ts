/** Pages about a node's telemetry, and its dashboard, from the tables in packages/server/src/telemetry: none of them can name what there is not. */
import { type LogEventSpec, LOG_EVENTS } from "../packages/server/src/telemetry/logEvents.ts";
import { METRICS, type MetricSpec } from "../packages/server/src/telemetry/metrics.ts";

const NOTE = "Generated from the node's tables by `npm run reference`; not edited by hand.";
const metrics: readonly (readonly [string, MetricSpec])[] = Object.entries<MetricSpec>(METRICS);

export function metricsPage(): string {
  const rows = metrics.map(
    ([name, { kind, labels, help }]) =>
      `| \`${name}\` | ${kind} | ${labels.map((label) => `\`${label}\``).join(", ")} | ${help} |`,
  );
  return `# Metrics

What \`/metrics\` tells, in the text format of Prometheus. Names are \`layer_noun_unit\`. A histogram has \`_bucket\`, \`_sum\` and \`_count\`. Those of the process
(\`process_…\`, \`nodejs_…\`) are prom-client's own.

| metric | kind | labels | what it says |
|---|---|---|---|
${rows.join("\n")}

*${NOTE}*
`;
}

export function logEventsPage(): string {
  const rows = Object.entries<LogEventSpec>(LOG_EVENTS)
    .toSorted(([, a], [, b]) => a.code - b.code)
    .map(
      ([name, { code, level, fields, meaning }]) =>
        `| ${code} | \`${name}\` | ${level} | ${fields.map((field) => `\`${field}\``).join(", ")} | ${meaning} |`,
    );
  return `# Log events

What a node writes to its log for people and programs: one line of JSON per event, with \`level\`, \`time\`, \`event\`, \`code\` and the facts below. Codes are stable. An \`error\`
has type, message and stack. Tokens, signatures, keys and passwords are never written, wherever they stand.

| code | event | level | facts | what happened |
|---|---|---|---|---|
${rows.join("\n")}

*${NOTE}*
`;
}

const WIDTH = 12;
const HEIGHT = 8;

/** A dashboard for Grafana, a row per part of the node and a panel per metric. */
export function grafanaDashboard(): string {
  const panels: object[] = [];
  let [id, y] = [1, 0];
  for (const row of new Set(metrics.map(([, spec]) => spec.row))) {
    panels.push({
      type: "row",
      id: id++,
      title: row,
      collapsed: false,
      gridPos: { x: 0, y, w: 24, h: 1 },
      panels: [],
    });
    y += 1;
    const own = metrics.filter(([, spec]) => spec.row === row);
    own.forEach(([name, spec], index) => {
      const x = (index % 2) * WIDTH;
      panels.push(panelOf(id++, name, spec, x, y + Math.floor(index / 2) * HEIGHT));
    });
    y += Math.ceil(own.length / 2) * HEIGHT;
  }
  const dashboard = {
    title: "Bulkhead node",
    uid: "bulkhead-node",
    schemaVersion: 39,
    version: 1,
    editable: true,
    tags: ["bulkhead"],
    refresh: "10s",
    time: { from: "now-1h", to: "now" },
    timezone: "browser",
    templating: {
      list: [
        { name: "datasource", type: "datasource", query: "prometheus", label: "Data source" },
        {
          name: "instance",
          type: "query",
          label: "Node",
          includeAll: true,
          multi: true,
          refresh: 2,
          datasource: {
            type: "prometheus",
            uid: "${datasource}",
          },
          query: {
            query: "label_values(runner_sequence_commands, instance)",
            refId: "instance",
          },
        },
      ],
    },
    panels,
  };
  return `${JSON.stringify(dashboard, null, 2)}\n`;
}

function panelOf(id: number, name: string, spec: MetricSpec, x: number, y: number): object {
  return {
    id,
    type: "timeseries",
    title: spec.help,
    description: name,
    datasource: { type: "prometheus", uid: "${datasource}" },
    gridPos: { x, y, w: WIDTH, h: HEIGHT },
    fieldConfig: { defaults: { unit: spec.unit, min: 0 }, overrides: [] },
    options: {
      legend: { displayMode: "list", placement: "bottom" },
      tooltip: { mode: "multi", sort: "desc" },
    },
    targets: queriesOf(name, spec).map(([expr, legendFormat], index) => ({
      refId: String.fromCodePoint(65 + index),
      expr,
      legendFormat,
    })),
  };
}

/** How a metric is looked at: a counter by its rate, a histogram by its middle and its tail, a gauge as it is. */
function queriesOf(name: string, { kind, labels }: MetricSpec): readonly (readonly [string, string])[] {
  const of = '{instance=~"$instance"}';
  const by = ["instance", ...labels];
  const legend = by.map((label) => `{{${label}}}`).join(" ");
  if (kind === "counter")
    return [[`sum by (${by.join(", ")}) (rate(${name}${of}[$__rate_interval]))`, legend]];
  if (kind === "gauge") return [[`${name}${of}`, legend]];
  return [0.5, 0.99].map((quantile) => [
    `histogram_quantile(${quantile}, sum by (le, ${by.join(", ")}) (rate(${name}_bucket${of}[$__rate_interval])))`,
    `p${quantile * 100} ${legend}`,
  ]);
}
