/** The prices that everything is margined by, and what their quality forbids. */
import type { Market } from "@bulkhead/protocol";
import type { ReactNode } from "react";
import { useRoute } from "../live/route.ts";
import { Price } from "../ui/Amount.tsx";
import { Badge } from "../ui/Badge.tsx";
import { Fault } from "../ui/Fault.tsx";
import { PageHead } from "../ui/Page.tsx";
import { Panel } from "../ui/Panel.tsx";
import { Loading } from "../ui/Skeleton.tsx";
import { type Column, Table } from "../ui/Table.tsx";
import { toneOf } from "../ui/states.ts";
import { worded } from "../ui/text.ts";

const COLUMNS: readonly Column<Market>[] = [
  { name: "symbol", title: "Market", cell: ({ symbol }) => symbol, value: ({ symbol }) => symbol },
  {
    name: "mark",
    title: "Mark, USD",
    align: "end",
    cell: ({ mark }) => <Price value={mark} />,
    value: ({ mark }) => mark,
  },
  {
    name: "index",
    title: "Index, USD",
    align: "end",
    cell: ({ index }) => <Price value={index} />,
    value: ({ index }) => index,
  },
  {
    name: "forbids",
    title: "Its price forbids",
    cell: ({ forbids }) =>
      forbids.length === 0 ? (
        <Badge tone="calm">nothing</Badge>
      ) : (
        <Badge tone="alarm">{forbids.join(", ")}</Badge>
      ),
    value: ({ forbids }) => forbids.join(" "),
  },
  {
    name: "breaker",
    title: "Breaker",
    cell: ({ breaker }) => <Badge tone={toneOf(breaker)}>{worded(breaker)}</Badge>,
    value: ({ breaker }) => breaker,
  },
];

export function OraclePage(): ReactNode {
  const { data, error, isLoading, isStale, again } = useRoute("markets", { query: {} }, { everyMs: 1_000 });
  return (
    <>
      <PageHead title="Oracle">
        One price for each market, made of many reports. What it may be used for depends on how well they
        agree.
      </PageHead>
      {error !== undefined && data === undefined && (
        <Fault error={error} what="The markets cannot be read" onAgain={again} />
      )}
      <Panel title="Prices" isFlush isStale={isStale} sequence={data?.[0]?.sequence}>
        {isLoading ? (
          <Loading lines={6} />
        ) : (
          <Table label="Prices" columns={COLUMNS} rows={data ?? []} keyOf={({ symbol }) => symbol} />
        )}
      </Panel>
    </>
  );
}
