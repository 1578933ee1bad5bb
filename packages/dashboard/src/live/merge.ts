/** What is known of each channel once its messages so far are put together: a snapshot begins it, updates change it. */
import type { ChannelMessage, ChannelName } from "@bulkhead/protocol";

/** Everything but the book, which has a checksum to keep: see useBook. */
export type Followed = Exclude<ChannelName, "book">;

type ItemOf<Name extends Followed> =
  ChannelMessage<Name> extends { readonly items: readonly (infer Item)[] } ? Item : never;
type EventOf<Name extends Followed> =
  NonNullable<
    ChannelMessage<Name> extends { events?: infer Events } ? Events : never
  > extends readonly (infer Event)[]
    ? Event
    : never;

type WithItems =
  | "trades"
  | "candles"
  | "orders"
  | "fills"
  | "positions"
  | "margin"
  | "warnings"
  | "withdrawals";
type WithEvents = "funds" | "breakers" | "governance" | "liquidations";

/** What a page gets of a channel. */
export type Told<Name extends Followed> = Name extends "ticker"
  ? ChannelMessage<"ticker">
  : Name extends WithItems
    ? { readonly items: readonly ItemOf<Name>[] }
    : Name extends WithEvents
      ? Omit<ChannelMessage<Name>, "events" | "type"> & { readonly events: readonly EventOf<Name>[] }
      : never;

/** How many of what only ever grows are kept. */
const KEPT = 500;

type Fields = Readonly<Record<string, unknown>>;
interface Message extends Fields {
  readonly type: "snapshot" | "update";
  readonly items?: readonly Fields[];
  readonly events?: readonly Fields[];
}
type Merge = (before: Fields | undefined, message: Message) => Fields;

/** Newest first, whatever order they came in. */
const newestFirst = (rows: readonly Fields[]): readonly Fields[] =>
  rows.toSorted((one, other) => Number(other["sequence"]) - Number(one["sequence"]));

const growing: Merge = (before, { type, items = [] }) => ({
  items:
    type === "snapshot" ? newestFirst(items) : [...newestFirst(items), ...itemsOf(before)].slice(0, KEPT),
});

/** Rows by a name of theirs, in the order in which they were first told. */
const named =
  (nameOf: (row: Fields) => unknown): Merge =>
  (before, { type, items = [] }) => {
    if (type === "snapshot") return { items };
    const rows = new Map(itemsOf(before).map((row) => [nameOf(row), row]));
    for (const row of items) rows.set(nameOf(row), row);
    return { items: [...rows.values()] };
  };

const whole: Merge = (_, { items = [] }) => ({ items });

/**
 * How things stand, and what happened, the latest first. After events the node tells how things stand anew: such a snapshot has no events of its
 * own, and those that led to it stay.
 */
const standing: Merge = (before, { type, events, ...rest }) => {
  const known = (before?.["events"] ?? []) as readonly Fields[];
  const isAll = type === "snapshot" && events !== undefined;
  return {
    ...(type === "update" && before),
    ...rest,
    events: isAll ? newestFirst(events) : [...newestFirst(events ?? []), ...known].slice(0, KEPT),
  };
};

const MERGES: Readonly<Record<Followed, Merge>> = {
  ticker: (_, message) => message,
  trades: growing,
  candles: named(({ start }) => start),
  funds: standing,
  breakers: standing,
  governance: standing,
  liquidations: standing,
  orders: named(({ id }) => id),
  fills: growing,
  positions: whole,
  margin: named(({ tier, bucket }) => `${String(tier)}-${String(bucket)}`),
  warnings: growing,
  withdrawals: named(({ withdrawal }) => withdrawal),
};

/** What is known after a message. */
export function merge<Name extends Followed>(
  channel: Name,
  before: Told<Name> | undefined,
  message: ChannelMessage<Name>,
): Told<Name> {
  return MERGES[channel](before, message as unknown as Message) as unknown as Told<Name>;
}

function itemsOf(before: Fields | undefined): readonly Fields[] {
  return (before?.["items"] ?? []) as readonly Fields[];
}
