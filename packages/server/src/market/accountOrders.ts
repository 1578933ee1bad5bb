/**
 * The open orders of one account that somebody watches. What the engine keeps no longer (how large an order was, what of it was filled, when it
 * was placed) is followed from when it was placed; of one that was open before the watching began it comes from the views, as soon as they
 * answer. They may answer with more than had happened when the watching began: so until then it is noted what each command has added.
 */
import { type Venue, bucketView, orderView } from "@bulkhead/engine";
import { type OrderChange as OrderTold, orderNameText } from "@bulkhead/protocol";
import { type Labels, lotsText } from "../telling/labels.ts";
import { type OrderRow, tellOrder } from "../telling/orders.ts";
import type { BucketName } from "./ownership.ts";

/** An order as it is followed. */
export interface FollowedOrder extends OrderRow {
  /** False while its past is not known: `lots`, `filled`, `value`, `fees` and when it was placed are of the time it was watched. */
  readonly isWhole: boolean;
}

/** What happened to an order. */
export interface OrderChange {
  readonly event: OrderTold["event"];
  /** Lots that were filled by it. */
  readonly filled: number;
  /** Of `REASON`, 0 = none. */
  readonly reason: number;
}

/** What had been added to an order when a command was done. */
interface Mark {
  readonly sequence: number;
  readonly filled: number;
  readonly value: string;
  readonly fees: number;
  /** Of its last amendment: what had been filled when that was done, and what of it was open then. */
  readonly amended: { readonly filled: number; readonly open: number } | undefined;
}

const NOTHING: Mark = { sequence: 0, filled: 0, value: "0", fees: 0, amended: undefined };
/** Kept of an order; what the views have is joined to one of these. */
const MOST_MARKS = 1_000;

export class AccountOrders {
  readonly account: number;
  private readonly open = new Map<string, FollowedOrder>();
  /** Of orders whose past is not known: what each command has added, in order. */
  private readonly marks = new Map<string, Mark[]>();

  constructor(account: number) {
    this.account = account;
  }

  /** Takes down the open orders of the account's buckets. */
  learn(venue: Venue, buckets: readonly BucketName[], sequence: number, time: number): void {
    this.open.clear();
    this.marks.clear();
    for (const { tier, bucket } of buckets)
      for (const order of bucketView(venue, tier, bucket).orders) {
        const view = orderView(venue, tier, order);
        if (view === undefined) continue;
        const { waiting, id: _, lots: open, ...terms } = view;
        const name = orderName(tier, order);
        this.marks.set(name, [NOTHING]);
        this.open.set(name, {
          ...terms,
          sequence: 0,
          time: 0,
          tier,
          account: this.account,
          order,
          lots: open,
          open,
          filled: 0,
          value: "0",
          fees: 0,
          status: waiting ? "waiting" : "open",
          reason: 0,
          updatedSequence: sequence,
          updatedAt: time,
          isWhole: false,
        });
      }
  }

  /** Whether the past of every open order is known. */
  get isWhole(): boolean {
    return this.marks.size === 0;
  }

  /** Gives the orders whose past is not known what the views have of them. @param rows - as they were once the watching had begun, or later */
  recall(rows: readonly OrderRow[]): void {
    for (const row of rows) {
      const name = orderName(row.tier, row.order);
      const order = this.open.get(name);
      const marks = this.marks.get(name);
      if (order === undefined || marks === undefined) continue;
      const known = joined(row, order, marks);
      if (known === undefined) continue;
      this.open.set(name, known);
      this.marks.delete(name);
    }
  }

  get(name: string): FollowedOrder | undefined {
    return this.open.get(name);
  }

  /** An order is open, and as this. @param isAmended - its size is what was open of it at the amendment and what was filled before */
  set(name: string, order: FollowedOrder, isAmended: boolean): void {
    this.open.set(name, order);
    const marks = this.marks.get(name);
    if (marks === undefined) return;
    const { updatedSequence: sequence, filled, value, fees, lots } = order;
    const amended = isAmended ? { filled, open: lots - filled } : marks.at(-1)?.amended;
    marks.push({ sequence, filled, value, fees, amended });
    if (marks.length > MOST_MARKS) marks.shift();
  }

  delete(name: string): void {
    this.open.delete(name);
    this.marks.delete(name);
  }

  /** All that are open. */
  tell(labels: Labels, isCross: (order: FollowedOrder) => boolean): OrderTold[] {
    return Array.from(this.open.values(), (order) => {
      const event = order.status === "waiting" ? "waits" : "rests";
      return tellChange(labels, order, isCross(order), { event, filled: 0, reason: 0 });
    });
  }
}

/** The name of an open order. */
export function orderName(tier: number, order: number): string {
  return orderNameText(tier, "order", order);
}

/** What the views have of an order, and what was added since; undefined if it is not noted any more what of that they have. */
function joined(row: OrderRow, order: FollowedOrder, marks: readonly Mark[]): FollowedOrder | undefined {
  const { updatedSequence, updatedAt } = row;
  const taken = marks.findLast(({ sequence }) => sequence <= updatedSequence);
  const last = marks.at(-1);
  if (taken === undefined || last === undefined) return undefined;
  const isLater = last.sequence > updatedSequence;
  const amended = last.amended === taken.amended ? undefined : last.amended;
  return {
    ...row,
    price: order.price,
    open: order.open,
    status: order.status,
    reason: 0,
    lots: amended === undefined ? row.lots : row.filled + amended.filled - taken.filled + amended.open,
    filled: row.filled + order.filled - taken.filled,
    value: String(BigInt(row.value) + BigInt(order.value) - BigInt(taken.value)),
    fees: row.fees + order.fees - taken.fees,
    ...(isLater
      ? { updatedSequence: order.updatedSequence, updatedAt: order.updatedAt }
      : { updatedSequence, updatedAt }),
    isWhole: true,
  };
}

/** An order and what happened to it, as it is told. */
export function tellChange(
  labels: Labels,
  order: FollowedOrder,
  isCross: boolean,
  { event, filled, reason }: OrderChange,
): OrderTold {
  const told = tellOrder(labels, { ...order, reason }, isCross);
  const lastFilled = lotsText(labels.instrument(order.tier, order.market), filled);
  const past = order.isWhole
    ? told
    : { ...told, amount: null, filled: null, cost: null, average: null, fee: null, createdAt: null };
  return { ...past, event, lastFilled };
}
