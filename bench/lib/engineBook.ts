/** The engine's execution layer alone: its book, order rows and journal, driven as the engine drives them, without margin and clearing. */
import type { Engine } from "@bulkhead/engine";
import { SIDE } from "../../packages/engine/src/domain/commands.ts";
import { packTerms } from "../../packages/engine/src/domain/orderTerms.ts";
import { openPosition } from "../../packages/engine/src/domain/positions.ts";
import { ORDER } from "../../packages/engine/src/domain/rows/order.ts";
import type { Market, TierShard } from "../../packages/engine/src/domain/tierShard.ts";
import { closeOrder, openOrder, orderId, orderOf } from "../../packages/engine/src/execution/openOrders.ts";
import {
  bestOpposite,
  crosses,
  oldestAt,
  reduceResting,
  rest,
  takeOff,
} from "../../packages/engine/src/execution/orderBook.ts";
import type { Ref } from "../../packages/engine/src/kernel/arena.ts";
import { rowOf } from "../../packages/engine/src/kernel/pool.ts";
import type { Lots, Ticks } from "../../packages/engine/src/kernel/units.ts";
import { CANCEL, type Flow } from "./flow.ts";
import { type Trades, addTrade, noTrades } from "./trades.ts";
import { createIdleVenue } from "./venueFlow.ts";

export interface EngineBook {
  readonly tier: TierShard;
  readonly market: Market;
  /** Position slot of each account's bucket. */
  readonly positions: readonly Ref<"position">[];
}

export function createEngineBook(accounts: number, journaling: boolean): EngineBook {
  const engine: Engine = createIdleVenue(accounts);
  const tier = engine.venue.tiers[0]!;
  const market = tier.listedMarket(1);
  const positions = Array.from({ length: accounts }, (_, account) => {
    const position = openPosition(tier, rowOf(tier.arena, tier.buckets, account + 1), market);
    tier.arena.commit();
    return position;
  });
  tier.arena.journaling = journaling;
  return { tier, market, positions };
}

const TERMS = [packTerms(SIDE.buy, 0, 0, 0, 0), packTerms(SIDE.sell, 0, 0, 0, 0)] as const;

/** Runs the flow, counting fills and lots. */
export function replayOnEngineBook(flow: Flow, book: EngineBook): Trades {
  const { kind, side, price, lots, target, account } = flow;
  const { tier, market, positions } = book;
  const { arena } = tier;
  const ids = new Float64Array(kind.length);
  const trades = noTrades();
  for (let command = 0; command < kind.length; command += 1) {
    if (kind[command] === CANCEL) {
      cancel(tier, market, ids[target[command]!]!);
    } else {
      const owner = account[command]!;
      ids[command] = place(
        tier,
        market,
        owner,
        positions[owner]!,
        side[command]!,
        price[command]!,
        lots[command]!,
        trades,
      );
    }
    arena.commit();
  }
  return trades;
}

/** The same, digesting each trade with the command that added its maker. */
export function auditEngineBook(flow: Flow): Trades {
  const { kind, side, price, lots, target, account } = flow;
  const { tier, market, positions } = createEngineBook(flow.options.accounts, true);
  const ids = new Float64Array(kind.length);
  const commandOf = new Map<number, number>();
  const trades = noTrades();
  for (let command = 0; command < kind.length; command += 1) {
    if (kind[command] === CANCEL) {
      cancel(tier, market, ids[target[command]!]!);
      continue;
    }
    const buys = side[command] === SIDE.buy;
    const before = firstMakers(tier, market, buys, price[command]!, lots[command]!);
    for (const { id, price: traded, lots: some } of before)
      addTrade(trades, traded, some, commandOf.get(id)!);
    const owner = account[command]!;
    const id = place(
      tier,
      market,
      owner,
      positions[owner]!,
      side[command]!,
      price[command]!,
      lots[command]!,
      noTrades(),
    );
    ids[command] = id;
    if (id !== 0) commandOf.set(id, command);
    tier.arena.commit();
  }
  return trades;
}

function cancel(tier: TierShard, market: Market, id: number): void {
  const order = orderOf(tier, id);
  if (order === 0) throw new Error(`order ${id} is not open`);
  takeOff(tier.arena, market, order);
  closeOrder(tier, market, order);
}

/** @returns the id of what rests, 0 if nothing does */
function place(
  tier: TierShard,
  market: Market,
  owner: number,
  position: Ref<"position">,
  side: number,
  limit: number,
  lots: number,
  trades: Trades,
): number {
  const { arena } = tier;
  const buys = side === SIDE.buy;
  let open = lots;
  for (;;) {
    const best = bestOpposite(arena, market, buys);
    if (!crosses(buys, limit as Ticks, best)) break;
    const maker = oldestAt(arena, market, best);
    const resting = arena.num(maker, ORDER.lots);
    const traded = open < resting ? open : resting;
    open -= traded;
    trades.fills += 1;
    trades.volume += traded;
    if (traded < resting) {
      reduceResting(arena, market, maker, traded as Lots);
      return 0;
    }
    takeOff(arena, market, maker);
    closeOrder(tier, market, maker);
    if (open === 0) return 0;
  }
  const bucket = rowOf(arena, tier.buckets, owner + 1);
  const order = openOrder(
    tier,
    market,
    bucket,
    position,
    TERMS[side]!,
    limit as Ticks,
    0 as Ticks,
    open as Lots,
    0,
    owner + 1,
  );
  rest(arena, market, order);
  return orderId(tier, order);
}

interface Maker {
  readonly id: number;
  readonly price: number;
  readonly lots: number;
}

/** Whom an order is about to meet, and for how many lots. */
function firstMakers(tier: TierShard, market: Market, buys: boolean, limit: number, lots: number): Maker[] {
  const { arena } = tier;
  const makers: Maker[] = [];
  let open = lots;
  const savepoint = arena.savepoint();
  for (;;) {
    const best = bestOpposite(arena, market, buys);
    if (open === 0 || !crosses(buys, limit as Ticks, best)) break;
    const maker = oldestAt(arena, market, best);
    const traded = Math.min(open, arena.num(maker, ORDER.lots));
    makers.push({ id: orderId(tier, maker), price: best, lots: traded });
    open -= traded;
    takeOff(arena, market, maker);
  }
  arena.rollbackTo(savepoint);
  return makers;
}
