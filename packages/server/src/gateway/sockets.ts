/** WebSockets: `/v1/binary` for orders, `/v1/stream` for what happens. */
import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { MAX_MESSAGE_BYTES } from "@bulkhead/protocol";
import { type RawData, type WebSocket, WebSocketServer } from "ws";
import { Denied } from "../access/denial.ts";
import type { Gate } from "../access/limits.ts";
import type { BinaryEntry } from "./binary.ts";
import type { Streams } from "./ports.ts";

const GOING_AWAY = [1001, "the node is closing"] as const;
const UNSUPPORTED = [1003, "binary messages are required"] as const;
/** How long a client may take to answer that its connection is being closed, ms. */
const GOODBYE = 1_000;

export interface SocketDependencies {
  readonly entry: BinaryEntry;
  readonly streams: Streams;
  readonly gate: Gate;
  /** The address of a client, as proxies tell it. */
  readonly addressOf: (request: IncomingMessage) => string;
  readonly isClosing: () => boolean;
}

export interface Sockets {
  /** Says goodbye to everybody, and hangs up on who does not answer. */
  close(): Promise<void>;
}

export function serveSockets(server: Server, dependencies: SocketDependencies): Sockets {
  const { gate, streams, addressOf, isClosing } = dependencies;
  const binary = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    clientTracking: false,
    maxPayload: MAX_MESSAGE_BYTES,
  });
  const open = new Map<WebSocket, { isAlive: boolean }>();

  const begin = (socket: WebSocket): void => {
    const life = { isAlive: true };
    open.set(socket, life);
    socket.on("pong", () => (life.isAlive = true));
    socket.on("message", () => (life.isAlive = true));
    socket.on("close", () => open.delete(socket));
    // A close event follows every error.
    socket.on("error", () => undefined);
  };

  const heartbeat = setInterval(() => {
    for (const [socket, life] of open) {
      if (!life.isAlive) socket.terminate();
      else {
        life.isAlive = false;
        socket.ping();
      }
    }
  }, gate.limits.idleTimeout).unref();

  server.on("upgrade", (request: IncomingMessage, duplex: Duplex, head: Buffer) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://node");
    const address = addressOf(request);
    duplex.on("error", () => duplex.destroy());
    try {
      if (isClosing()) return refuse(duplex, "503 Service Unavailable");
      gate.request(address);
    } catch (error) {
      return refuse(duplex, error instanceof Denied ? "429 Too Many Requests" : "500 Internal Server Error");
    }
    // The limits of HTTP do not count for what is no HTTP any more.
    if ("setTimeout" in duplex && typeof duplex.setTimeout === "function") duplex.setTimeout(0);
    if (pathname === "/v1/binary")
      return binary.handleUpgrade(request, duplex, head, (socket) => {
        begin(socket);
        serveBinary(socket, address, dependencies.entry, searchParams.get("cancelOnDisconnect") === "true");
      });
    if (pathname === "/v1/stream") return streams.upgrade(request, duplex, head);
    return refuse(duplex, "404 Not Found");
  });

  return {
    close: async () => {
      clearInterval(heartbeat);
      const gone = [...open.keys()].map(
        (socket) =>
          new Promise<void>((resolve) => {
            socket.once("close", () => resolve());
            socket.close(...GOING_AWAY);
            setTimeout(() => socket.terminate(), GOODBYE).unref();
          }),
      );
      await Promise.all(gone);
    },
  };
}

function serveBinary(socket: WebSocket, address: string, entry: BinaryEntry, cancelsOnClose: boolean): void {
  const connection = entry.accept(
    {
      address,
      get unsentBytes() {
        return socket.bufferedAmount;
      },
      send: (message) => socket.send(message, { binary: true }, () => connection.drained()),
      pause: () => socket.pause(),
      resume: () => socket.resume(),
    },
    cancelsOnClose,
  );
  socket.on("message", (data: RawData, isBinary: boolean) => {
    if (isBinary) connection.receive(bytesOf(data));
    else socket.close(...UNSUPPORTED);
  });
  socket.on("close", () => void entry.closed(connection));
}

function bytesOf(data: RawData): Uint8Array {
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  return Array.isArray(data) ? Buffer.concat(data) : data;
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`);
}
