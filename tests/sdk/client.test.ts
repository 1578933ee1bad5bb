/** A client at a real node: engine, log, access and gateway, over HTTP and binary. */
import { REFUSALS } from "@bulkhead/engine";
import { SCOPE, addressOf, createPrivateKey, hexOf, publicKeyOf } from "@bulkhead/protocol";
import {
  type Client,
  NoSession,
  NoWallet,
  ProblemError,
  type Socket,
  type Wallet,
  allocate,
  connect,
  deallocate,
  localWallet,
  openAccount,
  withdraw,
} from "@bulkhead/sdk";
import { tcpSocket } from "@bulkhead/sdk/node";
import { afterEach, describe, expect, test } from "vitest";
import { type NodeOptions, type TestNode, openNode } from "../server/venueNode.ts";

const open: { close(): void | Promise<void> }[] = [];

afterEach(async () => {
  for (const each of open.splice(0).toReversed()) await each.close();
});

async function node(options: NodeOptions = {}): Promise<TestNode> {
  const opened = await openNode(options);
  open.push(opened);
  return opened;
}

async function join(at: TestNode, dollars = 0, scopes: number = SCOPE.read + SCOPE.trade): Promise<Client> {
  const wallet = localWallet(hexOf(createPrivateKey()));
  const client = await connect(at.url, { wallet, scopes, lifetime: 3_600_000 });
  open.push(client);
  const account = await openAccount(client);
  if (dollars > 0) {
    const reference = account + 1_000_000;
    const amount = dollars * 1_000_000;
    await at.execute({ kind: "confirmDeposit", account, asset: 1, amount, reference });
    await allocate(client, { asset: "USD", amount: String(dollars) }, { tier: 1 });
  }
  return client;
}

const bid = { symbol: "BTC-PERP", side: "buy", type: "limit", amount: "2", price: "95" } as const;

describe("a client", () => {
  test("opens an account, moves money in and out, and reads what it has", async () => {
    const at = await node();
    const client = await join(at, 1_000);
    expect(await client.balances()).toMatchObject({
      account: client.account,
      vault: [{ asset: "USD", amount: "0.000000" }],
      buckets: [{ tier: 1, marginMode: "cross", cash: "1000.000000", withdrawable: "1000.000000" }],
    });
    await deallocate(client, { asset: "USD", amount: "250.5" }, { tier: 1 });
    const { facts } = await withdraw(client, { asset: "USD", amount: "0.5" });
    expect(facts["withdrawal"]).toBeGreaterThan(0);
    expect((await client.balances()).vault).toEqual([{ asset: "USD", amount: "250.000000" }]);
  });

  test("places, amends, previews and cancels orders", async () => {
    const at = await node();
    const [maker, taker] = [await join(at, 10_000), await join(at, 10_000)];
    const resting = await maker.placeOrder({ ...bid, clientOrderId: "7", postOnly: true });
    expect(resting).toMatchObject({ status: "open", filled: "0", remaining: "2", clientOrderId: "7" });
    const amended = await maker.amendOrder(resting.id, { amount: "1" });
    expect(amended).toMatchObject({ id: resting.id, remaining: "1" });
    const order = { symbol: "BTC-PERP", side: "sell", type: "market", amount: "3", price: "90" } as const;
    const preview = await taker.preview(order);
    expect(preview).toMatchObject({ outcome: "accepted", filled: "1", cost: "95.000000" });
    const sold = await taker.placeOrder(order);
    expect(sold).toMatchObject({
      status: "canceled",
      filled: "1",
      cost: preview.cost,
      fee: preview.fees,
      reason: "immediateOrCancel",
    });
    expect(await taker.positions()).toMatchObject([{ symbol: "BTC-PERP", side: "short", amount: "1" }]);
    const placed = await maker.placeOrder(bid);
    expect(await maker.cancelOrder(placed.id)).toMatchObject({
      id: placed.id,
      status: "canceled",
      remaining: "2",
    });
    await maker.batch([
      { op: "place", order: { account: maker.account, ...bid } },
      { op: "place", order: { account: maker.account, ...bid, price: "94" } },
    ]);
    expect(await maker.cancelOrders("BTC-PERP")).toBe(2);
  });

  test("is told by the venue's own words why an order was refused", async () => {
    const client = await join(await node(), 10);
    const refused = client.placeOrder({ ...bid, amount: "1000" });
    await expect(refused).rejects.toBeInstanceOf(ProblemError);
    await expect(refused).rejects.toMatchObject({
      refusal: "margin_insufficient",
      problem: { code: REFUSALS.margin_insufficient.code, status: 422 },
    });
    const malformed = client.placeOrder({ ...bid, price: "95.5" });
    await expect(malformed).rejects.toMatchObject({ status: 400, path: "body.price" });
  });

  test("sends many orders at once, and each is signed in its turn", async () => {
    const client = await join(await node(), 100_000);
    const prices = Array.from({ length: 20 }, (_, index) => String(80 + (index % 15)));
    const placed = await Promise.all(
      prices.map((price) => client.placeOrder({ ...bid, amount: "1", price })),
    );
    expect(placed.map(({ sequence }) => sequence)).toEqual(
      placed.map((_, index) => placed[0]!.sequence + index),
    );
  });

  test("sends orders in binary, with a key of their own", async () => {
    const client = await join(await node(), 100_000);
    const entry = await client.orderEntry();
    const prices = Array.from({ length: 50 }, (_, index) => String(60 + (index % 30)));
    const placed = await Promise.all(prices.map((price) => entry.place({ ...bid, amount: "1", price })));
    expect(new Set(placed.map(({ id }) => id)).size).toBe(50);
    expect(placed.every(({ status }) => status === "open")).toBe(true);
    await Promise.all([client.placeOrder({ ...bid, amount: "1" }), entry.place({ ...bid, amount: "1" })]);
    expect(await entry.cancel(client.account, placed[0]!.id)).toBe(1);
    await expect(entry.cancel(client.account, placed[0]!.id)).rejects.toMatchObject({
      refusal: "order_unknown",
    });
    await expect(entry.place({ ...bid, amount: "90000" })).rejects.toBeInstanceOf(ProblemError);
    expect(await client.cancelOrders()).toBe(51);
  });

  test("whose clock is an hour off is heard all the same", async () => {
    const late = await node({ clock: () => Date.now() - 3_600_000 });
    const client = await join(late, 10_000);
    expect(Math.abs(client.clock.now() - (Date.now() - 3_600_000))).toBeLessThan(2_000);
    expect(await client.placeOrder(bid)).toMatchObject({ status: "open" });
  });

  test("may do what its session was given, and no more", async () => {
    const at = await node();
    const reader = await join(at, 1_000, SCOPE.read);
    expect((await reader.balances()).buckets).toHaveLength(1);
    await expect(reader.placeOrder(bid)).rejects.toMatchObject({ status: 403 });
    const stranger = await join(at, 1_000);
    await expect(
      stranger.call("placeOrder", { body: { ...bid, account: reader.account } }),
    ).rejects.toMatchObject({ status: 403 });
    const money = { kind: "requestWithdrawal", account: stranger.account, asset: 1, amount: 1 } as const;
    await expect(stranger.send(money)).rejects.toMatchObject({ status: 403 });
  });

  test("without a wallet sees what everybody sees, and says what it lacks", async () => {
    const at = await node();
    const guest = await connect(at.url);
    expect(await guest.call("markets", { query: {} })).toMatchObject([
      { symbol: "BTC-PERP", status: "open" },
    ]);
    const book = await guest.call("book", { params: { symbol: "BTC-PERP" }, query: {} });
    expect([book.bids, book.asks]).toEqual([[], []]);
    expect(() => guest.account).toThrow(NoSession);
    await expect(guest.sign({ kind: "openAccount" })).rejects.toBeInstanceOf(NoWallet);
  });

  test("goes on with a session that was kept, asks no wallet for it, and ends it", async () => {
    const at = await node();
    const first = await join(at, 1_000);
    const { session, owner, scopes, expires, token, accounts } = first.session;
    const terms = { session, owner, scopes, expires, token, accounts: [first.account, ...accounts.slice(1)] };
    const never = { address: owner, signTypedData: () => Promise.reject(new Error("the wallet was asked")) };
    const second = await connect(at.url, { wallet: never, isSessionWanted: false });
    open.push(second);
    expect(() => second.session).toThrow(NoSession);
    second.resume(terms, first.session.key);
    expect(await second.placeOrder(bid)).toMatchObject({ status: "open" });
    await second.end();
    expect(() => second.session).toThrow(NoSession);
    await expect(first.placeOrder(bid)).rejects.toMatchObject({ status: 401, kind: "session-unknown" });
  });

  test("keeps its session key when it is given one", async () => {
    const at = await node();
    const client = await join(at);
    const sessions = await client.call("sessions", {});
    expect(sessions).toMatchObject([{ session: client.session.session, scopes: 3 }]);
    expect(client.session.key.publicKey).toBe(sessions[0]!.key);
    expect(client.session.owner).not.toBe(addressOf(publicKeyOf(createPrivateKey())));
  });
});

describe("a client that signs in with a text", () => {
  test("has a session that trades, as one by delegation does", async () => {
    const at = await node();
    const wallet = localWallet(hexOf(createPrivateKey()));
    const client = await connect(at.url, { wallet, login: "siwe", scopes: SCOPE.read + SCOPE.trade });
    open.push(client);
    const account = await openAccount(client);
    await at.execute({ kind: "confirmDeposit", account, asset: 1, amount: 1_000_000_000, reference: 77 });
    await allocate(client, { asset: "USD", amount: "1000" }, { tier: 1 });
    expect(await client.placeOrder(bid)).toMatchObject({ status: "open" });
    expect(client.session).toMatchObject({ owner: wallet.address, scopes: 3 });
  });

  test("needs a wallet that signs texts, and the right one", async () => {
    const at = await node();
    const own = localWallet(hexOf(createPrivateKey()));
    const mute: Wallet = { address: own.address, signTypedData: (data) => own.signTypedData(data) };
    await expect(connect(at.url, { wallet: mute, login: "siwe" })).rejects.toThrow("wallet.signMessage");
    const other = localWallet(hexOf(createPrivateKey()));
    const wallet = { ...mute, signMessage: (text: string) => other.signMessage!(text) };
    await expect(connect(at.url, { wallet, login: "siwe" })).rejects.toMatchObject({ status: 401 });
  });

  test.each([
    ["another key", /bulkhead:key:0x../, "bulkhead:key:0x00", "key"],
    ["more than was asked for", /scopes:3/, "scopes:15", "scopes"],
    ["longer than was asked for", /(Expiration Time: )\d{4}/, "$12999", "expires"],
    ["a second key", /$/, "\n- bulkhead:key:0x02", "key"],
  ])("signs no text that names %s", async (_, found, instead, place) => {
    const at = await node();
    const signed: string[] = [];
    const own = localWallet(hexOf(createPrivateKey()));
    const wallet = { ...own, signMessage: (text: string) => (signed.push(text), own.signMessage!(text)) };
    const dishonest: typeof fetch = async (input, init) => {
      const response = await fetch(input, init);
      if (!(input instanceof URL) || input.pathname !== "/v1/auth/challenge") return response;
      const told = (await response.json()) as { message: string };
      return Response.json({ ...told, message: told.message.replace(found, instead) });
    };
    const joining = connect(at.url, { wallet, login: "siwe", fetch: dishonest });
    await expect(joining).rejects.toThrow(`challenge.message.${place}`);
    expect(signed).toEqual([]);
  });
});

describe("order entry over TCP", () => {
  test("is the same over another carrier: orders, refusals, and what goes with a lost connection", async () => {
    const at = await node();
    const client = await join(at, 1_000);
    const entry = await client.orderEntry({ makeSocket: tcpSocket("127.0.0.1", at.gateway.tcpPort!) });
    const many = Array.from({ length: 300 }, (_, index) =>
      entry.place({ ...bid, amount: "1", price: String(10 + (index % 80)) }),
    );
    const placed = await Promise.all(many.slice(0, 60));
    expect(placed.every(({ status }) => status === "open")).toBe(true);
    await expect(entry.place({ ...bid, amount: "100000" })).rejects.toBeInstanceOf(ProblemError);
    expect(await entry.cancel(client.account, placed[0]!.id)).toBe(1);
    const rested = (await Promise.allSettled(many)).filter(({ status }) => status === "fulfilled").length - 1;
    entry.close();
    await expect
      .poll(() => at.logged.find((line) => line.includes("disconnected_account_cancelled")))
      .toContain(`"canceled":${rested}`);
  });

  test("comes back when the connection was lost, and waits for a node that is not there", async () => {
    const at = await node();
    const client = await join(at, 1_000);
    const made: Socket[] = [];
    const carry = tcpSocket("127.0.0.1", at.gateway.tcpPort!);
    const entry = await client.orderEntry({
      cancelOnDisconnect: false,
      makeSocket: async (url) => {
        const socket = await carry(url);
        made.push(socket);
        return socket;
      },
    });
    await entry.place(bid);
    made[0]?.close();
    await expect.poll(() => entry.isUp).toBe(false);
    await entry.place({ ...bid, price: "94" });
    expect(await client.cancelOrders()).toBe(2);
    entry.close();
    const nobody = await client.orderEntry({ makeSocket: tcpSocket("127.0.0.1", 1) });
    const waiting = nobody.place(bid);
    await new Promise((resolve) => setTimeout(resolve, 50));
    nobody.close();
    await expect(waiting).rejects.toMatchObject({ mayHaveHappened: false });
  });
});
