/** A node behind a proxy that speaks TLS: browsers know it by another origin than the one it listens at, and every request comes from the proxy. */
import { mkdtemp, rm } from "node:fs/promises";
import { type Server, createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  checksummed,
  createPrivateKey,
  hexOf,
  personalDigest,
  publicKeyOf,
  signRecoverable,
} from "@bulkhead/protocol";
import { localWallet } from "@bulkhead/sdk";
import { type Limits, parseConfig, startNode } from "@bulkhead/server";
import { afterEach, describe, expect, test } from "vitest";
import { originsOf, proxiesOf, readersOf } from "../../packages/server/src/node/origins.ts";
import { call, openNode } from "./venueNode.ts";

const PUBLIC = "https://venue.example";
const MARKET = {
  symbol: "X-PERP",
  base: "X",
  tickSize: "0.01",
  lotSize: "1",
  rangeBits: 15,
  feed: false,
  breaker: false,
};
const ROOM = { markets: 1, buckets: 8, positions: 16, orders: 32, holdings: 8, ticks: 2 ** 16 };
const configOf = (more: object) => ({
  name: "test",
  port: 0,
  assets: [{ symbol: "USD", decimals: 6 }],
  capacities: { accounts: 8, balances: 16, withdrawals: 8 },
  tiers: [{ name: "only", capacities: ROOM, markets: [MARKET] }],
  ...more,
});
const TIMEOUT = 60_000;
const of = (more: object): readonly string[] => originsOf(parseConfig(configOf({ port: 8_642, ...more })));

const atEnd: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of atEnd.splice(0).toReversed()) await end();
}, TIMEOUT);

/** A gateway alone, as a node would open it. */
async function openDoors(more: object, limits: Partial<Limits> = {}): Promise<{ readonly url: string }> {
  const config = parseConfig(configOf(more));
  const node = await openNode({
    access: { origins: () => originsOf(config) },
    gateway: { proxies: proxiesOf(config), origins: readersOf(config) },
    origin: originsOf(config)[0],
    limits,
  });
  atEnd.push(() => node.close());
  return node;
}

/** What stands in front of a node and takes the TLS off. @returns its URL */
async function openProxy(node: { readonly url: string }): Promise<string> {
  const { port } = new URL(node.url);
  const server: Server = createServer((incoming, answer) => {
    const headers = { ...incoming.headers, "x-forwarded-for": String(incoming.headers["x-client"]) };
    const { method, url: path } = incoming;
    const outgoing = request({ host: "127.0.0.1", port, method, path, headers }, (told) => {
      answer.writeHead(told.statusCode ?? 502, told.headers);
      told.pipe(answer);
    });
    incoming.pipe(outgoing);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  atEnd.push(async () => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const key = createPrivateKey();
const wallet = createPrivateKey();
const WISH = {
  address: checksummed(localWallet(hexOf(wallet)).address),
  key: hexOf(publicKeyOf(key)),
  scopes: 3,
};

/** Asks as a browser does that shows a page of this origin. */
function post(url: string, path: string, body: object, origin: string, client = "203.0.113.7") {
  const headers = { "content-type": "application/json", origin, "x-client": client };
  return call(`${url}${path}`, "POST", { body: JSON.stringify(body), headers });
}

async function logIn(url: string, origin: string) {
  const wish = { ...WISH, expires: Date.now() + 60_000 };
  const challenge = await post(url, "/v1/auth/challenge", wish, origin);
  if (challenge.status !== 200) return { challenge, login: undefined };
  const { message } = challenge.body as { message: string };
  const signature = hexOf(signRecoverable(personalDigest(message), wallet));
  return { challenge, login: await post(url, "/v1/auth/sessions", { message, signature }, origin) };
}

describe("a node behind a proxy", () => {
  test(
    "lets pages of its public origin log in, in texts that name it, and tells documents where it is",
    async () => {
      const url = await openProxy(
        await openDoors({ publicOrigin: PUBLIC, origins: ["https://desk.example:8443"] }),
      );
      const { challenge, login } = await logIn(url, PUBLIC);
      expect(challenge.body.message).toMatch(/^venue\.example wants you to sign in/);
      expect(challenge.body.message).toContain(`\nURI: ${PUBLIC}\n`);
      expect(login).toMatchObject({ status: 201, body: { owner: WISH.address.toLowerCase() } });
      const beside = await logIn(url, "https://desk.example:8443");
      expect(beside.challenge.body.message).toMatch(/^desk\.example:8443 wants/);
      expect(beside.login?.status).toBe(201);
      // What was asked for on one page is not sent from another that is none of the node's.
      expect(await logIn(url, "https://evil.example")).toMatchObject({
        challenge: { status: 403, body: { denial: "login_origin_unknown", type: "/problems/forbidden" } },
      });
      const head = { headers: { origin: PUBLIC, "x-client": "203.0.113.8" } };
      const openapi = await call(`${url}/openapi.json`, "GET", head);
      expect(openapi.body).toMatchObject({ servers: [{ url: PUBLIC }] });
      expect(openapi.headers.get("access-control-allow-origin")).toBe(PUBLIC);
      const asyncapi = await call(`${url}/asyncapi.json`, "GET", head);
      expect(asyncapi.body).toMatchObject({ servers: { node: { host: "venue.example", protocol: "wss" } } });
    },
    TIMEOUT,
  );

  test(
    "that was not told so refuses them, and says why",
    async () => {
      const url = await openProxy(await openDoors({}));
      const { challenge } = await logIn(url, PUBLIC);
      expect(challenge).toMatchObject({ status: 403, body: { denial: "login_origin_unknown" } });
      expect(JSON.stringify(challenge.body)).toMatch(
        /https:\/\/venue\.example .* known as http:\/\/localhost:0/,
      );
      const login = await post(
        url,
        "/v1/auth/sessions",
        { message: "x", signature: `0x${"0".repeat(130)}` },
        PUBLIC,
      );
      expect(login).toMatchObject({ status: 403, body: { denial: "login_origin_unknown" } });
    },
    TIMEOUT,
  );

  test.each([
    ["counts its clients apart if it trusts it", { proxies: ["127.0.0.1"] }, 200],
    ["counts all of them as one if it was not told to", {}, 429],
  ])(
    "%s",
    async (_, more, expected) => {
      const limits = { requestsPerAddress: { perSecond: 0.001, burst: 3 } };
      const url = await openProxy(await openDoors(more, limits));
      const ask = (client: string) => call(`${url}/v1/time`, "GET", { headers: { "x-client": client } });
      for (let turn = 0; turn < 3; turn++) expect((await ask("203.0.113.1")).status).toBe(200);
      expect((await ask("203.0.113.1")).status).toBe(429);
      expect((await ask("203.0.113.2")).status).toBe(expected);
    },
    TIMEOUT,
  );
});

test(
  "a node on a port of the system's choice lets the page log in that it serves there, and none of another port",
  async () => {
    const directory = await mkdtemp(join(tmpdir(), "bulkhead-origin-"));
    atEnd.push(() => rm(directory, { recursive: true }));
    const config = parseConfig(configOf({}));
    const node = await startNode({ config, directory, say: () => undefined, version: "test" });
    atEnd.push(() => node.stop());
    const { port } = new URL(node.url);
    for (const origin of [`http://127.0.0.1:${port}`, `http://localhost:${port}`]) {
      const { challenge, login } = await logIn(node.url, origin);
      expect(challenge.body.message).toContain(`\nURI: ${origin}\n`);
      expect(login?.status).toBe(201);
    }
    expect((await logIn(node.url, "http://localhost:1")).challenge.status).toBe(403);
  },
  TIMEOUT,
);

describe("origins of a configuration", () => {
  test.each(["venue.example", "https://venue.example/", "https://venue.example/app", "ftp://venue.example"])(
    "%s is none",
    (publicOrigin) => {
      expect(() => parseConfig(configOf({ publicOrigin }))).toThrow(/publicOrigin: must be an origin/);
      expect(() => parseConfig(configOf({ origins: [publicOrigin] }))).toThrow(
        /origins\[0\]: must be an origin/,
      );
    },
  );

  test("are where it listens, unless it was told", () => {
    expect(of({})).toEqual(["http://localhost:8642", "http://127.0.0.1:8642"]);
    expect(of({ host: "0.0.0.0" })[0]).toBe("http://localhost:8642");
    expect(of({ host: "10.0.0.7", port: 80 })).toEqual(["http://10.0.0.7"]);
    expect(of({ host: "fd00::7" })).toEqual(["http://[fd00::7]:8642"]);
    expect(of({ publicOrigin: PUBLIC })).toEqual([PUBLIC]);
  });

  test("proxies are addresses, under every name a socket has for them", () => {
    expect(() => parseConfig(configOf({ proxies: ["proxy.example"] }))).toThrow(
      /proxies\[0\]: must be an IP/,
    );
    const { proxies } = parseConfig(configOf({ proxies: ["10.0.0.2", "fd00::2"] }));
    expect(proxiesOf({ proxies })).toEqual(["10.0.0.2", "::ffff:10.0.0.2", "fd00::2"]);
  });
});
