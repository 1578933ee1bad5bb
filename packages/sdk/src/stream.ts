/**
 * The streams of a node over one WebSocket. What is subscribed stays so: after a lost connection everything is subscribed anew, and begins with
 * a snapshot again. A book's message names the one before it; if one is missing the book is asked for anew.
 */
import {
  CHANNELS,
  type ChannelMessage,
  type ChannelName,
  type ChannelOf,
  STREAM_REPLY,
  type StreamReply,
  decode,
} from "@bulkhead/protocol";
import { ProblemError, Unanswered } from "./problemError.ts";
import { Line, type MakeSocket } from "./socket.ts";

export interface StreamOptions {
  /** Such as `wss://node.example/v1/stream`. */
  readonly url: string;
  readonly makeSocket: MakeSocket;
  /** Of a session, for private channels. */
  readonly token?: string | undefined;
  /** Whether all orders of the session's owner are cancelled when the connection goes. */
  readonly cancelOnDisconnect?: boolean;
  readonly firstWait: number;
  /** After so long without a message the node is asked, and after twice that given up, ms. */
  readonly silence: number;
}

export interface Subscription {
  /** Settles once the node has said yes. @throws {ProblemError} if it says no */
  readonly ready: Promise<void>;
  close(): void;
}

/** Whoever listens to a channel. */
export interface Listener<Name extends ChannelName> {
  readonly message: (message: ChannelMessage<Name>) => void;
  /** Messages may be missing: a snapshot follows, where the channel has one. */
  readonly gap?: () => void;
}

/** How a stream stands. */
export interface StreamState {
  /** Whether there is a connection now. */
  readonly isUp: boolean;
  /** When anything was heard last, ms by this machine's clock; 0 = never. */
  readonly heardAt: number;
  /** Number and time of the last command that a message or a pong told of; 0 = none. */
  readonly sequence: number;
  readonly time: number;
  /** Why the connection was lost; undefined while there is one, and before the first. */
  readonly lost: string | undefined;
}

interface Held {
  readonly channel: ChannelName;
  readonly of: Readonly<Record<string, unknown>>;
  readonly listener: Listener<ChannelName>;
  readonly settle: { readonly resolve: () => void; readonly reject: (error: Error) => void };
  /** Of the last message. */
  sequence: number;
  hasSnapshot: boolean;
}

export class Stream {
  private readonly options: StreamOptions;
  private readonly line: Line;
  private readonly held = new Map<number, Held>();
  private nextId = 1;
  private heardAt = 0;
  private sequence = 0;
  private time = 0;
  private lost: string | undefined;
  private readonly pulse: ReturnType<typeof setInterval>;
  private isLoggedIn = false;
  private isClosed = false;

  constructor(options: StreamOptions) {
    this.options = options;
    this.line = new Line(options, {
      opened: () => this.begin(),
      received: (data) => this.receive(data),
      lost: (reason) => this.lose(reason),
    });
    this.pulse = setInterval(() => this.listenForLife(), options.silence / 2);
  }

  /** As it is now: asked as often as somebody wants to show it. */
  get state(): StreamState {
    const { heardAt, sequence, time, lost } = this;
    return { isUp: this.line.isUp, heardAt, sequence, time, lost };
  }

  /** Subscribes to a channel, for as long as the stream lives. */
  subscribe<Name extends ChannelName>(
    channel: Name,
    of: ChannelOf<Name>,
    listener: Listener<Name> | Listener<Name>["message"],
  ): Subscription {
    const id = this.nextId++;
    let settle: Held["settle"] | undefined;
    const ready = new Promise<void>((resolve, reject) => {
      settle = { resolve, reject };
    });
    // Whoever does not wait is not to be stopped by it.
    ready.catch(() => undefined);
    const held: Held = {
      channel,
      of,
      listener: typeof listener === "function" ? { message: listener } : listener,
      settle: settle as Held["settle"],
      sequence: 0,
      hasSnapshot: false,
    };
    this.held.set(id, held);
    if (this.line.isUp && (this.isLoggedIn || !CHANNELS[channel].isPrivate)) this.ask("subscribe", id, held);
    return { ready, close: () => this.drop(id, held) };
  }

  /** Lets go of the connection and of everybody who listens. */
  close(): void {
    this.isClosed = true;
    clearInterval(this.pulse);
    for (const { settle } of this.held.values())
      settle.reject(new Unanswered("the stream was closed", false));
    this.held.clear();
    this.line.close();
  }

  private begin(): void {
    this.heardAt = Date.now();
    this.lost = undefined;
    const { token } = this.options;
    for (const [id, held] of this.held)
      if (!CHANNELS[held.channel].isPrivate) this.ask("subscribe", id, held);
    if (token !== undefined) this.say({ op: "login", token, id: 0 });
  }

  private lose(reason: string): void {
    this.isLoggedIn = false;
    this.lost = reason;
    for (const held of this.held.values()) {
      if (held.sequence > 0) held.listener.gap?.();
      held.sequence = 0;
      held.hasSnapshot = false;
    }
  }

  private receive(data: unknown): void {
    this.heardAt = Date.now();
    const message = JSON.parse(textOf(data)) as Readonly<Record<string, unknown>>;
    this.note(message["sequence"], message["time"]);
    if ("op" in message) return this.take(decode(STREAM_REPLY, message, "reply"));
    for (const [id, held] of this.held) if (isOf(held, message)) this.deliver(id, held, message);
  }

  private note(sequence: unknown, time: unknown): void {
    if (typeof sequence !== "number" || typeof time !== "number" || sequence < this.sequence) return;
    this.sequence = sequence;
    this.time = time;
  }

  private take(reply: StreamReply): void {
    if (reply.op === "loggedIn") {
      this.isLoggedIn = true;
      if (this.options.cancelOnDisconnect === true) this.say({ op: "cancelOnDisconnect" });
      for (const [id, held] of this.held)
        if (CHANNELS[held.channel].isPrivate) this.ask("subscribe", id, held);
      return;
    }
    const id = Number(reply.id);
    const held = this.held.get(id);
    if (reply.op === "subscribed") held?.settle.resolve();
    if (reply.op !== "error") return;
    const error = new ProblemError(reply.problem);
    const refused =
      id === 0
        ? [...this.held].filter(([, { channel }]) => CHANNELS[channel].isPrivate)
        : [[id, held] as const];
    for (const [key, each] of refused) {
      each?.settle.reject(error);
      this.held.delete(key);
    }
  }

  private deliver(id: number, held: Held, message: Readonly<Record<string, unknown>>): void {
    const told = decode(CHANNELS[held.channel].message, message, held.channel) as ChannelMessage<ChannelName>;
    if (told.channel === "book" && told.type === "update" && told.previous !== held.sequence) {
      // Between leaving and coming back messages of the old subscription may still arrive.
      if (held.hasSnapshot) this.renew(id, held);
      return;
    }
    held.sequence = told.sequence;
    held.hasSnapshot ||= told.type === "snapshot";
    held.listener.message(told);
  }

  /** Asks for a channel anew, from its snapshot on. */
  private renew(id: number, held: Held): void {
    held.hasSnapshot = false;
    held.sequence = 0;
    held.listener.gap?.();
    this.ask("unsubscribe", id, held);
    this.ask("subscribe", id, held);
  }

  private drop(id: number, held: Held): void {
    this.held.delete(id);
    const isShared = [...this.held.values()].some((other) => sameTopic(other, held));
    if (!isShared && this.line.isUp) this.ask("unsubscribe", id, held);
  }

  private ask(op: "subscribe" | "unsubscribe", id: number, { channel, of }: Held): void {
    this.say({ op, channel, ...of, id });
  }

  private say(request: object): void {
    this.line.send(JSON.stringify(request));
  }

  private listenForLife(): void {
    if (this.isClosed || !this.line.isUp) return;
    const silent = Date.now() - this.heardAt;
    if (silent > 2 * this.options.silence) this.line.renew("the node has fallen silent");
    else if (silent > this.options.silence / 2) this.say({ op: "ping" });
  }
}

function isOf({ channel, of }: Held, message: Readonly<Record<string, unknown>>): boolean {
  return message["channel"] === channel && Object.keys(of).every((key) => message[key] === of[key]);
}

function sameTopic(one: Held, other: Held): boolean {
  return one.channel === other.channel && JSON.stringify(one.of) === JSON.stringify(other.of);
}

function textOf(data: unknown): string {
  return typeof data === "string" ? data : new TextDecoder().decode(data as ArrayBuffer);
}
