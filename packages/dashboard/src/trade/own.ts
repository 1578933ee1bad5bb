/** What of the venue is one's own: orders, positions, buckets; told as it changes. */
import type { ChannelMessage } from "@bulkhead/protocol";
import { useMemo } from "react";
import { type Following, useChannel } from "../live/channel.ts";
import { useWallet } from "../live/useWallet.ts";

type ItemsOf<Name extends "orders" | "positions" | "margin"> = ChannelMessage<Name>["items"];
export type OwnOrder = ItemsOf<"orders">[number];
export type OwnPosition = ItemsOf<"positions">[number];
export type OwnBucket = ItemsOf<"margin">[number];

export interface Own<Item> extends Omit<Following<unknown>, "data"> {
  /** Undefined until they are told, or nobody is logged in. */
  readonly items: readonly Item[] | undefined;
}

/** Those that are open, newest first. */
export function useOwnOrders(): Own<OwnOrder> {
  const { data, ...rest } = useChannel("orders", useOwn());
  const items = useMemo(() => data?.items.filter(({ status }) => status === "open").toReversed(), [data]);
  return { ...rest, items };
}

export function usePositions(): Own<OwnPosition> {
  const { data, ...rest } = useChannel("positions", useOwn());
  return { ...rest, items: data?.items };
}

export function useBuckets(): Own<OwnBucket> {
  const { data, ...rest } = useChannel("margin", useOwn());
  return { ...rest, items: data?.items };
}

function useOwn(): { readonly account: number } | undefined {
  const { account } = useWallet();
  return account === undefined ? undefined : { account };
}
