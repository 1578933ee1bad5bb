/**
 * A tier: an isolated margin compartment with its own memory. Its markets, books, buckets and fees live in one arena that
 * nothing outside the tier can reach; the vault and other tiers meet it only through messages (mail.ts).
 */
import { Arena, type Ref, Regions } from "../kernel/arena.ts";
import { minus } from "../kernel/checked.ts";
import { type Ladder, ladderAt, ladderWords, ticksOf } from "../kernel/ladder.ts";
import { type PairIndex, reservePairIndex } from "../kernel/pairIndex.ts";
import { type Pool, reservePool } from "../kernel/pool.ts";
import { Slots } from "../kernel/slots.ts";
import type { MicroUsd, MicroUsdPerTickLot, Ticks } from "../kernel/units.ts";
import type { TierCapacities } from "./capacities.ts";
import { MAX_ASSETS, ONE_TICK } from "./limits.ts";
import { type Mailbox, reserveMailbox } from "./mail.ts";
import {
  BUCKET_WORDS,
  COLLATERAL_WORDS,
  HOLDING_WORDS,
  MARKET,
  MARKET_WORDS,
  ORDER,
  ORDER_WORDS,
  POSITION_WORDS,
  TIER,
  TIMER_WORDS,
} from "./rows.ts";

/** Ladders per market: the book, orders waiting for a rise, orders waiting for a fall. */
const LADDERS = 3;

/** A market and what can be derived from its listing once and for all. */
export interface Market {
  readonly id: number;
  readonly row: Ref<"market">;
  readonly book: Ladder;
  readonly upward: Ladder;
  readonly downward: Ladder;
  /** Micro-dollars per tick and lot. */
  readonly notional: MicroUsdPerTickLot;
  /** Value of one lot at the top of the price range. */
  readonly ceiling: MicroUsd;
  /** Highest tick of the price range. */
  readonly highest: Ticks;
}

export class TierShard {
  readonly id: number;
  readonly capacities: TierCapacities;
  readonly arena: Arena;
  readonly row: Ref<"tier">;
  readonly inbox: Mailbox;
  readonly outbox: Mailbox;
  readonly buckets: Pool<"bucket">;
  readonly orders: Pool<"order">;
  /** The rows of `orders`, taken and given back. */
  readonly orderSlots: Slots<"order">;
  readonly holdings: Pool<"holding">;
  /** Address of the first position slot, and how many there are. */
  readonly positionsBase: number;
  readonly positionsCapacity: number;
  /** From (account, mode) to the bucket. */
  readonly bucketIndex: PairIndex<"bucket">;
  /** From (account, client id) to the open order. */
  readonly clientIndex: PairIndex<"order">;

  /** Heap entry number 1 is `timersBase + TIMER_WORDS`. */
  private readonly timersBase: number;

  private readonly marketsBase: number;
  private readonly collateralsBase: number;
  private readonly laddersBase: number;
  private readonly views: (Market | undefined)[] = [];

  constructor(id: number, capacities: TierCapacities) {
    this.id = id;
    this.capacities = capacities;
    const regions = new Regions();
    this.row = regions.take(64) as Ref<"tier">;
    this.inbox = reserveMailbox(regions);
    this.outbox = reserveMailbox(regions);
    this.marketsBase = regions.take(capacities.markets * MARKET_WORDS) - MARKET_WORDS;
    this.collateralsBase = regions.take(MAX_ASSETS * COLLATERAL_WORDS) - COLLATERAL_WORDS;
    this.buckets = reservePool(regions, capacities.buckets, BUCKET_WORDS);
    this.positionsCapacity = capacities.positions;
    this.positionsBase = regions.take(capacities.positions * POSITION_WORDS);
    this.orders = reservePool(regions, capacities.orders, ORDER_WORDS);
    this.holdings = reservePool(regions, capacities.holdings, HOLDING_WORDS);
    this.bucketIndex = reservePairIndex(regions, capacities.buckets);
    this.clientIndex = reservePairIndex(regions, capacities.orders);
    this.timersBase = regions.take(capacities.orders * TIMER_WORDS) - TIMER_WORDS;
    this.laddersBase = regions.take(LADDERS * ladderCapacityOf(capacities.ticks));
    this.arena = new Arena(regions.words);
    this.orderSlots = new Slots(this.arena, this.orders, ORDER.generation, ORDER.bucket, ORDER.lots * 2);
    this.arena.slots = this.orderSlots;
  }

  /** Markets listed. */
  get marketCount(): number {
    return this.arena.int(this.row, TIER.markets);
  }

  marketRow(id: number): Ref<"market"> {
    return (this.marketsBase + id * MARKET_WORDS) as Ref<"market">;
  }

  /** The market of an id, or undefined if none is listed under it. */
  market(id: number): Market | undefined {
    if (id > this.marketCount) return undefined;
    return this.views[id] ?? this.viewOf(id);
  }

  /** The market of an id that is known to be listed. */
  listedMarket(id: number): Market {
    return this.views[id] ?? this.viewOf(id);
  }

  /** The tier's terms for an asset as collateral, whether or not it accepts it. */
  collateral(asset: number): Ref<"collateral"> {
    return (this.collateralsBase + asset * COLLATERAL_WORDS) as Ref<"collateral">;
  }

  /** The entry at a place of the expiry heap, from 1. */
  timer(place: number): Ref<"timer"> {
    return (this.timersBase + place * TIMER_WORDS) as Ref<"timer">;
  }

  /** Ticks for which the tier still has ladders. */
  get freeTicks(): number {
    return this.capacities.ticks - this.arena.int(this.row, TIER.ladderTicks);
  }

  /** Words that a market of 2^bits ticks takes. */
  wordsOfLadders(bits: number): number {
    return LADDERS * ladderWords(bits);
  }

  /** Forgets what was derived from listings beyond `count` markets: after a rollback or a restore they may be others. */
  forgetViewsBeyond(count: number): void {
    if (this.views.length > count + 1) this.views.length = count + 1;
  }

  private viewOf(id: number): Market {
    const { arena } = this;
    const row = this.marketRow(id);
    const bits = arena.int(row, MARKET.rangeBits);
    const base = this.laddersBase + arena.int(row, MARKET.ladders);
    const step = ladderWords(bits);
    const view: Market = {
      id,
      row,
      book: ladderAt(base, bits),
      upward: ladderAt(base + step, bits),
      downward: ladderAt(base + 2 * step, bits),
      notional: arena.num(row, MARKET.notional),
      ceiling: arena.num(row, MARKET.ceiling),
      highest: minus(ticksOf(bits), ONE_TICK),
    };
    this.views[id] = view;
    return view;
  }
}

/** Room for `ticks` ticks in ladders of any sizes: the bitmap overhead of the smallest ladder is the largest. */
function ladderCapacityOf(ticks: number): number {
  const smallest = 15;
  return Math.ceil((ticks * ladderWords(smallest)) / ticksOf(smallest));
}
