/** A WebSocket that comes back: the browser's own, or Node's by `ws`. */
import { Unanswered } from "./problemError.ts";

/** What browsers and `ws` have in common. */
export interface Socket {
  binaryType: string;
  addEventListener(type: "open" | "error", listener: () => void): void;
  addEventListener(type: "message", listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(
    type: "close",
    listener: (event: { readonly code: number; readonly reason: string }) => void,
  ): void;
  send(data: string | Uint8Array): void;
  close(code?: number, reason?: string): void;
}

export type MakeSocket = (url: string) => Socket | Promise<Socket>;

type SocketConstructor = new (url: string) => Socket;

/** The platform's WebSocket; where there is none, that of `ws`. */
export async function platformSocket(url: string): Promise<Socket> {
  const own = (globalThis as { readonly WebSocket?: unknown }).WebSocket as SocketConstructor | undefined;
  const Constructor = own ?? (await import("ws")).WebSocket;
  return new Constructor(url);
}

/** What is to be done with a connection that comes and goes. */
export interface LineHandlers {
  /** It is there, for the first time or again. */
  readonly opened: () => void;
  readonly received: (data: unknown) => void;
  /** It is gone; unless it was closed from here it will be tried again. */
  readonly lost: (reason: string) => void;
}

export interface LineOptions {
  readonly url: string;
  readonly makeSocket: MakeSocket;
  /** The first wait before another try, ms; it doubles up to thirty times that. */
  readonly firstWait: number;
}

const MAX_DOUBLINGS = 5;
const NORMAL_CLOSURE = 1_000;

/** A connection that is made again whenever it is lost, until it is closed from here. */
export class Line {
  private readonly options: LineOptions;
  private readonly handlers: LineHandlers;
  private socket: Socket | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private tries = 0;
  private isOpen = false;
  private isClosed = false;

  constructor(options: LineOptions, handlers: LineHandlers) {
    this.options = options;
    this.handlers = handlers;
    void this.open();
  }

  get isUp(): boolean {
    return this.isOpen;
  }

  /** @throws {Unanswered} if the connection is not there now */
  send(data: string | Uint8Array): void {
    if (!this.isOpen || this.socket === undefined)
      throw new Unanswered("there is no connection to the node", false);
    this.socket.send(data);
  }

  /** Lets go of this connection and makes another. */
  renew(reason: string): void {
    const { socket } = this;
    this.lose(socket, reason);
    socket?.close(NORMAL_CLOSURE, reason);
  }

  close(): void {
    this.isClosed = true;
    clearTimeout(this.timer);
    this.renew("closed by the client");
  }

  private async open(): Promise<void> {
    let socket: Socket;
    try {
      socket = await this.options.makeSocket(this.options.url);
    } catch (error) {
      return this.lose(undefined, String(error));
    }
    if (this.isClosed) return socket.close();
    this.socket = socket;
    socket.binaryType = "arraybuffer";
    socket.addEventListener("open", () => {
      if (socket !== this.socket) return;
      this.isOpen = true;
      this.tries = 0;
      this.handlers.opened();
    });
    socket.addEventListener("message", ({ data }) => {
      if (socket === this.socket) this.handlers.received(data);
    });
    socket.addEventListener("close", ({ code, reason }) =>
      this.lose(socket, reason === "" ? `closed with ${code}` : reason),
    );
    // What went wrong is told by the close that follows; unheard it would end the program.
    socket.addEventListener("error", () => undefined);
  }

  private lose(socket: Socket | undefined, reason: string): void {
    if (socket !== this.socket) return;
    this.socket = undefined;
    const wasOpen = this.isOpen;
    this.isOpen = false;
    if (wasOpen) this.handlers.lost(reason);
    if (this.isClosed) return;
    clearTimeout(this.timer);
    // Half of the wait is chance, so that not all clients come back at once.
    const wait =
      this.options.firstWait * 2 ** Math.min(this.tries++, MAX_DOUBLINGS) * (0.5 + Math.random() / 2);
    this.timer = setTimeout(() => void this.open(), wait);
  }
}
