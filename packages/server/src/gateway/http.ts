/** The HTTP interface: the protocol's table of routes, served. */
import cors from "@fastify/cors";
import helmet from "@fastify/helmet";
import { DecodeError } from "@bulkhead/engine";
import {
  type Problem,
  ROUTE_NAMES,
  type Route,
  type RouteName,
  decode,
  problemOf,
  routeOf,
} from "@bulkhead/protocol";
import Fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from "fastify";
import { ACCESS_HANDLERS } from "./accessHandlers.ts";
import { ACCOUNT_HANDLERS } from "./accountHandlers.ts";
import { textIn } from "./body.ts";
import { expectAuth, identify } from "./caller.ts";
import { Extract, sendExtract } from "./extracts.ts";
import type { Caller, Desk, Handlers } from "./handlers.ts";
import { ORDER_HANDLERS } from "./orderHandlers.ts";
import { problem, problemFor } from "./problems.ts";
import { PUBLIC_HANDLERS } from "./publicHandlers.ts";
import { type Site, readSite } from "./site.ts";
import { RISK_HANDLERS } from "./riskHandlers.ts";

export interface HttpOptions {
  /** Origins whose pages may call the node from a browser; none by default. */
  readonly origins?: readonly string[];
  /** Addresses of proxies in front of the node, whose word is taken for where a request comes from. Without any, the peer is the client. */
  readonly proxies?: readonly string[];
  /** Pages for people: a folder of built files with an `index.html`. Paths of the interface are never theirs. Without one there are none. */
  readonly site?: string;
  /** Whether the node is on its way down. */
  readonly isClosing: () => boolean;
  /** Told of every answer: the route's path, `none` if there is none, the status, how long it took, and the request's `traceparent`. */
  readonly answered?: (route: string, status: number, ms: number, traceparent: string | undefined) => void;
}

const HANDLERS: Handlers<RouteName> = {
  ...PUBLIC_HANDLERS,
  ...RISK_HANDLERS,
  ...ACCESS_HANDLERS,
  ...ACCOUNT_HANDLERS,
  ...ORDER_HANDLERS,
};

const MAX_HEADER_BYTES = 8_192;
/** How often connections are looked at for being too slow, ms. */
const CHECK_EVERY = 1_000;
const NOTHING = new Uint8Array(0);
const SIGNED_HEADERS = ["bulkhead-session", "bulkhead-nonce", "bulkhead-signature"] as const;

/** What a body is while it is a request's: its bytes, which are signed, and what they say. */
interface Body {
  readonly bytes: Uint8Array;
  readonly value: unknown;
}

type AnyHandler = (desk: Desk, request: object, caller: Caller) => unknown;

/** @returns a server that is not listening yet */
export async function createHttp(desk: Desk, options: HttpOptions): Promise<FastifyInstance> {
  const { limits } = desk.access.gate;
  const server = Fastify({
    logger: false,
    bodyLimit: limits.bodyBytes,
    requestTimeout: limits.requestTimeout,
    connectionTimeout: limits.idleTimeout,
    keepAliveTimeout: limits.idleTimeout,
    forceCloseConnections: "idle",
    return503OnClosing: false,
    exposeHeadRoutes: false,
    trustProxy: (address) => options.proxies?.includes(address) ?? false,
    http: {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: limits.headersTimeout,
      connectionsCheckingInterval: CHECK_EVERY,
    },
    clientErrorHandler: (error, socket) => {
      if (socket.writable) socket.end(`HTTP/1.1 ${statusLine(error.code)}\r\nConnection: close\r\n\r\n`);
      else socket.destroy();
    },
  });
  await server.register(helmet);
  await server.register(cors, {
    origin: options.origins === undefined || options.origins.length === 0 ? false : [...options.origins],
    methods: ["GET", "POST", "PATCH", "DELETE"],
    allowedHeaders: ["content-type", "authorization", "range", ...SIGNED_HEADERS],
    exposedHeaders: ["retry-after", "content-range"],
  });
  readBodies(server, limits.bodyDepth);
  const { answered } = options;
  if (answered !== undefined)
    server.addHook("onResponse", async (request, reply) =>
      answered(
        request.routeOptions.url ?? "none",
        reply.statusCode,
        reply.elapsedTime,
        request.headers["traceparent"] as string | undefined,
      ),
    );
  server.addHook("onRequest", async (request) => {
    if (options.isClosing()) throw problem("closing", "The node is closing: it takes no more requests");
    if (request.url !== "/health") desk.access.gate.request(request.ip);
  });
  server.setErrorHandler((error: FastifyError, request, reply) => {
    const told = httpProblem(error);
    if (told.status >= 500) desk.log.error({ route: request.routeOptions.url, err: error }, "request_failed");
    else
      desk.log.info(
        { route: request.routeOptions.url, status: told.status, type: told.type },
        "request_refused",
      );
    return tell(reply, told);
  });
  const site = options.site === undefined ? undefined : await readSite(options.site);
  server.setNotFoundHandler((request, reply) => show(site, request, reply));
  for (const name of ROUTE_NAMES) {
    const route = routeOf(name);
    server.route({
      method: route.method,
      url: route.path,
      handler: (request, reply) => serve(desk, name, route, request, reply),
    });
  }
  return server;
}

async function serve(
  desk: Desk,
  name: RouteName,
  route: Route,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { bytes, value } = (request.body as Body | undefined) ?? { bytes: NOTHING, value: undefined };
  const caller = await callerOf(desk, route, request, bytes);
  if (route.body === undefined && bytes.length > 0)
    throw new DecodeError("body", "none is expected", `${bytes.length} bytes`);
  const asked = {
    ...(route.params !== undefined && { params: decode(route.params, request.params, "params") }),
    ...(route.query !== undefined && { query: decode(route.query, request.query, "query") }),
    ...(route.body !== undefined && { body: decode(route.body, value, "body") }),
  };
  const answer = await (HANDLERS[name] as AnyHandler)(desk, asked, caller);
  expectAnswer(desk, name, route, answer);
  if (answer instanceof Extract)
    return sendExtract(
      reply.header("cache-control", "no-store").type(route.contentType ?? "application/octet-stream"),
      request.headers.range,
      answer,
    );
  const { contentType } = route;
  return reply
    .code(route.status ?? 200)
    .header("cache-control", "no-store")
    .type(contentType ?? "application/json; charset=utf-8")
    .send(contentType === undefined ? JSON.stringify(answer) : answer);
}

/** A page, where the site has one; else that there is nothing. */
function show(site: Site | undefined, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const [path = ""] = request.url.split("?");
  const { accept, host, "accept-encoding": acceptEncoding, "if-none-match": ifNoneMatch } = request.headers;
  const isRead = request.method === "GET" || request.method === "HEAD";
  const answer =
    site === undefined || !isRead || INTERFACE.has(path.split("/")[1] ?? "")
      ? undefined
      : site.answer(path, { accept, acceptEncoding, ifNoneMatch, host });
  if (answer === undefined) return tell(reply, unknownRoute(request));
  return reply.code(answer.status).headers(answer.headers).send(answer.body);
}

async function callerOf(
  desk: Desk,
  { auth }: Route,
  request: FastifyRequest,
  body: Uint8Array,
): Promise<Caller> {
  if (auth === "none" || auth === "wallet")
    return { address: request.ip, origin: request.headers.origin, session: undefined, isSigned: false };
  const { access, deadMan } = desk;
  const caller = await identify(access, {
    address: request.ip,
    origin: request.headers.origin,
    method: request.method,
    target: request.raw.url ?? "",
    body,
    authorization: request.headers.authorization,
    session: single(request, "bulkhead-session"),
    nonce: single(request, "bulkhead-nonce"),
    signature: single(request, "bulkhead-signature"),
  });
  const { session } = caller;
  if (session !== undefined) {
    access.gate.sessionRequest(session.id);
    if (caller.isSigned) deadMan.heard(session.owner);
  }
  expectAuth(auth, caller);
  return caller;
}

function single({ headers }: FastifyRequest, name: (typeof SIGNED_HEADERS)[number]): string | undefined {
  const value = headers[name];
  if (Array.isArray(value)) throw new DecodeError(name, "one is required", value.length);
  return value;
}

/** An answer that is not what the interface promises is a fault of the node's; the command it tells of has happened all the same. */
function expectAnswer({ log }: Desk, name: RouteName, route: Route, answer: unknown): void {
  const result = route.response.safeParse(answer);
  if (result.success) return;
  const [issue] = result.error.issues;
  log.error(
    { route: name, path: issue?.path.map(String).join("."), issue: issue?.message },
    "answer_malformed",
  );
}

function readBodies(server: FastifyInstance, depth: number): void {
  const parse = server.getDefaultJsonParser("error", "error");
  server.removeAllContentTypeParsers();
  server.addContentTypeParser("application/json", { parseAs: "buffer" }, (request, bytes, done) => {
    let text: string;
    try {
      text = textIn(bytes as Buffer, depth);
    } catch (error) {
      return done(error as Error);
    }
    return parse(request, text, (error, value) => {
      if (error === null) return done(null, { bytes, value });
      // What was wrong with it is not repeated: it may hold a signature.
      return done(new DecodeError("body", "JSON is required", "something else"));
    });
  });
}

function httpProblem(error: FastifyError): Problem {
  if (error.code === "FST_ERR_CTP_BODY_TOO_LARGE")
    return problemOf("too-large", "The body is larger than the node takes");
  if (error.code === "FST_ERR_CTP_INVALID_MEDIA_TYPE")
    return problemOf("decode", "The body is to be of the type application/json", { path: "content-type" });
  if (typeof error.code === "string" && error.code.startsWith("FST_") && (error.statusCode ?? 500) < 500)
    return problemOf("decode", "The request cannot be read");
  return problemFor(error);
}

/** First parts of the interface's paths: what lies below them is no page. */
const INTERFACE: ReadonlySet<string> = new Set(
  ROUTE_NAMES.map((name) => routeOf(name).path.split("/")[1] ?? ""),
);

const PATTERNS = ROUTE_NAMES.map((name) => {
  const { method, path } = routeOf(name);
  return { method, form: new RegExp(`^${path.replaceAll(".", "\\.").replaceAll(/:\w+/g, "[^/]+")}$`) };
});

function unknownRoute({ url, method }: FastifyRequest): Problem {
  const [path = ""] = url.split("?");
  const methods = PATTERNS.filter(({ form }) => form.test(path)).map((each) => each.method);
  if (methods.length === 0) return problemOf("not-found", "There is no such path");
  return problemOf("method-not-allowed", `${method} is not among ${methods.join(", ")}`);
}

function tell(reply: FastifyReply, told: Problem): FastifyReply {
  if (told.retryAfterMs !== undefined) reply.header("retry-after", Math.ceil(told.retryAfterMs / 1_000));
  return reply
    .code(told.status)
    .header("cache-control", "no-store")
    .type("application/problem+json; charset=utf-8")
    .send(JSON.stringify(told));
}

function statusLine(code: string): string {
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") return "408 Request Timeout";
  if (code === "HPE_HEADER_OVERFLOW") return "431 Request Header Fields Too Large";
  return "400 Bad Request";
}
