/**
 * Candles from before the node began, from the views. What is traded while they are asked is in the market's own candles already: so of the
 * minute in which the node began the views' trades up to its first command are counted one by one, and of every longer candle of that time the
 * minutes.
 */
import { INTERVALS, type Instrument, type Interval, notionalOf } from "@bulkhead/protocol";
import type { CandleRow, History } from "../gateway/ports.ts";
import { type Candle, candleOf, joined } from "../market/candles.ts";
import type { Beginning } from "../market/marketData.ts";

const DAY = 86_400_000;
const MINUTE = INTERVALS["1m"];
/** Candles of a kind other than a minute that a market keeps. */
const KEPT = 500;
const ROWS = 1_000;

/** The candles of every interval that were begun up to the command the market began after, the oldest first. Resolves once the views are that far. */
export async function pastCandles(
  history: History,
  instrument: Instrument,
  beginning: Beginning,
): Promise<ReadonlyMap<Interval, readonly Candle[]>> {
  const { time } = beginning;
  await history.reached(beginning.sequence);
  const minutes = [
    ...(await candlesOf(history, instrument, "1m", time - DAY, startOf(time, MINUTE) - 1)),
    ...(await tradesOf(history, instrument, beginning)),
  ];
  const past = new Map<Interval, readonly Candle[]>([["1m", minutes]]);
  for (const interval of Object.keys(INTERVALS) as Interval[]) {
    if (interval === "1m") continue;
    const length = INTERVALS[interval];
    const start = startOf(time, length);
    const whole = await candlesOf(history, instrument, interval, start - KEPT * length, start - 1);
    past.set(interval, [
      ...whole,
      ...joined(
        minutes.filter((minute) => minute.start >= start),
        length,
      ),
    ]);
  }
  return past;
}

/** Those of one interval, both times included, the oldest first. */
async function candlesOf(
  history: History,
  instrument: Instrument,
  interval: Interval,
  from: number,
  until: number,
): Promise<Candle[]> {
  const { tier, market } = instrument;
  const notional = notionalOf(instrument);
  const found: CandleRow[] = [];
  for (let end = until; ;) {
    const rows = await history.ask("candles", { tier, market, interval, from, until: end, limit: ROWS });
    found.push(...rows);
    if (rows.length < ROWS) break;
    end = (rows.at(-1) as CandleRow).start - 1;
  }
  return found
    .map(({ start, open, high, low, close, volume, quoteVolume, trades }) => ({
      start,
      open,
      high,
      low,
      close,
      lots: Number(volume),
      turnover: Number(quoteVolume) / notional,
      trades,
    }))
    .toReversed();
}

/** What was traded in the minute of a command up to it: one candle, or none. */
async function tradesOf(
  history: History,
  { tier, market }: Instrument,
  { sequence, time }: Beginning,
): Promise<Candle[]> {
  const from = startOf(time, MINUTE);
  const found: Candle[] = [];
  for (let cursor: string | undefined; ;) {
    const page = await history.ask("trades", {
      tier,
      market,
      from,
      until: time,
      limit: ROWS,
      isAscending: true,
      ...(cursor !== undefined && { cursor }),
    });
    for (const { sequence: at, price, lots } of page.rows)
      if (at <= sequence) found.push(candleOf(from, price, lots));
    if (page.next === undefined) break;
    cursor = page.next;
  }
  return joined(found, MINUTE);
}

function startOf(time: number, length: number): number {
  return time - (time % length);
}
