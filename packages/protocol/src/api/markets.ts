/** What everybody may see: the venue, its markets, tiers, funds, breakers and governance. */
import { BREAKER, POSTURE } from "@bulkhead/engine";
import { z } from "zod";
import { COMMAND } from "../commands.ts";
import { NAMES } from "../instruments.ts";
import {
  MARKET_STATUSES,
  account,
  asset,
  choiceOf,
  decimal,
  duration,
  facts,
  hex32,
  sequence,
  shard,
  side,
  symbol,
  tier,
  time,
} from "./values.ts";

export const CLOCK = z
  .object({ time: time.meta({ description: "The node's clock, by which nonces are judged" }), sequence })
  .meta({ id: "Clock" });

export const VENUE = z
  .object({
    name: z.string(),
    demo: z.boolean().meta({ description: "Whether all of it is play money" }),
    names: NAMES,
    signing: z
      .object({ name: z.string(), version: z.string(), chainId: z.int(), salt: hex32 })
      .meta({ description: "EIP-712 domain of all signatures; the salt is the genesis of the venue's log" }),
    accounts: z.int(),
    publicLog: z.boolean().meta({ description: "Whether the log of commands can be read" }),
    playMoney: z
      .object({
        asset,
        amount: decimal.meta({ description: "That is given at a time" }),
        perDay: decimal.meta({ description: "That an account can have within a day (UTC)" }),
      })
      .nullable()
      .meta({ description: "What a demo gives away" }),
    sequence,
    time,
  })
  .meta({ id: "Venue" });

export const CONTRACT_NAMES = ["perpetual", "future"] as const;

export const MARKET = z
  .object({
    symbol,
    tier,
    market: z.int(),
    base: z.string(),
    quote: z.string(),
    tickSize: decimal,
    lotSize: decimal,
    contract: z.enum(CONTRACT_NAMES),
    expiry: time.nullable(),
    status: choiceOf(MARKET_STATUSES),
    mark: decimal.nullable(),
    index: decimal.nullable(),
    bestBid: decimal.nullable(),
    bestAsk: decimal.nullable(),
    openInterest: decimal,
    openInterestLimit: decimal,
    breaker: choiceOf(BREAKER),
    forbids: z.array(z.string()).meta({ description: "What the quality of its price forbids now" }),
    parameters: facts.meta({ description: "Every parameter in force, in the engine's units" }),
    sequence,
  })
  .meta({ id: "Market" });

export const LEVEL = z.tuple([decimal, decimal]).readonly().meta({ description: "Price and amount" });

export const BOOK = z
  .object({
    symbol,
    bids: z.array(LEVEL).meta({ description: "Best first" }),
    asks: z.array(LEVEL),
    checksum: z.int().meta({ description: "CRC-32 of the ten best levels of each side" }),
    sequence,
    time,
  })
  .meta({ id: "Book" });

export const TRADE = z
  .object({
    id: z.string().meta({
      description:
        "Sequence and place of the event that tells of it: the same in the stream and in histories",
    }),
    symbol,
    side: side.meta({ description: "The taker's" }),
    price: decimal,
    amount: decimal,
    cost: decimal,
    kind: z.enum(["trade", "liquidation", "auction"]),
    time,
    sequence,
  })
  .meta({ id: "Trade" });

export const INTERVALS = {
  "1m": 60_000,
  "5m": 300_000,
  "15m": 900_000,
  "1h": 3_600_000,
  "4h": 14_400_000,
  "1d": 86_400_000,
} as const;
export type Interval = keyof typeof INTERVALS;

export const CANDLE = z
  .object({
    start: time,
    open: decimal,
    high: decimal,
    low: decimal,
    close: decimal,
    volume: decimal.meta({ description: "In base currency" }),
    quoteVolume: decimal,
    trades: z.int(),
  })
  .meta({ id: "Candle" });

export const FUNDING = z
  .object({
    symbol,
    rate: decimal.meta({ description: "Of the mark, per accrual; above 0 longs pay" }),
    premium: decimal.nullable().meta({ description: "That it was measured from; null = it was named" }),
    time,
    sequence,
  })
  .meta({ id: "Funding" });

export const TIER = z
  .object({
    tier,
    name: z.string(),
    markets: z.array(symbol),
    buckets: z.int(),
    distressed: z.int().meta({ description: "Buckets in the distress queue" }),
    firstTranche: decimal,
    insurance: decimal,
    fees: decimal,
    posture: choiceOf(POSTURE),
    parameters: facts.meta({ description: "The tier's own, in the engine's units" }),
    sequence,
  })
  .meta({ id: "Tier" });

/** Layers of the waterfall, in the order in which they bear a loss. */
export const LAYER_NAMES = {
  firstTranche: 1,
  insurance: 2,
  cover: 3,
  secondTranche: 4,
  mutual: 5,
  winners: 6,
} as const;

const LAYER_BALANCE = z.object({ layer: choiceOf(LAYER_NAMES), balance: decimal });

export const LAYERS = z.array(LAYER_BALANCE).meta({ description: "In the order in which they bear a loss" });

export const FUND_NAMES = { insurance: 2, mutual: 5, backstop: 7 } as const;

const FUND = z.object({
  fund: choiceOf(FUND_NAMES),
  tier: shard,
  balance: decimal.meta({ description: "What it holds; of a backstop, what it is worth at least" }),
  worth: decimal.meta({ description: "At most: for which shares are bought" }),
  shares: z.int(),
  cooldown: duration,
  window: duration,
  minimum: decimal,
  target: decimal.nullable(),
  lent: decimal,
  owed: decimal,
});

export const FUNDS = z
  .object({
    tier,
    layers: LAYERS,
    funds: z.array(FUND),
    sequence,
  })
  .meta({ id: "Funds" });

export const BREAKER_STATE = z
  .object({
    symbol,
    level: choiceOf(BREAKER),
    since: time.nullable(),
    signal: z.string().nullable(),
    softScore: decimal.meta({ description: "1 = trips" }),
    hardScore: decimal,
    trips: z.int(),
  })
  .meta({ id: "Breaker" });

export const POSTURE_STATE = z.object({
  posture: choiceOf(POSTURE),
  since: time.nullable(),
  enabled: z.boolean(),
  rule: z.int().meta({ description: "That is the reason, 0 = calm" }),
});

export const BREAKERS = z
  .object({
    tier,
    posture: POSTURE_STATE,
    markets: z.array(BREAKER_STATE),
    sequence,
  })
  .meta({ id: "Breakers" });

export const PROPOSAL_STATUS = z.enum(["pending", "contested", "cancelled", "lapsed", "executed"]);

export const PROPOSAL = z
  .object({
    tier: shard,
    proposal: z.int().meta({ description: "The member who made it" }),
    nonce: z.int(),
    command: COMMAND.nullable().meta({ description: "As it would be carried out" }),
    content: z.int().meta({ description: "Digest that an approval names" }),
    parameters: z.int().nullable().meta({
      description: "Digest of the parameters in force, which an approval names; while it is pending",
    }),
    approvals: z.int(),
    needed: z.int().nullable(),
    status: PROPOSAL_STATUS,
    eta: time.meta({ description: "From when it can be executed" }),
    lapse: time.meta({ description: "Until when" }),
    change: z
      .object({
        parameter: z.string(),
        before: z.number(),
        after: z.number(),
        direction: z.string(),
      })
      .nullable(),
    createdAt: time,
    sequence,
  })
  .meta({ id: "Proposal" });

export const LIQUIDATION = z
  .object({
    id: z.string(),
    symbol,
    account,
    bucket: z.int(),
    side: side.meta({ description: "In which the position was closed" }),
    amount: decimal,
    how: z.enum(["book", "backstop", "tear-up", "keepers", "auction"]),
    price: decimal,
    penalty: decimal,
    time,
    sequence,
  })
  .meta({ id: "Liquidation" });

export type LayerBalance = z.infer<typeof LAYER_BALANCE>;
export type BreakerState = z.infer<typeof BREAKER_STATE>;
export type PostureState = z.infer<typeof POSTURE_STATE>;
export type Venue = z.infer<typeof VENUE>;
export type Market = z.infer<typeof MARKET>;
export type Book = z.infer<typeof BOOK>;
export type Trade = z.infer<typeof TRADE>;
export type Candle = z.infer<typeof CANDLE>;
export type Tier = z.infer<typeof TIER>;
export type Funds = z.infer<typeof FUNDS>;
export type Breakers = z.infer<typeof BREAKERS>;
export type Proposal = z.infer<typeof PROPOSAL>;
export type Liquidation = z.infer<typeof LIQUIDATION>;
