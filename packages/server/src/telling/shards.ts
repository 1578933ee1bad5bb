/** Where a market and a tier stand: prices, layers, breakers. */
import {
  BREAKER,
  FORBID,
  POSTURE,
  SIGNAL,
  STATUS,
  type Venue,
  assetView,
  breakerView,
  markView,
  marketView,
  postureView,
  tierView,
} from "@bulkhead/engine";
import {
  type BreakerState,
  type Instrument,
  type LayerBalance,
  type PostureState,
  type Step,
  amountText,
  nameOf,
  stepOfPlaces,
  textOf,
  usdText,
} from "@bulkhead/protocol";
import { type Labels, orNull, pointsOrNull, priceOrNull } from "./labels.ts";

/** The asset that money of account is in. */
const QUOTE = 1;
const PPM: Step = stepOfPlaces(6);

/** What of a market both its page and its ticker tell. @throws {UnknownId} if it is not listed */
export function tellMarketState(venue: Venue, instrument: Instrument) {
  const { tier, market } = instrument;
  const view = marketView(venue, tier, market);
  const { level, trading } = breakerView(venue, tier, market);
  return {
    status: nameOf(STATUS, trading) ?? ("halted" as const),
    breaker: nameOf(BREAKER, level) ?? ("normal" as const),
    mark: priceOrNull(instrument, view.mark),
    index: pointsOrNull(instrument, markView(venue, tier, market).index),
    openInterest: amountText(instrument, view.openInterest),
    forbids: forbidden(view.forbids),
  };
}

/**
 * Layers of a tier's waterfall that hold something, in the order in which they bear a loss; those of the venue for tier 0.
 * @throws {UnknownId} if there is no such tier
 */
export function tellLayers(venue: Venue, tier: number): LayerBalance[] {
  const { skin: secondTranche, mutual } = assetView(venue, QUOTE);
  const shared = { secondTranche, mutual };
  const balances = tier === 0 ? shared : { ...ownLayers(venue, tier), ...shared };
  return (Object.entries(balances) as [LayerBalance["layer"], number][]).map(([layer, balance]) => ({
    layer,
    balance: usdText(balance),
  }));
}

function ownLayers(venue: Venue, tier: number) {
  const { skin: firstTranche, insurance, escrow: cover } = tierView(venue, tier);
  return { firstTranche, insurance, cover };
}

/** Where a tier and the breakers of its markets stand. @throws {UnknownId} if there is no such tier */
export function tellBreakers(
  venue: Venue,
  labels: Labels,
  tier: number,
): { posture: PostureState; markets: BreakerState[] } {
  const { posture, since, enabled, rule } = postureView(venue, tier);
  return {
    posture: { posture: nameOf(POSTURE, posture) ?? "normal", since: orNull(since), enabled, rule },
    markets: Array.from({ length: tierView(venue, tier).markets }, (_, index) => {
      const view = breakerView(venue, tier, index + 1);
      return {
        symbol: labels.symbol(tier, index + 1),
        level: nameOf(BREAKER, view.level) ?? "normal",
        since: orNull(view.since),
        signal: nameOf(SIGNAL, view.signal) ?? null,
        softScore: textOf(view.softScore, PPM),
        hardScore: textOf(view.hardScore, PPM),
        trips: view.trips,
      };
    }),
  };
}

/** What the bits of `FORBID` forbid. */
export function forbidden(bits: number): string[] {
  return Object.entries(FORBID)
    .filter(([, bit]) => (bits & bit) !== 0)
    .map(([name]) => name);
}
