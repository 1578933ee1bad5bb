/** Single commands of a log and what came of them, in words: as `bulkhead inspect` prints them. */
import { type FormEvent, type ReactNode, useState } from "react";
import { Badge } from "../ui/Badge.tsx";
import { Button } from "../ui/Button.tsx";
import { Field } from "../ui/Field.tsx";
import { Panel } from "../ui/Panel.tsx";
import { momentText } from "../ui/text.ts";
import type { Entry, Report, Task } from "./messages.ts";
import styles from "./Verify.module.css";

/** Shown at once. */
const COUNT = 20;

export function Entries({
  isBusy,
  report,
  onLook,
}: {
  readonly isBusy: boolean;
  readonly report: Report | undefined;
  readonly onLook: (look: NonNullable<Task["look"]>) => void;
}): ReactNode {
  const [text, setText] = useState("1");
  const from = /^[1-9]\d{0,14}$/.test(text.trim()) ? Number(text) : undefined;
  const look = (event: FormEvent): void => {
    event.preventDefault();
    if (from !== undefined) onLook({ from, count: COUNT });
  };
  const entries = report?.entries ?? [];
  return (
    <Panel title="Look at commands" note="executed up to there, by the engine in this page">
      <form className={styles.look} onSubmit={look}>
        <Field
          label="From command"
          inputMode="numeric"
          value={text}
          onChange={setText}
          fault={from === undefined ? "A whole number from 1" : undefined}
        />
        <Button type="submit" disabled={isBusy || from === undefined}>
          Show {COUNT}
        </Button>
      </form>
      {entries.length > 0 && (
        <ol className={styles.entries} data-entries>
          {entries.map((entry) => (
            <EntryView key={entry.sequence} entry={entry} />
          ))}
        </ol>
      )}
    </Panel>
  );
}

function EntryView({
  entry: { sequence, command, outcome, facts, events },
}: {
  readonly entry: Entry;
}): ReactNode {
  const { kind, time, ...fields } = command;
  return (
    <li>
      <p>
        <b>#{sequence.toLocaleString("en-US")}</b> <code>{kind}</code>{" "}
        <Badge tone={outcome === "accepted" ? "calm" : "caution"}>{outcome}</Badge>{" "}
        <span className={styles.note}>{momentText(time)}</span>
      </p>
      <Pairs values={fields} />
      {Object.keys(facts).length > 0 && <Pairs title="receipt" values={facts} />}
      {events.map(({ event, values }, index) => (
        <Pairs key={index} title={event} values={values} />
      ))}
    </li>
  );
}

function Pairs({
  title,
  values,
}: {
  readonly title?: string;
  readonly values: Readonly<Record<string, unknown>>;
}): ReactNode {
  const pairs = Object.entries(values);
  if (pairs.length === 0 && title === undefined) return null;
  return (
    <p className={styles.pairs}>
      {title !== undefined && <b>{title} </b>}
      {pairs.map(([name, value]) => (
        <span key={name}>
          {name} <code>{String(value)}</code>
        </span>
      ))}
    </p>
  );
}
