/** Calls over HTTP, typed by the table of routes: what goes in is encoded, what comes back decoded, a problem thrown. */
import { DecodeError } from "@bulkhead/engine";
import {
  PROBLEM,
  type Problem,
  type Route,
  type RouteInput,
  type RouteName,
  type RouteResponse,
  type SigningDomain,
  decode,
  routeOf,
} from "@bulkhead/protocol";
import type { Clock } from "./clock.ts";
import { ProblemError, Unanswered } from "./problemError.ts";
import { type Session, signedHeaders } from "./session.ts";

export type Fetch = typeof fetch;

export interface HttpOptions {
  /** Where the node listens, such as `https://node.example`. */
  readonly url: string;
  readonly fetch: Fetch;
  /** How long to wait for an answer, ms. */
  readonly timeout: number;
  /** How often a read is tried again when the node is not there or asks to wait. */
  readonly retries: number;
}

/** Who calls. */
export interface Caller {
  readonly domain: SigningDomain;
  readonly session: Session;
  readonly clock: Clock;
}

type Texts = Readonly<Record<string, string | number | undefined>>;

interface Loose {
  readonly params?: Texts;
  readonly query?: Texts;
  readonly body?: unknown;
}

/** How often a denied nonce is replaced by another. */
const NONCE_TRIES = 3;
const OCTETS = "application/octet-stream";
const FIRST_WAIT = 200;
const MAX_WAIT = 5_000;

export class Http {
  private readonly options: HttpOptions;
  /** Signed requests leave one after the other: nonces have to arrive in order. */
  private queue: Promise<unknown> = Promise.resolve();

  constructor(options: HttpOptions) {
    this.options = options;
  }

  /**
   * Calls a route.
   * @throws {ProblemError} if the node answers with a problem
   * @throws {Unanswered} if it does not answer
   * @throws {DecodeError} if its answer is not what the route says
   */
  async call<Name extends RouteName>(
    name: Name,
    input: RouteInput<Name>,
    caller?: Caller,
  ): Promise<RouteResponse<Name>> {
    const route = routeOf(name);
    const { params = {}, query = {}, body } = input as Loose;
    const target = targetOf(route, params, query);
    const text = body === undefined ? undefined : JSON.stringify(body);
    const answer = await this.send(route, target, text, caller);
    return decode(route.response, answer, name) as RouteResponse<Name>;
  }

  private send(
    route: Route,
    target: string,
    body: string | undefined,
    caller: Caller | undefined,
  ): Promise<unknown> {
    const { auth } = route;
    if (auth === "none") return this.reading(() => this.ask(route, target, body, {}));
    if (auth === "wallet" || caller === undefined) return this.ask(route, target, body, {});
    if (auth === "read") {
      const headers = { authorization: `Bearer ${caller.session.token}` };
      return this.reading(() => this.ask(route, target, body, headers));
    }
    const turn = this.queue.then(() => this.signed(route, target, body, caller));
    this.queue = turn.catch(() => undefined);
    return turn;
  }

  /** A denied nonce changes nothing: the node says what it has seen, and the next one is above that. */
  private async signed(
    route: Route,
    target: string,
    body: string | undefined,
    caller: Caller,
  ): Promise<unknown> {
    const { domain, session, clock } = caller;
    const bytes = new TextEncoder().encode(body ?? "");
    for (let tries = 1; ; tries++) {
      try {
        return await this.ask(
          route,
          target,
          body,
          signedHeaders(domain, session, route.method, target, bytes),
        );
      } catch (error) {
        const isNonce =
          error instanceof ProblemError &&
          (error.kind === "nonce-used" || error.kind === "nonce-out-of-window");
        if (!isNonce || tries === NONCE_TRIES) throw error;
        learnFrom(error, session, clock);
      }
    }
  }

  /** Tries again what changes nothing. */
  private async reading(ask: () => Promise<unknown>): Promise<unknown> {
    for (let tries = 0; ; tries++) {
      try {
        return await ask();
      } catch (error) {
        const wait = waitAfter(error, tries);
        if (wait === undefined || tries === this.options.retries) throw error;
        await new Promise((resolve) => setTimeout(resolve, wait));
      }
    }
  }

  private async ask(
    { method, auth, contentType = "application/json" }: Route,
    target: string,
    body: string | undefined,
    headers: Readonly<Record<string, string>>,
  ): Promise<unknown> {
    const { url, fetch, timeout } = this.options;
    let response: Response;
    let text = "";
    let bytes: Uint8Array | undefined;
    try {
      response = await fetch(new URL(target, url), {
        method,
        headers: { ...headers, ...(body !== undefined && { "content-type": "application/json" }) },
        ...(body !== undefined && { body }),
        signal: AbortSignal.timeout(timeout),
      });
      if (response.ok && contentType === OCTETS) bytes = new Uint8Array(await response.arrayBuffer());
      else text = await response.text();
    } catch (cause) {
      throw new Unanswered(`${method} ${target} was not answered`, auth !== "none" && auth !== "read", cause);
    }
    if (!response.ok) throw new ProblemError(problemIn(text, response.status));
    return bytes ?? (contentType === "application/json" ? jsonIn(text) : text);
  }
}

function targetOf({ path }: Route, params: Texts, query: Texts): string {
  const url = new URL("http://node");
  url.pathname = path.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name])));
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) url.searchParams.set(name, String(value));
  return url.pathname + url.search;
}

function problemIn(text: string, status: number): Problem {
  try {
    return decode(PROBLEM, JSON.parse(text), "problem");
  } catch {
    // Whoever stands before the node may answer in his own way.
    const detail = text.slice(0, 200) || `the answer was ${status} and nothing else`;
    return { type: "about:blank", title: "An answer that is not the node's", status, detail };
  }
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw Object.assign(new DecodeError("answer", "JSON is required", text.slice(0, 80)), { cause });
  }
}

function learnFrom({ facts }: ProblemError, { nonces }: Session, clock: Clock): void {
  if (facts["now"] !== undefined) clock.set(facts["now"]);
  if (facts["least"] !== undefined) nonces.raise(facts["least"]);
}

/** How long to wait before trying again, ms; undefined if that would not help. */
function waitAfter(error: unknown, tries: number): number | undefined {
  const usual = Math.min(MAX_WAIT, FIRST_WAIT * 2 ** tries);
  if (error instanceof Unanswered) return usual;
  if (!(error instanceof ProblemError) || (error.status !== 429 && error.status !== 503)) return undefined;
  return Math.min(MAX_WAIT, error.problem.retryAfterMs ?? usual);
}
