/** Something that went wrong, with the numbers that explain it. */
import { Icon } from "./Icon.tsx";
import type { ReactNode } from "react";
import { Button } from "./Button.tsx";
import styles from "./states.module.css";
import { grouped, worded } from "./text.ts";

/** What problems of the node and other errors have in common. */
interface Told {
  readonly message: string;
  readonly problem?: {
    readonly title: string;
    readonly detail: string;
    readonly retryAfterMs?: number | undefined;
  };
  readonly facts?: Readonly<Record<string, number>>;
  readonly path?: string | undefined;
}

export interface FaultProps {
  /** Whatever was thrown: a `ProblemError` is told with its facts. */
  readonly error: unknown;
  /** What could not be done, in words: "The order was not placed". */
  readonly what?: string;
  readonly onAgain?: (() => void) | undefined;
}

export function Fault({ error, what, onAgain }: FaultProps): ReactNode {
  const { message, problem, facts = {}, path } = toldOf(error);
  const title = what ?? problem?.title ?? "Something went wrong";
  const detail = what === undefined ? (problem?.detail ?? message) : (problem?.title ?? message);
  const numbers = Object.entries(facts);
  return (
    <div role="alert" className={styles.fault}>
      <p className={styles.faultTitle}>
        <Icon name="incidents" />
        {title}
      </p>
      {detail !== title && <p>{detail}</p>}
      {path !== undefined && path !== "" && (
        <p>
          at <code>{path}</code>
        </p>
      )}
      {numbers.length > 0 && (
        <dl className={styles.facts}>
          {numbers.map(([name, value]) => (
            <Fact key={name} name={name} value={value} />
          ))}
        </dl>
      )}
      {onAgain !== undefined && (
        <Button size="small" onClick={onAgain}>
          Try again
        </Button>
      )}
    </div>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: number }): ReactNode {
  return (
    <>
      <dt>{worded(name)}</dt>
      <dd>{grouped(String(value))}</dd>
    </>
  );
}

function toldOf(error: unknown): Told {
  return error instanceof Error ? error : { message: String(error) };
}
