/** Who one is: log in with a wallet of this browser, or with a key made here where the venue is a demo; log out. */
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useRoute } from "../live/route.ts";
import { useWallet } from "../live/useWallet.ts";
import { useNow } from "../live/venue.tsx";
import { LogInChoices } from "../records/LogIn.tsx";
import { Button } from "../ui/Button.tsx";
import { Copy } from "../ui/Copy.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { Fault } from "../ui/Fault.tsx";
import { Icon } from "../ui/Icon.tsx";
import { Select } from "../ui/Select.tsx";
import { Stat } from "../ui/Stat.tsx";
import { useToast } from "../ui/Toast.tsx";
import { When } from "../ui/When.tsx";
import { shortened } from "../ui/text.ts";
import { useAttempt } from "../ui/useAttempt.ts";
import styles from "./WalletButton.module.css";

/** Between two looks at whether the node still knows the session, ms. */
const SESSION_MS = 10_000;

export function WalletButton(): ReactNode {
  const wallet = useWallet();
  const { address, expires, notice, logOut } = wallet;
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
  // Somebody may end the session elsewhere: whoever asks is told so, and is let out.
  useRoute("sessions", {}, { everyMs: SESSION_MS });
  useEffect(() => {
    if (notice !== undefined) latest.current.toast({ tone: "caution", ...notice });
  }, [notice]);
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
          <LogInChoices onDone={() => setOpen(false)} />
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

function LoggedIn({
  wallet: { address = "", accounts, account, choose, expires, canSign, isBusy, logOut, openAccount },
  onDone,
}: PartProps): ReactNode {
  const { error, attempt } = useAttempt();
  return (
    <>
      <div className={styles.facts}>
        <Stat label="Address">
          <Copy text={address} label="address" />
        </Stat>
        {accounts.length > 1 ? (
          <Select
            label="Account"
            value={String(account)}
            options={accounts.map((each) => ({ value: String(each), text: String(each) }))}
            onChange={(value) => choose(Number(value))}
          />
        ) : (
          <Stat label="Account">{account ?? "none yet"}</Stat>
        )}
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
        {canSign && (
          <Button
            look={account === undefined ? "primary" : "plain"}
            isBusy={isBusy}
            onClick={() => void attempt(openAccount)}
          >
            Open {account === undefined ? "an account" : "another account"}
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
