/** How many fall between which bounds. */
import type { ReactNode } from "react";
import { Figure } from "./Figure.tsx";
import styles from "./Bars.module.css";

export interface Bin {
  /** Of the bin, as it is written below it: "1.1–1.2". */
  readonly name: string;
  readonly value: number;
  /** With its unit: "312 buckets, 1.2M USD of maintenance margin". */
  readonly text: string;
  readonly token?: `--${string}`;
}

export interface HistogramProps {
  readonly caption: string;
  readonly isCaptionHidden?: boolean;
  readonly bins: readonly Bin[];
  readonly height?: number;
  /** Every so manieth name is written; as fits if not told. */
  readonly labelEvery?: number;
  /** What values are, for the table: "Buckets". */
  readonly valueName: string;
}

const FOOT = 18;

export function Histogram({
  caption,
  isCaptionHidden = false,
  bins,
  height = 160,
  labelEvery = Math.max(1, Math.ceil(bins.length / 8)),
  valueName,
}: HistogramProps): ReactNode {
  const most = Math.max(0, ...bins.map(({ value }) => value));
  const room = height - FOOT;
  const slot = 100 / Math.max(1, bins.length);
  return (
    <Figure
      caption={caption}
      isCaptionHidden={isCaptionHidden}
      height={height}
      table={{ columns: ["Between", valueName], rows: bins.map(({ name, text }) => [name, text]) }}
    >
      <svg width="100%" height={height} className={styles.bars}>
        <line x1="0" x2="100%" y1={room + 0.5} y2={room + 0.5} className={styles.base} />
        {bins.map(({ name, value, text, token = "--series-1" }, index) => {
          // A bin that is not empty is seen to be so.
          const tall = most > 0 && value > 0 ? Math.max(2, (value / most) * (room - 4)) : 0;
          return (
            <g key={name}>
              <rect
                x={`${index * slot + slot * 0.08}%`}
                y={room - tall}
                width={`${slot * 0.84}%`}
                height={tall}
                rx="1.5"
                fill={`var(${token})`}
                className={styles.column}
              >
                <title>{`${name}: ${text}`}</title>
              </rect>
              {index % labelEvery === 0 && (
                <text
                  x={index === 0 ? "0" : `${(index + 0.5) * slot}%`}
                  y={height - 4}
                  textAnchor={index === 0 ? "start" : "middle"}
                  className={styles.axis}
                >
                  {name}
                </text>
              )}
            </g>
          );
        })}
      </svg>
    </Figure>
  );
}
