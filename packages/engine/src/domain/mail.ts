/**
 * Messages between shards. A sender appends to its outbox under the next sequence number; the receiver takes exactly the
 * number after the last one it took. In one process both happen inside the same command; between machines the same rows
 * travel, and the sequence makes delivery exactly-once.
 */
import type { Arena, IntColumn, NumColumn, Ref, Regions } from "../kernel/arena.ts";
import { invariant } from "../kernel/invariant.ts";
import type { AssetUnits } from "../kernel/units.ts";

/** Messages that may be under way to one receiver. */
const RING = 64;
const MESSAGE_WORDS = 8;
const HEADER_WORDS = 16;

const MAILBOX = {
  /** Sequence number of the last message put in, or taken out by this side. */
  sequence: 0 as NumColumn<"mailbox">,
} as const;

const MESSAGE = {
  account: 0 as IntColumn<"message">,
  mode: 1 as IntColumn<"message">,
  asset: 2 as IntColumn<"message">,
  amount: 2 as NumColumn<"message", AssetUnits>,
  sequence: 3 as NumColumn<"message">,
} as const;

export interface Mailbox {
  readonly header: Ref<"mailbox">;
  readonly ring: number;
}

/** An amount of an asset that moves between an account's balance and its bucket. */
export interface Transfer {
  readonly account: number;
  readonly mode: number;
  readonly asset: number;
  readonly amount: AssetUnits;
}

export function reserveMailbox(regions: Regions): Mailbox {
  return { header: regions.take(HEADER_WORDS) as Ref<"mailbox">, ring: regions.take(RING * MESSAGE_WORDS) };
}

/** Puts a transfer into an outbox. */
export function post(arena: Arena, outbox: Mailbox, transfer: Transfer): void {
  const sequence = arena.num(outbox.header, MAILBOX.sequence) + 1;
  const message = messageAt(outbox, sequence);
  arena.setNum(outbox.header, MAILBOX.sequence, sequence);
  arena.setNum(message, MESSAGE.sequence, sequence);
  arena.setInt(message, MESSAGE.account, transfer.account);
  arena.setInt(message, MESSAGE.mode, transfer.mode);
  arena.setInt(message, MESSAGE.asset, transfer.asset);
  arena.setNum(message, MESSAGE.amount, transfer.amount);
}

/** Takes the next transfer from the sender's outbox and notes in the receiver's inbox that it was taken. */
export function receive(sender: Arena, outbox: Mailbox, receiver: Arena, inbox: Mailbox): Transfer {
  const sequence = receiver.num(inbox.header, MAILBOX.sequence) + 1;
  const message = messageAt(outbox, sequence);
  invariant(sender.num(message, MESSAGE.sequence) === sequence, "messages arrive once and in order");
  receiver.setNum(inbox.header, MAILBOX.sequence, sequence);
  return {
    account: sender.int(message, MESSAGE.account),
    mode: sender.int(message, MESSAGE.mode),
    asset: sender.int(message, MESSAGE.asset),
    amount: sender.num(message, MESSAGE.amount),
  };
}

/** Messages put in but not yet taken. */
export function undelivered(sender: Arena, outbox: Mailbox, receiver: Arena, inbox: Mailbox): number {
  return sender.num(outbox.header, MAILBOX.sequence) - receiver.num(inbox.header, MAILBOX.sequence);
}

function messageAt(box: Mailbox, sequence: number): Ref<"message"> {
  return (box.ring + ((sequence % RING) | 0) * MESSAGE_WORDS) as Ref<"message">;
}
