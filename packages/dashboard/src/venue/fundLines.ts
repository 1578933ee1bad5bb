/** Balances of layers as lines over the same times: a layer holds what it held until something moves it. */
import type { FundPoint } from "@bulkhead/protocol";

export interface FundLines {
  /** ms since the epoch, ascending. */
  readonly times: readonly number[];
  /** By layer, in the order of `layers`; null = before it is known. */
  readonly values: readonly (readonly (number | null)[])[];
}

/**
 * @param points - oldest first; an interval in which nothing moved has none
 * @param now - what each layer holds now, and when: the last point of every line
 */
export function fundLinesOf<Layer extends string>(
  points: readonly FundPoint[],
  layers: readonly Layer[],
  now: { readonly time: number; readonly balances: Readonly<Partial<Record<Layer, string>>> } | undefined,
): FundLines {
  const times = [...new Set(points.map(({ start }) => start))].toSorted((one, other) => one - other);
  const byTime = new Map<number, FundPoint[]>();
  for (const point of points) byTime.set(point.start, [...(byTime.get(point.start) ?? []), point]);
  const isLater = now !== undefined && now.time > (times.at(-1) ?? 0);
  const values = layers.map((layer) => {
    let held: number | null = null;
    const line = times.map((time) => {
      const point = byTime.get(time)?.find((each) => each.layer === layer);
      return (held = point === undefined ? held : Number(point.balance));
    });
    const balance = now?.balances[layer];
    return isLater ? [...line, balance === undefined ? held : Number(balance)] : line;
  });
  return { times: isLater ? [...times, now.time] : times, values };
}
