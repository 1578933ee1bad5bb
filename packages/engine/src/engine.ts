/**
 * The engine: a deterministic machine from commands to receipts and events. The same commands give the same bytes, everywhere.
 *
 *     const engine = new Engine();
 *     engine.submit({ kind: "listAsset", time: 0, scale: 1_000_000 });
 */
import { type Hash, sha256 } from "./kernel/sha256.ts";
import { type Capacities, DEFAULT_CAPACITIES } from "./domain/capacities.ts";
import { decodeFrame, encodeCommand } from "./domain/codec.ts";
import type { Command } from "./domain/commands.ts";
import { EVENT_WORDS } from "./domain/events.ts";
import { CODE, FRAME_WORDS } from "./domain/frame.ts";
import type { OutcomeCode } from "./domain/refusals.ts";
import { VAULT } from "./domain/rows/vault.ts";
import { Venue } from "./domain/venue.ts";
import { HANDLERS } from "./handlers.ts";
import { type Preview, previewOrder } from "./preview.ts";
import { ReceiptChain } from "./receipts.ts";
import { auditVenue } from "./security/audit.ts";
import type { Finding } from "./security/finding.ts";
import { Judge } from "./security/judge.ts";
import { SnapshotError, readBody, readHeader, writeSnapshot } from "./snapshot.ts";
import { StatePages } from "./statePages.ts";
import { type Handlers, type Sentinel, transition } from "./transition.ts";
import { type Receipt, describeReceipt } from "./receiptView.ts";

export interface EngineOptions {
  readonly capacities?: Capacities;
  /** The stories of the commands; replaced only to show that a dishonest one is caught. */
  readonly handlers?: Handlers;
  /** Puts another judge in front of, or in place of, the engine's own; only to show what a dishonest one can do. */
  readonly judge?: (own: Sentinel) => Sentinel;
  /** SHA-256; the engine's own unless the platform has a faster one. */
  readonly hash?: Hash;
}

/** A state between two commands, in short. */
export interface StateSeal {
  /** Number of the last command it has seen. */
  readonly sequence: number;
  /** Head of the chain of receipts, 32 bytes. */
  readonly head: Uint8Array;
  readonly stateHash: Uint8Array;
}

export class Engine {
  readonly capacities: Capacities;
  /** The state and the command under way; read it through the queries. */
  readonly venue: Venue;
  /** The state as the pages it lies on. */
  readonly pages: StatePages;

  private readonly handlers: Handlers;
  private readonly judge: Sentinel;
  /** Stands where the judge stands while commands are repeated. */
  private readonly witness: Sentinel;
  private readonly chain: ReceiptChain;
  private readonly hash: Hash;
  private readonly frame = new Float64Array(FRAME_WORDS);

  constructor(options: EngineOptions = {}) {
    if (new Uint8Array(new Uint32Array([1]).buffer)[0] !== 1)
      throw new RangeError("the engine needs a little-endian machine");
    this.capacities = options.capacities ?? DEFAULT_CAPACITIES;
    this.handlers = options.handlers ?? HANDLERS;
    const own = new Judge();
    this.judge = options.judge?.(own) ?? own;
    this.witness = witnessOf(this.judge);
    this.venue = new Venue(this.capacities);
    this.hash = options.hash ?? sha256;
    this.chain = new ReceiptChain(this.hash);
    this.pages = new StatePages(this.arenas(), this.hash);
  }

  /** Number of the last command applied, refused ones included. */
  get sequence(): number {
    return this.chain.sequence;
  }

  /** Time of the last command that was accepted, ms since the epoch: none may be earlier. */
  get time(): number {
    return this.venue.vault.arena.num(this.venue.vault.row, VAULT.clock);
  }

  /**
   * Applies the command in a frame. Its facts are then in `venue.facts`, its events in `venue.events`, until the next one. Allocates
   * nothing on the way of orders.
   * @returns 0 if accepted, a refusal's code otherwise
   * @throws {DecodeError} if the words are not a command; nothing has changed then
   */
  apply(frames: Float64Array, offset = 0): OutcomeCode {
    return this.execute(frames, offset, this.judge);
  }

  /**
   * Applies a command that was applied before, and judged then: it is not judged again. Only for whoever holds what comes of it against the
   * receipts of then: a command that the judge refused is accepted here, and the head of the receipts is another one.
   * @throws {DecodeError} if the words are not a command; nothing has changed then
   */
  repeat(frames: Float64Array, offset = 0): OutcomeCode {
    return this.execute(frames, offset, this.witness);
  }

  /** Applies a command in its object form and answers in words. For edges and tests; allocates. @throws {DecodeError} */
  submit(command: Command): Receipt {
    encodeCommand(command, this.frame);
    const outcome = this.apply(this.frame);
    return describeReceipt(this.sequence, command.kind, outcome, this.venue);
  }

  /** What an order would do, without doing it. @throws {DecodeError} */
  preview(order: Extract<Command, { kind: "placeOrder" }>): Preview {
    encodeCommand(order, this.frame);
    decodeFrame(this.frame, 0, this.venue.command);
    return previewOrder(this.venue);
  }

  /** Events of the last command as records of `EVENT_WORDS` doubles; valid until the next one. */
  events(): Float64Array {
    return this.venue.events.words.subarray(0, this.venue.events.count * EVENT_WORDS);
  }

  /** Seals the receipts since the last seal and returns the head of their chain. */
  seal(): Uint8Array {
    return this.chain.seal().slice();
  }

  /** Hash of the whole state; reads only pages written since the last call. */
  stateHash(): Uint8Array {
    return this.pages.hash();
  }

  /** The full audit: every invariant, from the tables alone. Empty when all hold. */
  audit(): Finding[] {
    return auditVenue(this.venue);
  }

  /** The state as bytes, receipts sealed. */
  snapshot(): Uint8Array {
    return writeSnapshot(this.arenas(), this.capacities, this.sequence, this.seal(), this.stateHash());
  }

  /**
   * An engine that goes on from a snapshot.
   * @throws {SnapshotError} if the bytes are not one, or do not hash to what they say
   */
  static restore(bytes: Uint8Array, options: Omit<EngineOptions, "capacities"> = {}): Engine {
    const header = readHeader(bytes);
    const engine = new Engine({ ...options, capacities: header.capacities });
    readBody(bytes, header.bodyAt, engine.arenas());
    engine.resume(header);
    return engine;
  }

  /**
   * Goes on from a state whose pages were filled in; for an engine that has applied nothing.
   * @throws {SnapshotError} if they do not hash to `stateHash`; the engine is of no use then
   */
  resume({ sequence, head, stateHash }: StateSeal): void {
    this.chain.resume(sequence, head);
    if (!equal(this.stateHash(), stateHash))
      throw new SnapshotError("its state does not hash to what it says");
  }

  private execute(frames: Float64Array, offset: number, judge: Sentinel): OutcomeCode {
    const { venue } = this;
    decodeFrame(frames, offset, venue.command);
    const outcome = transition(venue, this.handlers, judge);
    this.chain.file(venue.command[CODE] as number, outcome, venue.facts, venue.events.count);
    return outcome;
  }

  private arenas(): readonly Venue["vault"]["arena"][] {
    return [this.venue.vault.arena, ...this.venue.tiers.map((tier) => tier.arena)];
  }
}

/** Finds nothing, and leaves the tier as a judge would. */
function witnessOf({ verdict }: Sentinel): Sentinel {
  return {
    verdict,
    judge: (_, tier) => {
      if (tier !== undefined) tier.hasReusedSlot = false;
      return verdict;
    },
  };
}

/** Bytes in hexadecimal. */
export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
