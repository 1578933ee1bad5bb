/** What others call the rank in the queue of auto-deleveraging. Here is no queue: who stands on the other side is torn up against pro rata. */
import type { ReactNode } from "react";
import { Link } from "wouter";
import { useChannel } from "../live/channel.ts";
import { useWallet } from "../live/useWallet.ts";
import { Amount, Percent } from "../ui/Amount.tsx";
import { Empty } from "../ui/Empty.tsx";
import { Fault } from "../ui/Fault.tsx";
import { Loading } from "../ui/Skeleton.tsx";
import { Panel } from "../ui/Panel.tsx";
import { type Column, Table } from "../ui/Table.tsx";

interface Position {
  readonly symbol: string;
  readonly bucket: number;
  readonly side: string;
  readonly amount: string;
  readonly tearUpShare: string;
}

const COLUMNS: readonly Column<Position>[] = [
  {
    name: "symbol",
    title: "Position",
    cell: ({ symbol, side }) => `${symbol} ${side}`,
    value: ({ symbol }) => symbol,
  },
  {
    name: "amount",
    title: "Amount",
    align: "end",
    cell: ({ symbol, amount }) => <Amount value={amount} unit={symbol.replace(/-.*/, "")} />,
    value: ({ amount }) => amount,
  },
  {
    name: "tearUpShare",
    title: "Tear-up share",
    align: "end",
    hint: "Part of the open interest: so much of a position of the other side falls on this one when it is torn up",
    cell: ({ tearUpShare }) => <Percent value={tearUpShare} places={4} />,
    value: ({ tearUpShare }) => tearUpShare,
  },
];

export function TearUp(): ReactNode {
  const { account } = useWallet();
  const { data, isStale, sequence, problem } = useChannel(
    "positions",
    account === undefined ? undefined : { account },
  );
  return (
    <Panel
      title="Rank in a tear-up"
      note="there is none: pro rata"
      isStale={isStale}
      sequence={sequence}
      isFlush
    >
      {problem !== undefined && <Fault error={problem} what="The positions are not told" />}
      {account !== undefined && data === undefined && problem === undefined && <Loading lines={3} />}
      {account === undefined || data?.items.length === 0 ? (
        <Empty
          title={account === undefined ? "Log in to see your own share" : "You have no position"}
          action={account === undefined ? undefined : <Link href="/trade">To the markets</Link>}
        >
          This venue does not rank winners for auto-deleveraging. What no order, keeper or backstop takes of a
          failed position is torn up at the mark against everybody on the other side, each by the same part. A
          position's tear-up share says how much of that would fall on it.
        </Empty>
      ) : (
        data !== undefined && (
          <Table
            label="Tear-up shares"
            columns={COLUMNS}
            rows={data.items}
            keyOf={({ symbol, bucket }) => `${symbol}-${bucket}`}
          />
        )
      )}
    </Panel>
  );
}
