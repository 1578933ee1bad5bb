/** Who is logged in on this page, and how somebody logs in. */
import { useState } from "react";
import type { Notice } from "./live.ts";
import { type Choice, logIn, logOut, openOwnAccount } from "./login.ts";
import { useStore } from "./store.ts";
import { useClient, useLive } from "./venue.tsx";
import { type BrowserWallet, browserWallets } from "./wallets.ts";

export interface WalletState {
  /** Whoever is logged in, in lower case; undefined if nobody is. */
  readonly address: string | undefined;
  /** His accounts, and the one that is meant where none is named. */
  readonly accounts: readonly number[];
  readonly account: number | undefined;
  readonly choose: (account: number) => void;
  /** When the session ends, ms since the epoch. */
  readonly expires: number | undefined;
  /** Whether what only a wallet may sign can be signed now. */
  readonly canSign: boolean;
  /** What has become of his being logged in without his doing; undefined if nothing. */
  readonly notice: Notice | undefined;
  /** Wallets in this browser. */
  readonly wallets: readonly BrowserWallet[];
  /** Whether the venue takes a key made here: it is a demo. */
  readonly isDemo: boolean;
  /** Whether a wallet is being asked. */
  readonly isBusy: boolean;
  /** @throws whatever the wallet or the node says; for `Fault` or a toast */
  readonly logIn: (choice: Choice) => Promise<void>;
  readonly logOut: () => Promise<void>;
  /** Opens an account, which is then the one that is meant; demo keys have one from the start. */
  readonly openAccount: () => Promise<number>;
}

const NO_ACCOUNTS: readonly number[] = [];

export function useWallet(): WalletState {
  const live = useLive();
  const client = useClient();
  const someone = useStore(live.signedIn);
  const wallets = useStore(browserWallets());
  const [isBusy, setBusy] = useState(false);
  const busy = async <Result>(act: () => Promise<Result>): Promise<Result> => {
    setBusy(true);
    try {
      return await act();
    } finally {
      setBusy(false);
    }
  };
  const session = someone?.client.session;
  const accounts = session?.accounts ?? NO_ACCOUNTS;
  const chosen = useStore(live.account);
  const notice = useStore(live.notice);
  return {
    address: session?.owner,
    accounts,
    account: accounts.find((each) => each === chosen) ?? accounts[0],
    choose: live.account.set,
    expires: session?.expires,
    canSign: someone?.canSign ?? false,
    notice,
    wallets,
    isDemo: client?.venue.demo ?? false,
    isBusy,
    logIn: (choice) => busy(() => logIn(live, choice)),
    logOut: () => busy(() => logOut(live)),
    openAccount: () => busy(() => openOwnAccount(live)),
  };
}
