/** How much may leave the venue now, for everybody together: the windows of the throttle, and its queue. */
import type { ReactNode } from "react";
import { useRoute } from "../live/route.ts";
import { Meter } from "../ui/Meter.tsx";
import { Loading } from "../ui/Skeleton.tsx";
import { compact, grouped } from "../ui/text.ts";
import styles from "./account.module.css";

/** The part of a window that is little to be left. */
const LITTLE = 0.2;

export function Throttle(): ReactNode {
  const { data } = useRoute("risk", {}, { everyMs: 5_000 });
  if (data === undefined) return <Loading lines={3} />;
  const { enabled, hour, day, queue } = data.throttle;
  if (!enabled) return <p className={styles.note}>Withdrawals are not throttled now.</p>;
  return (
    <div className={styles.throttle}>
      <Window name="an hour" window={hour} />
      <Window name="a day" window={day} />
      <div>
        <span>Waiting in the queue</span>
        <span>
          {queue.count === 0
            ? "nothing"
            : `${queue.count.toLocaleString("en-US")}, together ${compact(Number(queue.value))} USD`}
        </span>
      </div>
    </div>
  );
}

function Window({
  name,
  window,
}: {
  readonly name: string;
  readonly window: { readonly free: string; readonly limit: string } | null;
}): ReactNode {
  if (window === null) return null;
  const [free, limit] = [Number(window.free), Number(window.limit)];
  return (
    <>
      <div>
        <span>May leave the venue now, of what may within {name}</span>
        <span>
          {compact(free)} of {compact(limit)} USD
        </span>
      </div>
      <Meter
        label={`May leave now, of what may within ${name}`}
        value={free}
        max={limit}
        text={`${grouped(window.free, 2)} of ${grouped(window.limit, 2)} USD`}
        tone={free < limit * LITTLE ? "caution" : "accent"}
      />
    </>
  );
}
