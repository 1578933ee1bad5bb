/** One account that somebody watches: its topics, what is known of it, and what is to be told at the end of the batch. */
import { type Venue, bucketView, pendingWithdrawals } from "@bulkhead/engine";
import type { Labels } from "../telling/labels.ts";
import { type WithdrawalMove, tellWithdrawal } from "../telling/withdrawals.ts";
import { AccountOrders, type FollowedOrder } from "./accountOrders.ts";
import { type FanOut, LATEST, Message, type Topic } from "./fanOut.ts";
import type { BucketName, Ownership } from "./ownership.ts";
import { type BucketTold, tellBucketNow } from "./tellState.ts";

export type PrivateChannel = "orders" | "fills" | "positions" | "margin" | "warnings" | "withdrawals";
export const PRIVATE_CHANNELS: readonly PrivateChannel[] = [
  "orders",
  "fills",
  "positions",
  "margin",
  "warnings",
  "withdrawals",
];

/** Of these the newest message says all there is; of the others none may be missing. */
const WHOLE: ReadonlySet<PrivateChannel> = new Set(["positions", "margin"]);

/** A withdrawal as far as it was followed. */
export type WithdrawalState = { -readonly [Field in keyof WithdrawalMove]: WithdrawalMove[Field] };

/** A bucket of an account; `mode` 0 = cross, else the isolated market. */
export interface WatchedBucket extends BucketName {
  readonly mode: number;
}

export interface Warning {
  readonly kind: string;
  readonly bucket: number;
  readonly tier: number;
  readonly equity: string | null;
  readonly maintenanceMargin: string | null;
  readonly detail: string;
}

/** When an account's owner is warned: at these ratios of equity to maintenance margin, the highest first. */
export const WARNING_RATIOS: readonly number[] = [1.5, 1.2, 1.05];
/** By how much a ratio must be exceeded again before it is warned of anew. */
const RECOVERED = 1.05;

export class Watch {
  readonly account: number;
  readonly orders: AccountOrders;
  readonly withdrawals: Map<number, WithdrawalState> = new Map();
  /** False until its state was read: what happens before is part of it. */
  isKnown = false;
  buckets: WatchedBucket[] = [];
  private readonly topics: ReadonlyMap<PrivateChannel, Topic>;
  private readonly ratios: readonly number[];
  /** By bucket, how many of the ratios it was warned of. */
  private readonly warned = new Map<string, number>();
  private readonly fresh = new Map<PrivateChannel, object[]>();
  private readonly moved = new Set<number>();

  constructor(account: number, ratios: readonly number[] = WARNING_RATIOS) {
    this.account = account;
    this.orders = new AccountOrders(account);
    this.ratios = ratios;
    this.topics = new Map(
      PRIVATE_CHANNELS.map((channel) => [
        channel,
        {
          name: `${channel}:${account}`,
          merge: WHOLE.has(channel) ? LATEST : "every",
          snapshot: () => undefined,
        },
      ]),
    );
  }

  topic(channel: PrivateChannel): Topic {
    return this.topics.get(channel) as Topic;
  }

  isWatched(fanOut: FanOut): boolean {
    return PRIVATE_CHANNELS.some((channel) => fanOut.listeners(this.topic(channel).name) > 0);
  }

  /** Reads all there is to know of the account. */
  learn(venue: Venue, ownership: Ownership, sequence: number, time: number): void {
    this.buckets = ownership
      .bucketsOf(this.account)
      .map((name) => ({ ...name, mode: bucketView(venue, name.tier, name.bucket).mode }));
    this.orders.learn(venue, this.buckets, sequence, time);
    this.withdrawals.clear();
    for (const { id, asset, amount, released, requestedAt, place } of pendingWithdrawals(venue, this.account))
      this.withdrawals.set(id, {
        withdrawal: id,
        account: this.account,
        asset,
        amount,
        queued: amount - released,
        released,
        paid: 0,
        returned: 0,
        cancelled: 0,
        place,
        requestedAt,
        updatedAt: requestedAt,
        sequence: 0,
      });
    this.isKnown = true;
  }

  /** What somebody who begins on a channel is told; undefined where there is nothing before what happens next. */
  first(
    venue: Venue,
    labels: Labels,
    channel: PrivateChannel,
    sequence: number,
    time: number,
  ): Message | undefined {
    switch (channel) {
      case "orders":
        return this.openOrders(labels, sequence, time);
      case "positions":
      case "margin":
        return this.whole(channel, this.measure(venue, labels), sequence, time);
      case "withdrawals": {
        const items = Array.from(this.withdrawals.values(), (state) => tellWithdrawal(labels, state));
        return this.message(channel, "snapshot", items, sequence, time);
      }
      default:
        return undefined;
    }
  }

  /** Whether an order is margined by one of the account's cross buckets. */
  isCross({ tier, bucket }: FollowedOrder): boolean {
    return this.buckets.some((each) => each.tier === tier && each.bucket === bucket && each.mode === 0);
  }

  /** All that are open. */
  openOrders(labels: Labels, sequence: number, time: number): Message {
    const items = this.orders.tell(labels, (order) => this.isCross(order));
    return this.message("orders", "snapshot", items, sequence, time);
  }

  add(channel: "orders" | "fills", item: object): void {
    const items = this.fresh.get(channel);
    if (items === undefined) this.fresh.set(channel, [item]);
    else items.push(item);
  }

  warn(warning: Warning, sequence: number, time: number): void {
    const item = { account: this.account, ...warning, time, sequence };
    const items = this.fresh.get("warnings");
    if (items === undefined) this.fresh.set("warnings", [item]);
    else items.push(item);
  }

  /** A withdrawal is another than before. */
  touchWithdrawal(id: number): void {
    this.moved.add(id);
  }

  /** Tells what was added since the last time. */
  publish(fanOut: FanOut, labels: Labels, sequence: number, time: number): void {
    for (const [channel, items] of this.fresh) {
      this.fresh.delete(channel);
      const message = this.message(channel, "update", items, sequence, time);
      fanOut.publish(this.topic(channel), message, message);
    }
    if (this.moved.size === 0) return;
    const items: object[] = [];
    for (const id of this.moved) {
      const state = this.withdrawals.get(id);
      if (state === undefined) continue;
      items.push(tellWithdrawal(labels, state));
      if (state.queued + state.released === 0) this.withdrawals.delete(id);
    }
    this.moved.clear();
    const message = this.message("withdrawals", "update", items, sequence, time);
    fanOut.publish(this.topic("withdrawals"), message, message);
  }

  /** Measures the account's buckets, tells how they stand, and warns whose equity has fallen. @returns how many were measured */
  sample(venue: Venue, labels: Labels, fanOut: FanOut, sequence: number, time: number): number {
    const measured = this.measure(venue, labels);
    for (const channel of ["positions", "margin"] as const) {
      const message = this.whole(channel, measured, sequence, time);
      fanOut.publish(this.topic(channel), message, message);
    }
    measured.forEach((told, index) => this.warnOf(this.buckets[index] as BucketName, told, sequence, time));
    this.placeAnew(venue);
    this.publish(fanOut, labels, sequence, time);
    return measured.length;
  }

  private measure(venue: Venue, labels: Labels): BucketTold[] {
    return this.buckets.map(({ tier, bucket }) => tellBucketNow(venue, labels, tier, bucket));
  }

  private whole(
    channel: "positions" | "margin",
    measured: readonly BucketTold[],
    sequence: number,
    time: number,
  ): Message {
    const items =
      channel === "margin"
        ? measured.map(({ margin }) => margin)
        : measured.flatMap((told) => told.positions);
    return this.message(channel, "snapshot", items, sequence, time);
  }

  private message(
    channel: PrivateChannel,
    type: "snapshot" | "update",
    items: readonly object[],
    sequence: number,
    time: number,
  ): Message {
    const { account } = this;
    return new Message(() => ({ channel, account, type, sequence, time, items }));
  }

  private warnOf({ tier, bucket }: BucketName, told: BucketTold, sequence: number, time: number): void {
    const { maintenanceEquity, maintenanceMargin, margin } = told;
    const ratio = maintenanceMargin === 0 ? Number.POSITIVE_INFINITY : maintenanceEquity / maintenanceMargin;
    const key = `${tier}:${bucket}`;
    const before = this.warned.get(key) ?? 0;
    const below = this.ratios.filter((each) => ratio < each).length;
    const recovered = this.ratios.filter((each) => ratio < each * RECOVERED).length;
    this.warned.set(key, Math.min(Math.max(before, below), recovered));
    if (below <= before) return;
    this.warn(
      {
        kind: "margin",
        bucket,
        tier,
        equity: margin.maintenanceEquity,
        maintenanceMargin: margin.maintenanceMargin,
        detail: `Equity is ${Math.floor(ratio * 100)} % of maintenance margin; below 100 % the bucket is liquidated`,
      },
      sequence,
      time,
    );
  }

  /** Looks up where in the queue the account's withdrawals are. */
  private placeAnew(venue: Venue): void {
    if (![...this.withdrawals.values()].some(({ queued }) => queued > 0)) return;
    for (const { id, place } of pendingWithdrawals(venue, this.account)) {
      const state = this.withdrawals.get(id);
      if (state === undefined || state.place === place) continue;
      state.place = place;
      this.moved.add(id);
    }
  }
}
