import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Engine, hex } from "./engine.ts";
import { sha256 } from "./kernel/sha256.ts";
import { MAX_BATCH, ReceiptChain } from "./receipts.ts";

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 200);

interface Filed {
  readonly code: number;
  readonly outcome: number;
  readonly facts: readonly [number, number, number, number];
  readonly events: number;
}

const ONE: Filed = { code: 11, outcome: 0, facts: [1, 2, 3, 4], events: 1 };

const filed: fc.Arbitrary<Filed> = fc.record({
  code: fc.integer({ min: 1, max: 24 }),
  outcome: fc.oneof(fc.constant(0), fc.integer({ min: 1_001, max: 9_001 })),
  facts: fc.tuple(fc.maxSafeInteger(), fc.maxSafeInteger(), fc.maxSafeInteger(), fc.nat(255)),
  events: fc.nat(4_096),
});

const fresh = (): ReceiptChain => new ReceiptChain(sha256);

function file(chain: ReceiptChain, receipts: readonly Filed[]): ReceiptChain {
  for (const { code, outcome, facts, events } of receipts) {
    chain.file(code, outcome, Float64Array.from(facts), events);
  }
  return chain;
}

const sealed = (chain: ReceiptChain): string => hex(chain.seal());
const headOf = (receipts: readonly Filed[]): string => sealed(file(fresh(), receipts));

/** The next head by the layout in words: previous head, first sequence, count, then 32 bytes a receipt. */
function nextHead(head: Uint8Array, first: number, receipts: readonly Filed[]): Buffer {
  const preamble = Buffer.alloc(16);
  preamble.writeDoubleLE(first, 0);
  preamble.writeDoubleLE(receipts.length, 8);
  const bodies = receipts.map(({ code, outcome, facts, events }) => {
    const bytes = Buffer.alloc(32);
    bytes.writeUInt16LE(outcome, 0);
    bytes.writeUInt8(facts[3], 2);
    bytes.writeUInt8(code, 3);
    bytes.writeUInt32LE(events, 4);
    facts.slice(0, 3).forEach((fact, index) => bytes.writeDoubleLE(fact, 8 + index * 8));
    return bytes;
  });
  return createHash("sha256")
    .update(Buffer.concat([head, preamble, ...bodies]))
    .digest();
}

describe("the receipt chain", () => {
  test("each seal hashes the head before it, the batch's place and all its receipts", () => {
    fc.assert(
      fc.property(fc.array(fc.array(filed, { maxLength: 8 }), { maxLength: 6 }), (batches) => {
        const chain = fresh();
        let head: Uint8Array = new Uint8Array(32);
        let first = 1;
        for (const batch of batches) {
          file(chain, batch);
          if (batch.length > 0) head = nextHead(head, first, batch);
          first += batch.length;
          expect(sealed(chain)).toBe(hex(head));
          expect(chain.sequence).toBe(first - 1);
        }
      }),
      { numRuns: RUNS },
    );
  });

  test("it is the same on every machine", () => {
    expect(headOf([ONE])).toBe("541b2c488f0ce065b4108c7ec56c69bd6a0d2d8850a66a8f2eadb5fe7f961f37");
  });

  test("sealing nothing changes nothing", () => {
    const chain = fresh();
    expect(sealed(chain)).toBe("00".repeat(32));
    const head = sealed(file(chain, [ONE]));
    expect([sealed(chain), sealed(chain)]).toEqual([head, head]);
  });

  test("whatever differs in a receipt, the head differs", () => {
    const changes: readonly ((receipt: Filed) => Filed)[] = [
      (receipt) => ({ ...receipt, code: (receipt.code % 24) + 1 }),
      (receipt) => ({ ...receipt, outcome: receipt.outcome === 9_001 ? 0 : 9_001 }),
      (receipt) => ({ ...receipt, events: receipt.events + 1 }),
      ...[0, 1, 2, 3].map((fact) => (receipt: Filed) => {
        const facts: [number, number, number, number] = [...receipt.facts];
        facts[fact] = facts[fact] === 0 ? 1 : 0;
        return { ...receipt, facts };
      }),
    ];
    fc.assert(
      fc.property(
        fc.array(filed, { minLength: 1, maxLength: 6 }),
        fc.nat(),
        fc.constantFrom(...changes),
        (receipts, at, change) => {
          const index = at % receipts.length;
          const changed = receipts.map((receipt, place) => (place === index ? change(receipt) : receipt));
          expect(headOf(changed)).not.toBe(headOf(receipts));
        },
      ),
      { numRuns: RUNS },
    );
  });

  test("the order of receipts, and where a batch ends, are part of the head", () => {
    const other: Filed = { ...ONE, code: 12 };
    const apart = fresh();
    file(apart, [ONE]).seal();
    const heads = [headOf([ONE, other]), headOf([other, ONE]), sealed(file(apart, [other]))];
    expect(new Set(heads).size).toBe(3);
  });

  test("a full batch seals itself before the next receipt", () => {
    const receipts = Array.from({ length: MAX_BATCH + 1 }, (_, index) => ({ ...ONE, events: index }));
    const byHand = fresh();
    file(byHand, receipts.slice(0, MAX_BATCH)).seal();
    file(byHand, receipts.slice(MAX_BATCH));
    expect(headOf(receipts)).toBe(sealed(byHand));
    expect(headOf(receipts.slice(0, MAX_BATCH))).toBe(
      hex(nextHead(new Uint8Array(32), 1, receipts.slice(0, MAX_BATCH))),
    );
  });

  test("nothing of a longer batch is left in a shorter one after it", () => {
    const chain = fresh();
    const head = file(chain, [ONE, ONE, ONE]).seal().slice();
    expect(sealed(file(chain, [ONE]))).toBe(hex(nextHead(head, 4, [ONE])));
  });

  test("a chain goes on from a sequence and a head as if it had never stopped", () => {
    fc.assert(
      fc.property(fc.array(filed, { maxLength: 8 }), fc.array(filed, { maxLength: 8 }), (before, after) => {
        const whole = file(fresh(), before);
        whole.seal();
        const resumed = fresh();
        file(resumed, [ONE]);
        resumed.resume(whole.sequence, whole.head);
        expect(sealed(file(resumed, after))).toBe(sealed(file(whole, after)));
        expect(resumed.sequence).toBe(whole.sequence);
      }),
      { numRuns: RUNS },
    );
  });

  test("from another sequence, or another head, it goes elsewhere", () => {
    const heads = [
      [5, 1],
      [6, 1],
      [5, 2],
    ].map(([sequence = 0, byte = 0]) => {
      const chain = fresh();
      chain.resume(sequence, new Uint8Array(32).fill(byte));
      return sealed(file(chain, [ONE]));
    });
    expect(new Set(heads).size).toBe(3);
  });
});

describe("an engine's receipts", () => {
  const SMALL = {
    accounts: 2,
    balances: 2,
    withdrawals: 2,
    tiers: [{ markets: 1, buckets: 2, positions: 8, orders: 8, holdings: 2, ticks: 2 ** 15 }],
  };

  test("refused commands are numbered and sealed like accepted ones; malformed ones are neither", () => {
    const engine = new Engine({ capacities: SMALL });
    expect(engine.submit({ kind: "openAccount", time: 5 })).toMatchObject({
      sequence: 1,
      outcome: "accepted",
    });
    expect(engine.submit({ kind: "clockTick", time: 5, tier: 1 })).toMatchObject({
      sequence: 2,
      outcome: "tier_unknown",
    });
    expect(() => engine.submit({ kind: "clockTick", time: 5, tier: 17 })).toThrow("clockTick.tier");
    expect(engine.sequence).toBe(2);
    const receipts: Filed[] = [
      { code: 5, outcome: 0, facts: [1, 0, 0, 0], events: 0 },
      { code: 19, outcome: 1_002, facts: [1, 0, 0, 0], events: 0 },
    ];
    expect(hex(engine.seal())).toBe(headOf(receipts));
  });

  test("the head it hands out is a copy", () => {
    const engine = new Engine({ capacities: SMALL });
    engine.submit({ kind: "openAccount", time: 5 });
    const head = engine.seal();
    const before = hex(head);
    head.fill(0);
    expect(hex(engine.seal())).toBe(before);
  });
});
