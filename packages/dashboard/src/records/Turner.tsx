/** A history that is shown a page at a time: which page, and the buttons below it that turn to another. */
import { type ReactNode, useState } from "react";
import { Button } from "../ui/Button.tsx";
import styles from "./records.module.css";

export interface Turning {
  /** Behind which the page lies; undefined on the newest. */
  readonly cursor: string | undefined;
  /** Behind this one, and back by one or to the newest. */
  readonly older: (next: string) => void;
  readonly newer: () => void;
  readonly newest: () => void;
}

/** Begins on the newest page. */
export function useTurning(): Turning {
  const [cursors, setCursors] = useState<readonly string[]>([]);
  return {
    cursor: cursors.at(-1),
    older: (next) => setCursors([...cursors, next]),
    newer: () => setCursors(cursors.slice(0, -1)),
    newest: () => setCursors([]),
  };
}

/** @param next - cursor of the page behind this one, null = there is none; undefined = it is not known yet */
export function Turner({
  turning: { cursor, older, newer },
  next = null,
}: {
  readonly turning: Turning;
  readonly next: string | null | undefined;
}): ReactNode {
  if (cursor === undefined && next === null) return null;
  return (
    <div className={styles.pages}>
      <Button size="small" disabled={cursor === undefined} onClick={newer}>
        ← newer
      </Button>
      <Button size="small" disabled={next === null} onClick={() => next !== null && older(next)}>
        older →
      </Button>
    </div>
  );
}
