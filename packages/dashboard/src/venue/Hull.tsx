/**
 * The venue as what it is, in one picture: compartments that share no wall but the bulkheads between them, below them what all share, and at the
 * bottom the vault. What flows is shown while it flows.
 */
import type { Risk, Tier } from "@bulkhead/protocol";
import { type ReactNode, type RefObject, useEffect, useRef, useState } from "react";
import { worded } from "../ui/text.ts";
import { Compartment } from "./Compartment.tsx";
import styles from "./Hull.module.css";
import { Keel } from "./Keel.tsx";
import { WALL, layoutOf } from "./layout.ts";
import { VaultBox } from "./VaultBox.tsx";

export interface HullProps {
  readonly risk: Risk;
  readonly tiers: readonly Tier[];
  readonly chosen: number;
  readonly onChoose: (tier: number) => void;
}

export function Hull({ risk, tiers, chosen, onChoose }: HullProps): ReactNode {
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const markets = risk.tiers.map(({ tier }) => tiers.find((each) => each.tier === tier)?.markets ?? []);
  const rows = markets.map(({ length }) => length);
  const layout = layoutOf(width, rows);
  const most = Math.max(1, ...rows);
  return (
    <div ref={frame} className={styles.frame}>
      {width > 0 && (
        <svg
          role="group"
          aria-label="The venue: its compartments, what they share, and its vault"
          width={layout.width}
          height={layout.height}
          className={styles.hull}
        >
          <rect
            x={WALL / 2}
            y={WALL / 2}
            width={layout.width - WALL}
            height={layout.height - WALL}
            rx="16"
            className={styles.plate}
          />
          {risk.tiers.map((tier, index) => {
            const box = layout.compartments[index];
            return box === undefined ? null : (
              <Compartment
                key={tier.tier}
                tier={tier}
                markets={markets[index] ?? []}
                box={box}
                rows={layout.isStacked ? Math.max(1, rows[index] ?? 0) : most}
                isChosen={tier.tier === chosen}
                onChoose={() => onChoose(tier.tier)}
              />
            );
          })}
          <Keel risk={risk} box={layout.keel} isStacked={layout.isStacked} />
          <VaultBox risk={risk} box={layout.vault} isStacked={layout.isStacked} />
        </svg>
      )}
      <p className="visually-hidden" role="status">
        {risk.tiers
          .filter(({ posture }) => posture.posture !== "normal")
          .map(({ name, posture }) => `${worded(name)}: posture ${worded(posture.posture)}.`)
          .join(" ")}
      </p>
    </div>
  );
}

/** Of an element as it is laid out, CSS pixels; 0 before it is. */
function useWidth(of: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const { current } = of;
    if (current === null) return undefined;
    const watcher = new ResizeObserver(() => setWidth(Math.floor(current.clientWidth)));
    watcher.observe(current);
    setWidth(Math.floor(current.clientWidth));
    return () => watcher.disconnect();
  }, [of]);
  return width;
}
