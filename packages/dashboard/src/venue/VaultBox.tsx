/** The vault at the bottom of the picture: all that is in custody, and whose it is. */
import type { Risk } from "@bulkhead/protocol";
import type { ReactNode } from "react";
import { formOf, signPath } from "../ui/Sign.tsx";
import { grouped } from "../ui/text.ts";
import { exactUsd, usd } from "./Deck.tsx";
import styles from "./Hull.module.css";
import { type Box, PAD } from "./layout.ts";

/** Of the corners below: the hull's, less its thickness. */
const BILGE = 33;
/** The throttle's postures by their number. */
export const THROTTLE_TEXT = ["normal", "elevated", "defensive", "strictest"] as const;

export function VaultBox({
  risk: { solvency, throttle },
  box: { x, y, width, height },
  isStacked,
}: {
  readonly risk: Risk;
  readonly box: Box;
  readonly isStacked: boolean;
}): ReactNode {
  const { held, owed, layers } = solvency;
  const inside = width - 2 * PAD;
  const whole = Number(held);
  const part = (value: string): number =>
    whole > 0 ? Math.min(1, Math.max(0, Number(value) / whole)) * inside : 0;
  const owedWide = part(owed);
  const throttleState = THROTTLE_TEXT[throttle.posture] ?? String(throttle.posture);
  const exits = throttle.enabled
    ? `withdrawals throttled: ${throttleState}`
    : "withdrawals are not throttled";
  const queue = `${grouped(String(throttle.queue.count))} waiting, ${usd(throttle.queue.value)}`;
  return (
    <g transform={`translate(${x} ${y})`} data-part="vault">
      <title>{`In custody ${exactUsd(held)}; owed to owners ${exactUsd(owed)}; layers ${exactUsd(layers)}`}</title>
      <path
        d={`M0 10 a10 10 0 0 1 10 -10 H${width - 10} a10 10 0 0 1 10 10 V${height - BILGE} a${BILGE} ${BILGE} 0 0 1 ${-BILGE} ${BILGE} H${BILGE} a${BILGE} ${BILGE} 0 0 1 ${-BILGE} ${-BILGE} Z`}
        className={styles.room}
      />
      <text x={PAD} y="24" className={styles.title}>
        Vault
      </text>
      <text x={PAD + 52} y="24" className={styles.note}>
        {`${usd(held)} in custody`}
      </text>
      <g transform={isStacked ? `translate(${PAD} 122)` : `translate(${width - PAD} 24)`}>
        <path
          d={signPath(formOf(throttle.posture === 0 ? "normal" : "caution"))}
          transform={`translate(${isStacked ? 0 : -12} -10)`}
          className={`${styles.sign} ${throttle.posture === 0 ? styles.calm : styles.caution}`}
        />
        <text x={isStacked ? 18 : -20} y="0" textAnchor={isStacked ? "start" : "end"} className={styles.note}>
          {isStacked ? exits : `${exits} · ${queue}`}
        </text>
        {isStacked && (
          <text x="18" y="16" className={styles.note}>
            {queue}
          </text>
        )}
      </g>
      <g transform={`translate(${PAD} 38)`}>
        <rect width={inside} height="28" rx="5" className={styles.tank} />
        <rect width={owedWide} height="28" rx="5" fill="var(--series-4)" className={styles.custody} />
        <rect
          x={Math.max(0, inside - part(layers))}
          width={part(layers)}
          height="28"
          rx="5"
          fill="var(--series-3)"
          className={styles.custody}
        />
        <rect x={Math.max(0, owedWide - 1)} y="-5" width="2" height="38" className={styles.tick} />
        <text x="10" y="18.5" className={styles.name}>
          {isStacked ? `owed ${usd(owed)}` : `owed to owners ${usd(owed)}`}
        </text>
        <text x={inside - 10} y="18.5" textAnchor="end" className={styles.name}>
          {isStacked ? usd(layers) : `layers that bear losses ${usd(layers)}`}
        </text>
        <text x="0" y="48" className={styles.note}>
          {isStacked
            ? "what owners have · layers"
            : "what owners have: balances, pending withdrawals, buckets above zero"}
        </text>
      </g>
    </g>
  );
}
