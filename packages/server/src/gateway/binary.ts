/**
 * Binary order entry, whatever carries it: batches of records in, one answer for each out. One signature stands for a batch, and nothing on the
 * way is made per order: records become frames, frames a group of the runner, its outcomes the bytes of the answer.
 *
 * A connection may have several batches under way. They are verified, executed and answered in the order they came. A client that sends
 * more than that, or does not take its answers, is not read from until it has room again.
 */
import { createHash } from "node:crypto";
import { CODE, FRAME_WORDS, LAYOUTS, type Layout, RECEIPT_FACTS } from "@bulkhead/engine";
import {
  type BatchMessage,
  batchDigest,
  decodeBatch,
  decodeTerms,
  encodeOutcomes,
  encodeProblem,
  encodeTerms,
} from "@bulkhead/protocol";
import type { Access } from "../access/access.ts";
import type { Session } from "../access/registry.ts";
import type { Outcomes } from "../runner/executed.ts";
import type { DeadMan } from "./deadMan.ts";
import type { Disconnects } from "./disconnects.ts";
import type { Core, Log } from "./ports.ts";
import { problem, problemFor } from "./problems.ts";

/** What carries the messages. */
export interface Carrier {
  readonly address: string;
  /** Bytes that were sent and that the network has not taken yet. */
  readonly unsentBytes: number;
  send(message: Uint8Array): void;
  /** Stops and goes on reading. */
  pause(): void;
  resume(): void;
}

export interface BinaryDependencies {
  readonly core: Core;
  readonly access: Access;
  readonly deadMan: DeadMan;
  readonly disconnects: Disconnects;
  readonly log: Log;
}

const REQUEST_AT = 4;

/** Where in the frames of commands that sessions may send the account stands; 0 = they name none. */
const ACCOUNT_AT: readonly number[] = (() => {
  const words: number[] = [];
  for (const { code, at } of LAYOUTS as readonly Layout[]) words[code] = at["account"] ?? 0;
  return words;
})();

/** Connections that are open, for the end. */
export class BinaryEntry {
  private readonly dependencies: BinaryDependencies;
  private readonly connections = new Set<BinaryConnection>();
  private isClosing = false;

  constructor(dependencies: BinaryDependencies) {
    this.dependencies = dependencies;
  }

  get connected(): number {
    return this.connections.size;
  }

  /** @param cancelsOnClose - what its terms are before it has told others */
  accept(carrier: Carrier, cancelsOnClose = false): BinaryConnection {
    const connection = new BinaryConnection(carrier, this.dependencies, cancelsOnClose, () => this.isClosing);
    this.connections.add(connection);
    return connection;
  }

  async closed(connection: BinaryConnection): Promise<void> {
    await connection.closed();
    this.connections.delete(connection);
  }

  /** Takes no more batches, and answers those that are under way. */
  async finish(): Promise<void> {
    this.isClosing = true;
    for (const connection of this.connections) await connection.idle();
  }

  /** Until every connection has gone, and what was to be cancelled with it is being cancelled: a server may be closed before its sockets say so. */
  async left(): Promise<void> {
    await Promise.all([...this.connections].map(({ gone }) => gone));
  }
}

export class BinaryConnection {
  /** Resolves once it has gone. */
  readonly gone: Promise<void>;
  private tellGone: () => void = () => undefined;
  private readonly carrier: Carrier;
  private readonly dependencies: BinaryDependencies;
  /** Whether the orders of every account that was traded for on it go when it goes. */
  private cancelsOnClose: boolean;
  private readonly isClosing: () => boolean;
  private readonly accounts = new Set<number>();
  private inFlight = 0;
  private isPaused = false;
  private isClosed = false;
  private last: Promise<void> = Promise.resolve();

  constructor(
    carrier: Carrier,
    dependencies: BinaryDependencies,
    cancelsOnClose: boolean,
    isClosing: () => boolean,
  ) {
    this.carrier = carrier;
    this.dependencies = dependencies;
    this.cancelsOnClose = cancelsOnClose;
    this.isClosing = isClosing;
    this.gone = new Promise((resolve) => (this.tellGone = resolve));
  }

  /** @param message - the connection's from now on */
  receive(message: Uint8Array): void {
    this.inFlight++;
    this.regulate();
    this.last = this.answer(message, this.last, this.execute(message));
  }

  /** Whether there is no room for another batch now. */
  get isFull(): boolean {
    return this.isPaused;
  }

  /** The network has taken answers off. */
  drained(): void {
    this.regulate();
  }

  /** Until everything that came is answered. */
  idle(): Promise<void> {
    return this.last;
  }

  async closed(): Promise<void> {
    this.isClosed = true;
    await this.last;
    if (this.cancelsOnClose) this.dependencies.disconnects.cancel(this.accounts);
    this.tellGone();
  }

  /** Answers leave in the order of the batches, whichever is done first. */
  private async answer(
    message: Uint8Array,
    before: Promise<void>,
    executed: Promise<Uint8Array>,
  ): Promise<void> {
    const answer = await executed.catch((error: unknown) => this.problemAnswer(requestOf(message), error));
    await before;
    this.inFlight--;
    if (this.isClosed) return;
    this.carrier.send(answer);
    this.regulate();
  }

  private async execute(message: Uint8Array): Promise<Uint8Array> {
    const { core, access, deadMan } = this.dependencies;
    if (this.isClosing()) throw problem("closing", "The node is closing: no more batches are taken");
    access.gate.request(this.carrier.address);
    const terms = decodeTerms(message);
    if (terms !== undefined) {
      this.cancelsOnClose = terms.cancelOnDisconnect;
      return encodeTerms(terms);
    }
    const batch = decodeBatch(message);
    const session = await this.authenticate(batch);
    this.authorise(session, batch);
    deadMan.heard(session.owner);
    return answerOf(batch.request, await core.submitAll(batch.frames));
  }

  /** Whose batch it is. Whatever costs him is asked for after his signature, so that nobody can spend another's allowance. */
  private async authenticate({ session: id, nonce, records, signature }: BatchMessage): Promise<Session> {
    const { registry, sessionNonces, signatures, domain, clock } = this.dependencies.access;
    const { key } = registry.session(id);
    sessionNonces.expect(id, nonce, clock());
    const hash = createHash("sha256").update(records).digest();
    await signatures.verify(batchDigest(domain, { session: id, nonce, records: hash }), signature, key);
    const session = registry.session(id);
    sessionNonces.use(id, nonce, clock());
    return session;
  }

  private authorise(session: Session, { frames, count }: BatchMessage): void {
    const { authority, gate } = this.dependencies.access;
    const signer = { kind: "session", session } as const;
    gate.sessionCommand(session.id, count);
    let [account, commands, orders] = [0, 0, 0];
    for (let at = 0; at < frames.length; at += FRAME_WORDS) {
      authority.expect(signer, frames, at);
      const next = accountOf(frames, at);
      if (next !== account) {
        this.charge(account, commands, orders);
        [account, commands, orders] = [next, 0, 0];
      }
      commands++;
      if (gate.ratios.counts(frames, at)) orders++;
    }
    this.charge(account, commands, orders);
  }

  private charge(account: number, commands: number, orders: number): void {
    if (account === 0 || commands === 0) return;
    this.dependencies.access.gate.accountCommand(account, commands, orders);
    this.accounts.add(account);
  }

  private problemAnswer(request: number, error: unknown): Uint8Array {
    const told = problemFor(error);
    if (told.status === 500) this.dependencies.log.error({ err: error }, "batch_failed");
    return encodeProblem({ request, problem: told });
  }

  /** Reads on only while there is room for what comes of it. */
  private regulate(): void {
    const { batchesInFlight, unsentBytes } = this.dependencies.access.gate.limits;
    const isFull = this.inFlight >= batchesInFlight || this.carrier.unsentBytes > unsentBytes;
    if (isFull === this.isPaused || this.isClosed) return;
    this.isPaused = isFull;
    if (isFull) this.carrier.pause();
    else this.carrier.resume();
  }
}

/** The account a command is for; 0 = it names none. */
function accountOf(frames: Float64Array, at: number): number {
  const word = ACCOUNT_AT[frames[at + CODE] as number] as number;
  return word === 0 ? 0 : (frames[at + word] as number);
}

function answerOf(request: number, { batch, index, count }: Outcomes): Uint8Array {
  return encodeOutcomes({
    request,
    first: batch.first + index,
    count,
    codes: batch.codes.subarray(index, index + count),
    facts: batch.facts.subarray(index * RECEIPT_FACTS, (index + count) * RECEIPT_FACTS),
  });
}

/** What a message calls itself, though it may be none. */
function requestOf(message: Uint8Array): number {
  if (message.length < REQUEST_AT + 4) return 0;
  return new DataView(message.buffer, message.byteOffset).getUint32(REQUEST_AT, true);
}
