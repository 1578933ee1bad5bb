/** How near the buckets of a tier are to liquidation: each as a cell, and how many lie between which bounds. */
import { type ReactNode, useMemo } from "react";
import { HeatMap } from "../charts/HeatMap.tsx";
import { Histogram } from "../charts/Histogram.tsx";
import { useRoute } from "../live/route.ts";
import { Empty } from "../ui/Empty.tsx";
import { Fault } from "../ui/Fault.tsx";
import { Panel } from "../ui/Panel.tsx";
import { Loading } from "../ui/Skeleton.tsx";
import { compact, grouped } from "../ui/text.ts";
import { cellsOf } from "./strips.ts";
import styles from "./VenuePage.module.css";

const EVERY_MS = 2_000;

export function HealthMap({ tier }: { readonly tier: number }): ReactNode {
  const { data, error, isLoading, isStale, sequence, again } = useRoute(
    "riskHealth",
    { query: { tier } },
    { everyMs: EVERY_MS },
  );
  const cells = useMemo(() => cellsOf(data?.sample.health ?? []), [data]);
  return (
    <Panel
      title="Health of buckets"
      note="equity over maintenance margin; below 1 it is liquidated"
      isStale={isStale}
      sequence={sequence}
    >
      {error !== undefined && data === undefined && (
        <Fault error={error} what="The health of buckets cannot be read" onAgain={again} />
      )}
      {isLoading && <Loading lines={6} />}
      {data !== undefined && data.exposed === 0 && (
        <Empty title="No bucket has a position">
          {grouped(String(data.buckets))} buckets hold money and nothing else; only positions have a health.
        </Empty>
      )}
      {data !== undefined && data.exposed > 0 && (
        <div className={styles.rows}>
          <HeatMap
            caption={`${grouped(String(data.sample.health.length))} buckets, the unhealthiest first${data.sample.every > 1 ? `; every ${data.sample.every}th is shown` : ""}`}
            values={cells.values}
            columns={cells.columns}
            height={Math.min(200, Math.ceil(cells.values.length / cells.columns) * 28)}
            tell={(index) => {
              const row = cells.order[index] ?? 0;
              const [health, size] = [data.sample.health[row] ?? 0, data.sample.size[row] ?? 0];
              return `health ${grouped((health / 1e6).toFixed(3))}, positions of ${compact(size)} USD`;
            }}
            legend={<Scale />}
            table={{
              columns: ["Buckets", "Number"],
              rows: [
                ["with a position", grouped(String(data.exposed))],
                ["below their maintenance margin", grouped(String(data.below))],
              ],
            }}
          />
          <Histogram
            caption={`Buckets by health: ${grouped(String(data.exposed))} with a position, ${grouped(String(data.below))} below 1`}
            bins={data.histogram.map(({ from, until, buckets, maintenanceMargin }) => ({
              name: from === null ? "< 0" : until === null ? `≥ ${short(from)}` : short(from),
              value: buckets,
              text: `${grouped(String(buckets))} buckets, ${compact(Number(maintenanceMargin))} USD of maintenance margin`,
              token: until !== null && Number(until) <= 1 ? "--alarm" : "--series-1",
            }))}
            height={150}
            labelEvery={3}
            valueName="Buckets"
          />
        </div>
      )}
    </Panel>
  );
}

function Scale(): ReactNode {
  return (
    <span className={styles.scale}>
      ≤ 1 <i aria-hidden="true" /> ≥ 4
    </span>
  );
}

function short(bound: string): string {
  return String(Number(bound));
}
