/**
 * The binary wire: commands as records, one signature for many of them, and what came of each. Little-endian throughout; the first two bytes of
 * every message are its version and kind. Over TCP each message is preceded by its length (u32); over WebSocket it is a message.
 *
 *     batch     version u8 · kind u8 · count u16 · request u32 · session u32 · nonce f64 · signature (64) · records
 *     outcomes  version u8 · kind u8 · count u16 · request u32 · first sequence f64 · { code u16 · facts f64 × 4 } × count
 *     problem   version u8 · kind u8 · status u16 · request u32 · problem+json in UTF-8
 *     terms     version u8 · kind u8 · flags u16 · request u32; both ways
 *
 * @see docs/spec/wire.md
 */
import {
  CODE,
  DecodeError,
  FRAME_WORDS,
  MAX_BATCH,
  RECEIPT_FACTS,
  TIME,
  expectCommand,
} from "@bulkhead/engine";
import { PROBLEM, type Problem } from "./problem.ts";
import { decode } from "./decode.ts";
import { MAX_RECORD_BYTES, readRecord, recordBytes, writeRecord } from "./record.ts";
import { SIGNATURE_BYTES } from "./signatures.ts";

const VERSION = 1;
const KIND = { batch: 1, outcomes: 2, problem: 3, terms: 4 } as const;
const CANCEL_ON_DISCONNECT = 1;

const HEADER_BYTES = 8;
const BATCH_HEADER_BYTES = HEADER_BYTES + 12 + SIGNATURE_BYTES;
const OUTCOMES_HEADER_BYTES = HEADER_BYTES + 8;
const OUTCOME_BYTES = 2 + 8 * RECEIPT_FACTS;

/** Bytes of the largest message a node takes. */
export const MAX_MESSAGE_BYTES: number = BATCH_HEADER_BYTES + MAX_BATCH * MAX_RECORD_BYTES;

/** Commands and who sends them. */
export interface BatchMessage {
  /** Chosen by the client; its answer names it. */
  readonly request: number;
  /** The number the session was given. */
  readonly session: number;
  readonly nonce: number;
  /** By the session key, over `batchDigest`. */
  readonly signature: Uint8Array;
  readonly count: number;
  /** What was signed. */
  readonly records: Uint8Array;
  /** The same commands, `FRAME_WORDS` doubles each, with time 0. */
  readonly frames: Float64Array;
}

/** What came of the commands of a batch. */
export interface OutcomesMessage {
  readonly request: number;
  /** Sequence of the first; the others follow it. */
  readonly first: number;
  readonly count: number;
  /** 0 if accepted, a refusal's code otherwise. */
  readonly codes: Uint16Array;
  /** `RECEIPT_FACTS` doubles each. */
  readonly facts: Float64Array;
}

/** Why nothing came of a batch. */
export interface ProblemMessage {
  readonly request: number;
  readonly problem: Problem;
}

/** What a client wants of its connection; the node says it again once it holds. */
export interface TermsMessage {
  readonly request: number;
  /** All orders of every account that was traded for on it are cancelled when it goes. */
  readonly cancelOnDisconnect: boolean;
}

/** What a node answers. */
export type Answer =
  | ({ readonly kind: "terms" } & TermsMessage)
  | ({ readonly kind: "outcomes" } & OutcomesMessage)
  | ({ readonly kind: "problem" } & ProblemMessage);

/**
 * The records of commands, side by side: what a batch's signature is over.
 * @param frames - `FRAME_WORDS` doubles each, with time 0
 * @throws {DecodeError} if one is no command
 */
export function encodeRecords(frames: Float64Array): Uint8Array {
  let bytes = 0;
  for (let at = 0; at < frames.length; at += FRAME_WORDS) {
    expectCommand(frames, at);
    bytes += recordBytes(frames[at + CODE] as number);
  }
  const records = new Uint8Array(bytes);
  const view = new DataView(records.buffer);
  let end = 0;
  for (let at = 0; at < frames.length; at += FRAME_WORDS) end = writeRecord(frames, at, view, end);
  return records;
}

export function encodeBatch(batch: Omit<BatchMessage, "frames">): Uint8Array {
  const { request, session, nonce, signature, count, records } = batch;
  const message = new Uint8Array(BATCH_HEADER_BYTES + records.length);
  const view = header(message, KIND.batch, count, request);
  view.setUint32(HEADER_BYTES, session, true);
  view.setFloat64(HEADER_BYTES + 4, nonce, true);
  message.set(signature, HEADER_BYTES + 12);
  message.set(records, BATCH_HEADER_BYTES);
  return message;
}

/**
 * @param message - kept: what is read from it are views of it
 * @throws {DecodeError} if it is no batch of 1 to `MAX_BATCH` commands with time 0
 */
export function decodeBatch(message: Uint8Array): BatchMessage {
  const view = expectHeader(message, "batch", BATCH_HEADER_BYTES);
  if (view.getUint8(1) !== KIND.batch)
    throw new DecodeError("batch.kind", `${KIND.batch} is required`, view.getUint8(1));
  const count = view.getUint16(2, true);
  if (count < 1 || count > MAX_BATCH)
    throw new DecodeError("batch.count", `1 to ${MAX_BATCH} commands are required`, count);
  const nonce = view.getFloat64(HEADER_BYTES + 4, true);
  if (!Number.isSafeInteger(nonce) || nonce < 0)
    throw new DecodeError("batch.nonce", "an integer of milliseconds is required", nonce);
  return {
    request: view.getUint32(4, true),
    session: view.getUint32(HEADER_BYTES, true),
    nonce,
    signature: message.subarray(HEADER_BYTES + 12, BATCH_HEADER_BYTES),
    count,
    records: message.subarray(BATCH_HEADER_BYTES),
    frames: framesIn(view, count),
  };
}

export function encodeOutcomes(outcomes: OutcomesMessage): Uint8Array {
  const { request, first, count, codes, facts } = outcomes;
  const message = new Uint8Array(OUTCOMES_HEADER_BYTES + count * OUTCOME_BYTES);
  const view = header(message, KIND.outcomes, count, request);
  view.setFloat64(HEADER_BYTES, first, true);
  let end = OUTCOMES_HEADER_BYTES;
  for (let index = 0; index < count; index++) {
    view.setUint16(end, codes[index] as number, true);
    for (let fact = 0; fact < RECEIPT_FACTS; fact++)
      view.setFloat64(end + 2 + 8 * fact, facts[index * RECEIPT_FACTS + fact] as number, true);
    end += OUTCOME_BYTES;
  }
  return message;
}

export function encodeProblem({ request, problem }: ProblemMessage): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(problem));
  const message = new Uint8Array(HEADER_BYTES + text.length);
  header(message, KIND.problem, problem.status, request);
  message.set(text, HEADER_BYTES);
  return message;
}

export function encodeTerms({ request, cancelOnDisconnect }: TermsMessage): Uint8Array {
  const message = new Uint8Array(HEADER_BYTES);
  header(message, KIND.terms, cancelOnDisconnect ? CANCEL_ON_DISCONNECT : 0, request);
  return message;
}

/**
 * @returns undefined if it is a message of another kind
 * @throws {DecodeError} if it asks for what there is not
 */
export function decodeTerms(message: Uint8Array): TermsMessage | undefined {
  if (message[1] !== KIND.terms) return undefined;
  const view = expectHeader(message, "terms", HEADER_BYTES);
  if (view.byteLength !== HEADER_BYTES)
    throw new DecodeError("terms", `${HEADER_BYTES} bytes are required`, view.byteLength);
  const flags = view.getUint16(2, true);
  if (flags > CANCEL_ON_DISCONNECT)
    throw new DecodeError("terms.flags", `0 or ${CANCEL_ON_DISCONNECT} is required`, flags);
  return { request: view.getUint32(4, true), cancelOnDisconnect: flags === CANCEL_ON_DISCONNECT };
}

/** @throws {DecodeError} if it is neither outcomes nor a problem nor terms */
export function decodeAnswer(message: Uint8Array): Answer {
  const view = expectHeader(message, "answer", HEADER_BYTES);
  const terms = decodeTerms(message);
  if (terms !== undefined) return { kind: "terms", ...terms };
  const request = view.getUint32(4, true);
  const kind = view.getUint8(1);
  if (kind === KIND.outcomes) return { kind: "outcomes", request, ...outcomesIn(view) };
  if (kind === KIND.problem) return { kind: "problem", request, problem: problemIn(message) };
  throw new DecodeError("answer.kind", `${KIND.outcomes} to ${KIND.terms} is required`, kind);
}

function header(message: Uint8Array, kind: number, second: number, request: number): DataView {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  view.setUint8(0, VERSION);
  view.setUint8(1, kind);
  view.setUint16(2, second, true);
  view.setUint32(4, request, true);
  return view;
}

function expectHeader(message: Uint8Array, what: string, bytes: number): DataView {
  if (message.length < bytes)
    throw new DecodeError(what, `at least ${bytes} bytes are required`, message.length);
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  const version = view.getUint8(0);
  if (version !== VERSION) throw new DecodeError(`${what}.version`, `${VERSION} is required`, version);
  return view;
}

function framesIn(view: DataView, count: number): Float64Array {
  const frames = new Float64Array(count * FRAME_WORDS);
  let end = BATCH_HEADER_BYTES;
  for (let index = 0; index < count; index++) {
    const at = index * FRAME_WORDS;
    try {
      end = readRecord(view, end, frames, at);
      expectCommand(frames, at);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      throw new DecodeError(`batch.records.${index}.${error.path}`, error.problem, error.found);
    }
    if (frames[at + TIME] !== 0)
      throw new DecodeError(
        `batch.records.${index}.time`,
        "0 is required: the node gives the time",
        frames[at + TIME],
      );
  }
  if (end !== view.byteLength)
    throw new DecodeError("batch", `${count} records end after ${end} bytes`, view.byteLength);
  return frames;
}

function outcomesIn(view: DataView): Omit<OutcomesMessage, "request"> {
  const count = view.getUint16(2, true);
  const bytes = OUTCOMES_HEADER_BYTES + count * OUTCOME_BYTES;
  if (view.byteLength !== bytes)
    throw new DecodeError("outcomes", `${bytes} bytes are required for ${count} commands`, view.byteLength);
  const first = view.getFloat64(HEADER_BYTES, true);
  if (!Number.isSafeInteger(first) || first < 1)
    throw new DecodeError("outcomes.first", "a sequence is required", first);
  const codes = new Uint16Array(count);
  const facts = new Float64Array(count * RECEIPT_FACTS);
  let at = OUTCOMES_HEADER_BYTES;
  for (let index = 0; index < count; index++) {
    codes[index] = view.getUint16(at, true);
    for (let fact = 0; fact < RECEIPT_FACTS; fact++) {
      const value = view.getFloat64(at + 2 + 8 * fact, true);
      if (!Number.isSafeInteger(value))
        throw new DecodeError(`outcomes.facts.${index}.${fact}`, "an exact integer is required", value);
      facts[index * RECEIPT_FACTS + fact] = value;
    }
    at += OUTCOME_BYTES;
  }
  return { first, count, codes, facts };
}

function problemIn(message: Uint8Array): Problem {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(message.subarray(HEADER_BYTES)));
  } catch (cause) {
    throw Object.assign(new DecodeError("problem", "JSON in UTF-8 is required", "something else"), { cause });
  }
  return decode(PROBLEM, value, "problem");
}
