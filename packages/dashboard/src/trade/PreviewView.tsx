/** What an order would do to its bucket, before and after, in the node's own figures. */
import type { Instrument, Preview } from "@bulkhead/protocol";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { Failure, WouldRefuse } from "../records/Refusal.tsx";
import { Amount, Price } from "../ui/Amount.tsx";
import { Stale } from "../ui/Stale.tsx";
import { isRefusal } from "./refused.ts";
import styles from "./PreviewView.module.css";
import type { Previewed } from "./usePreview.ts";

export function PreviewView({
  instrument,
  previewed: { preview, error, isAsking, isStale },
}: {
  readonly instrument: Instrument;
  readonly previewed: Previewed;
}): ReactNode {
  const { base, quote } = instrument;
  if (error !== undefined && isRefusal(error, "bucket_unknown"))
    return (
      <div className={styles.hint} role="status">
        There is no money in this compartment yet: <Link href="/account/move">allocate some to it</Link>. What
        is not there cannot be lost there.
      </div>
    );
  if (error !== undefined)
    return <Failure error={error} what="The node cannot preview this" instrument={instrument} />;
  const isRefused = preview !== undefined && preview.outcome !== "accepted";
  return (
    <div className={styles.preview} data-old={isAsking || undefined} aria-label="Preview" role="group">
      {isStale && <Stale sequence={preview?.sequence} />}
      {isRefused && <WouldRefuse refusal={preview.outcome} facts={preview.facts} instrument={instrument} />}
      <dl className={styles.lines}>
        <Line label="Filled at once">
          {preview === undefined ? "–" : <Amount value={preview.filled} unit={base} />}
        </Line>
        <Line label="At, on average">
          <Price value={preview?.average} unit={quote} />
          {typeof preview?.average === "string" && <span className={styles.unit}> {quote}</span>}
        </Line>
        <Line label="Rests">
          {preview === undefined ? "–" : <Amount value={preview.resting} unit={base} />}
        </Line>
        <Line label="Fees">
          {preview === undefined ? "–" : <Amount value={preview.fees} unit={quote} places={4} />}
        </Line>
      </dl>
      <table className={styles.standing}>
        <caption className="visually-hidden">The bucket before and after the order</caption>
        <thead>
          <tr>
            <th scope="col">Bucket</th>
            <th scope="col">now</th>
            <th scope="col">after</th>
          </tr>
        </thead>
        <tbody>
          {ROWS.map(({ label, field, isPrice }) => (
            <tr key={field}>
              <th scope="row">
                {label}, {field === "position" ? base : quote}
              </th>
              <td>
                <Cell preview={preview?.before} field={field} isPrice={isPrice} unit={quote} />
              </td>
              <td>
                <Cell preview={preview?.after} field={field} isPrice={isPrice} unit={quote} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

type Standing = NonNullable<Preview["after"]>;

const ROWS: readonly {
  readonly label: string;
  readonly field: keyof Standing;
  readonly isPrice: boolean;
}[] = [
  { label: "Position", field: "position", isPrice: true },
  { label: "Equity", field: "equity", isPrice: false },
  { label: "Initial margin", field: "initialMargin", isPrice: false },
  { label: "Maintenance", field: "maintenanceMargin", isPrice: false },
  { label: "Liquidation at", field: "liquidationPrice", isPrice: true },
];

function Cell({
  preview,
  field,
  isPrice,
  unit,
}: {
  readonly preview: Standing | null | undefined;
  readonly field: keyof Standing;
  readonly isPrice: boolean;
  readonly unit: string;
}): ReactNode {
  const value = preview?.[field];
  return isPrice ? (
    <Price value={value} unit={unit} />
  ) : (
    <Amount value={value} unit={unit} places={2} isUnitHidden />
  );
}

function Line({ label, children }: { readonly label: string; readonly children: ReactNode }): ReactNode {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}
