/** Wallets: whoever holds the key of an address and signs what its owner agrees to. */
import {
  type Hex,
  type TypedData,
  addressIn,
  addressOf,
  hexOf,
  personalDigest,
  privateKeyOf,
  publicKeyOf,
  signRecoverable,
  typedDataDigest,
} from "@bulkhead/protocol";

export interface Wallet {
  /** In lower case. */
  readonly address: Hex;
  /** Signs typed data (EIP-712). @returns r, s and v */
  signTypedData(data: TypedData): Promise<Hex>;
  /** Signs a plain text (ERC-191), which signing in with one needs. @returns r, s and v */
  readonly signMessage?: (text: string) => Promise<Hex>;
}

/** What browsers' wallets offer (EIP-1193). */
export interface Eip1193Provider {
  request(call: { readonly method: string; readonly params?: readonly unknown[] }): Promise<unknown>;
}

/** A wallet of a private key that this program holds. @throws {DecodeError} if it is none */
export function localWallet(privateKey: string): Wallet {
  const key = privateKeyOf(privateKey, "privateKey");
  return {
    address: addressOf(publicKeyOf(key)),
    signTypedData: (data) => Promise.resolve(hexOf(signRecoverable(typedDataDigest(data), key))),
    signMessage: (text) => Promise.resolve(hexOf(signRecoverable(personalDigest(text), key))),
  };
}

/** The wallet behind a provider; asks its owner for access. @throws {DecodeError} if it offers no address */
export async function providerWallet(provider: Eip1193Provider): Promise<Wallet> {
  const accounts = (await provider.request({ method: "eth_requestAccounts" })) as
    | readonly string[]
    | undefined;
  const address = addressIn(String(accounts?.[0]), "eth_requestAccounts");
  return {
    address,
    signTypedData: async (data) =>
      (await provider.request({
        method: "eth_signTypedData_v4",
        params: [address, JSON.stringify(data)],
      })) as Hex,
    signMessage: async (text) =>
      (await provider.request({
        method: "personal_sign",
        params: [hexOf(new TextEncoder().encode(text)), address],
      })) as Hex,
  };
}
