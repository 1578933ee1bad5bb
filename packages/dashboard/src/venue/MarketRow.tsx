/** A market in a line: its mark, its day, what rides on it, and its breaker. */
import type { ReactNode } from "react";
import { Link } from "wouter";
import { useChannel } from "../live/channel.ts";
import { Amount, Price } from "../ui/Amount.tsx";
import { Badge } from "../ui/Badge.tsx";
import { worded } from "../ui/text.ts";
import { toneOf } from "../ui/states.ts";
import styles from "./VenuePage.module.css";

export function MarketRow({
  symbol,
  breaker,
}: {
  readonly symbol: string;
  readonly breaker: string | undefined;
}): ReactNode {
  const { data } = useChannel("ticker", { symbol }, ({ mark, openInterest }) => ({ mark, openInterest }));
  return (
    <li className={styles.market}>
      <Link href={`/trade/${symbol}`} className={styles.symbol}>
        {symbol}
      </Link>
      <span className={styles.end}>
        <Price value={data?.mark} />
      </span>
      <span className={styles.end} title="Open interest">
        <Amount value={data?.openInterest} unit={symbol.replace(/-.*/, "")} isShort />
      </span>
      <Badge tone={toneOf(breaker ?? "")} title="Circuit breaker">
        {breaker === undefined ? "…" : worded(breaker)}
      </Badge>
    </li>
  );
}
