/** What went wrong, and how it was dealt with: positions that were closed in distress. */
import type { Liquidation } from "@bulkhead/protocol";
import type { ReactNode } from "react";
import { useRoute } from "../live/route.ts";
import { Amount, Price } from "../ui/Amount.tsx";
import { Empty } from "../ui/Empty.tsx";
import { Fault } from "../ui/Fault.tsx";
import { PageHead } from "../ui/Page.tsx";
import { Panel } from "../ui/Panel.tsx";
import { Loading } from "../ui/Skeleton.tsx";
import { type Column, Table } from "../ui/Table.tsx";
import { When } from "../ui/When.tsx";

const COLUMNS: readonly Column<Liquidation>[] = [
  {
    name: "time",
    title: "Time",
    cell: ({ time }) => <When at={time} as="moment" />,
    value: ({ time }) => time,
  },
  { name: "symbol", title: "Market", cell: ({ symbol }) => symbol, value: ({ symbol }) => symbol },
  { name: "side", title: "Closed by", cell: ({ side }) => side, value: ({ side }) => side, isMinor: true },
  {
    name: "amount",
    title: "Amount",
    align: "end",
    cell: ({ amount, symbol }) => <Amount value={amount} unit={symbol.replace(/-.*/, "")} />,
    value: ({ amount }) => amount,
  },
  {
    name: "price",
    title: "Price, USD",
    align: "end",
    cell: ({ price }) => <Price value={price} />,
    value: ({ price }) => price,
  },
  { name: "how", title: "How", cell: ({ how }) => how, value: ({ how }) => how },
  {
    name: "penalty",
    title: "Penalty, USD",
    align: "end",
    isMinor: true,
    cell: ({ penalty }) => <Amount value={penalty} unit="USD" isUnitHidden />,
    value: ({ penalty }) => penalty,
  },
];

export function IncidentsPage(): ReactNode {
  const { data, error, isLoading, isStale, again } = useRoute(
    "liquidations",
    { query: {} },
    { everyMs: 3_000 },
  );
  return (
    <>
      <PageHead title="Incidents">
        Positions that were closed in distress on this venue, newest first.
      </PageHead>
      {error !== undefined && data === undefined && (
        <Fault error={error} what="The liquidations cannot be read" onAgain={again} />
      )}
      <Panel title="Liquidations" isFlush isStale={isStale}>
        {isLoading ? (
          <Loading />
        ) : (
          <Table
            label="Liquidations"
            columns={COLUMNS}
            rows={data?.items ?? []}
            keyOf={({ id }) => id}
            maxHeight="70vh"
            empty={
              <Empty title="No position was closed in distress">
                The venue has been calm since it began.
              </Empty>
            }
          />
        )}
      </Panel>
    </>
  );
}
