/** A moment: how long ago, or the time of day, with date and zone in its title. */
import { type ReactNode, useEffect, useState } from "react";
import styles from "./figures.module.css";
import { ago, clockText, momentText } from "./text.ts";

export interface WhenProps {
  /** ms since the epoch; null or undefined = never. */
  readonly at: number | null | undefined;
  /** `ago`: "3 s ago", "in 2 h"; `clock`: "14:03:20"; `moment`: date, time and zone. */
  readonly as?: "ago" | "clock" | "moment";
  /** Now, ms, from the node's clock (`useNow`); this machine's if not told. */
  readonly now?: number;
}

export function When({ at, as = "ago", now }: WhenProps): ReactNode {
  const own = useOwnNow(as === "ago" && now === undefined);
  if (at === null || at === undefined) return <span className={styles.none}>–</span>;
  const moment = momentText(at);
  const text = as === "ago" ? ago(at, now ?? own) : as === "clock" ? clockText(at) : moment;
  return (
    <time dateTime={new Date(at).toISOString()} title={moment} className={styles.when}>
      {text}
    </time>
  );
}

function useOwnNow(isWanted: boolean): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!isWanted) return undefined;
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [isWanted]);
  return now;
}
