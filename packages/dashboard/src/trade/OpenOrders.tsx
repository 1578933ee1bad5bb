/** Open orders, changed and cancelled from here: by mouse, or by keys alone. */
import type { Instrument } from "@bulkhead/protocol";
import { type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import { useWallet } from "../live/useWallet.ts";
import { useClient } from "../live/venue.tsx";
import { KIND, MARKET, ORDER_ID, PRICE, SIDE, TRIGGER, base } from "../records/columns.tsx";
import { Amount } from "../ui/Amount.tsx";
import { Badge } from "../ui/Badge.tsx";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { Empty } from "../ui/Empty.tsx";
import { Loading } from "../ui/Skeleton.tsx";
import { type Column, Table } from "../ui/Table.tsx";
import { useToast } from "../ui/Toast.tsx";
import { When } from "../ui/When.tsx";
import { grouped } from "../ui/text.ts";
import { AmendOrder } from "./AmendOrder.tsx";
import styles from "./OpenOrders.module.css";
import type { Own, OwnOrder } from "./own.ts";

export function OpenOrders({
  instruments,
  orders: { items },
  isWanted,
  onArrival,
}: {
  readonly instruments: readonly Instrument[];
  readonly orders: Own<OwnOrder>;
  /** Whether somebody wants to be here by keys: he begins at the first thing to do. */
  readonly isWanted: boolean;
  readonly onArrival: () => void;
}): ReactNode {
  const [amending, setAmending] = useState<OwnOrder>();
  const { cancel, cancelAll, busy } = useCancelling();
  const [isAsking, setAsking] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const columns = useMemo(() => columnsOf(setAmending, cancel, busy), [cancel, busy]);
  const instrument = instruments.find(({ symbol }) => symbol === amending?.symbol);
  const isThere = items !== undefined;
  useEffect(() => {
    if (!isWanted || !isThere) return;
    box.current?.querySelector<HTMLElement>('[aria-label^="Cancel order"]')?.focus();
    onArrival();
  }, [isWanted, isThere, onArrival]);
  // Whoever has cancelled an order by keys stays here when its button is gone.
  const isInside = useRef(false);
  useEffect(() => {
    if (isInside.current && document.activeElement === document.body) box.current?.focus();
  }, [items]);
  if (items === undefined) return <Loading lines={3} />;
  return (
    <div
      ref={box}
      tabIndex={-1}
      className={styles.box}
      onFocus={() => (isInside.current = true)}
      onBlur={({ relatedTarget }) => {
        if (relatedTarget !== null) isInside.current = box.current?.contains(relatedTarget) ?? false;
      }}
    >
      <Table
        label="Open orders"
        columns={columns}
        rows={items}
        keyOf={({ id }) => id}
        maxHeight="340px"
        empty={
          <Empty title="No open orders">What rests in a book, or waits for its trigger, stands here.</Empty>
        }
      />
      {items.length > 0 && (
        <div className={styles.foot}>
          <Button look="danger" size="small" onClick={() => setAsking(true)}>
            Cancel all {items.length}
          </Button>
        </div>
      )}
      <Dialog
        title="Cancel all orders?"
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        actions={
          <>
            <Button onClick={() => setAsking(false)}>Back</Button>
            <Button
              look="danger"
              ref={(button) => button?.setAttribute("autofocus", "")}
              onClick={() => {
                setAsking(false);
                void cancelAll();
              }}
            >
              Cancel all
            </Button>
          </>
        }
      >
        <p>
          {items.length} open {items.length === 1 ? "order" : "orders"} of all markets, those that wait for a
          trigger among them.
        </p>
      </Dialog>
      {amending !== undefined && instrument !== undefined && (
        <AmendOrder instrument={instrument} order={amending} onClose={() => setAmending(undefined)} />
      )}
    </div>
  );
}

function useCancelling() {
  const client = useClient();
  const { account } = useWallet();
  const toast = useToast();
  const [busy, setBusy] = useState<ReadonlySet<string>>(NONE);
  return useMemo(() => {
    const cancel = async ({ id, account: owner, symbol }: OwnOrder): Promise<void> => {
      setBusy((all) => new Set([...all, id]));
      try {
        const receipt = await client?.call("cancelOrder", { params: { id }, query: { account: owner } });
        toast({
          tone: "calm",
          title: `Cancelled ${symbol}`,
          detail: `${grouped(receipt?.remaining ?? "")} ${base(symbol)} were open · ${id}`,
        });
      } catch (error) {
        toast({ tone: "alarm", title: "The order was not cancelled", detail: (error as Error).message });
      } finally {
        setBusy((all) => new Set([...all].filter((each) => each !== id)));
      }
    };
    const cancelAll = async (): Promise<void> => {
      try {
        if (client === undefined || account === undefined) return;
        const { canceled: count } = await client.call("cancelOrders", { query: { account } });
        toast({ tone: "calm", title: `Cancelled ${count} ${count === 1 ? "order" : "orders"}` });
      } catch (error) {
        toast({ tone: "alarm", title: "The orders were not cancelled", detail: (error as Error).message });
      }
    };
    return { cancel, cancelAll, busy };
  }, [client, account, toast, busy]);
}

const NONE: ReadonlySet<string> = new Set();

function columnsOf(
  amend: (order: OwnOrder) => void,
  cancel: (order: OwnOrder) => Promise<void>,
  busy: ReadonlySet<string>,
): readonly Column<OwnOrder>[] {
  return [
    MARKET,
    SIDE,
    KIND,
    PRICE,
    TRIGGER,
    {
      name: "open",
      title: "Open",
      align: "end",
      cell: ({ remaining, symbol }) => <Amount value={remaining} unit={base(symbol)} />,
      value: ({ remaining }) => remaining,
    },
    {
      name: "state",
      title: "State",
      cell: ({ waiting }) => (
        <Badge tone={waiting ? "caution" : "accent"}>{waiting ? "waits for its trigger" : "rests"}</Badge>
      ),
      value: ({ waiting }) => (waiting ? "waits" : "rests"),
      isMinor: true,
    },
    {
      name: "time",
      title: "Changed",
      hint: "UTC",
      cell: ({ updatedAt }) => <When at={updatedAt} as="clock" />,
      value: ({ updatedAt }) => updatedAt,
      isMinor: true,
    },
    ORDER_ID,
    {
      name: "act",
      title: "",
      align: "end",
      isFixed: true,
      cell: (order) => (
        <span className={styles.acts}>
          <Button size="small" onClick={() => amend(order)} aria-label={`Change order ${order.id}`}>
            Change
          </Button>
          <Button
            size="small"
            isBusy={busy.has(order.id)}
            onClick={() => void cancel(order)}
            aria-label={`Cancel order ${order.id}`}
          >
            Cancel
          </Button>
        </span>
      ),
    },
  ];
}
