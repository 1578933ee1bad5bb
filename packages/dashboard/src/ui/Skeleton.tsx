/** Where something will be once it is known; takes the room it will take. */
import type { ReactNode } from "react";
import styles from "./states.module.css";

export function Skeleton({
  width = "100%",
  height = 14,
}: {
  readonly width?: string;
  readonly height?: number;
}): ReactNode {
  return <span className={styles.skeleton} style={{ width, height }} />;
}

/** Several lines of it, said once to screen readers. */
export function Loading({ lines = 3 }: { readonly lines?: number }): ReactNode {
  return (
    <div className={styles.lines} role="status" aria-label="Loading">
      {Array.from({ length: lines }, (_, index) => (
        <Skeleton key={index} width={`${92 - ((index * 23) % 40)}%`} />
      ))}
    </div>
  );
}
