/** A wallet of a browser's, as a page meets it: it announces itself, or lies at `window.ethereum`; whose owner is, and what he agrees to, a test says. */
import { hexOf } from "@bulkhead/protocol";
import type { Page } from "playwright-core";
import { privateKeyToAccount } from "viem/accounts";

export const WALLET_NAME = "Test wallet";

export interface BrowserWallet {
  /** In lower case: of the account it is at. */
  readonly address: () => string;
  /** Methods that it was asked, in their order. */
  readonly asked: readonly string[];
  /** Texts that were signed. */
  readonly texts: readonly string[];
  /** From now on its owner declines whatever is to be signed, or agrees to it. */
  readonly decline: (isDeclining: boolean) => void;
  /** Its owner changes to his second account. */
  readonly change: () => Promise<void>;
  /** Its owner locks it, or opens it again. */
  readonly lock: (isLocked: boolean) => Promise<void>;
  /** It is on this chain, and signs typed data for no other. @param mayChange - whether it knows the chain it is asked to change to */
  readonly standOn: (chain: number, mayChange: boolean) => void;
}

interface Call {
  readonly method: string;
  readonly params?: readonly unknown[];
}

/** What crosses from the test to the page: thrown there, if it is an error, as wallets do, as a plain object. */
type Answer =
  | { readonly result: unknown }
  | { readonly error: { readonly code: number; readonly message: string } };

const refused = (code: number, message: string): Answer => ({ error: { code, message } });

/** @param seed - which keys it has: addresses of tests do not meet on one venue */
export async function giveWallet(
  page: Page,
  seed: number,
  how: "announced" | "window" = "announced",
): Promise<BrowserWallet> {
  const keys = [seed, seed + 1].map((each) => privateKeyToAccount(hexOf(new Uint8Array(32).fill(each))));
  let at = 0;
  let isDeclining = false;
  let isLocked = false;
  let stand: { chain: number; readonly mayChange: boolean } | undefined;
  const asked: string[] = [];
  const texts: string[] = [];
  const key = () => keys[at] as (typeof keys)[number];

  const answer = async ({ method, params = [] }: Call): Promise<Answer> => {
    asked.push(method);
    if (method === "eth_chainId") return { result: `0x${(stand?.chain ?? 1).toString(16)}` };
    if (method === "eth_accounts") return { result: isLocked ? [] : [key().address] };
    if (isDeclining) return refused(4001, "User rejected the request.");
    if (method === "eth_requestAccounts") return { result: [key().address] };
    if (method === "wallet_switchEthereumChain") {
      if (stand?.mayChange === false) return refused(4902, "Unrecognized chain ID.");
      if (stand !== undefined) stand.chain = Number((params[0] as { readonly chainId: string }).chainId);
      return { result: null };
    }
    if (method === "personal_sign") {
      const [raw, address] = params as [`0x${string}`, string];
      if (address !== key().address.toLowerCase()) return refused(4100, "Unauthorized.");
      texts.push(Buffer.from(raw.slice(2), "hex").toString());
      return { result: await key().signMessage({ message: { raw } }) };
    }
    if (method === "eth_signTypedData_v4") {
      const [address, text] = params as [string, string];
      if (address !== key().address.toLowerCase()) return refused(4100, "Unauthorized.");
      const data = JSON.parse(text) as Parameters<ReturnType<typeof key>["signTypedData"]>[0];
      const { chainId } = data.domain as { readonly chainId: number };
      if (stand !== undefined && chainId !== stand.chain)
        return refused(
          -32603,
          `Provided chainId "${chainId}" must match the active chainId "${stand.chain}"`,
        );
      return { result: await key().signTypedData(data) };
    }
    return refused(4200, "Unsupported method.");
  };

  await page.exposeFunction("askWallet", answer);
  await page.addInitScript(
    ({ isAnnounced, name }) => {
      const here = globalThis as unknown as {
        askWallet(call: unknown): Promise<{ readonly result?: unknown; readonly error?: unknown }>;
        tellPage: (event: string, told: unknown) => void;
        ethereum: unknown;
      };
      const listeners = new Map<string, Set<(told: unknown) => void>>();
      const of = (event: string) => listeners.get(event) ?? new Set<(told: unknown) => void>();
      const provider = {
        request: async (call: unknown) => {
          const { result, error } = await here.askWallet(call);
          if (error !== undefined) throw error;
          return result;
        },
        on: (event: string, listener: (told: unknown) => void) =>
          listeners.set(event, of(event).add(listener)),
        removeListener: (event: string, listener: (told: unknown) => void) => of(event).delete(listener),
      };
      here.tellPage = (event, told) => {
        for (const listener of of(event)) listener(told);
      };
      if (!isAnnounced) {
        here.ethereum = provider;
        return;
      }
      const info = { uuid: "5a0f3f0e-3f5c-4f0b-9d0b-3c1f6e3c2a11", name, icon: "", rdns: "test.wallet" };
      const announce = (): void =>
        void globalThis.dispatchEvent(
          new CustomEvent("eip6963:announceProvider", { detail: Object.freeze({ info, provider }) }),
        );
      globalThis.addEventListener("eip6963:requestProvider", announce);
      announce();
    },
    { isAnnounced: how === "announced", name: WALLET_NAME },
  );
  const tell = (event: string, told: unknown): Promise<void> =>
    page.evaluate(
      ([name, what]) =>
        (globalThis as unknown as { tellPage: (event: unknown, told: unknown) => void }).tellPage(name, what),
      [event, told],
    );
  return {
    address: () => key().address.toLowerCase(),
    asked,
    texts,
    decline: (whether) => (isDeclining = whether),
    change: () => {
      at = 1;
      return tell("accountsChanged", [key().address]);
    },
    lock: (whether) => {
      isLocked = whether;
      return tell("accountsChanged", whether ? [] : [key().address]);
    },
    standOn: (chain, mayChange) => (stand = { chain, mayChange }),
  };
}
