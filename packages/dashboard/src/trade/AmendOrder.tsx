/** Changes an order's price, or what is open of it. */
import { type Instrument, lotsOf, ticksOf } from "@bulkhead/protocol";
import { type FormEvent, type ReactNode, useState } from "react";
import { useClient } from "../live/venue.tsx";
import { Failure } from "../records/Refusal.tsx";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { Field } from "../ui/Field.tsx";
import { useToast } from "../ui/Toast.tsx";
import { grouped } from "../ui/text.ts";
import styles from "./AmendOrder.module.css";
import { faultText, plain } from "./draft.ts";
import type { OwnOrder } from "./own.ts";

export function AmendOrder({
  instrument,
  order,
  onClose,
}: {
  readonly instrument: Instrument;
  readonly order: OwnOrder;
  readonly onClose: () => void;
}): ReactNode {
  const { base, quote } = instrument;
  const client = useClient();
  const toast = useToast();
  const [price, setPrice] = useState(order.price ?? "");
  const [amount, setAmount] = useState(order.remaining);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const priceFault = faultOf(() => ticksOf(instrument, plain(price), ""));
  const amountFault = faultOf(() => lotsOf(instrument, plain(amount), ""));
  const hasPrice = order.price !== null;
  const isSame = plain(price) === (order.price ?? "") && plain(amount) === order.remaining;
  const isWrong = (hasPrice && priceFault !== undefined) || amountFault !== undefined;

  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (isWrong || isSame || client === undefined) return;
    setBusy(true);
    setError(undefined);
    try {
      const receipt = await client.call("amendOrder", {
        params: { id: order.id },
        body: {
          account: order.account,
          ...(hasPrice && plain(price) !== order.price && { price: plain(price) }),
          ...(plain(amount) !== order.remaining && { amount: plain(amount) }),
        },
      });
      toast({
        tone: "calm",
        title: `Changed ${order.symbol}`,
        detail: `${grouped(receipt.remaining)} ${base} open · ${receipt.id}`,
      });
      onClose();
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog title={`Change ${order.side} ${order.symbol}`} isOpen onClose={onClose}>
      <form className={styles.form} onSubmit={(event) => void send(event)} noValidate>
        {hasPrice && (
          <Field
            label="Price"
            value={price}
            onChange={setPrice}
            inputMode="decimal"
            unit={quote}
            fault={priceFault}
            ref={(input) => input?.setAttribute("autofocus", "")}
          />
        )}
        <Field
          label="Open amount"
          value={amount}
          onChange={setAmount}
          inputMode="decimal"
          unit={base}
          fault={amountFault}
        />
        <p className={styles.note}>
          Made smaller at its price it keeps its place in the queue; any other change sends it to the end.
        </p>
        {error !== undefined && (
          <Failure error={error} what="The order was not changed" instrument={instrument} />
        )}
        <div className={styles.acts}>
          <Button onClick={onClose}>Back</Button>
          <Button type="submit" look="primary" isBusy={isBusy} disabled={isWrong || isSame}>
            Change the order
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function faultOf(check: () => unknown): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    return faultText(error);
  }
}
