/** The gateway and those who mean it harm: none of them changes anything, and none of them learns or leaves a secret. */
import { connect } from "node:net";
import {
  ROUTE_NAMES,
  type Route,
  createPrivateKey,
  delegationDigest,
  hexOf,
  publicKeyOf,
  routeOf,
  sign,
  signRecoverable,
} from "@bulkhead/protocol";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { type TestClient, type TestNode, call, openNode } from "./venueNode.ts";

const RUNS = Math.ceil(Number(process.env["FUZZ_RUNS"] ?? 100) / 10);
const ORDER = { symbol: "BTC-PERP", side: "buy", type: "limit", amount: "1", price: "90" };
const BODY = JSON.stringify(ORDER);
const JSON_TYPE = { "content-type": "application/json" };

let node: TestNode;
let client: TestClient;
const clock = { offset: 0 };
beforeAll(async () => {
  node = await openNode({ clock: () => Date.now() + clock.offset });
  client = await node.client();
});
afterAll(() => node.close());

const place = (headers: Record<string, string>, body = BODY) =>
  call(`${node.url}/v1/orders`, "POST", { body, headers: { ...JSON_TYPE, ...headers } });

/** The other signature over the same: n − s. */
function mirrored(signature: string): string {
  const s = BigInt(`0x${signature.slice(66, 130)}`);
  return signature.slice(0, 66) + (secp256k1.Point.CURVE().n - s).toString(16).padStart(64, "0");
}

describe("a signature", () => {
  test.each<[string, string, (good: Record<string, string>) => Record<string, string>]>([
    [
      "of another key",
      "signature_wrong",
      () => client.signed("POST", "/v1/orders", BODY, client.nonce(), createPrivateKey()),
    ],
    ["over another body", "signature_wrong", () => client.signed("POST", "/v1/orders", `${BODY} `)],
    ["over another path", "signature_wrong", () => client.signed("POST", "/v1/preview", BODY)],
    ["over another query", "signature_wrong", () => client.signed("POST", "/v1/orders?a=1", BODY)],
    ["over another method", "signature_wrong", () => client.signed("PATCH", "/v1/orders", BODY)],
    [
      "with a nonce that was changed",
      "signature_wrong",
      (good) => ({ ...good, "bulkhead-nonce": String(client.nonce()) }),
    ],
    [
      "in its other form",
      "signature_malleable",
      (good) => ({ ...good, "bulkhead-signature": mirrored(good["bulkhead-signature"]!) }),
    ],
    ["of zeros", "signature_wrong", (good) => ({ ...good, "bulkhead-signature": `0x${"00".repeat(64)}` })],
    ["of no session", "session_unknown", (good) => ({ ...good, "bulkhead-session": "4000000" })],
    ["that is missing", "signature_missing", ({ "bulkhead-signature": _, ...rest }) => rest],
    ["replaced by a token", "signature_missing", () => ({ authorization: `Bearer ${client.token}` })],
    ["replaced by nothing", "signature_missing", () => ({})],
    ["of long ago", "nonce_too_old", () => client.signed("POST", "/v1/orders", BODY, Date.now() - 61_000)],
    ["of the future", "nonce_too_new", () => client.signed("POST", "/v1/orders", BODY, Date.now() + 60_000)],
  ])("%s is refused: %s", async (_, denial, change) => {
    const before = await node.stateHash();
    const reply = await place(change(client.signed("POST", "/v1/orders", BODY)));
    expect(reply).toMatchObject({ status: 401, body: { denial } });
    expect(await node.stateHash()).toBe(before);
  });

  test.each([
    ["bulkhead-nonce", "1e12"],
    ["bulkhead-nonce", "-1"],
    ["bulkhead-session", "0x1"],
    ["bulkhead-signature", "0x00"],
    ["bulkhead-signature", "nonsense"],
    ["authorization", "Basic abc"],
  ])("that cannot be read is malformed: %s %s", async (header, value) => {
    const headers = header === "authorization" ? {} : client.signed("POST", "/v1/orders", BODY);
    expect((await place({ ...headers, [header]: value })).status).toBe(400);
  });

  test("counts once, and does not count again after a restart", async () => {
    const place1 = await openNode();
    const user = await place1.client();
    const target = "/v1/orders";
    const headers = user.signed("POST", target, BODY);
    const send = (url: string) =>
      call(url + target, "POST", { body: BODY, headers: { ...JSON_TYPE, ...headers } });
    expect((await send(place1.url)).status).toBe(201);
    expect(await send(place1.url)).toMatchObject({ status: 401, body: { denial: "nonce_not_increasing" } });
    const withdraw = {
      kind: "deallocate",
      account: user.account,
      tier: 1,
      mode: 0,
      asset: 1,
      amount: 1,
    } as const;
    const nonce = user.nonce();
    expect((await user.command(withdraw, user.wallet, nonce)).status).toBe(200);
    await place1.close();
    const back = await openNode({ disks: place1.disks });
    expect(await send(back.url)).toMatchObject({ status: 401, body: { denial: "nonce_not_increasing" } });
    const again = Object.assign(Object.create(user) as TestClient, { node: back });
    expect(await again.command(withdraw, user.wallet, nonce)).toMatchObject({
      body: { denial: "nonce_not_increasing" },
    });
    expect((await again.read("/v1/accounts")).body).toMatchObject([{ account: user.account }]);
    await back.close();
  });

  test("is good for one venue only", async () => {
    const other = await openNode({ access: { chainId: 1 } });
    const stranger = await other.client();
    const good = stranger.signed("POST", "/v1/orders", BODY);
    // The same session number and key, on a venue of another chain.
    const here = await node.client();
    Object.assign(here, { key: stranger.key });
    await here.delegate(15);
    const reply = await place({ ...good, "bulkhead-session": String(here.session) });
    expect(reply).toMatchObject({ body: { denial: "signature_wrong" } });
    await other.close();
  });

  test("of a session that has expired is refused, and so is its token", async () => {
    const short = await node.client();
    await short.delegate(15, Date.now() + clock.offset + 5_000);
    clock.offset += 6_000;
    expect(await short.order("buy", 1, 90)).toMatchObject({
      status: 401,
      body: { denial: "session_expired" },
    });
    expect((await short.read("/v1/accounts")).status).toBe(401);
    clock.offset = 0;
  });

  test("does no more than its session was given scopes for", async () => {
    const reader = await node.client(1_000, 1);
    expect(await reader.order("buy", 1, 90)).toMatchObject({
      status: 403,
      body: { denial: "scope_missing" },
    });
    expect((await reader.send("GET", "/v1/accounts")).status).toBe(200);
    const trader = await node.client(1_000, 2);
    expect((await trader.order("buy", 1, 90)).status).toBe(201);
    expect(await trader.read("/v1/accounts")).toMatchObject({
      status: 403,
      body: { denial: "scope_missing" },
    });
  });
});

describe("a delegation", () => {
  const delegation = (more: object = {}) => ({
    owner: client.address,
    key: hexOf(publicKeyOf(client.key)),
    scopes: 3,
    expires: Date.now() + 60_000,
    nonce: client.nonce(),
    ...more,
  });
  const signed = (told: ReturnType<typeof delegation>, wallet = client.wallet) =>
    hexOf(signRecoverable(delegationDigest(node.access.domain, told), wallet));

  test("is by the wallet it names", async () => {
    const told = delegation();
    const forged = await client.post("/v1/auth/delegations", {
      delegation: told,
      signature: signed(told, createPrivateKey()),
    });
    expect(forged).toMatchObject({ status: 401, body: { denial: "signature_wrong" } });
    const changed = await client.post("/v1/auth/delegations", {
      delegation: { ...told, scopes: 15 },
      signature: signed(told),
    });
    expect(changed).toMatchObject({ status: 401, body: { denial: "signature_wrong" } });
    const good = { delegation: told, signature: signed(told) };
    expect((await client.post("/v1/auth/delegations", good)).status).toBe(201);
    expect(await client.post("/v1/auth/delegations", good)).toMatchObject({
      body: { denial: "nonce_not_increasing" },
    });
  });

  test("is of a key, for a time", async () => {
    const told = delegation({ expires: Date.now() + 365 * 86_400_000 });
    expect(
      await client.post("/v1/auth/delegations", { delegation: told, signature: signed(told) }),
    ).toMatchObject({
      status: 403,
      body: { denial: "expiry_too_late" },
    });
    const noKey = delegation({ key: `0x02${"ff".repeat(32)}` });
    expect(
      (await client.post("/v1/auth/delegations", { delegation: noKey, signature: signed(noKey) })).status,
    ).toBe(400);
  });
});

describe("a body", () => {
  const unread = (body: string | Uint8Array, type = "application/json") =>
    call(`${node.url}/v1/auth/challenge`, "POST", {
      body: body as string,
      headers: { "content-type": type },
    });

  test.each([
    ["too large", " ".repeat(70_000), 413],
    ["nested without end", "[".repeat(60_000), 400],
    ["nested deeper than any is", `${'{"a":'.repeat(20)}1${"}".repeat(20)}`, 400],
    ["that poisons a prototype", '{"__proto__":{"isAdmin":true}}', 400],
    ["that poisons a constructor", '{"constructor":{"prototype":{"a":1}}}', 400],
    ["that is no JSON", '{"a"', 400],
    [
      "with a thousand keys",
      JSON.stringify(Object.fromEntries(Array.from({ length: 1_000 }, (_, at) => [at, at]))),
      400,
    ],
    ["of a huge number", '{"scopes":1e999}', 400],
    ["that is nothing", "", 400],
    ["of other bytes", Uint8Array.of(0x22, 0xff, 0xfe, 0x22), 400],
  ])("%s is refused", async (_, body, status) => {
    expect((await unread(body)).status).toBe(status);
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
  });

  test("of another type is not read", async () => {
    expect((await unread(BODY, "text/plain")).status).toBe(400);
    expect((await unread(BODY, "application/x-www-form-urlencoded")).status).toBe(400);
  });
});

describe("a connection", () => {
  /** What the node says to bytes that are sent as they are, until it hangs up. */
  function raw(port: number, bytes: string, everyMs = 0): Promise<{ said: string; afterMs: number }> {
    return new Promise((resolve) => {
      const socket = connect(port, "127.0.0.1");
      const started = performance.now();
      let said = "";
      socket.write(bytes);
      const trickle = everyMs > 0 ? setInterval(() => socket.write("x: y\r\n"), everyMs) : undefined;
      socket.on("data", (chunk) => (said += chunk.toString("latin1")));
      socket.on("error", () => undefined);
      socket.on("close", () => {
        clearInterval(trickle);
        resolve({ said, afterMs: performance.now() - started });
      });
    });
  }

  test("whose headers never end is closed in time", async () => {
    const slow = await openNode({ limits: { headersTimeout: 300, requestTimeout: 600 } });
    const { said, afterMs } = await raw(slow.gateway.port, "GET / HTTP/1.1\r\nhost: a\r\n", 50);
    expect(said).toContain("408");
    expect(afterMs).toBeLessThan(3_000);
    const body = await raw(
      slow.gateway.port,
      "POST /v1/orders HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\n{",
    );
    expect(body.afterMs).toBeLessThan(3_000);
    await slow.close();
  });

  test.each([
    ["is no HTTP", "\0\0\0\0 hello\r\n\r\n", "400"],
    [
      "has more headers than are read",
      `GET / HTTP/1.1\r\nhost: a\r\nx: ${"y".repeat(20_000)}\r\n\r\n`,
      "431",
    ],
    [
      "names two lengths",
      "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nx",
      "400",
    ],
  ])("that %s is refused", async (_, bytes, status) => {
    expect((await raw(node.gateway.port, bytes)).said).toContain(`HTTP/1.1 ${status}`);
  });

  test("too many is closed, until another goes", async () => {
    const small = await openNode({ limits: { connectionsPerAddress: 3 } });
    const held = Array.from({ length: 3 }, () => connect(small.gateway.port, "127.0.0.1"));
    await Promise.all(held.map((socket) => new Promise((resolve) => socket.on("connect", resolve))));
    await new Promise((resolve) => setTimeout(resolve, 50));
    await expect(call(`${small.url}/health`, "GET")).rejects.toThrow();
    held[0]!.destroy();
    await expect
      .poll(() =>
        call(`${small.url}/health`, "GET").then(
          ({ status }) => status,
          () => 0,
        ),
      )
      .toBe(200);
    for (const socket of held) socket.destroy();
    await small.close();
  });
});

describe("a rate", () => {
  test("is kept for each network address, and said when to come again", async () => {
    const small = await openNode({ limits: { requestsPerAddress: { perSecond: 1, burst: 3 } } });
    const statuses: number[] = [];
    let last = await call(`${small.url}/v1/time`, "GET");
    for (let each = 0; each < 4; each++) {
      statuses.push(last.status);
      last = await call(`${small.url}/v1/time`, "GET");
    }
    expect(statuses).toEqual([200, 200, 200, 429]);
    expect(last.body).toMatchObject({ denial: "rate_exceeded" });
    expect(Number(last.headers.get("retry-after"))).toBeGreaterThan(0);
    // A probe that is not answered would have a healthy node shot.
    expect((await call(`${small.url}/health`, "GET")).status).toBe(200);
    await small.close();
  });

  test("is kept of orders that never trade, and cancels go on", async () => {
    const small = await openNode({ limits: { orderRatio: { perSecond: 0.001, burst: 3, perFill: 2 } } });
    const [maker, taker] = [await small.client(), await small.client()];
    for (let each = 0; each < 3; each++) expect((await maker.order("sell", 1, 100)).status).toBe(201);
    expect(await maker.order("sell", 1, 100)).toMatchObject({
      status: 429,
      body: { denial: "orders_without_trades" },
    });
    expect((await maker.send("DELETE", "/v1/orders")).status).toBe(200);
    expect(await maker.order("sell", 1, 100)).toMatchObject({ status: 429 });
    expect((await taker.order("buy", 1, 100)).status).toBe(201);
    await small.close();
  });

  test("of trades lets more orders through", async () => {
    const small = await openNode({ limits: { orderRatio: { perSecond: 0.001, burst: 2, perFill: 2 } } });
    const [maker, taker] = [await small.client(), await small.client()];
    for (let each = 0; each < 4; each++) {
      expect((await maker.order("sell", 1, 100)).status).toBe(201);
      expect((await taker.order("buy", 1, 100)).body).toMatchObject({ status: "closed" });
    }
    await small.close();
  });
});

describe("a dead man's switch", () => {
  test("cancels once nothing was heard for so long, every sign of life puts it off, and it outlives the node", async () => {
    const time = { offset: 0 };
    const options = { clock: () => Date.now() + time.offset };
    const first = await openNode(options);
    const user = await first.client();
    await user.order("buy", 1, 90);
    const armed = await user.send("POST", "/v1/cancel-after", { timeout: 10_000 });
    expect(armed.body).toMatchObject({ account: user.account, timeout: 10_000 });
    time.offset += 9_000;
    await user.send("GET", "/v1/accounts");
    time.offset += 9_000;
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(first.logged.join()).not.toContain("silent_account_cancelled");
    await first.close();
    const back = await openNode({ ...options, disks: first.disks });
    time.offset += 9_000;
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(back.logged.join()).not.toContain("silent_account_cancelled");
    time.offset += 2_000;
    await expect.poll(() => back.logged.join()).toContain(`"account":${user.account},"canceled":1`);
    await back.close();
  });
});

describe("a browser", () => {
  test("is told not to trust, and pages of others may not call", async () => {
    const reply = await call(`${node.url}/v1/time`, "GET", { headers: { origin: "https://evil.example" } });
    expect(reply.headers.get("access-control-allow-origin")).toBeNull();
    expect(reply.headers.get("x-content-type-options")).toBe("nosniff");
    expect(reply.headers.get("content-security-policy")).toContain("default-src");
    expect(reply.headers.get("cache-control")).toBe("no-store");
  });

  test("of a page that is named may", async () => {
    const open = await openNode({ gateway: { origins: ["https://trade.example"] } });
    const reply = await call(`${open.url}/v1/time`, "GET", { headers: { origin: "https://trade.example" } });
    expect(reply.headers.get("access-control-allow-origin")).toBe("https://trade.example");
    await open.close();
  });
});

describe("a stranger", () => {
  test.each(ROUTE_NAMES)("cannot break or change anything by %s, whatever he sends", async (name) => {
    const route = routeOf(name);
    const before = [await node.stateHash(), node.runner.engine.sequence, node.access.registry.durableUntil];
    const statuses = new Set<number>();
    await fc.assert(
      fc.asyncProperty(requestOf(route), async ({ path, body, headers }) => {
        const isSent = body !== undefined && route.method !== "GET";
        const reply = await call(node.url + path, route.method, {
          ...(isSent && { body: JSON.stringify(body) }),
          headers: { ...(isSent && JSON_TYPE), ...headers },
        });
        statuses.add(reply.status);
        expect([path, reply.status < 500]).toEqual([path, true]);
      }),
      { numRuns: RUNS },
    );
    expect(statuses.size).toBeGreaterThan(0);
    expect([await node.stateHash(), node.runner.engine.sequence, node.access.registry.durableUntil]).toEqual(
      before,
    );
  });
});

test("nothing that is secret is ever logged", async () => {
  const user = await node.client();
  await user.order("buy", 1, 90);
  await user.order("buy", 9_999, 90);
  await place({ ...user.signed("POST", "/v1/orders", BODY), "bulkhead-session": "99999" });
  await user.post("/v1/auth/sessions", { message: "secret text", signature: `0x${"ab".repeat(65)}` });
  await call(`${node.url}/v1/accounts`, "GET", { headers: { authorization: `Bearer ${user.token}x` } });
  const nonce = user.nonce();
  const headers = user.signed("POST", "/v1/orders", BODY, nonce);
  await place(headers, `${BODY.slice(0, -1)},`);
  const logged = node.logged.join("\n");
  expect(logged).toContain("request_refused");
  const secrets = [
    user.token,
    headers["bulkhead-signature"]!,
    Buffer.from(user.key).toString("hex"),
    Buffer.from(user.wallet).toString("hex"),
    hexOf(sign(new Uint8Array(32), user.key)),
    "secret text",
    "ab".repeat(65),
  ];
  for (const secret of secrets) expect(logged).not.toContain(secret.replace(/^0x/, ""));
});

/** A request for a route: now and then as its schemas have it, else as they have not. */
function requestOf(
  route: Route,
): fc.Arbitrary<{ path: string; body: unknown; headers: Record<string, string> }> {
  const part = (schema: z.ZodType | undefined): fc.Arbitrary<unknown> =>
    schema === undefined
      ? fc.constant(undefined)
      : fc.oneof(
          { weight: 3, arbitrary: valueOf(z.toJSONSchema(schema, { io: "input", unrepresentable: "any" })) },
          { weight: 1, arbitrary: fc.jsonValue() },
        );
  const header = fc.oneof(
    fc.constant({}),
    fc.constantFrom<Record<string, string>[]>(
      { authorization: "Bearer AAAAAAAAAAAAAAAAAAAAAAAAAAAA" },
      { "bulkhead-session": "1", "bulkhead-nonce": "1", "bulkhead-signature": `0x${"11".repeat(64)}` },
      {
        "bulkhead-session": "1",
        "bulkhead-nonce": String(Date.now()),
        "bulkhead-signature": `0x${"11".repeat(64)}`,
      },
      { "bulkhead-session": "NaN" },
    ),
  );
  return fc
    .record({ params: part(route.params), query: part(route.query), body: part(route.body), headers: header })
    .map(({ params, query, body, headers }) => {
      const filled = route.path.replaceAll(
        /:(\w+)/g,
        (_, key: string) =>
          encodeURIComponent(text((params as Record<string, unknown> | null)?.[key] ?? "x")) || "x",
      );
      const asked = Object.entries((query ?? {}) as object).map(
        ([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(text(value))}`,
      );
      return { path: asked.length === 0 ? filled : `${filled}?${asked.join("&")}`, body, headers };
    });
}

const text = (value: unknown): string =>
  (typeof value === "string" ? value : (JSON.stringify(value) ?? "")).replaceAll(/[\ud800-\udfff]/g, "?");

type Schema = Readonly<Record<string, unknown>>;

/** Values of a JSON schema, or near it. */
function valueOf(schema: Schema, root: Schema = schema): fc.Arbitrary<unknown> {
  if (typeof schema["$ref"] === "string") {
    const path = schema["$ref"].split("/").slice(1);
    const found = path.reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], root);
    return valueOf(found as Schema, root);
  }
  if (schema["const"] !== undefined) return fc.constant(schema["const"]);
  if (Array.isArray(schema["enum"])) return fc.constantFrom(...(schema["enum"] as unknown[]));
  const choices = (schema["anyOf"] ?? schema["oneOf"]) as Schema[] | undefined;
  if (choices !== undefined) return fc.oneof(...choices.map((choice) => valueOf(choice, root)));
  switch (schema["type"]) {
    case "object": {
      const properties = (schema["properties"] ?? {}) as Record<string, Schema>;
      const required = (schema["required"] ?? []) as string[];
      const fields = Object.entries(properties).map(([key, each]) => [key, valueOf(each, root)] as const);
      return fc.record(Object.fromEntries(fields), { requiredKeys: required });
    }
    case "array":
      return fc.array(valueOf((schema["items"] ?? {}) as Schema, root), { maxLength: 4 });
    case "integer":
    case "number": {
      const [min, max] = [schema["minimum"] ?? -10, schema["maximum"] ?? 2 ** 53 - 1] as [number, number];
      return fc.oneof(fc.constantFrom(min, max), fc.maxSafeInteger(), fc.double());
    }
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    case "string":
      return typeof schema["pattern"] === "string"
        ? fc.oneof(fc.stringMatching(new RegExp(schema["pattern"])), fc.string())
        : fc.oneof(fc.constant("BTC-PERP"), fc.string());
    default:
      return fc.jsonValue();
  }
}
