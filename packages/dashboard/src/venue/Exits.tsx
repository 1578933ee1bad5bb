/** How much may leave the vault, how much has, and who waits; and whether the failure of the two largest would be covered. */
import type { Risk } from "@bulkhead/protocol";
import type { ReactNode } from "react";
import { Bars } from "../charts/Bars.tsx";
import { useNow } from "../live/venue.tsx";
import { Amount } from "../ui/Amount.tsx";
import { Empty } from "../ui/Empty.tsx";
import { Meter } from "../ui/Meter.tsx";
import { Panel } from "../ui/Panel.tsx";
import { StateBadge } from "../ui/Sign.tsx";
import { Stat } from "../ui/Stat.tsx";
import { compact, grouped } from "../ui/text.ts";
import { When } from "../ui/When.tsx";
import { THROTTLE_TEXT } from "./VaultBox.tsx";
import styles from "./VenuePage.module.css";

interface PartProps {
  readonly risk: Risk;
  readonly isStale: boolean;
}

export function Throttle({ risk: { throttle, sequence }, isStale }: PartProps): ReactNode {
  const now = useNow();
  const { enabled, posture, since, hour, day, queue } = throttle;
  const state = THROTTLE_TEXT[posture] ?? String(posture);
  return (
    <Panel
      title="Withdrawal throttle"
      note="what may leave the vault"
      isStale={isStale}
      sequence={sequence}
      actions={
        enabled ? (
          <StateBadge state={state} tone={posture === 0 ? "calm" : posture === 1 ? "caution" : "alarm"} />
        ) : (
          <StateBadge state="off" />
        )
      }
    >
      <div className={styles.rows}>
        <Window name="Within an hour" window={hour} />
        <Window name="Within a day" window={day} />
        <div className={styles.stats}>
          <Stat label="Waiting in the queue">{grouped(String(queue.count))}</Stat>
          <Stat label="Worth">
            <Amount value={queue.value} unit="USD" isShort />
          </Stat>
          <Stat label="The first was requested">
            <When at={queue.oldest} now={now} />
          </Stat>
        </div>
        <p className={styles.hint}>
          {posture === 0
            ? "No tier asks for more care than the vault takes anyway."
            : `Stricter than usual${since === null ? "" : " since the operator set it"}: the stricter of the vault's own posture and what its tiers ask for.`}{" "}
          What is free of the windows goes at once; the rest waits in order and goes as time gives room back.
          A window that is new, or whose limit has grown, begins without room.
        </p>
      </div>
    </Panel>
  );
}

function Window({
  name,
  window,
}: {
  readonly name: string;
  readonly window: { readonly free: string; readonly limit: string } | null;
}): ReactNode {
  if (window === null)
    return (
      <div>
        <span className={styles.windowName}>{name}</span>:{" "}
        <span className={styles.hint}>no limit is set</span>
      </div>
    );
  const [free, limit] = [Number(window.free), Number(window.limit)];
  return (
    <div className={styles.window}>
      <div className={styles.windowHead}>
        <span className={styles.windowName}>{name}</span>
        <span>
          <b>
            <Amount value={window.free} unit="USD" isShort isUnitHidden />
          </b>{" "}
          of <Amount value={window.limit} unit="USD" isShort /> free
        </span>
      </div>
      <Meter
        label={`Free ${name.toLowerCase()}`}
        value={free}
        max={limit}
        text={`${grouped(window.free)} of ${grouped(window.limit)} USD`}
        tone={free === 0 ? "alarm" : free < limit * 0.2 ? "caution" : "accent"}
      />
    </div>
  );
}

export function CoverTwo({ risk: { cover2, sequence }, isStale }: PartProps): ReactNode {
  const { needed, available, drawable, ratio, owners } = cover2;
  return (
    <Panel
      title="Cover-2"
      note="the two largest owners fail at once"
      isStale={isStale}
      sequence={sequence}
      actions={
        ratio === null ? undefined : (
          <StateBadge
            state={Number(ratio) < 1 ? "not covered" : "covered"}
            tone={Number(ratio) < 1 ? "alarm" : "calm"}
          />
        )
      }
    >
      {owners.length === 0 ? (
        <Empty title="Nobody's failure would cost anything">
          Were every market to jump by its stress move, no owner would lose more than he has.{" "}
          <Amount value={available} unit="USD" isShort /> stand ready.
        </Empty>
      ) : (
        <div className={styles.rows}>
          <div className={styles.stats}>
            <Stat label="Would cost" note="beyond what they have">
              <Amount value={needed} unit="USD" isShort />
            </Stat>
            <Stat label="Available" note={`of it two defaults draw ${compact(Number(drawable))} USD`}>
              <Amount value={available} unit="USD" isShort />
            </Stat>
            <Stat label="Available over needed">{ratio === null ? "–" : `× ${compact(Number(ratio))}`}</Stat>
          </div>
          <Bars
            caption="Losses of the two largest in the stress, USD"
            bars={owners.map((loss, index) => ({
              name: index === 0 ? "largest owner" : "second largest",
              value: Number(loss),
              text: `${compact(Number(loss))} USD`,
              token: "--series-2" as const,
            }))}
          />
        </div>
      )}
    </Panel>
  );
}
