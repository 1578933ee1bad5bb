/** What liquidations bring to a call auction: the closing sizes of those in distress, on one side of the market. See docs/spec/callAuction.md. */
import { NIL, type Ref } from "../../kernel/arena.ts";
import { absolute, plus } from "../../kernel/checked.ts";
import { type Lots, type MicroUsd, NONE, type Ticks } from "../../kernel/units.ts";
import { MAX_AUCTIONED } from "../../domain/limits.ts";
import { FORBID } from "../../domain/permits.ts";
import { positionOf } from "../../domain/positions.ts";
import { BUCKET, POSITION } from "../../domain/rows/bucket.ts";
import { MARKET } from "../../domain/rows/market.ts";
import { TIER } from "../../domain/rows/tier.ts";
import type { Market, TierShard } from "../../domain/tierShard.ts";
import { liquidates } from "../../domain/unsettled.ts";
import { maintenanceEquityOf, maintenanceOf } from "../../risk/bucketMeasure.ts";
import { auctionLots, zeroPriceRoom } from "../../risk/liquidationStep.ts";
import { limitThrough } from "./closePosition.ts";

/** A position that a call auction closes, or a part of it. */
export interface Claim {
  readonly bucket: Ref<"bucket">;
  readonly position: Ref<"position">;
  readonly lots: Lots;
  /** The worst price it takes: its zero price, or the mark for an insolvent bucket. */
  readonly price: Ticks;
  readonly equity: MicroUsd;
  readonly maintenance: MicroUsd;
}

export interface ForcedVolume {
  /** True if longs are closed. Only one side takes part: the other closes in ordinary trading. */
  readonly sells: boolean;
  /** In the order of the distress queue. */
  readonly claims: readonly Claim[];
}

/** Measures the first of those in distress; writes nothing. */
export function forcedVolume(tier: TierShard, market: Market): ForcedVolume {
  const { arena, row } = tier;
  const sides: Record<"longs" | "shorts", Claim[]> = { longs: [], shorts: [] };
  const isTrusted =
    arena.int(market.row, MARKET.unconfirmed) === 0 &&
    (arena.int(market.row, MARKET.forbids) & FORBID.liquidate) === 0;
  if (!isTrusted || !liquidates(tier)) return { sells: true, claims: [] };
  let bucket = arena.int(row, TIER.distressHead);
  for (let seen = 0; seen < MAX_AUCTIONED && bucket !== NIL; seen++) {
    const position = positionOf(arena, bucket, market.id);
    const lots = position === NIL ? NONE : arena.num(position, POSITION.lots);
    if (lots !== 0) {
      const claim = claimOf(tier, market, bucket, position, lots);
      if (claim !== undefined) (lots > 0 ? sides.longs : sides.shorts).push(claim);
    }
    bucket = arena.int(bucket, BUCKET.nextInDistress);
  }
  const sells = sumOf(sides.longs) >= sumOf(sides.shorts);
  return { sells, claims: sells ? sides.longs : sides.shorts };
}

/** Lots of all claims together. */
export function sumOf(claims: readonly Claim[]): Lots {
  return claims.reduce<Lots>((sum, { lots }) => plus(sum, lots), NONE);
}

function claimOf(
  tier: TierShard,
  market: Market,
  bucket: Ref<"bucket">,
  position: Ref<"position">,
  signed: Lots,
): Claim | undefined {
  const equity = maintenanceEquityOf(tier, bucket);
  const maintenance = maintenanceOf(tier, bucket);
  if (equity >= maintenance) return undefined;
  const held = absolute(signed);
  const isInsolvent = equity < 0;
  const lots = isInsolvent ? held : auctionLots(tier, market, held, equity, maintenance);
  const room: Ticks = isInsolvent ? NONE : zeroPriceRoom(tier.arena, market, held, lots, equity, maintenance);
  const price = limitThrough(tier, market, signed > 0, room);
  return { bucket, position, lots, price, equity, maintenance };
}
