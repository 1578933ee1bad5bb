/**
 * Receipts of a batch, and the chain that seals them: one SHA-256 per batch commits to every outcome since the first.
 *
 * A receipt is 32 bytes: command code (8 bits), fourth fact (8), outcome (16), number of events (32), then facts one to three as
 * doubles.
 */
import { type Hash, SHA256_BYTES } from "./kernel/sha256.ts";
import type { OutcomeCode } from "./domain/refusals.ts";

const RECEIPT_BYTES = 32;
const PREAMBLE_BYTES = SHA256_BYTES + 16;
const RECEIPT_INTS = 8;
const RECEIPT_DOUBLES = 4;
/** Receipts that may await their seal; a full batch seals itself. */
export const MAX_BATCH = 4_096;

export class ReceiptChain {
  /** Hash over all sealed batches. */
  readonly head: Uint8Array = new Uint8Array(SHA256_BYTES);
  /** Number of the last command applied. */
  sequence = 0;

  private readonly hash: Hash;
  /** The preamble (head, first sequence, count), then the receipts: what a seal hashes. */
  private readonly bytes = new Uint8Array(PREAMBLE_BYTES + MAX_BATCH * RECEIPT_BYTES);
  private readonly preamble = new Float64Array(this.bytes.buffer, SHA256_BYTES, 2);
  private readonly ints = new Int32Array(this.bytes.buffer, PREAMBLE_BYTES);
  private readonly doubles = new Float64Array(this.bytes.buffer, PREAMBLE_BYTES);
  private count = 0;

  constructor(hash: Hash) {
    this.hash = hash;
  }

  /** Numbers the command and files its receipt. */
  file(code: number, outcome: OutcomeCode, facts: Float64Array, events: number): void {
    if (this.count === MAX_BATCH) this.seal();
    const { ints, doubles, count } = this;
    const word = count * RECEIPT_INTS;
    ints[word] = (code << 24) | ((facts[3] as number) << 16) | outcome;
    ints[word + 1] = events;
    const double = count * RECEIPT_DOUBLES;
    doubles[double + 1] = facts[0] as number;
    doubles[double + 2] = facts[1] as number;
    doubles[double + 3] = facts[2] as number;
    this.count = count + 1;
    this.sequence++;
  }

  /** Seals what was filed since the last seal; nothing happens if there is nothing. Returns the head. */
  seal(): Uint8Array {
    if (this.count === 0) return this.head;
    this.preamble[0] = this.sequence - this.count + 1;
    this.preamble[1] = this.count;
    this.bytes.set(this.head);
    this.head.set(this.hash(this.bytes.subarray(0, PREAMBLE_BYTES + this.count * RECEIPT_BYTES)));
    this.count = 0;
    return this.head;
  }

  /** Goes on from a snapshot's sequence and head. */
  resume(sequence: number, head: Uint8Array): void {
    this.sequence = sequence;
    this.head.set(head);
    this.count = 0;
  }
}
