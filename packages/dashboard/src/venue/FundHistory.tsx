/** What the layers of a tier, or of the venue, have held. */
import type { RiskTier } from "@bulkhead/protocol";
import { type ReactNode, useMemo } from "react";
import { LineChart } from "../charts/LineChart.tsx";
import { useChoice } from "../live/address.ts";
import { useRoute } from "../live/route.ts";
import { Empty } from "../ui/Empty.tsx";
import { Fault } from "../ui/Fault.tsx";
import { Panel } from "../ui/Panel.tsx";
import { Loading } from "../ui/Skeleton.tsx";
import { Tabs } from "../ui/Tabs.tsx";
import { fundLinesOf } from "./fundLines.ts";
import { LAYER_TEXT } from "./words.ts";

const INTERVALS = ["1m", "15m", "1h", "1d"] as const;
const OF_TIER = ["insurance", "firstTranche"] as const;
const TOKENS = ["--series-1", "--series-4"] as const;

export function FundHistory({
  tier: { tier, layers },
  time,
}: {
  readonly tier: RiskTier;
  /** Of what `tier` tells, ms. */
  readonly time: number;
}): ReactNode {
  const [interval = "1m", choose] = useChoice("interval", INTERVALS);
  const { data, error, isLoading, isStale, again } = useRoute(
    "fundHistory",
    { params: { tier }, query: { interval, limit: 1_000 } },
    { everyMs: 10_000 },
  );
  const lines = useMemo(() => {
    const balances = Object.fromEntries(layers.map(({ layer, balance }) => [layer, balance]));
    return fundLinesOf(data ?? [], OF_TIER, { time, balances });
    // eslint-disable-next-line react-hooks/exhaustive-deps -- drawn anew with every answer, and not with every look at the balances
  }, [data]);
  return (
    <Panel
      title="Insurance-fund history"
      note="USD at the end of each interval"
      isStale={isStale}
      actions={
        <Tabs
          label="Interval"
          tabs={INTERVALS.map((name) => ({ name, text: name }))}
          chosen={interval}
          onChoose={choose}
        />
      }
    >
      {error !== undefined && data === undefined && (
        <Fault error={error} what="The history of the funds cannot be read" onAgain={again} />
      )}
      {isLoading && <Loading lines={5} />}
      {data !== undefined && data.length === 0 && (
        <Empty title="The funds have never moved">
          Whatever is paid into the insurance fund or the first tranche, and whatever they pay, is a point
          here.
        </Empty>
      )}
      {data !== undefined && data.length > 0 && (
        <LineChart
          caption={`What layers of tier ${tier} held, USD`}
          isCaptionHidden
          times={lines.times}
          unit="USD"
          height={190}
          fromZero
          lines={OF_TIER.map((layer, index) => ({
            name: LAYER_TEXT[layer],
            values: lines.values[index] ?? [],
            token: TOKENS[index] ?? "--series-1",
            isStepped: true,
            isFilled: index === 0,
          }))}
        />
      )}
    </Panel>
  );
}
