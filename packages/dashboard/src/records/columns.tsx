/** How orders and fills stand in tables. */
import type { Fill, Order } from "@bulkhead/protocol";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { Amount, Price } from "../ui/Amount.tsx";
import { Badge, type Tone } from "../ui/Badge.tsx";
import type { Column } from "../ui/Table.tsx";
import { When } from "../ui/When.tsx";
import { worded } from "../ui/text.ts";
import styles from "./records.module.css";

/** A side, by its word, its sign and its colour. */
export function Side({ side }: { readonly side: "buy" | "sell" | "long" | "short" }): ReactNode {
  const isUp = side === "buy" || side === "long";
  return (
    <span className={isUp ? styles.buy : styles.sell}>
      {isUp ? "▲" : "▼"} {side}
    </span>
  );
}

const STATUS_TONES: Readonly<Record<string, Tone>> = { open: "accent", closed: "calm", rejected: "alarm" };

interface Kind extends Pick<Order, "type" | "timeInForce"> {
  readonly postOnly?: boolean | undefined;
  readonly reduceOnly?: boolean | undefined;
}

/** What an order is, in a line: "stop limit, GTC, post only". */
export function kindOf({ type, timeInForce, postOnly, reduceOnly }: Kind): string {
  return [
    worded(type),
    timeInForce,
    ...(postOnly === true ? ["post only"] : []),
    ...(reduceOnly === true ? ["reduce only"] : []),
  ].join(", ");
}

/** What an amount of a market is counted in. */
export const base = (symbol: string): string => symbol.replace(/-.*/, "");

/** Columns that orders, open or not, fills and positions have in common. */
export const MARKET: Column<Pick<Order, "symbol">> = {
  name: "symbol",
  title: "Market",
  cell: ({ symbol }) => <Link href={`/trade/${symbol}`}>{symbol}</Link>,
  value: ({ symbol }) => symbol,
};
export const SIDE: Column<Parameters<typeof Side>[0]> = {
  name: "side",
  title: "Side",
  cell: ({ side }) => <Side side={side} />,
  value: ({ side }) => side,
};
export const KIND: Column<Kind> = { name: "kind", title: "Type", cell: kindOf, value: kindOf, isMinor: true };
export const PRICE: Column<{ readonly price: string | null }> = {
  name: "price",
  title: "Price, USD",
  align: "end",
  cell: ({ price }) => <Price value={price} />,
  value: ({ price }) => price,
};
export const TRIGGER: Column<Pick<Order, "triggerPrice">> = {
  name: "trigger",
  title: "Trigger, USD",
  align: "end",
  cell: ({ triggerPrice }) => <Price value={triggerPrice} />,
  value: ({ triggerPrice }) => triggerPrice,
  isMinor: true,
};
export const AMOUNT: Column<Pick<Order, "amount" | "symbol">> = {
  name: "amount",
  title: "Amount",
  align: "end",
  cell: ({ amount, symbol }) => <Amount value={amount} unit={base(symbol)} />,
  value: ({ amount }) => amount,
};
export const FEE: Column<{ readonly fee: string | null }> = {
  name: "fee",
  title: "Fee, USD",
  align: "end",
  hint: "Below 0: a rebate",
  cell: ({ fee }) => <Amount value={fee} unit="USD" isUnitHidden />,
  value: ({ fee }) => fee,
  isMinor: true,
};
export const ORDER_ID: Column<Pick<Order, "id">> = {
  name: "id",
  title: "Order",
  cell: ({ id }) => <code>{id}</code>,
  value: ({ id }) => id,
  isMinor: true,
};

export const ORDER_COLUMNS: readonly Column<Order>[] = [
  {
    name: "created",
    title: "Placed",
    hint: "UTC",
    cell: ({ createdAt }) => <When at={createdAt} as="clock" />,
    value: ({ createdAt }) => createdAt,
  },
  MARKET,
  SIDE,
  KIND,
  PRICE,
  TRIGGER,
  AMOUNT,
  {
    name: "filled",
    title: "Filled",
    align: "end",
    cell: ({ filled, symbol }) => <Amount value={filled} unit={base(symbol)} />,
    value: ({ filled }) => filled,
    isMinor: true,
  },
  {
    name: "average",
    title: "Average, USD",
    align: "end",
    cell: ({ average }) => <Price value={average} />,
    value: ({ average }) => average,
    isMinor: true,
  },
  FEE,
  {
    name: "status",
    title: "Status",
    cell: ({ status, waiting, reason }) => (
      <Badge tone={STATUS_TONES[status] ?? "plain"} title={reason === null ? undefined : worded(reason)}>
        {waiting ? "waits" : status}
        {reason !== null && status !== "open" && ` · ${worded(reason)}`}
      </Badge>
    ),
    value: ({ status, reason }) => `${status}${reason === null ? "" : ` ${reason}`}`,
  },
  ORDER_ID,
];

export const FILL_COLUMNS: readonly Column<Fill>[] = [
  {
    name: "time",
    title: "Time",
    hint: "UTC",
    cell: ({ time }) => <When at={time} as="clock" />,
    value: ({ time }) => time,
  },
  MARKET,
  SIDE,
  PRICE,
  AMOUNT,
  {
    name: "cost",
    title: "Cost, USD",
    align: "end",
    cell: ({ cost }) => <Amount value={cost} unit="USD" places={2} isUnitHidden />,
    value: ({ cost }) => cost,
    isMinor: true,
  },
  FEE,
  {
    name: "pnl",
    title: "Realised, USD",
    align: "end",
    hint: "Profit or loss that the fill realised",
    cell: ({ realizedPnl }) => <Amount value={realizedPnl} unit="USD" places={2} isSigned isUnitHidden />,
    value: ({ realizedPnl }) => realizedPnl,
  },
  {
    name: "role",
    title: "As",
    cell: ({ takerOrMaker, kind }) => (kind === "trade" ? takerOrMaker : worded(kind)),
    value: ({ takerOrMaker, kind }) => (kind === "trade" ? takerOrMaker : kind),
    isMinor: true,
  },
];
