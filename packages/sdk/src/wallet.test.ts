/** Whatever wallet signs, the node recovers its address. */
import {
  delegationDigest,
  delegationTypedData,
  hexOf,
  personalDigest,
  recoverAddress,
  signingDomain,
  bytesOf,
} from "@bulkhead/protocol";
import { privateKeyToAccount } from "viem/accounts";
import { describe, expect, test } from "vitest";
import { localWallet, providerWallet } from "./wallet.ts";

const KEY = `0x${"42".repeat(32)}` as const;
const theirs = privateKeyToAccount(KEY);
const domain = signingDomain(31_337, hexOf(new Uint8Array(32).fill(3)));
const delegation = {
  owner: hexOf(new Uint8Array(20).fill(9)),
  key: hexOf(new Uint8Array(33).fill(2)),
  scopes: 3,
  expires: 1_800_000_000_000,
  nonce: 1_700_000_000_000,
};

/** A browser's wallet, as far as it is asked. */
const provider = {
  request: async ({ method, params }: { readonly method: string; readonly params?: readonly unknown[] }) => {
    if (method === "eth_requestAccounts") return [theirs.address];
    if (method === "personal_sign") {
      const [raw, address] = params as [`0x${string}`, string];
      expect(address).toBe(theirs.address.toLowerCase());
      return theirs.signMessage({ message: { raw } });
    }
    expect(method).toBe("eth_signTypedData_v4");
    const [address, text] = params as [string, string];
    expect(address).toBe(theirs.address.toLowerCase());
    return theirs.signTypedData(JSON.parse(text) as Parameters<typeof theirs.signTypedData>[0]);
  },
};

describe.each([
  ["a private key", () => Promise.resolve(localWallet(KEY))],
  ["a provider", () => providerWallet(provider)],
])("a wallet of %s", (_, make) => {
  test("signs a text so that its address is recovered", async () => {
    const wallet = await make();
    const text = "Sign in, Zoë: 😀\n\nURI: https://venue.example";
    const signature = bytesOf((await wallet.signMessage?.(text)) as `0x${string}`, 65, "signature");
    expect(recoverAddress(personalDigest(text), signature)).toBe(wallet.address);
    expect(recoverAddress(personalDigest(`${text}.`), signature)).not.toBe(wallet.address);
  });

  test("signs typed data so that its address is recovered", async () => {
    const wallet = await make();
    expect(wallet.address).toBe(theirs.address.toLowerCase());
    const signature = await wallet.signTypedData(delegationTypedData(domain, delegation));
    expect(recoverAddress(delegationDigest(domain, delegation), bytesOf(signature, 65, "signature"))).toBe(
      wallet.address,
    );
  });
});

test("a provider without an address is told so", async () => {
  await expect(providerWallet({ request: () => Promise.resolve([]) })).rejects.toThrow(/eth_requestAccounts/);
  expect(() => localWallet("0x12")).toThrow(/privateKey/);
});
