/** A figure with its name, and what explains it. */
import type { ReactNode } from "react";
import styles from "./Stat.module.css";

export interface StatProps {
  readonly label: ReactNode;
  readonly children: ReactNode;
  /** Below the figure: what it is compared with, since when. */
  readonly note?: ReactNode;
  readonly size?: "medium" | "large";
}

export function Stat({ label, children, note, size = "medium" }: StatProps): ReactNode {
  return (
    <div className={styles.stat}>
      <div className={styles.label}>{label}</div>
      <div className={size === "large" ? styles.large : styles.figure}>{children}</div>
      {note !== undefined && <div className={styles.note}>{note}</div>}
    </div>
  );
}
