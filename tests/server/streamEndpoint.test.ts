/** The streams over real sockets: what clients may say, what they are told, and when they are cut off. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { STREAM_REPLY } from "@bulkhead/protocol";
import { type StreamEndpointOptions, createStreamEndpoint } from "@bulkhead/server";
import { afterEach, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { type FanOutOptions, Message } from "../../packages/server/src/market/fanOut.ts";
import { LIMIT_ORDER } from "../engine/venue.ts";
import { type Stage, openStage } from "./streaming.ts";

type Told = Record<string, unknown>;

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

interface Served {
  readonly stage: Stage;
  readonly connect: () => Promise<Client>;
}

/** A client that keeps what it hears. */
class Client {
  readonly heard: Told[] = [];
  readonly socket: WebSocket;
  readonly closed: Promise<readonly [number, string]>;

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on("message", (data: Buffer) => this.heard.push(JSON.parse(data.toString()) as Told));
    this.closed = new Promise((resolve) => {
      socket.on("close", (code, reason) => resolve([code, reason.toString()]));
    });
  }

  say(content: unknown): void {
    this.socket.send(typeof content === "string" ? content : JSON.stringify(content));
  }

  /** The first message of which this is true, now or later. */
  async hears(isIt: (message: Told) => boolean): Promise<Told> {
    for (;;) {
      const found = this.heard.find(isIt);
      if (found !== undefined) return found;
      await new Promise((resolve) => this.socket.once("message", resolve));
    }
  }

  async asks(content: object): Promise<Told> {
    const id = this.heard.length + 1_000;
    this.say({ ...content, id });
    const reply = await this.hears((message) => message["id"] === id);
    expect(STREAM_REPLY.safeParse(reply).error).toBeUndefined();
    return reply;
  }
}

async function serve(
  options: Partial<StreamEndpointOptions> = {},
  bounds: FanOutOptions = {},
): Promise<Served> {
  const stage = openStage({}, bounds);
  const { market, fanOut } = stage;
  const endpoint = createStreamEndpoint({
    market,
    fanOut,
    authenticate: (token) => (token === "alice's" ? { accounts: [1], expires: 4e12 } : undefined),
    ...options,
  });
  const server: Server = createServer();
  server.on("upgrade", (request, socket, head) => endpoint.upgrade(request, socket, head));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => {
    endpoint.close();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    stage,
    connect: () =>
      new Promise((resolve, reject) => {
        const socket = new WebSocket(`ws://127.0.0.1:${port}/v1/stream`);
        const client = new Client(socket);
        closers.push(() => socket.terminate());
        socket.on("open", () => resolve(client));
        socket.on("error", reject);
      }),
  };
}

const BOOK = { channel: "book", symbol: "BTC-PERP" };
const buy = (lots: number) =>
  ({ ...LIMIT_ORDER, time: 1_000_001, account: 1, bucket: 1, side: 0, price: 99, lots }) as const;

describe("a client", () => {
  test("subscribes, is told, and unsubscribes", async () => {
    const { stage, connect } = await serve();
    const client = await connect();
    expect(await client.asks({ op: "subscribe", ...BOOK })).toMatchObject({ op: "subscribed", ...BOOK });
    await client.hears(({ type }) => type === "snapshot");
    stage.run(buy(2));
    expect(await client.hears(({ type }) => type === "update")).toMatchObject({
      previous: 15,
      bids: [["49.5", "4"]],
    });
    expect(await client.asks({ op: "unsubscribe", ...BOOK })).toMatchObject({ op: "unsubscribed" });
    expect(await client.asks({ op: "unsubscribe", ...BOOK })).toMatchObject({
      op: "error",
      problem: { status: 404 },
    });
    expect(await client.asks({ op: "ping" })).toMatchObject({ op: "pong", sequence: 16 });
  });

  test.each([
    [{ op: "subscribe", channel: "book", symbol: "NO-SUCH" }, 404],
    [{ op: "subscribe", channel: "funds", tier: 9 }, 404],
    [{ op: "subscribe", channel: "book" }, 400],
    [{ op: "subscribe", channel: "rumours" }, 400],
    [{ op: "sing" }, 400],
    [{ op: "subscribe", channel: "orders", account: 1 }, 401],
    [{ op: "login", token: "nobody's" }, 401],
  ])("that says %j is answered with %i", async (content, status) => {
    const { connect } = await serve();
    const client = await connect();
    client.say(content);
    expect(await client.hears(({ op }) => op === "error")).toMatchObject({ problem: { status } });
  });

  test("reads its own accounts once it has logged in, and nobody else's", async () => {
    const { stage, connect } = await serve();
    const client = await connect();
    expect(await client.asks({ op: "login", token: "alice's" })).toMatchObject({
      op: "loggedIn",
      accounts: [1],
    });
    expect(await client.asks({ op: "subscribe", channel: "orders", account: 1 })).toMatchObject({
      op: "subscribed",
    });
    expect(await client.asks({ op: "subscribe", channel: "orders", account: 2 })).toMatchObject({
      problem: { status: 403 },
    });
    stage.run(buy(1));
    expect(
      await client.hears(({ channel, type }) => channel === "orders" && type === "update"),
    ).toMatchObject({
      items: [{ status: "open", remaining: "2" }],
    });
  });

  test("that logs in as somebody else hears no more of whom it was", async () => {
    const { stage, connect } = await serve({
      authenticate: (token) => ({ accounts: [Number(token)], expires: 4e12 }),
    });
    const client = await connect();
    await client.asks({ op: "login", token: "1" });
    await client.asks({ op: "subscribe", channel: "orders", account: 1 });
    await client.hears(({ channel, type }) => channel === "orders" && type === "snapshot");
    await client.asks({ op: "login", token: "2" });
    stage.run(buy(1));
    await client.asks({ op: "ping" });
    expect(client.heard.filter(({ channel, type }) => channel === "orders" && type === "update")).toEqual([]);
  });

  test("whose session ends is cut off", async () => {
    const now = { time: 1_000 };
    const { connect } = await serve({
      clock: () => now.time,
      pingMs: 250,
      authenticate: () => ({ accounts: [1], expires: 2_000 }),
    });
    const client = await connect();
    await client.asks({ op: "login", token: "x" });
    now.time = 2_000;
    expect(await client.closed).toEqual([4001, "session is not valid any more"]);
  });

  test.each([
    ["that says what is no JSON", "{", [4000, "malformed message"]],
    ["that says more than a message may hold", "x".repeat(5_000), [1009, ""]],
  ])("%s is cut off", async (_, content, closed) => {
    const { connect } = await serve();
    const client = await connect();
    client.say(content);
    expect(await client.closed).toEqual(closed);
  });

  test("that says nothing and listens to nothing is cut off", async () => {
    const { connect } = await serve({ pingMs: 250, idleMs: 600 });
    const [idle, busy] = [await connect(), await connect()];
    await busy.asks({ op: "subscribe", ...BOOK });
    expect(await idle.closed).toEqual([4002, "idle"]);
    expect(busy.socket.readyState).toBe(WebSocket.OPEN);
  });

  test("that says too much is told so", async () => {
    const { connect } = await serve({ burst: 3, perSecond: 0.001 });
    const client = await connect();
    for (let index = 0; index < 4; index++) client.say({ op: "ping" });
    expect(await client.hears(({ op }) => op === "error")).toMatchObject({ problem: { status: 429 } });
    expect(client.heard.filter(({ op }) => op === "pong")).toHaveLength(3);
  });

  test("that is one too many is turned away", async () => {
    const { connect } = await serve({ maxConnections: 1 });
    await connect();
    expect(await (await connect()).closed).toEqual([1013, "too many connections"]);
  });

  test("that does not read is cut off, and holds no more than its outbox", async () => {
    const { stage, connect } = await serve({}, { maxOutbox: 256 * 1_024 });
    const client = await connect();
    const { fanOut } = stage;
    const [subscriber] = fanOut.members();
    const topic = { name: "large:1", merge: "every" as const, snapshot: () => undefined };
    if (subscriber !== undefined) fanOut.subscribe(subscriber, topic);
    client.socket.pause();
    const large = new Message(() => "x".repeat(32 * 1_024));
    let most = 0;
    for (let round = 0; fanOut.connected > 0 && round < 2_000; round++) {
      fanOut.publish(topic, large, large);
      most = Math.max(most, subscriber?.connection.bufferedBytes ?? 0);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(fanOut.figures).toMatchObject({ cut: 1 });
    expect(most).toBeGreaterThan(128 * 1_024);
    expect(most).toBeLessThanOrEqual(256 * 1_024);
    client.socket.resume();
    expect((await client.closed)[0]).toBeOneOf([4008, 1006]);
  });
});

describe("cancel on disconnect", () => {
  const trading = {
    authenticate: (token: string) => ({
      accounts: token === "both" ? [1, 2] : [1],
      expires: 4e12,
      mayTrade: token !== "reader",
    }),
  };
  const setUp = async () => {
    const gone: number[][] = [];
    const served = await serve({ ...trading, disconnected: (accounts) => gone.push([...accounts]) });
    return { gone, ...served };
  };

  test.each(["close", "terminate"] as const)(
    "takes the owner's orders with a connection: %s",
    async (end) => {
      const { gone, connect } = await setUp();
      const [client, other] = [await connect(), await connect()];
      for (const each of [client, other]) {
        await each.asks({ op: "login", token: "both" });
        expect(await each.asks({ op: "cancelOnDisconnect" })).toMatchObject({ accounts: [1, 2] });
      }
      client.socket[end]();
      // Another connection that lives on changes nothing.
      await expect.poll(() => gone).toEqual([[1, 2]]);
    },
  );

  test("is only for whom it was asked, and until it is taken back", async () => {
    const { gone, connect } = await setUp();
    const client = await connect();
    await client.asks({ op: "login", token: "both" });
    await client.asks({ op: "cancelOnDisconnect" });
    expect(await client.asks({ op: "cancelOnDisconnect", account: 1, enabled: false })).toMatchObject({
      accounts: [2],
    });
    const [silent, changed] = [await connect(), await connect()];
    await silent.asks({ op: "login", token: "both" });
    await changed.asks({ op: "login", token: "both" });
    await changed.asks({ op: "cancelOnDisconnect" });
    await changed.asks({ op: "login", token: "one" });
    silent.socket.close();
    client.socket.close();
    await expect.poll(() => gone).toEqual([[2]]);
    changed.socket.close();
    await expect.poll(() => gone).toEqual([[2], [1]]);
  });

  test.each([
    ["nobody who has not logged in", undefined, {}, 401],
    ["nobody whose session may not trade", "reader", {}, 403],
    ["no other owner's account", "one", { account: 2 }, 403],
  ])("is for %s", async (_, token, of, status) => {
    const { gone, connect } = await setUp();
    const client = await connect();
    if (token !== undefined) await client.asks({ op: "login", token });
    expect(await client.asks({ op: "cancelOnDisconnect", ...of })).toMatchObject({
      op: "error",
      problem: { status },
    });
    client.socket.close();
    await client.closed;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(gone).toEqual([]);
  });
});
