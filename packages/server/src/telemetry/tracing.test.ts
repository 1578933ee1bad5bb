import { once } from "node:events";
import { type Server, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, expect, test } from "vitest";
import { type Tracing, startTracing } from "./tracing.ts";

interface Sent {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly { readonly key: string; readonly value: object }[];
  readonly status: { readonly code?: number };
}

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const SENDER = "b7ad6b7169203331";

let end: (() => unknown) | undefined;
afterEach(() => end?.());

/** A collector that keeps what it is sent, or refuses it. */
async function collector(status = 200): Promise<{ endpoint: string; spans: Sent[]; keys: unknown[] }> {
  const spans: Sent[] = [];
  const keys: unknown[] = [];
  const server: Server = createServer(async (request, response) => {
    const body = JSON.parse(await text(request));
    keys.push(request.headers["x-key"]);
    for (const { scopeSpans } of body.resourceSpans)
      for (const scope of scopeSpans) spans.push(...scope.spans);
    response.writeHead(status, { "content-type": "application/json" }).end("{}");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  end = () => server.close();
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces`, spans, keys };
}

const begin = (endpoint: string, faults: Error[] = [], sample = 1): Promise<Tracing> =>
  startTracing({
    endpoint,
    headers: { "x-key": "k" },
    sample,
    version: "1.2.3",
    onFault: (error) => faults.push(error),
  });

const msOf = ({ startTimeUnixNano, endTimeUnixNano }: Sent): number =>
  Number(BigInt(endTimeUnixNano) - BigInt(startTimeUnixNano)) / 1e6;

test("a batch is one span with its execution and its sync below it, also while the next is executed", async () => {
  const { endpoint, spans, keys } = await collector();
  const tracing = await begin(endpoint);
  tracing.executed(3, 4);
  tracing.executed(5, 6);
  tracing.synced(100, 2);
  tracing.synced(200, 1);
  // Nobody executed it.
  tracing.synced(300, 1);
  await tracing.close();
  expect(keys).toEqual(["k"]);
  const batches = spans.filter(({ name }) => name === "batch");
  expect(batches).toHaveLength(2);
  const told = batches.map((batch) =>
    spans
      .filter(({ parentSpanId, traceId }) => parentSpanId === batch.spanId && traceId === batch.traceId)
      .map((span) => [span.name, msOf(span), span.attributes[0]]),
  );
  expect(told).toEqual([
    [
      ["execute", 4, { key: "bulkhead.commands", value: { intValue: 3 } }],
      ["sync", 2, { key: "bulkhead.bytes", value: { intValue: 100 } }],
    ],
    [
      ["execute", 6, { key: "bulkhead.commands", value: { intValue: 5 } }],
      ["sync", 1, { key: "bulkhead.bytes", value: { intValue: 200 } }],
    ],
  ]);
  expect(spans).toHaveLength(6);
});

test("a request goes on with its sender's trace, where it names one that can be read", async () => {
  const { endpoint, spans } = await collector();
  const tracing = await begin(endpoint);
  tracing.answered("/v1/orders", 200, 3, `00-${TRACE}-${SENDER}-01`);
  tracing.answered("/v1/orders", 503, 3, "nonsense");
  tracing.answered("/v1/time", 200, 3, undefined);
  // The sender does not want it to be kept.
  tracing.answered("/v1/time", 200, 3, `00-${TRACE}-${SENDER}-00`);
  await tracing.close();
  expect(spans.map(({ name, status }) => [name, status.code ?? 0])).toEqual([
    ["/v1/orders", 0],
    ["/v1/orders", 2],
    ["/v1/time", 0],
  ]);
  expect(spans[0]).toMatchObject({ traceId: TRACE, parentSpanId: SENDER });
  for (const span of spans.slice(1)) {
    expect(span.traceId).not.toBe(TRACE);
    expect(span.parentSpanId).toBeUndefined();
  }
});

test("none are sent of a sample of 0, and of those that are not taken it is told", async () => {
  const { endpoint, spans } = await collector(400);
  const faults: Error[] = [];
  const silent = await begin(endpoint, faults, 0);
  silent.answered("/v1/time", 200, 3, undefined);
  await silent.close();
  expect(spans).toHaveLength(0);
  const refused = await begin(endpoint, faults);
  refused.answered("/v1/time", 200, 3, undefined);
  await refused.close();
  expect(faults).toHaveLength(1);
});
