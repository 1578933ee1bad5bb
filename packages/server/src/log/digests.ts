/** What a log is checked and linked by on this platform, which has both in machine code. */
import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import type { Digests } from "@bulkhead/protocol/log";

export const DIGESTS: Digests = {
  crc32,
  sha256: (bytes) => createHash("sha256").update(bytes).digest(),
};
