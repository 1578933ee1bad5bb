/**
 * The books of a venue as its events tell them, price level by price level: what `bookView` would answer, without asking the engine. What a call
 * auction has collected is among them, so that bids may lie above asks while one is held.
 */
import { EVENTS, EVENT_WORDS, type Venue, restingOrders, venueView } from "@bulkhead/engine";
import { Levels } from "./levels.ts";
import { OrderTable } from "./orderTable.ts";

/** The events say something that cannot be true of the books as they were: one of the two is not what it should be. */
export class OutOfStep extends Error {
  constructor(tier: number, event: string, facts: Readonly<Record<string, number>>) {
    const told = Object.entries(facts).map(([name, value]) => `${name} ${value}`);
    super(`tier ${tier}: ${event} does not fit the mirrored book (${told.join(", ")})`);
    this.name = "OutOfStep";
  }
}

/** The two sides of one market. */
export interface Book {
  readonly bids: Levels;
  readonly asks: Levels;
}

interface TierBooks {
  readonly tier: number;
  readonly orders: OrderTable;
  /** By market, from 1. */
  readonly books: (Book | undefined)[];
}

const FILL = EVENTS.fill.code;
const RESTED = EVENTS.orderRested.code;
const REDUCED = EVENTS.orderReduced.code;
const REMOVED = EVENTS.orderRemoved.code;
const PAIRED = EVENTS.ordersPaired.code;

export class BookMirror {
  private readonly tiers: (TierBooks | undefined)[] = [];

  /** The books of a venue as they are now. */
  static of(venue: Venue): BookMirror {
    const mirror = new BookMirror();
    const { tiers } = venueView(venue);
    for (let tier = 1; tier <= tiers; tier++)
      for (const { id, market, side, price, lots } of restingOrders(venue, tier))
        mirror.rest(mirror.tierBooks(tier), id, market, side, price, lots);
    mirror.forgetChanges();
    return mirror;
  }

  /** A market's book; empty if nobody has rested there yet. */
  book(tier: number, market: number): Book {
    const { books } = this.tierBooks(tier);
    return (books[market] ??= { bids: new Levels("bids"), asks: new Levels("asks") });
  }

  /**
   * Follows one event of a command to a tier.
   * @param at - where its record begins
   * @throws {OutOfStep} if it does not fit the books; they are of no use then
   */
  apply(tier: number, events: Float64Array, at: number): void {
    switch (events[at] as number) {
      case FILL:
        return this.take(tier, "fill", events[at + 2] as number, events[at + 7] as number);
      case RESTED:
        return this.rest(
          this.tierBooks(tier),
          events[at + 2] as number,
          events[at + 1] as number,
          events[at + 4] as number,
          events[at + 5] as number,
          events[at + 6] as number,
        );
      case REDUCED:
        return this.take(tier, "orderReduced", events[at + 2] as number, events[at + 4] as number);
      case REMOVED:
        return this.remove(tier, events[at + 2] as number, events[at + 4] as number);
      case PAIRED:
        // The fill that follows names the selling order; the buying one has traded as much.
        return this.take(tier, "ordersPaired", events[at + 2] as number, events[at + 7] as number);
    }
  }

  /** Follows all events of a batch that belong to one command. @param from - its first event; @param to - the one after its last */
  applyAll(tier: number, events: Float64Array, from: number, to: number): void {
    for (let event = from; event < to; event++) this.apply(tier, events, event * EVENT_WORDS);
  }

  /** What is known of an order that rests; undefined if it does not. */
  order(
    tier: number,
    id: number,
  ):
    | { readonly market: number; readonly side: number; readonly price: number; readonly lots: number }
    | undefined {
    const { orders } = this.tierBooks(tier);
    const slot = orders.slotOf(id);
    if (slot < 0) return undefined;
    return {
      market: orders.marketAt(slot),
      side: orders.sideAt(slot),
      price: orders.priceAt(slot),
      lots: orders.lotsAt(slot),
    };
  }

  forgetChanges(): void {
    for (const tier of this.tiers)
      for (const book of tier?.books ?? []) {
        book?.bids.changed.clear();
        book?.asks.changed.clear();
      }
  }

  private rest(
    { tier, orders }: TierBooks,
    id: number,
    market: number,
    side: number,
    price: number,
    lots: number,
  ): void {
    const levels = this.sideOf(tier, market, side);
    if (!orders.add(id, market, side, price, lots) || !levels.change(price, lots, 1))
      throw new OutOfStep(tier, "orderRested", { order: id, market, side, price, lots });
  }

  private take(tier: number, event: string, id: number, lots: number): void {
    const { orders } = this.tierBooks(tier);
    const slot = orders.slotOf(id);
    const held = slot < 0 ? 0 : orders.lotsAt(slot);
    if (slot < 0 || held < lots) throw new OutOfStep(tier, event, { order: id, lots, held });
    const levels = this.sideOf(tier, orders.marketAt(slot), orders.sideAt(slot));
    const isSpent = held === lots;
    if (!levels.change(orders.priceAt(slot), -lots, isSpent ? -1 : 0))
      throw new OutOfStep(tier, event, { order: id, lots, held, price: orders.priceAt(slot) });
    orders.take(slot, lots);
  }

  /** One that waited for its trigger was on no book, and leaves none. */
  private remove(tier: number, id: number, lots: number): void {
    const { orders } = this.tierBooks(tier);
    const slot = orders.slotOf(id);
    if (slot < 0) return;
    const held = orders.lotsAt(slot);
    if (held !== lots) throw new OutOfStep(tier, "orderRemoved", { order: id, lots, held });
    this.take(tier, "orderRemoved", id, lots);
  }

  private sideOf(tier: number, market: number, side: number): Levels {
    const book = this.book(tier, market);
    return side === 0 ? book.bids : book.asks;
  }

  private tierBooks(tier: number): TierBooks {
    return (this.tiers[tier] ??= { tier, orders: new OrderTable(), books: [] });
  }
}
