/** The client's streams at a real node, over a network that fails now and then. */
import { SCOPE, createPrivateKey, hexOf } from "@bulkhead/protocol";
import { type Client, allocate, connect, localWallet, openAccount } from "@bulkhead/sdk";
import { afterEach, describe, expect, test, vi } from "vitest";
import { type WholeNode, openWholeNode } from "./wholeNode.ts";

const open: { close(): void | Promise<void> }[] = [];

afterEach(async () => {
  for (const each of open.splice(0).toReversed()) await each.close();
});

async function node(): Promise<WholeNode> {
  const opened = await openWholeNode();
  open.push(opened);
  return opened;
}

async function join(at: WholeNode, dollars: number): Promise<Client> {
  const wallet = localWallet(hexOf(createPrivateKey()));
  const client = await connect(at.url, { wallet, scopes: SCOPE.read + SCOPE.trade });
  open.push(client);
  const account = await openAccount(client);
  const money = { account, asset: 1, amount: dollars * 1_000_000 };
  await at.execute({ kind: "confirmDeposit", ...money, reference: account + 1_000_000 });
  await allocate(client, { asset: "USD", amount: String(dollars) }, { tier: 1 });
  return client;
}

const bid = { symbol: "BTC-PERP", side: "buy", type: "limit", amount: "2", price: "95" } as const;

describe("a client's streams", () => {
  test("keep a book that is the node's, also after every connection was cut", async () => {
    const at = await node();
    const client = await join(at, 100_000);
    await client.placeOrder(bid);
    const stream = client.stream();
    let levels: readonly (readonly string[])[] = [];
    let emptied = 0;
    const { ready } = client.followBook(stream, "BTC-PERP", (book) => {
      levels = book.bids;
      if (book.sequence === 0) emptied++;
    });
    await ready;
    await vi.waitFor(() => expect(levels).toEqual([["95", "2"]]));
    await client.placeOrder({ ...bid, price: "96" });
    await vi.waitFor(() =>
      expect(levels).toEqual([
        ["96", "2"],
        ["95", "2"],
      ]),
    );
    at.cut();
    await vi.waitFor(() => expect(emptied).toBe(1));
    await client.placeOrder({ ...bid, price: "97" });
    await vi.waitFor(
      () =>
        expect(levels).toEqual([
          ["97", "2"],
          ["96", "2"],
          ["95", "2"],
        ]),
      { timeout: 5_000 },
    );
    const told = await client.call("book", { params: { symbol: "BTC-PERP" }, query: {} });
    expect(levels).toEqual(told.bids);
  });

  test("tell an account of its orders, fills and margin", async () => {
    const at = await node();
    const [maker, taker] = [await join(at, 100_000), await join(at, 100_000)];
    const { account } = maker;
    const stream = maker.stream();
    const told: string[] = [];
    const subscriptions = [
      stream.subscribe("orders", { account }, ({ items }) =>
        told.push(...items.map(({ id, status }) => `${id} ${status}`)),
      ),
      stream.subscribe("fills", { account }, ({ items }) =>
        told.push(...items.map(({ price, amount }) => `${amount} at ${price}`)),
      ),
      stream.subscribe("positions", { account }, ({ items }) =>
        told.push(...items.map(({ side, amount }) => `${side} ${amount}`)),
      ),
    ];
    await Promise.all(subscriptions.map(({ ready }) => ready));
    const { id } = await maker.placeOrder(bid);
    await taker.placeOrder({ ...bid, side: "sell", type: "market", price: "90" });
    await vi.waitFor(
      () => expect(told).toEqual(expect.arrayContaining([`${id} open`, "2 at 95", `${id} closed`, "long 2"])),
      {
        timeout: 3_000,
      },
    );
  });

  test("do not tell an account to a stranger", async () => {
    const at = await node();
    const [owner, stranger] = [await join(at, 1_000), await join(at, 1_000)];
    const own = stranger.stream().subscribe("orders", { account: owner.account }, () => undefined);
    await expect(own.ready).rejects.toMatchObject({ status: 403 });
  });

  test("binary orders go when their connection is cut", async () => {
    const at = await node();
    const client = await join(at, 100_000);
    const entry = await client.orderEntry();
    await entry.place(bid);
    await client.placeOrder({ ...bid, price: "96" });
    at.cut();
    const bids = async () => (await client.call("book", { params: { symbol: "BTC-PERP" }, query: {} })).bids;
    await vi.waitFor(async () => expect(await bids()).toEqual([]), { timeout: 5_000 });
    await vi.waitFor(() => expect(entry.isUp).toBe(true), { timeout: 5_000 });
    expect(await entry.place(bid)).toMatchObject({ status: "open" });
  });
});
