/** Very many values as one picture: a cell each, drawn at once. What a cell is, is told where the pointer stands. */
import { type PointerEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { useTheme } from "../ui/theme.ts";
import { Figure, type FigureTable } from "./Figure.tsx";
import styles from "./Figure.module.css";
import { type Ramp, rampOf } from "./ramp.ts";

export interface HeatMapProps {
  readonly caption: string;
  readonly isCaptionHidden?: boolean;
  /** Row by row, from 0 to 1: where on the ramp; NaN = an empty cell. */
  readonly values: ArrayLike<number>;
  readonly columns: number;
  /** `danger`: calm to alarming; `amount`: little to much. Both are read without telling red from green, and lightness says the same. */
  readonly ramp?: Ramp;
  readonly height?: number;
  /** What a cell is, in words, with its numbers and units. */
  readonly tell: (index: number) => string;
  readonly legend?: ReactNode;
  /** What the picture shows, in a few rows. */
  readonly table: FigureTable;
}

export function HeatMap({
  caption,
  isCaptionHidden = false,
  values,
  columns,
  ramp = "danger",
  height = 200,
  tell,
  legend,
  table,
}: HeatMapProps): ReactNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { theme } = useTheme();
  const rows = Math.max(1, Math.ceil(values.length / columns));
  const [pointed, setPointed] = useState<{
    readonly x: number;
    readonly y: number;
    readonly index: number;
  }>();

  useEffect(() => {
    const frame = requestAnimationFrame(() => {
      const context = canvas.current?.getContext("2d");
      if (context === null || context === undefined) return;
      const image = context.createImageData(columns, rows);
      const cells = new Uint32Array(image.data.buffer);
      const colours = rampOf(ramp, theme);
      for (let index = 0; index < values.length; index++) {
        const value = values[index] as number;
        if (!Number.isNaN(value))
          cells[index] = colours[Math.round(Math.min(1, Math.max(0, value)) * 255)] as number;
      }
      context.putImageData(image, 0, 0);
    });
    return () => cancelAnimationFrame(frame);
  }, [values, columns, rows, ramp, theme]);

  const point = (event: PointerEvent<HTMLCanvasElement>): void => {
    const box = event.currentTarget.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    const index = Math.floor((y / box.height) * rows) * columns + Math.floor((x / box.width) * columns);
    setPointed(index >= 0 && index < values.length ? { x, y, index } : undefined);
  };
  return (
    <Figure caption={caption} isCaptionHidden={isCaptionHidden} height={height} legend={legend} table={table}>
      <canvas
        ref={canvas}
        width={columns}
        height={rows}
        style={{ width: "100%", height: "100%", imageRendering: "pixelated" }}
        onPointerMove={point}
        onPointerLeave={() => setPointed(undefined)}
      />
      {pointed !== undefined && (
        <span
          className={styles.tip}
          style={{
            left: pointed.x,
            top: pointed.y,
            transform: `translate(${pointed.x > 160 ? "calc(-100% - 8px)" : "12px"}, 8px)`,
          }}
        >
          {tell(pointed.index)}
        </span>
      )}
    </Figure>
  );
}
