/** A quantity with its unit: exact in the title, short where there is little room. */
import type { ReactNode } from "react";
import styles from "./figures.module.css";
import { compact, grouped, signed as withSign } from "./text.ts";

export interface AmountProps {
  /** Exact decimal, as the node told it; null or undefined = there is none. */
  readonly value: string | null | undefined;
  /** Symbol of the asset or currency: "USD", "BTC". */
  readonly unit: string;
  /** Three or four digits and a letter; the exact value is in the title. */
  readonly isShort?: boolean;
  /** Digits after the point; all if not told. */
  readonly places?: number;
  /** Shows a direction: + or −, and its colour. For profit and loss, never for balances. */
  readonly isSigned?: boolean;
  readonly isUnitHidden?: boolean;
}

export function Amount({
  value,
  unit,
  isShort = false,
  places,
  isSigned = false,
  isUnitHidden = false,
}: AmountProps): ReactNode {
  if (value === null || value === undefined) return <None />;
  const text = isShort ? compact(Number(value)) : grouped(value, places);
  return (
    <span className={isSigned ? directionOf(value) : styles.figure} title={`${grouped(value)} ${unit}`}>
      {isSigned ? withSign(text) : text}
      {!isUnitHidden && <span className={styles.unit}> {unit}</span>}
    </span>
  );
}

/** A price, with the currency in its title. */
export function Price({
  value,
  unit = "USD",
  direction,
}: {
  readonly value: string | null | undefined;
  readonly unit?: string;
  /** Of the trade or the level. */
  readonly direction?: "up" | "down" | undefined;
}): ReactNode {
  if (value === null || value === undefined) return <None />;
  return (
    <span
      className={direction === undefined ? styles.figure : styles[direction]}
      title={`${grouped(value)} ${unit}`}
    >
      {grouped(value)}
    </span>
  );
}

/** A part of one, as a percentage. */
export function Percent({
  value,
  places = 2,
  isSigned = false,
}: {
  readonly value: string | number | null | undefined;
  readonly places?: number;
  readonly isSigned?: boolean;
}): ReactNode {
  if (value === null || value === undefined) return <None />;
  const figure = Number(value) * 100;
  const text = `${grouped(figure.toFixed(places))} %`;
  return (
    <span
      className={isSigned ? directionOf(figure.toFixed(places)) : styles.figure}
      title={`${String(value)} of 1`}
    >
      {isSigned ? withSign(text) : text}
    </span>
  );
}

function None(): ReactNode {
  return (
    <span className={styles.none} title="There is none">
      –
    </span>
  );
}

function directionOf(value: string): string | undefined {
  if (/^-?[0.]*$/.test(value)) return styles.figure;
  return value.startsWith("-") ? styles.down : styles.up;
}
