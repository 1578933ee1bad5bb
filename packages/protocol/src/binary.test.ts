/** Binary messages come back as they were sent; everything else is a decode error, never a crash or a wrong command. */
import {
  ACCEPTED,
  CODE,
  DecodeError,
  FRAME_WORDS,
  LAYOUTS,
  type Layout,
  RECEIPT_FACTS,
  REFUSALS,
  TIME,
} from "@bulkhead/engine";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  MAX_MESSAGE_BYTES,
  decodeAnswer,
  decodeBatch,
  decodeTerms,
  encodeBatch,
  encodeOutcomes,
  encodeProblem,
  encodeRecords,
  encodeTerms,
} from "./binary.ts";
import { frameOf } from "./commands.ts";
import { problemOf, refusalProblem } from "./problem.ts";

const u32 = fc.nat({ max: 2 ** 32 - 1 });

const frames: fc.Arbitrary<Float64Array> = fc
  .array(
    fc.constantFrom(...(LAYOUTS as readonly Layout[])).chain(({ code, fields }) =>
      fc
        .tuple(
          ...Object.values(fields).map(({ min, max }) =>
            fc.oneof(fc.constantFrom(min, max), fc.integer({ min, max })),
          ),
        )
        .map((values) => {
          const frame = new Float64Array(FRAME_WORDS);
          frame[CODE] = code;
          frame.set(values, TIME + 1);
          return [...frame];
        }),
    ),
    { minLength: 1, maxLength: 12 },
  )
  .map((list) => Float64Array.from(list.flat()));

const batches = fc
  .record({
    request: u32,
    session: u32,
    nonce: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
    signature: fc.uint8Array({ minLength: 64, maxLength: 64 }),
    frames,
  })
  .map((batch) => ({
    ...batch,
    count: batch.frames.length / FRAME_WORDS,
    records: encodeRecords(batch.frames),
  }));

const outcomes = fc.integer({ min: 0, max: 20 }).chain((count) =>
  fc.record({
    request: u32,
    first: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
    count: fc.constant(count),
    codes: fc.uint16Array({ minLength: count, maxLength: count }),
    facts: fc
      .array(fc.maxSafeInteger(), { minLength: count * RECEIPT_FACTS, maxLength: count * RECEIPT_FACTS })
      .map((facts) => Float64Array.from(facts)),
  }),
);

/** A message that lies somewhere within a larger buffer, as sockets hand them out. */
function displaced(message: Uint8Array): Uint8Array {
  const buffer = new Uint8Array(message.length + 20).fill(255);
  buffer.set(message, 7);
  return buffer.subarray(7, 7 + message.length);
}

describe("a batch", () => {
  test("is read as it was sent", () => {
    fc.assert(
      fc.property(batches, (batch) => {
        expect(decodeBatch(displaced(encodeBatch(batch)))).toEqual(batch);
      }),
    );
  });

  test("cut short, or with bytes behind it, is a decode error", () => {
    fc.assert(
      fc.property(batches, fc.nat(), fc.integer({ min: 1, max: 30 }), (batch, cut, more) => {
        const message = encodeBatch(batch);
        expect(() => decodeBatch(message.subarray(0, cut % message.length))).toThrow(DecodeError);
        const longer = new Uint8Array(message.length + more);
        longer.set(message);
        expect(() => decodeBatch(longer)).toThrow(DecodeError);
      }),
    );
  });

  test("of arbitrary bytes is a decode error or a batch that encodes to those bytes", () => {
    fc.assert(
      fc.property(batches, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 6 }), (batch, changes) => {
        const message = encodeBatch(batch);
        for (const [at, byte] of changes) message[at % message.length] = byte;
        expectWholeOrError(message);
      }),
      { numRuns: 300 },
    );
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), expectWholeOrError));
  });

  test("says which command is wrong, and how", () => {
    const good = frameOf({ kind: "clockTick", tier: 1 });
    const late = good.slice();
    late[TIME] = 5;
    const wrong = good.slice();
    const records = encodeRecords(Float64Array.from([...good, ...wrong]));
    records[records.length - 1] = 99;
    const batch = { request: 1, session: 2, nonce: 3, signature: new Uint8Array(64), count: 2 };
    expect(() => decodeBatch(encodeBatch({ ...batch, records }))).toThrow(
      "batch.records.1.clockTick.tier: an integer from 1 to 16 is required; found 99",
    );
    const dated = encodeRecords(Float64Array.from([...good, ...late]));
    expect(() => decodeBatch(encodeBatch({ ...batch, records: dated }))).toThrow(
      /batch\.records\.1\.time: 0 is required/,
    );
    expect(() => decodeBatch(encodeBatch({ ...batch, count: 0, records: new Uint8Array() }))).toThrow(
      /batch\.count/,
    );
    expect(() => decodeBatch(encodeBatch({ ...batch, nonce: 0.5, records }))).toThrow(/batch\.nonce/);
    const newer = encodeBatch({ ...batch, records });
    newer[0] = 2;
    expect(() => decodeBatch(newer)).toThrow("batch.version: 1 is required; found 2");
    expect(() => encodeRecords(new Float64Array(FRAME_WORDS))).toThrow(DecodeError);
  });

  test("of the most commands fits the largest message", () => {
    expect(MAX_MESSAGE_BYTES).toBeLessThan(2 ** 20);
  });
});

function expectWholeOrError(message: Uint8Array): void {
  let batch;
  try {
    batch = decodeBatch(message);
  } catch (error) {
    expect(error).toBeInstanceOf(DecodeError);
    return;
  }
  expect(encodeBatch({ ...batch, records: encodeRecords(batch.frames) })).toEqual(message);
}

describe("an answer", () => {
  test("of outcomes is read as it was sent", () => {
    fc.assert(
      fc.property(outcomes, (sent) => {
        expect(decodeAnswer(displaced(encodeOutcomes(sent)))).toEqual({ kind: "outcomes", ...sent });
      }),
    );
  });

  test("of a problem is read as it was sent", () => {
    const problem = problemOf("overloaded", "4 097 commands wait — “später”", { retryAfterMs: 250 });
    expect(decodeAnswer(displaced(encodeProblem({ request: 9, problem })))).toEqual({
      kind: "problem",
      request: 9,
      problem,
    });
  });

  test("of arbitrary bytes, or cut short, is a decode error or an answer", () => {
    fc.assert(
      fc.property(
        outcomes,
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }),
        fc.nat(),
        (sent, changes, cut) => {
          const message = encodeOutcomes(sent);
          expect(() => decodeAnswer(message.subarray(0, cut % message.length))).toThrow(DecodeError);
          for (const [at, byte] of changes) message[at % message.length] = byte;
          try {
            expect(["outcomes", "problem", "terms"]).toContain(decodeAnswer(message).kind);
          } catch (error) {
            expect(error).toBeInstanceOf(DecodeError);
          }
        },
      ),
    );
    expect(() => decodeAnswer(Uint8Array.from([1, 3, 0, 0, 0, 0, 0, 0, 0xff]))).toThrow(/JSON in UTF-8/);
    expect(() => decodeAnswer(Uint8Array.from([1, 3, 0, 0, 0, 0, 0, 0, 0x7b, 0x7d]))).toThrow(
      /problem\.type/,
    );
    expect(() => decodeAnswer(Uint8Array.from([1, 5, 0, 0, 0, 0, 0, 0]))).toThrow(/answer\.kind/);
  });
});

describe("a refusal as a problem", () => {
  test("has its number, name and facts", () => {
    expect(refusalProblem(REFUSALS.bucket_not_owned.code, [5, 7, 0, 0], 12)).toEqual({
      type: "/problems/bucket-not-owned",
      title: REFUSALS.bucket_not_owned.meaning,
      status: 422,
      detail: "the bucket belongs to another account: bucket 5, account 7",
      code: REFUSALS.bucket_not_owned.code,
      refusal: "bucket_not_owned",
      facts: { bucket: 5, account: 7 },
      units: { bucket: "id", account: "id" },
      sequence: 12,
    });
  });

  test("can be made of every refusal", () => {
    for (const { code, meaning, facts } of Object.values(REFUSALS)) {
      const problem = refusalProblem(code, [1, 2, 3, 4]);
      expect(problem.title).toBe(meaning);
      expect(Object.keys(problem.facts ?? {})).toEqual(facts);
      expect(Object.keys(problem.units ?? {})).toEqual(facts);
      expect(code).not.toBe(ACCEPTED);
    }
  });
});

test("terms come back as they were sent, and nothing else is taken for them", () => {
  fc.assert(
    fc.property(u32, fc.boolean(), fc.nat({ max: 2 ** 16 - 1 }), (request, cancelOnDisconnect, flags) => {
      const message = encodeTerms({ request, cancelOnDisconnect });
      expect(decodeTerms(message)).toEqual({ request, cancelOnDisconnect });
      expect(decodeAnswer(message)).toEqual({ kind: "terms", request, cancelOnDisconnect });
      new DataView(message.buffer).setUint16(2, flags, true);
      if (flags > 1) expect(() => decodeTerms(message)).toThrow(`terms.flags`);
      expect(() => decodeTerms(Uint8Array.of(...message, 0))).toThrow("8 bytes are required");
      expect(() => decodeTerms(message.subarray(0, 7))).toThrow(DecodeError);
    }),
  );
  expect(decodeTerms(encodeProblem({ request: 1, problem: problemOf("closing", "x") }))).toBeUndefined();
});
