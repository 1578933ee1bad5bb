/**
 * Every channel of `/v1/stream`, in one table. A client subscribes, is told the state (`snapshot`) where there is one, and then what changes
 * (`update`). Every message carries the sequence of the command after which it is true; of the book also that of the message before it.
 */
import { BREAKER, EVENTS, type EventName } from "@bulkhead/engine";
import { z } from "zod";
import { BUCKET, POSITION, WARNING, WITHDRAWAL } from "./accounts.ts";
import {
  BREAKER_STATE,
  CANDLE,
  INTERVALS,
  LAYERS,
  LEVEL,
  POSTURE_STATE,
  PROPOSAL,
  TRADE,
} from "./markets.ts";
import { FILL, ORDER } from "./orders.ts";
import { PROBLEM } from "../problem.ts";
import {
  MARKET_STATUSES,
  account,
  choiceOf,
  decimal,
  sequence,
  shard,
  symbol,
  tier,
  time,
} from "./values.ts";

export interface Channel {
  readonly summary: string;
  /** Whether one has to log in first. */
  readonly isPrivate: boolean;
  /** What a subscription names. */
  readonly of: z.ZodObject;
  readonly message: z.ZodType;
}

const ofMarket = z.strictObject({ symbol });
const ofTier = z.strictObject({ tier });
const ofShard = z.strictObject({ tier: shard });
const ofAccount = z.strictObject({ account });

const head = { sequence, time };
const SNAPSHOT = z.literal("snapshot");
const UPDATE = z.literal("update");
const EITHER = z.enum(["snapshot", "update"]);

const levels = z.array(LEVEL).meta({ description: "Price and amount; an amount of 0 = the level is gone" });
const checksum = z
  .int()
  .meta({ description: "CRC-32 of the ten best levels of each side, after this message" });

const BOOK_MESSAGE = z.discriminatedUnion("type", [
  z.object({
    channel: z.literal("book"),
    symbol,
    type: SNAPSHOT,
    ...head,
    bids: levels,
    asks: levels,
    checksum,
  }),
  z.object({
    channel: z.literal("book"),
    symbol,
    type: UPDATE,
    previous: sequence.meta({
      description: "Of the message before it: if another was the last, one is missing",
    }),
    ...head,
    bids: levels,
    asks: levels,
    checksum,
  }),
]);

const TICKER_MESSAGE = z.object({
  channel: z.literal("ticker"),
  symbol,
  type: EITHER,
  ...head,
  mark: decimal.nullable(),
  index: decimal.nullable(),
  last: decimal.nullable(),
  bestBid: decimal.nullable(),
  bestAsk: decimal.nullable(),
  status: choiceOf(MARKET_STATUSES),
  breaker: choiceOf(BREAKER),
  forbids: z.array(z.string()).meta({ description: "What the quality of its price forbids now" }),
  fundingRate: decimal.meta({ description: "That accrued last, of the mark per interval" }),
  nextFundingRate: decimal.meta({ description: "That would accrue now" }),
  nextFundingTime: time.nullable(),
  openInterest: decimal,
  open24h: decimal.nullable(),
  high24h: decimal.nullable(),
  low24h: decimal.nullable(),
  change24h: decimal
    .nullable()
    .meta({ description: "Of the last price against the first of the last 24 hours, as a part of it" }),
  volume24h: decimal.meta({ description: "In base currency" }),
  quoteVolume24h: decimal,
  trades24h: z.int(),
});

/** Something that happened: the engine's event, in symbols and decimals. docs/reference/events.md tells what each means. */
const EVENT = z
  .looseObject({ event: z.enum(Object.keys(EVENTS) as [EventName, ...EventName[]]), sequence, time })
  .meta({ id: "Event" });

/** Not known of an order that was open before its account was watched, as long as the views do not answer. */
const past = { description: "null = not looked up yet: the orders are told whole as soon as it is" };

const ORDER_CHANGE = ORDER.extend({
  amount: decimal.nullable().meta(past),
  filled: decimal.nullable().meta(past),
  cost: decimal.nullable().meta(past),
  fee: decimal.nullable().meta(past),
  createdAt: time.nullable().meta(past),
  reason: ORDER.shape.reason.meta({ description: "Of what happened" }),
  event: z
    .enum(["placed", "waits", "triggered", "rests", "filled", "amended", "removed"])
    .meta({ description: "What happened to it" }),
  lastFilled: decimal.meta({ description: "By what happened" }),
}).meta({
  id: "OrderChange",
  description: "An order as `GET /v1/orders/{id}` tells it, and what happened to it",
});

/** A message with rows of an account: all of them in a snapshot, those that changed in an update. */
function ofRows<Name extends string, Item extends z.ZodType>(
  channel: Name,
  item: Item,
): z.ZodObject<{
  channel: z.ZodLiteral<Name>;
  account: typeof account;
  type: typeof EITHER;
  sequence: typeof sequence;
  time: typeof time;
  items: z.ZodArray<Item>;
}> {
  return z.object({ channel: z.literal(channel), account, type: EITHER, ...head, items: z.array(item) });
}

/** Of a message of a shard: where it stands in a snapshot, and what has happened in an update. */
const ofState = {
  tier: shard,
  type: EITHER,
  ...head,
  events: z
    .array(EVENT)
    .optional()
    .meta({ description: "In an update; in a snapshot, if at all, the last ones" }),
};

export const CHANNELS = {
  book: {
    summary: "Price levels of a market: whole, then as they change",
    isPrivate: false,
    of: ofMarket,
    message: BOOK_MESSAGE,
  },
  trades: {
    summary: "Trades of a market; the snapshot has the last ones",
    isPrivate: false,
    of: ofMarket,
    message: z.object({
      channel: z.literal("trades"),
      symbol,
      type: EITHER,
      ...head,
      items: z.array(TRADE),
    }),
  },
  ticker: {
    summary: "Mark, index, funding, open interest and the last 24 hours of a market",
    isPrivate: false,
    of: ofMarket,
    message: TICKER_MESSAGE,
  },
  candles: {
    summary: "The candle that is being made, and each that is done",
    isPrivate: false,
    of: z.strictObject({ symbol, interval: choiceOf(INTERVALS) }),
    message: z.object({
      channel: z.literal("candles"),
      symbol,
      interval: choiceOf(INTERVALS),
      type: EITHER,
      ...head,
      items: z.array(CANDLE),
    }),
  },
  funds: {
    summary: "Layers of a tier's waterfall (of the venue for tier 0), and what moves them",
    isPrivate: false,
    of: ofShard,
    message: z.object({
      channel: z.literal("funds"),
      ...ofState,
      layers: LAYERS.optional(),
      insurance: z
        .object({
          target: decimal.nullable(),
          lent: decimal,
          owed: decimal,
          fees: decimal.meta({ description: "That are not swept yet" }),
          backstop: decimal.meta({ description: "What the tier's backstop is worth at least" }),
        })
        .nullable()
        .optional()
        .meta({ description: "Of a tier" }),
    }),
  },
  breakers: {
    summary: "Breakers of a tier's markets, and its posture",
    isPrivate: false,
    of: ofTier,
    message: z.object({
      channel: z.literal("breakers"),
      ...ofState,
      posture: POSTURE_STATE.optional(),
      markets: z.array(BREAKER_STATE).optional(),
    }),
  },
  governance: {
    summary: "Proposals of a shard, and parameters that change",
    isPrivate: false,
    of: ofShard,
    message: z.object({
      channel: z.literal("governance"),
      ...ofState,
      proposals: z.array(PROPOSAL.omit({ createdAt: true, sequence: true })).optional(),
    }),
  },
  liquidations: {
    summary:
      "Positions that are closed in distress, and who bears what they leave; the snapshot has the last events",
    isPrivate: false,
    of: ofTier,
    message: z.object({ channel: z.literal("liquidations"), ...ofState }),
  },
  orders: {
    summary: "An account's orders: those that are open, then each that changes",
    isPrivate: true,
    of: ofAccount,
    message: ofRows("orders", ORDER_CHANGE),
  },
  fills: {
    summary: "An account's fills",
    isPrivate: true,
    of: ofAccount,
    message: ofRows(
      "fills",
      FILL.extend({
        realizedPnl: decimal.nullable().meta({ description: "null = a closing that does not tell it" }),
      }),
    ),
  },
  positions: {
    summary:
      "All of an account's positions, whenever one may have changed; one that is not among them is gone",
    isPrivate: true,
    of: ofAccount,
    message: ofRows(
      "positions",
      POSITION.omit({ sequence: true }).extend({
        tearUpShare: decimal.meta({
          description:
            "Part of the market's open interest: what it would bear of a position of the other side that is torn up",
        }),
      }),
    ),
  },
  margin: {
    summary: "Equity and margin of an account's buckets",
    isPrivate: true,
    of: ofAccount,
    message: ofRows(
      "margin",
      BUCKET.extend({
        distance: decimal.meta({
          description: "Equity less maintenance margin: below 0 the bucket is liquidated",
        }),
      }),
    ),
  },
  warnings: {
    summary: "What an account's owner should act upon",
    isPrivate: true,
    of: ofAccount,
    message: ofRows("warnings", WARNING.extend({ kind: z.enum([...WARNING.shape.kind.options, "torn-up"]) })),
  },
  withdrawals: {
    summary: "An account's withdrawals as they move",
    isPrivate: true,
    of: ofAccount,
    message: ofRows("withdrawals", WITHDRAWAL.omit({ worstWait: true })),
  },
} as const satisfies Readonly<Record<string, Channel>>;

export type ChannelName = keyof typeof CHANNELS;
export const CHANNEL_NAMES = Object.keys(CHANNELS) as readonly ChannelName[];

/** What a subscription to a channel names, and what it is told. */
export type ChannelOf<Name extends ChannelName> = z.input<(typeof CHANNELS)[Name]["of"]>;
export type ChannelMessage<Name extends ChannelName> = z.output<(typeof CHANNELS)[Name]["message"]>;

const id = z
  .union([z.string().max(64), z.int()])
  .optional()
  .meta({ description: "Comes back with the reply" });

/** An order as the streams tell it: an `Order` can be shown wherever one of these can. */
export type OrderChange = z.infer<typeof ORDER_CHANGE>;

/** What a client says. */
export const STREAM_REQUEST = z.union([
  ...CHANNEL_NAMES.map((channel) =>
    z.strictObject({
      op: z.enum(["subscribe", "unsubscribe"]),
      channel: z.literal(channel),
      ...CHANNELS[channel].of.shape,
      id,
    }),
  ),
  z.strictObject({ op: z.literal("ping"), id }),
  z.strictObject({ op: z.literal("login"), token: z.string().max(256), id }),
  z
    .strictObject({
      op: z.literal("cancelOnDisconnect"),
      enabled: z.boolean().default(true),
      account: account.optional().meta({ description: "One of the owner's; all of them if none is named" }),
      id,
    })
    .meta({
      description:
        "After a login of a session that may trade: whether all orders of the accounts are cancelled when this connection goes",
    }),
] as unknown as [z.ZodType<StreamRequest>, z.ZodType<StreamRequest>]);

export type StreamRequest = { readonly id?: string | number | undefined } & (
  | ({ readonly op: "subscribe" | "unsubscribe"; readonly channel: ChannelName } & Readonly<{
      symbol?: string;
      tier?: number;
      account?: number;
      interval?: string;
    }>)
  | { readonly op: "ping" }
  | { readonly op: "login"; readonly token: string }
  | { readonly op: "cancelOnDisconnect"; readonly enabled: boolean; readonly account?: number }
);

/** What a client is told of what it said. */
export const STREAM_REPLY = z.discriminatedUnion("op", [
  z.object({ op: z.literal("subscribed"), channel: z.string(), id }).catchall(z.unknown()),
  z.object({ op: z.literal("unsubscribed"), channel: z.string(), id }).catchall(z.unknown()),
  z.object({ op: z.literal("pong"), time, sequence, id }),
  z.object({ op: z.literal("loggedIn"), accounts: z.array(account), expires: time, id }),
  z.object({
    op: z.literal("cancelOnDisconnect"),
    accounts: z.array(account).meta({ description: "Those whose orders go with this connection" }),
    id,
  }),
  z.object({ op: z.literal("error"), problem: PROBLEM, id }),
]);
export type StreamReply = z.infer<typeof STREAM_REPLY>;
