/** What a check came to: whether the log stands, by what one can compare it, and where it does not. */
import { type ReactNode, useState } from "react";
import { Badge } from "../ui/Badge.tsx";
import { Copy } from "../ui/Copy.tsx";
import { Field } from "../ui/Field.tsx";
import { Columns } from "../ui/Page.tsx";
import { Stat } from "../ui/Stat.tsx";
import type { Report } from "./messages.ts";
import styles from "./Verify.module.css";

const SHOWN = 5;

export function Outcome({ report: { check, how, entries } }: { readonly report: Report }): ReactNode {
  const { problem, place, cutOffAt, batches, commands } = check;
  const findings = "findings" in check ? check.findings : [];
  const stands = problem === undefined && findings.length === 0 && commands > 0;
  return (
    <div className={styles.outcome} data-verdict={stands ? "stands" : "falls"}>
      <p className={stands ? styles.good : styles.bad}>
        {verdictOf(stands, how, commands, entries.length > 0)}
      </p>
      {problem !== undefined && (
        <div role="alert" className={styles.problem}>
          <p>{problem}</p>
          {place !== undefined && (
            <p className={styles.note}>
              First difference: <code>{place.segment}</code>, byte{" "}
              <b data-at>{place.at.toLocaleString("en-US")}</b>
              {place.command !== undefined && (
                <>, where command #{place.command.toLocaleString("en-US")} begins its batch</>
              )}
            </p>
          )}
        </div>
      )}
      {findings.slice(0, SHOWN).map(({ invariant, where, expected, found }, index) => (
        <p key={index} className={styles.bad}>
          Invariant {invariant} does not hold at {where}: expected {expected}, found {found}
        </p>
      ))}
      {cutOffAt !== undefined && (
        <p className={styles.note}>
          A batch is cut off at byte {cutOffAt.toLocaleString("en-US")} of the last segment: it is just being
          written, nobody was told of it – or it was damaged later, which only those who were told of its
          commands can know.
        </p>
      )}
      <Columns least={170}>
        <Stat label="Batches whose sums and links are right">{batches.toLocaleString("en-US")}</Stat>
        {"stateHash" in check ? (
          <>
            <Stat label="Batches whose receipts are the engine's">{batches.toLocaleString("en-US")}</Stat>
            <Stat label="Commands refused, as they were then">{check.refused.toLocaleString("en-US")}</Stat>
            <Stat label="Invariants">
              <Badge tone={findings.length === 0 ? "calm" : "alarm"}>
                {findings.length === 0 ? "✓ all hold" : `✗ ${findings.length} broken`}
              </Badge>
            </Stat>
            <Stat label="State hash" note={`after #${commands.toLocaleString("en-US")}`}>
              <Copy text={check.stateHash} label="state hash" />
            </Stat>
            <Stat label="Head of the receipts">
              <Copy text={check.head} label="head of the receipts" />
            </Stat>
          </>
        ) : (
          <Stat label="Commands in it">
            {"first" in check && commands > 0
              ? `#${check.first.toLocaleString("en-US")} to #${check.last.toLocaleString("en-US")}`
              : "none"}
          </Stat>
        )}
      </Columns>
      {"stateHash" in check && <Compare hashes={[check.stateHash, check.head]} commands={commands} />}
    </div>
  );
}

/** With what somebody else has computed, or was told by the venue. */
function Compare({
  hashes,
  commands,
}: {
  readonly hashes: readonly string[];
  readonly commands: number;
}): ReactNode {
  const [told, setTold] = useState("");
  const wanted = told.trim().toLowerCase().replace(/^0x/, "");
  const isAlike = hashes.includes(wanted);
  return (
    <div className={styles.compare}>
      <Field
        label={`A hash you were told for command #${commands.toLocaleString("en-US")}`}
        hint="state hash or head, from bulkhead verify or a watchtower"
        value={told}
        onChange={setTold}
        placeholder="64 hexadecimal digits"
        fault={
          wanted !== "" && !/^[\da-f]{0,64}$/.test(wanted) ? "These are not hexadecimal digits" : undefined
        }
      />
      {wanted.length === 64 && (
        <p role="status">
          <Badge tone={isAlike ? "calm" : "alarm"}>{isAlike ? "✓ the same" : "✗ another one"}</Badge>
        </p>
      )}
    </div>
  );
}

function verdictOf(stands: boolean, how: Report["how"], commands: number, isPart: boolean): string {
  const count = commands.toLocaleString("en-US");
  if (commands === 0 && !stands) return "✗ Nothing of this log could be checked.";
  if (!stands)
    return `✗ This log does not stand. Up to command ${how === "executed" ? `#${count}` : `${count} of it`} it is in order.`;
  if (how === "walked")
    return `✓ ${count} commands: every sum is right and every batch links to the one before it. Nothing was executed: the first command is not among them.`;
  if (isPart) return `✓ Every receipt up to command #${count} is the one the log was written with.`;
  return `✓ ${count} commands executed again: every receipt is the one the log was written with, and every invariant holds.`;
}
