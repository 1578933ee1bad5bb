/** A framed part of a page with a heading; what it shows may be stale, and then says so. */
import type { ReactNode } from "react";
import styles from "./Panel.module.css";
import { Stale } from "./Stale.tsx";

export interface PanelProps {
  readonly title: ReactNode;
  /** Beside the title: what the figures are, their unit, their time. */
  readonly note?: ReactNode;
  /** At the right of the heading: choices, buttons. */
  readonly actions?: ReactNode;
  /** Whether what is inside may not be true any more. */
  readonly isStale?: boolean;
  /** Of the command that the content reflects. */
  readonly sequence?: number | undefined;
  /** Without room around its content: tables, charts. */
  readonly isFlush?: boolean;
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

export function Panel({
  title,
  note,
  actions,
  isStale = false,
  sequence,
  isFlush = false,
  className,
  children,
}: PanelProps): ReactNode {
  return (
    <section className={`${styles.panel} ${className ?? ""}`} data-stale={isStale || undefined}>
      <header className={styles.head}>
        <h2>{title}</h2>
        {note !== undefined && <span className={styles.note}>{note}</span>}
        {isStale && <Stale sequence={sequence} />}
        {actions !== undefined && <div className={styles.actions}>{actions}</div>}
      </header>
      <div className={isFlush ? styles.flush : styles.body}>{children}</div>
    </section>
  );
}
