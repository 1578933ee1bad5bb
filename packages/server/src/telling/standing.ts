/** Where a bucket stands: its margin and its positions. */
import type { BucketView, Venue } from "@bulkhead/engine";
import { marketView } from "@bulkhead/engine";
import {
  type Bucket,
  type Instrument,
  type Position,
  amountText,
  notionalOf,
  pointsText,
  priceText,
  usdText,
} from "@bulkhead/protocol";
import { type Labels, orNull, priceOrNull } from "./labels.ts";

const DISTRESS = ["healthy", "queued", "liquidating"] as const;
const POINTS_PER_TICK = 1_000n;

export function tellBucket(labels: Labels, tier: number, view: BucketView): Bucket {
  return {
    bucket: view.id,
    tier,
    marginMode: marginModeOf(view),
    symbol: view.mode === 0 ? null : labels.symbol(tier, view.mode),
    cash: usdText(view.cash),
    holdings: view.holdings.map((each) => labels.holding(each)),
    equity: usdText(view.equity),
    initialMargin: usdText(view.initialMargin),
    maintenanceEquity: usdText(view.maintenanceEquity),
    maintenanceMargin: usdText(view.maintenanceMargin),
    withdrawable: usdText(view.withdrawable),
    distress: DISTRESS[view.distress] ?? "healthy",
    distressSince: view.distress === 0 ? null : orNull(view.distressSince),
  };
}

/** A position as it is told, and what a reader may still want of it. */
export interface PositionTold {
  readonly position: Omit<Position, "sequence">;
  readonly lots: number;
  /** Of its market, one side. */
  readonly openInterest: number;
}

/** Its positions in markets that have a name: those of others have no decimals to be told in. */
export function tellPositions(
  venue: Venue,
  labels: Labels,
  tier: number,
  bucket: BucketView,
): PositionTold[] {
  return bucket.positions.flatMap(({ market, lots, cost, unrealised, liquidationPrice }) => {
    const instrument = labels.instrument(tier, market);
    if (instrument === undefined || lots === 0) return [];
    const { mark, openInterest } = marketView(venue, tier, market);
    const size = Math.abs(lots);
    const notional = notionalOf(instrument);
    const position = {
      account: bucket.account,
      bucket: bucket.id,
      symbol: instrument.symbol,
      marginMode: marginModeOf(bucket),
      side: lots < 0 ? ("short" as const) : ("long" as const),
      amount: amountText(instrument, size),
      notional: usdText(size * mark * notional),
      entryPrice: entryText(instrument, cost, lots, notional),
      markPrice: priceText(instrument, mark),
      liquidationPrice: priceOrNull(instrument, liquidationPrice),
      unrealizedPnl: usdText(unrealised),
    };
    return [{ position, lots, openInterest }];
  });
}

function marginModeOf({ mode }: BucketView): "cross" | "isolated" {
  return mode === 0 ? "cross" : "isolated";
}

/** Cost over size, to a thousandth of a tick, rounded down. @param notional - micro-dollars per tick and lot */
function entryText(instrument: Instrument, cost: number, lots: number, notional: number): string {
  return pointsText(instrument, Number((BigInt(cost) * POINTS_PER_TICK) / (BigInt(lots) * BigInt(notional))));
}
