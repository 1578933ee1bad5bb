/**
 * What is signed, and by whom. A wallet signs a `Delegation` once, which makes a session key; the session key signs a `Request` for every call
 * over HTTP, or a `Batch` for many commands in binary. What moves money out, or governs, is signed by the wallet itself: one struct per command,
 * with its fields in order, so that the wallet can show them.
 *
 * @see docs/spec/wire.md#signatures
 */
import { CODE, type CommandName, type Field, LAYOUTS, type Layout, commandOf } from "@bulkhead/engine";
import { sha256 } from "@noble/hashes/sha2.js";
import type { Hex } from "./bytes.ts";
import {
  type Member,
  type Message,
  type SigningDomain,
  type Struct,
  type TypedData,
  digestOf,
  structOf,
  typedDataOf,
} from "./typedData.ts";

/** A wallet makes a session key. */
export interface Delegation {
  readonly owner: Hex;
  /** Compressed public key, 33 bytes. */
  readonly key: Hex;
  /** Bits of `SCOPE`. */
  readonly scopes: number;
  /** When the key ends, ms since the epoch. */
  readonly expires: number;
  readonly nonce: number;
}

/** A session key signs a call over HTTP. */
export interface SignedRequest {
  /** In capitals. */
  readonly method: string;
  /** Path and query, as they stand in the request line. */
  readonly target: string;
  /** SHA-256 of the body's bytes; of none if there is no body. */
  readonly body: Uint8Array;
  readonly nonce: number;
}

/** A session key signs commands in binary. */
export interface SignedBatch {
  /** The number the session was given. */
  readonly session: number;
  readonly nonce: number;
  /** SHA-256 of the records' bytes. */
  readonly records: Uint8Array;
}

export const DELEGATION: Struct = structOf("Delegation", [
  { name: "owner", type: "address" },
  { name: "key", type: "bytes" },
  { name: "scopes", type: "uint64" },
  { name: "expires", type: "uint64" },
  { name: "nonce", type: "uint64" },
]);
export const REQUEST: Struct = structOf("Request", [
  { name: "method", type: "string" },
  { name: "target", type: "string" },
  { name: "body", type: "bytes32" },
  { name: "nonce", type: "uint64" },
]);
export const BATCH: Struct = structOf("Batch", [
  { name: "session", type: "uint64" },
  { name: "nonce", type: "uint64" },
  { name: "records", type: "bytes32" },
]);

/** The struct of each command. */
export const COMMAND_STRUCTS: Readonly<Record<CommandName, Struct>> = Object.fromEntries(
  (LAYOUTS as readonly Layout[]).map((layout) => [layout.name, structOfCommand(layout)]),
) as Readonly<Record<CommandName, Struct>>;

const STRUCT_BY_CODE: ReadonlyMap<number, Struct> = new Map(
  (LAYOUTS as readonly Layout[]).map(({ code, name }) => [code, COMMAND_STRUCTS[name as CommandName]]),
);

/** How far a nonce may lie from the node's clock, ms. */
export interface NonceWindow {
  readonly before: number;
  readonly after: number;
}
/** Of what a session key signs. */
export const SESSION_NONCES: NonceWindow = { before: 60_000, after: 2_000 };
/** Of what a wallet signs: people read before they sign. */
export const WALLET_NONCES: NonceWindow = { before: 600_000, after: 10_000 };

export function delegationDigest(domain: SigningDomain, delegation: Delegation): Uint8Array {
  return digestOf(domain, DELEGATION, { ...delegation });
}

export function delegationTypedData(domain: SigningDomain, delegation: Delegation): TypedData {
  return typedDataOf(domain, DELEGATION, { ...delegation });
}

export function requestDigest(domain: SigningDomain, request: SignedRequest): Uint8Array {
  return digestOf(domain, REQUEST, { ...request });
}

export function batchDigest(domain: SigningDomain, batch: SignedBatch): Uint8Array {
  return digestOf(domain, BATCH, { ...batch });
}

/** What a wallet signs to send the command of a frame. @throws {DecodeError} if the frame is no command */
export function commandDigest(domain: SigningDomain, frame: Float64Array, nonce: number): Uint8Array {
  const message = messageOf(frame, nonce);
  return digestOf(domain, structAt(frame), message);
}

/** The same as JSON, for the wallet. @throws {DecodeError} if the frame is no command */
export function commandTypedData(domain: SigningDomain, frame: Float64Array, nonce: number): TypedData {
  const message = messageOf(frame, nonce);
  return typedDataOf(domain, structAt(frame), message);
}

/** SHA-256 of a body or of records, as requests and batches name them. */
export function contentHash(bytes: Uint8Array): Uint8Array {
  return sha256(bytes);
}

function structAt(frame: Float64Array): Struct {
  return STRUCT_BY_CODE.get(frame[CODE] as number) as Struct;
}

function messageOf(frame: Float64Array, nonce: number): Message {
  const { kind: _, time: __, ...fields } = commandOf(frame);
  const members = Object.entries(fields as Readonly<Record<string, number>>);
  return { ...Object.fromEntries(members.map(([field, value]) => [memberName(field), value])), nonce };
}

function structOfCommand({ name, fields }: Layout): Struct {
  const members = Object.entries(fields).map(([field, { min }]: [string, Field]): Member => ({
    name: memberName(field),
    type: min >= 0 ? "uint64" : "int64",
  }));
  return structOf(name.charAt(0).toUpperCase() + name.slice(1), [
    ...members,
    { name: "nonce", type: "uint64" },
  ]);
}

/** A proposal's own number is called `nonce` by the engine; a struct has but one of that name, and it is the signer's. */
function memberName(field: string): string {
  return field === "nonce" ? "proposalNonce" : field;
}
