/**
 * What happens to accounts that somebody watches: orders and fills event by event, margin and positions as they stand a few times a second.
 * Nobody watches most accounts; what happens to those costs a look at a table.
 */
import { ACCEPTED, EVENTS, EVENT_WORDS, ORDER_TYPE, REASON, type Venue } from "@bulkhead/engine";
import {
  type OrderChange,
  type OrderTerms,
  orderName,
  passingOrderName,
  tellOrder,
} from "./accountOrders.ts";
import type { Executed } from "./executedCommand.ts";
import type { FanOut, Message, Topic } from "./fanOut.ts";
import { type OwnFill, tellClosing, tellTrade } from "./fills.ts";
import { shapeOf } from "./frames.ts";
import type { Labels } from "./labels.ts";
import type { Ownership } from "./ownership.ts";
import { type Trade, tradeId } from "./trades.ts";
import { withdrawalsMoved } from "./withdrawalMoves.ts";
import { type PrivateChannel, Watch } from "./watch.ts";

/** An order that trades at once: what it fills is told with it, and what becomes of it at its command's end. */
interface Entering {
  readonly watch: Watch;
  readonly name: string;
  readonly terms: OrderTerms;
  readonly change: OrderChange["event"];
  filled: number;
  isDone: boolean;
}

const PLACE = shapeOf(
  "placeOrder",
  ...(["account", "bucket", "market", "side", "type", "timeInForce", "price", "lots", "trigger"] as const),
  "clientId",
);
const AMEND = shapeOf("amendOrder", "account", "order", "price", "lots");
const ALLOCATE = shapeOf("allocate", "account", "tier");
const {
  fill: { code: FILL },
  orderRested: { code: RESTED },
  orderReduced: { code: REDUCED },
  orderRemoved: { code: REMOVED },
  orderTriggered: { code: TRIGGERED },
} = EVENTS;

/** Where an event names the bucket whose standing it changes. */
const BUCKET_WORD: Readonly<Record<number, number>> = Object.fromEntries(
  Object.values(EVENTS).flatMap(({ code, fields }) => {
    const index = (fields as readonly string[]).indexOf("bucket");
    return index < 0 ? [] : [[code, index + 1]];
  }),
);

const OUTCOMES = ["it recovered", "it was closed and is solvent", "it defaulted"] as const;

export class PrivateFeeds {
  private readonly fanOut: FanOut;
  private readonly labels: () => Labels;
  private readonly ownership: Ownership;
  private readonly ratios: readonly number[] | undefined;
  private readonly watched = new Map<number, Watch>();
  /** Accounts to be measured, those that have waited longest first. */
  private readonly due = new Set<Watch>();
  /** Accounts of which something is to be told. */
  private readonly told = new Set<Watch>();

  constructor(fanOut: FanOut, labels: () => Labels, ownership: Ownership, ratios?: readonly number[]) {
    this.fanOut = fanOut;
    this.labels = labels;
    this.ownership = ownership;
    this.ratios = ratios;
  }

  /** Accounts that somebody watches. */
  get size(): number {
    return this.watched.size;
  }

  topic(channel: PrivateChannel, account: number): Topic {
    return this.watch(account).topic(channel);
  }

  /** What somebody who begins is told; from then on the account is known. */
  first(
    venue: Venue,
    channel: PrivateChannel,
    account: number,
    sequence: number,
    time: number,
  ): Message | undefined {
    const watch = this.watch(account);
    if (!watch.isKnown) watch.learn(venue, this.ownership);
    this.due.add(watch);
    return watch.first(venue, this.labels(), channel, sequence, time);
  }

  /** False of a command that nobody here needs to know of. */
  concerns(frames: Float64Array, at: number): boolean {
    return this.watched.size > 0 || frames[at] === ALLOCATE.code;
  }

  /** Follows an accepted command. */
  follow(executed: Executed): void {
    this.noteBucket(executed);
    if (this.watched.size === 0) return;
    const { events, from, to } = executed;
    let entering = this.enter(executed);
    let trade = 0;
    this.followWithdrawals(executed);
    for (let event = from; event < to; event++) {
      const at = event * EVENT_WORDS;
      if (events[at] === TRIGGERED) {
        this.finish(entering, executed);
        entering = this.trigger(executed, at);
      } else if (events[at] === FILL) {
        this.followFill(executed, at, entering, executed.trades[trade++] as Trade);
      } else this.followEvent(executed, at, entering);
      this.touch(executed.tier, events, at);
    }
    this.finish(entering, executed);
  }

  /** Every account in a tier may stand otherwise than before: a price moved, or terms did. */
  touchTier(tier: number): void {
    for (const watch of this.watched.values())
      if (watch.buckets.some((bucket) => bucket.tier === tier)) this.due.add(watch);
  }

  /** Tells what the commands since the last time came to. */
  publish(sequence: number, time: number): void {
    for (const watch of this.told) watch.publish(this.fanOut, this.labels(), sequence, time);
    this.told.clear();
  }

  /** Measures accounts that are due, no more than so many buckets of them, and forgets those nobody watches any more. */
  sample(venue: Venue, sequence: number, time: number, budget: number): void {
    let left = budget;
    for (const watch of this.due) {
      if (left <= 0) return;
      this.due.delete(watch);
      if (!watch.isWatched(this.fanOut)) this.watched.delete(watch.account);
      else if (watch.isKnown)
        left -= Math.max(1, watch.sample(venue, this.labels(), this.fanOut, sequence, time));
    }
  }

  get isDue(): boolean {
    return this.due.size > 0;
  }

  private watch(account: number): Watch {
    let watch = this.watched.get(account);
    if (watch === undefined) this.watched.set(account, (watch = new Watch(account, this.ratios)));
    return watch;
  }

  /** The known watch of an account; undefined if nobody watches it. */
  private watchOf(account: number): Watch | undefined {
    const watch = this.watched.get(account);
    return watch?.isKnown === true ? watch : undefined;
  }

  private owner(tier: number, bucket: number): Watch | undefined {
    return this.watchOf(this.ownership.accountOf(tier, bucket));
  }

  private noteBucket({ tier, frames, at, facts, factsAt }: Executed): void {
    if (frames[at] !== ALLOCATE.code) return;
    const account = frames[at + ALLOCATE.at.account] as number;
    const bucket = facts[factsAt] as number;
    if (this.ownership.accountOf(tier, bucket) === account) return;
    this.ownership.note(tier, bucket, account);
    this.watchOf(account)?.buckets.push({ tier, bucket });
  }

  private touch(tier: number, events: Float64Array, at: number): void {
    const word = BUCKET_WORD[events[at] as number];
    if (word !== undefined) this.makeDue(this.owner(tier, events[at + word] as number));
    if (events[at] !== FILL) return;
    this.makeDue(this.owner(tier, events[at + 3] as number));
    this.makeDue(this.owner(tier, events[at + 4] as number));
  }

  private makeDue(watch: Watch | undefined): void {
    if (watch !== undefined) this.due.add(watch);
  }

  /** The order that a command enters, or moves where it waits. */
  private enter(executed: Executed): Entering | undefined {
    const { sequence, tier, frames, at, facts, factsAt } = executed;
    const resting = facts[factsAt] as number;
    if (frames[at] === PLACE.code) {
      const word = (name: keyof typeof PLACE.at): number => frames[at + PLACE.at[name]] as number;
      const watch = this.watchOf(word("account"));
      if (watch === undefined) return undefined;
      const name = resting === 0 ? passingOrderName(tier, sequence) : orderName(tier, resting);
      const isWaiting = word("type") >= ORDER_TYPE.stopLimit;
      const terms: OrderTerms = {
        tier,
        bucket: word("bucket"),
        market: word("market"),
        side: word("side"),
        type: word("type"),
        timeInForce: word("timeInForce"),
        trigger: word("trigger"),
        clientId: word("clientId"),
        price: word("price"),
        lots: word("lots"),
        isWaiting,
      };
      if (!isWaiting) return { watch, name, terms, change: "placed", filled: 0, isDone: false };
      this.tell(executed, watch, name, terms, { event: "waits", status: "open", filled: 0, reason: 0 });
      return undefined;
    }
    if (frames[at] !== AMEND.code) return undefined;
    const watch = this.watchOf(frames[at + AMEND.at.account] as number);
    const name = orderName(tier, frames[at + AMEND.at.order] as number);
    const before = watch?.orders.get(name);
    if (watch === undefined || before === undefined) return undefined;
    const terms = {
      ...before,
      price: frames[at + AMEND.at.price] as number,
      lots: frames[at + AMEND.at.lots] as number,
    };
    if (!before.isWaiting) return { watch, name, terms, change: "amended", filled: 0, isDone: false };
    this.tell(executed, watch, name, terms, { event: "amended", status: "open", filled: 0, reason: 0 });
    return undefined;
  }

  /** A waiting order is fired: it enters the book, unless it was refused. */
  private trigger(executed: Executed, at: number): Entering | undefined {
    const { tier, events } = executed;
    const watch = this.owner(tier, events[at + 3] as number);
    const name = orderName(tier, events[at + 2] as number);
    const before = watch?.orders.get(name);
    if (watch === undefined || before === undefined || events[at + 5] !== ACCEPTED) return undefined;
    const terms = { ...before, isWaiting: false };
    this.tell(executed, watch, name, terms, { event: "triggered", status: "open", filled: 0, reason: 0 });
    return { watch, name, terms, change: "triggered", filled: 0, isDone: false };
  }

  private followEvent(executed: Executed, at: number, entering: Entering | undefined): void {
    const { tier, events, from, sequence, time } = executed;
    const head = { tier, sequence, time };
    const code = events[at] as number;
    const word = (index: number): number => events[at + index] as number;
    switch (code) {
      case RESTED:
        return this.rest(executed, at, entering);
      case REDUCED: {
        const watch = this.owner(tier, word(3));
        const reason = word(6);
        const event = reason === REASON.amended ? "amended" : "removed";
        if (entering?.change === "amended" && event === "amended") entering.isDone = true;
        return this.shrink(executed, watch, word(2), word(4), { event, status: "open", filled: 0, reason });
      }
      case REMOVED: {
        // What leaves to enter anew is told of when it has.
        if (word(5) === REASON.amended && entering?.change === "amended") return;
        const change = { event: "removed", status: "canceled", filled: 0, reason: word(5) } as const;
        return this.shrink(executed, this.owner(tier, word(3)), word(2), word(4), change);
      }
      case EVENTS.liquidationStarted.code:
        return this.warn(
          executed,
          word(1),
          "liquidation-started",
          word(2),
          word(3),
          "Its liquidation begins",
        );
      case EVENTS.liquidationEnded.code: {
        const detail = `Its liquidation is over: ${OUTCOMES[word(2)] ?? word(2)}`;
        return this.warn(executed, word(1), "liquidation-ended", word(3), undefined, detail);
      }
      case EVENTS.positionLiquidated.code:
      case EVENTS.positionTornUp.code:
      case EVENTS.positionSettled.code:
      case EVENTS.bidFilled.code:
        this.tellFills(
          tellClosing(this.labels(), { ...head, id: closingId(sequence, at, from) }, events, at),
          tier,
        );
        if (code !== EVENTS.positionTornUp.code) return;
        return this.warn(
          executed,
          word(2),
          "torn-up",
          undefined,
          undefined,
          "It was closed at the mark against a position that nobody would take over",
        );
    }
  }

  private followFill(executed: Executed, at: number, entering: Entering | undefined, trade: Trade): void {
    const { tier, events, sequence, time } = executed;
    const [maker, taker, lots] = [events[at + 3], events[at + 4], events[at + 7]] as [number, number, number];
    const isAuction = trade.kind === "auction";
    const isEntered = entering !== undefined && entering.terms.bucket === taker;
    if (isEntered) entering.filled += lots;
    const bought = isAuction ? orderName(tier, events[at - EVENT_WORDS + 2] as number) : undefined;
    const terms = {
      kind: trade.kind,
      maker: orderName(tier, events[at + 2] as number),
      taker: bought ?? (isEntered ? entering.name : null),
    };
    const head = { id: tradeId(trade), tier, sequence, time };
    this.tellFills(tellTrade(this.labels(), head, events, at, terms), tier);
    const change = { event: "filled", status: "open", filled: lots, reason: 0 } as const;
    this.shrink(executed, this.owner(tier, maker), events[at + 2] as number, lots, change);
    if (isAuction)
      this.shrink(executed, this.owner(tier, taker), events[at - EVENT_WORDS + 2] as number, lots, change);
  }

  private tellFills(fills: readonly OwnFill[], tier: number): void {
    for (const [bucket, fill] of fills) {
      const watch = this.owner(tier, bucket);
      if (watch === undefined) continue;
      watch.add("fills", { account: watch.account, ...fill });
      this.told.add(watch);
    }
  }

  private rest(executed: Executed, at: number, entering: Entering | undefined): void {
    const { tier, events } = executed;
    const watch = this.owner(tier, events[at + 3] as number);
    if (watch === undefined) return;
    const name = orderName(tier, events[at + 2] as number);
    const before = entering?.name === name ? entering : undefined;
    if (before === undefined) return;
    before.isDone = true;
    const terms = { ...before.terms, lots: events[at + 6] as number, price: events[at + 5] as number };
    const event = before.change === "placed" ? "rests" : before.change;
    this.tell(executed, watch, name, terms, { event, status: "open", filled: before.filled, reason: 0 });
  }

  /** An order that is open loses lots, and is closed if it has none left. */
  private shrink(
    executed: Executed,
    watch: Watch | undefined,
    order: number,
    lots: number,
    change: OrderChange,
  ): void {
    const name = orderName(executed.tier, order);
    const before = watch?.orders.get(name);
    if (watch === undefined || before === undefined) return;
    const left = before.lots - lots;
    const status = left > 0 ? "open" : change.status === "open" ? "closed" : change.status;
    this.tell(executed, watch, name, { ...before, lots: left }, { ...change, status });
  }

  /** What became of an order that entered and does not rest. */
  private finish(entering: Entering | undefined, executed: Executed): void {
    if (entering === undefined || entering.isDone) return;
    entering.isDone = true;
    const { watch, name, terms, filled, change } = entering;
    const { frames, at, facts, factsAt } = executed;
    const isOwn = frames[at] === PLACE.code || frames[at] === AMEND.code;
    // An order that is amended in place to what it was rests as before.
    if (change === "amended" && (facts[factsAt] as number) !== 0) return;
    const isFilled = filled > 0 && filled >= terms.lots;
    const reason = isOwn && change !== "triggered" ? (facts[factsAt + 3] as number) : 0;
    const status = isFilled || (isOwn && change !== "triggered" && reason === 0) ? "closed" : "canceled";
    this.tell(executed, watch, name, { ...terms, lots: 0 }, { event: change, status, filled, reason });
  }

  private tell(
    { sequence, time }: Executed,
    watch: Watch,
    name: string,
    terms: OrderTerms,
    change: OrderChange,
  ): void {
    if (change.status === "open") watch.orders.set(name, terms);
    else watch.orders.delete(name);
    watch.add("orders", tellOrder(this.labels(), watch.account, name, terms, change, sequence, time));
    this.told.add(watch);
  }

  private followWithdrawals(executed: Executed): void {
    for (const watch of withdrawalsMoved(executed, this.watched, (account) => this.watchOf(account))) {
      this.told.add(watch);
      this.due.add(watch);
    }
  }

  private warn(
    { tier, sequence, time }: Executed,
    bucket: number,
    kind: string,
    equity: number | undefined,
    maintenance: number | undefined,
    detail: string,
  ): void {
    const watch = this.owner(tier, bucket);
    if (watch === undefined) return;
    const usd = (amount: number | undefined): string | null =>
      amount === undefined ? null : this.labels().usd(amount);
    const warning = { kind, bucket, tier, equity: usd(equity), maintenanceMargin: usd(maintenance), detail };
    watch.warn(warning, sequence, time);
    this.told.add(watch);
  }
}

/** The number of a closing without trades: that of its command and the place of its event in it. */
function closingId(sequence: number, at: number, from: number): string {
  return `${sequence}-c${at / EVENT_WORDS - from + 1}`;
}
