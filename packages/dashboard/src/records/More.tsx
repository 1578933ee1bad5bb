/** Below a history: asks for what is older. */
import type { ReactNode } from "react";
import type { Pages } from "../live/pages.ts";
import { Button } from "../ui/Button.tsx";
import styles from "./records.module.css";

export function More({
  pages: { items = [], hasMore, isFetching, more },
}: {
  readonly pages: Pages<unknown>;
}): ReactNode {
  if (items.length === 0) return null;
  return (
    <div className={styles.more}>
      {hasMore ? (
        <Button size="small" isBusy={isFetching} onClick={more}>
          Show older ones
        </Button>
      ) : (
        <span>That is all of it.</span>
      )}
    </div>
  );
}
