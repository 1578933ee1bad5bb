/** For whoever is not logged in: what for, and, on a demo, at once. */
import type { ReactNode } from "react";
import { useWallet } from "../live/useWallet.ts";
import { Button } from "../ui/Button.tsx";
import { Empty } from "../ui/Empty.tsx";
import { Fault } from "../ui/Fault.tsx";
import { useAttempt } from "../ui/useAttempt.ts";

export function LogIn(): ReactNode {
  const { address, isDemo, isBusy, logIn, openAccount } = useWallet();
  const { error, attempt } = useAttempt();
  return (
    <>
      <Empty
        title={address === undefined ? "Nobody is logged in" : "There is no account of this address yet"}
        action={
          address !== undefined ? (
            <Button look="primary" isBusy={isBusy} onClick={() => void attempt(openAccount)}>
              Open an account
            </Button>
          ) : isDemo ? (
            <Button
              look="primary"
              isBusy={isBusy}
              onClick={() => void attempt(() => logIn({ kind: "demo" }))}
            >
              Use a demo key
            </Button>
          ) : undefined
        }
      >
        {address === undefined
          ? "The button at the top right asks a wallet of this browser. Nothing is sent anywhere but to this node."
          : "Opening one costs a signature of your wallet, and nothing else."}
      </Empty>
      {error !== undefined && <Fault error={error} what="That did not work" />}
    </>
  );
}
