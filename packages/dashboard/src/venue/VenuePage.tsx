/** The venue at a glance: whether it can pay, its compartments as they stand, and what has happened to them. */
import { type ReactNode, useMemo } from "react";
import { useChoice } from "../live/address.ts";
import { useRoute } from "../live/route.ts";
import { Fault } from "../ui/Fault.tsx";
import { Columns, PageHead, Stack } from "../ui/Page.tsx";
import { Loading } from "../ui/Skeleton.tsx";
import { Stale } from "../ui/Stale.tsx";
import { Tabs } from "../ui/Tabs.tsx";
import { worded } from "../ui/text.ts";
import { Breakers } from "./Breakers.tsx";
import { CoverTwo, Throttle } from "./Exits.tsx";
import { FundHistory } from "./FundHistory.tsx";
import { Headline } from "./Headline.tsx";
import { HealthMap } from "./HealthMap.tsx";
import { Hull } from "./Hull.tsx";
import { LiquidationMap } from "./LiquidationMap.tsx";
import { TearUp } from "./TearUp.tsx";
import { Timeline } from "./Timeline.tsx";
import styles from "./VenuePage.module.css";
import { Waterfall } from "./Waterfall.tsx";

export function VenuePage(): ReactNode {
  const risk = useRoute("risk", {}, { everyMs: 2_000 });
  const tiers = useRoute("tiers", {}, { everyMs: 5_000 });
  const numbers = (risk.data?.tiers ?? []).map(({ tier }) => String(tier));
  const [chosen, choose] = useChoice("tier", numbers);
  const tier = risk.data?.tiers.find((each) => String(each.tier) === chosen);
  const names = useMemo(
    () =>
      new Map<number, string>([
        [0, "venue"],
        ...(tiers.data ?? []).map(({ tier: number, name }) => [number, worded(name)] as const),
      ]),
    [tiers.data],
  );
  const markets = tiers.data?.find((each) => each.tier === tier?.tier)?.markets;
  return (
    <>
      <PageHead title="Venue" actions={risk.isStale ? <Stale sequence={risk.data?.sequence} /> : undefined}>
        Watertight compartments: a loss in one is borne there, layer by layer, before anybody else knows of
        it.
      </PageHead>
      {risk.error !== undefined && risk.data === undefined && (
        <Fault error={risk.error} what="The venue's risk cannot be read" onAgain={risk.again} />
      )}
      {tiers.error !== undefined && tiers.data === undefined && (
        <Fault error={tiers.error} what="The tiers cannot be read" onAgain={tiers.again} />
      )}
      {(risk.isLoading || tiers.isLoading) && <Loading lines={12} />}
      {risk.data !== undefined && tiers.data !== undefined && (
        <Stack>
          <Headline risk={risk.data} />
          <Hull
            risk={risk.data}
            tiers={tiers.data}
            chosen={tier?.tier ?? 0}
            onChoose={(number) => choose(String(number))}
          />
          {tier !== undefined && markets !== undefined && (
            <section aria-label={`Details of ${worded(tier.name)}`} className={styles.details}>
              <div className={styles.detailsHead}>
                <h2>Compartment</h2>
                <Tabs
                  label="Compartment"
                  tabs={risk.data.tiers.map((each) => ({
                    name: String(each.tier),
                    text: worded(each.name),
                  }))}
                  chosen={String(tier.tier)}
                  onChoose={choose}
                />
              </div>
              <Columns least={520}>
                <Stack>
                  <Waterfall tier={tier} />
                  <LiquidationMap key={tier.tier} markets={markets} />
                  <TearUp />
                </Stack>
                <Stack>
                  <Breakers tier={tier} />
                  <HealthMap tier={tier.tier} />
                  <FundHistory tier={tier} time={risk.data.time} />
                </Stack>
              </Columns>
            </section>
          )}
          <Columns least={420}>
            <Throttle risk={risk.data} isStale={risk.isStale} />
            <CoverTwo risk={risk.data} isStale={risk.isStale} />
          </Columns>
          <Timeline tiers={names} />
        </Stack>
      )}
    </>
  );
}
