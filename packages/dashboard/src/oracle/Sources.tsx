/** Who says what, how lately, how far from the others, and how much it counts. */
import type { Oracle } from "@bulkhead/protocol";
import type { ReactNode } from "react";
import { Amount, Percent, Price } from "../ui/Amount.tsx";
import { Empty } from "../ui/Empty.tsx";
import { Meter } from "../ui/Meter.tsx";
import { Panel } from "../ui/Panel.tsx";
import { StateBadge } from "../ui/Sign.tsx";
import { type Column, Table } from "../ui/Table.tsx";
import { duration, percent } from "../ui/text.ts";
import styles from "./OraclePage.module.css";
import { SOURCE_TEXT } from "./words.ts";

type Source = Oracle["sources"][number];

const COLUMNS: readonly Column<Source>[] = [
  {
    name: "reporter",
    title: "Reporter",
    cell: ({ reporter, operator }) => (
      <>
        {reporter} <span className={styles.faint}>of operator {operator}</span>
      </>
    ),
    value: ({ reporter }) => reporter,
  },
  {
    name: "state",
    title: "State",
    cell: ({ state }) => <StateBadge state={state} title={SOURCE_TEXT[state]} />,
    value: ({ state }) => state,
  },
  {
    name: "price",
    title: "Last price, USD",
    align: "end",
    cell: ({ price }) => <Price value={price} />,
    value: ({ price }) => price,
  },
  {
    name: "confidence",
    title: "± USD",
    align: "end",
    hint: "How sure the reporter is",
    cell: ({ confidence }) => <Amount value={confidence} unit="USD" isUnitHidden />,
    value: ({ confidence }) => confidence,
    isMinor: true,
  },
  {
    name: "age",
    title: "Age",
    align: "end",
    hint: "Since it was published, at the venue's clock",
    cell: ({ age }) => (age === null ? "–" : duration(age)),
    value: ({ age }) => age,
  },
  {
    name: "deviation",
    title: "Deviation",
    align: "end",
    hint: "From the price put together; + = higher",
    cell: ({ deviation }) => <Percent value={deviation} places={4} isSigned />,
    value: ({ deviation }) => deviation,
  },
  {
    name: "weight",
    title: "Weight",
    align: "end",
    hint: "Part of all the weight that counted the last time; nobody has more than a third",
    cell: ({ reporter, weight }) => (
      <span className={styles.weight}>
        {percent(weight, 1)}
        <Meter
          label={`Weight of reporter ${reporter}`}
          value={Number(weight)}
          max={1}
          text={percent(weight, 1)}
        />
      </span>
    ),
    value: ({ weight }) => weight,
  },
  {
    name: "nominal",
    title: "Registered",
    align: "end",
    hint: "Weight as it was registered",
    cell: ({ nominal }) => String(Number(nominal)),
    value: ({ nominal }) => nominal,
    isMinor: true,
  },
  {
    name: "repeats",
    title: "Repeats",
    align: "end",
    hint: "Reports in a row with the same price",
    cell: ({ repeats }) => repeats,
    value: ({ repeats }) => repeats,
    isMinor: true,
  },
  {
    name: "held",
    title: "Held back, USD",
    align: "end",
    hint: "A price that jumped and waits for others to say the same",
    cell: ({ held }) => <Price value={held} />,
    value: ({ held }) => held,
    isMinor: true,
  },
];

export function Sources({
  oracle: { symbol, sources, sequence },
  isStale,
}: {
  readonly oracle: Oracle;
  readonly isStale: boolean;
}): ReactNode {
  const silent = sources.filter(({ state }) => state !== "counted");
  return (
    <Panel title="Sources" note={`of ${symbol}`} isFlush isStale={isStale} sequence={sequence}>
      <Table
        label={`Sources of ${symbol}`}
        columns={COLUMNS}
        rows={sources}
        keyOf={({ reporter }) => reporter}
        empty={
          <Empty title="No reporter is asked">
            The price of this market is an operator's word until its feed asks reporters for it.
          </Empty>
        }
      />
      {silent.length > 0 && (
        <ul className={styles.reasons}>
          {silent.map(({ reporter, state }) => (
            <li key={reporter}>
              Reporter {reporter} does not count: {SOURCE_TEXT[state] ?? state}.
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
