/**
 * The tables of the read models, in one place: what PostgreSQL 15 and PGlite both understand. What they mean is told in docs/spec/views.md.
 *
 * Every quantity is an integer in the engine's own units, and fits a bigint; sums that do not are numeric. Rows of a story (fills, ledger …)
 * are known by the sequence of their command and a number within it, and never change; the others are the state after `progress.sequence`.
 */
import { bigint, index, numeric, pgSchema, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";

const int = (name = "") => bigint(name, { mode: "number" }).notNull();
const word = () => text().notNull();
const sum = (name = "") => numeric(name).notNull();

/** Everything the views keep lies in a schema of its own, which is theirs to drop. */
export const SCHEMA = "bulkhead";
const views = pgSchema(SCHEMA);

/** What every row of a story begins with. */
const moment = () => ({ sequence: int(), ordinal: int(), time: int() });
/** Trades and fills are called by the event that tells of them: its place among its command's, from 1. */
const exchange = () => ({ ...moment(), event: int() });

/** How far the views are; one row. Written in the same transaction as everything else. */
export const progress = views.table("progress", {
  id: int().primaryKey(),
  /** Of the tables; others are dropped and made anew. */
  format: int(),
  /** Of the log, in hexadecimal. */
  genesis: word(),
  sequence: int(),
  /** Of the last command, ms. */
  time: int(),
});

// ------------------------------------------------------------------------------------------------------------------- state

export const assets = views.table("assets", { asset: int().primaryKey(), scale: int() });

export const tiers = views.table("tiers", {
  tier: int().primaryKey(),
  listedAt: int("listed_at"),
  /** The backstop's bucket, 0 = none. */
  backstop: int(),
});

export const markets = views.table(
  "markets",
  {
    tier: int(),
    market: int(),
    contract: int(),
    expiry: int(),
    /** Micro-dollars per tick and lot. */
    notional: int(),
    listedAt: int("listed_at"),
    /** What losers have paid in and winners are still to get; the house's fees less those it has got. */
    pool: int(),
    feeCost: int("fee_cost"),
  },
  (table) => [primaryKey({ columns: [table.tier, table.market] })],
);

export const accounts = views.table("accounts", {
  account: int().primaryKey(),
  sequence: int(),
  openedAt: int("opened_at"),
});

export const balances = views.table("balances", { account: int(), asset: int(), amount: int() }, (table) => [
  primaryKey({ columns: [table.account, table.asset] }),
]);

export const buckets = views.table(
  "buckets",
  {
    tier: int(),
    bucket: int(),
    account: int(),
    /** 0 = cross, else the isolated market. */
    mode: int(),
    /** Micro-dollars. */
    cash: int(),
  },
  (table) => [
    primaryKey({ columns: [table.tier, table.bucket] }),
    index("buckets_by_account").on(table.account),
  ],
);

export const holdings = views.table(
  "holdings",
  { tier: int(), bucket: int(), asset: int(), amount: int() },
  (table) => [primaryKey({ columns: [table.tier, table.bucket, table.asset] })],
);

export const positions = views.table(
  "positions",
  {
    tier: int(),
    bucket: int(),
    market: int(),
    account: int(),
    lots: int(),
    /** Micro-dollars, with what is not paid yet of profits and losses. */
    cost: int(),
  },
  (table) => [
    primaryKey({ columns: [table.tier, table.bucket, table.market] }),
    index("positions_by_account").on(table.account),
  ],
);

export const orders = views.table(
  "orders",
  {
    /** Of the command that placed it: an order's name in the views, whether or not it ever rested. */
    sequence: int().primaryKey(),
    time: int(),
    tier: int(),
    market: int(),
    account: int(),
    bucket: int(),
    /** The engine's id; 0 = it never rested. */
    order: int("order_id"),
    clientId: int("client_id"),
    side: int(),
    type: int(),
    timeInForce: int("time_in_force"),
    flags: int(),
    selfTrade: int("self_trade"),
    /** Ticks; 0 = a market order that named none. */
    price: int(),
    trigger: int("trigger_price"),
    expiry: int(),
    lots: int(),
    open: int("open_lots"),
    filled: int("filled_lots"),
    /** Σ price × lots of its fills: divided by `filled_lots` the average price in ticks. */
    value: sum(),
    /** Micro-dollars. */
    fees: int(),
    /** open, waiting, filled, cancelled. */
    status: word(),
    /** The engine's reason, 0 = none. */
    reason: int(),
    triggeredAt: int("triggered_at"),
    updatedSequence: int("updated_sequence"),
    updatedAt: int("updated_at"),
  },
  (table) => [
    index("orders_by_account").on(table.account, table.sequence),
    index("orders_by_status").on(table.status, table.account, table.sequence),
    index("orders_by_id").on(table.tier, table.order),
  ],
);

export const withdrawals = views.table(
  "withdrawals",
  {
    withdrawal: int().primaryKey(),
    sequence: int(),
    time: int(),
    account: int(),
    asset: int(),
    amount: int(),
    /** Of the amount: waiting in the queue, released and not paid, paid, given back, cancelled. */
    queued: int(),
    released: int(),
    paid: int(),
    returned: int(),
    cancelled: int(),
    /** In the queue when it was requested, from 1; 0 = it never waited. */
    placeAtFirst: int("place_at_first"),
    updatedAt: int("updated_at"),
  },
  (table) => [
    index("withdrawals_by_account").on(table.account, table.sequence),
    index("withdrawals_by_sequence").on(table.sequence),
  ],
);

export const proposals = views.table(
  "proposals",
  {
    sequence: int().primaryKey(),
    time: int(),
    tier: int(),
    proposal: int(),
    nonce: int(),
    member: int(),
    /** Code of the proposed command, and the words of its fields without the tier, a JSON array. */
    command: int(),
    payload: word(),
    content: int(),
    eta: int(),
    lapse: int(),
    approvals: int(),
    /** pending, contested, cancelled, lapsed, executed. */
    status: word(),
    /** What its execution returned: the id of what was listed, the previous value … */
    result: int(),
    updatedAt: int("updated_at"),
  },
  (table) => [uniqueIndex("proposals_by_id").on(table.tier, table.proposal, table.nonce)],
);

/** What a layer of the waterfall holds. Tier 0: the second tranche and the mutual fund. */
export const layers = views.table("layers", { tier: int(), layer: int(), balance: int() }, (table) => [
  primaryKey({ columns: [table.tier, table.layer] }),
]);

// ------------------------------------------------------------------------------------------------------------------- story

export const trades = views.table(
  "trades",
  {
    ...exchange(),
    tier: int(),
    market: int(),
    price: int(),
    lots: int(),
    /** The taker's. */
    side: int(),
    /** trade, liquidation, auction. */
    kind: word(),
  },
  (table) => [
    primaryKey({ columns: [table.sequence, table.ordinal] }),
    index("trades_by_market").on(table.tier, table.market, table.sequence, table.ordinal),
  ],
);

/** One row for each side of whatever changes a position's lots. */
export const fills = views.table(
  "fills",
  {
    ...exchange(),
    tier: int(),
    market: int(),
    account: int(),
    bucket: int(),
    /** The sequence that placed its order and the engine's id; 0 = there was no order. */
    orderSequence: int("order_sequence"),
    order: int("order_id"),
    /** maker, taker. */
    role: word(),
    /** trade, liquidation, auction, backstop, keeper, tear-up, settlement. */
    kind: word(),
    side: int(),
    price: int(),
    lots: int(),
    /** Micro-dollars; a fee below 0 is a rebate. */
    fee: int(),
    realised: int(),
    /** Lots of the position afterwards. */
    position: int(),
  },
  (table) => [
    primaryKey({ columns: [table.sequence, table.ordinal] }),
    index("fills_by_account").on(table.account, table.sequence, table.ordinal),
    index("fills_by_order").on(table.orderSequence),
  ],
);

export const candles = views.table(
  "candles",
  {
    tier: int(),
    market: int(),
    /** Length, ms. */
    interval: int(),
    /** Beginning, ms. */
    start: int(),
    open: int(),
    high: int(),
    low: int(),
    close: int(),
    /** In lots, and in micro-dollars. */
    volume: sum(),
    quoteVolume: sum("quote_volume"),
    trades: int(),
  },
  (table) => [primaryKey({ columns: [table.tier, table.market, table.interval, table.start] })],
);

export const ledger = views.table(
  "ledger",
  {
    ...moment(),
    account: int(),
    /** Where the balance lies: tier 0 and bucket 0 = in the vault. */
    tier: int(),
    bucket: int(),
    asset: int(),
    kind: word(),
    /** What the balance changed by, and what it was then. */
    amount: int(),
    balance: int(),
    /** 0 = of none. */
    market: int(),
  },
  (table) => [
    primaryKey({ columns: [table.sequence, table.ordinal] }),
    index("ledger_by_account").on(table.account, table.sequence, table.ordinal),
  ],
);

export const fundingRates = views.table(
  "funding_rates",
  {
    ...moment(),
    tier: int(),
    market: int(),
    /** Ppb of the mark per accrual, named or measured; the premium and its samples are 0 where it was named. */
    rate: int(),
    premium: int(),
    samples: int(),
    /** 1e-12 USD per lot, since the market began. */
    index: int("funding_index"),
  },
  (table) => [
    primaryKey({ columns: [table.sequence, table.ordinal] }),
    index("funding_rates_by_market").on(table.tier, table.market, table.sequence),
  ],
);

export const fundingPayments = views.table(
  "funding_payments",
  {
    ...moment(),
    tier: int(),
    market: int(),
    account: int(),
    bucket: int(),
    /** Micro-dollars, above 0 = received. */
    amount: int(),
    /** Lots it was paid on. */
    lots: int(),
    index: int("funding_index"),
  },
  (table) => [
    primaryKey({ columns: [table.sequence, table.ordinal] }),
    index("funding_payments_by_account").on(table.account, table.sequence, table.ordinal),
  ],
);

/** Buckets that enter and leave liquidation. */
export const distresses = views.table(
  "distresses",
  {
    ...moment(),
    tier: int(),
    bucket: int(),
    account: int(),
    /** started, recovered, closed, defaulted. */
    phase: word(),
    /** Maintenance margin is 0 where it is not told. */
    equity: int(),
    maintenance: int(),
  },
  (table) => [
    primaryKey({ columns: [table.sequence, table.ordinal] }),
    index("distresses_by_account").on(table.account, table.sequence, table.ordinal),
  ],
);

/** Lots of positions in distress that were closed. */
export const liquidations = views.table(
  "liquidations",
  {
    ...moment(),
    tier: int(),
    market: int(),
    account: int(),
    bucket: int(),
    /** Signed like the position. */
    lots: int(),
    /** book, backstop, tear-up, keepers, auction. */
    how: word(),
    price: int(),
    penalty: int(),
  },
  (table) => [
    primaryKey({ columns: [table.sequence, table.ordinal] }),
    index("liquidations_by_market").on(table.tier, table.market, table.sequence, table.ordinal),
    index("liquidations_by_account").on(table.account, table.sequence, table.ordinal),
  ],
);

/** What layers bore of defaults, and got back: then the amount is below 0. */
export const losses = views.table(
  "losses",
  {
    ...moment(),
    tier: int(),
    default: int("default_id"),
    layer: int(),
    /** Who defaulted; 0 where a layer got something back. */
    bucket: int(),
    account: int(),
    amount: int(),
    /** What was left of the deficit, or what the layer is still short of. */
    remaining: int(),
  },
  (table) => [
    primaryKey({ columns: [table.sequence, table.ordinal] }),
    index("losses_by_default").on(table.tier, table.default),
  ],
);

/** Profit given up for a default, and got back: then the amount is below 0. Bucket 0 is the house. */
export const haircuts = views.table(
  "haircuts",
  { ...moment(), tier: int(), default: int("default_id"), bucket: int(), account: int(), amount: int() },
  (table) => [
    primaryKey({ columns: [table.sequence, table.ordinal] }),
    index("haircuts_by_account").on(table.account, table.sequence, table.ordinal),
  ],
);

/** What moved a layer of the waterfall or a fund, and what it held then. Layer 7 is the backstop. */
export const funds = views.table(
  "funds",
  {
    ...moment(),
    tier: int(),
    layer: int(),
    cause: word(),
    /** Who paid or got it; 0 = nobody in particular. */
    account: int(),
    amount: int(),
    balance: int(),
  },
  (table) => [
    primaryKey({ columns: [table.sequence, table.ordinal] }),
    index("funds_by_layer").on(table.tier, table.layer, table.sequence, table.ordinal),
    index("funds_by_time").on(table.tier, table.time),
  ],
);

export const breakerMoves = views.table(
  "breaker_moves",
  {
    ...moment(),
    tier: int(),
    market: int(),
    from: int("from_level"),
    to: int("to_level"),
    signal: int(),
    score: int(),
    lossAvoided: int("loss_avoided"),
    cost: int(),
  },
  (table) => [
    primaryKey({ columns: [table.sequence, table.ordinal] }),
    index("breaker_moves_by_market").on(table.tier, table.market, table.sequence, table.ordinal),
  ],
);

export const postureMoves = views.table(
  "posture_moves",
  {
    ...moment(),
    tier: int(),
    from: int("from_posture"),
    to: int("to_posture"),
    rule: int(),
    seen: int(),
    bound: int(),
  },
  (table) => [
    primaryKey({ columns: [table.sequence, table.ordinal] }),
    index("posture_moves_by_tier").on(table.tier, table.sequence),
  ],
);

export const quarantines = views.table(
  "quarantines",
  { ...moment(), tier: int(), market: int(), invariant: int() },
  (table) => [primaryKey({ columns: [table.sequence, table.ordinal] })],
);

export const parameterChanges = views.table(
  "parameter_changes",
  {
    ...moment(),
    tier: int(),
    /** Or the asset, for terms of collateral; 0 = the tier's. */
    market: int(),
    parameter: int(),
    previous: int(),
    value: int(),
    /** set-up, proposal, steward, breaker, lapse. */
    cause: word(),
    /** When it lapses, 0 = never. */
    until: int("until_time"),
  },
  (table) => [
    primaryKey({ columns: [table.sequence, table.ordinal] }),
    index("parameter_changes_by_tier").on(table.tier, table.sequence, table.ordinal),
  ],
);

/** What is notable of all that, one row for each matter. */
export const timeline = views.table(
  "timeline",
  {
    ...moment(),
    tier: int(),
    /** Or the asset, for terms of collateral; 0 = of none. */
    market: int(),
    /** breaker, posture, layer, haircut, tear-up, quarantine, proposal, parameter. */
    kind: word(),
    /** Numbers and words by name, a JSON object. */
    facts: word(),
  },
  (table) => [
    primaryKey({ columns: [table.sequence, table.ordinal] }),
    index("timeline_by_tier").on(table.tier, table.sequence, table.ordinal),
    index("timeline_by_kind").on(table.kind, table.sequence, table.ordinal),
  ],
);

/** How often a command was refused for a reason, by UTC day. */
export const refusals = views.table(
  "refusals",
  { day: int(), command: int(), code: int(), count: int() },
  (table) => [primaryKey({ columns: [table.day, table.command, table.code] })],
);

/** Rows that are the state: written whole whenever they have changed. */
export const STATE = {
  assets,
  tiers,
  markets,
  accounts,
  balances,
  buckets,
  holdings,
  positions,
  orders,
  withdrawals,
  proposals,
  layers,
} as const;

/** Rows that tell what happened: added, never changed. */
export const STORY = {
  trades,
  fills,
  ledger,
  fundingRates,
  fundingPayments,
  distresses,
  liquidations,
  losses,
  haircuts,
  funds,
  breakerMoves,
  postureMoves,
  quarantines,
  parameterChanges,
  timeline,
} as const;

/** Rows that count: what is new is added to what is there. */
export const TALLIES = { candles, refusals } as const;

export const TABLES = { progress, ...STATE, ...STORY, ...TALLIES } as const;

export type StateName = keyof typeof STATE;
export type StoryName = keyof typeof STORY;
export type TableName = keyof typeof TABLES;
export type RowOf<Name extends TableName> = (typeof TABLES)[Name]["$inferSelect"];

/** Raised whenever rows would be made otherwise than before: views of another format are made anew. */
export const FORMAT = 3;
