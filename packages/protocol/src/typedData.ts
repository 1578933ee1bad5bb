/**
 * EIP-712: what a wallet shows and signs. Structs here are flat, so a digest is two hashes of a few words; the hashes of types and of the
 * domain are made once.
 *
 *     digest = keccak256(0x19 01 · domain separator · keccak256(type hash · encoded members))
 *
 * @see docs/spec/wire.md#signatures
 */
import { DecodeError } from "@bulkhead/engine";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { type Hex, bytesOf, hexOf } from "./bytes.ts";

export type MemberType = "address" | "bytes" | "bytes32" | "string" | "uint64" | "int64";

export interface Member {
  readonly name: string;
  readonly type: MemberType;
}

export interface Struct {
  readonly name: string;
  readonly members: readonly Member[];
  readonly typeHash: Uint8Array;
}

/** A value of a member: an integer, text, or bytes as such or in hex. */
export type Value = number | string | Uint8Array;
export type Message = Readonly<Record<string, Value>>;

/** For which venue a signature is good: no other takes it. */
export interface SigningDomain {
  readonly chainId: number;
  /** The venue's genesis: what its log begins with, 32 bytes. */
  readonly genesis: Hex;
  readonly separator: Uint8Array;
}

/** What `eth_signTypedData_v4` is given. Integers are decimal strings, bytes hex. */
export interface TypedData {
  readonly types: Readonly<Record<string, readonly { readonly name: string; readonly type: string }[]>>;
  readonly primaryType: string;
  readonly domain: {
    readonly name: string;
    readonly version: string;
    readonly chainId: number;
    readonly salt: Hex;
  };
  readonly message: Readonly<Record<string, string>>;
}

const WORD = 32;
const NAME = "Bulkhead";
const VERSION = "1";
const DOMAIN_MEMBERS = [
  { name: "name", type: "string" },
  { name: "version", type: "string" },
  { name: "chainId", type: "uint256" },
  { name: "salt", type: "bytes32" },
] as const;
const DOMAIN_TYPE_HASH = typeHashOf("EIP712Domain", DOMAIN_MEMBERS);

/** @throws {DecodeError} if the chain id is no integer above 0, or the genesis not 32 bytes */
export function signingDomain(chainId: number, genesis: Hex): SigningDomain {
  if (!Number.isSafeInteger(chainId) || chainId < 1)
    throw new DecodeError("chainId", "an integer above 0 is required", chainId);
  const words = new Uint8Array(5 * WORD);
  words.set(DOMAIN_TYPE_HASH, 0);
  words.set(keccak_256(utf8ToBytes(NAME)), WORD);
  words.set(keccak_256(utf8ToBytes(VERSION)), 2 * WORD);
  putInteger(words, 3 * WORD, chainId);
  words.set(bytesOf(genesis, WORD, "genesis"), 4 * WORD);
  return { chainId, genesis, separator: keccak_256(words) };
}

export function structOf(name: string, members: readonly Member[]): Struct {
  return { name, members, typeHash: typeHashOf(name, members) };
}

/**
 * What is signed: 32 bytes.
 * @throws {DecodeError} naming the first member that is missing or not of its type
 */
export function digestOf(domain: SigningDomain, struct: Struct, message: Message): Uint8Array {
  const { members, typeHash } = struct;
  const words = new Uint8Array((members.length + 1) * WORD);
  words.set(typeHash, 0);
  let at = WORD;
  for (const member of members) {
    putValue(words, at, member, message[member.name], struct.name);
    at += WORD;
  }
  const envelope = new Uint8Array(2 + 2 * WORD);
  envelope[0] = 0x19;
  envelope[1] = 0x01;
  envelope.set(domain.separator, 2);
  envelope.set(keccak_256(words), 2 + WORD);
  return keccak_256(envelope);
}

/** The same as JSON, for a wallet to show and sign. @throws {DecodeError} as `digestOf` */
export function typedDataOf(domain: SigningDomain, struct: Struct, message: Message): TypedData {
  digestOf(domain, struct, message);
  const { chainId, genesis } = domain;
  return {
    types: { EIP712Domain: DOMAIN_MEMBERS, [struct.name]: struct.members },
    primaryType: struct.name,
    domain: { name: NAME, version: VERSION, chainId, salt: genesis },
    message: Object.fromEntries(
      struct.members.map(({ name }) => {
        const value = message[name] as Value;
        return [name, value instanceof Uint8Array ? hexOf(value) : String(value)];
      }),
    ),
  };
}

function typeHashOf(
  name: string,
  members: readonly { readonly name: string; readonly type: string }[],
): Uint8Array {
  return keccak_256(
    utf8ToBytes(`${name}(${members.map((member) => `${member.type} ${member.name}`).join(",")})`),
  );
}

function putValue(
  words: Uint8Array,
  at: number,
  { name, type }: Member,
  value: Value | undefined,
  struct: string,
): void {
  const path = `${struct}.${name}`;
  switch (type) {
    case "uint64":
    case "int64":
      if (!Number.isSafeInteger(value) || (type === "uint64" && (value as number) < 0))
        throw new DecodeError(path, `an exact integer is required, of ${type}`, value);
      return putInteger(words, at, value as number);
    case "string":
      if (typeof value !== "string") throw new DecodeError(path, "text is required", value);
      return words.set(keccak_256(utf8ToBytes(value)), at);
    case "bytes":
      return words.set(keccak_256(bytesIn(value, path)), at);
    case "bytes32":
      return words.set(bytesIn(value, path, WORD), at);
    case "address":
      return words.set(bytesIn(value, path, 20), at + WORD - 20);
  }
}

/** Bytes, or hex of them; of any length if none is named. */
function bytesIn(value: Value | undefined, path: string, length?: number): Uint8Array {
  if (typeof value === "string") return bytesOf(value, length ?? Math.floor((value.length - 2) / 2), path);
  if (!(value instanceof Uint8Array)) throw new DecodeError(path, "bytes are required", value);
  if (length !== undefined && value.length !== length)
    throw new DecodeError(path, `${length} bytes are required`, value.length);
  return value;
}

/** Two's complement over the whole word, big-endian. */
function putInteger(words: Uint8Array, at: number, value: number): void {
  const view = new DataView(words.buffer, at, WORD);
  if (value < 0) words.fill(0xff, at, at + WORD);
  view.setBigInt64(WORD - 8, BigInt(value));
}
