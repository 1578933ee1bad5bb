/** An order being written: every field the venue knows, and what the node says it would do, before it is sent. */
import type { Instrument } from "@bulkhead/protocol";
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { useWallet } from "../live/useWallet.ts";
import { Failure } from "../records/Refusal.tsx";
import { EnterHere } from "../records/LogIn.tsx";
import { Button } from "../ui/Button.tsx";
import { Field } from "../ui/Field.tsx";
import { Panel } from "../ui/Panel.tsx";
import { Select } from "../ui/Select.tsx";
import { useShortcut } from "../ui/shortcuts.tsx";
import { AmountSlider } from "./AmountSlider.tsx";
import { ConfirmOrder, useConfirming } from "./ConfirmOrder.tsx";
import {
  type Draft,
  type MarginMode,
  type OrderType,
  type SelfTrade,
  SELF_TRADE_TEXTS,
  TIME_TEXTS,
  TYPE_TEXTS,
  fieldsOf,
  read,
  timeOf,
} from "./draft.ts";
import { PreviewView } from "./PreviewView.tsx";
import { SideChoice } from "./SideChoice.tsx";
import styles from "./Ticket.module.css";
import { usePlacing } from "./usePlacing.ts";
import { usePreview } from "./usePreview.ts";

export interface TicketProps {
  readonly instrument: Instrument;
  readonly draft: Draft;
  readonly onDraft: (change: Partial<Draft>) => void;
  readonly best: { readonly bid: string | undefined; readonly ask: string | undefined };
  /** Whether prices and the preview may not be true any more. */
  readonly isStale?: boolean;
}

const TYPES = Object.entries(TYPE_TEXTS).map(([value, text]) => ({ value: value as OrderType, text }));
const SELF_TRADES = Object.entries(SELF_TRADE_TEXTS).map(([value, text]) => ({
  value: value as SelfTrade,
  text,
}));
const MODES: readonly { readonly value: MarginMode; readonly text: string }[] = [
  { value: "cross", text: "Cross" },
  { value: "isolated", text: "Isolated" },
];

export function Ticket({ instrument, draft, onDraft, best, isStale = false }: TicketProps): ReactNode {
  const { base, quote, symbol } = instrument;
  const { account } = useWallet();
  const { request, faults } = read(draft, instrument, account ?? 1);
  const previewed = usePreview(account === undefined ? undefined : request);
  const { place, isBusy, error, forget } = usePlacing(instrument);
  const [isConfirming, setConfirming] = useConfirming();
  const [isAsking, setAsking] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const fields = fieldsOf(draft);
  const text = JSON.stringify(request);
  useEffect(forget, [text, forget]);

  const begin = (side: Draft["side"]): void => {
    onDraft({ side });
    form.current?.querySelector<HTMLInputElement>("[data-first]")?.focus();
  };
  useShortcut("b", "Write a buy order", () => begin("buy"));
  useShortcut("s", "Write a sell order", () => begin("sell"));

  const send = async (): Promise<void> => {
    if (request === undefined) return;
    const isPlaced = await place(request);
    setAsking(false);
    if (isPlaced) onDraft({ amount: "", clientOrderId: "" });
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (request === undefined) return;
    if (isConfirming) setAsking(true);
    else void send();
  };
  const verb = draft.side === "buy" ? "Buy" : "Sell";

  return (
    <Panel
      title="Order"
      note={TYPE_TEXTS[draft.type].toLowerCase()}
      isStale={isStale}
      className={styles.panel}
    >
      <form
        ref={form}
        className={styles.ticket}
        onSubmit={submit}
        noValidate
        aria-label={`Order of ${symbol}`}
      >
        <SideChoice side={draft.side} onSide={(side) => onDraft({ side })} />
        <div className={styles.pair}>
          <Select label="Type" value={draft.type} options={TYPES} onChange={(type) => onDraft({ type })} />
          <Select
            label="Margin"
            value={draft.marginMode}
            options={MODES}
            onChange={(marginMode) => onDraft({ marginMode })}
          />
        </div>
        {fields.hasTrigger && (
          <Field
            label="Trigger, when the mark is at"
            value={draft.triggerPrice}
            onChange={(triggerPrice) => onDraft({ triggerPrice })}
            inputMode="decimal"
            unit={quote}
            fault={faults.triggerPrice}
          />
        )}
        <Field
          data-first
          label={fields.price === "limit" ? "Price" : "Worst price"}
          placeholder={fields.price === "limit" ? undefined : "none named"}
          value={draft.price}
          onChange={(price) => onDraft({ price })}
          inputMode="decimal"
          unit={quote}
          fault={faults.price}
          hint={<BestPrices best={best} onPrice={(price) => onDraft({ price })} />}
        />
        <Field
          label="Amount"
          value={draft.amount}
          onChange={(amount) => onDraft({ amount })}
          inputMode="decimal"
          unit={base}
          fault={faults.amount}
          hint={`lot ${instrument.lotSize}`}
        />
        <AmountSlider
          instrument={instrument}
          draft={draft}
          account={account}
          onAmount={(amount) => onDraft({ amount })}
        />
        <Select
          label="In force"
          value={timeOf(draft)}
          options={fields.times.map((value) => ({ value, text: TIME_TEXTS[value] }))}
          onChange={(timeInForce) => onDraft({ timeInForce })}
        />
        {timeOf(draft) === "GTD" && (
          <Field
            label="Until, UTC"
            type="datetime-local"
            value={draft.expiresAt}
            onChange={(expiresAt) => onDraft({ expiresAt })}
            fault={faults.expiresAt}
          />
        )}
        <div className={styles.checks}>
          {fields.canPost && (
            <Check label="Post only" isOn={draft.postOnly} onChange={(postOnly) => onDraft({ postOnly })} />
          )}
          <Check
            label="Reduce only"
            isOn={draft.reduceOnly}
            onChange={(reduceOnly) => onDraft({ reduceOnly })}
          />
          <Check label="Ask before placing" isOn={isConfirming} onChange={setConfirming} />
        </div>
        <details className={styles.more}>
          <summary>More</summary>
          <div className={styles.pair}>
            <Select
              label="Own orders that meet"
              value={draft.selfTrade}
              options={SELF_TRADES}
              onChange={(selfTrade) => onDraft({ selfTrade })}
            />
            <Field
              label="Own number"
              placeholder="none"
              value={draft.clientOrderId}
              onChange={(clientOrderId) => onDraft({ clientOrderId })}
              inputMode="numeric"
              fault={faults.clientOrderId}
            />
          </div>
        </details>
        {account === undefined ? (
          <EnterHere what="Trade with a demo key" size="large" />
        ) : (
          <>
            <Button
              type="submit"
              look={draft.side === "buy" ? "up" : "down"}
              size="large"
              isBusy={isBusy}
              disabled={request === undefined}
            >
              {verb} {symbol}
            </Button>
            {error !== undefined && (
              <Failure error={error} what="The order was not placed" instrument={instrument} />
            )}
            <PreviewView instrument={instrument} previewed={previewed} />
          </>
        )}
      </form>
      {request !== undefined && (
        <ConfirmOrder
          instrument={instrument}
          request={request}
          previewed={previewed}
          isOpen={isAsking}
          isBusy={isBusy}
          onConfirm={() => void send()}
          onClose={() => setAsking(false)}
        />
      )}
    </Panel>
  );
}

function BestPrices({
  best: { bid, ask },
  onPrice,
}: {
  readonly best: TicketProps["best"];
  readonly onPrice: (price: string) => void;
}): ReactNode {
  return (
    <span className={styles.best}>
      {bid !== undefined && (
        <button type="button" title={`Take over the best bid, ${bid}`} onClick={() => onPrice(bid)}>
          bid
        </button>
      )}
      {ask !== undefined && (
        <button type="button" title={`Take over the best ask, ${ask}`} onClick={() => onPrice(ask)}>
          ask
        </button>
      )}
    </span>
  );
}

function Check({
  label,
  isOn,
  onChange,
}: {
  readonly label: string;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
}): ReactNode {
  return (
    <label className={styles.check}>
      <input type="checkbox" checked={isOn} onChange={(event) => onChange(event.target.checked)} />
      {label}
    </label>
  );
}
