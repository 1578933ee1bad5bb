/** Metrics, log events and alerts tell what happened, once, and nothing that is secret. */
import { readFileSync, readdirSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { BREAKER, type Command, POSTURE, refusalOf } from "@bulkhead/engine";
import {
  LOG_EVENTS,
  METRICS,
  type NodeState,
  type Notice,
  RULES,
  Runner,
  type Say,
  createAlerts,
  createEventLogger,
  createMeter,
  createTelemetry,
  createWebhook,
  nodeStateOf,
  sayBatch,
  signNotice,
} from "@bulkhead/server";
import { afterEach, describe, expect, test } from "vitest";
import { SECRETS } from "../../packages/server/src/telemetry/eventLogger.ts";
import { grafanaDashboard } from "../../tools/telemetryPages.ts";
import { LIMIT_ORDER, smallVenue, usd } from "../engine/venue.ts";
import { execute } from "./executing.ts";
import { MemoryDisk } from "./memoryDisk.ts";
import { openStage, opening } from "./streaming.ts";
import { Engine, FRAME_WORDS, encodeCommand } from "@bulkhead/engine";

const time = 1_000_001;
const silent: Say = () => undefined;
const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

const order = (account: number, side: number, price: number, lots: number): Command => ({
  ...LIMIT_ORDER,
  time,
  account,
  bucket: account,
  side,
  price,
  lots,
});

/** Values of a metric's lines, by their labels. */
function valuesOf(text: string, name: string): Record<string, number> {
  const found: Record<string, number> = {};
  for (const line of text.split("\n")) {
    const match = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line);
    if (match?.[1] === name) found[match[2] ?? ""] = Number(match[3]);
  }
  return found;
}

describe("metrics", () => {
  test("are named layer_noun_unit, and counters end in total", () => {
    for (const [name, { kind }] of Object.entries(METRICS)) {
      expect(name).toMatch(/^[a-z]+_[a-z]+_[a-z_]+$/);
      expect(name.endsWith("_total")).toBe(kind === "counter");
    }
  });

  test("have a source each, outside the table of them", () => {
    const folder = "packages/server/src";
    const sources = readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts") && file !== "telemetry/metrics.ts")
      .map((file) => readFileSync(`${folder}/${file}`, "utf8"))
      .join("\n");
    for (const name of Object.keys(METRICS)) expect(sources).toMatch(new RegExp(`metrics\\.${name}\\b`));
  });

  test("count commands by kind and outcome, and tell how tiers stand when they are asked for", async () => {
    const { engine } = openStage();
    const telemetry = createTelemetry();
    const meter = createMeter({ telemetry, read: (question) => Promise.resolve(question(engine)) });
    const commands = [
      order(1, 0, 99, 5),
      order(1, 0, 98, 5),
      order(9, 0, 98, 5),
      { kind: "fundLayer", time, account: 1, tier: 1, layer: 2, amount: usd(250) } as const,
    ];
    const outcomes = commands.map(() => "");
    let index = 0;
    meter.take(execute(engine, commands, (_, code) => (outcomes[index++] = refusalOf(code))));
    meter.executed(4, 2);
    meter.synced(300, 4);
    const text = await telemetry.metricsText();
    expect(valuesOf(text, "runner_commands_total")).toEqual({
      'command="placeOrder",outcome="accepted"': 2,
      [`command="placeOrder",outcome="${outcomes[2]}"`]: 1,
      'command="fundLayer",outcome="accepted"': 1,
    });
    expect(valuesOf(text, "fund_insurance_usd")).toEqual({ 'tier="1"': 250 });
    expect(valuesOf(text, "market_breaker_level")).toEqual({
      'tier="1",market="1"': 0,
      'tier="1",market="2"': 0,
    });
    expect(valuesOf(text, "log_sync_seconds_sum")).toEqual({ "": 0.004 });
    expect(valuesOf(text, "log_written_bytes_total")).toEqual({ "": 300 });
    expect(text).toContain("process_cpu_seconds_total");
  });

  test("go on being told when the state cannot be read", async () => {
    const telemetry = createTelemetry();
    const meter = createMeter({ telemetry, read: () => Promise.reject(new Error("the log failed")) });
    meter.executed(7, 1);
    expect(valuesOf(await telemetry.metricsText(), "runner_batch_commands_sum")).toEqual({ "": 7 });
  });

  test("hold what a runner's probe tells: every command and every byte, once", async () => {
    const telemetry = createTelemetry();
    const engine = new Engine({ capacities: smallVenue() });
    const meter = createMeter({ telemetry, read: (question) => Promise.resolve(question(engine)) });
    const storages = { log: new MemoryDisk(), snapshots: new MemoryDisk() };
    const { runner } = await Runner.open(storages, {
      capacities: smallVenue(),
      segmentBytes: 65_536,
      probe: meter,
    });
    runner.listen((batch) => meter.take(batch));
    const frames = opening().map((command) => {
      const frame = new Float64Array(FRAME_WORDS);
      encodeCommand(command, frame);
      return frame;
    });
    await Promise.all(frames.map((frame) => runner.submit(frame)));
    await runner.close();
    const text = await telemetry.metricsText();
    expect(valuesOf(text, "runner_batch_commands_sum")).toEqual({ "": frames.length });
    const counted = Object.values(valuesOf(text, "runner_commands_total"));
    expect(counted.reduce((sum, value) => sum + value, 0)).toBe(frames.length);
    expect(valuesOf(text, "runner_sequence_commands")).toEqual({ "": frames.length });
    expect(valuesOf(text, "log_sync_seconds_count")[""]).toBeGreaterThan(0);
    expect(valuesOf(text, "log_written_bytes_total")[""]).toBeGreaterThan(frames.length * 9);
  });
});

describe("the dashboard", () => {
  test("shows every metric, and none that there is not", () => {
    const expressions = JSON.stringify(JSON.parse(grafanaDashboard()));
    const named = new Set(
      [...expressions.matchAll(/([a-z]+_[a-z_]+?)(?:_bucket)?\{instance/g)].map(([, name]) => name),
    );
    expect(named).toEqual(new Set(Object.keys(METRICS)));
  });
});

describe("log events", () => {
  const lines: Record<string, unknown>[] = [];
  const destination = {
    write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>),
  };
  afterEach(() => void lines.splice(0));

  test("have codes of their own, and names that fit their facts", () => {
    const codes = Object.values(LOG_EVENTS).map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
    for (const [name, { fields }] of Object.entries(LOG_EVENTS)) {
      expect(name).toMatch(/^[a-z]+\.[a-zA-Z]+$/);
      for (const secret of SECRETS) expect(fields).not.toContain(secret);
    }
  });

  test("are lines of JSON with a code and facts; errors keep their stack", () => {
    const say = createEventLogger({ destination, base: { node: "one" } });
    say("log.failed", { sequence: 7, error: new Error("EIO") });
    expect(lines).toMatchObject([
      {
        level: "fatal",
        event: "log.failed",
        code: 1103,
        node: "one",
        sequence: 7,
        error: { message: "EIO" },
      },
    ]);
    expect(lines[0]).toHaveProperty("error.stack");
  });

  test.each(SECRETS)("never tell a %s, wherever it stands", (secret) => {
    const say = createEventLogger({ destination });
    const facts = { [secret]: "hunter2", headers: { [secret]: "hunter2", deep: { [secret]: "hunter2" } } };
    say("alert.fired", { alert: "x", subject: "y", severity: "z", facts });
    expect(JSON.stringify(lines)).not.toContain("hunter2");
    expect(JSON.stringify(lines)).toContain("[redacted]");
  });

  test("tell what a batch did that whoever runs the node should know", () => {
    const said: [string, unknown][] = [];
    const { engine } = openStage();
    const say: Say = (name, facts) => void said.push([name, facts]);
    sayBatch(say, execute(engine, [order(1, 0, 99, 5)]));
    expect(said).toEqual([]);
    sayBatch(
      say,
      execute(engine, [
        {
          kind: "configurePosture",
          time,
          tier: 1,
          enabled: 1,
          baseline: 1,
          insuranceTarget: 0,
        },
      ]),
    );
    expect(said).toEqual([["posture.moved", { tier: 1, from: 0, to: 1, rule: 16, sequence: 17 }]]);
  });
});

const HEALTHY: NodeState = {
  log: "open",
  quarantined: [],
  breakers: [{ tier: 1, market: 1, level: BREAKER.normal }],
  postures: [{ tier: 1, posture: POSTURE.normal }],
  funds: [
    { tier: 1, insurance: usd(500), target: usd(1_000) },
    { tier: 2, insurance: 0, target: 0 },
  ],
  viewsLagCommands: 3,
  viewsLagMs: 30_000,
  snapshotAgeMs: 6 * 3_600_000,
};

/** A state in which just this rule is true. */
const FAULTS: Readonly<Record<string, readonly [Partial<NodeState>, subject: string]>> = {
  logFull: [{ log: "full" }, "node"],
  logFailed: [{ log: "failed" }, "node"],
  divergence: [{ divergence: "commands 5 to 9" }, "node"],
  quarantine: [{ quarantined: [{ tier: 1, market: 2, invariant: 3 }] }, "1/2"],
  breakerHalt: [{ breakers: [{ tier: 1, market: 2, level: BREAKER.halt }] }, "1/2"],
  tierHalt: [{ postures: [{ tier: 1, posture: POSTURE.halt }] }, "1"],
  insuranceShort: [{ funds: [{ tier: 1, insurance: usd(499), target: usd(1_000) }] }, "1"],
  viewsLag: [{ viewsLagMs: 30_001 }, "node"],
  snapshotOld: [{ snapshotAgeMs: 6 * 3_600_000 + 1 }, "node"],
};

const halted = (...markets: number[]): NodeState => ({
  ...HEALTHY,
  breakers: markets.map((market) => ({ tier: 1, market, level: BREAKER.halt })),
});

describe("alerts", () => {
  const { metrics } = createTelemetry();

  test.each(RULES.map((rule) => [rule.name, rule.meaning] as const))(
    "%s fires for its fault alone, once, and is over when that is",
    (name, meaning) => {
      const [fault, subject] = FAULTS[name] ?? [];
      const notices: Notice[] = [];
      const clock = { now: 1_000 };
      const alerts = createAlerts({
        metrics,
        say: silent,
        notify: (notice) => notices.push(notice),
        clock: () => clock.now,
      });
      alerts.look(HEALTHY);
      expect(notices).toEqual([]);
      for (let round = 0; round < 3; round++) alerts.look({ ...HEALTHY, ...fault });
      expect(notices).toMatchObject([{ alert: name, subject, status: "firing", meaning, startedAt: 1_000 }]);
      expect(alerts.firing()).toHaveLength(1);
      clock.now = 5_000;
      alerts.look(HEALTHY);
      expect(notices[1]).toMatchObject({
        alert: name,
        subject,
        status: "resolved",
        startedAt: 1_000,
        at: 5_000,
      });
      expect(alerts.firing()).toEqual([]);
    },
  );

  test("that go on are told again, and each subject is told of by itself", () => {
    const notices: Notice[] = [];
    const clock = { now: 0 };
    const alerts = createAlerts({
      metrics,
      say: silent,
      repeatMs: 1e3,
      clock: () => clock.now,
      notify: (notice) => notices.push(notice),
    });
    alerts.look(halted(1));
    clock.now = 999;
    alerts.look(halted(1, 2));
    clock.now = 1_000;
    alerts.look(halted(1, 2));
    expect(notices.map(({ subject, at }) => `${subject} at ${at}`)).toEqual([
      "1/1 at 0",
      "1/2 at 999",
      "1/1 at 1000",
    ]);
  });

  test("are in docs/operating/telemetry.md, with what they mean", () => {
    const page = readFileSync("docs/operating/telemetry.md", "utf8");
    for (const { name, severity, meaning } of RULES)
      expect(page).toContain(`| \`${name}\` | ${severity} | ${meaning} |`);
  });

  test("see what the state of a venue says", () => {
    const { engine } = openStage();
    const itself = { log: "open", viewsLagCommands: 0, viewsLagMs: 0, snapshotAgeMs: 0 } as const;
    expect(nodeStateOf(engine.venue, itself, new Map())).toEqual({
      ...itself,
      quarantined: [],
      breakers: [
        { tier: 1, market: 1, level: 0 },
        { tier: 1, market: 2, level: 0 },
      ],
      postures: [{ tier: 1, posture: 0 }],
      funds: [{ tier: 1, insurance: 0, target: 0 }],
    });
  });
});

const NOTICE: Notice = {
  alert: "logFull",
  subject: "node",
  severity: "critical",
  status: "firing",
  meaning: "No room.",
  facts: { log: "full" },
  startedAt: 5,
  at: 5,
};

/** A receiver that answers as told, and keeps what it got. */
async function receiver(
  statuses: number[],
): Promise<{ url: string; got: { signature: string; body: string }[] }> {
  const got: { signature: string; body: string }[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      got.push({ signature: String(request.headers["bulkhead-signature"]), body });
      response.writeHead(statuses.shift() ?? 204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, got };
}

const options = () => {
  const telemetry = createTelemetry();
  const waits: number[] = [];
  const said: [string, unknown][] = [];
  return {
    telemetry,
    waits,
    said,
    secret: "s3cret",
    metrics: telemetry.metrics,
    random: () => 0,
    clock: () => 0x18bcfe569f4,
    say: ((name, facts) => said.push([name, facts])) as Say,
    wait: (ms: number) => Promise.resolve(void waits.push(ms)),
  };
};

describe("the webhook", () => {
  test("gets each notice signed, and again until it takes it", async () => {
    const { url, got } = await receiver([500, 429, 200]);
    const own = options();
    const webhook = createWebhook({ ...own, url });
    webhook.send(NOTICE);
    await webhook.idle();
    const body = JSON.stringify(NOTICE);
    expect(got).toEqual(
      Array.from({ length: 3 }, () => ({ signature: signNotice("s3cret", 1_700_000_000, body), body })),
    );
    expect(own.waits).toEqual([1_000, 2_000]);
    expect(valuesOf(await own.telemetry.metricsText(), "alert_deliveries_total")).toEqual({
      'outcome="retried"': 2,
      'outcome="delivered"': 1,
    });
  });

  test.each([
    ["at once what it does not want", [422], 1],
    ["after so many tries", [500, 500, 500, 500, 500], 3],
  ])("gives up %s, and says so", async (_, statuses, attempts) => {
    const { url, got } = await receiver([...statuses]);
    const own = options();
    const webhook = createWebhook({ ...own, url, attempts: 3 });
    webhook.send(NOTICE);
    await webhook.idle();
    expect(got).toHaveLength(attempts);
    const error = `the webhook answered ${statuses[0]}`;
    expect(own.said).toEqual([["alert.undelivered", { alert: "logFull", subject: "node", attempts, error }]]);
  });

  test("drops the oldest of too many that wait", async () => {
    const own = options();
    const got: unknown[] = [];
    const webhook = createWebhook({
      ...own,
      url: "http://127.0.0.1:1/",
      maxWaiting: 2,
      fetch: ((_: string, { body }: RequestInit) => {
        got.push((JSON.parse(body as string) as Notice).at);
        return Promise.resolve(new Response(null, { status: 204 }));
      }) as typeof fetch,
    });
    for (let at = 1; at <= 4; at++) webhook.send({ ...NOTICE, at });
    await webhook.idle();
    expect(got).toEqual([1, 3, 4]);
    expect(own.said).toHaveLength(1);
  });
});
