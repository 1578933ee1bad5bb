import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Engine, hex } from "./engine.ts";
import { SnapshotError } from "./snapshot.ts";
import type { Capacities } from "./domain/capacities.ts";
import { encodeCommand } from "./domain/codec.ts";
import type { Command } from "./domain/commands.ts";
import { FRAME_WORDS } from "./domain/frame.ts";
import { sha256 } from "./kernel/sha256.ts";
import type { Receipt } from "./receiptView.ts";

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 200);

const CAPACITIES: Capacities = {
  accounts: 4,
  balances: 9,
  withdrawals: 5,
  tiers: [{ markets: 1, buckets: 7, positions: 33, orders: 40, holdings: 6, ticks: 2 ** 15 }],
};

const MARKET = {
  kind: "listMarket",
  time: 0,
  contract: 0,
  expiry: 0,
  notional: 1_000,
  rangeBits: 15,
  initialMargin: 50_000,
  maintenanceRatio: 500_000,
  scaleBase: 0,
  oiLower: 0,
  oiUpper: 0,
  band: 200_000,
  takerFee: 500,
  makerFee: -100,
  maxPositionLots: 1_000,
  maxOpenInterestLots: 10_000,
  fundingCap: 1e8,
} as const;

/** A venue with a tier, a market at 100 ticks, and three accounts that have money there. */
const OPENING: readonly Command[] = [
  { kind: "listAsset", time: 0, scale: 1_000_000 },
  { kind: "listAsset", time: 0, scale: 100_000_000 },
  { kind: "listTier", time: 0, minInitialMargin: 0 },
  { ...MARKET, tier: 1 },
  {
    kind: "acceptCollateral",
    time: 0,
    tier: 1,
    asset: 2,
    initialWeight: 900_000,
    maintenanceWeight: 950_000,
    cap: 1e12,
  },
  { kind: "updateIndexPrice", time: 1, tier: 1, market: 1, price: 100 },
  { kind: "updateCollateralPrice", time: 1, tier: 1, asset: 2, price: 2_000_000 },
  ...[1, 2, 3].flatMap((account): Command[] => [
    { kind: "openAccount", time: 1 },
    { kind: "confirmDeposit", time: 1, account, asset: 1, amount: 50_000_000, reference: account },
    { kind: "confirmDeposit", time: 1, account, asset: 2, amount: 5_000_000, reference: account },
    { kind: "allocate", time: 1, account, tier: 1, mode: 0, asset: 1, amount: 9_000_000 },
    { kind: "allocate", time: 1, account, tier: 1, mode: 0, asset: 2, amount: 1_000_000 },
  ]),
];

const account = fc.integer({ min: 1, max: 3 });
const price = fc.integer({ min: 85, max: 115 });

/** What people and operators send all day; about half of it is refused. */
const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 6,
    arbitrary: account.chain((owner) =>
      fc.record({
        kind: fc.constant("placeOrder" as const),
        time: fc.constant(0),
        account: fc.constant(owner),
        tier: fc.constant(1),
        bucket: fc.constant(owner),
        market: fc.constant(1),
        side: fc.nat(1),
        type: fc.constantFrom(0, 0, 0, 1, 2, 3, 4, 5),
        timeInForce: fc.constantFrom(0, 0, 1, 2, 3),
        price,
        lots: fc.integer({ min: 1, max: 40 }),
        trigger: fc.constantFrom(0, 0, 0, 95, 105),
        expiry: fc.constantFrom(0, 0, 1e6),
        clientId: fc.nat(3),
        flags: fc.constantFrom(0, 0, 0, 1, 2),
        selfTrade: fc.nat(3),
      }),
    ),
  },
  fc.record({
    kind: fc.constant("updateIndexPrice" as const),
    time: fc.constant(0),
    tier: fc.constant(1),
    market: fc.constant(1),
    price,
  }),
  fc.record({
    kind: fc.constant("cancelOrder" as const),
    time: fc.constant(0),
    account,
    tier: fc.constant(1),
    order: fc.constant(0),
    clientId: fc.integer({ min: 1, max: 3 }),
  }),
  fc.record({
    kind: fc.constant("accrueFunding" as const),
    time: fc.constant(0),
    tier: fc.constant(1),
    market: fc.constant(1),
    rate: fc.integer({ min: -1e6, max: 1e6 }),
  }),
  fc.record({
    kind: fc.constantFrom("allocate" as const, "deallocate" as const),
    time: fc.constant(0),
    account,
    tier: fc.constant(1),
    mode: fc.nat(1),
    asset: fc.integer({ min: 1, max: 2 }),
    amount: fc.integer({ min: 1, max: 3_000_000 }),
  }),
  fc.record({
    kind: fc.constant("requestWithdrawal" as const),
    time: fc.constant(0),
    account,
    asset: fc.integer({ min: 1, max: 2 }),
    amount: fc.integer({ min: 1, max: 1_000 }),
  }),
  fc.record({ kind: fc.constant("clockTick" as const), time: fc.constant(0), tier: fc.constant(1) }),
);
const commands = fc.array(command, { maxLength: 40 });

/** Submits commands, one a millisecond. */
function play(engine: Engine, played: readonly Command[]): Receipt[] {
  return played.map((each) => engine.submit({ ...each, time: 10 + engine.sequence }));
}

function opened(): Engine {
  const engine = new Engine({ capacities: CAPACITIES });
  for (const each of OPENING) expect(engine.submit(each).outcome).toBe("accepted");
  return engine;
}

/** The platform's own SHA-256. */
const platformHash = (bytes: Uint8Array): Uint8Array => createHash("sha256").update(bytes).digest();

/** All that tells two engines apart. */
function identityOf(engine: Engine): object {
  return {
    sequence: engine.sequence,
    state: hex(engine.stateHash()),
    head: hex(engine.seal()),
    capacities: engine.capacities,
  };
}

/** A venue in the middle of its day, with something in every table. */
function busy(): Engine {
  const engine = opened();
  const day = fc.sample(command, { numRuns: 150, seed: 7 });
  play(engine, day);
  return engine;
}

describe("a snapshot", () => {
  test("an engine comes back as it was: state, sequence, receipts and capacities", () => {
    fc.assert(
      fc.property(commands, (played) => {
        const engine = opened();
        play(engine, played);
        const bytes = engine.snapshot();
        const restored = Engine.restore(bytes);
        expect(identityOf(restored)).toEqual(identityOf(engine));
        expect(restored.audit()).toEqual([]);
        expect(Buffer.from(restored.snapshot()).equals(bytes)).toBe(true);
      }),
      { numRuns: Math.ceil(RUNS / 4) },
    );
  });

  test("going on from it gives the same receipts and the same state as never having stopped", () => {
    fc.assert(
      fc.property(commands, commands, (before, after) => {
        const engine = opened();
        play(engine, before);
        const restored = Engine.restore(engine.snapshot());
        expect(play(restored, after)).toEqual(play(engine, after));
        expect(identityOf(restored)).toEqual(identityOf(engine));
        expect(restored.audit()).toEqual([]);
      }),
      { numRuns: Math.ceil(RUNS / 4) },
    );
  });

  test("repeating the commands after it gives the same receipts and state, and leaves nothing to the judge's surprise", () => {
    fc.assert(
      fc.property(commands, commands, (after, later) => {
        const engine = busy();
        const restored = Engine.restore(engine.snapshot());
        const frame = new Float64Array(FRAME_WORDS);
        for (const each of after) {
          encodeCommand({ ...each, time: 10 + engine.sequence }, frame);
          expect(restored.repeat(frame)).toBe(engine.apply(frame));
        }
        expect(identityOf(restored)).toEqual(identityOf(engine));
        expect(play(restored, later)).toEqual(play(engine, later));
        expect(identityOf(restored)).toEqual(identityOf(engine));
      }),
      { numRuns: Math.ceil(RUNS / 8) },
    );
  });

  test("what a judge refused is accepted when it is repeated, and shows in the receipts", () => {
    const engine = new Engine({
      capacities: CAPACITIES,
      judge: ({ verdict }) => ({
        verdict,
        judge: () => {
          verdict.breach(1, 0, 1);
          return verdict;
        },
      }),
    });
    const frame = new Float64Array(FRAME_WORDS);
    encodeCommand(OPENING[0]!, frame);
    const restored = Engine.restore(engine.snapshot());
    expect(engine.apply(frame)).not.toBe(0);
    expect(restored.repeat(frame)).toBe(0);
    expect(hex(restored.seal())).not.toBe(hex(engine.seal()));
  });

  test("an engine that has seen nothing comes back having seen nothing", () => {
    const engine = new Engine({ capacities: CAPACITIES });
    expect(identityOf(Engine.restore(engine.snapshot()))).toEqual(identityOf(engine));
  });

  test("it is a copy: what happens later is not in it", () => {
    const engine = busy();
    const then = identityOf(engine);
    const bytes = engine.snapshot();
    play(engine, fc.sample(command, { numRuns: 50, seed: 8 }));
    expect(identityOf(engine)).not.toEqual(then);
    expect(identityOf(Engine.restore(bytes))).toEqual(then);
  });

  test("restoring leaves the bytes alone, and what happens later does not reach them", () => {
    const bytes = busy().snapshot();
    const kept = Buffer.from(bytes);
    play(Engine.restore(bytes), fc.sample(command, { numRuns: 50, seed: 8 }));
    expect(kept.equals(bytes)).toBe(true);
  });

  test("it may be read from a file's buffer, or from the middle of another run of bytes", () => {
    const engine = busy();
    const bytes = engine.snapshot();
    const padded = Buffer.concat([Buffer.alloc(13, 0xff), bytes, Buffer.alloc(5, 0xff)]);
    for (const run of [
      Buffer.from(bytes),
      padded.subarray(13, -5),
      new Uint8Array(padded).subarray(13, -5),
    ]) {
      expect(identityOf(Engine.restore(run))).toEqual(identityOf(engine));
    }
  });

  test("the engine that goes on may hash by its platform's means", () => {
    const engine = busy();
    expect(identityOf(Engine.restore(engine.snapshot(), { hash: platformHash }))).toEqual(identityOf(engine));
  });
});

describe("bytes that are not a snapshot", () => {
  const engine = busy();
  const bytes = engine.snapshot();
  const whole = identityOf(engine);
  /** Four doubles, nine capacities, three hashes. */
  const HEADER_BYTES = (4 + 9) * 8 + 3 * 32;

  /** Damage is refused, unless it is where nothing is said: then the engine is the right one. */
  function isHarmless(damaged: Uint8Array): boolean {
    try {
      expect(identityOf(Engine.restore(damaged))).toEqual(whole);
      return true;
    } catch (error) {
      expect(error).toBeInstanceOf(SnapshotError);
      return false;
    }
  }

  function flipped(at: number, bit: number): Uint8Array {
    const damaged = bytes.slice();
    const view = new DataView(damaged.buffer);
    view.setUint8(at, view.getUint8(at) ^ (1 << bit));
    return damaged;
  }

  test("whole, they are one", () => expect(isHarmless(bytes)).toBe(true));

  test("no bit of the header can flip unnoticed", () => {
    for (let at = 0; at < HEADER_BYTES; at++) {
      for (let bit = 0; bit < 8; bit++) {
        if (isHarmless(flipped(at, bit))) throw new Error(`bit ${bit} of byte ${at} flipped unnoticed`);
      }
    }
  });

  test("no bit of the body can flip and leave a wrong engine", () => {
    const positions = fc.oneof(fc.nat(HEADER_BYTES + 4_096), fc.nat(bytes.length - 1));
    fc.assert(
      fc.property(positions, fc.nat(7), (at, bit) => {
        isHarmless(flipped(at, bit));
      }),
      { numRuns: RUNS },
    );
  });

  test("no page's content can change unnoticed", () => {
    fc.assert(
      fc.property(fc.integer({ min: bytes.length - 4_096, max: bytes.length - 1 }), fc.nat(7), (at, bit) => {
        expect(isHarmless(flipped(at, bit))).toBe(false);
      }),
      { numRuns: Math.ceil(RUNS / 4) },
    );
  });

  test("they are cut off nowhere, and nothing follows them", () => {
    for (let length = 0; length < 400; length++) expect(isHarmless(bytes.subarray(0, length))).toBe(false);
    const lengths = fc.sample(fc.nat(bytes.length - 1), { numRuns: RUNS, seed: 3 });
    for (const length of lengths) expect(isHarmless(bytes.subarray(0, length))).toBe(false);
    for (const extra of [1, 8, 4_096]) {
      expect(isHarmless(Buffer.concat([bytes, Buffer.alloc(extra)]))).toBe(false);
    }
  });

  test.each([
    { why: "nothing", damaged: new Uint8Array(0) },
    { why: "zeroes", damaged: new Uint8Array(100_000) },
    { why: "noise", damaged: sha256(new Uint8Array(1)) },
  ])("$why is none", ({ damaged }) => expect(isHarmless(damaged)).toBe(false));

  /** A snapshot whose header word was replaced. */
  function withWord(index: number, value: number): Uint8Array {
    const changed = bytes.slice();
    new DataView(changed.buffer).setFloat64(index * 8, value, true);
    return changed;
  }

  test.each([
    { why: "another magic", index: 0, value: 1, says: "it does not begin like one" },
    { why: "another version", index: 1, value: 2, says: "version 2, this engine reads 1" },
    { why: "a header longer than the bytes", index: 3, value: 1e9, says: "in the middle of its header" },
    { why: "half a capacity", index: 3, value: 8.5, says: "in the middle of its header" },
    { why: "a negative header", index: 3, value: -1, says: "in the middle of its header" },
  ])("$why: $says", ({ index, value, says }) => {
    expect(() => Engine.restore(withWord(index, value))).toThrow(SnapshotError);
    expect(() => Engine.restore(withWord(index, value))).toThrow(says);
  });

  test.each([
    { why: "the sequence", index: 2, value: engine.sequence + 1 },
    { why: "accounts, within the same line of memory", index: 4, value: CAPACITIES.accounts - 1 },
    { why: "accounts, a few more", index: 4, value: CAPACITIES.accounts + 40 },
    { why: "withdrawals", index: 6, value: CAPACITIES.withdrawals + 1 },
    { why: "markets", index: 7, value: 2 },
    { why: "orders", index: 10, value: 39 },
    { why: "ticks", index: 12, value: 2 ** 15 + 1 },
    { why: "ticks, beyond any memory", index: 12, value: 2 ** 28 },
    { why: "no markets", index: 7, value: 0 },
  ])("another number for $why", ({ index, value }) => {
    expect(isHarmless(withWord(index, value))).toBe(false);
  });
});

describe("the state hash", () => {
  test("it tells in which tier something happened", () => {
    const hashes = [1, 2].map((tier) => {
      const [only] = CAPACITIES.tiers as [Capacities["tiers"][number]];
      const engine = new Engine({ capacities: { ...CAPACITIES, tiers: [only, only] } });
      const listTier: Command = { kind: "listTier", time: 0, minInitialMargin: 0 };
      for (const each of [listTier, listTier]) engine.submit(each);
      expect(engine.submit({ ...MARKET, tier }).outcome).toBe("accepted");
      return hex(engine.stateHash());
    });
    expect(hashes[0]).not.toBe(hashes[1]);
  });

  test("it does not depend on when it is asked for", () => {
    const [often, once] = [opened(), opened()];
    const day = fc.sample(command, { numRuns: 100, seed: 9 });
    for (const each of day) {
      often.submit({ ...each, time: 10 + often.sequence });
      often.stateHash();
    }
    play(once, day);
    expect(hex(often.stateHash())).toBe(hex(once.stateHash()));
  });
});
