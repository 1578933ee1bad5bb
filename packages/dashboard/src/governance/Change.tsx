/** What a proposal would change: before and after, each with its unit, and whether that is safer. */
import type { Proposal } from "@bulkhead/protocol";
import type { ReactNode } from "react";
import { Badge } from "../ui/Badge.tsx";
import { Sign, StateBadge } from "../ui/Sign.tsx";
import { grouped, worded } from "../ui/text.ts";
import styles from "./GovernancePage.module.css";
import { rawText, valueText } from "./values.ts";

const DIRECTION_TEXT: Readonly<Record<string, string>> = {
  tightening: "It makes the venue safer",
  loosening:
    "It makes the venue less safe: bounded, at most once a week, and only if a stress is no worse for it",
  neutral: "It is neither safer nor less safe, and is bounded and delayed like a loosening",
  same: "It changes nothing",
};

export function Change({ proposal: { change, command } }: { readonly proposal: Proposal }): ReactNode {
  if (change === null)
    return (
      <div className={styles.change}>
        <Badge title="It has no order from loose to tight: it is announced, and guardians may cancel it">
          <Sign form="level" />
          no direction
        </Badge>
        <Fields command={command} />
      </div>
    );
  const { parameter, before, after, direction } = change;
  return (
    <div className={styles.change}>
      <StateBadge state={direction} title={DIRECTION_TEXT[direction]} />
      <dl className={styles.diff}>
        <div>
          <dt>now</dt>
          <dd title={rawText(parameter, before)} className={styles.before}>
            {valueText(parameter, before)}
          </dd>
        </div>
        <span aria-hidden="true" className={styles.arrow}>
          →
        </span>
        <div>
          <dt>then</dt>
          <dd title={rawText(parameter, after)} className={styles.after}>
            {valueText(parameter, after)}
          </dd>
        </div>
      </dl>
      <p className={styles.faint}>{DIRECTION_TEXT[direction]}.</p>
    </div>
  );
}

/** The very fields that would be carried out. */
function Fields({ command }: { readonly command: Proposal["command"] }): ReactNode {
  if (command === null)
    return <p className={styles.faint}>Its command is not known to this node any more.</p>;
  const fields = Object.entries(command).filter(([name]) => name !== "kind" && name !== "time");
  return (
    <dl className={styles.fields}>
      {fields.map(([name, value]) => (
        <div key={name}>
          <dt>{worded(name)}</dt>
          <dd>{typeof value === "number" ? grouped(String(value)) : String(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

/** What it is about, in a few words. */
export function subjectOf({ change, command }: Pick<Proposal, "change" | "command">): string {
  return worded(change?.parameter ?? command?.kind ?? "a command that is not known any more");
}
