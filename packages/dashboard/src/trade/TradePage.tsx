/** A market, and trading on it: what it is worth, who wants what at which price, and one's own orders and positions. */
import type { Instrument } from "@bulkhead/protocol";
import { type ReactNode, useCallback, useState } from "react";
import { Link, useParams } from "wouter";
import { useBook } from "../live/book.ts";
import { useConnection } from "../live/venue.tsx";
import { Empty } from "../ui/Empty.tsx";
import { InTurn } from "../ui/InTurn.tsx";
import { Loading } from "../ui/Skeleton.tsx";
import { useShortcut } from "../ui/shortcuts.tsx";
import { Tabs } from "../ui/Tabs.tsx";
import { BookPanel } from "./BookPanel.tsx";
import { type Draft, EMPTY_DRAFT } from "./draft.ts";
import { Holdings, type HoldingsPart } from "./Holdings.tsx";
import { useInstruments, useNarrow } from "./market.ts";
import { MarketHead } from "./MarketHead.tsx";
import { useOwnOrders } from "./own.ts";
import { PricePanel } from "./PricePanel.tsx";
import { Ticket } from "./Ticket.tsx";
import styles from "./TradePage.module.css";
import { TradesPanel } from "./TradesPanel.tsx";

export function TradePage(): ReactNode {
  const { symbol: asked } = useParams<{ readonly symbol?: string }>();
  const instruments = useInstruments();
  if (instruments === undefined) return <Loading lines={8} />;
  const instrument =
    asked === undefined ? instruments[0] : instruments.find(({ symbol }) => symbol === asked);
  if (instrument === undefined)
    return (
      <Empty
        title={asked === undefined ? "This venue lists no market" : `There is no market ${asked}`}
        action={<Link href="/trade">To the first market</Link>}
      />
    );
  return <TradeDesk key={instrument.symbol} instrument={instrument} instruments={instruments} />;
}

type Tape = "book" | "trades";
type Part = "chart" | Tape | "order" | "yours";

interface DeskProps {
  readonly instrument: Instrument;
  readonly instruments: readonly Instrument[];
}

function TradeDesk({ instrument, instruments }: DeskProps): ReactNode {
  const { symbol } = instrument;
  const isNarrow = useNarrow();
  const [part, setPart] = useState<Part>("chart");
  const [tape, setTape] = useState<Tape>("book");
  const [own, setOwn] = useState<HoldingsPart>("positions");
  const [isWanted, setWanted] = useState(false);
  const [draft, setDraft] = useState<Draft>(EMPTY_DRAFT);
  const orders = useOwnOrders();
  const best = useBook(symbol, ({ bids, asks }) => ({ bid: bids[0]?.[0], ask: asks[0]?.[0] }));
  const isStale = useConnection(({ phase }) => phase === "stale" || phase === "lost");

  const change = useCallback((more: Partial<Draft>) => setDraft((before) => ({ ...before, ...more })), []);
  const takeOver = useCallback(
    (price: string) => {
      change({ price });
      setPart("order");
    },
    [change],
  );
  const showOrders = (): void => {
    setPart("yours");
    setOwn("orders");
    setWanted(true);
  };
  const arrive = useCallback(() => setWanted(false), []);
  useShortcut("o", "Go to the open orders", showOrders);

  // Where there is room for one of them only, it is chosen.
  const isOneTape = useNarrow("(min-width: 1181px) and (max-width: 1599px)");
  const tapes = (
    <Tabs<Tape>
      label="Beside the chart"
      tabs={[
        { name: "book", text: "Book" },
        { name: "trades", text: "Trades" },
      ]}
      chosen={tape}
      onChoose={setTape}
    />
  );
  const chart = <PricePanel instrument={instrument} height={isNarrow ? 320 : 492} />;
  const book = (
    <BookPanel
      instrument={instrument}
      orders={ofMarket(orders.items, symbol)}
      onPrice={takeOver}
      tabs={isOneTape ? tapes : undefined}
    />
  );
  const trades = <TradesPanel instrument={instrument} tabs={isOneTape ? tapes : undefined} />;
  const ticket = (
    <Ticket instrument={instrument} draft={draft} onDraft={change} best={best} isStale={isStale} />
  );
  const yours = (
    <Holdings
      instruments={instruments}
      orders={orders}
      part={own}
      onPart={setOwn}
      isWanted={isWanted}
      onArrival={arrive}
    />
  );

  if (!isNarrow)
    return (
      <div className={styles.desk}>
        <div className={styles.head}>
          <MarketHead instrument={instrument} />
        </div>
        <div className={styles.chart}>
          <InTurn>{chart}</InTurn>
        </div>
        {(!isOneTape || tape === "book") && (
          <div className={styles.tape}>
            <InTurn>{book}</InTurn>
          </div>
        )}
        {(!isOneTape || tape === "trades") && (
          <div className={styles.tape}>
            <InTurn>{trades}</InTurn>
          </div>
        )}
        <div className={styles.ticket}>
          <InTurn>{ticket}</InTurn>
        </div>
        <div className={styles.yours}>
          <InTurn>{yours}</InTurn>
        </div>
      </div>
    );
  return (
    <div className={styles.narrow}>
      <MarketHead instrument={instrument} />
      <Tabs<Part>
        label="Parts of the page"
        tabs={[
          { name: "chart", text: "Chart" },
          { name: "book", text: "Book" },
          { name: "trades", text: "Trades" },
          { name: "order", text: "Order" },
          { name: "yours", text: "Yours" },
        ]}
        chosen={part}
        onChoose={setPart}
      >
        {{ chart, book, trades, order: ticket, yours }[part]}
      </Tabs>
    </div>
  );
}

function ofMarket<Row extends { readonly symbol: string }>(
  rows: readonly Row[] | undefined,
  symbol: string,
): readonly Row[] {
  return rows?.filter((row) => row.symbol === symbol) ?? [];
}
