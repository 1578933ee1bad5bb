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
import { type Controls, reserveControls, shockOf } from "./controls.ts";
import { type Governance, reserveGovernance } from "./governance.ts";
import { FEED_KIND } from "./commands.ts";
import { MAX_ASSETS, MAX_BIDS, MAX_COVERS, MAX_REPORTERS, ONE_TICK } from "./limits.ts";
import { type Losses, reserveLosses } from "./lossTables.ts";
import { type Mailbox, reserveMailbox } from "./mail.ts";
import { type ShareBook, reserveShareBook } from "./shareBook.ts";
import { AUCTION_WORDS, BID_WORDS } from "./rows/auction.ts";
import {
  ALARM_WORDS,
  BUCKET_WORDS,
  HOLDING_WORDS,
  HOME_SLOTS,
  HOME_WORDS,
  POSITION_WORDS,
} from "./rows/bucket.ts";
import { CONTROLLER_WORDS, GUARD_WORDS } from "./rows/guard.ts";
import { COVER_WORDS } from "./rows/losses.ts";
import { MARKET, MARKET_WORDS } from "./rows/market.ts";
import {
  FEED_WORDS,
  MARK_WORDS,
  REDEMPTION_WORDS,
  REPORTER_WORDS,
  RING_WORDS,
  SOURCE_WORDS,
} from "./rows/oracle.ts";
import { ORDER, ORDER_WORDS, TIMER_WORDS } from "./rows/order.ts";
import { COLLATERAL_WORDS, DEPTH_WORDS, TIER } from "./rows/tier.ts";

/** Ladders per market: the book, orders waiting for a rise and for a fall, alarms below the mark and above it. */
const LADDERS = 5;
/** Windows over which each feed's price is averaged: half a minute, five minutes, an hour. */
const RINGS = 3;

/** A market and what can be derived from its listing once and for all. */
export interface Market {
  readonly id: number;
  readonly row: Ref<"market">;
  readonly book: Ladder;
  readonly upward: Ladder;
  readonly downward: Ladder;
  readonly alarmsBelow: Ladder;
  readonly alarmsAbove: Ladder;
  /** Micro-dollars per tick and lot. */
  readonly notional: MicroUsdPerTickLot;
  /** Value of one lot at the top of the price range. */
  readonly ceiling: MicroUsd;
  /** Highest tick of the price range. */
  readonly highest: Ticks;
  /** How far its price may jump under stress, and what stands behind the tier's buckets then. */
  readonly shock: Ref<"shock">;
  readonly depth: Ref<"depth">;
}

export class TierShard {
  readonly id: number;
  readonly capacities: TierCapacities;
  readonly arena: Arena;
  readonly row: Ref<"tier">;
  /** The posture controller's row. */
  readonly controller: Ref<"controller">;
  /** Doubles in which the controller and the breakers lie: the first, and the first beyond. */
  readonly firstGuardCell: number;
  readonly endOfGuardCells: number;
  /** Words in which the rows lie of which there are many, and no parameter: the first, and the first beyond. Ladders come last of all. */
  readonly firstBulkWord: number;
  readonly endOfBulkWords: number;
  readonly inbox: Mailbox;
  readonly outbox: Mailbox;
  readonly buckets: Pool<"bucket">;
  readonly orders: Pool<"order">;
  /** The rows of `orders`, taken and given back. */
  readonly orderSlots: Slots<"order">;
  readonly holdings: Pool<"holding">;
  /** Address of the first position slot of those larger blocks are made of, and how many there are in all blocks. */
  readonly positionsBase: number;
  readonly positionsCapacity: number;
  /** From (account, mode) to the bucket. */
  readonly bucketIndex: PairIndex<"bucket">;
  /** From (account, client id) to the open order. */
  readonly clientIndex: PairIndex<"order">;

  /**
   * True once a slot has passed from one market to another in the command under way: it may have been emptied in this very command,
   * which whoever reads the journal has to tell apart.
   */
  hasReusedSlot = false;
  /** Buckets whose block of slots has moved since the judge last looked. */
  readonly movedBuckets: Ref<"bucket">[] = [];
  readonly governance: Governance;
  readonly controls: Controls;
  /** Who owns the insurance fund. */
  readonly insuranceBook: ShareBook;
  /** Who owns the backstop, while it is owned in shares. */
  readonly backstopBook: ShareBook;
  /** The keepers' auction, and the bids that wait. */
  readonly auction: Ref<"auction">;
  readonly bids: Pool<"bid">;
  /** What the layers of the waterfall could pay, as margin counts them. */
  readonly depth: Ref<"depth">;
  /** Who bore which default. */
  readonly losses: Losses;

  /** Heap entry number 1 is `timersBase + TIMER_WORDS`. */
  private readonly timersBase: number;

  private readonly alarmsBase: number;
  private readonly homeAlarmsBase: number;
  private readonly marketsBase: number;
  private readonly collateralsBase: number;
  private readonly marksBase: number;
  private readonly redemptionsBase: number;
  private readonly reportersBase: number;
  private readonly feedsBase: number;
  private readonly sourcesBase: number;
  private readonly ringsBase: number;
  private readonly guardsBase: number;
  private readonly coversBase: number;
  /** Where the ladders begin: last of all, so that nothing else lies beyond. */
  readonly laddersBase: number;
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
    this.marksBase = regions.take(capacities.markets * MARK_WORDS) - MARK_WORDS;
    this.redemptionsBase = regions.take(MAX_ASSETS * REDEMPTION_WORDS) - REDEMPTION_WORDS;
    const feeds = capacities.markets + MAX_ASSETS;
    this.reportersBase = regions.take(MAX_REPORTERS * REPORTER_WORDS) - REPORTER_WORDS;
    this.feedsBase = regions.take(feeds * FEED_WORDS) - FEED_WORDS;
    this.sourcesBase = regions.take(feeds * MAX_REPORTERS * SOURCE_WORDS);
    this.ringsBase = regions.take(feeds * RINGS * RING_WORDS);
    this.firstBulkWord = regions.words;
    this.buckets = reservePool(regions, capacities.buckets, HOME_WORDS);
    this.positionsCapacity = capacities.positions;
    this.positionsBase = regions.take(capacities.positions * POSITION_WORDS);
    this.alarmsBase = regions.take(capacities.positions * 2 * ALARM_WORDS);
    this.homeAlarmsBase = regions.take(capacities.buckets * HOME_SLOTS * 2 * ALARM_WORDS);
    this.orders = reservePool(regions, capacities.orders, ORDER_WORDS);
    this.holdings = reservePool(regions, capacities.holdings, HOLDING_WORDS);
    this.bucketIndex = reservePairIndex(regions, capacities.buckets);
    this.clientIndex = reservePairIndex(regions, capacities.orders);
    this.timersBase = regions.take(capacities.orders * TIMER_WORDS) - TIMER_WORDS;
    this.endOfBulkWords = regions.words;
    this.governance = reserveGovernance(regions);
    this.controls = reserveControls(regions, capacities.markets);
    this.controller = regions.take(CONTROLLER_WORDS) as Ref<"controller">;
    this.guardsBase = regions.take(capacities.markets * GUARD_WORDS) - GUARD_WORDS;
    this.firstGuardCell = this.controller >> 1;
    this.endOfGuardCells = regions.words >> 1;
    this.insuranceBook = reserveShareBook(regions, capacities.buckets);
    this.auction = regions.take(AUCTION_WORDS) as Ref<"auction">;
    this.bids = reservePool(regions, MAX_BIDS, BID_WORDS);
    this.depth = regions.take(DEPTH_WORDS) as Ref<"depth">;
    this.coversBase = regions.take(MAX_COVERS * COVER_WORDS) - COVER_WORDS;
    this.losses = reserveLosses(regions, capacities.positions);
    this.backstopBook = reserveShareBook(regions, capacities.buckets);
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

  /** The position slot whose first double is this cell. */
  slotOfCell(cell: number): Ref<"position"> {
    return (cell * 2) as Ref<"position">;
  }

  /** The circuit breaker of the market of an id. */
  guard(id: number): Ref<"guard"> {
    return (this.guardsBase + id * GUARD_WORDS) as Ref<"guard">;
  }

  /** The policy of purchased cover of a number, from 1. */
  cover(number: number): Ref<"cover"> {
    return (this.coversBase + number * COVER_WORDS) as Ref<"cover">;
  }

  /** The alarm of a position slot below the mark; the one above it follows. */
  alarmBelow(position: Ref<"position">): Ref<"alarm"> {
    const slot = (position - this.positionsBase) / POSITION_WORDS;
    if (slot >= 0) return (this.alarmsBase + slot * 2 * ALARM_WORDS) as Ref<"alarm">;
    const words = position - this.buckets.base - HOME_WORDS;
    const bucket = (words / HOME_WORDS) | 0;
    const home = bucket * HOME_SLOTS + (words - bucket * HOME_WORDS - BUCKET_WORDS) / POSITION_WORDS;
    return (this.homeAlarmsBase + home * 2 * ALARM_WORDS) as Ref<"alarm">;
  }

  alarmAbove(position: Ref<"position">): Ref<"alarm"> {
    return (this.alarmBelow(position) + ALARM_WORDS) as Ref<"alarm">;
  }

  /** How the mark of a market is made. */
  mark(market: number): Ref<"mark"> {
    return (this.marksBase + market * MARK_WORDS) as Ref<"mark">;
  }

  /** What an asset can be redeemed for. */
  redemption(asset: number): Ref<"redemption"> {
    return (this.redemptionsBase + asset * REDEMPTION_WORDS) as Ref<"redemption">;
  }

  /** Who reports under a number, from 1. */
  reporter(id: number): Ref<"reporter"> {
    return (this.reportersBase + id * REPORTER_WORDS) as Ref<"reporter">;
  }

  /** The feeds there can be: one per market, then one per asset. */
  get feeds(): number {
    return this.capacities.markets + MAX_ASSETS;
  }

  /** Number of the feed of a market, or of a collateral asset. */
  feedOf(kind: number, id: number): number {
    return kind === FEED_KIND.market ? id : this.capacities.markets + id;
  }

  /** The feed of a number, from 1, whether or not it is configured. */
  feed(number: number): Ref<"feed"> {
    return (this.feedsBase + number * FEED_WORDS) as Ref<"feed">;
  }

  /** What a reporter last said about a feed. */
  source(feed: number, reporter: number): Ref<"source"> {
    const place = (feed - 1) * MAX_REPORTERS + reporter - 1;
    return (this.sourcesBase + place * SOURCE_WORDS) as Ref<"source">;
  }

  /** The notes for a feed's average over a window, from 0. */
  ring(feed: number, window: number): Ref<"ring"> {
    return (this.ringsBase + ((feed - 1) * RINGS + window) * RING_WORDS) as Ref<"ring">;
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
      alarmsBelow: ladderAt(base + 3 * step, bits),
      alarmsAbove: ladderAt(base + 4 * step, bits),
      notional: arena.num(row, MARKET.notional),
      ceiling: arena.num(row, MARKET.ceiling),
      highest: minus(ticksOf(bits), ONE_TICK),
      shock: shockOf(this.controls, id),
      depth: this.depth,
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
