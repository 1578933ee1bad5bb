/** How far a check is. */
import type { ReactNode } from "react";
import { Fault } from "../ui/Fault.tsx";
import { duration } from "../ui/text.ts";
import { bytesText } from "./bytes.ts";
import type { Progress } from "./messages.ts";
import type { Checking } from "./useCheck.ts";
import styles from "./Verify.module.css";

export function Running({
  checking: { phase, progress, report, error },
}: {
  readonly checking: Checking;
}): ReactNode {
  const now = report ?? progress;
  return (
    <div role="status" className={styles.running}>
      {phase === "running" && (
        <progress
          aria-label="Commands checked"
          max={1}
          {...(now !== undefined && now.of > 0 && { value: Math.min(1, now.commands / now.of) })}
        />
      )}
      {phase === "stopped" && (
        <p>
          Cancelled{now === undefined ? "" : ` after ${now.commands.toLocaleString("en-US")} commands`}.
          Nothing is said of the rest.
        </p>
      )}
      {phase === "failed" && <Fault error={error} what="The check could not be finished" />}
      {now !== undefined && phase !== "failed" && <p className={styles.pace}>{paceText(now)}</p>}
    </div>
  );
}

function paceText({ commands, of, ms, executingMs, stateBytes, readBytes }: Progress): string {
  const rate = Math.round(commands / ((executingMs || ms) / 1_000));
  return [
    `${commands.toLocaleString("en-US")}${of > 0 ? ` of ${of.toLocaleString("en-US")}` : ""} commands`,
    `${rate.toLocaleString("en-US")} a second while executing`,
    `${duration(ms)} in all`,
    `${bytesText(readBytes)} read`,
    stateBytes > 0 ? `room for a state of ${bytesText(stateBytes)} reserved in memory` : undefined,
  ]
    .filter((text) => text !== undefined)
    .join(" · ");
}
