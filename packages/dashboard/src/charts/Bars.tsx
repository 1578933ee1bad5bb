/** Amounts side by side, each with its name and figure; against a mark where there is one: a target, a limit. */
import type { ReactNode } from "react";
import { Figure } from "./Figure.tsx";
import styles from "./Bars.module.css";

export interface Bar {
  readonly name: string;
  readonly value: number;
  /** As it is written, with its unit. */
  readonly text: string;
  readonly token?: `--${string}`;
  /** What it is compared with, in the same unit; drawn as a line. */
  readonly mark?: number | undefined;
  readonly markText?: string;
}

export interface BarsProps {
  readonly caption: string;
  readonly isCaptionHidden?: boolean;
  readonly bars: readonly Bar[];
  /** The longest; the largest value or mark if not told. */
  readonly most?: number;
}

const ROW = 34;

export function Bars({ caption, isCaptionHidden = false, bars, most }: BarsProps): ReactNode {
  const longest = most ?? Math.max(0, ...bars.flatMap(({ value, mark }) => [value, mark ?? 0]));
  const width = (value: number): string =>
    `${longest > 0 ? Math.min(100, Math.max(0, (value / longest) * 100)) : 0}%`;
  return (
    <Figure
      caption={caption}
      isCaptionHidden={isCaptionHidden}
      table={{
        columns: ["Name", "Value", "Compared with"],
        rows: bars.map(({ name, text, markText }) => [name, text, markText ?? "–"]),
      }}
    >
      <svg width="100%" height={bars.length * ROW} className={styles.bars}>
        {bars.map(({ name, value, text, token = "--series-1", mark, markText }, index) => (
          <g key={name} transform={`translate(0 ${index * ROW})`}>
            <text x="0" y="12" className={styles.name}>
              {name}
            </text>
            <text x="100%" y="12" textAnchor="end" className={styles.value}>
              {text}
            </text>
            <rect x="0" y="18" width="100%" height="8" rx="4" className={styles.track} />
            <rect x="0" y="18" width={width(value)} height="8" rx="4" fill={`var(${token})`} />
            {mark !== undefined && (
              <line x1={width(mark)} x2={width(mark)} y1="15" y2="29" className={styles.mark}>
                <title>{markText}</title>
              </line>
            )}
          </g>
        ))}
      </svg>
    </Figure>
  );
}
