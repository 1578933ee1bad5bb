/** The amount as a part of the largest order that the node would take now: it is asked, for only it knows the rules. */
import type { Instrument, Preview } from "@bulkhead/protocol";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useClient } from "../live/venue.tsx";
import { useToast } from "../ui/Toast.tsx";
import styles from "./AmountSlider.module.css";
import { type Draft, partOf, read } from "./draft.ts";
import { largestOf } from "./largest.ts";

/** How long an answer is good for, ms. */
const GOOD_MS = 5_000;
const STOPS = [25, 50, 75, 100] as const;

const textOf = (stop: number): string => (stop === 100 ? "max" : `${stop} %`);

export interface AmountSliderProps {
  readonly instrument: Instrument;
  readonly draft: Draft;
  readonly account: number | undefined;
  readonly onAmount: (amount: string) => void;
}

export function AmountSlider({ instrument, draft, account, onAmount }: AmountSliderProps): ReactNode {
  const [percent, setPercent] = useState(0);
  const { largest, isAsking } = useLargest(instrument, draft, account);
  const wanted = useRef(0);
  // Whoever types an amount leaves the slider behind.
  useEffect(() => {
    if (draft.amount === "") setPercent(0);
  }, [draft.amount]);
  const fill = async (to: number): Promise<void> => {
    const lots = await largest();
    if (lots !== undefined && wanted.current === to) onAmount(partOf(instrument, lots, to));
  };
  const move = (to: number): void => {
    setPercent(to);
    wanted.current = to;
    void fill(to);
  };
  const isOff = account === undefined;
  return (
    <div className={styles.slider} aria-busy={isAsking || undefined}>
      <input
        type="range"
        min="0"
        max="100"
        step="1"
        value={percent}
        disabled={isOff}
        aria-label="Amount, percent of the largest order the venue would take now"
        aria-valuetext={`${percent} percent`}
        onChange={(event) => move(Number(event.target.value))}
      />
      <div className={styles.stops}>
        {STOPS.map((stop) => (
          <button
            key={stop}
            type="button"
            disabled={isOff}
            aria-label={`${textOf(stop)}: part of the largest order`}
            onClick={() => move(stop)}
          >
            {textOf(stop)}
          </button>
        ))}
      </div>
    </div>
  );
}

interface Largest {
  /** In lots; undefined if the node did not say. */
  readonly largest: () => Promise<number | undefined>;
  readonly isAsking: boolean;
}

function useLargest(instrument: Instrument, draft: Draft, account: number | undefined): Largest {
  const client = useClient();
  const toast = useToast();
  const [isAsking, setAsking] = useState(false);
  const kept = useRef<{
    readonly key: string;
    readonly at: number;
    readonly answer: Promise<number | undefined>;
  }>(undefined);
  const { request, faults } = read({ ...draft, amount: instrument.lotSize }, instrument, account ?? 1);
  const key = JSON.stringify(request);

  const find = async (): Promise<number | undefined> => {
    if (client === undefined || request === undefined) return undefined;
    setAsking(true);
    let last: Preview | undefined;
    try {
      const lots = await largestOf(request, instrument, async (order) => {
        const preview = await client.call("preview", { body: order });
        if (preview.outcome !== "accepted") last = preview;
        return preview.outcome === "accepted";
      });
      if (lots === 0)
        toast({
          tone: "caution",
          title: "Not even one lot would be taken",
          detail: last?.outcome.replaceAll("_", " "),
        });
      return lots;
    } catch (error) {
      toast({ tone: "caution", title: "The largest order is not known", detail: (error as Error).message });
      return undefined;
    } finally {
      setAsking(false);
    }
  };
  const largest = (): Promise<number | undefined> => {
    if (request === undefined) {
      const [fault] = Object.values(faults);
      toast({ tone: "caution", title: "The price comes first", detail: fault });
      return Promise.resolve(undefined);
    }
    const now = Date.now();
    if (kept.current?.key !== key || now - kept.current.at > GOOD_MS)
      kept.current = { key, at: now, answer: find() };
    return kept.current.answer;
  };
  return { largest, isAsking };
}
