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
import { WalletError, localWallet, providerWallet } from "./wallet.ts";

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

/** Refuses whatever it is asked to sign. */
const refusing = (thrown: unknown) => ({
  request: ({ method }: { readonly method: string }) =>
    method === "eth_requestAccounts" ? Promise.resolve([theirs.address]) : Promise.reject(thrown),
});

/** Signs for the chain it is on only, as some do. */
const onChain = (first: number, mayChange: boolean) => {
  let chain = first;
  const asked: string[] = [];
  return {
    asked,
    request: async (call: { readonly method: string; readonly params?: readonly unknown[] }) => {
      asked.push(call.method);
      if (call.method === "eth_chainId") return `0x${chain.toString(16)}`;
      if (call.method === "wallet_switchEthereumChain") {
        if (!mayChange) throw { code: 4902, message: "Unrecognized chain ID" };
        chain = Number((call.params as [{ chainId: string }])[0].chainId);
        return null;
      }
      if (call.method === "eth_signTypedData_v4" && chain !== domain.chainId)
        throw { code: -32603, message: `Provided chainId must match the active chainId "${chain}"` };
      return provider.request(call);
    },
  };
};

describe("a provider that refuses", () => {
  test.each([
    ["its owner's choice", { code: 4001, message: "User rejected the request." }, 4001, /declined/],
    ["an error", Object.assign(new Error("locked"), { code: 4100 }), 4100, /unlock it/],
    ["words of its own", { code: -32000, message: "ledger is asleep" }, -32000, /ledger is asleep/],
    ["hardly anything", "no", 0, /: no$/],
  ])("is understood, be it %s", async (_, thrown, code, words) => {
    const wallet = await providerWallet(refusing(thrown));
    const error: unknown = await wallet.signMessage?.("text").catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(WalletError);
    expect((error as WalletError).code).toBe(code);
    expect((error as WalletError).message).toMatch(words);
  });
});

describe("a provider that signs only for the chain it is on", () => {
  test("is asked to change to it, and signs then", async () => {
    const theirsOn = onChain(1, true);
    const wallet = await providerWallet(theirsOn);
    const signature = await wallet.signTypedData(delegationTypedData(domain, delegation));
    expect(recoverAddress(delegationDigest(domain, delegation), bytesOf(signature, 65, "signature"))).toBe(
      wallet.address,
    );
    expect(theirsOn.asked).toContain("wallet_switchEthereumChain");
  });

  test("and cannot change, is told which chain it would take", async () => {
    const wallet = await providerWallet(onChain(1, false));
    await expect(wallet.signTypedData(delegationTypedData(domain, delegation))).rejects.toThrow(
      /for chain 31337, and the wallet is on chain 1:/,
    );
  });
});
