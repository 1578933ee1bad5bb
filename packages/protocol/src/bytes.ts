/** Bytes as hex with 0x in front, both ways. */
import { DecodeError } from "@bulkhead/engine";
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";

/** Hex digits, two for each byte, after 0x. */
export type Hex = `0x${string}`;

export function hexOf(bytes: Uint8Array): Hex {
  return `0x${bytesToHex(bytes)}`;
}

/** @throws {DecodeError} if the text is not hex of so many bytes */
export function bytesOf(text: string, length: number, path: string): Uint8Array {
  if (typeof text !== "string" || !/^0x(?:[0-9a-fA-F]{2})*$/.test(text) || text.length !== 2 + 2 * length)
    throw new DecodeError(path, `0x and ${2 * length} hex digits are required`, text);
  return hexToBytes(text.slice(2));
}
