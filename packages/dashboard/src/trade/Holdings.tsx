/** Below the chart: what one holds and has asked for, on all markets. */
import type { Instrument } from "@bulkhead/protocol";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { usePages } from "../live/pages.ts";
import { useWallet } from "../live/useWallet.ts";
import { FILL_COLUMNS, ORDER_COLUMNS } from "../records/columns.tsx";
import { More } from "../records/More.tsx";
import { Empty } from "../ui/Empty.tsx";
import { Fault } from "../ui/Fault.tsx";
import { Panel } from "../ui/Panel.tsx";
import { Loading } from "../ui/Skeleton.tsx";
import { Table } from "../ui/Table.tsx";
import { Tabs } from "../ui/Tabs.tsx";
import { Buckets } from "./Buckets.tsx";
import { OpenOrders } from "./OpenOrders.tsx";
import type { Own, OwnOrder } from "./own.ts";
import { usePositions } from "./own.ts";
import { Positions } from "./Positions.tsx";

export type HoldingsPart = "positions" | "orders" | "fills" | "history" | "margin";

const MAX_HEIGHT = "340px";

const count = (items: readonly unknown[] | undefined): string =>
  items === undefined || items.length === 0 ? "" : ` ${items.length}`;

export function Holdings({
  instruments,
  orders,
  part,
  onPart,
  isWanted,
  onArrival,
}: {
  readonly instruments: readonly Instrument[];
  readonly orders: Own<OwnOrder>;
  readonly part: HoldingsPart;
  readonly onPart: (part: HoldingsPart) => void;
  /** Whether somebody wants to be at his open orders by keys. */
  readonly isWanted: boolean;
  readonly onArrival: () => void;
}): ReactNode {
  const { account } = useWallet();
  const positions = usePositions();
  const told = part === "positions" ? positions : part === "orders" ? orders : undefined;
  return (
    <Panel
      title={<span className="visually-hidden">Yours</span>}
      note={
        <Tabs<HoldingsPart>
          label="What is yours"
          tabs={[
            { name: "positions", text: `Positions${count(positions.items)}` },
            { name: "orders", text: `Orders${count(orders.items)}` },
            { name: "fills", text: "Fills" },
            { name: "history", text: "Order history" },
            { name: "margin", text: "Margin" },
          ]}
          chosen={part}
          onChoose={onPart}
        />
      }
      actions={account !== undefined && <Link href="/account">Account {account}</Link>}
      isFlush
      isStale={told?.isStale ?? false}
      sequence={told?.sequence}
    >
      {account === undefined ? (
        <Empty title="Log in to see what is yours">Positions, orders and fills stand here then.</Empty>
      ) : part === "positions" ? (
        <Positions instruments={instruments} positions={positions} />
      ) : part === "orders" ? (
        <OpenOrders instruments={instruments} orders={orders} isWanted={isWanted} onArrival={onArrival} />
      ) : part === "margin" ? (
        <Buckets />
      ) : part === "fills" ? (
        <Fills account={account} />
      ) : (
        <History account={account} />
      )}
    </Panel>
  );
}

function Fills({ account }: { readonly account: number }): ReactNode {
  const pages = usePages("fills", { params: { account }, query: { limit: 50 } }, { everyMs: 3_000 });
  if (pages.error !== undefined && pages.items === undefined)
    return <Fault error={pages.error} what="The fills cannot be read" onAgain={pages.again} />;
  if (pages.items === undefined) return <Loading lines={4} />;
  return (
    <>
      <Table
        label="Fills"
        columns={FILL_COLUMNS}
        rows={pages.items}
        keyOf={({ id }) => id}
        maxHeight={MAX_HEIGHT}
        empty={<Empty title="No fills yet" />}
      />
      <More pages={pages} />
    </>
  );
}

function History({ account }: { readonly account: number }): ReactNode {
  const pages = usePages("orderHistory", { params: { account }, query: { limit: 50 } }, { everyMs: 3_000 });
  if (pages.error !== undefined && pages.items === undefined)
    return <Fault error={pages.error} what="The orders cannot be read" onAgain={pages.again} />;
  if (pages.items === undefined) return <Loading lines={4} />;
  return (
    <>
      <Table
        label="Order history"
        columns={ORDER_COLUMNS}
        rows={pages.items}
        keyOf={({ id }) => id}
        maxHeight={MAX_HEIGHT}
        empty={<Empty title="No orders yet" />}
      />
      <More pages={pages} />
    </>
  );
}
