/** Sends orders, and says what came of them. */
import type { Instrument, OrderReceipt, OrderRequest } from "@bulkhead/protocol";
import { useCallback, useState } from "react";
import { useClient } from "../live/venue.tsx";
import { useToast } from "../ui/Toast.tsx";
import { grouped, worded } from "../ui/text.ts";

export interface Placing {
  /** @returns whether it was taken; what went wrong is in `error` then */
  readonly place: (request: OrderRequest) => Promise<boolean>;
  readonly isBusy: boolean;
  readonly error: unknown;
  readonly forget: () => void;
}

export function usePlacing({ base }: Instrument): Placing {
  const client = useClient();
  const toast = useToast();
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const forget = useCallback(() => setError(undefined), []);
  return {
    isBusy,
    error,
    forget,
    place: async (request) => {
      if (client === undefined) return false;
      setBusy(true);
      setError(undefined);
      try {
        toast(toldOf(await client.placeOrder(request), base));
        return true;
      } catch (thrown) {
        setError(thrown);
        return false;
      } finally {
        setBusy(false);
      }
    },
  };
}

/** What came of an order, in a line. */
function toldOf(
  { id, side, symbol, filled, remaining, status, average, reason }: OrderReceipt,
  base: string,
) {
  const parts = [
    ...(/[1-9]/.test(filled) ? [`${grouped(filled)} ${base} filled at ${grouped(average ?? "")} USD`] : []),
    ...(/[1-9]/.test(remaining) ? [`${grouped(remaining)} ${base} open`] : []),
    ...(reason === null ? [] : [worded(reason)]),
  ];
  return {
    tone: status === "canceled" || status === "rejected" ? ("caution" as const) : ("calm" as const),
    title: `${side === "buy" ? "Buy" : "Sell"} ${symbol}: ${status === "closed" ? "filled" : status}`,
    detail: `${parts.join(", ")} · ${id}`,
  };
}
