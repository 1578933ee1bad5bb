/** Logging in, wherever somebody has to be: with a wallet of this browser, or, where the venue is a demo, with a key made here. */
import { type ReactNode, useState } from "react";
import { useWallet } from "../live/useWallet.ts";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { Fault } from "../ui/Fault.tsx";
import { Icon } from "../ui/Icon.tsx";
import { useAttempt } from "../ui/useAttempt.ts";
import styles from "./records.module.css";

/** Whoever can sign in this browser, each a button. */
export function LogInChoices({ onDone }: { readonly onDone: () => void }): ReactNode {
  const { wallets, isDemo, isBusy, logIn } = useWallet();
  const { error, attempt } = useAttempt();
  const choose = (choice: Parameters<typeof logIn>[0]): void =>
    void attempt(async () => {
      await logIn(choice);
      onDone();
    });
  return (
    <>
      <p className={styles.text}>
        The wallet signs once, for a key that stays in this tab: it may read your account and place orders for
        a day. Whatever moves money out is always signed by the wallet itself.
      </p>
      <ul className={styles.wallets}>
        {wallets.map((wallet) => (
          <li key={wallet.rdns}>
            <Button
              size="large"
              isBusy={isBusy}
              className={styles.choice}
              onClick={() => choose({ kind: "browser", wallet })}
            >
              {wallet.icon === undefined ? (
                <Icon name="wallet" />
              ) : (
                <img src={wallet.icon} alt="" width="20" height="20" />
              )}
              {wallet.name}
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
              onClick={() => choose({ kind: "demo" })}
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

/**
 * Where one has to be somebody: on a demo one is at once; with a wallet after a dialog; and whoever has no account opens one.
 * @param what - of the button of a demo: "Trade with a demo key"
 */
export function EnterHere({
  what,
  size = "medium",
}: {
  readonly what: string;
  readonly size?: "medium" | "large";
}): ReactNode {
  const { address, isDemo, isBusy, logIn, openAccount } = useWallet();
  const { error, attempt } = useAttempt();
  const [isChoosing, setChoosing] = useState(false);
  if (address !== undefined)
    return (
      <>
        <Button look="primary" size={size} isBusy={isBusy} onClick={() => void attempt(openAccount)}>
          Open an account
        </Button>
        {error !== undefined && <Fault error={error} what="No account was opened" />}
      </>
    );
  return (
    <>
      {isDemo && (
        <Button
          look="primary"
          size={size}
          isBusy={isBusy}
          onClick={() => void attempt(() => logIn({ kind: "demo" }))}
        >
          {what}
        </Button>
      )}
      <Button
        look={isDemo ? "plain" : "primary"}
        size={size}
        onClick={() => setChoosing(true)}
        aria-haspopup="dialog"
      >
        <Icon name="wallet" />
        Use a wallet
      </Button>
      {error !== undefined && <Fault error={error} what="Nobody was logged in" />}
      <Dialog title="Log in" isOpen={isChoosing} onClose={() => setChoosing(false)}>
        <LogInChoices onDone={() => setChoosing(false)} />
      </Dialog>
    </>
  );
}
