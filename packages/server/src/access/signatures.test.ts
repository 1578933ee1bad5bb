/** Native and JavaScript curve are asked the same; each must agree with the protocol's own word on what a signature is. */
import { randomBytes } from "node:crypto";
import {
  createPrivateKey,
  hexOf,
  publicKeyOf,
  recoverAddress,
  sign,
  signRecoverable,
  verify,
} from "@bulkhead/protocol";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { untilSeen } from "../../../../tests/untilSeen.ts";
import { Signatures } from "./signatures.ts";

const ORDER = secp256k1.Point.CURVE().n;
const native = new Signatures({ threads: 2 });
const noble = new Signatures({ threads: 1, curve: "noble" });
afterAll(() => Promise.all([native.close(), noble.close()]));

const isGood = (asked: Promise<unknown>): Promise<boolean> =>
  asked.then(
    () => true,
    () => false,
  );

/** The other signature of the same: n − s. */
function mirrored(signature: Uint8Array): Uint8Array {
  const s = BigInt(hexOf(signature.subarray(32, 64)));
  const bytes = Buffer.from((ORDER - s).toString(16).padStart(64, "0"), "hex");
  const mirror = signature.slice();
  mirror.set(bytes, 32);
  if (mirror.length === 65) mirror[64] = 27 + ((mirror[64] as number) - 27 === 0 ? 1 : 0);
  return mirror;
}

const damage = fc.oneof(
  fc.constant("none" as const),
  fc.constant("mirrored" as const),
  fc.constant("otherKey" as const),
  fc.constant("otherDigest" as const),
  fc.constant("truncated" as const),
  fc.constant("zeroR" as const),
  fc.constant("orderS" as const),
  fc.record({ byte: fc.nat(63), bit: fc.nat(7) }),
);

function damaged(
  signature: Uint8Array,
  how: typeof damage extends fc.Arbitrary<infer How> ? How : never,
): Uint8Array {
  const copy = signature.slice();
  if (how === "mirrored") return mirrored(signature);
  if (how === "truncated") return copy.subarray(0, copy.length - 1);
  if (how === "zeroR") copy.fill(0, 0, 32);
  if (how === "orderS") copy.set(Buffer.from(ORDER.toString(16), "hex"), 32);
  if (typeof how === "object") copy[how.byte]! ^= 1 << how.bit;
  return copy;
}

describe("a session's signature", () => {
  test("is good or not alike, whoever verifies", async () => {
    const seen = { good: 0 };
    await untilSeen(seen, () =>
      fc.assert(
        fc.asyncProperty(damage, async (how) => {
          const [key, other] = [createPrivateKey(), createPrivateKey()];
          const digest = new Uint8Array(randomBytes(32));
          const signature = damaged(sign(digest, key), how);
          const asked = how === "otherDigest" ? new Uint8Array(randomBytes(32)) : digest;
          const publicKey = publicKeyOf(how === "otherKey" ? other : key);
          const expected = verify(signature, asked, publicKey);
          expect(expected).toBe(how === "none");
          expect(await isGood(native.verify(asked, signature, publicKey))).toBe(expected);
          expect(await isGood(noble.verify(asked, signature, publicKey))).toBe(expected);
          if (expected) seen.good++;
        }),
        { numRuns: 60 },
      ),
    );
  });

  test("that is another's mirror image is refused before any curve is asked", async () => {
    const key = createPrivateKey();
    const digest = new Uint8Array(randomBytes(32));
    const mirror = mirrored(sign(digest, key));
    await expect(native.verify(digest, mirror, publicKeyOf(key))).rejects.toMatchObject({
      denial: "signature_malleable",
    });
  });
});

describe("a wallet's signature", () => {
  test("is the same wallet's, whoever recovers it", async () => {
    await fc.assert(
      fc.asyncProperty(damage, async (how) => {
        const digest = new Uint8Array(randomBytes(32));
        const signature = damaged(signRecoverable(digest, createPrivateKey()), how);
        let expected: string | undefined;
        try {
          expected = recoverAddress(digest, signature);
        } catch {
          expected = undefined;
        }
        const found = (signatures: Signatures) =>
          signatures.recover(digest, signature).catch(() => undefined);
        expect(await found(native)).toBe(expected);
        expect(await found(noble)).toBe(expected);
      }),
      { numRuns: 60 },
    );
  });

  test("with s in the upper half is refused, though the curve would recover a key from it", async () => {
    const digest = new Uint8Array(randomBytes(32));
    const mirror = mirrored(signRecoverable(digest, createPrivateKey()));
    await expect(native.recover(digest, mirror)).rejects.toMatchObject({ denial: "signature_malleable" });
  });
});

describe("the threads", () => {
  test("answer in the order they were asked", async () => {
    const key = createPrivateKey();
    const publicKey = publicKeyOf(key);
    const digests = Array.from({ length: 700 }, () => new Uint8Array(randomBytes(32)));
    const signature = sign(digests[0]!, key);
    const order: number[] = [];
    await Promise.all(
      digests.map(async (digest, index) => {
        await isGood(native.verify(digest, signature, publicKey));
        order.push(index);
      }),
    );
    expect(order).toEqual(digests.map((_, index) => index));
  });

  test("take no more than may wait", async () => {
    const small = new Signatures({ threads: 1, maxWaiting: 4 });
    const asked = Array.from({ length: 5 }, () =>
      small
        .verify(new Uint8Array(32), new Uint8Array(64).fill(1), new Uint8Array(33).fill(2))
        .catch((error) => error),
    );
    const answers = await Promise.all(asked);
    expect(answers.map(({ denial }) => denial)).toEqual([
      ...Array(4).fill("signature_wrong"),
      "verifier_overloaded",
    ]);
    await small.close();
  });

  test("fall back to JavaScript where the native curve is not to be had", () => {
    expect([native.curve, noble.curve]).toEqual(["native", "noble"]);
  });
});
