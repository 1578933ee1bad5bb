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
import { HATCH, type HullLayout, WALL, layoutOf } from "./layout.ts";
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
          <path d={outline(layout.width, layout.height)} className={styles.plate} />
          <Bulkheads layout={layout} />
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
      <p className={styles.legend}>
        <span>
          <i data-kind="taken" /> what a layer holds
        </span>
        <span>
          <i data-kind="kept" /> of it, what the next default leaves
        </span>
        <span>
          <i data-kind="hatch">▼</i> a loss goes on downwards only when all above it is used up; no way leads
          through a wall
        </span>
      </p>
      <p className="visually-hidden" role="status">
        {risk.tiers
          .filter(({ posture }) => posture.posture !== "normal")
          .map(({ name, posture }) => `${worded(name)}: posture ${worded(posture.posture)}.`)
          .join(" ")}
      </p>
    </div>
  );
}

/** The hull from outside: square above, round at the bilge. */
function outline(width: number, height: number): string {
  const [left, top, right, bottom] = [1, 1, width - 1, height - 1];
  return [
    `M${left} ${top + TOP} a${TOP} ${TOP} 0 0 1 ${TOP} ${-TOP} H${right - TOP}`,
    `a${TOP} ${TOP} 0 0 1 ${TOP} ${TOP} V${bottom - BILGE}`,
    `a${BILGE} ${BILGE} 0 0 1 ${-BILGE} ${BILGE} H${left + BILGE}`,
    `a${BILGE} ${BILGE} 0 0 1 ${-BILGE} ${-BILGE} Z`,
  ].join(" ");
}

/** The walls' rivets, and in the floor of every compartment its hatch. */
function Bulkheads({
  layout: { compartments, keel, isStacked },
}: {
  readonly layout: HullLayout;
}): ReactNode {
  const between = compartments.slice(0, -1).map(({ x, y, width, height }) => {
    const [right, below] = [x + width + WALL / 2, y + height + WALL / 2];
    return isStacked
      ? { x1: x + RIVET, y1: below, x2: x + width - RIVET, y2: below }
      : { x1: right, y1: y + RIVET, x2: right, y2: y + height - RIVET };
  });
  const floors = [keel.y - WALL / 2, keel.y + keel.height + WALL / 2].map((y) => {
    return { x1: keel.x + RIVET, y1: y, x2: keel.x + keel.width - RIVET, y2: y };
  });
  return (
    <g aria-hidden="true">
      {[...between, ...floors].map((wall) => (
        <line key={`${wall.x1} ${wall.y1}`} {...wall} className={styles.rivets} />
      ))}
      {compartments.map(({ x, y, height }) => (
        <g key={`${x} ${y}`} transform={`translate(${x + HATCH} ${y + height})`}>
          <rect x="-15" y="-1" width="30" height={WALL + 2} className={styles.hatch} />
          <path
            d={`M-5 ${WALL / 2 - 2.5} L0 ${WALL / 2 + 2.5} L5 ${WALL / 2 - 2.5}`}
            className={styles.way}
          />
        </g>
      ))}
    </g>
  );
}

/** Of the hull's corners, above and at the bilge; and how far from a wall's ends its rivets begin. */
const [TOP, BILGE, RIVET] = [18, 44, 14];

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
