/** Who governs himself: the venue, and each of its tiers; and what is traded there. */
import { useMemo } from "react";
import { useClient } from "../live/venue.tsx";
import { worded } from "../ui/text.ts";

/** The name of a shard by its number; 0 = the venue. */
export function useShardNames(): (tier: number) => string {
  const tiers = useClient()?.venue.names.tiers;
  return useMemo(() => {
    const names = new Map((tiers ?? []).map(({ tier, name }) => [tier, worded(name)]));
    return (tier) => (tier === 0 ? "venue" : (names.get(tier) ?? `tier ${tier}`));
  }, [tiers]);
}

/** The symbol of a market by its tier and number. */
export function useSymbols(): (tier: number, market: number) => string {
  const instruments = useClient()?.venue.names.instruments;
  return (tier, market) =>
    instruments?.find((each) => each.tier === tier && each.market === market)?.symbol ?? `market ${market}`;
}
