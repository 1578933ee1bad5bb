/** What lies in a book on each side of its middle, added up from the best price outwards. */
import { type ReactNode, useMemo } from "react";
import uPlot from "uplot";
import { compact, grouped } from "../ui/text.ts";
import { Figure, Key } from "./Figure.tsx";
import { axis, useUplot } from "./useUplot.ts";

type Level = readonly [price: string, amount: string];

export interface DepthProps {
  readonly caption: string;
  readonly isCaptionHidden?: boolean;
  /** Best first. */
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
  /** Of amounts. */
  readonly unit: string;
  /** How many levels of each side are drawn. */
  readonly levels?: number;
  readonly height?: number;
}

export function Depth({
  caption,
  isCaptionHidden = false,
  bids,
  asks,
  unit,
  levels = 100,
  height = 160,
}: DepthProps): ReactNode {
  const below = useMemo(() => heaped(bids.slice(0, levels)), [bids, levels]);
  const above = useMemo(() => heaped(asks.slice(0, levels)), [asks, levels]);
  const data = useMemo<uPlot.AlignedData>(() => {
    const ascending = below.toReversed();
    return [
      [...ascending, ...above].map(([price]) => price),
      [...ascending.map(([, heap]) => heap), ...above.map(() => null)],
      [...ascending.map(() => null), ...above.map(([, heap]) => heap)],
    ];
  }, [below, above]);
  const stage = useUplot(
    (colours) => ({
      legend: { show: false },
      cursor: { points: { size: 6 }, drag: { x: false, y: false } },
      padding: [8, 8, 0, 0],
      scales: { x: { time: false }, y: { range: (_, __, most) => [0, most > 0 ? most * 1.05 : 1] } },
      axes: [
        axis(colours, { space: 90, values: (_, splits) => splits.map((value) => grouped(String(value))) }),
        axis(colours, { size: 48, space: 32, values: (_, splits) => splits.map((value) => compact(value)) }),
      ],
      series: [{}, side(colours.of("--up"), -1), side(colours.of("--down"), 1)],
    }),
    unit,
    data,
    height,
  );
  return (
    <Figure
      caption={caption}
      isCaptionHidden={isCaptionHidden}
      stage={stage}
      height={height}
      legend={
        <>
          <Key token="--up" name="bids" value={`${compact(below.at(-1)?.[1] ?? 0)} ${unit}`} />
          <Key token="--down" name="asks" value={`${compact(above.at(-1)?.[1] ?? 0)} ${unit}`} />
        </>
      }
      table={{
        columns: ["Side", "Price", `Up to it, ${unit}`],
        rows: [
          ...below.slice(0, 10).map(([price, heap]) => ["bid", String(price), compact(heap)]),
          ...above.slice(0, 10).map(([price, heap]) => ["ask", String(price), compact(heap)]),
        ],
      }}
    />
  );
}

function side(stroke: string, align: 1 | -1): uPlot.Series {
  const paths = uPlot.paths.stepped?.({ align });
  return {
    stroke,
    width: 1.5,
    fill: `color-mix(in srgb, ${stroke} 16%, transparent)`,
    points: { show: false },
    ...(paths !== undefined && { paths }),
  };
}

/** Prices with all that lies up to them. */
function heaped(levels: readonly Level[]): readonly (readonly [price: number, heap: number])[] {
  let heap = 0;
  return levels.map(([price, amount]) => [Number(price), (heap += Number(amount))]);
}
