/** Tells whoever is logged in, on whatever page he is, what he should act upon: warnings of his margin, and his fills. */
import { useEffect, useRef } from "react";
import { useChannel } from "../live/channel.ts";
import { useWallet } from "../live/useWallet.ts";
import { useToast } from "../ui/Toast.tsx";
import { grouped, worded } from "../ui/text.ts";

/** Fills that are told one by one at most; beyond that, how many there were. */
const MOST = 2;

export function Alerts(): null {
  const { account } = useWallet();
  useWarnings(account);
  useFills(account);
  return null;
}

function useWarnings(account: number | undefined): void {
  const { data } = useChannel("warnings", account === undefined ? undefined : { account });
  const toast = useToast();
  useNew(account, data?.items, (fresh) => {
    for (const { kind, equity, maintenanceMargin, detail, tier } of fresh.slice(0, MOST).toReversed())
      toast({
        tone: kind === "liquidation-ended" ? "caution" : "alarm",
        title: `${worded(kind)}, tier ${tier}`.replace(/^./, (letter) => letter.toUpperCase()),
        detail:
          equity === null || maintenanceMargin === null
            ? detail
            : `${detail} Equity ${grouped(equity, 2)} USD, maintenance margin ${grouped(maintenanceMargin, 2)} USD.`,
      });
  });
}

function useFills(account: number | undefined): void {
  const { data } = useChannel("fills", account === undefined ? undefined : { account });
  const toast = useToast();
  useNew(account, data?.items, (fresh) => {
    if (fresh.length > MOST)
      return toast({ tone: "calm", title: `${fresh.length} fills`, detail: "See the list of fills." });
    for (const { side, amount, symbol, price, kind } of fresh.toReversed())
      toast({
        tone: kind === "trade" ? "calm" : "caution",
        title: `${side === "buy" ? "Bought" : "Sold"} ${grouped(amount)} ${symbol}`,
        detail: `at ${grouped(price)} USD${kind === "trade" ? "" : `, ${worded(kind)}`}`,
      });
  });
}

interface Numbered {
  readonly sequence: number;
}

/** Acts on those that have come since it was looked first: what was there then is old. Newest first. */
function useNew<Item extends Numbered>(
  account: number | undefined,
  items: readonly Item[] | undefined,
  act: (fresh: readonly Item[]) => void,
): void {
  const seen = useRef<{ readonly account: number; readonly last: number } | undefined>(undefined);
  const latest = useRef(act);
  latest.current = act;
  useEffect(() => {
    if (account === undefined || items === undefined) return;
    const last = items[0]?.sequence ?? 0;
    const before = seen.current?.account === account ? seen.current.last : undefined;
    seen.current = { account, last: Math.max(last, before ?? 0) };
    if (before === undefined) return;
    const fresh = items.filter(({ sequence }) => sequence > before);
    if (fresh.length > 0) latest.current(fresh);
  }, [account, items]);
}
