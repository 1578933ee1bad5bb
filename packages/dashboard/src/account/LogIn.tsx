/** For whoever is not logged in, or has no account: what for, and how. */
import type { ReactNode } from "react";
import { useWallet } from "../live/useWallet.ts";
import { EnterHere } from "../records/LogIn.tsx";
import { Empty } from "../ui/Empty.tsx";

export function LogIn(): ReactNode {
  const { address } = useWallet();
  return address === undefined ? (
    <Empty title="Nobody is logged in" action={<EnterHere what="Use a demo key" />}>
      A wallet of this browser signs for it. Nothing is sent anywhere but to this node.
    </Empty>
  ) : (
    <Empty title="There is no account of this address yet" action={<EnterHere what="" />}>
      Opening one costs a signature of your wallet, and nothing else.
    </Empty>
  );
}
