/** A page's heading, and its panels in columns that fit. */
import { Children, type ReactNode } from "react";
import { InTurn } from "./InTurn.tsx";
import styles from "./Page.module.css";

export function PageHead({
  title,
  children,
  actions,
}: {
  readonly title: string;
  /** What the page is for, in a sentence. */
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}): ReactNode {
  return (
    <div className={styles.head}>
      <div>
        <h1>{title}</h1>
        {children !== undefined && <p className={styles.about}>{children}</p>}
      </div>
      {actions !== undefined && <div className={styles.actions}>{actions}</div>}
    </div>
  );
}

/** As many columns as there is room for, each at least so wide. */
export function Columns({
  least = 320,
  children,
}: {
  readonly least?: number;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <div
      className={styles.columns}
      style={{ gridTemplateColumns: `repeat(auto-fit, minmax(min(100%, ${least}px), 1fr))` }}
    >
      {inTurn(children)}
    </div>
  );
}

/** One below the other. */
export function Stack({ children }: { readonly children: ReactNode }): ReactNode {
  return <div className={styles.stack}>{inTurn(children)}</div>;
}

function inTurn(panels: ReactNode): ReactNode {
  return Children.map(panels, (panel) => <InTurn>{panel}</InTurn>);
}
