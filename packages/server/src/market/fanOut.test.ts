import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CLOSE, type Connection, FanOut, LATEST, Message, type Topic } from "./fanOut.ts";

/** A connection of which a network takes nothing by itself. */
class Line implements Connection {
  readonly sent: unknown[] = [];
  readonly buffers: Uint8Array[] = [];
  bufferedBytes = 0;
  closed: readonly [number, string] | undefined;

  send(message: Uint8Array): void {
    this.bufferedBytes += message.length;
    this.buffers.push(message);
    this.sent.push(JSON.parse(Buffer.from(message).toString()));
  }

  close(code: number, reason: string): void {
    this.closed = [code, reason];
  }
}

const EVERY: Topic = { name: "every:1", merge: "every", snapshot: () => undefined };
const NEWEST: Topic = { name: "latest:1", merge: LATEST, snapshot: () => undefined };
/** Sums what is held, up to 100. */
const SUM: Topic<number> = {
  name: "sum:1",
  merge: {
    join: (held, change) => ((held ?? 0) + change > 100 ? undefined : (held ?? 0) + change),
    tell: (held) => new Message(() => held),
  },
  snapshot: () => new Message(() => "begin"),
};

const say = (fanOut: FanOut, topic: Topic, content: unknown): void => {
  const message = new Message(() => content);
  fanOut.publish(topic, message, message);
};
const add = (fanOut: FanOut, change: number): void => fanOut.publish(SUM, new Message(() => change), change);

function joined(fanOut: FanOut, ...topics: readonly Topic<never, never>[] | readonly unknown[]): Line {
  const line = new Line();
  const subscriber = fanOut.join(line);
  for (const topic of topics) fanOut.subscribe(subscriber, topic as Topic);
  return line;
}

describe("a message", () => {
  test("is put into bytes once for all who get it, and not at all if nobody does", () => {
    const fanOut = new FanOut();
    let encoded = 0;
    const message = (): Message => new Message(() => ++encoded);
    fanOut.publish(EVERY, message(), message());
    expect(encoded).toBe(0);
    const lines = Array.from({ length: 3 }, () => joined(fanOut, EVERY));
    const one = message();
    fanOut.publish(EVERY, one, one);
    expect(encoded).toBe(1);
    expect(new Set(lines.map(({ buffers }) => buffers[0])).size).toBe(1);
  });

  test("goes to the subscribers of its topic only, from when they began until they end", () => {
    const fanOut = new FanOut();
    const [line, other] = [new Line(), joined(fanOut, NEWEST)];
    const subscriber = fanOut.join(line);
    const subscription = fanOut.subscribe(subscriber, EVERY, false);
    say(fanOut, EVERY, 1);
    if (subscription !== undefined) fanOut.begin(subscription, new Message(() => "begin"));
    say(fanOut, EVERY, 2);
    expect(fanOut.unsubscribe(subscriber, EVERY.name)).toBe(true);
    say(fanOut, EVERY, 3);
    expect(line.sent).toEqual(["begin", 2]);
    expect(other.sent).toEqual([]);
    expect(fanOut.listeners(EVERY.name)).toBe(0);
  });

  test("does not begin a subscription that has ended meanwhile", () => {
    const fanOut = new FanOut();
    const line = new Line();
    const subscriber = fanOut.join(line);
    const subscription = fanOut.subscribe(subscriber, EVERY, false);
    fanOut.leave(subscriber);
    if (subscription !== undefined) fanOut.begin(subscription, new Message(() => "begin"));
    expect(line.sent).toEqual([]);
  });
});

describe("somebody slow", () => {
  test("is told later what all he missed comes to", () => {
    const fanOut = new FanOut({ highWater: 0 });
    const line = joined(fanOut, SUM, NEWEST);
    expect(line.sent).toEqual(["begin"]);
    for (const change of [1, 2, 3]) add(fanOut, change);
    for (const content of ["a", "b"]) say(fanOut, NEWEST, content);
    fanOut.drain();
    expect(line.sent).toEqual(["begin"]);
    line.bufferedBytes = 0;
    fanOut.drain();
    line.bufferedBytes = 0;
    fanOut.drain();
    expect(line.sent).toEqual(["begin", 6, "b"]);
    line.bufferedBytes = 0;
    add(fanOut, 4);
    expect(line.sent).toEqual(["begin", 6, "b", 4]);
  });

  test("is cut off when more is held than may be, with a reason, and nobody else is", () => {
    const fanOut = new FanOut({ highWater: 0 });
    const [slow, quick] = [joined(fanOut, SUM), joined(fanOut, SUM)];
    for (let round = 0; round < 12; round++) {
      add(fanOut, 10);
      quick.bufferedBytes = 0;
      fanOut.drain();
    }
    expect(slow.closed).toEqual(CLOSE.slow);
    expect(quick.closed).toBeUndefined();
    expect(fanOut.figures.cut).toBe(1);
    expect(fanOut.connected).toBe(1);
  });

  test("is cut off when something is held for too long", () => {
    let now = 0;
    const fanOut = new FanOut({ highWater: 0, maxHeldMs: 1_000, clock: () => now });
    const line = joined(fanOut, SUM);
    add(fanOut, 1);
    now = 1_000;
    fanOut.drain();
    expect(line.closed).toBeUndefined();
    now = 1_001;
    fanOut.drain();
    expect(line.closed).toEqual(CLOSE.slow);
  });

  test("is cut off before his outbox is larger than it may be, whatever is said", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(300), { maxLength: 60 }), fc.nat(2_000), (sizes, maxOutbox) => {
        const fanOut = new FanOut({ maxOutbox });
        const line = joined(fanOut, EVERY);
        let [told, whole] = [0, true];
        for (const size of sizes) {
          const content = "x".repeat(size);
          whole = whole && told + size + 2 <= maxOutbox;
          if (whole) told += size + 2;
          say(fanOut, EVERY, content);
          expect(line.bufferedBytes).toBeLessThanOrEqual(maxOutbox);
        }
        expect(line.bufferedBytes).toBe(told);
        expect(line.closed).toEqual(whole ? undefined : CLOSE.slow);
      }),
    );
  });
});

test("nobody has more topics than one may have, and a topic twice is one", () => {
  const fanOut = new FanOut({ maxTopics: 2 });
  const subscriber = fanOut.join(new Line());
  for (const topic of [EVERY, NEWEST, EVERY]) expect(fanOut.subscribe(subscriber, topic)).toBeDefined();
  expect(fanOut.subscribe(subscriber, { ...EVERY, name: "other:1" })).toBeUndefined();
  expect(fanOut.subscriptionsByChannel()).toEqual(
    new Map([
      ["every", 1],
      ["latest", 1],
    ]),
  );
});
