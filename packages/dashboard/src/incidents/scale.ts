/** What both sides are drawn to, so that they can be compared by eye. */
import type { MarketFrame, Step } from "@bulkhead/simulator/stories";

/** A market of a tier; 0 = none. */
export interface Chosen {
  readonly tier: number;
  readonly market: number;
}

export interface Bounds {
  /** The market that is drawn: the one whose prices move most, by the ratio of the highest to the lowest. */
  readonly market: Chosen | undefined;
  readonly least: number;
  readonly most: number;
  /** Largest balance a layer has had or sum it has paid, by tier and layer, dollars. */
  readonly layers: ReadonlyMap<string, number>;
  /** Tiers in which anything stands or happens. */
  readonly tiers: readonly number[];
  /** The longer of the two sides. */
  readonly steps: number;
}

export function layerKey(tier: number, layer: number): string {
  return `${tier}/${layer}`;
}

export function marketIn(step: Step | undefined, chosen: Chosen | undefined): MarketFrame | undefined {
  return step?.frame.tiers
    .find(({ tier }) => tier === chosen?.tier)
    ?.markets.find(({ market }) => market === chosen?.market);
}

/** @param steps - of both sides */
export function boundsOf(steps: readonly Step[]): Bounds {
  const layers = new Map<string, number>();
  const ranges = new Map<string, Chosen & { least: number; most: number }>();
  const tiers = new Set<number>();
  for (const { frame } of steps) {
    for (const { tier, markets, layers: its, backstopUsd, defaults } of frame.tiers) {
      for (const { layer, isShared, balanceUsd, paidUsd } of its) {
        const key = layerKey(tier, layer);
        layers.set(key, Math.max(layers.get(key) ?? 0, balanceUsd, paidUsd));
        if (!isShared && balanceUsd + paidUsd > 0) tiers.add(tier);
      }
      if (markets.length > 0 || backstopUsd > 0 || defaults > 0) tiers.add(tier);
      for (const { market, index, mark, truth } of markets) {
        const key = layerKey(tier, market);
        const range = ranges.get(key) ?? { tier, market, least: Infinity, most: 0 };
        for (const price of [index, mark, truth]) {
          if (price <= 0) continue;
          range.least = Math.min(range.least, price);
          range.most = Math.max(range.most, price);
        }
        ranges.set(key, range);
      }
    }
  }
  const moves = [...ranges.values()].filter(({ most }) => most > 0);
  const chosen = moves.toSorted((one, other) => other.most / other.least - one.most / one.least)[0];
  return {
    market: chosen && { tier: chosen.tier, market: chosen.market },
    least: chosen?.least ?? 0,
    most: chosen?.most ?? 0,
    layers,
    tiers: [...tiers].toSorted((one, other) => one - other),
    steps: steps.reduce((most, { index }) => Math.max(most, index + 1), 0),
  };
}
