/** Binary order entry, with a test at the other end that reads and checks what arrives as a node does. */
import { commandOf, REFUSALS } from "@bulkhead/engine";
import {
  type BatchMessage,
  batchDigest,
  bytesOf,
  contentHash,
  decodeBatch,
  decodeTerms,
  directoryOf,
  encodeOutcomes,
  encodeProblem,
  problemOf,
  signingDomain,
  verify,
} from "@bulkhead/protocol";
import { Clock, ProblemError, Unanswered, sessionKey } from "@bulkhead/sdk";
import { describe, expect, test } from "vitest";
import { OrderEntry } from "../../packages/sdk/src/orderEntry.ts";
import { openSession } from "../../packages/sdk/src/session.ts";
import { fakeNetwork } from "./fakeSockets.ts";

const domain = signingDomain(1, `0x${"07".repeat(32)}`);
const directory = directoryOf({
  assets: [],
  tiers: [{ tier: 2, name: "majors" }],
  instruments: [
    { symbol: "BTC-PERP", tier: 2, market: 3, base: "BTC", quote: "USD", tickSize: "0.5", lotSize: "0.001" },
  ],
});

function open(cancelOnDisconnect = false) {
  const network = fakeNetwork();
  const key = sessionKey();
  const terms = { session: 9, owner: "0x", scopes: 3, expires: 1, token: "", accounts: [4] } as const;
  const entry = new OrderEntry({
    url: "ws://node/v1/binary",
    makeSocket: network.makeSocket,
    domain,
    directory,
    session: openSession(terms, key, new Clock()),
    firstWait: 1,
    bucketOf: () => Promise.resolve({ account: 4, bucket: 5 }),
    cancelOnDisconnect,
  });
  /** Reads a batch and makes sure that the session signed it. */
  const read = (message: Uint8Array | undefined): BatchMessage => {
    const batch = decodeBatch(message!);
    const { session, nonce, records, signature } = batch;
    const digest = batchDigest(domain, { session, nonce, records: contentHash(records) });
    expect(verify(signature, digest, bytesOf(key.publicKey, 33, "key"))).toBe(true);
    return batch;
  };
  return { ...network, entry, read };
}

const cancel = { kind: "cancelOrder", account: 4, tier: 2, order: 77, clientId: 0 } as const;
const outcomes = (request: number, first: number, codes: number[], facts: number[]): Uint8Array =>
  encodeOutcomes({
    request,
    first,
    count: codes.length,
    codes: Uint16Array.from(codes),
    facts: Float64Array.from(facts),
  });
const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

describe("binary order entry", () => {
  test("sends what comes in one turn as one batch, and gives each its own outcome", async () => {
    const { entry, made, read } = open();
    const order = { symbol: "BTC-PERP", side: "buy", type: "limit", amount: "1", price: "64000.5" } as const;
    const placed = entry.place(order);
    const gone = entry.send(cancel);
    const refused = entry.send({ ...cancel, order: 78 });
    refused.catch(() => undefined);
    const socket = await made(1);
    socket.accept();
    await turn();
    const [message, ...more] = socket.heardBytes();
    expect(more).toEqual([]);
    const batch = read(message);
    expect([batch.session, batch.count]).toEqual([9, 3]);
    const commands = [0, 1, 2].map((index) => commandOf(batch.frames, index * 20));
    const at = commands.findIndex(({ kind }) => kind === "placeOrder");
    expect(commands[at]).toMatchObject({ market: 3, bucket: 5, account: 4, price: 128_001, lots: 1_000 });
    const others = [0, 1, 2].filter((index) => index !== at) as [number, number];
    const codes = [0, 0, 0];
    const facts = Array.from({ length: 12 }, () => 0);
    facts.splice(at * 4, 4, 4_711, 250, 750, 0);
    facts.splice(others[0] * 4, 4, 77, 30, 0, 0);
    facts.splice(others[1] * 4, 4, 78, 0, 0, 0);
    codes[others[1]] = REFUSALS.order_unknown.code;
    socket.sayBytes(outcomes(batch.request, 100, codes, facts));
    expect(await placed).toEqual({
      id: "2-4711",
      status: "open",
      filled: "0.250",
      remaining: "0.750",
      reason: null,
      sequence: 100 + at,
    });
    expect(await gone).toEqual({ sequence: 100 + others[0], facts: { order: 77, lots: 30 } });
    await expect(refused).rejects.toMatchObject({
      name: "ProblemError",
      refusal: "order_unknown",
      facts: { order: 78 },
      status: 422,
    });
    entry.close();
  });

  test("matches answers by their request, in whatever order they come", async () => {
    const { entry, made, read } = open();
    const socket = await made(1);
    socket.accept();
    const one = entry.send(cancel);
    await turn();
    const two = entry.send({ ...cancel, order: 99 });
    await turn();
    const [first, second] = socket.heardBytes().map(read);
    expect(second!.nonce).toBeGreaterThan(first!.nonce);
    socket.sayBytes(outcomes(second!.request, 8, [0], [99, 2, 0, 0]));
    socket.sayBytes(outcomes(first!.request, 7, [0], [77, 1, 0, 0]));
    expect((await one).facts).toEqual({ order: 77, lots: 1 });
    expect((await two).facts).toEqual({ order: 99, lots: 2 });
    entry.close();
  });

  test("throws a problem for all of a batch", async () => {
    const { entry, made, read } = open();
    const socket = await made(1);
    socket.accept();
    const both = [entry.send(cancel), entry.send(cancel)];
    await turn();
    const { request } = read(socket.heardBytes()[0]);
    socket.sayBytes(
      encodeProblem({ request, problem: problemOf("overloaded", "later", { retryAfterMs: 5 }) }),
    );
    for (const each of both) await expect(each).rejects.toThrow(ProblemError);
    entry.close();
  });

  test("says that what was under way may have happened, and cancels first when it comes back", async () => {
    const { entry, made, read } = open(true);
    const first = await made(1);
    first.accept();
    const order = { symbol: "BTC-PERP", side: "sell", type: "limit", amount: "1", price: "64000" } as const;
    const lost = entry.place(order);
    await turn();
    await turn();
    const [terms, ...batches] = first.heardBytes();
    expect(decodeTerms(terms!)).toMatchObject({ cancelOnDisconnect: true });
    expect(batches).toHaveLength(1);
    first.close(1_006);
    await expect(lost).rejects.toMatchObject({ name: "Unanswered", mayHaveHappened: true });
    const waiting = entry.send(cancel);
    const second = await made(2);
    second.accept();
    await turn();
    const batch = read(second.heardBytes()[1]);
    expect(commandOf(batch.frames, 0)).toMatchObject({
      kind: "cancelAll",
      account: 4,
      tier: 2,
      bucket: 5,
      market: 0,
    });
    expect(commandOf(batch.frames, 20)).toMatchObject({ kind: "cancelOrder", order: 77 });
    second.sayBytes(outcomes(batch.request, 50, [0, 0], [3, 0, 0, 0, 77, 5, 0, 0]));
    expect((await waiting).sequence).toBe(51);
    entry.close();
  });

  test("that is closed has sent nothing of what still waited", async () => {
    const { entry } = open();
    const waiting = entry.send(cancel);
    entry.close();
    await expect(waiting).rejects.toBeInstanceOf(Unanswered);
    await expect(waiting).rejects.toMatchObject({ mayHaveHappened: false });
  });
});
