/** All orders and all fills of an account, page after page. */
import type { ReactNode } from "react";
import { usePages } from "../live/pages.ts";
import { FILL_COLUMNS, ORDER_COLUMNS } from "../records/columns.tsx";
import { More } from "../records/More.tsx";
import { Empty } from "../ui/Empty.tsx";
import { Fault } from "../ui/Fault.tsx";
import { Panel } from "../ui/Panel.tsx";
import { Loading } from "../ui/Skeleton.tsx";
import { Table } from "../ui/Table.tsx";

const AGAIN_MS = 5_000;

export function Orders({ account }: { readonly account: number }): ReactNode {
  const pages = usePages(
    "orderHistory",
    { params: { account }, query: { limit: 100 } },
    { everyMs: AGAIN_MS },
  );
  return (
    <Panel title="Orders" note="open and done, newest first" isFlush isStale={pages.isStale}>
      {pages.error !== undefined && pages.items === undefined ? (
        <Fault error={pages.error} what="The orders cannot be read" onAgain={pages.again} />
      ) : pages.items === undefined ? (
        <Loading lines={6} />
      ) : (
        <>
          <Table
            label="Orders"
            columns={ORDER_COLUMNS}
            rows={pages.items}
            keyOf={({ id }) => id}
            empty={<Empty title="No orders yet">Place one on the page of a market.</Empty>}
          />
          <More pages={pages} />
        </>
      )}
    </Panel>
  );
}

export function Fills({ account }: { readonly account: number }): ReactNode {
  const pages = usePages("fills", { params: { account }, query: { limit: 100 } }, { everyMs: AGAIN_MS });
  return (
    <Panel title="Fills" note="newest first" isFlush isStale={pages.isStale}>
      {pages.error !== undefined && pages.items === undefined ? (
        <Fault error={pages.error} what="The fills cannot be read" onAgain={pages.again} />
      ) : pages.items === undefined ? (
        <Loading lines={6} />
      ) : (
        <>
          <Table
            label="Fills"
            columns={FILL_COLUMNS}
            rows={pages.items}
            keyOf={({ id }) => id}
            empty={<Empty title="No fills yet" />}
          />
          <More pages={pages} />
        </>
      )}
    </Panel>
  );
}
