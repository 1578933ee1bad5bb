/** Who one is: log in with a wallet of this browser, or with a key made here where the venue is a demo; log out. */
import { type ReactNode, useEffect, useRef, useState } from "react";
import type { Choice } from "../live/login.ts";
import { useWallet } from "../live/useWallet.ts";
import { useNow } from "../live/venue.tsx";
import { Button } from "../ui/Button.tsx";
import { Copy } from "../ui/Copy.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { Fault } from "../ui/Fault.tsx";
import { Icon } from "../ui/Icon.tsx";
import { Stat } from "../ui/Stat.tsx";
import { useToast } from "../ui/Toast.tsx";
import { When } from "../ui/When.tsx";
import { shortened } from "../ui/text.ts";
import { useAttempt } from "../ui/useAttempt.ts";
import styles from "./WalletButton.module.css";

export function WalletButton(): ReactNode {
  const wallet = useWallet();
  const { address, expires, logOut } = wallet;
  const [isOpen, setOpen] = useState(false);
  const toast = useToast();
  const now = useNow(5_000);
  const hasExpired = expires !== undefined && now >= expires;
  const latest = useRef({ toast, logOut });
  latest.current = { toast, logOut };
  useEffect(() => {
    if (!hasExpired) return;
    latest.current.toast({
      tone: "caution",
      title: "The session has ended",
      detail: "Log in again to trade.",
    });
    void latest.current.logOut().catch(() => undefined);
  }, [hasExpired]);
  return (
    <>
      <Button
        look={address === undefined ? "primary" : "plain"}
        onClick={() => setOpen(true)}
        aria-haspopup="dialog"
      >
        <Icon name="wallet" />
        <span className={styles.word}>{address === undefined ? "Log in" : shortened(address)}</span>
      </Button>
      <Dialog
        title={address === undefined ? "Log in" : "Logged in"}
        isOpen={isOpen}
        onClose={() => setOpen(false)}
      >
        {address === undefined ? (
          <LogIn wallet={wallet} onDone={() => setOpen(false)} />
        ) : (
          <LoggedIn wallet={wallet} onDone={() => setOpen(false)} />
        )}
      </Dialog>
    </>
  );
}

interface PartProps {
  readonly wallet: ReturnType<typeof useWallet>;
  readonly onDone: () => void;
}

function LogIn({ wallet: { wallets, isDemo, isBusy, logIn }, onDone }: PartProps): ReactNode {
  const [error, setError] = useState<unknown>();
  const choose = async (choice: Choice): Promise<void> => {
    setError(undefined);
    try {
      await logIn(choice);
      onDone();
    } catch (thrown) {
      setError(thrown);
    }
  };
  return (
    <>
      <p className={styles.text}>
        The wallet signs once, for a key that stays in this tab: it may read your account and place orders for
        a day. Whatever moves money out is always signed by the wallet itself.
      </p>
      <ul className={styles.wallets}>
        {wallets.map((each) => (
          <li key={each.rdns}>
            <Button
              size="large"
              isBusy={isBusy}
              className={styles.choice}
              onClick={() => void choose({ kind: "browser", wallet: each })}
            >
              {each.icon === undefined ? (
                <Icon name="wallet" />
              ) : (
                <img src={each.icon} alt="" width="20" height="20" />
              )}
              {each.name}
            </Button>
          </li>
        ))}
        {isDemo && (
          <li>
            <Button
              look="primary"
              size="large"
              isBusy={isBusy}
              className={styles.choice}
              onClick={() => void choose({ kind: "demo" })}
            >
              <Icon name="account" />
              Demo key, made in this browser
            </Button>
          </li>
        )}
      </ul>
      {wallets.length === 0 && !isDemo && (
        <p className={styles.text}>
          No wallet was found in this browser. Any that announces itself (EIP-6963) is listed here.
        </p>
      )}
      {error !== undefined && <Fault error={error} what="Nobody was logged in" />}
    </>
  );
}

function LoggedIn({
  wallet: { address = "", accounts, expires, canSign, isBusy, logOut, openAccount },
  onDone,
}: PartProps): ReactNode {
  const { error, attempt } = useAttempt();
  return (
    <>
      <div className={styles.facts}>
        <Stat label="Address">
          <Copy text={address} label="address" />
        </Stat>
        <Stat label={accounts.length === 1 ? "Account" : "Accounts"}>
          {accounts.length === 0 ? "none yet" : accounts.join(", ")}
        </Stat>
        <Stat label="Session ends">
          <When at={expires} />
        </Stat>
        <Stat label="Signs for">{canSign ? "orders and money" : "orders"}</Stat>
      </div>
      {!canSign && (
        <p className={styles.text}>
          The wallet is not there any more: orders work, moving money does not until you log in again.
        </p>
      )}
      <div className={styles.actions}>
        {accounts.length === 0 && (
          <Button look="primary" isBusy={isBusy} onClick={() => void attempt(openAccount)}>
            Open an account
          </Button>
        )}
        <Button
          isBusy={isBusy}
          onClick={() =>
            void attempt(async () => {
              await logOut();
              onDone();
            })
          }
        >
          Log out
        </Button>
      </div>
      {error !== undefined && <Fault error={error} />}
    </>
  );
}
