/** How far through a reference price an order may reach. */
import type { Arena } from "../kernel/arena.ts";
import { least, minus, most, plus } from "../kernel/checked.ts";
import { shareFloor } from "../kernel/mulDiv.ts";
import type { Ticks } from "../kernel/units.ts";
import { ONE_TICK } from "../domain/limits.ts";
import type { Market } from "../domain/tierShard.ts";
import { bandInForce } from "../domain/trading.ts";

/** The worst price an order may name around `reference`: above it for a buy, below for a sell; inside the range. */
export function bandLimit(arena: Arena, market: Market, buys: boolean, reference: Ticks): Ticks {
  const width = shareFloor(reference, bandInForce(arena, market.row));
  return buys ? least(plus(reference, width), market.highest) : most(minus(reference, width), ONE_TICK);
}

/** True when a price lies beyond the band's limit for its side. */
export function isOutside(buys: boolean, price: Ticks, limit: Ticks): boolean {
  return buys ? price > limit : price < limit;
}
