/** How the page and the venue stand to each other, told as it is: what is shown is of which command, and whether it may be out of date. */
import type { ReactNode } from "react";
import type { Connection, Phase } from "../live/live.ts";
import { useConnection } from "../live/venue.tsx";
import { When } from "../ui/When.tsx";
import { clockText, duration, momentText } from "../ui/text.ts";
import styles from "./ConnectionState.module.css";

const WORDS: Readonly<Record<Phase, string>> = {
  connecting: "Connecting",
  live: "Live",
  stale: "Stale",
  lost: "Lost",
};

export function ConnectionState(): ReactNode {
  const { phase, sequence, time, heardAt } = useConnection();
  const silent = heardAt === 0 ? 0 : Math.max(0, Date.now() - heardAt);
  return (
    <div
      className={styles.state}
      data-phase={phase}
      title={
        sequence === 0
          ? WORDS[phase]
          : `${WORDS[phase]}: what is shown is of command ${sequence.toLocaleString("en-US")}, ${momentText(time)}`
      }
    >
      <span className={styles.dot} aria-hidden="true" />
      <span className={styles.word} role="status">
        {WORDS[phase]}
      </span>
      {phase !== "live" && silent >= 1_000 && <span className={styles.figure}>{duration(silent)}</span>}
      {sequence > 0 && (
        <span className={styles.more}>
          <span className={styles.figure}>#{sequence.toLocaleString("en-US")}</span>
          <span className={styles.figure}>{clockText(time)}</span>
        </span>
      )}
    </div>
  );
}

/** Across the page, while what is shown may not be true any more. */
export function ConnectionBanner(): ReactNode {
  const { phase, sequence, time, reason } = useConnection(whatIsWrong);
  if (phase !== "lost" && phase !== "stale") return null;
  return (
    <div className={styles.banner} role="alert">
      <strong>
        {phase === "lost" ? "The connection to the node is lost." : "The node has fallen silent."}
      </strong>{" "}
      {sequence > 0 ? (
        <>
          What is shown was true after command #{sequence.toLocaleString("en-US")} (
          <When at={time} as="moment" />) and may not be now.
        </>
      ) : (
        "Nothing could be read from it yet."
      )}{" "}
      Trying again{reason === undefined || reason === "" ? "" : `: ${reason}`}.
    </div>
  );
}

const whatIsWrong = ({
  phase,
  sequence,
  time,
  reason,
}: Connection): Pick<Connection, "phase" | "sequence" | "time" | "reason"> =>
  phase === "lost" || phase === "stale" ? { phase, sequence, time, reason } : NOTHING_WRONG;

const NOTHING_WRONG = { phase: "live", sequence: 0, time: 0, reason: undefined } as const;
