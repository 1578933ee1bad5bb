import {
  checksummed,
  createPrivateKey,
  personalDigest,
  publicKeyOf,
  recoverAddress,
  signRecoverable,
} from "@bulkhead/protocol";
import { privateKeyToAccount } from "viem/accounts";
import { describe, expect, test } from "vitest";
import { Logins } from "./siwe.ts";

const NOW = 1_800_000_000_000;
const wallet = privateKeyToAccount(`0x${"11".repeat(32)}`);
const key = publicKeyOf(createPrivateKey());
const wish = { address: wallet.address, key, scopes: 3, expires: NOW + 3_600_000 };

function venue(domain = "venue.example") {
  const clock = { now: NOW };
  const logins = new Logins({
    origins: () => [`https://${domain}`, "https://desk.example:8443"],
    chainId: 1,
    clock: () => clock.now,
  });
  return { clock, logins };
}

const denial = (act: () => unknown): string => {
  try {
    act();
    return "none";
  } catch (error) {
    return (error as { denial: string }).denial;
  }
};

describe("a login", () => {
  test("delegates what its text says, once", () => {
    const { logins } = venue();
    const { message, expires } = logins.challenge(wish);
    expect(expires).toBe(NOW + 300_000);
    const { nonce, ...delegated } = logins.read(message);
    expect(delegated).toEqual({ owner: wallet.address.toLowerCase(), key, scopes: 3, expires: wish.expires });
    logins.use(nonce);
    expect(denial(() => logins.read(message))).toBe("challenge_unknown");
    expect(denial(() => logins.use(nonce))).toBe("challenge_unknown");
  });

  test("is signed as wallets sign a plain text", async () => {
    const { message } = venue().logins.challenge(wish);
    const signature = await wallet.signMessage({ message });
    expect(recoverAddress(personalDigest(message), Buffer.from(signature.slice(2), "hex"))).toBe(
      wallet.address.toLowerCase(),
    );
    const other = createPrivateKey();
    expect(recoverAddress(personalDigest(message), signRecoverable(personalDigest(message), other))).not.toBe(
      wallet.address.toLowerCase(),
    );
    expect(checksummed(wallet.address.toLowerCase() as `0x${string}`)).toBe(wallet.address);
  });

  test.each([
    [
      "of another domain",
      "login_domain_wrong",
      (text: string) => text.replaceAll("venue.example", "evil.example"),
    ],
    [
      "for another chain",
      "login_domain_wrong",
      (text: string) => text.replace("Chain ID: 1", "Chain ID: 10"),
    ],
    ["whose nonce was changed", "challenge_unknown", (text: string) => text.replace(/Nonce: ./, "Nonce: f")],
    [
      "that names no key",
      "login_malformed",
      (text: string) => text.replace("bulkhead:key:", "bulkhead:lock:"),
    ],
    ["that asks for no scope", "login_malformed", (text: string) => text.replace("scopes:3", "scopes:0")],
    [
      "that asks for more scopes than there are",
      "login_malformed",
      (text: string) => text.replace("scopes:3", "scopes:16"),
    ],
    [
      "that names two keys",
      "login_malformed",
      (text: string) => `${text}\n- bulkhead:key:0x${"02".repeat(33)}`,
    ],
    ["without an end", "login_malformed", (text: string) => text.replace(/\nExpiration Time: .*/, "")],
    [
      "that has ended",
      "login_expired",
      (text: string) => text.replace(/Expiration Time: 20../, "Expiration Time: 2001"),
    ],
    ["that is something else", "login_malformed", () => "hello"],
    ["that is endless", "login_malformed", (text: string) => text.padEnd(5_000)],
  ])("%s is refused: %s", (_, expected, change) => {
    const { logins } = venue();
    expect(denial(() => logins.read(change(logins.challenge(wish).message)))).toBe(expected);
  });

  test("waits five minutes for its signature, and does not outlive the process", () => {
    const { clock, logins } = venue();
    const { message } = logins.challenge(wish);
    expect(denial(() => venue().logins.read(message))).toBe("challenge_unknown");
    clock.now += 299_999;
    expect(denial(() => logins.read(message))).toBe("none");
    clock.now += 1;
    expect(denial(() => logins.read(message))).toBe("challenge_unknown");
  });
});
