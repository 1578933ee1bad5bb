/** Says that there is nothing, and what would bring something here. */
import type { ReactNode } from "react";
import styles from "./states.module.css";

export function Empty({
  title,
  children,
  action,
}: {
  /** That there is nothing: "No open orders". */
  readonly title: string;
  /** What would change that. */
  readonly children?: ReactNode;
  readonly action?: ReactNode;
}): ReactNode {
  return (
    <div className={styles.state}>
      <p className={styles.title}>{title}</p>
      {children !== undefined && <p>{children}</p>}
      {action}
    </div>
  );
}
