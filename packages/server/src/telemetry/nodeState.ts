/** What alerts look at, from the venue's state and what the node knows of itself. */
import {
  STATUS,
  type Venue,
  breakerView,
  fundView,
  marketView,
  postureView,
  tierView,
  venueView,
} from "@bulkhead/engine";
import type { NodeState } from "./alerts.ts";

type Itself = Pick<NodeState, "log" | "divergence" | "viewsLagCommands" | "viewsLagMs" | "snapshotAgeMs">;

/** @param invariants - by "tier/market": the invariant of the market's latest quarantine, as its event told */
export function nodeStateOf(
  venue: Venue,
  itself: Itself,
  invariants: ReadonlyMap<string, number>,
): NodeState {
  const tiers = Array.from({ length: venueView(venue).tiers }, (_, index) => index + 1);
  const markets = tiers.flatMap((tier) =>
    Array.from({ length: tierView(venue, tier).markets }, (_, index) => ({ tier, market: index + 1 })),
  );
  return {
    ...itself,
    quarantined: markets
      .filter(({ tier, market }) => marketView(venue, tier, market).status === STATUS.quarantined)
      .map(({ tier, market }) => ({ tier, market, invariant: invariants.get(`${tier}/${market}`) ?? 0 })),
    breakers: markets.map(({ tier, market }) => ({
      tier,
      market,
      level: breakerView(venue, tier, market).level,
    })),
    postures: tiers.map((tier) => ({ tier, posture: postureView(venue, tier).posture })),
    funds: tiers.map((tier) => ({
      tier,
      insurance: tierView(venue, tier).insurance,
      target: fundView(venue, tier).target,
    })),
  };
}
