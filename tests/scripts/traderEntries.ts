/** Entries of traders: `alice buys 5 BTC @ 100 post`, `alice amends 7 to 3 @ 101`, `alice cancels 7`. */
import { ORDER_FLAG, ORDER_TYPE, SELF_TRADE, SIDE, TIME_IN_FORCE } from "@bulkhead/engine";
import { type Instruction, LIMIT_ORDER } from "../engine/venue.ts";
import type { Entry, Names } from "./entry.ts";

type Reader = (entry: Entry, names: Names, bucket: number) => Instruction;

export const TRADER_ENTRIES: Readonly<Record<string, Reader>> = {
  buys: (entry, names, bucket) => orderOf(entry, names, bucket, SIDE.buy),
  sells: (entry, names, bucket) => orderOf(entry, names, bucket, SIDE.sell),

  amends: ({ subject, words: [id = "", , lots, , price] }, names) => ({
    kind: "amendOrder",
    tier: 1,
    account: names.account(subject),
    order: names.orders.get(`${subject}:${id}`) ?? Number(id),
    lots: Number(lots),
    price: Number(price),
  }),

  cancels: ({ subject, words: [id] }, names, bucket) => {
    const owner = { tier: 1, account: names.account(subject) };
    return id === "all"
      ? { kind: "cancelAll", ...owner, bucket, market: 0 }
      : { kind: "cancelOrder", ...owner, order: 0, clientId: Number(id) };
  },
};

/** A limit order `@ price`, or a market order `at market`; conditional with `stop=` or `profit=`. */
function orderOf(
  { subject, words, options }: Entry,
  names: Names,
  bucket: number,
  side: number,
): Instruction {
  const [lots, market, at, price] = words;
  const isMarket = at === "at";
  const { stop, profit, gtd, id } = options;
  return {
    ...LIMIT_ORDER,
    account: names.account(subject),
    bucket,
    market: names.market(market),
    side,
    type: typeOf(stop, profit) + (isMarket ? ORDER_TYPE.market : ORDER_TYPE.limit),
    timeInForce: timeInForceOf(words, gtd, isMarket),
    price: isMarket ? 0 : Number(price),
    lots: Number(lots),
    trigger: Number(stop ?? profit ?? 0),
    expiry: Number(gtd ?? 0),
    clientId: Number(id ?? 0),
    flags:
      (words.includes("post") ? ORDER_FLAG.postOnly : 0) +
      (words.includes("reduce") ? ORDER_FLAG.reduceOnly : 0),
    selfTrade: selfTradeOf(words),
  };
}

function typeOf(stop: string | undefined, profit: string | undefined): number {
  if (stop !== undefined) return ORDER_TYPE.stopLimit;
  return profit === undefined ? ORDER_TYPE.limit : ORDER_TYPE.takeProfitLimit;
}

function timeInForceOf(words: readonly string[], gtd: string | undefined, isMarket: boolean): number {
  if (gtd !== undefined) return TIME_IN_FORCE.goodTillDate;
  if (words.includes("fok")) return TIME_IN_FORCE.fillOrKill;
  return isMarket || words.includes("ioc")
    ? TIME_IN_FORCE.immediateOrCancel
    : TIME_IN_FORCE.goodTillCancelled;
}

/** What gives way when the order meets one of its own account. */
const SELF_TRADES = {
  newest: SELF_TRADE.cancelNewest,
  oldest: SELF_TRADE.cancelOldest,
  both: SELF_TRADE.cancelBoth,
  decrement: SELF_TRADE.decrement,
} as const;

function selfTradeOf(words: readonly string[]): number {
  return Object.entries(SELF_TRADES).find(([name]) => words.includes(name))?.[1] ?? SELF_TRADE.cancelNewest;
}
