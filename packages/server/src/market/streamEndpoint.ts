/**
 * The WebSocket side of the streams, `/v1/stream`: it reads what a client says, asks who he is, and lets the fan-out speak to him. The gateway
 * owns the HTTP server and hands over the sockets whose upgrade it has seen.
 */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { DecodeError } from "@bulkhead/engine";
import {
  CHANNELS,
  type ChannelName,
  type Problem,
  STREAM_REQUEST,
  type StreamRequest,
  decode,
  decodeProblem,
  problemOf,
} from "@bulkhead/protocol";
import { type RawData, type WebSocket, WebSocketServer } from "ws";
import type { z } from "zod";
import { CLOSE, type Connection, type FanOut, type Subscriber } from "./fanOut.ts";
import type { MarketData } from "./marketData.ts";

/** Who a token belongs to. */
export interface Identity {
  /** Those whose private channels he may read. */
  readonly accounts: readonly number[];
  /** When his session ends, ms since the epoch. */
  readonly expires: number;
  /** Whether he may trade for them, too. */
  readonly mayTrade?: boolean;
  /** True once the session was ended before. */
  readonly isRevoked?: () => boolean;
}

export interface StreamEndpointOptions {
  readonly market: MarketData;
  readonly fanOut: FanOut;
  /** Who a session's token belongs to; undefined = nobody. */
  readonly authenticate: (token: string) => Promise<Identity | undefined> | Identity | undefined;
  readonly maxConnections?: number;
  /** Bytes of one message of a client. */
  readonly maxMessageBytes?: number;
  /** How often a connection is looked at, and a sign of life asked for, ms. */
  readonly pingMs?: number;
  /** How long a connection without subscriptions may say nothing, ms. */
  readonly idleMs?: number;
  /** Messages a client may send at once, and each second. */
  readonly burst?: number;
  readonly perSecond?: number;
  readonly clock?: () => number;
  /** Told of accounts whose orders are to go with a connection that has gone. */
  readonly disconnected?: (accounts: ReadonlySet<number>) => void;
  /** Told of what went wrong with one connection. */
  readonly onFault?: (error: unknown) => void;
}

export interface StreamEndpoint {
  /** Takes over a socket whose client asked for `/v1/stream`. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  readonly connections: number;
  close(): void;
}

interface Client {
  readonly socket: WebSocket;
  readonly subscriber: Subscriber;
  identity: Identity | undefined;
  /** Accounts whose orders go with it. */
  cancels: Set<number>;
  isAlive: boolean;
  heardAt: number;
  /** Messages he may still send. */
  tokens: number;
}

const MAX_CONNECTIONS = 10_000;
const MAX_MESSAGE_BYTES = 4_096;
const PING_MS = 15_000;
const IDLE_MS = 60_000;
const BURST = 100;
const PER_SECOND = 20;
/** How long a connection that was closed may take to say so, before it is torn down, ms. */
const CLOSING_MS = 1_000;

/** @returns what serves `/v1/stream` */
export function createStreamEndpoint(options: StreamEndpointOptions): StreamEndpoint {
  const {
    market,
    fanOut,
    authenticate,
    maxConnections = MAX_CONNECTIONS,
    pingMs = PING_MS,
    idleMs = IDLE_MS,
    burst = BURST,
    perSecond = PER_SECOND,
    clock = Date.now,
    disconnected = () => undefined,
    onFault = () => undefined,
  } = options;
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: options.maxMessageBytes ?? MAX_MESSAGE_BYTES,
  });
  const clients = new Set<Client>();
  const timer = setInterval(() => {
    for (const client of clients) look(client);
  }, pingMs).unref();

  function accept(socket: WebSocket): void {
    const subscriber = fanOut.join(connectionOf(socket));
    const client: Client = {
      socket,
      subscriber,
      identity: undefined,
      cancels: new Set(),
      isAlive: true,
      heardAt: clock(),
      tokens: burst,
    };
    clients.add(client);
    socket.on("message", (data, isBinary) => {
      hear(client, data, isBinary).catch((error: unknown) => {
        onFault(error);
        reply(client, {
          op: "error",
          problem: problemOf("internal", "the request could not be carried out"),
        });
      });
    });
    socket.on("pong", () => {
      client.isAlive = true;
    });
    // A client that breaks the protocol is closed by the library; there is nothing to add.
    socket.on("error", () => undefined);
    socket.on("close", () => gone(client));
  }

  function gone(client: Client): void {
    if (!clients.delete(client)) return;
    fanOut.leave(client.subscriber);
    if (client.cancels.size > 0) disconnected(client.cancels);
  }

  async function hear(client: Client, data: RawData, isBinary: boolean): Promise<void> {
    const now = clock();
    client.tokens = Math.min(burst, client.tokens + ((now - client.heardAt) / 1_000) * perSecond);
    client.heardAt = now;
    client.isAlive = true;
    if (client.tokens < 1)
      return refuse(client, problemOf("rate-limited", `more than ${perSecond} messages a second`));
    client.tokens--;
    if (isBinary) return fanOut.close(client.subscriber, ...CLOSE.malformed);
    let request: StreamRequest;
    try {
      request = decode<z.ZodType<StreamRequest>>(STREAM_REQUEST, JSON.parse(textOf(data)), "message");
    } catch (error) {
      if (error instanceof DecodeError) return refuse(client, decodeProblem(error));
      if (error instanceof SyntaxError) return fanOut.close(client.subscriber, ...CLOSE.malformed);
      throw error;
    }
    await answer(client, request);
  }

  async function answer(client: Client, request: StreamRequest): Promise<void> {
    const { id } = request;
    if (request.op === "ping")
      return reply(client, { op: "pong", time: clock(), sequence: market.last, ...named(id) });
    if (request.op === "login") {
      const identity = await authenticate(request.token);
      if (identity === undefined)
        return refuse(client, problemOf("session-unknown", "no session has this token"), id);
      client.identity = identity;
      client.cancels = new Set([...client.cancels].filter((account) => identity.accounts.includes(account)));
      for (const { topic } of client.subscriber.subscriptions.values())
        if (isOfAnother(topic.name, identity)) fanOut.unsubscribe(client.subscriber, topic.name);
      const { accounts, expires } = identity;
      return reply(client, { op: "loggedIn", accounts, expires, ...named(id) });
    }
    if (request.op === "cancelOnDisconnect") {
      const problem = setCancels(client, request);
      if (problem !== undefined) return refuse(client, problem, id);
      return reply(client, { op: "cancelOnDisconnect", accounts: [...client.cancels], ...named(id) });
    }
    const { op: _, id: __, ...of } = request;
    if (request.op === "unsubscribe") {
      if (market.unsubscribe(client.subscriber, of))
        return reply(client, { op: "unsubscribed", ...of, ...named(id) });
      return refuse(client, problemOf("not-found", "there is no such subscription"), id);
    }
    const denied = CHANNELS[of.channel].isPrivate ? denial(client, of.account ?? 0) : undefined;
    if (denied !== undefined) return refuse(client, denied, id);
    reply(client, { op: "subscribed", ...of, ...named(id) });
    const problem = await market.subscribe(client.subscriber, of);
    if (problem !== undefined) refuse(client, problem, id);
  }

  /** Notes whose orders are to go with the connection, and whose are not. @returns why not, if not */
  function setCancels(
    client: Client,
    { enabled, account }: { readonly enabled: boolean; readonly account?: number },
  ): Problem | undefined {
    const { identity, cancels } = client;
    const denied = denial(client, account);
    if (denied !== undefined || identity === undefined) return denied;
    if (identity.mayTrade !== true) return problemOf("forbidden", "the session may not trade");
    for (const each of account === undefined ? identity.accounts : [account])
      if (enabled) cancels.add(each);
      else cancels.delete(each);
    return undefined;
  }

  function denial({ identity }: Client, account: number | undefined): Problem | undefined {
    if (identity === undefined)
      return problemOf("unauthenticated", "log in before anything that is an owner's");
    if (account !== undefined && !identity.accounts.includes(account))
      return problemOf("forbidden", `account ${account} is another owner's`);
    return undefined;
  }

  function refuse(client: Client, problem: Problem, id?: string | number): void {
    reply(client, { op: "error", problem, ...named(id) });
  }

  function reply({ subscriber }: Client, content: object): void {
    fanOut.tell(subscriber, content);
  }

  /** Ends what is over: sessions, silence, and connections nobody is at the other end of. */
  function look(client: Client): void {
    const { socket, subscriber, identity, heardAt } = client;
    const now = clock();
    if (identity !== undefined && (identity.expires <= now || identity.isRevoked?.() === true))
      return fanOut.close(subscriber, ...CLOSE.unauthorised);
    if (subscriber.subscriptions.size === 0 && now - heardAt > idleMs)
      return fanOut.close(subscriber, ...CLOSE.idle);
    if (!client.isAlive) return socket.terminate();
    client.isAlive = false;
    socket.ping();
  }

  return {
    upgrade(request, socket, head) {
      server.handleUpgrade(request, socket, head, (opened) => {
        if (clients.size >= maxConnections) return opened.close(...CLOSE.overloaded);
        accept(opened);
      });
    },
    get connections() {
      return clients.size;
    },
    close() {
      clearInterval(timer);
      for (const client of clients) {
        fanOut.close(client.subscriber, ...CLOSE.goingAway);
        // Whoever does not say goodbye has gone all the same, and the engine will not be there for long.
        gone(client);
      }
      server.close();
    },
  };
}

/** True of a private topic that somebody may not read. */
function isOfAnother(topic: string, { accounts }: Identity): boolean {
  const [channel, account] = topic.split(":", 2) as [ChannelName, string];
  return CHANNELS[channel].isPrivate && !accounts.includes(Number(account));
}

function connectionOf(socket: WebSocket): Connection {
  return {
    get bufferedBytes() {
      return socket.bufferedAmount;
    },
    send: (message) => socket.send(message, { binary: false }),
    close: (code, reason) => {
      socket.close(code, reason);
      // Who does not read does not read that either.
      setTimeout(() => socket.terminate(), CLOSING_MS).unref();
    },
  };
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString();
  return Buffer.from(data as Buffer).toString();
}

function named(id: string | number | undefined): { readonly id?: string | number } {
  return id === undefined ? {} : { id };
}
