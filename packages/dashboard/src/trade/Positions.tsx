/** Open positions, each with the price at which it would be liquidated; closed from here. */
import type { Instrument } from "@bulkhead/protocol";
import { type ReactNode, useMemo, useState } from "react";
import { Link } from "wouter";
import { AMOUNT, SIDE } from "../records/columns.tsx";
import { Amount, Percent, Price } from "../ui/Amount.tsx";
import { Button } from "../ui/Button.tsx";
import { Empty } from "../ui/Empty.tsx";
import { Loading } from "../ui/Skeleton.tsx";
import { type Column, Table } from "../ui/Table.tsx";
import { ClosePosition } from "./ClosePosition.tsx";
import type { Own, OwnPosition } from "./own.ts";

export function Positions({
  instruments,
  positions: { items },
}: {
  readonly instruments: readonly Instrument[];
  readonly positions: Own<OwnPosition>;
}): ReactNode {
  const [closing, setClosing] = useState<OwnPosition>();
  const columns = useMemo(() => columnsOf(setClosing), []);
  const instrument = instruments.find(({ symbol }) => symbol === closing?.symbol);
  if (items === undefined) return <Loading lines={3} />;
  return (
    <>
      <Table
        label="Positions"
        columns={columns}
        rows={items}
        keyOf={({ bucket, symbol }) => `${symbol}-${bucket}`}
        maxHeight="340px"
        empty={<Empty title="No open positions">Place an order to open one.</Empty>}
      />
      {closing !== undefined && instrument !== undefined && (
        <ClosePosition instrument={instrument} position={closing} onClose={() => setClosing(undefined)} />
      )}
    </>
  );
}

const price = (
  name: string,
  title: string,
  value: (position: OwnPosition) => string | null,
  hint?: string,
): Column<OwnPosition> => ({
  name,
  title: `${title}, USD`,
  align: "end",
  cell: (position) => <Price value={value(position)} />,
  value,
  ...(hint !== undefined && { hint }),
});

function columnsOf(close: (position: OwnPosition) => void): readonly Column<OwnPosition>[] {
  return [
    {
      name: "symbol",
      title: "Market",
      cell: ({ symbol, marginMode }) => (
        <>
          <Link href={`/trade/${symbol}`}>{symbol}</Link> {marginMode === "isolated" && "isolated"}
        </>
      ),
      value: ({ symbol }) => symbol,
    },
    SIDE,
    AMOUNT,
    {
      name: "pnl",
      title: "Unrealised, USD",
      align: "end",
      cell: ({ unrealizedPnl }) => (
        <Amount value={unrealizedPnl} unit="USD" places={2} isSigned isUnitHidden />
      ),
      value: ({ unrealizedPnl }) => unrealizedPnl,
    },
    {
      name: "notional",
      title: "Worth, USD",
      align: "end",
      hint: "At the mark",
      cell: ({ notional }) => <Amount value={notional} unit="USD" places={2} isUnitHidden />,
      value: ({ notional }) => notional,
      isMinor: true,
    },
    {
      ...price(
        "entry",
        "Entry",
        ({ entryPrice }) => entryPrice,
        "Cost over size: fees, funding and profit that is not settled are in it",
      ),
      isMinor: true,
    },
    price("mark", "Mark", ({ markPrice }) => markPrice),
    price("liquidation", "Liquidation", ({ liquidationPrice }) => liquidationPrice, "All else unchanged"),
    {
      name: "share",
      title: "Tear-up share",
      align: "end",
      hint: "Part of the market's open interest: what it would bear of a position of the other side that is torn up",
      cell: ({ tearUpShare }) => <Percent value={tearUpShare} />,
      value: ({ tearUpShare }) => tearUpShare,
      isMinor: true,
    },
    {
      name: "act",
      title: "",
      align: "end",
      isFixed: true,
      cell: (position) => (
        <Button size="small" onClick={() => close(position)} aria-label={`Close ${position.symbol}`}>
          Close
        </Button>
      ),
    },
  ];
}
