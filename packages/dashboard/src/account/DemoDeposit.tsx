/** Play money, where the venue is a demo that gives some. */
import { ProblemError } from "@bulkhead/sdk";
import { type ReactNode, useState } from "react";
import { useClient } from "../live/venue.tsx";
import { Button } from "../ui/Button.tsx";
import { useToast } from "../ui/Toast.tsx";
import { grouped, momentText } from "../ui/text.ts";

export function DemoDeposit({
  account,
  onDone,
}: {
  readonly account: number;
  readonly onDone: () => void;
}): ReactNode {
  const client = useClient();
  const toast = useToast();
  const [isBusy, setBusy] = useState(false);
  const [isKnown, setKnown] = useState(true);
  if (client?.venue.demo !== true || !isKnown) return null;
  const deposit = async (): Promise<void> => {
    setBusy(true);
    try {
      const { amount, asset, left, renewsAt } = await client.call("demoDeposit", { body: { account } });
      toast({
        tone: "calm",
        title: `${grouped(amount, 2)} ${asset} of play money deposited`,
        detail: `${grouped(left, 2)} ${asset} are left until ${momentText(renewsAt)}.`,
      });
      onDone();
    } catch (error) {
      if (error instanceof ProblemError && error.status === 404) setKnown(false);
      toast({ tone: "caution", title: "Nothing was deposited", detail: (error as Error).message });
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button look="primary" size="small" isBusy={isBusy} onClick={() => void deposit()}>
      Deposit play money
    </Button>
  );
}
