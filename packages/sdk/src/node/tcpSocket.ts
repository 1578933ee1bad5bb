/** @bulkhead/sdk/node: what only Node can do. Binary order entry over TCP, where every message is preceded by its length (u32, little-endian). */
import { type Socket as TcpConnection, connect } from "node:net";
import { MAX_MESSAGE_BYTES } from "@bulkhead/protocol";
import type { MakeSocket, Socket } from "../socket.ts";

const LENGTH_BYTES = 4;
const CONNECT_MS = 10_000;
/** A problem message may be as long as a batch. */
const MAX_BYTES = MAX_MESSAGE_BYTES;

type CloseEvent = { readonly code: number; readonly reason: string };
interface Listeners {
  readonly open: (() => void)[];
  readonly error: (() => void)[];
  readonly message: ((event: { readonly data: unknown }) => void)[];
  readonly close: ((event: CloseEvent) => void)[];
}

/**
 * Carries binary order entry over the node's TCP port: `client.orderEntry({ makeSocket: tcpSocket(host, port) })`. What travels is signed but
 * not encrypted: beyond one's own network a WebSocket over TLS is the better way.
 */
export function tcpSocket(host: string, port: number): MakeSocket {
  return () => overTcp(connect({ host, port, noDelay: true, timeout: CONNECT_MS }));
}

function overTcp(connection: TcpConnection): Socket {
  const listeners: Listeners = { open: [], error: [], message: [], close: [] };
  let reason = "";
  let held: Buffer = Buffer.alloc(0);
  connection.on("connect", () => {
    connection.setTimeout(0);
    for (const listener of listeners.open) listener();
  });
  connection.on("timeout", () => connection.destroy(new Error(`no answer within ${CONNECT_MS} ms`)));
  connection.on("error", (error) => {
    reason = error.message;
    for (const listener of listeners.error) listener();
  });
  connection.on("close", () => {
    for (const listener of listeners.close) listener({ code: 1_006, reason });
  });
  connection.on("data", (chunk: Buffer) => {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    let at = 0;
    while (held.length - at >= LENGTH_BYTES) {
      const bytes = held.readUInt32LE(at);
      if (bytes > MAX_BYTES) {
        connection.destroy(new Error(`a message of ${bytes} bytes`));
        return;
      }
      const end = at + LENGTH_BYTES + bytes;
      if (end > held.length) break;
      // A copy: whoever keeps a message does not keep what came with it.
      const data = Uint8Array.from(held.subarray(at + LENGTH_BYTES, end)).buffer;
      at = end;
      for (const listener of listeners.message) listener({ data });
    }
    held = held.subarray(at);
  });
  return {
    binaryType: "arraybuffer",
    addEventListener: (type: keyof Listeners, listener: never) => {
      listeners[type].push(listener);
    },
    send: (data) => {
      const bytes = typeof data === "string" ? Buffer.from(data) : data;
      const length = Buffer.alloc(LENGTH_BYTES);
      length.writeUInt32LE(bytes.length);
      connection.cork();
      connection.write(length);
      connection.write(bytes);
      connection.uncork();
    },
    close: () => {
      connection.end();
      connection.destroySoon();
    },
  };
}
