/** Where one has to be logged in: says so, and on a demo lets one in at once. */
import type { ReactNode } from "react";
import { useWallet } from "../live/useWallet.ts";
import { Button } from "../ui/Button.tsx";
import { Fault } from "../ui/Fault.tsx";
import { useAttempt } from "../ui/useAttempt.ts";
import styles from "./PreviewView.module.css";

export function LogInHere(): ReactNode {
  const { address, isDemo, isBusy, logIn, openAccount } = useWallet();
  const { error, attempt } = useAttempt();
  return (
    <>
      {address !== undefined ? (
        <Button look="primary" size="large" isBusy={isBusy} onClick={() => void attempt(openAccount)}>
          Open an account to trade
        </Button>
      ) : isDemo ? (
        <Button
          look="primary"
          size="large"
          isBusy={isBusy}
          onClick={() => void attempt(() => logIn({ kind: "demo" }))}
        >
          Trade with a demo key
        </Button>
      ) : (
        <p className={styles.hint}>Log in with a wallet to trade: the button is at the top right.</p>
      )}
      {error !== undefined && <Fault error={error} what="Nobody was logged in" />}
    </>
  );
}
