/** Wallets that live in this browser: each announces itself (EIP-6963), or one lies at `window.ethereum`. */
import type { Eip1193Provider } from "@bulkhead/sdk";
import { createStore } from "./store.ts";

export interface BrowserWallet {
  /** Reverse domain name, by which it is found again. */
  readonly rdns: string;
  readonly name: string;
  /** A data URI; undefined if it has none that may be shown. */
  readonly icon: string | undefined;
  readonly provider: Eip1193Provider;
}

interface Announcement {
  readonly info: { readonly rdns: string; readonly name: string; readonly icon?: string };
  readonly provider: Eip1193Provider;
}

declare global {
  interface WindowEventMap {
    "eip6963:announceProvider": CustomEvent<Announcement>;
  }
  interface Window {
    readonly ethereum?: Eip1193Provider;
  }
}

const found = createStore<readonly BrowserWallet[]>([]);
let isAsking = false;

/** Those that have announced themselves so far; the list grows. */
export function browserWallets(): typeof found {
  if (isAsking) return found;
  isAsking = true;
  window.addEventListener("eip6963:announceProvider", ({ detail: { info, provider } }) => {
    if (found.get().some(({ rdns }) => rdns === info.rdns)) return;
    const icon = info.icon?.startsWith("data:image/") === true ? info.icon : undefined;
    found.set([...found.get(), { rdns: info.rdns, name: info.name, icon, provider }]);
  });
  window.dispatchEvent(new Event("eip6963:requestProvider"));
  const { ethereum } = window;
  if (found.get().length === 0 && ethereum !== undefined)
    found.set([{ rdns: "window.ethereum", name: "Browser wallet", icon: undefined, provider: ethereum }]);
  return found;
}
