import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SHA256_BYTES, Sha256, sha256 } from "./sha256.ts";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);
const platform = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** Published with FIPS 180-4. */
const VECTORS = [
  {
    why: "the empty message",
    message: ascii(""),
    digest: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  },
  {
    why: "24 bits",
    message: ascii("abc"),
    digest: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  },
  {
    why: "448 bits, whose padding takes a second block",
    message: ascii("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
    digest: "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
  },
  {
    why: "896 bits",
    message: ascii(
      "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
    ),
    digest: "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1",
  },
  {
    why: "a million times the letter a",
    message: new Uint8Array(1_000_000).fill(0x61),
    digest: "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
  },
] as const;

describe("SHA-256", () => {
  test.each(VECTORS)("$why", ({ message, digest }) => expect(hex(sha256(message))).toBe(digest));

  test("agrees with the platform at every length up to four blocks", () => {
    for (let length = 0; length <= 256; length++) {
      const message = Uint8Array.from({ length }, (_, at) => at * 37 + length);
      expect(hex(sha256(message))).toBe(platform(message));
    }
  });

  test("the digest does not depend on how the message is cut", () => {
    const cuts = fc.array(fc.nat(300), { maxLength: 8 });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), cuts, (message, chosen) => {
        const bounds = [0, ...chosen.map((cut) => Math.min(cut, message.length)), message.length];
        bounds.sort((x, y) => x - y);
        const sha = new Sha256();
        bounds.forEach((end, part) => sha.update(message, bounds[part - 1] ?? 0, end));
        const digest = new Uint8Array(SHA256_BYTES);
        sha.digestInto(digest);
        expect(hex(digest)).toBe(platform(message));
      }),
    );
  });

  test("a reset forgets the last message, finished or not", () => {
    const sha = new Sha256();
    const digest = new Uint8Array(SHA256_BYTES);
    sha.update(ascii("a message left unfinished")).reset().update(ascii("abc")).digestInto(digest);
    expect(hex(digest)).toBe(VECTORS[1].digest);
    sha.reset().digestInto(digest);
    expect(hex(digest)).toBe(VECTORS[0].digest);
  });

  test("a digest is written where it is asked for, and nowhere else", () => {
    const out = new Uint8Array(SHA256_BYTES + 8).fill(7);
    new Sha256().update(ascii("xabcx"), 1, 4).digestInto(out, 3);
    expect(hex(out)).toBe(`070707${VECTORS[1].digest}0707070707`);
  });
});
