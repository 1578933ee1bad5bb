/** Something long that is shown short, and copied whole. */
import { Icon } from "./Icon.tsx";
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
    <button type="button" className={styles.copy} title={text} onClick={() => void copy()}>
      <span className="visually-hidden">Copy {label} </span>
      <code>{shortened(text)}</code>
      <span aria-hidden="true" className={styles.said}>
        <Icon name={said === undefined ? "copy" : said === "copied" ? "done" : "close"} size={13} />
      </span>
      <span role="status" className="visually-hidden">
        {said}
      </span>
    </button>
  );
}
