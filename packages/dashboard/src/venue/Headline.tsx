/** Whether the venue can pay, in five figures; the first opens what it is made of, asset by asset. */
import type { Risk } from "@bulkhead/protocol";
import { type ReactNode, useState } from "react";
import { Amount, Percent } from "../ui/Amount.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { type Column, Table } from "../ui/Table.tsx";
import { compact, grouped } from "../ui/text.ts";
import styles from "./Headline.module.css";

type Asset = Risk["solvency"]["assets"][number];

const COLUMNS: readonly Column<Asset>[] = [
  { name: "asset", title: "Asset", cell: ({ asset }) => asset, value: ({ asset }) => asset },
  {
    name: "held",
    title: "In custody",
    align: "end",
    cell: ({ asset, held }) => <Amount value={held} unit={asset} />,
    value: ({ held }) => held,
  },
  {
    name: "owed",
    title: "Claims in the books",
    align: "end",
    hint: "Every claim on it: of owners, of layers, of fees. Equal to what is in custody, or the books are wrong",
    cell: ({ asset, owed }) => <Amount value={owed} unit={asset} />,
    value: ({ owed }) => owed,
  },
  {
    name: "price",
    title: "Valued at, USD",
    align: "end",
    cell: ({ price }) => <Amount value={price} unit="USD" isUnitHidden />,
    value: ({ price }) => price,
  },
];

export function Headline({ risk }: { readonly risk: Risk }): ReactNode {
  const [isOpen, setOpen] = useState(false);
  const { solvency, cover2, tiers } = risk;
  const distressed = tiers.map((each) => each.distressed).reduce((sum, each) => sum + each, 0);
  const ratio = solvency.ratio;
  const isShort = ratio !== null && Number(ratio) < 1;
  return (
    <section className={styles.strip} aria-label="Solvency">
      <button
        type="button"
        className={styles.main}
        onClick={() => setOpen(true)}
        aria-haspopup="dialog"
        title="In custody, asset by asset"
      >
        <span className={styles.label}>In custody over owed to owners</span>
        <span className={styles.ratio} data-short={isShort || undefined}>
          {ratio === null ? "nothing owed" : <Percent value={ratio} places={1} />}
        </span>
        <span className={styles.note}>
          {isShort ? "⚠ less than is owed · " : ""}asset by asset <span aria-hidden="true">→</span>
        </span>
      </button>
      <Figure label="In custody" note="confirmed by operators">
        <Amount value={solvency.held} unit="USD" isShort />
      </Figure>
      <Figure label="Owed to owners" note="balances, withdrawals, buckets">
        <Amount value={solvency.owed} unit="USD" isShort />
      </Figure>
      <Figure label="Layers that bear losses" note="of all tiers and the venue">
        <Amount value={solvency.layers} unit="USD" isShort />
      </Figure>
      <Figure
        label="Buckets below zero"
        note={`${grouped(String(distressed))} in distress`}
        isAlarming={Number(solvency.shortfall) > 0}
      >
        <Amount value={solvency.shortfall} unit="USD" isShort />
      </Figure>
      <Figure
        label="Cover-2"
        note={cover2.ratio === null ? "two defaults would cost nothing" : "available over needed"}
        isAlarming={cover2.ratio !== null && Number(cover2.ratio) < 1}
      >
        {cover2.ratio === null ? "covered" : `× ${compact(Number(cover2.ratio))}`}
      </Figure>
      <Dialog
        title="What is in custody, and who has a claim on it"
        isOpen={isOpen}
        onClose={() => setOpen(false)}
      >
        <Table
          label="Assets in custody"
          columns={COLUMNS}
          rows={solvency.assets}
          keyOf={({ asset }) => asset}
        />
        <p className={styles.text}>
          In custody <Amount value={solvency.held} unit="USD" />; owners have{" "}
          <Amount value={solvency.owed} unit="USD" />; the layers that bear losses have{" "}
          <Amount value={solvency.layers} unit="USD" />. As of command #
          {risk.sequence.toLocaleString("en-US")}.
        </p>
      </Dialog>
    </section>
  );
}

function Figure({
  label,
  note,
  isAlarming = false,
  children,
}: {
  readonly label: string;
  readonly note: string;
  readonly isAlarming?: boolean;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <div className={styles.figure}>
      <span className={styles.label}>{label}</span>
      <span className={styles.value} data-alarming={isAlarming || undefined}>
        {isAlarming && <span aria-hidden="true">⚠ </span>}
        {children}
      </span>
      <span className={styles.note}>{note}</span>
    </div>
  );
}
