/**
 * What happens to accounts that somebody watches: orders and fills event by event, margin and positions as they stand a few times a second.
 * Nobody watches most accounts; what happens to those costs a look at a table.
 */
import { EVENTS, EVENT_WORDS, type Venue } from "@bulkhead/engine";
import { usdText } from "@bulkhead/protocol";
import type { Labels } from "../telling/labels.ts";
import { type OrderRow, orderId } from "../telling/orders.ts";
import { orderName, tellChange } from "./accountOrders.ts";
import type { Executed } from "./executedCommand.ts";
import type { FanOut, Message, Topic } from "./fanOut.ts";
import { type OwnFill, tellClosing, tellTrade } from "./fills.ts";
import { shapeOf } from "./frames.ts";
import { OrderStory, type Watchers, boughtIn } from "./orderStory.ts";
import type { Ownership } from "./ownership.ts";
import type { Trade } from "./trades.ts";
import { withdrawalsMoved } from "./withdrawalMoves.ts";
import { type PrivateChannel, Watch } from "./watch.ts";

const ALLOCATE = shapeOf("allocate", "account", "tier", "mode");
const FILL = EVENTS.fill.code;

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

  private readonly watchers: Watchers = {
    owner: (tier, bucket) => this.owner(tier, bucket),
    watchOf: (account) => this.watchOf(account),
  };

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
    if (!watch.isKnown) watch.learn(venue, this.ownership, sequence, time);
    this.due.add(watch);
    return watch.first(venue, this.labels(), channel, sequence, time);
  }

  /** The watch of an account if the past of its open orders is not known. */
  withoutPast(account: number): Watch | undefined {
    const watch = this.watchOf(account);
    return watch?.orders.isWhole === false ? watch : undefined;
  }

  /** Gives an account's orders what the views have of them. Whoever was told of them without it is told anew. */
  recall(watch: Watch, rows: readonly OrderRow[], sequence: number, time: number): void {
    // Whoever began to watch anew meanwhile has asked anew.
    if (this.watched.get(watch.account) !== watch || watch.orders.isWhole) return;
    watch.publish(this.fanOut, this.labels(), sequence, time);
    watch.orders.recall(rows);
    const message = watch.openOrders(this.labels(), sequence, time);
    this.fanOut.publish(watch.topic("orders"), message, message);
  }

  /** An account's open orders, as they are told. */
  openOrders(account: number, sequence: number, time: number): Message | undefined {
    return this.watchOf(account)?.openOrders(this.labels(), sequence, time);
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
    const orders = new OrderStory(executed, this.watchers, (watch, order, change) => {
      watch.add("orders", tellChange(this.labels(), order, watch.isCross(order), change));
      this.told.add(watch);
    });
    let trade = 0;
    this.followWithdrawals(executed);
    for (let event = from; event < to; event++) {
      const at = event * EVENT_WORDS;
      if (events[at] === FILL) this.followFill(executed, at, orders, executed.trades[trade++] as Trade);
      else {
        orders.follow(at);
        this.followEvent(executed, at);
      }
      this.touch(executed.tier, events, at);
    }
    orders.finish();
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
    const mode = frames[at + ALLOCATE.at.mode] as number;
    const bucket = facts[factsAt] as number;
    if (this.ownership.accountOf(tier, bucket) === account) return;
    this.ownership.note(tier, bucket, account);
    this.watchOf(account)?.buckets.push({ tier, bucket, mode });
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

  private followEvent(executed: Executed, at: number): void {
    const { tier, events, from, sequence, time } = executed;
    const head = { tier, sequence, event: at / EVENT_WORDS - from + 1, time };
    const code = events[at] as number;
    const word = (index: number): number => events[at + index] as number;
    switch (code) {
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
        this.tellFills(tellClosing(this.labels(), head, events, at), tier);
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

  private followFill(executed: Executed, at: number, orders: OrderStory, trade: Trade): void {
    const { tier, events, sequence, time } = executed;
    const bought = trade.kind === "auction" ? boughtIn(events, at) : undefined;
    const entered = orders.fill(at, bought);
    const taker = bought === undefined ? entered && orderId(entered) : orderName(tier, bought);
    const maker = orderName(tier, events[at + 2] as number);
    const head = { tier, sequence, event: trade.event, time };
    this.tellFills(tellTrade(this.labels(), head, events, at, { kind: trade.kind, maker, taker }), tier);
  }

  private tellFills(fills: readonly OwnFill[], tier: number): void {
    for (const { bucket, tell } of fills) {
      const watch = this.owner(tier, bucket);
      if (watch === undefined) continue;
      watch.add("fills", tell(watch.account));
      this.told.add(watch);
    }
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
    const [owned, needed] = [usdOrNull(equity), usdOrNull(maintenance)];
    const warning = { kind, bucket, tier, equity: owned, maintenanceMargin: needed, detail };
    watch.warn(warning, sequence, time);
    this.told.add(watch);
  }
}

function usdOrNull(amount: number | undefined): string | null {
  return amount === undefined ? null : usdText(amount);
}
