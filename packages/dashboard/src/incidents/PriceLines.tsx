/** Prices of the market that moves most, moment by moment, on one scale for both sides; what is still to come is not drawn. */
import type { MarketFrame, Step } from "@bulkhead/simulator/stories";
import type { ReactNode } from "react";
import { Figure, Key } from "../charts/Figure.tsx";
import { compact } from "../ui/text.ts";
import styles from "./PriceLines.module.css";
import { type Bounds, marketIn } from "./scale.ts";

const HEIGHT = 120;
const WIDTH = 400;
const EDGE = 6;

const LINES = [
  { of: "truth", name: "true", token: "--series-3", dash: "3 4" },
  { of: "index", name: "index", token: "--series-2", dash: undefined },
  { of: "mark", name: "mark", token: "--series-1", dash: undefined },
] as const satisfies readonly {
  readonly of: keyof MarketFrame;
  readonly name: string;
  readonly token: `--${string}`;
  readonly dash: string | undefined;
}[];

export interface PriceLinesProps {
  readonly steps: readonly Step[];
  readonly at: number;
  readonly bounds: Bounds;
  readonly name: string | undefined;
}

export function PriceLines({ steps, at, bounds, name = "the market" }: PriceLinesProps): ReactNode {
  const { market, least, most, steps: length } = bounds;
  const shown = steps.slice(0, at + 1).map((step) => marketIn(step, market));
  const now = shown.at(-1);
  // Where prices differ by tens, the small ones would lie on the ground of a linear scale.
  const isRatio = least > 0 && most / least > 20;
  const place = (price: number): number => {
    const part = isRatio
      ? Math.log(price / least) / Math.log(most / least)
      : most > least
        ? (price - least) / (most - least)
        : 0.5;
    return HEIGHT - EDGE - part * (HEIGHT - 2 * EDGE);
  };
  const across = (index: number): number => (length > 1 ? (index / (length - 1)) * WIDTH : 0);
  return (
    <Figure
      caption={`Prices of ${name}, USD${isRatio ? ", ratio scale" : ""}`}
      height={HEIGHT}
      legend={LINES.map(({ of, name: text, token }) => (
        <Key
          key={of}
          token={token}
          name={text}
          value={now === undefined || now[of] === 0 ? "–" : priceText(now[of])}
        />
      ))}
      table={{
        columns: ["Step", ...LINES.map(({ name: text }) => `${text}, USD`)],
        rows: shown.map((frame, index) => [
          String(index + 1),
          ...LINES.map(({ of }) => (frame === undefined || frame[of] === 0 ? "–" : priceText(frame[of]))),
        ]),
      }}
    >
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" className={styles.lines}>
        {[least, most].map((price, index) => (
          <line
            key={index}
            x1="0"
            x2={WIDTH}
            y1={place(price || 1)}
            y2={place(price || 1)}
            className={styles.bound}
          />
        ))}
        {LINES.map(({ of, token, dash }) => (
          <path
            key={of}
            d={pathOf(
              shown.map((frame, index) =>
                frame === undefined || frame[of] <= 0 ? undefined : [across(index), place(frame[of])],
              ),
            )}
            stroke={`var(${token})`}
            strokeDasharray={dash}
            className={styles.line}
          />
        ))}
        <line x1={across(at)} x2={across(at)} y1="0" y2={HEIGHT} className={styles.now} />
      </svg>
      <span className={styles.most}>{priceText(most)}</span>
      <span className={styles.least}>{priceText(least)}</span>
    </Figure>
  );
}

/** Prices are stepped: each holds until the next moment. */
function pathOf(points: readonly (readonly [x: number, y: number] | undefined)[]): string {
  let path = "";
  let isDown = false;
  for (const point of points) {
    if (point === undefined) {
      isDown = false;
      continue;
    }
    const [x, y] = point.map((value) => value.toFixed(1));
    path += isDown ? `H${x}V${y}` : `M${x} ${y}`;
    isDown = true;
  }
  return path;
}

function priceText(price: number): string {
  return Math.abs(price) >= 1 ? compact(price) : price.toPrecision(3).replace(/\.?0+$/, "");
}
