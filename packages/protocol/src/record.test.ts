/** Every command, over the whole of its ranges, comes back from its record as it went in. */
import { CODE, DecodeError, FRAME_WORDS, LAYOUTS, type Layout, TIME } from "@bulkhead/engine";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_RECORD_BYTES, readRecord, recordBytes, writeRecord } from "./record.ts";

const layouts = LAYOUTS as readonly Layout[];

/** A frame of a layout with its fields anywhere in their ranges, often at the ends. */
const frameOf = (layout: Layout): fc.Arbitrary<Float64Array> =>
  fc
    .tuple(
      ...[{ min: 0, max: Number.MAX_SAFE_INTEGER }, ...Object.values(layout.fields)].map(({ min, max }) =>
        fc.oneof(fc.constantFrom(min, max), fc.integer({ min, max })),
      ),
    )
    .map((values) => {
      const frame = new Float64Array(FRAME_WORDS);
      frame[CODE] = layout.code;
      frame.set(values, TIME);
      return frame;
    });

describe("a record", () => {
  test.each(layouts.map((layout): [string, Layout] => [layout.name, layout]))(
    "of %s is read as written",
    (_, layout) => {
      fc.assert(
        fc.property(frameOf(layout), fc.nat(7), (frame, at) => {
          const bytes = new DataView(new ArrayBuffer(MAX_RECORD_BYTES + 16));
          const end = writeRecord(frame, 0, bytes, at);
          expect(end - at).toBe(recordBytes(layout.code));
          const found = new Float64Array(FRAME_WORDS * 2).fill(-1);
          expect(readRecord(bytes, at, found, FRAME_WORDS)).toBe(end);
          expect([...found.subarray(FRAME_WORDS)]).toEqual([...frame]);
        }),
        { numRuns: 50 },
      );
    },
  );

  test("of an order takes 56 bytes", () => {
    expect(recordBytes(layouts.find(({ name }) => name === "placeOrder")!.code)).toBe(56);
  });

  test("that is cut short, or of no command, is a decode error that says so", () => {
    const frames = new Float64Array(FRAME_WORDS);
    const bytes = new Uint8Array(9);
    bytes[0] = 11;
    expect(() => readRecord(new DataView(bytes.buffer), 0, frames, 0)).toThrow(
      /placeOrder: its record has 56 bytes; found 9/,
    );
    bytes[0] = 250;
    expect(() => readRecord(new DataView(bytes.buffer), 0, frames, 0)).toThrow(DecodeError);
    expect(() => readRecord(new DataView(bytes.buffer), 9, frames, 0)).toThrow(DecodeError);
  });
});
