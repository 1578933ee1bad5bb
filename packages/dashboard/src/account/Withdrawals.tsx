/** What was asked to be paid out: how much is released, what waits and in which place, and taking back what waits. */
import type { Withdrawal } from "@bulkhead/protocol";
import { cancelWithdrawal } from "@bulkhead/sdk";
import { type ReactNode, useEffect, useMemo, useState } from "react";
import { Link } from "wouter";
import { useChannel } from "../live/channel.ts";
import { usePages } from "../live/pages.ts";
import { useRoute } from "../live/route.ts";
import { useWallet } from "../live/useWallet.ts";
import { useClient } from "../live/venue.tsx";
import { More } from "../records/More.tsx";
import { Amount } from "../ui/Amount.tsx";
import { Button } from "../ui/Button.tsx";
import { Empty } from "../ui/Empty.tsx";
import { Fault } from "../ui/Fault.tsx";
import { Panel } from "../ui/Panel.tsx";
import { Loading } from "../ui/Skeleton.tsx";
import { type Column, Table } from "../ui/Table.tsx";
import { useToast } from "../ui/Toast.tsx";
import { When } from "../ui/When.tsx";
import { duration } from "../ui/text.ts";
import { Throttle } from "./Throttle.tsx";

export function Withdrawals({ account }: { readonly account: number }): ReactNode {
  const client = useClient();
  const { canSign } = useWallet();
  const risk = useRoute("risk", {}, { everyMs: 5_000 });
  const toast = useToast();
  const [busy, setBusy] = useState<number>();
  const pages = usePages("withdrawals", { params: { account }, query: { limit: 50 } }, { everyMs: 5_000 });
  const moved = useChannel("withdrawals", { account });
  const { again } = pages;
  useEffect(again, [moved.sequence]); // eslint-disable-line react-hooks/exhaustive-deps -- when one has moved
  const columns = useMemo(() => {
    const cancel = async (withdrawal: number): Promise<void> => {
      if (client === undefined) return;
      setBusy(withdrawal);
      try {
        await cancelWithdrawal(client, withdrawal, account);
        toast({ tone: "calm", title: "What was queued is back in the vault" });
      } catch (error) {
        toast({ tone: "alarm", title: "It was not taken back", detail: (error as Error).message });
      } finally {
        setBusy(undefined);
      }
    };
    return columnsOf(canSign, busy, (withdrawal) => void cancel(withdrawal));
  }, [client, account, canSign, busy, toast]);
  return (
    <>
      <Panel
        title="Throttle"
        note="what may leave the venue, for everybody together"
        isStale={risk.isStale}
        sequence={risk.sequence}
      >
        <Throttle />
      </Panel>
      <Panel
        title="Withdrawals"
        note="newest first"
        isFlush
        isStale={pages.isStale || moved.isStale}
        sequence={moved.sequence}
        actions={<Link href="/account/move">Withdraw</Link>}
      >
        {pages.error !== undefined && pages.items === undefined ? (
          <Fault error={pages.error} what="The withdrawals cannot be read" onAgain={pages.again} />
        ) : pages.items === undefined ? (
          <Loading lines={4} />
        ) : (
          <>
            <Table
              label="Withdrawals"
              columns={columns}
              rows={pages.items}
              keyOf={({ withdrawal }) => withdrawal}
              empty={<Empty title="Nothing was withdrawn yet" />}
            />
            <More pages={pages} />
          </>
        )}
      </Panel>
    </>
  );
}

const money = (
  name: string,
  title: string,
  value: (row: Withdrawal) => string,
  isMinor = false,
): Column<Withdrawal> => ({
  name,
  title,
  align: "end",
  cell: (row) => <Amount value={value(row)} unit={row.asset} />,
  value,
  isMinor,
});

function columnsOf(
  canSign: boolean,
  busy: number | undefined,
  cancel: (withdrawal: number) => void,
): readonly Column<Withdrawal>[] {
  return [
    {
      name: "time",
      title: "Requested",
      cell: ({ requestedAt }) => <When at={requestedAt} as="moment" />,
      value: ({ requestedAt }) => requestedAt,
    },
    money("amount", "Amount", ({ amount }) => amount),
    money("queued", "Queued", ({ queued }) => queued),
    {
      name: "place",
      title: "Place",
      align: "end",
      hint: "In the queue, and how long at worst until all of it can be released",
      cell: ({ place, worstWait }) =>
        place === null
          ? "–"
          : `${place.toLocaleString("en-US")}${worstWait === null ? "" : `, ≤ ${duration(worstWait)}`}`,
      value: ({ place }) => place,
    },
    money("released", "Released", ({ released }) => released, true),
    money("paid", "Paid", ({ paid }) => paid, true),
    money("cancelled", "Taken back", ({ cancelled }) => cancelled, true),
    {
      name: "act",
      title: "",
      align: "end",
      isFixed: true,
      cell: ({ withdrawal, place }) =>
        place !== null && (
          <Button
            size="small"
            isBusy={busy === withdrawal}
            disabled={!canSign}
            onClick={() => cancel(withdrawal)}
            aria-label={`Take back withdrawal ${withdrawal}`}
          >
            Take back
          </Button>
        ),
    },
  ];
}
