/** What the quality of a market's price forbids. */
import { refuse } from "./refusal.ts";
import { FEED_KIND } from "./terms.ts";
import type { Market } from "./venue.ts";
import { feedOf } from "./world.ts";

/** The actions, one bit each. */
export const FORBIDS = { open: 1, reduce: 2, withdraw: 4, liquidate: 8, fund: 16, take: 32 } as const;

export function isForbidden({ forbids }: Market, action: number): boolean {
  return Math.floor(forbids / action) % 2 === 1;
}

export function priceMustAllow(market: Market, ...actions: readonly number[]): void {
  if (!actions.some((action) => isForbidden(market, action))) return;
  const { quality, age } = feedOf(market.tier, FEED_KIND.market, market.id);
  refuse("price_forbids", quality, age, market.forbids);
}
