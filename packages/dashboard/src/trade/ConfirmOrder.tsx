/** Asks once more before an order is sent, with all that it says and does. */
import type { Instrument, OrderRequest } from "@bulkhead/protocol";
import { type ReactNode, useState } from "react";
import { kindOf } from "../records/columns.tsx";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { grouped, momentText, worded } from "../ui/text.ts";
import styles from "./ConfirmOrder.module.css";
import { PreviewView } from "./PreviewView.tsx";
import type { Previewed } from "./usePreview.ts";

const KEY = "bulkhead.confirm";

/** Whether it is to be asked; kept for the next visit. */
export function useConfirming(): readonly [boolean, (isOn: boolean) => void] {
  const [isOn, setOn] = useState(() => {
    try {
      return localStorage.getItem(KEY) !== "no";
    } catch {
      return true;
    }
  });
  return [
    isOn,
    (next) => {
      setOn(next);
      try {
        localStorage.setItem(KEY, next ? "yes" : "no");
      } catch {
        // Where nothing may be kept it lasts as long as the page.
      }
    },
  ];
}

export interface ConfirmOrderProps {
  readonly instrument: Instrument;
  readonly request: OrderRequest;
  readonly previewed: Previewed;
  readonly isOpen: boolean;
  readonly isBusy: boolean;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

export function ConfirmOrder({
  instrument,
  request,
  previewed,
  isOpen,
  isBusy,
  onConfirm,
  onClose,
}: ConfirmOrderProps): ReactNode {
  const { base, quote } = instrument;
  const { side, symbol, amount, price, triggerPrice, type, timeInForce = "GTC", expiresAt } = request;
  const isLimit = type === "limit" || type.endsWith("_limit");
  return (
    <Dialog
      title={`${side === "buy" ? "Buy" : "Sell"} ${symbol}?`}
      isOpen={isOpen}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Back</Button>
          <Button look={side === "buy" ? "up" : "down"} isBusy={isBusy} onClick={onConfirm} ref={focused}>
            Place the order
          </Button>
        </>
      }
    >
      <p className={styles.order}>
        <strong>
          {side === "buy" ? "▲ Buy" : "▼ Sell"} {grouped(amount)} {base}
        </strong>
        {price !== undefined && (
          <>
            {" "}
            at {grouped(price)} {quote} {side === "buy" ? "or less" : "or more"}
          </>
        )}
        {price === undefined && !isLimit && " at whatever price the book has"}
        {triggerPrice !== undefined && (
          <>
            , once the mark is at {grouped(triggerPrice)} {quote}
          </>
        )}
      </p>
      <p className={styles.kind}>
        {kindOf({ ...request, timeInForce })}
        {expiresAt !== undefined && `, until ${momentText(expiresAt)}`},{" "}
        {worded(request.marginMode ?? "cross")} margin
      </p>
      <PreviewView instrument={instrument} previewed={previewed} />
    </Dialog>
  );
}

/** Enter places it: the platform's dialog begins where this stands. */
function focused(button: HTMLButtonElement | null): void {
  button?.setAttribute("autofocus", "");
}
