/** Figures over time. */
import { type ReactNode, useMemo } from "react";
import uPlot from "uplot";
import { compact, momentText } from "../ui/text.ts";
import { Figure, Key } from "./Figure.tsx";
import { axis, useUplot } from "./useUplot.ts";

export interface Line {
  readonly name: string;
  /** null = nothing is known there: the line has a hole. */
  readonly values: readonly (number | null)[];
  /** Of tokens.css: `--series-1`, `--up`, `--alarm`. */
  readonly token: `--${string}`;
  /** Whether the room below is filled. */
  readonly isFilled?: boolean;
  readonly isDashed?: boolean;
  /** Holds its value until the next: balances, parameters. */
  readonly isStepped?: boolean;
}

export interface LineChartProps {
  readonly caption: string;
  readonly isCaptionHidden?: boolean;
  /** Of all lines, ms since the epoch, ascending. */
  readonly times: readonly number[];
  readonly lines: readonly Line[];
  /** Beside every value that is read. */
  readonly unit: string;
  readonly height?: number;
  /** How a value is written; three or four digits if not told. */
  readonly write?: (value: number) => string;
  /** The range starts at zero: for what fills up, not for prices. */
  readonly fromZero?: boolean;
}

export function LineChart({
  caption,
  isCaptionHidden = false,
  times,
  lines,
  unit,
  height = 180,
  write = compact,
  fromZero = false,
}: LineChartProps): ReactNode {
  const data = useMemo<uPlot.AlignedData>(
    () => [times.map((time) => time / 1_000), ...lines.map(({ values }) => [...values])],
    [times, lines],
  );
  const shape = JSON.stringify([lines, unit, fromZero], (key, value: unknown) =>
    key === "values" ? undefined : value,
  );
  const stage = useUplot(
    (colours) => ({
      legend: { show: false },
      cursor: { points: { size: 6 }, drag: { x: false, y: false } },
      padding: [8, 8, 0, 0],
      tzDate: (seconds) => utc(seconds),
      scales: { y: fromZero ? { range: (_, __, most) => [0, most > 0 ? most * 1.08 : 1] } : {} },
      axes: [
        axis(colours, { space: 80, values: (_, splits, __, ___, step) => splits.map(timeText(step)) }),
        axis(colours, { size: 56, space: 32, values: (_, splits) => splits.map((value) => write(value)) }),
      ],
      series: [
        {},
        ...lines.map(
          ({ name, token, isFilled = false, isDashed = false, isStepped = false }): uPlot.Series => {
            const stroke = colours.of(token);
            return {
              label: name,
              stroke,
              width: 1.5,
              points: { show: false },
              ...(isFilled && { fill: `color-mix(in srgb, ${stroke} 14%, transparent)` }),
              ...(isDashed && { dash: [4, 4] }),
              ...(isStepped && steps()),
            };
          },
        ),
      ],
    }),
    shape,
    data,
    height,
  );
  const last = times.length - 1;
  return (
    <Figure
      caption={caption}
      isCaptionHidden={isCaptionHidden}
      stage={stage}
      height={height}
      legend={lines.map(({ name, token, values }) => {
        const value = values[last];
        return (
          <Key
            key={name}
            token={token}
            name={name}
            value={value === null || value === undefined ? "–" : `${write(value)} ${unit}`}
          />
        );
      })}
      table={{
        columns: ["Time", ...lines.map(({ name }) => `${name}, ${unit}`)],
        rows: times.map((time, at) => [
          momentText(time),
          ...lines.map(({ values }) =>
            values[at] === null || values[at] === undefined ? "–" : write(values[at]),
          ),
        ]),
      }}
    />
  );
}

const DAY_S = 86_400;

/** The day where marks lie days apart, else the time of day; UTC. @param step - between two marks, s */
function timeText(step: number): (seconds: number) => string {
  return (seconds) => {
    const text = new Date(seconds * 1_000).toISOString();
    return step >= DAY_S ? text.slice(5, 10) : step >= 60 ? text.slice(11, 16) : text.slice(11, 19);
  };
}

/** Drawn at UTC on every machine: the page says so, and the fallback's times agree. */
function utc(seconds: number): Date {
  const at = new Date(seconds * 1_000);
  return new Date(at.getTime() + at.getTimezoneOffset() * 60_000);
}

function steps(): Pick<uPlot.Series, "paths"> {
  const stepped = uPlot.paths.stepped?.({ align: 1 });
  return stepped === undefined ? {} : { paths: stepped };
}
