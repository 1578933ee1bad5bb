import { crc32 } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type BookLevelText, CHECKSUM_LEVELS, bookChecksum } from "./bookChecksum.ts";

const decimal = fc
  .tuple(fc.nat(1_000_000), fc.nat(999))
  .map(([whole, part]) => (part === 0 ? `${whole}` : `${whole}.${part}`));
const side = fc.array(fc.tuple(decimal, decimal), { maxLength: 15 });

const best = (levels: readonly BookLevelText[]): readonly BookLevelText[] => levels.slice(0, CHECKSUM_LEVELS);

describe("the checksum of a book", () => {
  test.each<readonly [string, readonly BookLevelText[], readonly BookLevelText[], string]>([
    ["nothing", [], [], ""],
    ["one side", [["64000.5", "1.25"]], [], "64000.5:1.25"],
    [
      "two sides of different length",
      [["64000.5", "1.25"]],
      [
        ["64001", "3"],
        ["64002", "0.001"],
      ],
      "64000.5:1.25:64001:3:64002:0.001",
    ],
  ])("of %s is the CRC-32 of what docs/spec/streams.md says", (_, bids, asks, text) => {
    expect(bookChecksum(bids, asks)).toBe(crc32(text));
  });

  test("is what zlib makes of the same text, and looks at ten levels only", () => {
    fc.assert(
      fc.property(side, side, (bids, asks) => {
        const fields: string[] = [];
        for (let at = 0; at < CHECKSUM_LEVELS; at++) fields.push(...(bids[at] ?? []), ...(asks[at] ?? []));
        expect(bookChecksum(bids, asks)).toBe(crc32(fields.join(":")));
        expect(bookChecksum(best(bids), best(asks))).toBe(bookChecksum(bids, asks));
      }),
    );
  });
});
