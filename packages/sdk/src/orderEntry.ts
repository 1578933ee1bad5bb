/**
 * Binary order entry: commands in batches, one signature for each batch. What is sent in the same turn of the program, or while a batch is
 * being signed, goes out together; every command gets its own outcome.
 */
import {
  CODE,
  FRAME_WORDS,
  LAYOUTS,
  type Layout,
  MAX_BATCH,
  RECEIPT_FACTS,
  RECEIPT_FIELDS,
} from "@bulkhead/engine";
import {
  type CommandInput,
  type Directory,
  type Instrument,
  type OrderRequest,
  type Placed,
  type SigningDomain,
  decodeAnswer,
  encodeBatch,
  encodeRecords,
  encodeTerms,
  frameOf,
  instrumentNamed,
  orderNameOf,
  placeOrderOf,
  placedOf,
  refusalProblem,
} from "@bulkhead/protocol";
import { ProblemError, Unanswered } from "./problemError.ts";
import { type Session, signedBatch } from "./session.ts";
import { Line, type MakeSocket } from "./socket.ts";

export interface OrderEntryOptions {
  /** Such as `wss://node.example/v1/binary`. */
  readonly url: string;
  readonly makeSocket: MakeSocket;
  readonly domain: SigningDomain;
  /** Of its own: nonces of one session have to arrive in order. */
  readonly session: Session;
  readonly firstWait: number;
  /** Which bucket an order is for. */
  readonly bucketOf: (instrument: Instrument, order: OrderRequest) => Promise<BucketName>;
  readonly directory: Directory;
  /**
   * Whether the node is to cancel all orders of the accounts it has sent for when the connection goes; those of the buckets it has sent for are
   * cancelled once more when it is back.
   */
  readonly cancelOnDisconnect: boolean;
}

/** Whose bucket, and which. */
export interface BucketName {
  readonly account: number;
  readonly bucket: number;
}

/** What came of a command that was accepted. */
export interface Accepted {
  readonly sequence: number;
  /** What it returned, by name. */
  readonly facts: Readonly<Record<string, number>>;
}

interface Waiting {
  readonly frame: Float64Array;
  readonly resolve: (accepted: Accepted) => void;
  readonly reject: (error: Error) => void;
}

/** A connection on which nothing is said for a minute is cut, ms. */
const PULSE = 15_000;

const FIELDS_BY_CODE: ReadonlyMap<number, readonly string[]> = new Map(
  (LAYOUTS as readonly Layout[]).map(({ code, name }) => [
    code,
    RECEIPT_FIELDS[name as keyof typeof RECEIPT_FIELDS],
  ]),
);

export class OrderEntry {
  private readonly options: OrderEntryOptions;
  private readonly line: Line;
  private waiting: Waiting[] = [];
  private readonly sent = new Map<number, readonly Waiting[]>();
  /** Buckets that orders were sent for, as "account tier bucket". */
  private readonly traded = new Set<string>();
  private readonly pulse: ReturnType<typeof setInterval>;
  private nextRequest = 1;
  private isScheduled = false;
  private hasBeenLost = false;

  constructor(options: OrderEntryOptions) {
    this.options = options;
    this.line = new Line(options, {
      opened: () => this.begin(),
      received: (data) => this.receive(data),
      lost: (reason) => this.lose(reason),
    });
    this.pulse = setInterval(() => {
      if (this.line.isUp) this.tellTerms();
    }, PULSE);
  }

  get isUp(): boolean {
    return this.line.isUp;
  }

  /**
   * Sends a command; one that comes before the connection is there waits for it.
   * @throws {ProblemError} if the venue refuses it, or the node the batch it went with
   * @throws {Unanswered} if the connection was lost before the answer: it may have been executed
   * @throws {DecodeError} if it is no command
   */
  send(command: CommandInput): Promise<Accepted> {
    const frame = frameOf(command);
    if (command.kind === "placeOrder")
      this.traded.add(`${command.account} ${command.tier} ${command.bucket}`);
    return new Promise((resolve, reject) => {
      this.waiting.push({ frame, resolve, reject });
      this.schedule();
    });
  }

  /** Places an order as a trader writes it. @throws as `send` does, and {DecodeError} if a price or amount fits no tick or lot */
  async place(order: OrderRequest): Promise<Placed & { readonly sequence: number }> {
    const instrument = instrumentNamed(this.options.directory, order.symbol, "order.symbol");
    const { account, bucket } = await this.options.bucketOf(instrument, order);
    const { sequence, facts } = await this.send(placeOrderOf(order, instrument, account, bucket, "order"));
    return { ...placedOf(instrument, Object.values(facts), sequence), sequence };
  }

  /** Cancels an order by its id, or by the client's own as `tier-c…`. @returns lots that were open of it */
  async cancel(account: number, id: string): Promise<number> {
    const { tier, by, value } = orderNameOf(id);
    const order = by === "order" ? value : 0;
    const clientId = by === "client" ? value : 0;
    const { facts } = await this.send({ kind: "cancelOrder", account, tier, order, clientId });
    return facts["lots"] ?? 0;
  }

  close(): void {
    clearInterval(this.pulse);
    this.line.close();
    this.abandon("the connection was closed");
  }

  private begin(): void {
    if (this.options.cancelOnDisconnect) this.tellTerms();
    if (this.hasBeenLost && this.options.cancelOnDisconnect)
      for (const key of this.traded) {
        const [account, tier, bucket] = key.split(" ").map(Number) as [number, number, number];
        const frame = frameOf({ kind: "cancelAll", account, tier, bucket, market: 0 });
        this.waiting.unshift({ frame, resolve: () => undefined, reject: () => undefined });
      }
    this.schedule();
  }

  /** What the connection is to do when it goes; said again and again it is a sign of life. */
  private tellTerms(): void {
    const { cancelOnDisconnect } = this.options;
    this.line.send(encodeTerms({ request: this.request(), cancelOnDisconnect }));
  }

  private request(): number {
    const request = this.nextRequest;
    this.nextRequest = request === 2 ** 32 - 1 ? 1 : request + 1;
    return request;
  }

  private schedule(): void {
    if (this.isScheduled || !this.line.isUp) return;
    this.isScheduled = true;
    queueMicrotask(() => {
      this.isScheduled = false;
      while (this.line.isUp && this.waiting.length > 0) this.dispatch(this.waiting.splice(0, MAX_BATCH));
    });
  }

  private dispatch(batch: readonly Waiting[]): void {
    const { domain, session } = this.options;
    const frames = new Float64Array(batch.length * FRAME_WORDS);
    for (const [index, { frame }] of batch.entries()) frames.set(frame, index * FRAME_WORDS);
    const records = encodeRecords(frames);
    const request = this.request();
    this.sent.set(request, batch);
    const count = batch.length;
    this.line.send(encodeBatch({ request, count, records, ...signedBatch(domain, session, records) }));
  }

  private receive(data: unknown): void {
    const answer = decodeAnswer(new Uint8Array(data as ArrayBuffer));
    if (answer.kind === "terms") return;
    const batch = this.sent.get(answer.request) ?? [];
    this.sent.delete(answer.request);
    if (answer.kind === "problem") {
      if (answer.problem.facts?.["least"] !== undefined)
        this.options.session.nonces.raise(answer.problem.facts["least"]);
      for (const { reject } of batch) reject(new ProblemError(answer.problem));
      return;
    }
    for (const [index, { frame, resolve, reject }] of batch.entries()) {
      const sequence = answer.first + index;
      const facts = answer.facts.subarray(index * RECEIPT_FACTS, (index + 1) * RECEIPT_FACTS);
      const code = answer.codes[index] ?? 0;
      if (code !== 0) reject(new ProblemError(refusalProblem(code, facts, sequence)));
      else resolve({ sequence, facts: named(frame, facts) });
    }
  }

  private lose(reason: string): void {
    this.hasBeenLost = true;
    const batches = [...this.sent.values()];
    this.sent.clear();
    for (const { reject } of batches.flat())
      reject(new Unanswered(`the connection was lost (${reason})`, true));
  }

  private abandon(reason: string): void {
    for (const { reject } of this.waiting.splice(0)) reject(new Unanswered(reason, false));
  }
}

function named(frame: Float64Array, facts: Float64Array): Record<string, number> {
  const fields = FIELDS_BY_CODE.get(frame[CODE] as number) ?? [];
  return Object.fromEntries(fields.map((field, index) => [field, facts[index] as number]));
}
