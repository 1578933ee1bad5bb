/** Something long that is shown short, and copied whole. */
import { type ReactNode, useEffect, useState } from "react";
import styles from "./Copy.module.css";
import { shortened } from "./text.ts";

/** @param label - what it is, for screen readers: "address", "state hash" */
export function Copy({ text, label }: { readonly text: string; readonly label: string }): ReactNode {
  const [said, setSaid] = useState<"copied" | "not copied">();
  useEffect(() => {
    if (said === undefined) return undefined;
    const timer = setTimeout(() => setSaid(undefined), 1_500);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setSaid("copied");
    } catch {
      setSaid("not copied");
    }
  };
  return (
    <button
      type="button"
      className={styles.copy}
      title={text}
      aria-label={`Copy ${label} ${text}`}
      onClick={() => void copy()}
    >
      <code>{shortened(text)}</code>
      <span aria-live="polite" className={styles.said}>
        {said ?? "⧉"}
      </span>
    </button>
  );
}
