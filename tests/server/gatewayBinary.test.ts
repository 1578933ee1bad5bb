/** Binary order entry, over WebSocket and TCP alike. */
import { EventEmitter, once } from "node:events";
import { connect, type Socket } from "node:net";
import {
  type Answer,
  type CommandInput,
  decodeAnswer,
  decodeBatch,
  encodeBatch,
  encodeTerms,
} from "@bulkhead/protocol";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { BinaryEntry } from "../../packages/server/src/gateway/binary.ts";
import { Disconnects } from "../../packages/server/src/gateway/disconnects.ts";
import { type NodeOptions, type TestClient, type TestNode, openNode } from "./venueNode.ts";

const PLACE = {
  kind: "placeOrder",
  tier: 1,
  market: 1,
  side: 0,
  type: 0,
  timeInForce: 0,
  price: 90,
  lots: 1,
  trigger: 0,
  expiry: 0,
  clientId: 0,
  flags: 0,
  selfTrade: 0,
} as const;

/** A connection, whatever carries it. */
interface Line {
  send(message: Uint8Array): void;
  answer(): Promise<Answer>;
  /** What the connection was ended with, once it is. */
  readonly ended: Promise<number>;
  pause(): void;
  resume(): void;
  hangUp(): void;
}

/** Answers as they come, for whoever waits. */
class Answers {
  private readonly come: Answer[] = [];
  private readonly waiting: ((answer: Answer) => void)[] = [];

  push(message: Uint8Array): void {
    const answer = decodeAnswer(message);
    const waiting = this.waiting.shift();
    if (waiting === undefined) this.come.push(answer);
    else waiting(answer);
  }

  next(): Promise<Answer> {
    const answer = this.come.shift();
    return answer === undefined
      ? new Promise((resolve) => this.waiting.push(resolve))
      : Promise.resolve(answer);
  }
}

async function overWebSocket(node: TestNode, query = ""): Promise<Line> {
  const socket = new WebSocket(`ws://127.0.0.1:${node.gateway.port}/v1/binary${query}`);
  const answers = new Answers();
  socket.on("message", (data: Buffer) => answers.push(new Uint8Array(data)));
  const ended = new Promise<number>((resolve) => socket.on("close", (code) => resolve(code)));
  await new Promise((resolve, reject) => socket.on("open", resolve).on("error", reject));
  return {
    send: (message) => socket.send(message),
    answer: () => answers.next(),
    ended,
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    hangUp: () => socket.close(),
  };
}

async function overTcp(node: TestNode): Promise<Line & { readonly socket: Socket }> {
  const socket = connect(node.gateway.tcpPort!, "127.0.0.1");
  const answers = new Answers();
  let held = Buffer.alloc(0);
  socket.on("data", (chunk) => {
    held = Buffer.concat([held, chunk]);
    while (held.length >= 4 && held.length >= 4 + held.readUInt32LE(0)) {
      const end = 4 + held.readUInt32LE(0);
      answers.push(new Uint8Array(held.subarray(4, end)));
      held = held.subarray(end);
    }
  });
  const ended = new Promise<number>((resolve) => socket.on("close", () => resolve(0)));
  socket.on("error", () => undefined);
  await new Promise((resolve) => socket.on("connect", resolve));
  return {
    socket,
    send: (message) => {
      const length = Buffer.alloc(4);
      length.writeUInt32LE(message.length);
      socket.write(Buffer.concat([length, message]));
    },
    answer: () => answers.next(),
    ended,
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    hangUp: () => socket.end(),
  };
}

const order = ({ account }: TestClient, more: object = {}): CommandInput =>
  Object.assign({ ...PLACE, account, bucket: account }, more);
const problemIn = (answer: Answer): unknown => (answer.kind === "problem" ? answer.problem : answer);

let node: TestNode;
beforeAll(async () => {
  node = await openNode();
});
afterAll(() => node.close());

describe.each([
  ["WebSocket", overWebSocket],
  ["TCP", overTcp],
] as const)("over %s", (_, open) => {
  test("a batch is executed in a row and answered at once, refusals among the rest", async () => {
    const [client, line] = [await node.client(), await open(node)];
    line.send(client.batch([order(client), order(client, { lots: 9_000 }), order(client, { price: 91 })], 7));
    const answer = await line.answer();
    expect(answer).toMatchObject({ kind: "outcomes", request: 7, count: 3 });
    if (answer.kind !== "outcomes") throw new Error("no outcomes");
    expect([...answer.codes].map((code) => code === 0)).toEqual([true, false, true]);
    expect(answer.facts[0]).toBeGreaterThan(0);
    line.hangUp();
  });

  test("answers come in the order of the batches, however many are under way", async () => {
    const [client, line] = [await node.client(100_000), await open(node)];
    const asked = Array.from({ length: 60 }, (_each, index) => index);
    for (const request of asked) line.send(client.batch([order(client, { clientId: request + 1 })], request));
    const answers: Answer[] = [];
    while (answers.length < asked.length) answers.push(await line.answer());
    expect(answers.map(({ request }) => request)).toEqual(asked);
    expect(answers.every(({ kind }) => kind === "outcomes")).toBe(true);
    line.hangUp();
  });

  test("a batch is refused whole if one of its commands is not the signer's", async () => {
    const [client, other, line] = [await node.client(), await node.client(), await open(node)];
    const before = node.runner.engine.sequence;
    line.send(client.batch([order(client), order(other)]));
    expect(problemIn(await line.answer())).toMatchObject({ status: 403, denial: "account_not_owned" });
    line.send(client.batch([order(client), { kind: "clockTick", tier: 1 }]));
    expect(problemIn(await line.answer())).toMatchObject({ status: 403, denial: "wallet_required" });
    expect(node.runner.engine.sequence).toBe(before);
    line.hangUp();
  });

  test("what was signed cannot be changed, sent again or sent for another session", async () => {
    const [client, other, line] = [await node.client(), await node.client(), await open(node)];
    const message = client.batch([order(client)]);
    const before = node.runner.engine.sequence;
    for (const at of [10, 14, 25, 60, message.length - 20]) {
      const changed = message.slice();
      changed[at]! ^= 1;
      line.send(changed);
      expect(problemIn(await line.answer())).toMatchObject({
        status: expect.toSatisfy((status) => status < 500),
      });
    }
    const { frames: _frames, ...batch } = decodeBatch(message);
    line.send(encodeBatch({ ...batch, session: other.session }));
    expect(problemIn(await line.answer())).toMatchObject({ denial: "signature_wrong" });
    expect(node.runner.engine.sequence).toBe(before);
    line.send(message);
    expect(await line.answer()).toMatchObject({ kind: "outcomes" });
    line.send(message);
    expect(problemIn(await line.answer())).toMatchObject({ denial: "nonce_not_increasing", status: 401 });
    line.hangUp();
  });

  test("nonsense is answered with a problem, and the connection goes on", async () => {
    const [client, line] = [await node.client(), await open(node)];
    for (const nonsense of [Uint8Array.of(1), new Uint8Array(200), new Uint8Array(3_000).fill(255)]) {
      line.send(nonsense);
      expect(problemIn(await line.answer())).toMatchObject({ status: 400, type: "/problems/decode" });
    }
    line.send(client.batch([order(client)]));
    expect(await line.answer()).toMatchObject({ kind: "outcomes" });
    line.hangUp();
  });
});

describe("a session's limits", () => {
  const limits: NodeOptions = { limits: { commandsPerSession: { perSecond: 1, burst: 5 } } };

  test("count commands, not batches, and say when to come again", async () => {
    const small = await openNode(limits);
    const [client, line] = [await small.client(), await overWebSocket(small)];
    line.send(client.batch([1, 2, 3, 4].map(() => order(client))));
    expect(await line.answer()).toMatchObject({ kind: "outcomes" });
    line.send(client.batch([1, 2].map(() => order(client))));
    expect(problemIn(await line.answer())).toMatchObject({ status: 429, retryAfterMs: expect.any(Number) });
    await small.close();
  });

  test("cannot be used up by whoever knows its number", async () => {
    const small = await openNode(limits);
    const [client, line] = [await small.client(), await overWebSocket(small)];
    for (let each = 0; each < 10; each++) {
      const forged = client.batch(
        [1, 2, 3].map(() => order(client)),
        each,
        { key: new Uint8Array(32).fill(9) },
      );
      line.send(forged);
      expect(problemIn(await line.answer())).toMatchObject({ denial: "signature_wrong" });
    }
    line.send(client.batch([1, 2, 3, 4, 5].map(() => order(client))));
    expect(await line.answer()).toMatchObject({ kind: "outcomes" });
    await small.close();
  });
});

describe("a client that takes no answers", () => {
  test("is not read from until it does, and then has all of them", async () => {
    const small = await openNode({ limits: { batchesInFlight: 2, unsentBytes: 1_000 } });
    const taken = vi.spyOn(small.access.gate, "request");
    const line = await overTcp(small);
    line.pause();
    // Answers of some 200 bytes each, more than the network holds.
    const messages = 60_000;
    const nonsense = Buffer.alloc(5 * messages);
    for (let at = 0; at < nonsense.length; at += 5) nonsense.writeUInt32LE(1, at);
    line.socket.write(nonsense);
    let before = -1;
    while (before !== taken.mock.calls.length) {
      before = taken.mock.calls.length;
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThan(messages);
    line.resume();
    for (let each = 0; each < messages; each++) expect((await line.answer()).kind).toBe("problem");
    await small.close();
  });
});

describe("a message over TCP", () => {
  test("may come byte by byte, and several in one piece", async () => {
    const client = await node.client();
    const line = await overTcp(node);
    const messages = [client.batch([order(client)], 1), client.batch([order(client)], 2)];
    const bytes = Buffer.concat(
      messages.flatMap((message) => {
        const length = Buffer.alloc(4);
        length.writeUInt32LE(message.length);
        return [length, Buffer.from(message)];
      }),
    );
    for (let at = 0; at < 30; at++) {
      line.socket.write(bytes.subarray(at, at + 1));
      await new Promise((resolve) => setImmediate(resolve));
    }
    line.socket.write(bytes.subarray(30));
    expect([(await line.answer()).request, (await line.answer()).request]).toEqual([1, 2]);
    line.hangUp();
  });

  test.each([0, 2 ** 31])("that claims %i bytes ends the connection", async (claimed) => {
    const line = await overTcp(node);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(claimed);
    line.socket.write(length);
    expect(await line.ended).toBe(0);
  });

  test("that is begun and not finished ends the connection, and so does silence", async () => {
    const small = await openNode({ limits: { requestTimeout: 60, idleTimeout: 200 } });
    const [slow, silent] = [await overTcp(small), await overTcp(small)];
    const started = performance.now();
    slow.socket.write(Buffer.from([100, 0, 0, 0]));
    const trickle = setInterval(() => slow.socket.write(Buffer.from([1])), 20);
    await slow.ended;
    expect(performance.now() - started).toBeLessThan(190);
    clearInterval(trickle);
    await silent.ended;
    await small.close();
  });
});

describe("a connection that asks for it", () => {
  test("takes the orders of its accounts with it when it goes", async () => {
    const [client, line] = [await node.client(), await overWebSocket(node, "?cancelOnDisconnect=true")];
    line.send(client.batch([order(client), order(client)]));
    await line.answer();
    line.hangUp();
    await line.ended;
    await expect
      .poll(() => node.logged.filter((entry) => entry.includes("disconnected_account_cancelled")).join())
      .toContain(`"account":${client.account},"canceled":2`);
  });

  test.each([
    ["says goodbye", "hangUp"],
    ["is cut off", "kill"],
  ] as const)("over TCP does so, too, when it %s, for what was sent before it asked, too", async (_, how) => {
    const [client, line] = [await node.client(), await overTcp(node)];
    line.send(client.batch([order(client), order(client)]));
    expect(await line.answer()).toMatchObject({ kind: "outcomes" });
    line.send(encodeTerms({ request: 7, cancelOnDisconnect: true }));
    expect(await line.answer()).toEqual({ kind: "terms", request: 7, cancelOnDisconnect: true });
    if (how === "kill") line.socket.resetAndDestroy();
    else line.hangUp();
    await expect
      .poll(() => node.logged.filter((entry) => entry.includes("disconnected_account_cancelled")).join())
      .toContain(`"account":${client.account},"canceled":2`);
  });

  test("that falls silent goes, and its orders with it, though another of the session lives on", async () => {
    const small = await openNode({ limits: { idleTimeout: 2_000 } });
    const [client, line, other] = [await small.client(), await overTcp(small), await overTcp(small)];
    const alive = setInterval(() => other.send(encodeTerms({ request: 1, cancelOnDisconnect: true })), 40);
    line.send(encodeTerms({ request: 1, cancelOnDisconnect: true }));
    line.send(client.batch([order(client)]));
    await line.ended;
    await expect.poll(() => small.logged.join()).toContain(`"account":${client.account},"canceled":1`);
    expect(small.gateway.binaryConnections).toBe(1);
    clearInterval(alive);
    await small.close();
  });

  test("may take it back", async () => {
    const [client, line] = [await node.client(), await overWebSocket(node, "?cancelOnDisconnect=true")];
    line.send(client.batch([order(client)]));
    await line.answer();
    line.send(encodeTerms({ request: 2, cancelOnDisconnect: false }));
    await line.answer();
    line.hangUp();
    await line.ended;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect((await client.send("DELETE", "/v1/orders")).body).toMatchObject({ canceled: 1 });
  });

  test("has its orders cancelled before the node is gone", async () => {
    const closing = await openNode();
    const [client, tcp] = [await closing.client(), await overTcp(closing)];
    const socket = await overWebSocket(closing, "?cancelOnDisconnect=true");
    tcp.send(encodeTerms({ request: 1, cancelOnDisconnect: true }));
    const second = await closing.client();
    tcp.send(client.batch([order(client)]));
    socket.send(second.batch([order(second)]));
    await socket.answer();
    await tcp.answer();
    await tcp.answer();
    await closing.close();
    const cancelled = closing.logged.filter((entry) => entry.includes("disconnected_account_cancelled"));
    expect(cancelled).toHaveLength(2);
  });

  test.each([
    ["before its socket says that it has gone", false],
    ["while what it sent is still on its way to the disk", true],
  ])("is waited for by a node that closes, %s", async (_, isHeld) => {
    const closing = await openNode();
    const client = await closing.client();
    const { runner: core, access, disks, logged } = closing;
    const note = (facts: object, code: string): void => void logged.push(JSON.stringify({ code, ...facts }));
    const log = { info: note, warn: note, error: note };
    const disconnects = new Disconnects(core, log);
    const deadMan = { heard: () => undefined } as never;
    const entry = new BinaryEntry({ core, access, deadMan, disconnects, log });
    const sent: Uint8Array[] = [];
    const connection = entry.accept(
      {
        address: "::1",
        unsentBytes: 0,
        send: (message) => void sent.push(message),
        pause: () => undefined,
        resume: () => undefined,
      },
      true,
    );
    const hold = new EventEmitter();
    if (isHeld) disks.log.held = once(hold, "over").then(() => undefined);
    connection.receive(client.batch([order(client)]));
    if (isHeld) await expect.poll(() => core.engine.sequence).toBeGreaterThan(core.log.last);
    else await expect.poll(() => sent).toHaveLength(1);
    const before = core.log.last;

    // The doors are shut: the server's, and in the one case the socket's.
    if (isHeld) void entry.closed(connection);
    let isOver = false;
    const over = entry
      .left()
      .then(() => disconnects.close())
      .then(() => (isOver = true));
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect([isOver, core.log.last, entry.connected]).toEqual([false, before, 1]);
    if (isHeld) hold.emit("over");
    else void entry.closed(connection);
    await over;
    expect(logged.at(-1)).toContain(`"account":${client.account},"canceled":1`);
    expect(entry.connected).toBe(0);
    await closing.close();
  });

  test("is the only one that does", async () => {
    const [client, line] = [await node.client(), await overWebSocket(node)];
    line.send(client.batch([order(client)]));
    await line.answer();
    line.hangUp();
    await line.ended;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect((await client.send("DELETE", "/v1/orders")).body).toMatchObject({ canceled: 1 });
  });
});

test("a node that closes answers what is under way, then says that it goes", async () => {
  const closing = await openNode();
  const [client, line, tcp] = [await closing.client(), await overWebSocket(closing), await overTcp(closing)];
  line.send(client.batch([order(client)], 1));
  tcp.send(client.batch([order(client)], 2));
  await new Promise((resolve) => setTimeout(resolve, 20));
  const closed = closing.close();
  expect([await line.answer(), await tcp.answer()]).toMatchObject([
    { kind: "outcomes" },
    { kind: "outcomes" },
  ]);
  expect(await line.ended).toBe(1001);
  await tcp.ended;
  await closed;
});
