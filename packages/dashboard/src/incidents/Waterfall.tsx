/** The layers of a tier in the order in which they pay: how full each still is, and what it has paid. */
import type { TierFrame } from "@bulkhead/simulator/stories";
import type { ReactNode } from "react";
import { compact } from "../ui/text.ts";
import { type Bounds, layerKey } from "./scale.ts";
import styles from "./Waterfall.module.css";

export function Waterfall({
  tier: { tier, name, layers },
  bounds,
}: {
  readonly tier: TierFrame;
  readonly bounds: Bounds;
}): ReactNode {
  const shown = layers.filter(({ layer }) => (bounds.layers.get(layerKey(tier, layer)) ?? 0) > 0);
  if (shown.length === 0) return <p className={styles.none}>Nothing stands behind this tier.</p>;
  return (
    <table className={styles.waterfall}>
      <caption className="visually-hidden">Layers behind {name}, in the order in which they pay</caption>
      <thead className="visually-hidden">
        <tr>
          <th scope="col">Layer</th>
          <th scope="col">How full</th>
          <th scope="col">Balance, USD</th>
          <th scope="col">Paid so far, USD</th>
        </tr>
      </thead>
      <tbody>
        {shown.map(({ layer, name: title, isShared, balanceUsd, paidUsd }) => {
          const most = bounds.layers.get(layerKey(tier, layer)) ?? 1;
          const hasBalance = layer !== WINNERS;
          return (
            <tr key={layer} data-paid={paidUsd > 0 || undefined}>
              <th scope="row" title={isShared ? "Stands behind all tiers" : undefined}>
                {title}
                {isShared && <span className={styles.shared}> shared</span>}
              </th>
              <td className={styles.track}>
                <span className={styles.bar}>
                  {hasBalance && <i className={styles.level} style={{ width: part(balanceUsd, most) }} />}
                  {paidUsd > 0 && <i className={styles.paid} style={{ width: part(paidUsd, most) }} />}
                </span>
              </td>
              <td className={styles.figure}>{hasBalance ? compact(balanceUsd) : ""}</td>
              <td className={styles.paidText}>{paidUsd > 0 ? `paid ${compact(paidUsd)}` : ""}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** Winners' profits have no balance, only what was taken of them. */
const WINNERS = 6;

function part(value: number, most: number): string {
  return `${Math.min(100, Math.max(0, (value / most) * 100))}%`;
}
