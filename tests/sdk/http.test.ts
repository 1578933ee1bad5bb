/** Calls, with a test at the other end that judges signatures and nonces as a node does. */
import {
  type Problem,
  bytesOf,
  contentHash,
  problemOf,
  refusalProblem,
  requestDigest,
  signingDomain,
  verify,
} from "@bulkhead/protocol";
import { REFUSALS } from "@bulkhead/engine";
import { Clock, ProblemError, Unanswered, sessionKey } from "@bulkhead/sdk";
import { describe, expect, test } from "vitest";
import { Http } from "../../packages/sdk/src/http.ts";
import { openSession } from "../../packages/sdk/src/session.ts";

const domain = signingDomain(1, `0x${"07".repeat(32)}`);

interface Asked {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A node that answers as it is told, and keeps what it was asked. */
function node(answer: (asked: Asked, turn: number) => unknown) {
  const asked: Asked[] = [];
  const fetchIt = async (url: unknown, init: RequestInit = {}): Promise<Response> => {
    const { pathname, search } = new URL(String(url));
    const one = {
      method: init.method ?? "GET",
      target: pathname + search,
      headers: init.headers as Record<string, string>,
      body: (init.body ?? "") as string,
    };
    asked.push(one);
    const said = await answer(one, asked.length);
    if (said instanceof Response) return said;
    const status = (said as Partial<Problem>).status;
    return Response.json(said, { status: typeof status === "number" ? status : 200 });
  };
  const http = new Http({ url: "http://node:1", fetch: fetchIt, timeout: 1_000, retries: 2 });
  return { asked, http };
}

const clock = new Clock();
const key = sessionKey();
const terms = { session: 9, owner: "0x", scopes: 3, expires: 1, token: "a-token", accounts: [4] } as const;
const caller = () => ({ domain, clock, session: openSession(terms, key, clock) });

/** Whether the session's key signed exactly this. */
function isSigned({ method, target, headers, body }: Asked): boolean {
  const digest = requestDigest(domain, {
    method,
    target,
    body: contentHash(new TextEncoder().encode(body)),
    nonce: Number(headers["bulkhead-nonce"]),
  });
  return verify(
    bytesOf(headers["bulkhead-signature"]!, 64, "signature"),
    digest,
    bytesOf(key.publicKey, 33, "key"),
  );
}

const canceled = { canceled: 1, sequence: 5 };

describe("a call", () => {
  test("puts what it is given into path, query and body, and leaves out what is not", async () => {
    const { http, asked } = node(() => ({ id: "x", items: [], next: null }));
    await http.call("fills", { params: { account: 4 }, query: { limit: 5, symbol: "BTC PERP/1" } }, caller());
    expect(asked[0]).toMatchObject({
      method: "GET",
      target: "/v1/accounts/4/fills?limit=5&symbol=BTC+PERP%2F1",
      headers: { authorization: "Bearer a-token" },
    });
  });

  test("that changes anything is signed over method, target and body", async () => {
    const { http, asked } = node(() => canceled);
    const who = caller();
    await http.call("cancelOrders", { query: { account: 4, symbol: "BTC-PERP" } }, who);
    await http.call("cancelAfter", { body: { account: 4, timeout: 5 } }, who).catch(() => undefined);
    expect(asked.map(isSigned)).toEqual([true, true]);
    expect(isSigned({ ...asked[0]!, target: "/v1/orders?account=5&symbol=BTC-PERP" })).toBe(false);
    expect(isSigned({ ...asked[1]!, body: asked[1]!.body.replace("5", "6") })).toBe(false);
    expect(isSigned({ ...asked[0]!, method: "GET" })).toBe(false);
  });

  test("leaves after the one before was answered, so that nonces arrive in order", async () => {
    let under = 0;
    const { http, asked } = node(async () => {
      expect(++under).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 5));
      under--;
      return canceled;
    });
    const who = caller();
    await Promise.all(Array.from({ length: 8 }, () => http.call("cancelOrders", { query: {} }, who)));
    const nonces = asked.map(({ headers }) => Number(headers["bulkhead-nonce"]));
    expect(nonces).toEqual([...new Set(nonces)].toSorted((a, b) => a - b));
  });

  test("whose nonce is denied is sent again with one that is above what the node has seen", async () => {
    const least = Date.now() + 1_000_000;
    const { http, asked } = node((_, turn) =>
      turn === 1 ? problemOf("nonce-used", "too low", { facts: { nonce: 1, least } }) : canceled,
    );
    expect(await http.call("cancelOrders", { query: {} }, caller())).toEqual(canceled);
    expect(Number(asked[1]!.headers["bulkhead-nonce"])).toBe(least + 1);
    expect(isSigned(asked[1]!)).toBe(true);
  });

  test("takes the node's time when its own is too far off", async () => {
    const own = new Clock(() => 1_000);
    const session = openSession(terms, key, own);
    const { http, asked } = node((_, turn) =>
      turn === 1
        ? problemOf("nonce-out-of-window", "too old", { facts: { nonce: 1_000, now: 90_000 } })
        : canceled,
    );
    await http.call("cancelOrders", { query: {} }, { domain, clock: own, session });
    expect(Number(asked[1]!.headers["bulkhead-nonce"])).toBe(90_000);
  });

  test("that the venue refuses throws the refusal with its facts, and is not sent again", async () => {
    const problem = refusalProblem(REFUSALS.bucket_not_owned.code, [5, 7, 0, 0], 12);
    const { http, asked } = node(() => problem);
    const refused = http.call("cancelOrders", { query: {} }, caller());
    await expect(refused).rejects.toBeInstanceOf(ProblemError);
    await expect(refused).rejects.toMatchObject({
      refusal: "bucket_not_owned",
      kind: "bucket-not-owned",
      facts: { bucket: 5, account: 7 },
      status: 422,
      problem: { sequence: 12, code: REFUSALS.bucket_not_owned.code },
    });
    expect(asked).toHaveLength(1);
  });

  test("that reads is tried again while the node asks to wait, or is not there; one that changes is not", async () => {
    const clockAnswer = { time: 5, sequence: 6 };
    const waiting = node((_, turn) =>
      turn < 3 ? problemOf("rate-limited", "slower", { retryAfterMs: 1 }) : clockAnswer,
    );
    expect(await waiting.http.call("time", {})).toEqual(clockAnswer);
    const gone = node(() => Promise.reject(new TypeError("fetch failed")));
    const lost = gone.http.call("cancelOrders", { query: {} }, caller());
    await expect(lost).rejects.toBeInstanceOf(Unanswered);
    await expect(lost).rejects.toMatchObject({ mayHaveHappened: true });
    expect(gone.asked).toHaveLength(1);
    await expect(gone.http.call("time", {})).rejects.toMatchObject({ mayHaveHappened: false });
    expect(gone.asked).toHaveLength(4);
    const stubborn = node(() => problemOf("rate-limited", "slower", { retryAfterMs: 1 }));
    await expect(stubborn.http.call("cancelOrders", { query: {} }, caller())).rejects.toMatchObject({
      status: 429,
    });
    expect(stubborn.asked).toHaveLength(1);
  });

  test("answered by something that is no node is an error that says so", async () => {
    const proxy = node(() => new Response("<h1>Bad Gateway</h1>", { status: 502 }));
    await expect(proxy.http.call("time", {})).rejects.toMatchObject({
      status: 502,
      message: "<h1>Bad Gateway</h1>",
    });
    const other = node(() => ({ time: "noon", sequence: 1 }));
    await expect(other.http.call("time", {})).rejects.toMatchObject({
      name: "DecodeError",
      path: "time.time",
    });
    const page = node(() => new Response("hello"));
    await expect(page.http.call("time", {})).rejects.toMatchObject({ name: "DecodeError" });
  });
});
