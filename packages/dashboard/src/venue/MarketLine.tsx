/** A market in a line of the picture: its mark, what rides on it, and its breaker. */
import type { MouseEvent, ReactNode } from "react";
import { useLocation } from "wouter";
import { useChannel } from "../live/channel.ts";
import { formOf, signPath } from "../ui/Sign.tsx";
import { toneOf } from "../ui/states.ts";
import { compact, grouped, worded } from "../ui/text.ts";
import styles from "./Hull.module.css";
import { type Box, MARKET_ROW } from "./layout.ts";

/** Narrower than this what rides on a market would lie upon its breaker's state. */
const LEAST = 340;

export function MarketLine({
  symbol,
  level,
  box: { x, y, width },
}: {
  readonly symbol: string;
  /** Of its breaker; undefined = not told yet. */
  readonly level: string | undefined;
  readonly box: Omit<Box, "height">;
}): ReactNode {
  const [, go] = useLocation();
  const { data } = useChannel("ticker", { symbol }, ({ mark, openInterest }) => ({ mark, openInterest }));
  const mark = data?.mark ?? null;
  const open = data === undefined ? "…" : compact(Number(data.openInterest));
  const base = symbol.replace(/-.*/, "");
  const state = level ?? "…";
  const follow = (event: MouseEvent): void => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    go(`/trade/${symbol}`);
  };
  return (
    <a href={`/trade/${symbol}`} onClick={follow} className={styles.market}>
      <g transform={`translate(${x} ${y})`}>
        <rect x="-6" width={width + 12} height={MARKET_ROW - 2} rx="5" className={styles.hit} />
        <text y="17" className={styles.symbol}>
          {symbol}
        </text>{" "}
        <text x={width * 0.52} y="17" textAnchor="end" className={styles.price}>
          {mark === null ? "no mark" : grouped(mark)}
        </text>{" "}
        {width >= LEAST && (
          <text x={width * 0.74} y="17" textAnchor="end" className={styles.note}>
            {`${open} ${base}`}
          </text>
        )}{" "}
        <g transform={`translate(${width - 12} 7)`} className={styles[toneOf(state)] ?? styles.plain}>
          <text x="-6" y="10" textAnchor="end" className={styles.state}>
            {worded(state)}
          </text>
          <path d={signPath(formOf(state))} className={styles.sign} />
        </g>
      </g>
    </a>
  );
}
