/** Closes a position, or a part of it: an order that can only reduce. */
import type { Instrument } from "@bulkhead/protocol";
import { lotsOf } from "@bulkhead/protocol";
import { type ReactNode, useState } from "react";
import { Failure } from "../records/Refusal.tsx";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { Field } from "../ui/Field.tsx";
import { Select } from "../ui/Select.tsx";
import styles from "./ClosePosition.module.css";
import { type Draft, EMPTY_DRAFT, partOf, read } from "./draft.ts";
import type { OwnPosition } from "./own.ts";
import { PreviewView } from "./PreviewView.tsx";
import { usePlacing } from "./usePlacing.ts";
import { usePreview } from "./usePreview.ts";

const PARTS = [25, 50, 75, 100] as const;

export function ClosePosition({
  instrument,
  position: { account, symbol, side, amount, marginMode, markPrice },
  onClose,
}: {
  readonly instrument: Instrument;
  readonly position: OwnPosition;
  readonly onClose: () => void;
}): ReactNode {
  const { base, quote } = instrument;
  const [draft, setDraft] = useState<Draft>({
    ...EMPTY_DRAFT,
    side: side === "long" ? "sell" : "buy",
    type: "market",
    reduceOnly: true,
    marginMode,
    amount,
  });
  const { request, faults } = read(draft, instrument, account);
  const previewed = usePreview(request);
  const { place, isBusy, error } = usePlacing(instrument);
  const change = (more: Partial<Draft>): void => setDraft((before) => ({ ...before, ...more }));
  const send = async (): Promise<void> => {
    if (request !== undefined && (await place(request))) onClose();
  };
  return (
    <Dialog
      title={`Close ${side} ${symbol}`}
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Back</Button>
          <Button
            look={draft.side === "buy" ? "up" : "down"}
            isBusy={isBusy}
            disabled={request === undefined}
            onClick={() => void send()}
            ref={(button) => button?.setAttribute("autofocus", "")}
          >
            {draft.side === "buy" ? "Buy" : "Sell"} to close
          </Button>
        </>
      }
    >
      <Select
        label="How"
        value={draft.type}
        options={[
          { value: "market", text: "Market" },
          { value: "limit", text: "Limit" },
        ]}
        onChange={(type) => change({ type, price: type === "limit" ? markPrice : "" })}
      />
      <Field
        label={draft.type === "limit" ? "Price" : "Worst price"}
        placeholder={draft.type === "limit" ? undefined : "none named"}
        value={draft.price}
        onChange={(price) => change({ price })}
        inputMode="decimal"
        unit={quote}
        fault={faults.price}
      />
      <Field
        label="Amount"
        value={draft.amount}
        onChange={(next) => change({ amount: next })}
        inputMode="decimal"
        unit={base}
        fault={faults.amount}
        hint={`of ${amount}`}
      />
      <div className={styles.parts}>
        {PARTS.map((part) => (
          <Button
            key={part}
            size="small"
            onClick={() => change({ amount: partOf(instrument, lotsOf(instrument, amount), part) })}
          >
            {part} %
          </Button>
        ))}
      </div>
      {error !== undefined && (
        <Failure error={error} what="The order was not placed" instrument={instrument} />
      )}
      <PreviewView instrument={instrument} previewed={previewed} />
    </Dialog>
  );
}
