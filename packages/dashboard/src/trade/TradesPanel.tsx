/** What was traded just now. */
import type { Instrument } from "@bulkhead/protocol";
import { type ReactNode, memo } from "react";
import { useChannel } from "../live/channel.ts";
import { Empty } from "../ui/Empty.tsx";
import { Fault } from "../ui/Fault.tsx";
import { Panel } from "../ui/Panel.tsx";
import { Loading } from "../ui/Skeleton.tsx";
import { clockText, grouped, momentText } from "../ui/text.ts";
import styles from "./TradesPanel.module.css";

const SHOWN = 40;

type Trade = NonNullable<ReturnType<typeof useTrades>["data"]>["items"][number];

const useTrades = (symbol: string) => useChannel("trades", { symbol });

export interface TradesPanelProps {
  readonly instrument: Instrument;
  /** In place of its title, where something else may be shown instead of it. */
  readonly tabs?: ReactNode;
}

export function TradesPanel({ instrument, tabs }: TradesPanelProps): ReactNode {
  const { symbol, base, quote } = instrument;
  const { data, isStale, sequence, problem } = useTrades(symbol);
  return (
    <Panel
      title={tabs === undefined ? "Trades" : <span className="visually-hidden">Trades</span>}
      note={tabs ?? "UTC"}
      isFlush
      isStale={isStale}
      sequence={sequence}
      className={styles.panel}
    >
      {problem !== undefined ? (
        <Fault error={problem} what="The trades are not told" />
      ) : data === undefined ? (
        <Loading lines={8} />
      ) : data.items.length === 0 ? (
        <Empty title="Nothing was traded yet" />
      ) : (
        <div className={styles.scroll} tabIndex={0} role="region" aria-label={`Trades of ${symbol}`}>
          <table className={styles.trades}>
            <caption className="visually-hidden">
              Trades of {symbol}, newest first; the side is the taker's
            </caption>
            <thead>
              <tr>
                <th scope="col">Price, {quote}</th>
                <th scope="col">Amount, {base}</th>
                <th scope="col">Time, UTC</th>
              </tr>
            </thead>
            <tbody>
              {data.items.slice(0, SHOWN).map((trade) => (
                <Row key={trade.id} trade={trade} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}

const Row = memo(function Row({
  trade: { side, price, amount, time, kind },
}: {
  readonly trade: Trade;
}): ReactNode {
  return (
    <tr title={`${kind === "trade" ? `Taker: ${side}` : kind}, ${momentText(time)}`}>
      <td className={side === "buy" ? styles.buy : styles.sell}>
        <span aria-hidden="true">{side === "buy" ? "▲" : "▼"}</span>
        <span className="visually-hidden">{side}</span> {grouped(price)}
      </td>
      <td>
        {kind === "liquidation" && (
          <span className={styles.kind} title="Taken by a liquidation">
            liq
          </span>
        )}
        {grouped(amount)}
      </td>
      <td className={styles.time}>{clockText(time)}</td>
    </tr>
  );
});
