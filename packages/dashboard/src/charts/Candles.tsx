/** Prices of a market as candles with their volume, and marks where something happened. Drawn by Lightweight Charts of TradingView, who are credited. */
import {
  CandlestickSeries,
  ColorType,
  HistogramSeries,
  type IChartApi,
  type ISeriesApi,
  type ISeriesMarkersPluginApi,
  type Time,
  type UTCTimestamp,
  createChart,
  createSeriesMarkers,
} from "lightweight-charts";
import { type ReactNode, useEffect, useRef } from "react";
import { colour, useTheme } from "../ui/theme.ts";
import { grouped, momentText } from "../ui/text.ts";
import { Figure, READ_OUT } from "./Figure.tsx";
import styles from "./Figure.module.css";

export interface Candle {
  /** ms since the epoch. */
  readonly start: number;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  /** In base currency. */
  readonly volume: string;
}

/** Something that happened: a liquidation, a breaker. */
export interface CandleMark {
  /** ms since the epoch. */
  readonly at: number;
  readonly text: string;
  readonly tone: "up" | "down" | "caution" | "alarm";
  readonly place: "above" | "below";
}

export interface CandlesProps {
  readonly caption: string;
  /** Oldest first. */
  readonly candles: readonly Candle[];
  readonly marks?: readonly CandleMark[];
  /** Digits after the point of prices. */
  readonly places: number;
  readonly height?: number;
}

interface Drawn {
  readonly chart: IChartApi;
  readonly prices: ISeriesApi<"Candlestick">;
  readonly volumes: ISeriesApi<"Histogram">;
  readonly marks: ISeriesMarkersPluginApi<Time>;
}

export function Candles({
  caption,
  candles,
  marks = NO_MARKS,
  places,
  height = 360,
}: CandlesProps): ReactNode {
  const stage = useRef<HTMLDivElement>(null);
  const drawn = useRef<Drawn>(undefined);
  const shown = useRef<readonly Candle[]>([]);
  const { theme } = useTheme();

  useEffect(() => {
    const { current: box } = stage;
    if (box === null) return undefined;
    const made = draw(box, places);
    drawn.current = made;
    shown.current = [];
    return () => {
      drawn.current = undefined;
      made.chart.remove();
    };
  }, [theme, places]);

  useEffect(() => {
    const frame = requestAnimationFrame(() => {
      if (drawn.current === undefined) return;
      tell(drawn.current, candles, shown.current);
      shown.current = candles;
    });
    return () => cancelAnimationFrame(frame);
  }, [candles, theme, places]);

  useEffect(() => {
    drawn.current?.marks.setMarkers(
      marks.map(({ at, text, tone, place }) => ({
        time: secondsOf(at),
        text,
        color: colour(`--${tone}`),
        position: place === "above" ? "aboveBar" : "belowBar",
        shape: place === "above" ? "arrowDown" : "arrowUp",
      })),
    );
  }, [marks, theme, places]);

  return (
    <Figure
      caption={caption}
      isCaptionHidden
      stage={stage}
      height={height}
      legend={
        <span className={styles.credit}>
          Charts by <a href="https://www.tradingview.com/">TradingView</a>, times in UTC
        </span>
      }
      table={{
        columns: ["Start", "Open", "High", "Low", "Close", "Volume"],
        rows: candles
          .slice(-READ_OUT)
          .map(({ start, open, high, low, close, volume }) => [
            momentText(start),
            ...[open, high, low, close, volume].map((value) => grouped(value)),
          ]),
      }}
    />
  );
}

const NO_MARKS: readonly CandleMark[] = [];

function draw(box: HTMLElement, places: number): Drawn {
  const [text, line, up, down] = (["--text-faint", "--line", "--up", "--down"] as const).map(colour) as [
    string,
    string,
    string,
    string,
  ];
  const chart = createChart(box, {
    autoSize: true,
    layout: {
      // Its own logo brings a style sheet along that the page's policy does not allow; the credit stands above the chart.
      attributionLogo: false,
      background: { type: ColorType.Solid, color: "transparent" },
      textColor: text,
      fontFamily: "'Inter Variable', sans-serif",
      fontSize: 11,
    },
    grid: { vertLines: { color: line }, horzLines: { color: line } },
    rightPriceScale: { borderColor: line },
    timeScale: { borderColor: line, timeVisible: true, secondsVisible: false, rightOffset: 4, barSpacing: 8 },
    localization: { priceFormatter: (price: number) => grouped(price.toFixed(places)) },
  });
  const prices = chart.addSeries(CandlestickSeries, {
    upColor: up,
    downColor: down,
    wickUpColor: up,
    wickDownColor: down,
    borderVisible: false,
    priceFormat: { type: "price", precision: places, minMove: 10 ** -places },
  });
  const volumes = chart.addSeries(HistogramSeries, {
    priceFormat: { type: "volume" },
    priceScaleId: "",
    // The last price stands at the axis; the last volume there would look like one.
    lastValueVisible: false,
    priceLineVisible: false,
  });
  volumes.priceScale().applyOptions({ scaleMargins: { top: 0.84, bottom: 0 } });
  return { chart, prices, volumes, marks: createSeriesMarkers(prices, []) };
}

/** Tells what is new; all of it only if the beginning is another. */
function tell({ prices, volumes }: Drawn, candles: readonly Candle[], before: readonly Candle[]): void {
  const isSame =
    before.length > 0 && candles.length >= before.length && candles[0]?.start === before[0]?.start;
  if (!isSame) {
    prices.setData(candles.map(priceOf));
    volumes.setData(candles.map(volumeOf));
    return;
  }
  for (const candle of candles.slice(before.length - 1)) {
    prices.update(priceOf(candle));
    volumes.update(volumeOf(candle));
  }
}

function priceOf({ start, open, high, low, close }: Candle) {
  return {
    time: secondsOf(start),
    open: Number(open),
    high: Number(high),
    low: Number(low),
    close: Number(close),
  };
}

function volumeOf({ start, open, close, volume }: Candle) {
  const token = Number(close) < Number(open) ? "--down-ground" : "--up-ground";
  return { time: secondsOf(start), value: Number(volume), color: colour(token) };
}

function secondsOf(ms: number): UTCTimestamp {
  return Math.floor(ms / 1_000) as UTCTimestamp;
}
