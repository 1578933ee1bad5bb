/** A uPlot chart in a box that may change its size and its theme; new data are drawn with the next frame, without making it anew. */
import "uplot/dist/uPlot.min.css";
import { type RefObject, useEffect, useRef } from "react";
import uPlot from "uplot";
import { colour, useTheme } from "../ui/theme.ts";

export interface Colours {
  readonly text: string;
  readonly line: string;
  readonly of: (token: `--${string}`) => string;
}

/**
 * @param options - made anew when `shape` or the theme changes
 * @param shape - whatever the options depend on, as text
 * @returns where to draw
 */
export function useUplot(
  options: (colours: Colours) => Omit<uPlot.Options, "width" | "height">,
  shape: string,
  data: uPlot.AlignedData,
  height: number,
): RefObject<HTMLDivElement | null> {
  const stage = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const { theme } = useTheme();
  const latest = useRef({ options, data });
  latest.current = { options, data };

  useEffect(() => {
    const { current: box } = stage;
    if (box === null) return undefined;
    const colours: Colours = { text: colour("--text-faint"), line: colour("--line"), of: colour };
    const made = new uPlot(
      { ...latest.current.options(colours), width: Math.max(1, box.clientWidth), height },
      latest.current.data,
      box,
    );
    plot.current = made;
    const watcher = new ResizeObserver(() => {
      if (box.clientWidth > 0 && box.clientWidth !== made.width)
        made.setSize({ width: box.clientWidth, height });
    });
    watcher.observe(box);
    return () => {
      watcher.disconnect();
      plot.current = undefined;
      made.destroy();
    };
  }, [shape, theme, height]);

  useEffect(() => {
    const frame = requestAnimationFrame(() => plot.current?.setData(data));
    return () => cancelAnimationFrame(frame);
  }, [data]);

  return stage;
}

/** An axis in the theme's colours. */
export function axis(colours: Colours, more: Partial<uPlot.Axis> = {}): uPlot.Axis {
  return {
    stroke: colours.text,
    font: "11px 'Inter Variable', sans-serif",
    grid: { stroke: colours.line, width: 1 },
    ticks: { show: false },
    ...more,
  };
}
