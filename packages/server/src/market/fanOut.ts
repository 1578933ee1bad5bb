/**
 * From topics to whoever has subscribed to them. A message is put into bytes once, however many get it. Nobody can make the node hold more
 * for him than his outbox: what can be merged is merged while he is slow, what cannot be is sent on until the outbox is full, and then he
 * is cut off, with a reason.
 */

/** What the fan-out asks of a connection. */
export interface Connection {
  /** Bytes that were sent and that the network has not taken yet. */
  readonly bufferedBytes: number;
  /** The bytes are never written again; they may go to others too. */
  send(message: Uint8Array): void;
  close(code: number, reason: string): void;
}

/** Why a connection is closed; numbers from 4000 on are the application's (RFC 6455, 7.4.2). */
export const CLOSE = {
  goingAway: [1001, "the node is closing"],
  tooBig: [1009, "message too big"],
  overloaded: [1013, "too many connections"],
  malformed: [4000, "malformed message"],
  unauthorised: [4001, "session is not valid any more"],
  idle: [4002, "idle"],
  slow: [4008, "slow consumer"],
  restarted: [4009, "stream begins anew"],
} as const;

/** A message, put into bytes when the first one wants it. */
export class Message {
  private readonly content: () => unknown;
  private encoded: Uint8Array | undefined;

  constructor(content: () => unknown) {
    this.content = content;
  }

  get bytes(): Uint8Array {
    return (this.encoded ??= Buffer.from(JSON.stringify(this.content())));
  }
}

/** How what is published on a topic is held for somebody who is slow. */
export interface Merge<Change, Held> {
  /** @returns what is held with a change added; undefined if that is more than may be held */
  join(held: Held | undefined, change: Change): Held | undefined;
  /** What stands for all that was held. */
  tell(held: Held): Message;
}

export interface Topic<Change = Message, Held = Change> {
  /** Unique among the topics. */
  readonly name: string;
  /** `every`: no message may be missing. Otherwise what was not sent yet is merged. */
  readonly merge: Merge<Change, Held> | "every";
  /** What whoever begins is told first; undefined = nothing, or somebody else tells it. */
  snapshot(): Message | undefined;
}

/** A topic, whatever is published on it. */
export type AnyTopic = Omit<Topic, "merge"> & { readonly merge: unknown };

/** The newest message stands for all before it. */
export const LATEST: Merge<Message, Message> = { join: (_, message) => message, tell: (message) => message };

export interface FanOutOptions {
  /** Bytes beyond which what can be merged is held. */
  readonly highWater?: number;
  /** Bytes a subscriber may be behind before he is cut off. */
  readonly maxOutbox?: number;
  /** How long something may be held for him before he is cut off, ms. */
  readonly maxHeldMs?: number;
  /** Topics of one subscriber. */
  readonly maxTopics?: number;
  readonly clock?: () => number;
}

/** Somebody on a connection. */
export class Subscriber {
  readonly connection: Connection;
  readonly subscriptions: Map<string, Subscription> = new Map();
  /** Those for which something is held. */
  readonly behind: Set<Subscription> = new Set();
  isCut = false;

  constructor(connection: Connection) {
    this.connection = connection;
  }
}

export interface Subscription {
  readonly subscriber: Subscriber;
  readonly topic: AnyTopic;
  /** False until he was told where he begins. */
  isLive: boolean;
  /** What is held for him, of the topic's own kind. */
  held: unknown;
  heldSince: number;
}

/** What went on since the fan-out was made. */
export interface FanOutFigures {
  readonly messages: number;
  readonly sent: number;
  readonly sentBytes: number;
  readonly held: number;
  readonly cut: number;
}

const HIGH_WATER = 64 * 1_024;
const MAX_OUTBOX = 4 * 1_024 * 1_024;
const MAX_HELD_MS = 10_000;
const MAX_TOPICS = 200;

export class FanOut {
  readonly figures: { -readonly [Name in keyof FanOutFigures]: FanOutFigures[Name] } = {
    messages: 0,
    sent: 0,
    sentBytes: 0,
    held: 0,
    cut: 0,
  };
  private readonly options: Required<FanOutOptions>;
  private readonly topics = new Map<string, Set<Subscription>>();
  private readonly subscribers = new Set<Subscriber>();
  /** Subscribers for whom something is held. */
  private readonly slow = new Set<Subscriber>();

  constructor(options: FanOutOptions = {}) {
    this.options = {
      highWater: options.highWater ?? HIGH_WATER,
      maxOutbox: options.maxOutbox ?? MAX_OUTBOX,
      maxHeldMs: options.maxHeldMs ?? MAX_HELD_MS,
      maxTopics: options.maxTopics ?? MAX_TOPICS,
      clock: options.clock ?? Date.now,
    };
  }

  get connected(): number {
    return this.subscribers.size;
  }

  /** Everybody who is connected. */
  members(): Iterable<Subscriber> {
    return this.subscribers;
  }

  /** Subscribers of a topic, live or not. */
  listeners(name: string): number {
    return this.topics.get(name)?.size ?? 0;
  }

  /** Subscriptions by channel: the part of a topic's name before the first colon. */
  subscriptionsByChannel(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const [name, { size }] of this.topics) {
      const channel = name.split(":", 1)[0] as string;
      counts.set(channel, (counts.get(channel) ?? 0) + size);
    }
    return counts;
  }

  join(connection: Connection): Subscriber {
    const subscriber = new Subscriber(connection);
    this.subscribers.add(subscriber);
    return subscriber;
  }

  leave(subscriber: Subscriber): void {
    this.subscribers.delete(subscriber);
    this.slow.delete(subscriber);
    for (const name of subscriber.subscriptions.keys()) this.unsubscribe(subscriber, name);
  }

  /**
   * Subscribes somebody to a topic and tells him where he begins.
   * @param isLive - false if that takes time: he gets nothing until `begin`
   * @returns undefined if he has as many topics as one may have
   */
  subscribe(subscriber: Subscriber, topic: AnyTopic, isLive = true): Subscription | undefined {
    const { subscriptions } = subscriber;
    const present = subscriptions.get(topic.name);
    if (present !== undefined) this.unsubscribe(subscriber, topic.name);
    if (subscriptions.size >= this.options.maxTopics) return undefined;
    const subscription: Subscription = { subscriber, topic, isLive, held: undefined, heldSince: 0 };
    subscriptions.set(topic.name, subscription);
    let listeners = this.topics.get(topic.name);
    if (listeners === undefined) this.topics.set(topic.name, (listeners = new Set()));
    listeners.add(subscription);
    if (isLive) {
      const first = topic.snapshot();
      if (first !== undefined) this.send(subscriber, first);
    }
    return subscription;
  }

  /** Tells a subscriber where he begins, if there is anything to tell; from then on he gets what is published. */
  begin(subscription: Subscription, first: Message | undefined): void {
    const { subscriber, topic } = subscription;
    if (subscriber.subscriptions.get(topic.name) !== subscription) return;
    subscription.isLive = true;
    if (first !== undefined) this.send(subscriber, first);
  }

  /** @returns false if there was nothing to end */
  unsubscribe(subscriber: Subscriber, name: string): boolean {
    const subscription = subscriber.subscriptions.get(name);
    if (subscription === undefined) return false;
    subscriber.subscriptions.delete(name);
    subscriber.behind.delete(subscription);
    if (subscriber.behind.size === 0) this.slow.delete(subscriber);
    const listeners = this.topics.get(name);
    listeners?.delete(subscription);
    if (listeners?.size === 0) this.topics.delete(name);
    return true;
  }

  /**
   * Gives a message to all subscribers of a topic.
   * @param change - what the message says, for those who get it merged with others
   */
  publish<Change, Held>(topic: Topic<Change, Held>, message: Message, change: Change): void {
    const listeners = this.topics.get(topic.name);
    if (listeners === undefined) return;
    this.figures.messages++;
    for (const subscription of listeners) {
      if (!subscription.isLive) continue;
      const { subscriber } = subscription;
      const mustWait =
        subscription.held !== undefined || subscriber.connection.bufferedBytes > this.options.highWater;
      if (mustWait && topic.merge !== "every") this.hold(subscription, topic.merge, change);
      else this.send(subscriber, message);
    }
  }

  /** Gives a message to one subscriber, whatever he has subscribed to. */
  tell(subscriber: Subscriber, content: unknown): void {
    this.send(subscriber, new Message(() => content));
  }

  /** Sends what was held to those who can take it again, and cuts off those who have not for too long. To be called every now and then. */
  drain(): void {
    const now = this.options.clock();
    for (const subscriber of this.slow) {
      const { connection, behind } = subscriber;
      for (const subscription of behind) {
        if (connection.bufferedBytes > this.options.highWater) {
          if (now - subscription.heldSince > this.options.maxHeldMs) this.cut(subscriber);
          break;
        }
        const { held } = subscription;
        const merge = subscription.topic.merge as Merge<never, unknown>;
        subscription.held = undefined;
        behind.delete(subscription);
        this.send(subscriber, merge.tell(held));
      }
      if (behind.size === 0) this.slow.delete(subscriber);
    }
  }

  /** Ends every connection. */
  closeAll([code, reason]: readonly [number, string]): void {
    for (const subscriber of this.subscribers) this.close(subscriber, code, reason);
  }

  close(subscriber: Subscriber, code: number, reason: string): void {
    if (subscriber.isCut) return;
    subscriber.isCut = true;
    this.leave(subscriber);
    subscriber.connection.close(code, reason);
  }

  private hold<Change, Held>(subscription: Subscription, merge: Merge<Change, Held>, change: Change): void {
    const { subscriber } = subscription;
    if (subscription.held === undefined) subscription.heldSince = this.options.clock();
    const held = merge.join(subscription.held as Held | undefined, change);
    if (held === undefined) return this.cut(subscriber);
    this.figures.held++;
    subscription.held = held;
    subscriber.behind.add(subscription);
    this.slow.add(subscriber);
  }

  private send(subscriber: Subscriber, message: Message): void {
    if (subscriber.isCut) return;
    const { connection } = subscriber;
    const { bytes } = message;
    if (connection.bufferedBytes + bytes.length > this.options.maxOutbox) return this.cut(subscriber);
    this.figures.sent++;
    this.figures.sentBytes += bytes.length;
    connection.send(bytes);
  }

  private cut(subscriber: Subscriber): void {
    this.figures.cut++;
    this.close(subscriber, ...CLOSE.slow);
  }
}
