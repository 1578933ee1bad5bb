/** The sums and the hash that need no platform, against the platform's; and what a node has written, read with either. */
import { createHash } from "node:crypto";
import { crc32 as platformCrc32 } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { HEADER_BYTES, SALT_BYTES, batchBytes, linkOf, readBatch, sealBatch } from "./batch.ts";
import { type Digests, PORTABLE } from "./digests.ts";
import { encodeSegmentHeader, readSegmentHeader } from "./segment.ts";

const PLATFORM: Digests = {
  crc32: platformCrc32,
  sha256: (bytes) => createHash("sha256").update(bytes).digest(),
};
const bytes = (size: { readonly minLength?: number; readonly maxLength: number }) => fc.uint8Array(size);
const digest = bytes({ minLength: 32, maxLength: 32 });
const salt = bytes({ minLength: SALT_BYTES, maxLength: SALT_BYTES });

test("sums and hashes are the platform's, wherever the bytes lie and whatever was before them", () => {
  expect(PORTABLE.crc32(new TextEncoder().encode("123456789"))).toBe(0xcbf43926);
  fc.assert(
    // The platform's sum of nothing forgets what was before it; no log sums nothing.
    fc.property(
      bytes({ minLength: 4, maxLength: 300 }),
      fc.nat(3),
      fc.nat(0xffff_ffff),
      (whole, skip, before) => {
        const part = whole.subarray(skip);
        expect(PORTABLE.crc32(part, before)).toBe(PLATFORM.crc32(part, before));
        expect(PORTABLE.crc32(part)).toBe(PLATFORM.crc32(part));
        expect([...PORTABLE.sha256(part)]).toEqual([...PLATFORM.sha256(part)]);
      },
    ),
  );
});

test("a batch sealed with one is read and linked alike with the other, and any byte of it that is changed is noticed by both", () => {
  fc.assert(
    fc.property(
      bytes({ minLength: 1, maxLength: 9_000 }),
      fc.record({ first: fc.nat(), count: fc.nat(0xffff_ffff), link: digest, head: digest }),
      salt,
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      (records, named, its, where, flip) => {
        const header = { ...named, bytes: records.length };
        const sealed = new Uint8Array(batchBytes(records.length));
        sealed.set(records, HEADER_BYTES);
        sealBatch(sealed, header, its, PLATFORM);
        for (const digests of [PLATFORM, PORTABLE]) {
          const read = readBatch(sealed, its, digests);
          expect({ ...read, link: [...read!.link], head: [...read!.head] }).toEqual({
            ...header,
            link: [...header.link],
            head: [...header.head],
          });
        }
        expect([...linkOf(sealed, records.length, PORTABLE)]).toEqual([
          ...linkOf(sealed, records.length, PLATFORM),
        ]);
        const again = sealed.slice();
        sealBatch(again, header, its, PORTABLE);
        expect(again).toEqual(sealed);
        const at = where % (HEADER_BYTES + records.length);
        again[at] = (again[at] as number) ^ flip;
        expect(readBatch(again, its, PLATFORM)).toBeUndefined();
        expect(readBatch(again, its, PORTABLE)).toBeUndefined();
      },
    ),
  );
});

test("a segment's first block is the same by either, and read by either", async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(), salt, digest, digest, async (first, its, link, genesis) => {
      const header = { first, salt: its, link, genesis };
      const block = encodeSegmentHeader(header, PLATFORM);
      expect(encodeSegmentHeader(header, PORTABLE)).toEqual(block);
      const file = {
        bytes: block.length,
        read: async (target: Uint8Array) => {
          target.set(block);
          return block.length;
        },
        close: async () => {},
      };
      expect(await readSegmentHeader(file, "x", PORTABLE)).toEqual(header);
      block[40] = (block[40] as number) ^ 1;
      await expect(readSegmentHeader(file, "x", PORTABLE)).rejects.toThrow("not a segment's");
    }),
  );
});
