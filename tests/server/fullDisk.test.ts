/** A node whose disk is full: nothing more is taken in, everything can be asked, and it goes on by itself once there is room. */
import { once } from "node:events";
import { Engine, hex } from "@bulkhead/engine";
import { type Say, executeBatch } from "@bulkhead/server";
import { WebSocket } from "ws";
import { afterEach, describe, expect, test } from "vitest";
import { sayNote } from "../../packages/server/src/telemetry/eventLogger.ts";
import { smallVenue } from "../engine/venue.ts";
import { type Reply, type TestClient, type TestNode, call, openNode } from "./venueNode.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

const ignore = (): void => undefined;

async function open(): Promise<{ node: TestNode; client: TestClient; said: string[] }> {
  const said: string[] = [];
  const say: Say = (name, facts) => void said.push(`${name} ${JSON.stringify(facts)}`);
  const probe = { executed: ignore, synced: ignore, noted: sayNote.bind(undefined, say) };
  const node = await openNode({ core: { probe, retryMs: 20 } });
  closers.push(() => node.close());
  return { node, client: await node.client(), said };
}

/** Three orders, and then prices until the disk is full. @returns how many orders there are, and the answer to one more */
async function fill(node: TestNode, client: TestClient): Promise<{ orders: number; refused: Reply }> {
  const orders = 3;
  for (let order = 0; order < orders; order++) expect((await client.order("buy", 1, 90)).status).toBe(201);
  node.disks.log.room = 0;
  while (node.runner.log.condition === "open")
    await node
      .execute({ kind: "updateIndexPrice", tier: 1, market: 1, price: 100 })
      .catch((error: unknown) => expect(error).toMatchObject({ fault: "full" }));
  return { orders, refused: await client.order("buy", 1, 90) };
}

/** The state of an engine that executes the log and never stops. */
async function uninterrupted({ runner }: TestNode): Promise<string> {
  const engine = new Engine({ capacities: smallVenue() });
  for await (const batch of runner.log.read(1)) executeBatch(engine, batch);
  return hex(engine.stateHash());
}

const LOG_FULL = {
  status: 503,
  body: {
    type: "/problems/log-full",
    status: 503,
    detail: "there is no room to keep commands: nothing of it was executed; try again later",
  },
};

describe("a node with a full disk", () => {
  test("refuses commands and says that nothing has happened, answers questions, and goes on with nothing lost", async () => {
    const { node, client, said } = await open();
    const { orders, refused } = await fill(node, client);
    const { last } = node.runner.log;
    expect(refused).toMatchObject(LOG_FULL);
    expect(refused.headers.get("content-type")).toContain("application/problem+json");
    expect(refused.headers.get("retry-after")).toBe("1");
    expect(said.map((line) => line.split(" ")[0])).toEqual(["log.scarce", "log.full"]);

    const { account } = client;
    expect(await client.send("DELETE", `/v1/orders?account=${account}`)).toMatchObject(LOG_FULL);
    expect(await client.command({ kind: "openAccount" })).toMatchObject(LOG_FULL);
    const entry = new WebSocket(`ws://127.0.0.1:${node.gateway.port}/v1/binary`);
    await once(entry, "open");
    const answer = once(entry, "message") as Promise<[Buffer]>;
    entry.send(client.batch([{ kind: "cancelAll", account, tier: 1, bucket: 1, market: 1 }]));
    expect((await answer)[0].toString()).toContain(LOG_FULL.body.detail);
    entry.close();

    const own = ["", "/balances", "/positions", "/orders"].map((what) => `/v1/accounts/${account}${what}`);
    const anybodys = ["/v1/venue", "/v1/markets/BTC-PERP/book", "/v1/tiers/1/funds", "/v1/risk", "/health"];
    for (const path of own) expect([path, (await client.read(path)).status]).toEqual([path, 200]);
    for (const path of anybodys)
      expect([path, (await call(node.url + path, "GET")).status]).toEqual([path, 200]);
    expect((await call(`${node.url}/v1/markets/BTC-PERP/book`, "GET")).body).toMatchObject({
      bids: [["90", String(orders)]],
      asks: [],
    });
    expect(await call(`${node.url}/ready`, "GET")).toMatchObject({
      status: 503,
      body: { type: "/problems/not-ready", detail: "the log of commands is full" },
    });
    expect(await node.runner.snapshot()).toBe(last);
    expect([node.runner.log.last, node.runner.engine.sequence]).toEqual([last, last]);

    node.disks.log.room = Infinity;
    await expect.poll(() => node.runner.log.condition).toBe("open");
    expect(said.slice(2)).toEqual([`log.recovered {"sequence":${last}}`]);
    expect((await call(`${node.url}/ready`, "GET")).status).toBe(200);
    expect(await client.order("buy", 1, 90)).toMatchObject({ status: 201, body: { sequence: last + 1 } });
    expect(await node.stateHash()).toBe(await uninterrupted(node));
  });

  test("opens no account whose owner could not be kept", async () => {
    const { node, client } = await open();
    node.disks.access.room = 0;
    const { registry } = node.access;
    for (let timeout = 1_000; registry.condition === "open"; timeout++)
      await registry.setSwitch(client.account, timeout).catch((error: unknown) => {
        expect(error).toMatchObject({ fault: "full" });
      });
    const before = node.runner.engine.sequence;
    expect(await client.command({ kind: "openAccount" })).toMatchObject({
      status: 503,
      body: {
        type: "/problems/log-full",
        detail: "It could not be kept: there is no room. Send it again once there is",
      },
    });
    expect(node.runner.engine.sequence).toBe(before);
    expect((await client.order("buy", 1, 90)).status).toBe(201);
    expect(await call(`${node.url}/ready`, "GET")).toMatchObject({
      status: 503,
      body: { detail: "the log of access is full" },
    });
    node.disks.access.room = Infinity;
    await expect.poll(() => registry.condition, { timeout: 5_000 }).toBe("open");
    expect((await client.command({ kind: "openAccount" })).status).toBe(200);
  });

  test("cancels the orders of who has left once there is room", async () => {
    const { node, client } = await open();
    const entry = new WebSocket(`ws://127.0.0.1:${node.gateway.port}/v1/binary?cancelOnDisconnect=true`);
    await once(entry, "open");
    const answered = once(entry, "message");
    entry.send(client.batch([{ kind: "cancelAll", account: client.account, tier: 1, bucket: 1, market: 1 }]));
    await answered;
    const { orders } = await fill(node, client);
    entry.close();
    const left = (): string[] => node.logged.filter((line) => line.includes("disconnected_account"));
    await expect.poll(left).toMatchObject([expect.stringContaining("disconnected_account_not_cancelled")]);
    node.disks.log.room = Infinity;
    await expect.poll(() => left().slice(1), { timeout: 5_000 }).toHaveLength(1);
    expect(left()[1]).toContain(`"canceled":${orders}`);
  });
});
