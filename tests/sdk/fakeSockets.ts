/** Sockets without a network: a test is the node at their other end. */
import type { Socket } from "@bulkhead/sdk";

type Events = {
  open: () => void;
  error: () => void;
  message: (event: { readonly data: unknown }) => void;
  close: (event: { readonly code: number; readonly reason: string }) => void;
};

export class FakeSocket implements Socket {
  binaryType = "blob";
  readonly sent: (string | Uint8Array)[] = [];
  private readonly listeners: { [Type in keyof Events]: Events[Type][] } = {
    open: [],
    error: [],
    message: [],
    close: [],
  };
  private isClosed = false;

  addEventListener<Type extends keyof Events>(type: Type, listener: Events[Type]): void {
    (this.listeners[type] as Events[Type][]).push(listener);
  }

  send(data: string | Uint8Array): void {
    this.sent.push(data);
  }

  close(code = 1_000, reason = ""): void {
    if (this.isClosed) return;
    this.isClosed = true;
    for (const listener of this.listeners.close) listener({ code, reason });
  }

  /** What the node does. */
  accept(): void {
    for (const listener of this.listeners.open) listener();
  }

  say(message: object): void {
    for (const listener of this.listeners.message) listener({ data: JSON.stringify(message) });
  }

  sayBytes(bytes: Uint8Array): void {
    for (const listener of this.listeners.message)
      listener({ data: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) });
  }

  /** What was said since the last time this was asked. */
  heard(): unknown[] {
    return this.sent.splice(0).map((data) => JSON.parse(data as string) as unknown);
  }

  heardBytes(): Uint8Array[] {
    return this.sent.splice(0) as Uint8Array[];
  }
}

/** A network on which sockets are made, oldest first. */
export function fakeNetwork(): {
  readonly sockets: FakeSocket[];
  readonly makeSocket: () => FakeSocket;
  /** Waits until so many were made. */
  readonly made: (count: number) => Promise<FakeSocket>;
} {
  const sockets: FakeSocket[] = [];
  return {
    sockets,
    makeSocket: () => {
      const socket = new FakeSocket();
      sockets.push(socket);
      return socket;
    },
    made: async (count) => {
      while (sockets.length < count) await new Promise((resolve) => setTimeout(resolve, 1));
      // The client begins to listen in a later turn than the one that made it.
      await new Promise((resolve) => setTimeout(resolve, 0));
      return sockets[count - 1] as FakeSocket;
    },
  };
}
