/**
 * What a node does as spans of OpenTelemetry, sent to a collector by OTLP over HTTP: requests as they are answered, and batches from the first
 * command executed to the last byte durable. Spans are made when they are over, of times that are taken anyway; nothing waits for a collector.
 * The packages are loaded by whoever traces, and by nobody else.
 */
import type { Attributes, Span } from "@opentelemetry/api";
import type { BasicTracerProvider, SpanExporter } from "@opentelemetry/sdk-trace-base";

export interface TracingOptions {
  /** Where traces are taken in, such as `http://127.0.0.1:4318/v1/traces`. */
  readonly endpoint: string;
  /** Sent along, such as a key of whoever keeps the traces. */
  readonly headers: Readonly<Record<string, string>>;
  /** The part of traces that is sent, 0 to 1; those that a client has begun go by what he decided. */
  readonly sample: number;
  /** Of the node's software. */
  readonly version: string;
  /** Is told why spans could not be sent. */
  readonly onFault: (error: Error) => void;
}

export interface Tracing {
  /** A batch was executed just now. */
  readonly executed: (commands: number, ms: number) => void;
  /** The batch executed longest ago, and not told of yet, is durable. */
  readonly synced: (bytes: number, ms: number) => void;
  /** @param traceparent - of the request (W3C Trace Context), if its sender traces too */
  readonly answered: (route: string, status: number, ms: number, traceparent: string | undefined) => void;
  /** Sends what is left. */
  readonly close: () => Promise<void>;
}

/** The packages are not there. */
export class NoOpenTelemetry extends Error {
  constructor(cause: unknown) {
    super(
      `tracing needs packages that are not installed: npm install ${PACKAGES.join(" ")}; ${(cause as Error).message}`,
      { cause },
    );
    this.name = "NoOpenTelemetry";
  }
}

const PACKAGES = [
  "@opentelemetry/api",
  "@opentelemetry/core",
  "@opentelemetry/sdk-trace-base",
  "@opentelemetry/exporter-trace-otlp-http",
  "@opentelemetry/resources",
];
const SERVER_FAULT = 500;

/** @throws {NoOpenTelemetry} */
export async function startTracing(options: TracingOptions): Promise<Tracing> {
  const { version } = options;
  const packages = await loadPackages();
  const { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } = packages.api;
  const provider = providerOf(packages, options);
  const tracer = provider.getTracer("bulkhead", version);
  /** Batches that were executed and are on their way to the disk. */
  const underWay: Span[] = [];

  function add(batch: Span, name: string, ms: number, attributes: Attributes): void {
    const end = Date.now();
    const context = trace.setSpan(ROOT_CONTEXT, batch);
    tracer.startSpan(name, { startTime: end - ms, attributes }, context).end(end);
  }

  return {
    executed: (commands, ms) => {
      const batch = tracer.startSpan("batch", { startTime: Date.now() - ms });
      add(batch, "execute", ms, { "bulkhead.commands": commands });
      underWay.push(batch);
    },
    synced: (bytes, ms) => {
      const batch = underWay.shift();
      if (batch === undefined) return;
      add(batch, "sync", ms, { "bulkhead.bytes": bytes });
      batch.end();
    },
    answered: (route, status, ms, traceparent) => {
      const end = Date.now();
      const sender = traceparent === undefined ? null : packages.core.parseTraceParent(traceparent);
      const span = tracer.startSpan(
        route,
        {
          kind: SpanKind.SERVER,
          startTime: end - ms,
          attributes: { "http.route": route, "http.response.status_code": status },
        },
        sender === null ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, sender),
      );
      if (status >= SERVER_FAULT) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end(end);
    },
    close: () => provider.shutdown(),
  };
}

type Packages = Awaited<ReturnType<typeof loadPackages>>;

async function loadPackages() {
  try {
    const [api, core, base, otlp, resources] = await Promise.all([
      import("@opentelemetry/api"),
      import("@opentelemetry/core"),
      import("@opentelemetry/sdk-trace-base"),
      import("@opentelemetry/exporter-trace-otlp-http"),
      import("@opentelemetry/resources"),
    ]);
    return { api, core, base, otlp, resources };
  } catch (error) {
    throw new NoOpenTelemetry(error);
  }
}

/** Sends spans by the hundred, and tells of those that nobody took. */
function providerOf(
  { core, base, otlp, resources }: Packages,
  { endpoint, headers, sample, version, onFault }: TracingOptions,
): BasicTracerProvider {
  const exporter = new otlp.OTLPTraceExporter({ url: endpoint, headers: { ...headers } });
  const sender: SpanExporter = {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        if (result.error !== undefined) onFault(result.error);
        // Nothing else is to come of it: least of all a node that does not end in order.
        done({ code: core.ExportResultCode.SUCCESS });
      }),
    shutdown: () => exporter.shutdown(),
  };
  return new base.BasicTracerProvider({
    resource: resources.resourceFromAttributes({ "service.name": "bulkhead", "service.version": version }),
    sampler: new base.ParentBasedSampler({ root: new base.TraceIdRatioBasedSampler(sample) }),
    spanProcessors: [new base.BatchSpanProcessor(sender)],
  });
}
