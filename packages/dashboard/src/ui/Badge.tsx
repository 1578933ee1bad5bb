/** A state in a word; its tone says again what the word says. */
import type { ReactNode } from "react";
import styles from "./Badge.module.css";

export type Tone = "plain" | "accent" | "calm" | "caution" | "alarm" | "up" | "down";

export function Badge({
  tone = "plain",
  title,
  children,
}: {
  readonly tone?: Tone;
  readonly title?: string | undefined;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <span className={`${styles.badge} ${styles[tone]}`} title={title}>
      {children}
    </span>
  );
}
