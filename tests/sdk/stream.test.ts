/** What is subscribed stays so, whatever becomes of the connection; and nothing is told that does not fit what was told before. */
import { describe, expect, test } from "vitest";
import { Stream } from "../../packages/sdk/src/stream.ts";
import { ProblemError } from "@bulkhead/sdk";
import { problemOf } from "@bulkhead/protocol";
import { fakeNetwork } from "./fakeSockets.ts";

function open(token?: string) {
  const network = fakeNetwork();
  const stream = new Stream({
    url: "ws://node/v1/stream",
    makeSocket: network.makeSocket,
    token,
    firstWait: 1,
    silence: 60_000,
  });
  return { ...network, stream };
}

const level = ["64000.0", "1.000"] as const;
const book = { channel: "book", symbol: "BTC-PERP", time: 1, bids: [level], asks: [], checksum: 1 } as const;
const snapshot = { ...book, type: "snapshot", sequence: 10 } as const;
const update = { ...book, type: "update", previous: 10, sequence: 12 } as const;

describe("a stream", () => {
  test("subscribes when it is there, and again when it comes back, telling of the gap", async () => {
    const { stream, made } = open();
    const told: (number | "gap")[] = [];
    const { ready } = stream.subscribe(
      "book",
      { symbol: "BTC-PERP" },
      { message: ({ sequence }) => told.push(sequence), gap: () => told.push("gap") },
    );
    const first = await made(1);
    first.accept();
    expect(first.heard()).toEqual([{ op: "subscribe", channel: "book", symbol: "BTC-PERP", id: 1 }]);
    first.say({ op: "subscribed", channel: "book", symbol: "BTC-PERP", id: 1 });
    await ready;
    first.say(snapshot);
    first.say(update);
    first.close(1_006);
    const second = await made(2);
    second.accept();
    expect(second.heard()).toEqual([{ op: "subscribe", channel: "book", symbol: "BTC-PERP", id: 1 }]);
    second.say({ ...snapshot, sequence: 40 });
    expect(told).toEqual([10, 12, "gap", 40]);
    stream.close();
  });

  test("asks for a book anew when a message is missing, and tells nothing in between", async () => {
    const { stream, made } = open();
    const told: (number | "gap")[] = [];
    stream.subscribe(
      "book",
      { symbol: "BTC-PERP" },
      { message: ({ sequence }) => told.push(sequence), gap: () => told.push("gap") },
    );
    const socket = await made(1);
    socket.accept();
    socket.say(snapshot);
    socket.heard();
    socket.say({ ...update, previous: 11 });
    expect(socket.heard()).toEqual([
      { op: "unsubscribe", channel: "book", symbol: "BTC-PERP", id: 1 },
      { op: "subscribe", channel: "book", symbol: "BTC-PERP", id: 1 },
    ]);
    socket.say({ ...update, previous: 12, sequence: 13 });
    expect(socket.heard()).toEqual([]);
    socket.say({ ...snapshot, sequence: 20 });
    expect(told).toEqual([10, "gap", 20]);
    stream.close();
  });

  test("tells how it stands: of which command it heard last, when, and why it was lost", async () => {
    const { stream, made } = open();
    expect(stream.state).toEqual({ isUp: false, heardAt: 0, sequence: 0, time: 0, lost: undefined });
    stream.subscribe("book", { symbol: "BTC-PERP" }, () => undefined);
    const first = await made(1);
    first.accept();
    first.say(snapshot);
    const before = Date.now();
    first.say({ op: "pong", sequence: 30, time: 9 });
    expect(stream.state).toMatchObject({ isUp: true, sequence: 30, time: 9, lost: undefined });
    expect(stream.state.heardAt).toBeGreaterThanOrEqual(before);
    first.say({ ...update, sequence: 29 });
    expect(stream.state).toMatchObject({ sequence: 30, time: 9 });
    first.close(1_006, "cut off");
    expect(stream.state).toMatchObject({ isUp: false, sequence: 30, lost: "cut off" });
    (await made(2)).accept();
    expect(stream.state).toMatchObject({ isUp: true, lost: undefined });
    stream.close();
  });

  test("logs in before it asks for what is an account's own", async () => {
    const { stream, made } = open("a-token");
    stream.subscribe("orders", { account: 7 }, () => undefined);
    stream.subscribe("trades", { symbol: "BTC-PERP" }, () => undefined);
    const socket = await made(1);
    socket.accept();
    expect(socket.heard()).toEqual([
      { op: "subscribe", channel: "trades", symbol: "BTC-PERP", id: 2 },
      { op: "login", token: "a-token", id: 0 },
    ]);
    socket.say({ op: "loggedIn", accounts: [7], expires: 9, id: 0 });
    expect(socket.heard()).toEqual([{ op: "subscribe", channel: "orders", account: 7, id: 1 }]);
    stream.subscribe("fills", { account: 7 }, () => undefined);
    expect(socket.heard()).toEqual([{ op: "subscribe", channel: "fills", account: 7, id: 3 }]);
    stream.close();
  });

  test("that may not log in says so to whoever needed it, and to nobody else", async () => {
    const { stream, made } = open("a-token");
    const own = stream.subscribe("orders", { account: 7 }, () => undefined);
    const everybodys = stream.subscribe("trades", { symbol: "BTC-PERP" }, () => undefined);
    const socket = await made(1);
    socket.accept();
    const problem = problemOf("session-unknown", "no such session");
    socket.say({ op: "error", problem, id: 0 });
    await expect(own.ready).rejects.toThrow(ProblemError);
    socket.say({ op: "subscribed", channel: "trades", id: 2 });
    await everybodys.ready;
    stream.close();
  });

  test("tells each listener of its own topic only, until it is closed", async () => {
    const { stream, made } = open();
    const told: string[] = [];
    const one = stream.subscribe("book", { symbol: "BTC-PERP" }, () => told.push("one"));
    const two = stream.subscribe("book", { symbol: "BTC-PERP" }, () => told.push("two"));
    stream.subscribe("book", { symbol: "ETH-PERP" }, () => told.push("eth"));
    const socket = await made(1);
    socket.accept();
    socket.heard();
    socket.say(snapshot);
    one.close();
    expect(socket.heard()).toEqual([]);
    socket.say({ ...snapshot, sequence: 11 });
    two.close();
    expect(socket.heard()).toEqual([{ op: "unsubscribe", channel: "book", symbol: "BTC-PERP", id: 2 }]);
    socket.say({ ...snapshot, sequence: 12 });
    expect(told).toEqual(["one", "two", "two"]);
    stream.close();
  });

  test("gives up a node that has fallen silent", async () => {
    const network = fakeNetwork();
    const stream = new Stream({
      url: "ws://node",
      makeSocket: network.makeSocket,
      firstWait: 1,
      silence: 20,
    });
    const socket = await network.made(1);
    socket.accept();
    await network.made(2);
    expect(socket.heard()).toContainEqual({ op: "ping" });
    stream.close();
  });
});
