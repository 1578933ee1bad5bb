/** Binary order entry over TCP: every message is preceded by its length, u32 little-endian. */
import { type AddressInfo, type Socket, createServer } from "node:net";
import { MAX_MESSAGE_BYTES } from "@bulkhead/protocol";
import type { Gate } from "../access/limits.ts";
import type { BinaryConnection, BinaryEntry, Carrier } from "./binary.ts";

const LENGTH_BYTES = 4;
const FIRST_BYTES = 4_096;
/** How long a client may take to hang up in turn, ms. */
const GOODBYE = 1_000;

export interface TcpEntry {
  /** Where it listens. */
  readonly port: number;
  listen(port: number, host: string): Promise<void>;
  /** Takes no more connections; done once there are none. */
  stop(): Promise<void>;
  /** Ends those that are open, once what they were sent is on its way. */
  hangUp(): Promise<void>;
}

export function createTcpEntry(entry: BinaryEntry, gate: Gate): TcpEntry {
  const open = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    const address = socket.remoteAddress ?? "";
    let release: () => void;
    try {
      release = gate.connect(address);
    } catch {
      socket.destroy();
      return;
    }
    open.add(socket);
    serve(socket, address, entry, gate, () => {
      open.delete(socket);
      release();
    });
  });
  return {
    get port() {
      return (server.address() as AddressInfo).port;
    },
    listen: (port, host) =>
      new Promise((resolve, reject) => {
        server.once("error", reject);
        server.listen(port, host, () => resolve());
      }),
    stop: () => new Promise((resolve) => server.close(() => resolve())),
    hangUp: async () => {
      for (const socket of open) {
        socket.end();
        setTimeout(() => socket.destroy(), GOODBYE).unref();
      }
    },
  };
}

function serve(socket: Socket, address: string, entry: BinaryEntry, gate: Gate, release: () => void): void {
  const { idleTimeout, requestTimeout } = gate.limits;
  const splitter = new Splitter();
  let late: NodeJS.Timeout | undefined;
  const carrier: Carrier = {
    address,
    get unsentBytes() {
      return socket.writableLength;
    },
    send: (message) => {
      socket.cork();
      socket.write(lengthOf(message));
      socket.write(message, () => connection.drained());
      socket.uncork();
    },
    pause: () => socket.pause(),
    resume: () => {
      socket.resume();
      pump();
    },
  };
  const connection: BinaryConnection = entry.accept(carrier);

  function pump(): void {
    while (!connection.isFull) {
      const message = splitter.next();
      if (message === undefined) break;
      connection.receive(message);
    }
    // After a length that no message has, nothing can be understood.
    if (splitter.isLost) socket.destroy();
    // Whoever begins a message finishes it soon.
    if (splitter.isEmpty || connection.isFull) {
      clearTimeout(late);
      late = undefined;
    } else late ??= setTimeout(() => socket.destroy(), requestTimeout).unref();
  }

  socket.setTimeout(idleTimeout, () => socket.destroy());
  socket.on("data", (chunk: Buffer) => {
    splitter.add(chunk);
    pump();
  });
  // What is wrong with a socket ends it.
  socket.on("error", () => socket.destroy());
  socket.on("close", () => {
    clearTimeout(late);
    release();
    void entry.closed(connection);
  });
}

function lengthOf(message: Uint8Array): Uint8Array {
  const prefix = new Uint8Array(LENGTH_BYTES);
  new DataView(prefix.buffer).setUint32(0, message.length, true);
  return prefix;
}

/** Cuts what comes into messages. What it holds is what came and is no whole message yet, in a buffer that doubles. */
export class Splitter {
  private held = Buffer.alloc(FIRST_BYTES);
  private start = 0;
  private end = 0;
  /** True once a length came that is none. */
  isLost = false;

  get isEmpty(): boolean {
    return this.start === this.end;
  }

  add(chunk: Buffer): void {
    const length = this.end - this.start;
    const needed = length + chunk.length;
    if (this.end + chunk.length > this.held.length) {
      const target = needed <= this.held.length ? this.held : Buffer.alloc(2 ** Math.ceil(Math.log2(needed)));
      this.held.copy(target, 0, this.start, this.end);
      this.held = target;
      [this.start, this.end] = [0, length];
    }
    chunk.copy(this.held, this.end);
    this.end += chunk.length;
  }

  /** The next whole message, copied; undefined if there is none yet. */
  next(): Uint8Array | undefined {
    const length = this.end - this.start;
    if (this.isLost || length < LENGTH_BYTES) return undefined;
    const bytes = this.held.readUInt32LE(this.start);
    if (bytes === 0 || bytes > MAX_MESSAGE_BYTES) {
      this.isLost = true;
      return undefined;
    }
    if (length < LENGTH_BYTES + bytes) return undefined;
    const from = this.start + LENGTH_BYTES;
    const message = Uint8Array.prototype.slice.call(this.held, from, from + bytes);
    this.start = from + bytes;
    if (this.start === this.end) [this.start, this.end] = [0, 0];
    return message;
  }
}
