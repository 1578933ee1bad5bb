/** A whole node: set up from a configuration, traded on over its doors, stopped, started again, halted. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createPrivateKey, hexOf } from "@bulkhead/protocol";
import { type Client, ProblemError, connect, localWallet, openAccount } from "@bulkhead/sdk";
import { type Node, type Say, lookInto, parseConfig, raiseHalt, startNode, verify } from "@bulkhead/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const OPERATOR = hexOf(createPrivateKey());
const TRADERS = [hexOf(createPrivateKey()), hexOf(createPrivateKey())] as const;
const ROOM = { markets: 2, buckets: 64, positions: 256, orders: 1_024, holdings: 64, ticks: 2 ** 17 };
const config = parseConfig({
  name: "test",
  port: 0,
  publicOrigin: "https://venue.example",
  operators: [localWallet(OPERATOR).address],
  assets: [{ symbol: "USD", decimals: 6 }],
  capacities: { accounts: 64, balances: 128, withdrawals: 64 },
  tiers: [
    {
      name: "only",
      capacities: ROOM,
      markets: [
        {
          symbol: "X-PERP",
          base: "X",
          tickSize: "0.01",
          lotSize: "1",
          rangeBits: 16,
          feed: false,
          breaker: false,
        },
      ],
    },
  ],
});
const TIMEOUT = 240_000;

let path = "";
const said: string[] = [];
const say: Say = (name, facts) => void said.push(`${name} ${JSON.stringify(facts)}`);
const start = (): Promise<Node> => startNode({ config, directory: path, say, version: "test" });
const as = (node: Node, key: string): Promise<Client> => connect(node.url, { wallet: localWallet(key) });

beforeAll(async () => {
  path = await mkdtemp(join(tmpdir(), "bulkhead-node-"));
});
afterAll(async () => rm(path, { recursive: true }));

describe("a node", () => {
  test(
    "takes orders over its doors, and everything is there again when it comes back",
    async () => {
      const node = await start();
      const openapi = await fetch(`${node.url}/openapi.json`, {
        headers: { origin: config.publicOrigin as string },
      });
      expect(openapi.headers.get("access-control-allow-origin")).toBe("https://venue.example");
      expect(await openapi.json()).toMatchObject({ servers: [{ url: "https://venue.example" }] });
      const operator = await as(node, OPERATOR);
      await operator.sign({ kind: "updateIndexPrice", tier: 1, market: 1, price: 10_000 });
      const traders = await Promise.all(TRADERS.map((key) => as(node, key)));
      for (const [index, trader] of traders.entries()) {
        const account = await openAccount(trader);
        const amount = 1_000_000_000;
        await operator.sign({ kind: "confirmDeposit", account, asset: 1, amount, reference: index + 1 });
        await trader.sign({ kind: "allocate", account, tier: 1, mode: 0, asset: 1, amount });
      }
      const [buyer, seller] = traders as [Client, Client];
      const order = { symbol: "X-PERP", type: "limit", amount: "3", price: "100.00" } as const;
      const resting = await seller.placeOrder({ ...order, side: "sell" });
      expect(resting).toMatchObject({ status: "open" });
      expect(await buyer.placeOrder({ ...order, side: "buy", amount: "2" })).toMatchObject({ filled: "2" });
      expect(await buyer.positions()).toMatchObject([{ symbol: "X-PERP", side: "long", amount: "2" }]);
      // Views follow at a distance, and a database that is made first takes its time.
      const fills = async () =>
        (await buyer.call("fills", { params: { account: buyer.account }, query: {} })).items;
      await expect
        .poll(fills, { timeout: TIMEOUT / 2 })
        .toMatchObject([{ symbol: "X-PERP", side: "buy", amount: "2", price: "100.00" }]);
      const gift = { account: buyer.account, tier: 1, layer: 2 };
      const deposit = { account: buyer.account, asset: 1, amount: 300_000_000, reference: 100 };
      await operator.sign({ kind: "confirmDeposit", ...deposit });
      await buyer.sign({ kind: "fundLayer", ...gift, amount: 250_000_000 });
      await buyer.sign({ kind: "fundLayer", ...gift, layer: 1, amount: 10_000_000 });
      await buyer.sign({ kind: "fundLayer", ...gift, amount: 40_000_000 });
      const query = { interval: "1d", layer: "insurance" } as const;
      const points = await buyer.call("fundHistory", { params: { tier: 1 }, query });
      expect(points.at(-1)).toMatchObject({ layer: "insurance", balance: "290.000000", paidOut: "0.000000" });
      expect(points.reduce((sum, { paidIn }) => sum + Number(paidIn), 0)).toBe(290);
      const all = await buyer.call("fundHistory", { params: { tier: 1 }, query: { interval: "1d" } });
      expect(new Set(all.map(({ layer }) => layer))).toEqual(new Set(["firstTranche", "insurance"]));
      expect(await buyer.call("fundHistory", { params: { tier: 0 }, query: {} })).toEqual([]);
      const nowhere = buyer.call("fundHistory", { params: { tier: 9 }, query: {} });
      await expect(nowhere).rejects.toMatchObject({ status: 404 });
      const metrics = await (await fetch(`${node.url}/metrics`)).text();
      expect(metrics).toMatch(/^runner_commands_total\{command="placeOrder",outcome="accepted"\} 2$/m);
      await buyer.placeOrder({ ...order, side: "buy", price: "90.00" });
      const stream = buyer.stream({ cancelOnDisconnect: true });
      await stream.subscribe("orders", { account: buyer.account }, () => undefined).ready;
      stream.close();
      await expect.poll(() => said.filter((line) => line.startsWith("orders.cancelled"))).toHaveLength(1);
      expect(await buyer.cancelOrders()).toBe(0);
      const stranger = buyer.call("balances", { params: { account: seller.account } });
      await expect(stranger).rejects.toMatchObject({ status: 403 });
      await node.stop();
      await node.stop();
      const before = node.sequence();

      const back = await start();
      expect(back.recovery).toMatchObject({ snapshot: before, replayed: 0, wasTorn: false });
      const again = await as(back, TRADERS[1]);
      const streams = again.stream();
      const told = { minutes: [] as unknown[], day: {} };
      streams.subscribe("candles", { symbol: "X-PERP", interval: "1m" }, ({ items }) => {
        told.minutes = items;
      });
      streams.subscribe("ticker", { symbol: "X-PERP" }, (ticker) => {
        told.day = ticker;
      });
      await expect
        .poll(() => told, { timeout: TIMEOUT / 2 })
        .toMatchObject({
          minutes: [{ open: "100.00", close: "100.00", volume: "2", quoteVolume: "200.000000", trades: 1 }],
          day: { volume24h: "2", high24h: "100.00", trades24h: 1 },
        });
      streams.close();
      expect(await again.openOrders()).toMatchObject({ items: [{ id: resting.id, remaining: "1" }] });
      expect(await again.cancelOrders()).toBe(1);
      await expect(startNode({ config, directory: path, say, version: "test" })).rejects.toThrow(
        "is in use by",
      );
      await back.stop();
      const verified = await verify(await lookInto(path));
      expect(verified).toMatchObject({ findings: [] });
      expect(verified.problem).toBeUndefined();
    },
    TIMEOUT,
  );

  test(
    "stops when the venue is halted, and does not open while it is",
    async () => {
      const node = await start();
      const client = await as(node, TRADERS[0]);
      const halt = {
        time: "2026-01-01T00:00:00Z",
        by: "test",
        kind: "divergence",
        sequence: 1,
        reason: "a test",
      };
      await raiseHalt(join(path, "halt.json"), halt);
      expect(await node.halted).toMatchObject(halt);
      await node.stop();
      await expect(client.balances()).rejects.not.toThrow(ProblemError);
      await expect(start()).rejects.toThrow(/halted by test: divergence: a test/);
      expect(said.some((line) => line.startsWith("node.halted"))).toBe(true);
    },
    TIMEOUT,
  );

  test("says nothing that is secret", () => {
    for (const key of [OPERATOR, ...TRADERS]) expect(said.join("\n")).not.toContain(key.slice(2));
  });
});
