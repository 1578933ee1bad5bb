/** One's own: money in the vault and in compartments, moving it, what was ordered and filled, every change of a balance, and who may act. */
import type { ReactNode } from "react";
import { Link, useLocation, useParams } from "wouter";
import { useWallet } from "../live/useWallet.ts";
import { Copy } from "../ui/Copy.tsx";
import { Empty } from "../ui/Empty.tsx";
import { PageHead, Stack } from "../ui/Page.tsx";
import { Panel } from "../ui/Panel.tsx";
import { Tabs } from "../ui/Tabs.tsx";
import { Balances } from "./Balances.tsx";
import { Fills, Orders } from "./Histories.tsx";
import { Ledger } from "./Ledger.tsx";
import { LogIn } from "./LogIn.tsx";
import { MoveMoney } from "./MoveMoney.tsx";
import { Sessions } from "./Sessions.tsx";
import { Withdrawals } from "./Withdrawals.tsx";

const PARTS = {
  balances: "Balances",
  move: "Move money",
  withdrawals: "Withdrawals",
  orders: "Orders",
  fills: "Fills",
  ledger: "Ledger",
  sessions: "Sessions",
} as const;
type Part = keyof typeof PARTS;

export function AccountPage(): ReactNode {
  const { part: named = "balances" } = useParams<{ readonly part?: string }>();
  const [, go] = useLocation();
  const { account, address } = useWallet();
  const part = (Object.keys(PARTS) as Part[]).find((each) => each === named);
  return (
    <>
      <PageHead
        title="Account"
        actions={
          account !== undefined &&
          address !== undefined && (
            <span>
              Account {account} of <Copy text={address} label="address" />
            </span>
          )
        }
      >
        What is yours: outside all compartments in the vault, and in each bucket with what it must hold.
      </PageHead>
      {part === undefined ? (
        <Empty
          title={`There is no part of an account called ${named}`}
          action={<Link href="/account">To the balances</Link>}
        />
      ) : account === undefined ? (
        <Panel title="Log in">
          <LogIn />
        </Panel>
      ) : (
        <Stack>
          <Tabs<Part>
            label="Parts of the account"
            tabs={(Object.keys(PARTS) as Part[]).map((name) => ({ name, text: PARTS[name] }))}
            chosen={part}
            onChoose={(name) => go(name === "balances" ? "/account" : `/account/${name}`)}
          >
            <Stack>
              <Shown part={part} account={account} />
            </Stack>
          </Tabs>
        </Stack>
      )}
    </>
  );
}

function Shown({ part, account }: { readonly part: Part; readonly account: number }): ReactNode {
  if (part === "balances") return <Balances account={account} />;
  if (part === "move") return <MoveMoney account={account} />;
  if (part === "withdrawals") return <Withdrawals account={account} />;
  if (part === "orders") return <Orders account={account} />;
  if (part === "fills") return <Fills account={account} />;
  if (part === "ledger") return <Ledger account={account} />;
  return <Sessions />;
}
