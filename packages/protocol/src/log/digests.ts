/** What a log is checked and linked by. Either is exactly defined, so that it does not matter whose it is: a platform's own is only faster. */
import { type Hash, sha256 } from "@bulkhead/engine";
import { crc32 } from "./crc32.ts";

export interface Digests {
  /** CRC-32 (IEEE 802.3), unsigned. @param before - that of the bytes in front of these; 0 if there are none */
  readonly crc32: (bytes: Uint8Array, before?: number) => number;
  /** SHA-256, in bytes of its own. */
  readonly sha256: Hash;
}

/** Needs nothing of a platform: for browsers. */
export const PORTABLE: Digests = { crc32, sha256 };
