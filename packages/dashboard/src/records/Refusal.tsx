/** Why the venue says no, in its own words and with the numbers that explain it. */
import { ProblemError } from "@bulkhead/sdk";
import type { ReactNode } from "react";
import { useRoute } from "../live/route.ts";
import { Fault } from "../ui/Fault.tsx";
import { type Units, factTexts } from "./facts.ts";
import styles from "./records.module.css";

/** Something that was tried and failed; a refusal of the venue's is told in units people read. */
export function Failure({
  error,
  what,
  ...units
}: Units & { readonly error: unknown; readonly what: string }): ReactNode {
  if (!(error instanceof ProblemError) || error.refusal === undefined)
    return <Fault error={error} what={what} />;
  return (
    <div className={styles.refusal} role="alert">
      <strong>{what}</strong>
      <Told refusal={error.refusal} facts={error.facts} words={error.problem.title} {...units} />
    </div>
  );
}

/** What the venue would say if it were asked now. */
export function WouldRefuse({
  refusal,
  facts,
  ...units
}: Units & { readonly refusal: string; readonly facts: Readonly<Record<string, number>> }): ReactNode {
  const { data } = useRoute("problem", { params: { name: refusal.replaceAll("_", "-") } });
  return (
    <div className={styles.refusal} role="status" data-tone="caution">
      <strong>The venue would refuse this</strong>
      <Told refusal={refusal} facts={facts} words={data?.title ?? refusal.replaceAll("_", " ")} {...units} />
    </div>
  );
}

function Told({
  refusal,
  facts,
  words,
  ...units
}: Units & {
  readonly refusal: string;
  readonly facts: Readonly<Record<string, number>>;
  readonly words: string;
}): ReactNode {
  const texts = factTexts(refusal, facts, units);
  return (
    <>
      <span>{words.charAt(0).toUpperCase() + words.slice(1)}.</span>
      {texts.length > 0 && (
        <dl>
          {texts.map(({ name, text }) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{text}</dd>
            </div>
          ))}
        </dl>
      )}
    </>
  );
}
