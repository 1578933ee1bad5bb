/**
 * Signatures, verified by threads of their own: the thread of the engine spends nothing on curves. What is asked while a thread works goes to
 * it as one message, so that messages grow with the load and not with the number of signatures. Answers come in the order of the questions,
 * whichever thread gave them: nonces that were sent in order are used in order.
 */
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { SIGNATURE_BYTES, addressOf, hasLowS } from "@bulkhead/protocol";
import { Denied } from "./denial.ts";
import { ASKED, SHAPE, THREAD_PROGRAM, type ThreadData } from "./verifier.ts";

export interface SignatureOptions {
  /** One for every two cores, two at most. */
  readonly threads?: number;
  /** Signatures that may wait for a thread; more are refused. */
  readonly maxWaiting?: number;
  /** Which implementation; the native one where it loads. */
  readonly curve?: "native" | "noble";
}

interface Question {
  readonly row: Uint8Array;
  readonly resolve: (answer: Uint8Array) => void;
  readonly reject: (error: unknown) => void;
  answer?: Uint8Array;
  error?: unknown;
}

interface Thread {
  /** Begun with its first question, and anew with the next one after it has died. */
  worker: Worker | undefined;
  /** What it was sent and has not answered. */
  asked: readonly Question[];
}

const MAX_WAITING = 16_384;
/** Signatures in a message at most. */
const MESSAGE = 256;

export class Signatures {
  /** Which implementation verifies. */
  readonly curve: "native" | "noble";
  private readonly threads: Thread[];
  private readonly maxWaiting: number;
  private readonly data: ThreadData;
  /** Questions no thread has yet, and all that are not answered, in order. */
  private waiting: Question[] = [];
  private unanswered: Question[] = [];
  private isClosed = false;

  constructor(options: SignatureOptions = {}) {
    const native = options.curve === "noble" ? undefined : nativeCurve();
    this.curve = native === undefined ? "noble" : "native";
    this.data = { ...(native !== undefined && { native }), noble: nobleModule(), shape: SHAPE };
    this.maxWaiting = options.maxWaiting ?? MAX_WAITING;
    const threads = options.threads ?? Math.min(2, Math.max(1, availableParallelism() >> 1));
    this.threads = Array.from({ length: threads }, () => ({ worker: undefined, asked: [] }));
  }

  /**
   * Makes sure that a key has signed a digest.
   * @param signature - r and s, 64 bytes
   * @param key - 33 bytes
   * @throws {Denied} if it has not
   */
  async verify(digest: Uint8Array, signature: Uint8Array, key: Uint8Array): Promise<void> {
    expectForm(signature, SIGNATURE_BYTES);
    const [isGood] = await this.ask(ASKED.verify, digest, signature, key);
    if (isGood !== 1) throw wrong();
  }

  /**
   * The address of the wallet that has signed a digest.
   * @param signature - r, s and v (0, 1, 27 or 28), 65 bytes
   * @throws {Denied} if none has
   */
  async recover(digest: Uint8Array, signature: Uint8Array): Promise<string> {
    expectForm(signature, SIGNATURE_BYTES + 1);
    const v = signature[SIGNATURE_BYTES] as number;
    const recovery = v >= 27 ? v - 27 : v;
    if (recovery > 1) throw new Denied("signature_malformed", "v is 0, 1, 27 or 28", { v });
    const answer = await this.ask(ASKED.recover, digest, signature, Uint8Array.of(recovery));
    if (answer[0] !== 1) throw wrong();
    return addressOf(answer.subarray(1));
  }

  async close(): Promise<void> {
    this.isClosed = true;
    for (const { worker } of this.threads) await worker?.terminate();
    for (const { reject } of this.unanswered.splice(0)) reject(new Error("the verifier is closed"));
  }

  private ask(kind: number, digest: Uint8Array, signature: Uint8Array, key: Uint8Array): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      if (this.isClosed) throw new Error("the verifier is closed");
      if (this.waiting.length >= this.maxWaiting)
        throw new Denied("verifier_overloaded", "too many signatures wait to be verified; try again later", {
          waiting: this.waiting.length,
          retryAfterMs: 1_000,
        });
      const row = new Uint8Array(SHAPE.row);
      row[SHAPE.kind] = kind;
      row.set(digest, SHAPE.digest);
      row.set(signature.subarray(0, SIGNATURE_BYTES), SHAPE.signature);
      row.set(key, SHAPE.key);
      const question: Question = { row, resolve, reject };
      this.waiting.push(question);
      this.unanswered.push(question);
      // What is asked in the same turn goes together.
      if (this.waiting.length === 1) queueMicrotask(() => this.dispatch());
    });
  }

  private dispatch(): void {
    for (const thread of this.threads) {
      if (this.waiting.length === 0) return;
      if (thread.asked.length > 0) continue;
      const asked = this.waiting.splice(0, MESSAGE);
      thread.asked = asked;
      const rows = new Uint8Array(asked.length * SHAPE.row);
      asked.forEach(({ row }, index) => rows.set(row, index * SHAPE.row));
      thread.worker ??= this.begin(thread);
      thread.worker.postMessage(rows, [rows.buffer]);
    }
  }

  private begin(thread: Thread): Worker {
    const worker = new Worker(THREAD_PROGRAM, { eval: true, workerData: this.data });
    worker.unref();
    worker.on("message", (answers: Uint8Array) => {
      thread.asked.forEach((question, index) => {
        question.answer = answers.subarray(index * SHAPE.answer, (index + 1) * SHAPE.answer);
      });
      this.finish(thread);
    });
    let reason: unknown;
    worker.on("error", (error) => (reason = error));
    worker.on("exit", (code) => {
      if (this.isClosed) return;
      const error = new Error(`a verifying thread ended with code ${code}`, { cause: reason });
      for (const question of thread.asked) question.error = error;
      thread.worker = undefined;
      this.finish(thread);
    });
    return worker;
  }

  private finish(thread: Thread): void {
    thread.asked = [];
    this.dispatch();
    let done = 0;
    for (const { answer, error, resolve, reject } of this.unanswered) {
      if (answer !== undefined) resolve(answer);
      else if (error !== undefined) reject(error);
      else break;
      done++;
    }
    this.unanswered.splice(0, done);
  }
}

function expectForm(signature: Uint8Array, bytes: number): void {
  if (signature.length !== bytes)
    throw new Denied("signature_malformed", `a signature has ${bytes} bytes`, { bytes: signature.length });
  if (!hasLowS(signature))
    throw new Denied("signature_malleable", "s is in the upper half of the group's order");
}

function wrong(): Denied {
  return new Denied("signature_wrong", "the signature is not of this, or not by who is named");
}

/** Where the native curve is; undefined if it does not load here. */
function nativeCurve(): string | undefined {
  const { resolve } = createRequire(import.meta.url);
  try {
    const path = resolve("secp256k1/bindings.js");
    createRequire(import.meta.url)(path);
    return path;
  } catch {
    return undefined;
  }
}

function nobleModule(): string {
  return pathToFileURL(createRequire(import.meta.url).resolve("@noble/curves/secp256k1.js")).href;
}
