/** How full something is, against what it ought to hold or may take. */
import type { ReactNode } from "react";
import type { Tone } from "./Badge.tsx";
import styles from "./Meter.module.css";

export interface MeterProps {
  /** Names it for screen readers. */
  readonly label: string;
  readonly value: number;
  /** > 0 */
  readonly max: number;
  /** What is read out and shown on hover: the numbers with their units. */
  readonly text: string;
  readonly tone?: Tone;
}

export function Meter({ label, value, max, text, tone = "accent" }: MeterProps): ReactNode {
  const part = Math.min(1, Math.max(0, max > 0 ? value / max : 0));
  return (
    <div
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={max}
      aria-valuenow={Math.min(value, max)}
      aria-valuetext={text}
      title={`${label}: ${text}`}
      className={styles.meter}
    >
      <div
        className={`${styles.fill} ${styles[tone]}`}
        style={{ transform: `translateX(${(part - 1) * 100}%)` }}
      />
    </div>
  );
}
