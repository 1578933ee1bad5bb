/** An order as it is being written: which fields its type has, and what stands in them as the node reads it. */
import { type Instrument, type OrderRequest, clientIdOf, lotsOf, textOf, ticksOf } from "@bulkhead/protocol";

export type OrderType = OrderRequest["type"];
export type TimeInForce = NonNullable<OrderRequest["timeInForce"]>;
export type SelfTrade = NonNullable<OrderRequest["selfTradePrevention"]>;
export type MarginMode = NonNullable<OrderRequest["marginMode"]>;

/** All as it was typed. What a type does not have is kept, for the case that another one is chosen, and not sent. */
export interface Draft {
  readonly side: "buy" | "sell";
  readonly type: OrderType;
  readonly amount: string;
  /** Limit; of a market order the worst price it takes. */
  readonly price: string;
  readonly triggerPrice: string;
  readonly timeInForce: TimeInForce;
  /** Of GTD, UTC, as `datetime-local` has it: "2026-11-22T14:00". */
  readonly expiresAt: string;
  readonly postOnly: boolean;
  readonly reduceOnly: boolean;
  readonly selfTrade: SelfTrade;
  readonly marginMode: MarginMode;
  readonly clientOrderId: string;
}

export type DraftField = "amount" | "price" | "triggerPrice" | "expiresAt" | "clientOrderId";

export const EMPTY_DRAFT: Draft = {
  side: "buy",
  type: "limit",
  amount: "",
  price: "",
  triggerPrice: "",
  timeInForce: "GTC",
  expiresAt: "",
  postOnly: false,
  reduceOnly: false,
  selfTrade: "cancelNewest",
  marginMode: "cross",
  clientOrderId: "",
};

export const TYPE_TEXTS: Readonly<Record<OrderType, string>> = {
  limit: "Limit",
  market: "Market",
  stop: "Stop market",
  stop_limit: "Stop limit",
  take_profit: "Take profit market",
  take_profit_limit: "Take profit limit",
};

export const TIME_TEXTS: Readonly<Record<TimeInForce, string>> = {
  GTC: "GTC · until cancelled",
  GTD: "GTD · until a time",
  IOC: "IOC · at once, or not",
  FOK: "FOK · whole at once, or not",
};

export const SELF_TRADE_TEXTS: Readonly<Record<SelfTrade, string>> = {
  cancelNewest: "Cancel the newest",
  cancelOldest: "Cancel the oldest",
  cancelBoth: "Cancel both",
  decrement: "Shrink the larger",
};

/** What a type of order has. */
export interface Fields {
  /** `limit`: needed; `protection`: the worst price that a market order takes, if one is named. */
  readonly price: "limit" | "protection";
  readonly hasTrigger: boolean;
  readonly times: readonly TimeInForce[];
  readonly canPost: boolean;
}

const RESTING: readonly TimeInForce[] = ["GTC", "GTD", "IOC", "FOK"];
const AT_ONCE: readonly TimeInForce[] = ["IOC", "FOK"];

export function fieldsOf({ type, timeInForce }: Pick<Draft, "type" | "timeInForce">): Fields {
  const isLimit = type === "limit" || type.endsWith("_limit");
  return {
    price: isLimit ? "limit" : "protection",
    hasTrigger: type !== "limit" && type !== "market",
    times: isLimit ? RESTING : AT_ONCE,
    canPost: isLimit && (timeInForce === "GTC" || timeInForce === "GTD"),
  };
}

/** The time in force that is meant: that of the draft, or the first that its type has. */
export function timeOf(draft: Draft): TimeInForce {
  const { times } = fieldsOf(draft);
  return times.includes(draft.timeInForce) ? draft.timeInForce : (times[0] ?? "GTC");
}

export interface Read {
  /** What would be sent; undefined while something is missing or wrong. */
  readonly request: OrderRequest | undefined;
  /** What is wrong, field by field. What was not filled in yet is missing, not wrong. */
  readonly faults: Readonly<Partial<Record<DraftField, string>>>;
}

/** Reads a draft as the node would. */
export function read(draft: Draft, instrument: Instrument, account: number): Read {
  const faults: Partial<Record<DraftField, string>> = {};
  let isWhole = true;
  const field = (name: DraftField, isNeeded: boolean, check: (text: string) => void): string | undefined => {
    const text = plain(draft[name]);
    if (text === "") {
      if (isNeeded) isWhole = false;
      return undefined;
    }
    try {
      check(text);
      return text;
    } catch (error) {
      faults[name] = faultText(error);
      return undefined;
    }
  };
  const fields = fieldsOf(draft);
  const timeInForce = timeOf(draft);
  const amount = field("amount", true, (text) => lotsOf(instrument, text, ""));
  const price = field("price", fields.price === "limit", (text) => ticksOf(instrument, text, ""));
  const triggerPrice = fields.hasTrigger
    ? field("triggerPrice", true, (text) => ticksOf(instrument, text, ""))
    : undefined;
  const clientOrderId = field("clientOrderId", false, (text) => clientIdOf(text, ""));
  const expires =
    timeInForce === "GTD"
      ? field("expiresAt", true, (text) => {
          if (Number.isNaN(Date.parse(`${text}Z`))) throw new Error("no time");
        })
      : undefined;
  if (!isWhole || Object.keys(faults).length > 0 || amount === undefined)
    return { request: undefined, faults };
  return {
    faults,
    request: {
      account,
      symbol: instrument.symbol,
      side: draft.side,
      type: draft.type,
      amount,
      timeInForce,
      selfTradePrevention: draft.selfTrade,
      marginMode: draft.marginMode,
      ...(price !== undefined && { price }),
      ...(triggerPrice !== undefined && { triggerPrice }),
      ...(expires !== undefined && { expiresAt: Date.parse(`${expires}Z`) }),
      ...(fields.canPost && draft.postOnly && { postOnly: true }),
      ...(draft.reduceOnly && { reduceOnly: true }),
      ...(clientOrderId !== undefined && { clientOrderId }),
    },
  };
}

/** A number as people type it, plain: "64,000.50" → "64000.50", ".5" → "0.5", "5." → "5". What is no number stays as it is, and is told as wrong. */
export function plain(typed: string): string {
  const text = typed.trim().replaceAll(/[\s_]/g, "");
  const ungrouped = /^\d{1,3}(?:,\d{3})+(?:\.\d*)?$/.test(text) ? text.replaceAll(",", "") : text;
  const [, whole = "", rest = ""] = /^(\d*)(?:\.(\d*))?$/.exec(ungrouped) ?? [];
  if (whole === "" && rest === "") return ungrouped;
  return `${whole.replace(/^0+(?=\d)/, "") || "0"}${rest === "" ? "" : `.${rest}`}`;
}

/** A part of an amount, in whole lots, rounded down. @param percent - 0 to 100 */
export function partOf({ lot }: Instrument, lots: number, percent: number): string {
  return textOf(Number((BigInt(lots) * BigInt(percent)) / 100n), lot);
}

/** "price: no multiple of the tick 0.5; found 64000.3" → "no multiple of the tick 0.5": where and what stands beside it anyway. */
export function faultText(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/^[\w.]*: ?/, "").replace(/; found .*$/, "");
}
