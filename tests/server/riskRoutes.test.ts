/** What the node tells of its risk, its prices and its log, on a venue whose figures can be checked by hand. */
import {
  Engine,
  FRAME_WORDS,
  type POSTURE,
  PARAMETERS,
  VENUE_PARAMETERS,
  coverTwo,
  hex,
} from "@bulkhead/engine";
import { readRecord } from "@bulkhead/protocol";
import { readLog } from "@bulkhead/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PLAIN_FEED, usd } from "../engine/venue.ts";
import { MemoryDisk } from "./memoryDisk.ts";
import { type TestClient, type TestNode, call, openNode } from "./venueNode.ts";

type Body = Readonly<Record<string, unknown>>;

/** Until an answer that was given before is given again. */
const KEPT = 1_100;
const HOUR = 3_600_000;
const DAY = 86_400_000;
const nodes: TestNode[] = [];

async function open(options: Parameters<typeof openNode>[0] = {}): Promise<TestNode> {
  const node = await openNode(options);
  nodes.push(node);
  return node;
}

async function ask(node: TestNode, path: string): Promise<Body> {
  const { status, body } = await call(node.url + path, "GET");
  expect([path, status, body]).toEqual([path, 200, body]);
  return body as unknown as Body;
}

const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

afterAll(async () => {
  for (const node of nodes) {
    expect(node.logged.filter((line) => /answer_malformed|request_failed/.test(line))).toEqual([]);
    await node.close();
  }
});

describe("the risk of a venue", () => {
  let node: TestNode;
  let [long, short]: TestClient[] = [];

  beforeAll(async () => {
    node = await open();
    long = await node.client(1_000);
    short = await node.client(4_000);
    const { account } = await node.client(0);
    await node.execute({ kind: "confirmDeposit", account, asset: 1, amount: usd(300), reference: 2 ** 52 });
    await node.execute({ kind: "fundLayer", account, tier: 0, layer: 5, amount: usd(200) });
    await short.order("sell", 100, 100);
    expect((await long.order("buy", 100, 100)).status).toBe(201);
    await node.execute({
      kind: "setParameter",
      tier: 1,
      market: 1,
      parameter: PARAMETERS.stressMove.id,
      value: 200_000,
    });
  });

  test("is what it holds, what it owes, and what stands between", async () => {
    const risk = await ask(node, "/v1/risk");
    expect(risk["solvency"]).toEqual({
      assets: [{ asset: "USD", held: "5300.000000", owed: "5300.000000", price: "1.000000" }],
      held: "5300.000000",
      owed: "5100.000000",
      shortfall: "0.000000",
      layers: "200.000000",
      // 5300/5100
      ratio: "1.039215",
    });
    expect(risk["tiers"]).toMatchObject([
      {
        tier: 1,
        name: "Majors",
        posture: { posture: "normal", rule: 0, input: null, enabled: false },
        layers: [
          { layer: "firstTranche", balance: "0.000000", drawable: "0.000000", target: null },
          { layer: "insurance" },
          { layer: "cover" },
          { layer: "secondTranche" },
          { layer: "mutual", balance: "200.000000", drawable: "80.000000" },
        ],
        openInterest: "10000.000000",
        buckets: 2,
        distressed: 0,
        shortfall: "0.000000",
      },
    ]);
    const cover = await node.runner.read(({ venue }) => coverTwo(venue));
    expect(cover.needed).toBeGreaterThan(0);
    expect(risk["cover2"]).toEqual({
      needed: (cover.needed / 1e6).toFixed(6),
      available: "200.000000",
      drawable: "128.000000",
      ratio: ((cover.ratio as number) / 1e6).toFixed(6),
      owners: cover.owners.map(({ residual }) => (residual / 1e6).toFixed(6)),
    });
    expect(risk["throttle"]).toMatchObject({ enabled: false, hour: null, queue: { count: 0, oldest: null } });
    expect(risk["mutual"]).toMatchObject({ balance: "200.000000", target: null });
    expect(risk["from"]).toBe(risk["sequence"]);
  });

  test("is told again for a second, with the command it is true after", async () => {
    const before = await ask(node, "/v1/risk/health?tier=1");
    expect(before).toMatchObject({
      buckets: 2,
      exposed: 2,
      below: 0,
      sample: { every: 1, health: [2_000_000, 8_000_000], size: [10_000, 10_000] },
      sequence: node.runner.engine.sequence,
    });
    await node.execute({ kind: "updateIndexPrice", tier: 1, market: 1, price: 85 });
    expect(await ask(node, "/v1/risk/health?tier=1")).toEqual(before);
    await later(KEPT);
    // −500 over 425, and 5500 over 425.
    const after = await ask(node, "/v1/risk/health?tier=1");
    expect(after).toMatchObject({
      below: 1,
      sample: { health: [-1_176_471, 12_941_176], size: [8_500, 8_500] },
      sequence: node.runner.engine.sequence,
    });
    const bins = after["histogram"] as {
      from: string | null;
      until: string | null;
      buckets: number;
      maintenanceMargin: string;
    }[];
    expect(bins.filter(({ buckets }) => buckets > 0)).toEqual([
      { from: null, until: "0.000000", buckets: 1, maintenanceMargin: "425.000000" },
      { from: "10.000000", until: "20.000000", buckets: 1, maintenanceMargin: "425.000000" },
    ]);
    const risk = await ask(node, "/v1/risk");
    expect(risk["solvency"]).toMatchObject({
      owed: "5600.000000",
      shortfall: "500.000000",
      ratio: "0.946428",
    });
    await node.execute({ kind: "updateIndexPrice", tier: 1, market: 1, price: 100 });
    await later(KEPT);
  });

  test("is what would be liquidated at which price", async () => {
    const map = await ask(node, "/v1/risk/liquidations?symbol=BTC-PERP&range=50");
    expect(map).toMatchObject({
      symbol: "BTC-PERP",
      mark: "100",
      positions: 2,
      every: 1,
      never: 0,
      now: { long: "0.000000", short: "0.000000", positions: 0 },
      beyond: { positions: 0 },
    });
    const bins = map["bins"] as Body[];
    expect([bins.length, bins[0]?.["from"], bins.at(-1)?.["until"]]).toEqual([50, "50", "150"]);
    // 1000 + 100·(p − 100) < 5·p first at 94; 4000 − 100·(p − 100) < 5·p first at 134.
    expect(bins.filter(({ positions }) => positions !== 0)).toEqual([
      { from: "94", until: "96", long: "9400.000000", short: "0.000000", positions: 1 },
      { from: "134", until: "136", long: "0.000000", short: "13400.000000", positions: 1 },
    ]);
  });

  test("names what it does not know", async () => {
    for (const path of [
      "/v1/risk/health?tier=9",
      "/v1/risk/liquidations?symbol=X",
      "/v1/markets/X/oracle",
      "/v1/log",
      "/v1/log/x",
      "/v1/log/capacities",
      "/v1/tiers/9/funds/history",
    ])
      expect([path, (await call(node.url + path, "GET")).status]).toEqual([path, 404]);
    expect((await call(`${node.url}/v1/risk/health`, "GET")).status).toBe(400);
    expect((await call(`${node.url}/v1/risk/liquidations?symbol=BTC-PERP&range=7`, "GET")).status).toBe(400);
    expect((await long?.send("POST", "/v1/demo/deposit", {}))?.status).toBe(404);
    expect(await ask(node, "/v1/venue")).toMatchObject({ publicLog: false, playMoney: null });
  });
});

test("of the throttle's windows is told what may leave now, and what may at most", async () => {
  let now = 1_700_000_000_000;
  const node = await open({ clock: () => now });
  const client = await node.client(0);
  const { account } = client;
  await node.execute({ kind: "confirmDeposit", account, asset: 1, amount: usd(1_000), reference: 1 });
  const set = (parameter: { readonly id: number }, value: number) =>
    node.execute({ kind: "setParameter", tier: 0, market: 0, parameter: parameter.id, value });
  await set(VENUE_PARAMETERS.throttleHourMinimum, usd(800));
  await set(VENUE_PARAMETERS.throttleHour, 20_000);
  const windows = async () => {
    await later(KEPT);
    return (await ask(node, "/v1/risk"))["throttle"];
  };
  // It begins with nothing, which is not as if everything had been withdrawn.
  expect(await windows()).toMatchObject({
    enabled: true,
    hour: { free: "0.000000", limit: "800.000000" },
    day: null,
  });
  now += HOUR / 2;
  const withdraw = (amount: number) => node.execute({ kind: "requestWithdrawal", account, asset: 1, amount });
  await withdraw(usd(100));
  expect(await windows()).toMatchObject({ hour: { free: "300.000000", limit: "800.000000" } });
  now += HOUR / 8;
  await withdraw(usd(0.5));
  expect(await windows()).toMatchObject({ hour: { free: "399.500000" }, queue: { count: 0 } });
});

test("a price is told with who says what, how far off, and with what weight", async () => {
  let now = 1_700_000_000_000;
  const node = await open({ clock: () => now });
  for (const reporter of [1, 2, 3, 4])
    await node.execute({
      kind: "registerReporter",
      tier: 1,
      reporter,
      operator: reporter,
      weight: 1_000_000,
    });
  await node.execute({ kind: "configureFeed", ...PLAIN_FEED });
  let number = 0;
  const report = (reporter: number, price: number) =>
    node.execute({
      kind: "reportPrice",
      tier: 1,
      feedKind: 0,
      id: 1,
      reporter,
      price,
      confidence: 10,
      publishedAt: now,
      sequence: ++number,
    });
  await report(1, 100_000);
  await report(2, 100_100);
  now += 500;
  await report(3, 99_900);
  now += 100;
  await node.execute({ kind: "clockTick", tier: 1 });
  const oracle = await ask(node, "/v1/markets/BTC-PERP/oracle");
  expect(oracle).toMatchObject({
    symbol: "BTC-PERP",
    quality: "valid",
    price: "100.000",
    quorum: 3,
    counted: 3,
    forbids: [],
  });
  const third = "0.333333";
  const source = { state: "counted", confidence: "0.010", weight: third, nominal: "1.000000", held: null };
  expect(oracle["sources"]).toMatchObject([
    { ...source, reporter: 1, price: "100.000", age: 600, deviation: "0.000000" },
    { ...source, reporter: 2, price: "100.100", age: 600, deviation: "0.001000" },
    { ...source, reporter: 3, price: "99.900", age: 100, deviation: "-0.001000" },
    { reporter: 4, state: "silent", price: null, age: null, deviation: null, weight: "0.000000" },
  ]);
});

describe("a log that is public", () => {
  test("is read to its last durable byte, checked and executed by whoever wants to", async () => {
    const node = await open({ isLogPublic: true });
    const client = await node.client();
    for (let order = 0; order < 30; order++) await client.order("buy", 1, 60 + order);
    expect(await ask(node, "/v1/venue")).toMatchObject({ publicLog: true });
    const log = await ask(node, "/v1/log");
    expect(log).toMatchObject({ genesis: `0x${hex(node.genesis)}`, first: 1, last: node.runner.log.last });
    const disk = new MemoryDisk();
    let total = 0;
    for (const { segment, bytes } of log["segments"] as { segment: string; bytes: number }[]) {
      const whole = await fetch(`${node.url}/v1/log/${segment}`);
      expect([whole.status, whole.headers.get("content-type"), whole.headers.get("accept-ranges")]).toEqual([
        200,
        "application/octet-stream",
        "bytes",
      ]);
      const told = new Uint8Array(await whole.arrayBuffer());
      expect(told.length).toBe(bytes);
      // The salt of the segment that is being written would let a command pass for a batch.
      const lies = await node.disks.log.open(segment);
      const salt = new Uint8Array(16);
      await lies.read(salt, 16);
      expect(Buffer.from(told).includes(Buffer.from(salt))).toBe(false);
      expect(told.slice(16, 32)).toEqual(new Uint8Array(16));
      const header = await fetch(`${node.url}/v1/log/${segment}`, { headers: { range: "bytes=10-40" } });
      expect(new Uint8Array(await header.arrayBuffer())).toEqual(told.slice(10, 41));
      const stored = await disk.create(segment, bytes);
      await stored.write(told, 0);
      await stored.sync();
      const tail = await fetch(`${node.url}/v1/log/${segment}`, { headers: { range: `bytes=100-199` } });
      expect([tail.status, tail.headers.get("content-range")]).toEqual([206, `bytes 100-199/${bytes}`]);
      expect(new Uint8Array(await tail.arrayBuffer())).toEqual(told.slice(100, 200));
      const last = await fetch(`${node.url}/v1/log/${segment}`, { headers: { range: "bytes=-7" } });
      expect(new Uint8Array(await last.arrayBuffer())).toEqual(told.slice(-7));
      const beyond = await fetch(`${node.url}/v1/log/${segment}`, { headers: { range: `bytes=${bytes}-` } });
      expect([beyond.status, await beyond.json()]).toMatchObject([
        416,
        { type: "/problems/range-not-there", facts: { bytes } },
      ]);
      // What was reserved ahead and not written yet is not told.
      const ahead = await node.disks.log.open(segment);
      expect(ahead.bytes).toBeGreaterThan(bytes);
      total += bytes;
    }
    expect(total).toBeGreaterThan(0);
    const { genesis: _, ...capacities } = (await ask(node, "/v1/log/capacities")) as never as {
      genesis: string;
    } & Engine["capacities"];
    const engine = new Engine({ capacities });
    const frame = new Float64Array(FRAME_WORDS);
    for await (const { records, count, head } of readLog(disk, 1)) {
      const view = new DataView(records.buffer, records.byteOffset, records.length);
      for (let index = 0, at = 0; index < count; index++) {
        at = readRecord(view, at, frame, 0);
        engine.apply(frame);
      }
      expect(hex(engine.seal())).toBe(hex(head));
      const last = engine.sequence;
      const told = {
        genesis: `0x${hex(node.genesis)}`,
        first: last - count + 1,
        sequence: last,
        head: hex(head),
      };
      for (const sequence of [told.first, last])
        expect(await ask(node, `/v1/log/heads/${sequence}`)).toEqual(told);
    }
    expect(engine.sequence).toBe(node.runner.engine.sequence);
    expect(hex(engine.stateHash())).toBe(await node.stateHash());
  });

  test("has no head of what it has not, and none at all where it is not public", async () => {
    const node = await open({ isLogPublic: true });
    const { last } = node.runner.log;
    const none = await call(`${node.url}/v1/log/heads/${last + 1}`, "GET");
    expect(none).toMatchObject({ status: 404, body: { type: "/problems/not-found" } });
    for (const name of ["0", "-1", "1.5", "x"])
      expect([name, (await call(`${node.url}/v1/log/heads/${name}`, "GET")).status]).toEqual([name, 400]);
    const many = Array.from({ length: 8 }, (_, index) => ask(node, `/v1/log/heads/${(index % last) + 1}`));
    for (const told of await Promise.all(many)) expect(told["head"]).toMatch(/^[0-9a-f]{64}$/);
    const closed = await open();
    expect((await call(`${closed.url}/v1/log/heads/1`, "GET")).status).toBe(404);
  });

  test("has no other file in it", async () => {
    const node = await open({ isLogPublic: true });
    for (const name of [
      "spare",
      "..%2F..%2Fetc%2Fpasswd",
      "0000000000000002.log",
      "..%2Faccess%2F0000000000000001.log",
    ])
      expect([name, (await fetch(`${node.url}/v1/log/${name}`)).status]).toEqual([name, 404]);
  });
});

describe("play money", () => {
  const playMoney = { asset: "USD", amount: "400", perDay: "1000" };

  test("is given so much a day, whatever is tried", async () => {
    let now = 20_000 * DAY + 1_000;
    const clock = (): number => now;
    const first = await openNode({ playMoney, clock });
    const client = await first.client(0);
    const stranger = await first.client(0);
    expect(await ask(first, "/v1/venue")).toMatchObject({ playMoney });
    const give = (body: object = {}) => client.send("POST", "/v1/demo/deposit", body);
    const told = await give();
    expect(told).toMatchObject({
      status: 200,
      body: {
        account: client.account,
        asset: "USD",
        amount: "400.000000",
        left: "600.000000",
        renewsAt: 20_001 * DAY,
      },
    });
    expect((await give({ account: stranger.account })).status).toBe(403);
    now += 10;
    // Two at once: the limit leaves room for one.
    const both = [
      client.signed("POST", "/v1/demo/deposit", "{}"),
      client.signed("POST", "/v1/demo/deposit", "{}"),
    ];
    const replies = await Promise.all(
      both.map((headers) =>
        call(`${first.url}/v1/demo/deposit`, "POST", {
          body: "{}",
          headers: { "content-type": "application/json", ...headers },
        }),
      ),
    );
    expect(replies.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 429]);
    const denied = replies.find(({ status }) => status === 429);
    expect(denied?.body).toMatchObject({ type: "/problems/rate-limited", retryAfterMs: DAY - 1_010 });
    expect((await client.read(`/v1/accounts/${client.account}/balances`)).body).toMatchObject({
      vault: [{ asset: "USD", amount: "800.000000" }],
    });
    const { disks } = first;
    await first.close();

    // Not by a restart either; on the next day again.
    now += 120_000;
    const again = await open({ playMoney, clock, disks });
    const back = Object.assign(Object.create(Object.getPrototypeOf(client) as object) as TestClient, client, {
      node: again,
    });
    expect((await back.send("POST", "/v1/demo/deposit", {})).status).toBe(429);
    now = 20_001 * DAY;
    await back.delegate(15);
    expect((await back.send("POST", "/v1/demo/deposit", {})).body).toMatchObject({ left: "600.000000" });
  });

  test("needs a signature of a session that may trade", async () => {
    const node = await open({ playMoney });
    const reader = await node.client(0, 1);
    expect((await reader.send("POST", "/v1/demo/deposit", {})).status).toBe(403);
    expect(
      (
        await call(`${node.url}/v1/demo/deposit`, "POST", {
          body: "{}",
          headers: { "content-type": "application/json" },
        })
      ).status,
    ).toBe(401);
  });
});

test("what happened is told in words and decimals", async () => {
  const moment = { sequence: 7, time: 1_000, tier: 1, market: 1 };
  const rows = [
    ["breaker", { from: 0, to: 2, signal: 1, score: 1_500_000, lossAvoided: 2_500_000, cost: 1 }],
    ["posture", { from: 0, to: 1, rule: 3, seen: 120, bound: 100 }],
    ["layer", { default: 4, layer: 2, amount: 1_000_000, remaining: 0 }],
    ["haircut", { default: 4, amount: -3_000_000, winners: 2 }],
    ["tear-up", { lots: -5, price: 90, positions: 2 }],
    ["quarantine", { invariant: 2 }],
    ["proposal", { proposal: 2, nonce: 9, status: "executed", command: 6 }],
    ["parameter", { parameter: PARAMETERS.takerFee.id, previous: 1, value: 2, cause: "steward", until: 0 }],
  ] as const;
  const node = await open({
    history: () => ({
      sequence: async () => 9,
      reached: async () => undefined,
      ask: async (name, question) => {
        asked.push([name, question]);
        if (name === "fundHistory")
          return [{ start: 60_000, layer: 2, balance: 5_000_000, paidIn: 2_000_000, paidOut: 1 }] as never;
        return {
          rows: rows.map(([kind, facts], ordinal) => ({
            ...moment,
            ordinal,
            kind,
            facts: JSON.stringify(facts),
          })),
          next: "abc",
        } as never;
      },
    }),
  });
  const asked: unknown[] = [];
  const { items, next } = (await ask(node, "/v1/timeline?tier=1&kind=layer&limit=8&since=5")) as {
    items?: unknown;
    next?: unknown;
  };
  expect(asked).toEqual([["timeline", { tier: 1, kind: "layer", limit: 8, from: 5 }]]);
  const common = { time: 1_000, sequence: 7, tier: 1 };
  expect(next).toBe("abc");
  expect(items).toEqual([
    {
      ...common,
      id: "7-0",
      kind: "breaker",
      symbol: "BTC-PERP",
      from: "normal",
      to: expect.any(String),
      signal: expect.any(String),
      score: "1.500000",
      lossAvoided: "2.500000",
      cost: "0.000001",
    },
    {
      ...common,
      id: "7-1",
      kind: "posture",
      from: "normal",
      to: "elevated" satisfies keyof typeof POSTURE,
      rule: 3,
      input: "ruin",
      seen: 120,
      bound: 100,
    },
    {
      ...common,
      id: "7-2",
      kind: "layer",
      default: 4,
      layer: "insurance",
      amount: "1.000000",
      remaining: "0.000000",
    },
    { ...common, id: "7-3", kind: "haircut", default: 4, amount: "-3.000000", winners: 2 },
    { ...common, id: "7-4", kind: "tear-up", symbol: "BTC-PERP", amount: "5", price: "90", positions: 2 },
    { ...common, id: "7-5", kind: "quarantine", symbol: "BTC-PERP", invariant: 2 },
    {
      ...common,
      id: "7-6",
      kind: "proposal",
      proposal: 2,
      nonce: 9,
      status: "executed",
      command: "confirmDeposit",
    },
    {
      ...common,
      id: "7-7",
      kind: "parameter",
      symbol: "BTC-PERP",
      parameter: "takerFee",
      before: 1,
      after: 2,
      cause: "steward",
      until: null,
    },
  ]);
  expect(await ask(node, "/v1/tiers/1/funds/history?layer=insurance&interval=1m&until=9")).toEqual([
    { start: 60_000, layer: "insurance", balance: "5.000000", paidIn: "2.000000", paidOut: "0.000001" },
  ]);
  expect(asked[1]).toEqual(["fundHistory", { tier: 1, layer: 2, interval: "1m", limit: 100, until: 9 }]);
});
