/** How the price went: candles with what happened on them; or how deep the book is. */
import { INTERVALS, type Instrument, type Interval } from "@bulkhead/protocol";
import { type ReactNode, Suspense, lazy, useMemo } from "react";
import { useSearchParams } from "wouter";
import type { CandleMark } from "../charts/Candles.tsx";
import { useBook } from "../live/book.ts";
import { useChannel } from "../live/channel.ts";
import { useRoute } from "../live/route.ts";
import { Empty } from "../ui/Empty.tsx";
import { Fault } from "../ui/Fault.tsx";
import { Panel } from "../ui/Panel.tsx";
import { Loading } from "../ui/Skeleton.tsx";
import { Tabs } from "../ui/Tabs.tsx";
import { worded } from "../ui/text.ts";
import { placesOf } from "./market.ts";

// The libraries that draw weigh as much as the rest of the page: book and ticket do not wait for them.
const Candles = lazy(async () => {
  await whenIdle();
  return { default: (await import("../charts/Candles.tsx")).Candles };
});
const Depth = lazy(async () => ({ default: (await import("../charts/Depth.tsx")).Depth }));

const INTERVAL_NAMES = Object.keys(INTERVALS) as readonly Interval[];
/** Candles that are asked for at first. */
const EARLIER = 500;

type View = Interval | "depth";

/** Which view, of the address: a link leads to the same one. */
function useView(): readonly [View, (view: View) => void] {
  const [search, setSearch] = useSearchParams();
  const named = search.get("view");
  const view: View =
    named === "depth" ? "depth" : (INTERVAL_NAMES.find((interval) => interval === named) ?? "1m");
  return [
    view,
    (next) =>
      setSearch(
        (before) => {
          const after = new URLSearchParams(before);
          after.set("view", next);
          return after;
        },
        { replace: true },
      ),
  ];
}

export function PricePanel({
  instrument,
  height,
}: {
  readonly instrument: Instrument;
  readonly height: number;
}): ReactNode {
  const [view, setView] = useView();
  const tabs = (
    <Tabs<View>
      label="What is drawn"
      tabs={[
        ...INTERVAL_NAMES.map((name) => ({ name, text: name })),
        { name: "depth" as const, text: "Depth" },
      ]}
      chosen={view}
      onChoose={setView}
    />
  );
  return view === "depth" ? (
    <DepthView instrument={instrument} tabs={tabs} height={height} />
  ) : (
    <CandlesView
      key={`${instrument.symbol} ${view}`}
      instrument={instrument}
      interval={view}
      tabs={tabs}
      height={height}
    />
  );
}

interface ViewProps {
  readonly instrument: Instrument;
  readonly tabs: ReactNode;
  readonly height: number;
}

function CandlesView({
  instrument,
  interval,
  tabs,
  height,
}: ViewProps & { readonly interval: Interval }): ReactNode {
  const { symbol, quote } = instrument;
  const { data, isStale, sequence, problem } = useChannel("candles", { symbol, interval });
  const {
    data: earlier,
    error,
    isLoading,
    again,
  } = useRoute("candles", { params: { symbol }, query: { interval, limit: EARLIER } });
  const candles = useMemo(() => {
    const first = data?.items[0]?.start ?? Infinity;
    return [...(earlier ?? []).filter(({ start }) => start < first), ...(data?.items ?? [])];
  }, [data, earlier]);
  const marks = useMarks(instrument, interval, candles[0]?.start);
  const fault = problem ?? (candles.length === 0 ? error : undefined);
  return (
    <Panel title="Price" note={quote} isStale={isStale} sequence={sequence} actions={tabs}>
      {fault !== undefined ? (
        <Fault error={fault} what="The candles cannot be read" onAgain={again} />
      ) : candles.length > 0 ? (
        <Suspense fallback={<Loading lines={10} />}>
          <Candles
            caption={`${symbol}, candles of ${interval}, ${quote}; with liquidations and breakers`}
            candles={candles}
            marks={marks}
            places={placesOf(instrument)}
            height={height}
          />
        </Suspense>
      ) : isLoading ? (
        <Loading lines={10} />
      ) : (
        <Empty title="Nothing was traded yet">The first trade makes the first candle.</Empty>
      )}
    </Panel>
  );
}

function DepthView({ instrument, tabs, height }: ViewProps): ReactNode {
  const { symbol, base } = instrument;
  const { bids, asks, sequence, isStale } = useBook(symbol);
  return (
    <Panel title="Depth" note={`${base} up to a price`} isStale={isStale} sequence={sequence} actions={tabs}>
      {sequence === 0 ? (
        <Loading lines={10} />
      ) : bids.length + asks.length === 0 ? (
        <Empty title="The book is empty" />
      ) : (
        <Suspense fallback={<Loading lines={10} />}>
          <Depth
            caption={`Depth of ${symbol}, ${base}`}
            isCaptionHidden
            bids={bids}
            asks={asks}
            unit={base}
            height={height}
          />
        </Suspense>
      )}
    </Panel>
  );
}

/** Liquidations of a candle are one mark, with their number; each change of the breaker is one. Nothing before the first candle. */
function useMarks(
  { symbol, tier }: Instrument,
  interval: Interval,
  first: number | undefined,
): readonly CandleMark[] {
  const { data: liquidations } = useRoute(
    "liquidations",
    { query: { symbol, limit: 200 } },
    { everyMs: 5_000 },
  );
  const { data: timeline } = useRoute(
    "timeline",
    { query: { tier, kind: "breaker", limit: 100 } },
    { everyMs: 5_000 },
  );
  return useMemo(() => {
    if (first === undefined) return [];
    const start = (time: number): number => time - (time % INTERVALS[interval]);
    const counts = new Map<number, number>();
    for (const { time } of liquidations?.items ?? [])
      counts.set(start(time), (counts.get(start(time)) ?? 0) + 1);
    const closings = [...counts].map(([at, count]): CandleMark => {
      return {
        at,
        text: count === 1 ? "liquidation" : `${count} liquidations`,
        tone: "alarm",
        place: "below",
      };
    });
    const breakers = (timeline?.items ?? []).flatMap((entry): CandleMark[] =>
      entry.kind === "breaker" && entry.symbol === symbol
        ? [{ at: start(entry.time), text: worded(entry.to), tone: "caution", place: "above" }]
        : [],
    );
    return [...closings, ...breakers]
      .filter(({ at }) => at >= first)
      .toSorted((one, other) => one.at - other.at);
  }, [liquidations, timeline, symbol, interval, first]);
}

/** When the page has nothing more urgent to do, and at the latest after half a second. */
function whenIdle(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof requestIdleCallback === "function") requestIdleCallback(() => resolve(), { timeout: 500 });
    else setTimeout(resolve, 50);
  });
}
