/** The prices of all markets, a row each; the row leads to what the price rests on. */
import type { Market } from "@bulkhead/protocol";
import type { ReactNode } from "react";
import { Price } from "../ui/Amount.tsx";
import { Badge } from "../ui/Badge.tsx";
import { Button } from "../ui/Button.tsx";
import { Empty } from "../ui/Empty.tsx";
import { Panel } from "../ui/Panel.tsx";
import { Sign, StateBadge } from "../ui/Sign.tsx";
import { type Column, Table } from "../ui/Table.tsx";
import { FORBIDDEN_TEXT } from "./words.ts";

export interface FeedsProps {
  readonly markets: readonly Market[];
  readonly isStale: boolean;
  readonly chosen: string | undefined;
  readonly onChoose: (symbol: string) => void;
}

export function Feeds({ markets, isStale, chosen, onChoose }: FeedsProps): ReactNode {
  const columns: readonly Column<Market>[] = [
    {
      name: "symbol",
      title: "Market",
      cell: ({ symbol }) => (
        <Button
          size="small"
          look={symbol === chosen ? "plain" : "quiet"}
          aria-pressed={symbol === chosen}
          onClick={() => onChoose(symbol)}
        >
          {symbol}
        </Button>
      ),
      value: ({ symbol }) => symbol,
    },
    {
      name: "mark",
      title: "Mark, USD",
      align: "end",
      hint: "What positions are margined at",
      cell: ({ mark }) => <Price value={mark} />,
      value: ({ mark }) => mark,
    },
    {
      name: "index",
      title: "Index, USD",
      align: "end",
      hint: "Put together from the reports",
      cell: ({ index }) => <Price value={index} />,
      value: ({ index }) => index,
    },
    {
      name: "bid",
      title: "Best bid, USD",
      align: "end",
      cell: ({ bestBid }) => <Price value={bestBid} />,
      value: ({ bestBid }) => bestBid,
      isMinor: true,
    },
    {
      name: "ask",
      title: "Best ask, USD",
      align: "end",
      cell: ({ bestAsk }) => <Price value={bestAsk} />,
      value: ({ bestAsk }) => bestAsk,
      isMinor: true,
    },
    {
      name: "forbids",
      title: "Its price forbids",
      cell: ({ forbids }) =>
        forbids.length === 0 ? (
          <Badge tone="calm">
            <Sign form="fine" />
            nothing
          </Badge>
        ) : (
          <Badge tone="alarm" title={forbids.map((each) => FORBIDDEN_TEXT[each] ?? each).join("; ")}>
            <Sign form="stop" />
            {forbids.join(", ")}
          </Badge>
        ),
      value: ({ forbids }) => forbids.join(" "),
    },
    {
      name: "breaker",
      title: "Breaker",
      cell: ({ breaker }) => <StateBadge state={breaker} />,
      value: ({ breaker }) => breaker,
      isMinor: true,
    },
  ];
  return (
    <Panel
      title="Prices"
      note={`${markets.length} markets`}
      isFlush
      isStale={isStale}
      sequence={markets[0]?.sequence}
    >
      <Table
        label="Prices of all markets"
        columns={columns}
        rows={markets}
        keyOf={({ symbol }) => symbol}
        empty={<Empty title="No market is listed">Operators list markets; their prices are then here.</Empty>}
      />
    </Panel>
  );
}
