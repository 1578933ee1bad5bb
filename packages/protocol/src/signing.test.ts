/** Digests are those of viem, which is told nothing but the typed data; signatures are Ethereum's, and only those with a low s. */
import { LAYOUTS, type Layout, type CommandName } from "@bulkhead/engine";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import fc from "fast-check";
import { getAddress, hashTypedData, recoverAddress as recoverByViem } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { describe, expect, test } from "vitest";
import { type Hex, bytesOf, hexOf } from "./bytes.ts";
import { type CommandInput, frameOf } from "./commands.ts";
import {
  addressIn,
  addressOf,
  checksummed,
  createPrivateKey,
  hasLowS,
  isPublicKey,
  privateKeyOf,
  publicKeyOf,
  recoverAddress,
  sign,
  signRecoverable,
  verify,
} from "./signatures.ts";
import {
  BATCH,
  COMMAND_STRUCTS,
  REQUEST,
  batchDigest,
  commandDigest,
  commandTypedData,
  delegationDigest,
  delegationTypedData,
  requestDigest,
} from "./signing.ts";
import { type TypedData, signingDomain, typedDataDigest, typedDataOf } from "./typedData.ts";

const layouts = LAYOUTS as readonly Layout[];

const bytes = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length });
const nonces = fc.nat({ max: Number.MAX_SAFE_INTEGER });
const domains = fc
  .tuple(fc.integer({ min: 1, max: 2 ** 40 }), bytes(32))
  .map(([chainId, genesis]) => signingDomain(chainId, hexOf(genesis)));
const privateKeys = fc
  .bigInt({ min: 1n, max: secp256k1.Point.CURVE().n - 1n })
  .map((key) => bytesOf(`0x${key.toString(16).padStart(64, "0")}`, 32, "key"));

/** What viem makes of typed data that went through JSON. */
function byViem(data: TypedData): Hex {
  const { types, primaryType, domain, message } = JSON.parse(JSON.stringify(data)) as TypedData;
  const members = types[primaryType] ?? [];
  const values = Object.entries(message).map(([name, value]) => {
    const type = members.find((member) => member.name === name)?.type ?? "";
    return [name, /^u?int/.test(type) ? BigInt(value) : value];
  });
  return hashTypedData({
    types: types as Record<string, { name: string; type: string }[]>,
    primaryType,
    domain,
    message: Object.fromEntries(values) as Record<string, unknown>,
  });
}

describe("a digest is viem's", () => {
  test("of a delegation", () => {
    fc.assert(
      fc.property(
        domains,
        bytes(20),
        bytes(33),
        nonces,
        nonces,
        nonces,
        (domain, owner, key, scopes, expires, nonce) => {
          const delegation = { owner: hexOf(owner), key: hexOf(key), scopes, expires, nonce };
          expect(hexOf(delegationDigest(domain, delegation))).toBe(
            byViem(delegationTypedData(domain, delegation)),
          );
        },
      ),
      { numRuns: 40 },
    );
  });

  test("of a request and of a batch", () => {
    fc.assert(
      fc.property(
        domains,
        fc.string({ unit: "binary" }),
        bytes(32),
        nonces,
        nonces,
        (domain, text, hash, session, nonce) => {
          const request = { method: "POST", target: text, body: hash, nonce };
          expect(hexOf(requestDigest(domain, request))).toBe(byViem(typedDataOf(domain, REQUEST, request)));
          const batch = { session, nonce, records: hash };
          expect(hexOf(batchDigest(domain, batch))).toBe(byViem(typedDataOf(domain, BATCH, batch)));
        },
      ),
      { numRuns: 40 },
    );
  });

  test.each(layouts.map((layout): [string, Layout] => [layout.name, layout]))("of %s", (name, { fields }) => {
    const values = fc.record(
      Object.fromEntries(
        Object.entries(fields).map(([field, { min, max }]) => [
          field,
          fc.oneof(fc.constantFrom(min, max), fc.integer({ min, max })),
        ]),
      ),
    );
    fc.assert(
      fc.property(domains, values, nonces, (domain, command, nonce) => {
        const frame = frameOf({ kind: name, ...command } as CommandInput);
        const data = commandTypedData(domain, frame, nonce);
        expect(hexOf(commandDigest(domain, frame, nonce))).toBe(byViem(data));
        expect(hexOf(typedDataDigest(JSON.parse(JSON.stringify(data)) as TypedData))).toBe(byViem(data));
        expect(data.primaryType.toLowerCase()).toBe(name.toLowerCase());
      }),
      { numRuns: 10 },
    );
    const members = COMMAND_STRUCTS[name as CommandName].members.map((member) => member.name);
    expect(new Set(members).size).toBe(members.length);
    expect(members.at(-1)).toBe("nonce");
    expect(members).toHaveLength(Object.keys(fields).length + 1);
  });

  test("and another one for another venue, chain, command or nonce", () => {
    const genesis = hexOf(new Uint8Array(32).fill(1));
    const frame = frameOf({ kind: "requestWithdrawal", account: 7, asset: 1, amount: 5 });
    const other = frameOf({ kind: "allocate", account: 7, tier: 1, mode: 0, asset: 1, amount: 5 });
    const digests = [
      commandDigest(signingDomain(1, genesis), frame, 9),
      commandDigest(signingDomain(2, genesis), frame, 9),
      commandDigest(signingDomain(1, hexOf(new Uint8Array(32))), frame, 9),
      commandDigest(signingDomain(1, genesis), other, 9),
      commandDigest(signingDomain(1, genesis), frame, 10),
    ].map(hexOf);
    expect(new Set(digests).size).toBe(digests.length);
  });

  test("is not made of a value that does not fit", () => {
    const domain = signingDomain(1, hexOf(new Uint8Array(32)));
    const good = {
      owner: hexOf(new Uint8Array(20)),
      key: hexOf(new Uint8Array(33)),
      scopes: 1,
      expires: 2,
      nonce: 3,
    };
    for (const [field, value] of [
      ["owner", "0x12"],
      ["owner", hexOf(new Uint8Array(21))],
      ["key", "zz"],
      ["key", "0x123"],
      ["scopes", -1],
      ["scopes", 0.5],
      ["nonce", 2 ** 53],
    ] as const)
      expect(() => delegationDigest(domain, { ...good, [field]: value }), field).toThrow(
        expect.objectContaining({ name: "DecodeError", path: `Delegation.${field}` }),
      );
    expect(() => signingDomain(0, hexOf(new Uint8Array(32)))).toThrow(/chainId/);
    expect(() => signingDomain(1, "0x00")).toThrow(/genesis/);
  });
});

describe("a signature", () => {
  test("is verified, recovered, and the same as a wallet's", async () => {
    await fc.assert(
      fc.asyncProperty(privateKeys, bytes(32), async (key, digest) => {
        const wallet = privateKeyToAccount(hexOf(key));
        const signature = signRecoverable(digest, key);
        expect(hexOf(signature)).toBe(await wallet.sign({ hash: hexOf(digest) }));
        expect(checksummed(recoverAddress(digest, signature))).toBe(wallet.address);
        expect(await recoverByViem({ hash: hexOf(digest), signature: hexOf(signature) })).toBe(
          wallet.address,
        );
        expect(addressOf(publicKeyOf(key))).toBe(wallet.address.toLowerCase());
        expect(verify(sign(digest, key), digest, publicKeyOf(key))).toBe(true);
        expect(sign(digest, key)).toEqual(signature.subarray(0, 64));
      }),
      { numRuns: 15 },
    );
  });

  test("with any bit turned is not the signer's", () => {
    const key = privateKeyOf(`0x${"11".repeat(32)}`);
    const digest = new Uint8Array(32).fill(7);
    const signature = sign(digest, key);
    const owner = addressOf(publicKeyOf(key));
    fc.assert(
      fc.property(fc.nat(63), fc.nat(7), (byte, bit) => {
        const turned = signature.slice();
        turned[byte] = (turned[byte] as number) ^ (1 << bit);
        expect(verify(turned, digest, publicKeyOf(key))).toBe(false);
        const whole = signRecoverable(digest, key);
        whole.set(turned);
        let found: string | undefined;
        try {
          found = recoverAddress(digest, whole);
        } catch (error) {
          expect(error).toMatchObject({ name: "DecodeError", path: "signature" });
        }
        expect(found).not.toBe(owner);
      }),
      { numRuns: 30 },
    );
  });

  test("has one form: the other root, n − s, is refused by both ways of checking", () => {
    const key = privateKeyOf(`0x${"22".repeat(32)}`);
    const digest = new Uint8Array(32).fill(9);
    const signature = signRecoverable(digest, key);
    const s = BigInt(hexOf(signature.subarray(32, 64)));
    const mirrored = signature.slice();
    const high = secp256k1.Point.CURVE().n - s;
    mirrored.set(bytesOf(`0x${high.toString(16).padStart(64, "0")}`, 32, "s"), 32);
    mirrored[64] = 55 - (signature[64] as number);
    expect(hasLowS(signature)).toBe(true);
    expect(hasLowS(mirrored)).toBe(false);
    expect(
      secp256k1.verify(mirrored.subarray(0, 64), digest, publicKeyOf(key), { prehash: false, lowS: false }),
    ).toBe(true);
    expect(verify(mirrored.subarray(0, 64), digest, publicKeyOf(key))).toBe(false);
    expect(() => recoverAddress(digest, mirrored)).toThrow(/half the order/);
  });

  test("of the wrong length, or with a strange v, is none", () => {
    const digest = new Uint8Array(32);
    const signature = signRecoverable(digest, createPrivateKey());
    expect(() => recoverAddress(digest, signature.subarray(0, 64))).toThrow(/65 bytes/);
    expect(() => recoverAddress(digest, Uint8Array.from([...signature.subarray(0, 64), 29]))).toThrow(
      /v is 0/,
    );
    expect(() => recoverAddress(digest, new Uint8Array(65))).toThrow(/no key can have made it/);
    expect(verify(signature, digest, new Uint8Array(33))).toBe(false);
    expect(isPublicKey(new Uint8Array(33).fill(2))).toBe(
      secp256k1.utils.isValidPublicKey(new Uint8Array(33).fill(2)),
    );
    expect(() => privateKeyOf(`0x${"00".repeat(32)}`)).toThrow(/private key/);
  });
});

describe("an address", () => {
  test("is read in either case, and in mixed case only with the right checksum", () => {
    fc.assert(
      fc.property(bytes(20), (twenty) => {
        const address = hexOf(twenty);
        expect(checksummed(address)).toBe(getAddress(address));
        expect(addressIn(checksummed(address))).toBe(address);
        expect(addressIn(`0x${address.slice(2).toUpperCase()}`)).toBe(address);
      }),
      { numRuns: 50 },
    );
    expect(() => addressIn("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "owner")).not.toThrow();
    expect(() => addressIn("0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "owner")).toThrow(
      /^owner: the checksum/,
    );
    expect(() => addressIn("0x5aaeb6")).toThrow(/40 hex digits/);
  });
});
