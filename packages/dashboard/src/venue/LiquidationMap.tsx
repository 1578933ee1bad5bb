/** At which prices of a market how much would be liquidated: each market of a tier as a strip around its mark, and the chosen one in full. */
import type { LiquidationMap as Told } from "@bulkhead/protocol";
import { type ReactNode, useMemo } from "react";
import { HeatMap } from "../charts/HeatMap.tsx";
import { Histogram } from "../charts/Histogram.tsx";
import { useChoice } from "../live/address.ts";
import { useRoute } from "../live/route.ts";
import { Amount } from "../ui/Amount.tsx";
import { Button } from "../ui/Button.tsx";
import { Empty } from "../ui/Empty.tsx";
import { Fault } from "../ui/Fault.tsx";
import { Panel } from "../ui/Panel.tsx";
import { Loading } from "../ui/Skeleton.tsx";
import { Stat } from "../ui/Stat.tsx";
import { Tabs } from "../ui/Tabs.tsx";
import { compact, grouped } from "../ui/text.ts";
import { strip } from "./strips.ts";
import styles from "./VenuePage.module.css";

const RANGES = ["20", "5", "10", "50"] as const;
type Range = (typeof RANGES)[number];

export function LiquidationMap({ markets }: { readonly markets: readonly string[] }): ReactNode {
  const [symbol, choose] = useChoice("market", markets);
  const [range = "20", setRange] = useChoice("range", RANGES);
  const { isStale, sequence } = useMap(symbol, range);
  return (
    <Panel
      title="Liquidations by price"
      isStale={isStale}
      sequence={sequence}
      note={`within ±${range} % of the mark`}
      actions={
        <Tabs
          label="How far from the mark"
          tabs={(["5", "10", "20", "50"] as const).map((name) => ({ name, text: `±${name} %` }))}
          chosen={range}
          onChoose={setRange}
        />
      }
    >
      {symbol === undefined ? (
        <Empty title="The tier has no market">Markets that are listed in it are shown here.</Empty>
      ) : (
        <div className={styles.rows}>
          <ul className={styles.strips}>
            {markets.map((each) => (
              <Strip
                key={each}
                symbol={each}
                range={range}
                isChosen={each === symbol}
                onChoose={() => choose(each)}
              />
            ))}
          </ul>
          <Detail symbol={symbol} range={range} />
        </div>
      )}
    </Panel>
  );
}

function useMap(symbol: string | undefined, range: Range) {
  return useRoute(
    "riskLiquidations",
    { query: { symbol: symbol ?? "", range } },
    { everyMs: 3_000, isWanted: symbol !== undefined },
  );
}

function Strip({
  symbol,
  range,
  isChosen,
  onChoose,
}: {
  readonly symbol: string;
  readonly range: Range;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}): ReactNode {
  const { data, isStale } = useMap(symbol, range);
  const { values, most } = useMemo(() => strip(data?.bins ?? []), [data]);
  return (
    <li className={styles.strip} data-stale={isStale || undefined}>
      <Button size="small" look={isChosen ? "plain" : "quiet"} aria-pressed={isChosen} onClick={onChoose}>
        {symbol}
      </Button>
      <HeatMap
        caption={`${symbol}: USD that would be liquidated by price, ±${range} % of the mark`}
        isCaptionHidden
        values={values}
        columns={Math.max(1, values.length)}
        ramp="amount"
        height={24}
        tell={(index) => binText(data?.bins[index])}
        table={{
          columns: ["From", "Until", "Long, USD", "Short, USD"],
          rows: filledOf(data).map(({ from, until, long, short }) => [from, until, long, short]),
        }}
      />
      <span className={styles.stripMost} title="In the fullest bin">
        {most > 0 ? `≤ ${compact(most)} USD` : "nothing"}
      </span>
    </li>
  );
}

function Detail({ symbol, range }: { readonly symbol: string; readonly range: Range }): ReactNode {
  const { data, error, isLoading, again } = useMap(symbol, range);
  if (error !== undefined && data === undefined)
    return <Fault error={error} what="The map of liquidations cannot be read" onAgain={again} />;
  if (isLoading || data === undefined) return <Loading lines={5} />;
  if (data.mark === null)
    return (
      <Empty title={`${symbol} has no mark yet`}>Nothing is liquidated before its price has been made.</Empty>
    );
  const { now, beyond, never, positions, every, bins } = data;
  const mark = Number(data.mark);
  return (
    <>
      <Histogram
        caption={`${symbol}: what would be liquidated at which price, USD. Mark ${grouped(data.mark)} USD${every > 1 ? `; every ${every}th bucket was looked at` : ""}`}
        bins={bins.map((bin) => ({
          name: compactPrice(bin.from),
          value: Number(bin.long) + Number(bin.short),
          text: binText(bin),
          token: Number(bin.until) <= mark ? "--down" : "--up",
        }))}
        labelEvery={10}
        valueName="Would be liquidated"
      />
      <div className={styles.sides}>
        <span className={styles.longs}>▼ longs are liquidated below the mark</span>
        <span className={styles.shorts}>▲ shorts above it</span>
      </div>
      <div className={styles.stats}>
        <Stat label="Below margin now" note={`${grouped(String(now.positions))} positions`}>
          <Amount value={now.long} unit="USD long" isShort /> ·{" "}
          <Amount value={now.short} unit="USD short" isShort />
        </Stat>
        <Stat label="Outside the range" note={`${grouped(String(beyond.positions))} positions`}>
          <Amount value={beyond.long} unit="USD long" isShort /> ·{" "}
          <Amount value={beyond.short} unit="USD short" isShort />
        </Stat>
        <Stat label="At no price" note={`of ${grouped(String(positions))} positions`}>
          {grouped(String(never))}
        </Stat>
      </div>
    </>
  );
}

type Bin = Told["bins"][number];

function binText(bin: Bin | undefined): string {
  if (bin === undefined) return "nothing";
  const { from, until, long, short, positions } = bin;
  const parts = [
    ...(Number(long) > 0 ? [`${compact(Number(long))} USD long`] : []),
    ...(Number(short) > 0 ? [`${compact(Number(short))} USD short`] : []),
  ];
  return `${grouped(from)} to ${grouped(until)} USD: ${parts.length === 0 ? "nothing" : `${parts.join(", ")}, ${positions} positions`}`;
}

function filledOf(told: Told | undefined): readonly Bin[] {
  return (told?.bins ?? []).filter(({ positions }) => positions > 0);
}

function compactPrice(price: string): string {
  return Number(price) >= 1_000 ? grouped(price, 0) : grouped(price);
}
