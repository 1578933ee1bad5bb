/** Breakers of a tier's markets, and the controller of its posture, with the numbers they go by. */
import type { RiskTier } from "@bulkhead/protocol";
import type { ReactNode } from "react";
import { useChannel } from "../live/channel.ts";
import { useNow } from "../live/venue.tsx";
import { Fault } from "../ui/Fault.tsx";
import { Meter } from "../ui/Meter.tsx";
import { Panel } from "../ui/Panel.tsx";
import { StateBadge } from "../ui/Sign.tsx";
import { Loading } from "../ui/Skeleton.tsx";
import { type Column, Table } from "../ui/Table.tsx";
import { duration, percent } from "../ui/text.ts";
import { When } from "../ui/When.tsx";
import styles from "./VenuePage.module.css";
import { INPUT_TEXT, SIGNAL_NAME, SIGNAL_TEXT, STEP_TEXT } from "./words.ts";

interface Breaker {
  readonly symbol: string;
  readonly level: string;
  readonly since: number | null;
  readonly signal: string | null;
  readonly softScore: string;
  readonly hardScore: string;
  readonly trips: number;
}

const score = (name: "softScore" | "hardScore", title: string): Column<Breaker> => ({
  name,
  title,
  align: "end",
  hint: "1 = it trips",
  cell: (row) => (
    <span className={styles.score}>
      {Number(row[name]).toFixed(3)}
      <Meter
        label={`${title} score of ${row.symbol}`}
        value={Number(row[name])}
        max={1}
        text={`${row[name]}; it trips at 1`}
        tone={Number(row[name]) >= 1 ? "alarm" : Number(row[name]) >= 0.6 ? "caution" : "accent"}
      />
    </span>
  ),
  value: (row) => row[name],
});

const COLUMNS: readonly Column<Breaker>[] = [
  { name: "symbol", title: "Market", cell: ({ symbol }) => symbol, value: ({ symbol }) => symbol },
  {
    name: "level",
    title: "Breaker",
    cell: ({ level }) => <StateBadge state={level} />,
    value: ({ level }) => level,
  },
  { name: "since", title: "Since", cell: ({ since }) => <When at={since} />, value: ({ since }) => since },
  {
    name: "signal",
    title: "Because",
    cell: ({ signal }) =>
      signal === null ? "–" : <span title={SIGNAL_TEXT[signal]}>{SIGNAL_NAME[signal] ?? signal}</span>,
    value: ({ signal }) => signal,
    isMinor: true,
  },
  score("softScore", "Soft"),
  score("hardScore", "Hard"),
  {
    name: "trips",
    title: "Trips",
    align: "end",
    hint: "Within 24 hours",
    cell: ({ trips }) => trips,
    value: ({ trips }) => trips,
    isMinor: true,
  },
];

export function Breakers({ tier }: { readonly tier: RiskTier }): ReactNode {
  const { data, isStale, sequence, problem } = useChannel("breakers", { tier: tier.tier });
  return (
    <Panel
      title="Breakers and posture"
      note={`tier ${tier.tier}`}
      isStale={isStale}
      sequence={sequence}
      isFlush
    >
      {problem !== undefined && <Fault error={problem} what="The breakers are not told" />}
      {data?.markets === undefined ? (
        <Loading lines={4} />
      ) : (
        <Table
          label={`Breakers of tier ${tier.tier}`}
          columns={COLUMNS}
          rows={data.markets}
          keyOf={({ symbol }) => symbol}
        />
      )}
      <Controller tier={tier} />
    </Panel>
  );
}

/** Why the tier's posture is what it is. */
function Controller({ tier: { posture } }: { readonly tier: RiskTier }): ReactNode {
  const now = useNow();
  const { enabled, since, calmSince, rule, input, inputs } = posture;
  return (
    <div className={styles.controller}>
      <p>
        Posture <StateBadge state={posture.posture} />{" "}
        {!enabled && "— its controller is off: nothing changes it"}
        {enabled && since !== null && `for ${duration(Math.max(0, now - since))}`}
        {enabled && rule > 0 && input !== null && (
          <>
            , by rule {rule}: {INPUT_TEXT[input]?.name ?? input}
          </>
        )}
        {enabled && calmSince !== null && posture.posture !== "normal" && (
          <>
            . Nothing has held it for {duration(Math.max(0, now - calmSince))}; it steps down when that has
            lasted
          </>
        )}
        .
      </p>
      <dl className={styles.inputs}>
        {Object.entries(inputs).map(([name, value]) => (
          <div key={name} className={styles.input}>
            <dt>{INPUT_TEXT[name]?.name ?? name}</dt>
            <dd>{inputText(name, value)}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

/** What the controller sees, in words or as a percentage. */
export function inputText(name: string, value: number): string {
  return INPUT_TEXT[name]?.unit === "step"
    ? (STEP_TEXT[name]?.[value] ?? String(value))
    : percent(value / 1e6);
}
