/** What the JSON of traders is made of: symbols, exact decimals, times. Ids are opaque strings, but for accounts, tiers and sessions, which are numbers. */
import { ORDER_TYPE, REASON, SELF_TRADE, SIDE, STATUS, TIME_IN_FORCE } from "@bulkhead/engine";
import { z } from "zod";
import { DECIMAL } from "../decimal.ts";

/** The engine's choices by the names traders know. */
export const SIDES = { buy: SIDE.buy, sell: SIDE.sell } as const;
export const ORDER_TYPES = {
  limit: ORDER_TYPE.limit,
  market: ORDER_TYPE.market,
  stop_limit: ORDER_TYPE.stopLimit,
  stop: ORDER_TYPE.stopMarket,
  take_profit_limit: ORDER_TYPE.takeProfitLimit,
  take_profit: ORDER_TYPE.takeProfitMarket,
} as const;
export const TIMES_IN_FORCE = {
  GTC: TIME_IN_FORCE.goodTillCancelled,
  GTD: TIME_IN_FORCE.goodTillDate,
  IOC: TIME_IN_FORCE.immediateOrCancel,
  FOK: TIME_IN_FORCE.fillOrKill,
} as const;
export const SELF_TRADES = SELF_TRADE;
export const REASONS = REASON;
export const MARKET_STATUSES = STATUS;

/** The name of a choice by its number; undefined if it has none. */
export function nameOf<Name extends string>(
  choices: Readonly<Record<Name, number>>,
  value: number,
): Name | undefined {
  return (Object.keys(choices) as Name[]).find((name) => choices[name] === value);
}

/** An enumeration of the names of choices. */
export function choiceOf<Name extends string>(
  choices: Readonly<Record<Name, unknown>>,
): z.ZodEnum<{ [N in Name]: N }> {
  return z.enum(Object.keys(choices) as [Name, ...Name[]]);
}

const described = <Schema extends z.ZodType>(schema: Schema, description: string): Schema =>
  schema.meta({ description });

export const symbol = described(z.string().min(1).max(32), "Symbol of a market, such as BTC-PERP");
export const asset = described(z.string().min(1).max(32), "Symbol of an asset, such as USD");
export const decimal = described(z.string().regex(DECIMAL), 'Exact decimal, such as "12.50"');
export const time = described(z.int().min(0), "ms since the epoch");
export const duration = described(z.int().min(0), "ms");
export const sequence = described(z.int().min(0), "Number of a command; the answer is true after it");
export const account = described(z.int().min(1), "Account");
export const tier = described(z.int().min(1), "Tier");
export const shard = described(z.int().min(0), "Tier, 0 = the vault");
export const bucket = described(z.int().min(1), "Bucket of an account in its tier");
export const facts = described(z.record(z.string(), z.number()), "Numbers by name, in the engine's units");

export const orderId = described(
  z.string().regex(/^\d{1,2}-[cs]?\d{1,16}$/, "an order's id, such as 1-4711, is required"),
  "Order: tier-order; tier-c and a clientOrderId names it too; tier-s and a sequence, one that was done at once",
);
export const clientOrderId = described(
  z.string().regex(/^[1-9]\d{0,15}$/, "an integer above 0 is required"),
  "Chosen by the client: an integer from 1 to 9007199254740991, unique among the account's open orders in the tier",
);
export const side = choiceOf(SIDES);
export const marginMode = described(
  z.enum(["cross", "isolated"]),
  "Which of the account's buckets margins it",
);
export const hex32 = z.string().regex(/^0x[0-9a-f]{64}$/);
export const address = described(z.string().regex(/^0x[0-9a-fA-F]{40}$/), "Address of a wallet");
export const publicKey = described(
  z.string().regex(/^0x0[23][0-9a-f]{64}$/),
  "Compressed public key over secp256k1",
);
export const signature = described(
  z.string().regex(/^0x(?:[0-9a-f]{2}){64,65}$/i),
  "r, s, and v of a wallet",
);
export const nonce = described(z.int().min(0), "ms since the epoch, above the signer's last");

/** Which part of a list: newest first. */
export const PAGE = {
  limit: z.coerce.number<number>().int().min(1).max(1_000).default(100).meta({ description: "Rows at most" }),
  cursor: z.string().max(256).optional().meta({ description: "`next` of the page before" }),
};

/** A page of a list. */
export function paged<Item extends z.ZodType>(
  item: Item,
): z.ZodObject<{ items: z.ZodArray<Item>; next: z.ZodNullable<z.ZodString> }> {
  return z.object({
    items: z.array(item),
    next: z.string().nullable().meta({ description: "Cursor of the page behind it, null at the end" }),
  });
}
