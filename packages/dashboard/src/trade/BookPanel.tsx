/** The order book: what lies at which price, put together as coarsely as one likes; a click takes the price over. */
import type { Instrument } from "@bulkhead/protocol";
import { type CSSProperties, type ReactNode, memo, useMemo, useState } from "react";
import { useBook } from "../live/book.ts";
import { useChannel } from "../live/channel.ts";
import { Empty } from "../ui/Empty.tsx";
import { Panel } from "../ui/Panel.tsx";
import { Select } from "../ui/Select.tsx";
import { Loading } from "../ui/Skeleton.tsx";
import { grouped as thousands } from "../ui/text.ts";
import styles from "./BookPanel.module.css";
import { type GroupedLevel, MULTIPLES, grouped, sizeText } from "./grouping.ts";
import type { OwnOrder } from "./own.ts";

export interface BookPanelProps {
  readonly instrument: Instrument;
  readonly orders: readonly OwnOrder[];
  /** Groups of a side. */
  readonly rows?: number;
  readonly onPrice: (price: string) => void;
  /** In place of its title, where something else may be shown instead of it. */
  readonly tabs?: ReactNode;
}

export function BookPanel({ instrument, orders, rows = 12, onPrice, tabs }: BookPanelProps): ReactNode {
  const { symbol, base, quote } = instrument;
  const [multiple, setMultiple] = useState<number>(1);
  const { bids, asks, sequence, isStale } = useBook(symbol);
  const own = useMemo(() => pricesOf(orders), [orders]);
  const below = useMemo(
    () => grouped(bids, "bids", instrument, multiple, rows, own.buy),
    [bids, instrument, multiple, rows, own],
  );
  const above = useMemo(
    () => grouped(asks, "asks", instrument, multiple, rows, own.sell).toReversed(),
    [asks, instrument, multiple, rows, own],
  );
  return (
    <Panel
      title={tabs === undefined ? "Book" : <span className="visually-hidden">Book</span>}
      note={tabs}
      isFlush
      isStale={isStale}
      sequence={sequence}
      actions={
        <Select
          label="Group prices by, USD"
          isLabelHidden
          value={String(multiple)}
          options={MULTIPLES.map((each) => ({ value: String(each), text: sizeText(instrument, each) }))}
          onChange={(value) => setMultiple(Number(value))}
        />
      }
    >
      {sequence === 0 ? (
        <Loading lines={12} />
      ) : below.length + above.length === 0 ? (
        <Empty title="The book is empty">Nobody wants to trade here now.</Empty>
      ) : (
        <table className={styles.book}>
          <caption className="visually-hidden">
            Order book of {symbol}: asks above, bids below. A price is taken over into the ticket.
          </caption>
          <thead>
            <tr>
              <th scope="col">Price, {quote}</th>
              <th scope="col">Amount, {base}</th>
              <th scope="col">Sum, {base}</th>
            </tr>
          </thead>
          <tbody className={styles.asks}>
            <Gap count={rows - above.length} />
            {above.map((level) => (
              <Row key={level.price} {...level} side="ask" onPrice={onPrice} />
            ))}
          </tbody>
          <Middle symbol={symbol} bid={bids[0]?.[0]} ask={asks[0]?.[0]} quote={quote} />
          <tbody className={styles.bids}>
            {below.map((level) => (
              <Row key={level.price} {...level} side="bid" onPrice={onPrice} />
            ))}
            <Gap count={rows - below.length} />
          </tbody>
        </table>
      )}
    </Panel>
  );
}

const Row = memo(function Row({
  price,
  amount,
  total,
  part,
  isOwn,
  side,
  onPrice,
}: GroupedLevel & {
  readonly side: "bid" | "ask";
  readonly onPrice: (price: string) => void;
}): ReactNode {
  return (
    <tr
      className={styles.row}
      style={{ "--part": part } as CSSProperties}
      onClick={() => onPrice(price)}
      title="Take this price over"
    >
      <td>
        <button
          type="button"
          tabIndex={-1}
          className={styles.price}
          aria-label={`Take over ${side} ${thousands(price)}`}
        >
          {isOwn && (
            <span className={styles.own} title="An order of yours is here">
              ●<span className="visually-hidden"> yours</span>
            </span>
          )}
          {thousands(price)}
        </button>
      </td>
      <td>{thousands(amount)}</td>
      <td>{thousands(total)}</td>
    </tr>
  );
});

/** Keeps the middle where it is while a side is short. */
function Gap({ count }: { readonly count: number }): ReactNode {
  return Array.from({ length: Math.max(0, count) }, (_, index) => (
    <tr key={index} className={styles.row} aria-hidden="true">
      <td colSpan={3}>&nbsp;</td>
    </tr>
  ));
}

function Middle({
  symbol,
  bid,
  ask,
  quote,
}: {
  readonly symbol: string;
  readonly bid: string | undefined;
  readonly ask: string | undefined;
  readonly quote: string;
}): ReactNode {
  const { data } = useChannel("ticker", { symbol }, ({ mark, last, breaker }) => ({ mark, last, breaker }));
  const word = data?.breaker === "auction" ? "collecting" : undefined;
  return (
    <tbody>
      <tr className={styles.middle}>
        <td colSpan={3}>
          <div>
            <span title={`Last trade, ${quote}`} className={styles.last}>
              {thousands(data?.last ?? "–")}
            </span>
            <span title={`Mark, ${quote}`} className={styles.mark}>
              mark {thousands(data?.mark ?? "–")}
            </span>
            {(bid === undefined || ask === undefined || word !== undefined) && (
              <span className={styles.mark}>
                {word ?? (bid === undefined ? (ask === undefined ? "empty" : "no bids") : "no asks")}
              </span>
            )}
          </div>
        </td>
      </tr>
    </tbody>
  );
}

function pricesOf(orders: readonly OwnOrder[]): Readonly<Record<"buy" | "sell", ReadonlySet<string>>> {
  const of = (wanted: "buy" | "sell"): ReadonlySet<string> =>
    new Set(
      orders.flatMap(({ side, price, waiting }) =>
        side === wanted && price !== null && !waiting ? [price] : [],
      ),
    );
  return { buy: of("buy"), sell: of("sell") };
}
