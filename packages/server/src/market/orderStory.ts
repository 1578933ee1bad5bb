/**
 * What becomes of the orders of accounts that somebody watches, from the events of a command. An order that trades as it enters is under way
 * until its command's end, or until another one enters: what it fills is told with it.
 */
import { ACCEPTED, EVENTS, EVENT_WORDS, ORDER_TYPE, REASON } from "@bulkhead/engine";
import { type FollowedOrder, type OrderChange, orderName } from "./accountOrders.ts";
import type { Executed } from "./executedCommand.ts";
import { shapeOf } from "./frames.ts";
import type { Watch } from "./watch.ts";

/** An order that trades at once. */
interface Entering {
  readonly watch: Watch;
  readonly change: "placed" | "amended" | "triggered";
  /** As it was when it entered, with what it has filled since. */
  order: FollowedOrder;
  /** Lots filled as it entered. */
  filled: number;
  isDone: boolean;
}

/** Whoever watches a bucket, or an account. */
export interface Watchers {
  readonly owner: (tier: number, bucket: number) => Watch | undefined;
  readonly watchOf: (account: number) => Watch | undefined;
}

/** Told of every order that changed. */
type Tell = (watch: Watch, order: FollowedOrder, change: OrderChange) => void;

const PLACE = shapeOf(
  "placeOrder",
  ...(["account", "bucket", "market", "side", "type", "timeInForce", "price", "lots", "trigger"] as const),
  ...(["expiry", "clientId", "flags", "selfTrade"] as const),
);
const AMEND = shapeOf("amendOrder", "account", "order", "price", "lots");
const {
  orderRested: { code: RESTED },
  orderReduced: { code: REDUCED },
  orderRemoved: { code: REMOVED },
  orderTriggered: { code: TRIGGERED },
} = EVENTS;

export class OrderStory {
  private readonly executed: Executed;
  private readonly watchers: Watchers;
  private readonly tellChange: Tell;
  private entering: Entering | undefined;

  /** Begins with the order that a command enters, or changes where it waits. */
  constructor(executed: Executed, watchers: Watchers, tell: Tell) {
    this.executed = executed;
    this.watchers = watchers;
    this.tellChange = tell;
    if (executed.frames[executed.at] === PLACE.code) this.place();
    else if (executed.frames[executed.at] === AMEND.code) this.amend();
  }

  /** Takes in an event that is no fill. @param at - where its record begins */
  follow(at: number): void {
    const { events } = this.executed;
    const word = (index: number): number => events[at + index] as number;
    switch (word(0)) {
      case TRIGGERED:
        this.finish();
        return this.trigger(at);
      case RESTED:
        return this.rest(at);
      case REDUCED: {
        const isAmendment = word(6) === REASON.amended;
        if (isAmendment && this.entering?.change === "amended") this.entering.isDone = true;
        const order = this.open(word(3), word(2));
        if (order === undefined) return;
        const event = isAmendment ? "amended" : "removed";
        const lots = isAmendment ? order.filled + word(5) : order.lots;
        return this.tell({ ...order, lots, open: word(5) }, { event, filled: 0, reason: word(6) });
      }
      case REMOVED: {
        // What leaves to enter anew is told of when it has.
        if (word(5) === REASON.amended && this.entering?.change === "amended") return;
        const order = this.open(word(3), word(2));
        if (order === undefined) return;
        const change = { event: "removed", filled: 0, reason: word(5) } as const;
        return this.tell({ ...order, open: order.open - word(4), status: "cancelled" }, change);
      }
    }
  }

  /**
   * Takes in a fill.
   * @param bought - of a call auction's pair: the buying order
   * @returns the taker's order as it is told of; null = it is nobody's who is watched
   */
  fill(at: number, bought: number | undefined): FollowedOrder | null {
    const { events } = this.executed;
    const word = (index: number): number => events[at + index] as number;
    const { entering } = this;
    const [maker, taker] = [word(3), word(4)];
    const isEntered = bought === undefined && entering !== undefined && entering.order.bucket === taker;
    if (isEntered) {
      entering.filled += word(7);
      entering.order = filledBy(entering.order, word(6), word(7), word(9));
    }
    this.fillOpen(maker, word(2), word(6), word(7), word(8));
    if (bought !== undefined) this.fillOpen(taker, bought, word(6), word(7), word(9));
    return isEntered ? entering.order : null;
  }

  /** What became of an order that entered and does not rest. */
  finish(): void {
    const { entering } = this;
    this.entering = undefined;
    if (entering === undefined || entering.isDone) return;
    const { order, filled, change } = entering;
    const { facts, factsAt } = this.executed;
    // An order that is amended in place to what it was rests as before.
    if (change === "amended" && (facts[factsAt] as number) !== 0) return;
    const reason = filled >= order.open ? 0 : this.reasonOf(change, filled);
    const status = reason === 0 ? "filled" : "cancelled";
    this.tell({ ...order, open: 0, status }, { event: change, filled, reason });
  }

  /** Why nothing of an order rests. Of one that was triggered nothing tells it: it is none that rests. */
  private reasonOf(change: Entering["change"], filled: number): number {
    const told = this.executed.facts[this.executed.factsAt + 3] as number;
    if (change === "triggered") return REASON.immediateOrCancel;
    return change === "placed" && filled === 0 && told === 0 ? REASON.immediateOrCancel : told;
  }

  private place(): void {
    const { sequence, time, tier, frames, at, facts, factsAt } = this.executed;
    const word = (name: keyof typeof PLACE.at): number => frames[at + PLACE.at[name]] as number;
    const watch = this.watchers.watchOf(word("account"));
    if (watch === undefined) return;
    const isWaiting = word("type") >= ORDER_TYPE.stopLimit;
    const order: FollowedOrder = {
      sequence,
      time,
      tier,
      order: facts[factsAt] as number,
      account: watch.account,
      bucket: word("bucket"),
      market: word("market"),
      clientId: word("clientId"),
      side: word("side"),
      type: word("type"),
      timeInForce: word("timeInForce"),
      flags: word("flags"),
      selfTrade: word("selfTrade"),
      price: word("price"),
      trigger: word("trigger"),
      expiry: word("expiry"),
      lots: word("lots"),
      open: word("lots"),
      filled: 0,
      value: "0",
      fees: 0,
      status: isWaiting ? "waiting" : "open",
      reason: 0,
      updatedSequence: sequence,
      updatedAt: time,
      isWhole: true,
    };
    if (isWaiting) this.tell(order, { event: "waits", filled: 0, reason: 0 });
    else this.entering = { watch, order, change: "placed", filled: 0, isDone: false };
  }

  private amend(): void {
    const { tier, frames, at } = this.executed;
    const word = (name: keyof typeof AMEND.at): number => frames[at + AMEND.at[name]] as number;
    const watch = this.watchers.watchOf(word("account"));
    const before = watch?.orders.get(orderName(tier, word("order")));
    if (watch === undefined || before === undefined) return;
    const lots = before.filled + word("lots");
    const order = { ...before, price: word("price"), lots, open: word("lots") };
    if (before.status === "waiting") this.tell(order, { event: "amended", filled: 0, reason: 0 });
    else this.entering = { watch, order, change: "amended", filled: 0, isDone: false };
  }

  /** A waiting order is fired: it enters the book, unless it was refused. */
  private trigger(at: number): void {
    const { tier, events } = this.executed;
    const watch = this.watchers.owner(tier, events[at + 3] as number);
    const before = watch?.orders.get(orderName(tier, events[at + 2] as number));
    if (watch === undefined || before === undefined || events[at + 5] !== ACCEPTED) return;
    const order = { ...before, status: "open" };
    this.tell(order, { event: "triggered", filled: 0, reason: 0 });
    this.entering = { watch, order, change: "triggered", filled: 0, isDone: false };
  }

  private rest(at: number): void {
    const { events } = this.executed;
    const { entering } = this;
    if (entering === undefined || entering.order.order !== events[at + 2]) return;
    if (entering.order.bucket !== events[at + 3]) return;
    entering.isDone = true;
    const { order, change, filled } = entering;
    const event = change === "placed" ? "rests" : change;
    const rested = { ...order, price: events[at + 5] as number, open: events[at + 6] as number };
    this.tell(rested, { event, filled, reason: 0 });
  }

  /** An order that is open is filled, and closed if that leaves nothing of it. */
  private fillOpen(bucket: number, id: number, price: number, lots: number, fee: number): void {
    const before = this.open(bucket, id);
    if (before === undefined) return;
    const open = before.open - lots;
    const status = open > 0 ? before.status : "filled";
    const order = { ...filledBy(before, price, lots, fee), open, status };
    this.tell(order, { event: "filled", filled: lots, reason: 0 });
  }

  private open(bucket: number, order: number): FollowedOrder | undefined {
    const { tier } = this.executed;
    return this.watchers.owner(tier, bucket)?.orders.get(orderName(tier, order));
  }

  private tell(order: FollowedOrder, change: OrderChange): void {
    const watch = this.watchers.watchOf(order.account);
    if (watch === undefined) return;
    const { sequence, time } = this.executed;
    const { tier, order: id, status } = order;
    const changed = { ...order, updatedSequence: sequence, updatedAt: time };
    const isOpen = status === "open" || status === "waiting";
    if (isOpen) watch.orders.set(orderName(tier, id), changed, change.event === "amended");
    else watch.orders.delete(orderName(tier, id));
    this.tellChange(watch, changed, change);
  }
}

/** The buying order of a call auction's pair, which is told just before its fill. @param at - where the fill's record begins */
export function boughtIn(events: Float64Array, at: number): number {
  return events[at - EVENT_WORDS + 2] as number;
}

function filledBy(order: FollowedOrder, price: number, lots: number, fee: number): FollowedOrder {
  const value = String(BigInt(order.value) + BigInt(price) * BigInt(lots));
  return { ...order, filled: order.filled + lots, value, fees: order.fees + fee };
}
