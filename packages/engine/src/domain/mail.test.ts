import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { Arena, Regions } from "../kernel/arena.ts";
import { InvariantViolation } from "../kernel/invariant.ts";
import type { AssetUnits } from "../kernel/units.ts";
import { type Mailbox, type Transfer, post, receive, reserveMailbox, undelivered } from "./mail.ts";

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 200);
const RING = 64;

const transfer = (number: number): Transfer => ({
  account: number,
  mode: number % 65,
  asset: 1 + (number % 32),
  amount: (number * 1e9 + 1) as AssetUnits,
});

interface Post {
  readonly sender: Arena;
  readonly receiver: Arena;
  readonly outbox: Mailbox;
  readonly inbox: Mailbox;
}

function openPost(): Post {
  const [theirs, ours] = [new Regions(), new Regions()];
  const [outbox, inbox] = [reserveMailbox(theirs), reserveMailbox(ours)];
  return { outbox, inbox, sender: new Arena(theirs.words), receiver: new Arena(ours.words) };
}

let between: Post = openPost();
const send = (number: number): void => post(between.sender, between.outbox, transfer(number));
const take = (): Transfer => receive(between.sender, between.outbox, between.receiver, between.inbox);
const underWay = (): number => undelivered(between.sender, between.outbox, between.receiver, between.inbox);

beforeEach(() => {
  between = openPost();
});

describe("mail", () => {
  test("messages arrive once, whole and in the order sent, however far the ring has turned", () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 400 }), (sends) => {
        between = openPost();
        let [sent, taken] = [0, 0];
        for (const isSent of sends) {
          if (isSent && sent - taken < RING) send(++sent);
          else if (taken < sent) expect(take()).toEqual(transfer(++taken));
          expect(underWay()).toBe(sent - taken);
        }
      }),
      { numRuns: RUNS },
    );
  });

  test("a full ring of messages may be under way", () => {
    for (let number = 1; number <= RING; number++) send(number);
    expect(underWay()).toBe(RING);
    for (let number = 1; number <= RING; number++) expect(take()).toEqual(transfer(number));
    expect(underWay()).toBe(0);
  });

  test("one message too many under way is found out by the receiver", () => {
    for (let number = 1; number <= RING + 1; number++) send(number);
    expect(take).toThrow("messages arrive once and in order");
  });

  test.each([0, 1, RING - 1, RING, RING + 1])("after %d messages there is no next one", (count) => {
    for (let number = 1; number <= count; number++) {
      send(number);
      take();
    }
    expect(take).toThrow(InvariantViolation);
    expect(underWay()).toBe(0);
  });

  test("a receiver that rolls back receives the same message again", () => {
    send(1);
    send(2);
    take();
    between.receiver.commit();
    expect(take()).toEqual(transfer(2));
    between.receiver.rollback();
    expect(underWay()).toBe(1);
    expect(take()).toEqual(transfer(2));
  });

  test("a sender that rolls back has sent nothing", () => {
    send(1);
    between.sender.rollback();
    expect(underWay()).toBe(0);
    expect(take).toThrow(InvariantViolation);
    between.receiver.rollback();
    send(7);
    expect(take()).toEqual(transfer(7));
  });

  test("receiving writes nothing on the sender's side", () => {
    send(1);
    between.sender.commit();
    take();
    expect(between.sender.untouched).toBe(true);
  });
});
