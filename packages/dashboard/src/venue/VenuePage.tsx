/** The venue's compartments as they stand: each tier with its posture, its markets, and what bears a loss in it, in order. */
import type { Tier } from "@bulkhead/protocol";
import type { ReactNode } from "react";
import { Bars } from "../charts/Bars.tsx";
import { useChannel } from "../live/channel.ts";
import { useRoute } from "../live/route.ts";
import { Badge } from "../ui/Badge.tsx";
import { Fault } from "../ui/Fault.tsx";
import { Columns, PageHead } from "../ui/Page.tsx";
import { Panel } from "../ui/Panel.tsx";
import { Loading } from "../ui/Skeleton.tsx";
import { Stat } from "../ui/Stat.tsx";
import { compact, worded } from "../ui/text.ts";
import { toneOf } from "../ui/states.ts";
import { When } from "../ui/When.tsx";
import { MarketRow } from "./MarketRow.tsx";
import styles from "./VenuePage.module.css";

export function VenuePage(): ReactNode {
  const { data: tiers, error, isLoading, again } = useRoute("tiers", {}, { everyMs: 2_000 });
  return (
    <>
      <PageHead title="Venue">
        Compartments that share nothing but what stands at their bottom: a loss in one is borne there, layer
        by layer, before it reaches another.
      </PageHead>
      {error !== undefined && tiers === undefined && (
        <Fault error={error} what="The tiers cannot be read" onAgain={again} />
      )}
      {isLoading && <Loading lines={10} />}
      <Columns least={340}>
        {tiers?.map((tier) => (
          <TierPanel key={tier.tier} tier={tier} />
        ))}
      </Columns>
    </>
  );
}

function TierPanel({
  tier: { tier, name, markets, buckets, distressed },
}: {
  readonly tier: Tier;
}): ReactNode {
  const funds = useChannel("funds", { tier }, ({ layers, insurance }) => ({ layers, insurance }));
  const breakers = useChannel("breakers", { tier }, ({ posture, markets: states }) => ({ posture, states }));
  const { posture } = breakers.data ?? {};
  return (
    <Panel
      title={worded(name)}
      note={`tier ${tier}`}
      isStale={funds.isStale}
      sequence={funds.sequence}
      actions={
        posture !== undefined && <Badge tone={toneOf(posture.posture)}>{worded(posture.posture)}</Badge>
      }
    >
      <div className={styles.tier}>
        <div className={styles.stats}>
          <Stat label="Buckets">{buckets.toLocaleString("en-US")}</Stat>
          <Stat label="In distress">{distressed.toLocaleString("en-US")}</Stat>
          <Stat label="Posture since">
            <When at={posture?.since} />
          </Stat>
        </div>
        {funds.problem !== undefined && <Fault error={funds.problem} what="The funds are not told" />}
        {funds.data?.layers === undefined ? (
          <Loading lines={5} />
        ) : (
          <Bars
            caption="What bears a loss, in order, USD"
            bars={funds.data.layers.map(({ layer, balance }) => ({
              name: worded(layer),
              value: Number(balance),
              text: `${compact(Number(balance))} USD`,
              token: layer === "mutual" ? "--series-3" : "--series-1",
              ...(layer === "insurance" &&
                funds.data?.insurance?.target && {
                  mark: Number(funds.data.insurance.target),
                  markText: `target ${compact(Number(funds.data.insurance.target))} USD`,
                }),
            }))}
          />
        )}
        <ul className={styles.markets}>
          {markets.map((symbol) => (
            <MarketRow
              key={symbol}
              symbol={symbol}
              breaker={breakers.data?.states?.find((each) => each.symbol === symbol)?.level}
            />
          ))}
        </ul>
      </div>
    </Panel>
  );
}
