/** What every chart stands in: a caption that says what is drawn, in which unit, and the numbers as a table for those who do not see it. */
import { type ReactNode, type RefObject, useId } from "react";
import styles from "./Figure.module.css";

export interface FigureTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export interface FigureProps {
  /** What is drawn, and in which unit: "Mark of BTC-PERP, USD". */
  readonly caption: string;
  readonly isCaptionHidden?: boolean;
  /** Beside the caption: names of series, a credit. */
  readonly legend?: ReactNode;
  /** The same numbers, or as many of them as tell the story. */
  readonly table: FigureTable;
  /** Where the chart is drawn; nothing inside it is read out. */
  readonly stage?: RefObject<HTMLDivElement | null>;
  readonly height?: number;
  readonly children?: ReactNode;
}

/** Rows read out at most: more are of no use to anybody who listens. */
export const READ_OUT = 40;

export function Figure({
  caption,
  isCaptionHidden = false,
  legend,
  table,
  stage,
  height,
  children,
}: FigureProps): ReactNode {
  const id = useId();
  return (
    <figure className={styles.figure} aria-labelledby={id}>
      <figcaption className={styles.head}>
        <span id={id} className={isCaptionHidden ? "visually-hidden" : undefined}>
          {caption}
        </span>
        {legend !== undefined && <span className={styles.legend}>{legend}</span>}
      </figcaption>
      <div
        ref={stage}
        className={styles.stage}
        style={height === undefined ? undefined : { height }}
        aria-hidden="true"
      >
        {children}
      </div>
      {/* A table grows with its rows whatever its height is said to be: what hides it lies around it. */}
      <div className="visually-hidden">
        <table>
          <caption>{caption}</caption>
          <thead>
            <tr>
              {table.columns.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {table.rows.slice(-READ_OUT).map((row, index) => (
              <tr key={index}>
                {row.map((text, at) => (
                  <td key={at}>{text}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  );
}

/** The name of a series with its colour. */
export function Key({
  token,
  name,
  value,
}: {
  readonly token: `--${string}`;
  readonly name: string;
  readonly value?: string | undefined;
}): ReactNode {
  return (
    <span className={styles.key}>
      <i className={styles.swatch} style={{ background: `var(${token})` }} />
      {name}
      {value !== undefined && <b>{value}</b>}
    </span>
  );
}
