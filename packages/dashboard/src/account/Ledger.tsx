/** Every change of every balance; and the same as a file, made by the node itself. */
import type { LedgerEntry } from "@bulkhead/protocol";
import { type ReactNode, useMemo, useState } from "react";
import { usePages } from "../live/pages.ts";
import { useClient } from "../live/venue.tsx";
import { More } from "../records/More.tsx";
import { Amount } from "../ui/Amount.tsx";
import { Button } from "../ui/Button.tsx";
import { download } from "../ui/csv.ts";
import { Empty } from "../ui/Empty.tsx";
import { Fault } from "../ui/Fault.tsx";
import { Field } from "../ui/Field.tsx";
import { Panel } from "../ui/Panel.tsx";
import { Loading } from "../ui/Skeleton.tsx";
import { type Column, Table } from "../ui/Table.tsx";
import { useToast } from "../ui/Toast.tsx";
import { When } from "../ui/When.tsx";
import { worded } from "../ui/text.ts";
import styles from "./account.module.css";

const DAY = 86_400_000;

export function Ledger({ account }: { readonly account: number }): ReactNode {
  const client = useClient();
  const toast = useToast();
  const [since, setSince] = useState("");
  const [until, setUntil] = useState("");
  const [isBusy, setBusy] = useState(false);
  const range = useMemo(() => rangeOf(since, until), [since, until]);
  const pages = usePages(
    "ledger",
    { params: { account }, query: { limit: 100, ...range } },
    { everyMs: 5_000 },
  );
  const save = async (): Promise<void> => {
    if (client === undefined) return;
    setBusy(true);
    try {
      const csv = await client.call("ledgerCsv", { params: { account }, query: range });
      download(`statement-${account}${since && `-${since}`}${until && `-${until}`}.csv`, csv);
    } catch (error) {
      toast({ tone: "alarm", title: "The statement cannot be had", detail: (error as Error).message });
    } finally {
      setBusy(false);
    }
  };
  return (
    <Panel title="Ledger" note="newest first" isFlush isStale={pages.isStale}>
      <div className={styles.bar}>
        <Field label="From, UTC" type="date" value={since} onChange={setSince} />
        <Field label="To, UTC" type="date" value={until} onChange={setUntil} />
        <Button isBusy={isBusy} onClick={() => void save()}>
          ↓ Statement, CSV
        </Button>
      </div>
      {pages.error !== undefined && pages.items === undefined ? (
        <Fault error={pages.error} what="The ledger cannot be read" onAgain={pages.again} />
      ) : pages.items === undefined ? (
        <Loading lines={6} />
      ) : (
        <>
          <Table
            label="Ledger"
            columns={COLUMNS}
            rows={pages.items}
            keyOf={({ id }) => id}
            isExported={false}
            empty={<Empty title="No balance changed in this time" />}
          />
          <More pages={pages} />
        </>
      )}
    </Panel>
  );
}

/** Whole days, the last one included. */
function rangeOf(since: string, until: string): { readonly since?: number; readonly until?: number } {
  return {
    ...(since !== "" && { since: Date.parse(since) }),
    ...(until !== "" && { until: Date.parse(until) + DAY }),
  };
}

const placeOf = ({ tier, bucket }: LedgerEntry): string =>
  tier === 0 ? "vault" : `tier ${tier}, bucket ${bucket}`;

const COLUMNS: readonly Column<LedgerEntry>[] = [
  {
    name: "time",
    title: "Time",
    cell: ({ time }) => <When at={time} as="moment" />,
    value: ({ time }) => time,
  },
  { name: "kind", title: "What", cell: ({ kind }) => worded(kind), value: ({ kind }) => kind },
  { name: "place", title: "Where", cell: placeOf, value: placeOf, isMinor: true },
  {
    name: "symbol",
    title: "Market",
    cell: ({ symbol }) => symbol ?? "–",
    value: ({ symbol }) => symbol,
    isMinor: true,
  },
  {
    name: "amount",
    title: "Change",
    align: "end",
    cell: ({ amount, asset }) => <Amount value={amount} unit={asset} isSigned />,
    value: ({ amount }) => amount,
  },
  {
    name: "balance",
    title: "Balance then",
    align: "end",
    cell: ({ balance, asset }) => <Amount value={balance} unit={asset} />,
    value: ({ balance }) => balance,
  },
  {
    name: "sequence",
    title: "Command",
    align: "end",
    cell: ({ sequence }) => `#${sequence.toLocaleString("en-US")}`,
    value: ({ sequence }) => sequence,
    isMinor: true,
  },
];
