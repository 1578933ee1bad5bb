/** One layer of a waterfall: how full it is, what of it the next default may take, and what it has just paid. */
import type { ReactNode } from "react";
import { signPath } from "../ui/Sign.tsx";
import { compact, grouped } from "../ui/text.ts";
import styles from "./Hull.module.css";
import { type Box, DECK } from "./layout.ts";
import type { Level } from "./levels.ts";
import type { Payment } from "./payments.ts";

export interface DeckProps {
  readonly box: Omit<Box, "height">;
  /** Its place in the order in which losses are borne. */
  readonly order: string;
  readonly name: string;
  /** At the right: what it holds, with its unit. */
  readonly figure: string;
  readonly figureTitle: string;
  /** Below: what explains it. */
  readonly note: string;
  readonly noteEnd?: string;
  readonly level?: Level;
  readonly token: `--${string}`;
  readonly payment?: Payment | undefined;
  /** Drawn with a broken frame: it is nobody's money put by, but what people would lose. */
  readonly isOpen?: boolean;
  readonly isAlarming?: boolean;
}

const ROUND = 6;
const INSET = 12;
/** Narrower than this there is no room for two notes side by side. */
const TWO_NOTES = 370;

export function Deck({
  box: { x, y, width },
  order,
  name,
  figure,
  figureTitle,
  note,
  noteEnd = "",
  level,
  token,
  payment,
  isOpen = false,
  isAlarming = false,
}: DeckProps): ReactNode {
  const isPaying = payment !== undefined;
  const filled = level === undefined ? 0 : width * level.part;
  const kept = level === undefined ? 0 : width * level.keptPart;
  const clip = `deck-${order}-${Math.round(x)}-${Math.round(y)}`;
  return (
    <g transform={`translate(${x} ${y})`} data-layer={name} data-paying={isPaying || undefined}>
      <title>{`${name}: ${figureTitle}. ${note}${noteEnd === "" ? "" : `, ${noteEnd}`}`}</title>
      <clipPath id={clip}>
        <rect width={width} height={DECK} rx={ROUND} />
      </clipPath>
      <rect width={width} height={DECK} rx={ROUND} className={styles.tank} data-open={isOpen || undefined} />
      <g clipPath={`url(#${clip})`}>
        <rect width={filled} height={DECK} fill={`var(${token})`} className={styles.water} />
        <rect width={kept} height={DECK} fill={`var(${token})`} className={styles.water} />
        {filled > 0 && <rect x={filled - 2} width="2" height={DECK} fill={`var(${token})`} />}
      </g>
      {(isPaying || isAlarming) && (
        <rect
          x="0.75"
          y="0.75"
          width={width - 1.5}
          height={DECK - 1.5}
          rx={ROUND}
          // Begins anew with every payment.
          key={payment?.sequence}
          className={isPaying ? styles.pulse : styles.distress}
        />
      )}
      <circle cx={INSET + 8} cy="16" r="8.5" className={styles.order} />
      <text x={INSET + 8} y="19.5" textAnchor="middle" className={styles.orderText}>
        {order}
      </text>
      <text x={INSET + 24} y="20" className={styles.name}>
        {name}
      </text>
      <text x={width - INSET} y="20" textAnchor="end" className={styles.figure}>
        {figure}
      </text>
      <text x={INSET + 24} y="37" className={styles.note}>
        {isPaying && width < TWO_NOTES ? "" : note}
      </text>
      {isPaying ? (
        <>
          <path
            d={signPath("down")}
            transform={`translate(${width - INSET - 12} 27.5) scale(0.9)`}
            className={styles.paidSign}
          />
          <text x={width - INSET - 17} y="37" textAnchor="end" className={styles.paid}>
            {`paid ${compact(Number(payment.amount))} USD${payment.others > 0 ? ` and ${payment.others} more` : ""}`}
          </text>
        </>
      ) : (
        <text x={width - INSET} y="37" textAnchor="end" className={styles.note}>
          {width < TWO_NOTES ? "" : noteEnd}
        </text>
      )}
    </g>
  );
}

/** USD as a picture has room for it, and exact for its title. */
export function usd(value: string): string {
  return `${compact(Number(value))} USD`;
}
export function exactUsd(value: string): string {
  return `${grouped(value)} USD`;
}
