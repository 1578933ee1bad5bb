/** Controls of the player: they stay in sight while one scrolls through what is told. */
import type { Step } from "@bulkhead/simulator/stories";
import type { Dispatch, ReactNode } from "react";
import { Button } from "../ui/Button.tsx";
import { Select } from "../ui/Select.tsx";
import { useShortcut } from "../ui/shortcuts.tsx";
import { type Move, type Player, SPEEDS, speedIn } from "./player.ts";
import styles from "./Transport.module.css";
import type { Telling } from "./useStories.ts";

export interface TransportProps {
  readonly player: Player;
  readonly move: Dispatch<Move>;
  /** The act of every step told, for the marks on the bar. */
  readonly times: readonly Step["act"][];
  readonly phase: Telling["phase"];
  readonly ms: number;
  readonly onStop: () => void;
  readonly onAgain: () => void;
}

export function Transport({ player, move, times, phase, ms, onStop, onAgain }: TransportProps): ReactNode {
  const { at, told, isPlaying, speed } = player;
  const isNothing = told === 0;
  useShortcut(" ", "Play or pause", () => move({ move: "toggle" }));
  useShortcut("ArrowRight", "One step on", () => move({ move: "step", by: 1 }));
  useShortcut("ArrowLeft", "One step back", () => move({ move: "step", by: -1 }));
  useShortcut("Home", "To the first step", () => move({ move: "first" }));
  useShortcut("End", "To the last step told", () => move({ move: "last" }));
  const begun = times.indexOf("attack");
  return (
    <section className={styles.bar} aria-label="Player">
      <div className={styles.buttons}>
        <Button
          size="small"
          aria-label="First step"
          title="First step (Home)"
          disabled={isNothing}
          onClick={() => move({ move: "first" })}
        >
          <Sign name="first" />
        </Button>
        <Button
          size="small"
          aria-label="Step back"
          title="Step back (←)"
          disabled={at === 0}
          onClick={() => move({ move: "step", by: -1 })}
        >
          <Sign name="back" />
        </Button>
        <Button
          look="primary"
          aria-label={isPlaying ? "Pause" : "Play"}
          title={`${isPlaying ? "Pause" : "Play"} (space)`}
          disabled={isNothing}
          onClick={() => move({ move: "toggle" })}
          className={styles.play}
        >
          <Sign name={isPlaying ? "pause" : "play"} />
          {isPlaying ? "Pause" : "Play"}
        </Button>
        <Button
          size="small"
          aria-label="Step on"
          title="Step on (→)"
          disabled={at + 1 >= told}
          onClick={() => move({ move: "step", by: 1 })}
        >
          <Sign name="on" />
        </Button>
        <Button
          size="small"
          aria-label="Last step told"
          title="Last step told (End)"
          disabled={isNothing}
          onClick={() => move({ move: "last" })}
        >
          <Sign name="last" />
        </Button>
      </div>
      <label className={styles.scrub}>
        <span className="visually-hidden">Step</span>
        <input
          type="range"
          min={1}
          max={Math.max(1, told)}
          value={at + 1}
          disabled={told < 2}
          aria-valuetext={`Step ${at + 1} of ${told}`}
          onChange={({ target }) => move({ move: "scrub", to: Number(target.value) - 1 })}
        />
        {begun > 0 && told > 1 && (
          <span className={styles.mark} aria-hidden="true">
            <i style={{ left: `${(begun / (told - 1)) * 100}%` }} title="The attack begins" />
          </span>
        )}
      </label>
      <span className={styles.count} aria-live="off">
        step <b>{isNothing ? 0 : at + 1}</b> of {told}
        {phase === "telling" && "…"}
      </span>
      <div className={styles.speed}>
        <Select
          label="Speed"
          isLabelHidden
          value={String(speed)}
          options={SPEEDS.map((each) => ({ value: String(each), text: `${each}×` }))}
          onChange={(value) => move({ move: "speed", speed: speedIn(value) })}
        />
      </div>
      <span className={styles.engine} role="status">
        {phase === "telling" && (
          <>
            <progress aria-label="The engine is computing" /> engine at step {told}
            <Button size="small" look="quiet" onClick={onStop}>
              Cancel
            </Button>
          </>
        )}
        {phase === "told" && `both sides computed in ${(ms / 1_000).toFixed(1)} s`}
        {phase === "stopped" && (
          <>
            stopped at step {told}
            <Button size="small" look="quiet" onClick={onAgain}>
              Compute again
            </Button>
          </>
        )}
      </span>
    </section>
  );
}

const SIGNS = {
  first: "M5 5v14M19 5l-10 7 10 7z",
  back: "M17 5L7 12l10 7z",
  play: "M7 4l13 8-13 8z",
  pause: "M8 5v14M16 5v14",
  on: "M7 5l10 7-10 7z",
  last: "M19 5v14M5 5l10 7-10 7z",
} as const;

/** Drawn, because not every font has these signs. */
function Sign({ name }: { readonly name: keyof typeof SIGNS }): ReactNode {
  return (
    <svg width="12" height="12" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path
        d={SIGNS[name]}
        fill={name === "pause" ? "none" : "currentColor"}
        stroke="currentColor"
        strokeWidth={name === "pause" ? 5 : 2.5}
        strokeLinejoin="round"
      />
    </svg>
  );
}
