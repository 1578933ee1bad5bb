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
  /** Tells when its accounts or its chain change; not every provider does. */
  on?(event: string, listener: (told: unknown) => void): unknown;
  removeListener?(event: string, listener: (told: unknown) => void): unknown;
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

/**
 * The wallet behind a provider; asks its owner for access. Where it will sign typed data only for the chain it is on, it is asked to change to the
 * venue's.
 * @throws {DecodeError} if it offers no address
 * @throws {WalletError} if it, or its owner, refuses: here, and whenever something is to be signed
 */
export async function providerWallet(provider: Eip1193Provider): Promise<Wallet> {
  const ask = asking(provider);
  const accounts = (await ask("eth_requestAccounts")) as readonly string[] | undefined;
  const address = addressIn(String(accounts?.[0]), "eth_requestAccounts");
  return {
    address,
    signTypedData: async (data) => {
      const sign = () => ask("eth_signTypedData_v4", [address, JSON.stringify(data)]);
      try {
        return (await sign()) as Hex;
      } catch (error) {
        if (!(await isOnAnother(ask, data.domain.chainId, error))) throw error;
        await changeChain(ask, data.domain.chainId);
        return (await sign()) as Hex;
      }
    },
    signMessage: async (text) =>
      (await ask("personal_sign", [hexOf(new TextEncoder().encode(text)), address])) as Hex,
  };
}

/** A wallet has refused, by its own rules or by its owner's choice. */
export class WalletError extends Error {
  /** As the provider told it (EIP-1193, EIP-1474): 4001 = its owner declined; 0 = it told none. */
  readonly code: number;
  constructor(message: string, code: number, cause?: unknown) {
    super(message, { cause });
    this.name = "WalletError";
    this.code = code;
  }
}

const DECLINED = 4001;
const MEANINGS: Readonly<Record<number, string>> = {
  [DECLINED]: "it was declined in the wallet; nothing was sent",
  4100: "the wallet does not allow this page to use that account: unlock it, or connect it to this page",
  4200: "the wallet does not know this kind of request",
  4900: "the wallet is disconnected",
  4901: "the wallet is not connected to the venue's chain",
  [-32002]: "the wallet is already asking for something: look at it first",
};

type Ask = (method: string, params?: readonly unknown[]) => Promise<unknown>;

/** Providers throw errors, and things that are none. */
function asking(provider: Eip1193Provider): Ask {
  return async (method, params) => {
    try {
      return await provider.request({ method, ...(params !== undefined && { params }) });
    } catch (thrown) {
      const { code, message } = (thrown ?? {}) as { readonly code?: unknown; readonly message?: unknown };
      const number = typeof code === "number" ? code : 0;
      const told = typeof message === "string" && message !== "" ? message : String(thrown);
      throw new WalletError(MEANINGS[number] ?? `the wallet says: ${told}`, number, thrown);
    }
  };
}

/** Whether a refusal to sign may come of the wallet being on another chain than the one it is to sign for. */
async function isOnAnother(ask: Ask, chain: number, error: unknown): Promise<boolean> {
  if (!(error instanceof WalletError) || error.code === DECLINED) return false;
  return (await chainOf(ask)) !== chain;
}

async function changeChain(ask: Ask, chain: number): Promise<void> {
  try {
    await ask("wallet_switchEthereumChain", [{ chainId: `0x${chain.toString(16)}` }]);
  } catch (error) {
    if (error instanceof WalletError && error.code === DECLINED) throw error;
    throw new WalletError(
      `this venue's signatures are for chain ${chain}, and the wallet is on chain ${await chainOf(ask)}: change it there, and try again`,
      error instanceof WalletError ? error.code : 0,
      error,
    );
  }
}

async function chainOf(ask: Ask): Promise<number> {
  return Number(await ask("eth_chainId"));
}
