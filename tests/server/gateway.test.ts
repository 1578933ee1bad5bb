/** The gateway over HTTP: logging in, trading, and what each may see. */
import { checksummed, hexOf, publicKeyOf, signRecoverable } from "@bulkhead/protocol";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type TestNode, call, openNode } from "./venueNode.ts";

let node: TestNode;
beforeAll(async () => {
  node = await openNode();
});
afterAll(async () => {
  const malformed = node.logged.filter(
    (line) => line.includes("answer_malformed") || line.includes("request_failed"),
  );
  expect(malformed).toEqual([]);
  await node.close();
});

function personalDigest(message: string): Uint8Array {
  const text = new TextEncoder().encode(message);
  return keccak_256(
    Buffer.concat([new TextEncoder().encode(`\u0019Ethereum Signed Message:\n${text.length}`), text]),
  );
}

describe("a session", () => {
  test("is made by a wallet's delegation, and says whose accounts it acts for", async () => {
    const client = await node.client();
    const reply = await client.delegate(3);
    expect(reply.status).toBe(201);
    expect(reply.body).toMatchObject({ owner: client.address, scopes: 3, accounts: [client.account] });
    expect(reply.body.token).toMatch(/^[\w-]{43}$/);
  });

  test("is made by signing in, once for each challenge", async () => {
    const client = await node.client();
    const wish = {
      address: checksummed(client.address),
      key: hexOf(publicKeyOf(client.key)),
      scopes: 3,
      expires: Date.now() + 60_000,
    };
    const challenge = await client.post("/v1/auth/challenge", wish);
    expect(challenge.status).toBe(200);
    const { message } = challenge.body;
    const signature = hexOf(signRecoverable(personalDigest(message), client.wallet));
    const login = await client.post("/v1/auth/sessions", { message, signature });
    expect(login.status).toBe(201);
    client.session = login.body.session;
    expect((await client.order("buy", 1, 90)).status).toBe(201);
    const again = await client.post("/v1/auth/sessions", { message, signature });
    expect(again).toMatchObject({
      status: 401,
      body: { type: "/problems/unauthenticated", denial: "challenge_unknown" },
    });
  });

  test("can be ended by its owner, and then does nothing any more", async () => {
    const client = await node.client();
    const { session } = client;
    expect((await client.read("/v1/auth/sessions")).body).toEqual([expect.objectContaining({ session })]);
    expect((await client.send("DELETE", `/v1/auth/sessions/${session}`)).body).toMatchObject({ session });
    expect(await client.order("buy", 1, 90)).toMatchObject({
      status: 401,
      body: { denial: "session_unknown" },
    });
    expect(await client.read("/v1/accounts")).toMatchObject({
      status: 401,
      body: { denial: "token_unknown" },
    });
  });

  test("of somebody else cannot be ended", async () => {
    const [alice, bob] = [await node.client(), await node.client()];
    expect((await bob.send("DELETE", `/v1/auth/sessions/${alice.session}`)).status).toBe(404);
    expect((await alice.read("/v1/accounts")).status).toBe(200);
  });
});

describe("an order", () => {
  test("rests, is changed and cancelled, and each time it is told what came of it", async () => {
    const client = await node.client();
    const placed = await client.order("buy", 5, 90, { clientOrderId: "77" });
    expect(placed).toMatchObject({
      status: 201,
      body: {
        status: "open",
        filled: "0",
        remaining: "5",
        clientOrderId: "77",
        account: client.account,
        side: "buy",
      },
    });
    const { id } = placed.body;
    const amended = await client.send("PATCH", `/v1/orders/${id}`, { amount: "3" });
    expect(amended).toMatchObject({ status: 200, body: { id, remaining: "3", status: "open" } });
    const moved = await client.send("PATCH", "/v1/orders/1-c77", { price: "91" });
    expect(moved).toMatchObject({ status: 200, body: { remaining: "3", symbol: "BTC-PERP" } });
    const canceled = await client.send("DELETE", "/v1/orders/1-c77");
    expect(canceled).toMatchObject({ status: 200, body: { status: "canceled", remaining: "3" } });
    expect(await client.send("DELETE", "/v1/orders/1-c77")).toMatchObject({
      status: 422,
      body: { refusal: "client_id_unknown", code: 4018 },
    });
  });

  test("that trades says what it cost, on average and in fees", async () => {
    const [maker, taker] = [await node.client(), await node.client()];
    await maker.order("sell", 2, 100);
    await maker.order("sell", 2, 101);
    const taken = await taker.order("buy", 4, 101, { timeInForce: "IOC" });
    expect(taken.body).toMatchObject({
      status: "closed",
      filled: "4",
      remaining: "0",
      cost: "402.000000",
      average: "100.500",
      fee: "0.000000",
      reason: null,
    });
    const [position] = (await taker.read(`/v1/accounts/${taker.account}/positions`)).body;
    expect(position).toMatchObject({ side: "long", amount: "4", entryPrice: "100.500", symbol: "BTC-PERP" });
    const balances = await maker.read(`/v1/accounts/${maker.account}/balances`);
    expect(balances.body).toMatchObject({
      vault: [{ asset: "USD", amount: "0.000000" }],
      buckets: [{ tier: 1 }],
    });
  });

  test("is refused with the numbers that explain it", async () => {
    const client = await node.client(10);
    const refused = await client.order("buy", 50, 100);
    expect(refused).toMatchObject({
      status: 422,
      body: {
        refusal: "margin_insufficient",
        facts: { equity: 10_000_000 },
        units: { equity: "microUsd", required: "microUsd" },
      },
    });
    expect(refused.headers.get("content-type")).toContain("application/problem+json");
    expect(refused.body.sequence).toBeGreaterThan(0);
  });

  test.each([
    [{ price: "90.5" }, "body.price"],
    [{ amount: "0" }, "body.amount"],
    [{ amount: 5 }, "body.amount"],
    [{ side: "up" }, "body.side"],
    [{ symbol: "NO-PERP" }, "body.symbol"],
    [{ nonsense: 1 }, "body"],
    [{ clientOrderId: "9007199254740992" }, "body.clientOrderId"],
  ])("that cannot be read (%j) is told where: %s", async (more, path) => {
    const reply = await (await node.client()).order("buy", 1, 90, more);
    expect(reply).toMatchObject({ status: 400, body: { type: "/problems/decode", path } });
  });

  test("needs a bucket to stand on", async () => {
    const client = await node.client();
    expect(await client.order("buy", 1, 90, { marginMode: "isolated" })).toMatchObject({
      status: 422,
      body: { refusal: "bucket_unknown" },
    });
  });

  test("can be previewed, which changes nothing", async () => {
    const client = await node.client();
    const before = await node.stateHash();
    const order = { symbol: "BTC-PERP", side: "buy", type: "limit", amount: "5", price: "90" };
    const preview = await client.post("/v1/preview", order, { authorization: `Bearer ${client.token}` });
    expect(preview).toMatchObject({ status: 200, body: { outcome: "accepted", resting: "5" } });
    expect(await node.stateHash()).toBe(before);
  });
});

describe("several orders", () => {
  test("are executed in a row, and each has its own outcome", async () => {
    const client = await node.client();
    const order = { symbol: "BTC-PERP", side: "buy", type: "limit", amount: "1", price: "90" };
    const { status, body } = await client.send("POST", "/v1/orders/batch", {
      operations: [
        { op: "place", order: { ...order, clientOrderId: "5" } },
        { op: "cancel", id: "1-c5" },
        { op: "cancel", id: "1-c5" },
        { op: "amend", id: "1-999999", amount: "1" },
        { op: "place", order: { ...order, amount: "9000" } },
      ],
    });
    expect(status).toBe(200);
    expect(body.results).toMatchObject([
      { op: "place", receipt: { status: "open" } },
      { op: "cancel", receipt: { status: "canceled" } },
      { op: "cancel", problem: { refusal: "client_id_unknown" } },
      { op: "amend", problem: { status: 404 } },
      { op: "place", problem: { refusal: "margin_insufficient" } },
    ]);
    const [first, second] = body.results;
    expect(second!.receipt.sequence).toBe(first!.receipt.sequence + 1);
  });

  test("are all cancelled at once, or those of one market", async () => {
    const client = await node.client();
    for (const price of [90, 91, 92]) await client.order("buy", 1, price);
    expect((await client.send("DELETE", "/v1/orders?symbol=BTC-PERP")).body).toMatchObject({ canceled: 3 });
    await client.order("buy", 1, 90);
    expect((await client.send("DELETE", "/v1/orders")).body).toMatchObject({ canceled: 1 });
    expect((await client.send("DELETE", "/v1/orders")).body).toMatchObject({ canceled: 0 });
  });
});

describe("a command", () => {
  test("is signed by a wallet where money moves, and told in the engine's units", async () => {
    const client = await node.client();
    const { account } = client;
    const moved = await client.command({
      kind: "deallocate",
      account,
      tier: 1,
      mode: 0,
      asset: 1,
      amount: 5_000_000,
    });
    expect(moved).toMatchObject({ status: 200, body: { command: "deallocate", outcome: "accepted" } });
    const asked = await client.command({ kind: "requestWithdrawal", account, asset: 1, amount: 5_000_000 });
    expect(asked.body.facts).toMatchObject({ balance: 0, queued: 0 });
    expect(asked.body.events.length).toBeGreaterThan(0);
  });

  test("is signed by a session where that will do, and not where it will not", async () => {
    const client = await node.client();
    const { account } = client;
    const cancelAll = { kind: "cancelAll", account, tier: 1, bucket: 1, market: 0 };
    expect((await client.send("POST", "/v1/commands", { command: cancelAll })).status).not.toBe(403);
    const withdraw = { kind: "requestWithdrawal", account, asset: 1, amount: 1 };
    expect(await client.send("POST", "/v1/commands", { command: withdraw })).toMatchObject({
      status: 403,
      body: { denial: "wallet_required" },
    });
  });
});

describe("what is private", () => {
  test("is for its owner alone, whatever is asked and however", async () => {
    const [alice, bob] = [await node.client(), await node.client()];
    const { body } = await alice.order("buy", 1, 90);
    for (const path of [
      "",
      "/balances",
      "/positions",
      "/orders",
      "/orders/history",
      "/fills",
      "/ledger",
      "/ledger.csv",
      "/withdrawals",
    ])
      expect([path, (await bob.read(`/v1/accounts/${alice.account}${path}`)).body]).toMatchObject([
        path,
        { denial: "account_not_owned" },
      ]);
    expect((await bob.send("DELETE", `/v1/orders/${body.id}`)).body).toMatchObject({
      refusal: "order_not_owned",
    });
    expect((await bob.send("PATCH", `/v1/orders/${body.id}`, { amount: "2" })).status).toBe(404);
    for (const request of [
      bob.order("buy", 1, 90, { account: alice.account }),
      bob.send("DELETE", `/v1/orders/${body.id}?account=${alice.account}`),
      bob.send("DELETE", `/v1/orders?account=${alice.account}`),
      bob.send("POST", "/v1/cancel-after", { account: alice.account, timeout: 1 }),
      bob.send("POST", "/v1/commands", {
        command: { kind: "cancelAll", account: alice.account, tier: 1, bucket: 1, market: 0 },
      }),
      bob.command({ kind: "requestWithdrawal", account: alice.account, asset: 1, amount: 1 }),
    ])
      expect(await request).toMatchObject({ status: 403, body: { denial: "account_not_owned" } });
    expect((await alice.read("/v1/accounts")).body).toMatchObject([{ account: alice.account }]);
  });

  test("is shown to nobody who does not say who he is", async () => {
    const alice = await node.client();
    expect(await call(`${node.url}/v1/accounts/${alice.account}/balances`, "GET")).toMatchObject({
      status: 401,
      body: { denial: "signature_missing" },
    });
  });
});

describe("everybody", () => {
  test.each([
    ["/v1/time", { sequence: expect.any(Number) }],
    ["/v1/venue", { names: { tiers: [{ name: "Majors" }] }, signing: { chainId: 31_337 } }],
    ["/v1/markets", [{ symbol: "BTC-PERP", contract: "perpetual", status: "open", mark: "100" }]],
    ["/v1/markets/BTC-PERP", { parameters: { initialMargin: 100_000 } }],
    ["/v1/markets/BTC-PERP/book", { symbol: "BTC-PERP", checksum: expect.any(Number) }],
    ["/v1/markets/BTC-PERP/trades", { items: [], next: null }],
    ["/v1/markets/BTC-PERP/candles?interval=1h", []],
    ["/v1/markets/BTC-PERP/funding", { items: [] }],
    ["/v1/tiers", [{ tier: 1, name: "Majors", markets: ["BTC-PERP"], posture: "normal" }]],
    [
      "/v1/tiers/1/funds",
      { layers: [{ layer: "firstTranche" }, {}, { layer: "cover" }, {}, { layer: "mutual" }] },
    ],
    ["/v1/tiers/1/breakers", { markets: [{ symbol: "BTC-PERP", level: "normal" }] }],
    ["/v1/governance/proposals", { items: [] }],
    ["/v1/liquidations", { items: [] }],
    ["/health", { status: "ok" }],
    ["/ready", { status: "ready", viewsBehind: 0 }],
    ["/openapi.json", { openapi: "3.1.0" }],
    ["/asyncapi.json", { asyncapi: expect.any(String) }],
    ["/problems/order-unknown", { code: 1007 }],
  ])("may ask for %s", async (path, expected) => {
    const reply = await call(node.url + path, "GET");
    expect([reply.status, reply.body]).toMatchObject([200, expected]);
  });

  test.each([
    ["GET", "/v1/markets/NO-PERP", 404, "not-found"],
    ["GET", "/v1/tiers/9/funds", 404, "not-found"],
    ["GET", "/v1/nothing", 404, "not-found"],
    ["PUT", "/v1/orders", 405, "method-not-allowed"],
    ["GET", "/v1/markets/BTC-PERP/book?depth=0", 400, "decode"],
    ["GET", "/v1/markets/BTC-PERP/book?depth=1&depth=2", 400, "decode"],
  ])("%s %s is answered %i", async (method, path, status, kind) => {
    expect(await call(node.url + path, method)).toMatchObject({
      status,
      body: { type: `/problems/${kind}` },
    });
  });
});
