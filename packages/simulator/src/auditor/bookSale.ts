/** Positions in distress that go to the book. */
import { absolute } from "./arithmetic.ts";
import { isTraded } from "./breaker.ts";
import { isShallow } from "./liquidationSize.ts";
import type { Health } from "./margin.ts";
import { type Matched, match } from "./matching.ts";
import { FORBIDS, isForbidden } from "./permits.ts";
import { CONTRACT, SELF_TRADE, TIME_IN_FORCE } from "./terms.ts";
import type { Order, Position, World } from "./venue.ts";

/** Whether an open position may be liquidated now, its bucket being so unhealthy. */
export function mayBeLiquidated(world: World, { lots, market }: Position, health: Health): boolean {
  const { contract, expiry, graceUntil, unconfirmed } = market;
  const isOver = contract === CONTRACT.future && world.time >= expiry;
  const isSpared = world.time < graceUntil && isShallow(health);
  const isTrusted = !unconfirmed && !isForbidden(market, FORBIDS.liquidate);
  return lots !== 0n && isTrusted && isTraded(market) && !isOver && !isSpared;
}

/** Closes what the book takes of a position's lots up to a price; nothing rests. */
export function sellOnBook(world: World, position: Position, lots: bigint, limit: number): Matched {
  const { bucket, market } = position;
  const order: Order = {
    id: 0,
    arrival: 0,
    bucket,
    market,
    direction: position.lots > 0n ? -1n : 1n,
    isMarket: false,
    timeInForce: TIME_IN_FORCE.immediateOrCancel,
    expiry: 0,
    clientId: 0,
    postOnly: false,
    selfTrade: SELF_TRADE.cancelOldest,
    trigger: 0,
    firesRising: false,
    reduceOnly: true,
    price: limit,
    lots: lots < absolute(position.lots) ? lots : absolute(position.lots),
    place: "nowhere",
    isForced: true,
  };
  return match(world, order, limit);
}
