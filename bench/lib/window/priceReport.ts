/** A reporter's report of a market's price, from dollars. */
import { type CommandInput, type Instrument, pointsOf, pointsText } from "@bulkhead/protocol";

const POINTS_PER_TICK = 1_000;
/** How sure it is, as a share of the price. */
const CONFIDENCE = 0.0002;
const OF_MARKET = 0;

/** @param publishedAt - ms since the epoch; the report's number too */
export function priceReport(
  instrument: Instrument,
  reporter: number,
  dollars: number,
  publishedAt: number,
): CommandInput & { readonly kind: "reportPrice" } {
  const { tier, market, tickSize } = instrument;
  const points = Math.round((dollars * POINTS_PER_TICK) / Number(tickSize));
  return {
    kind: "reportPrice",
    reporter,
    tier,
    feedKind: OF_MARKET,
    id: market,
    price: pointsOf(instrument, pointsText(instrument, points)),
    confidence: Math.ceil(points * CONFIDENCE),
    publishedAt,
    sequence: publishedAt,
  };
}
