/** How a stage stands between two beats, in figures to be drawn. All money and prices are dollars. */
import {
  BREAKER,
  POSTURE,
  STATUS,
  assetView,
  balancesView,
  breakerView,
  bucketView,
  collateralView,
  marketView,
  postureView,
  throttleView,
  tierView,
  venueView,
} from "@bulkhead/engine";
import type { NamedMarket, Place } from "./beat.ts";
import { LAYER_NAMES } from "./diary.ts";
import { namesOf } from "./names.ts";

export interface MarketFrame {
  readonly market: number;
  readonly name: string;
  /** What the venue takes for the price, what it margins by, and what is true. 0 = there is none yet. */
  readonly index: number;
  readonly mark: number;
  readonly truth: number;
  /** At the mark. */
  readonly openInterestUsd: number;
  /** `normal`, `caution`, `reduceOnly`, `halt`, `auction`, `reopen`; `off` where none is configured. */
  readonly breaker: string;
  /** `open`, `reduceOnly`, `halted`, `settled`, `quarantined`. */
  readonly status: string;
}

/** A layer of the waterfall, in the order in which they pay. */
export interface LayerFrame {
  readonly layer: number;
  readonly name: string;
  /** True for what stands behind all tiers. */
  readonly isShared: boolean;
  /** Of winners' profits there is no balance: 0. */
  readonly balanceUsd: number;
  /** Paid for losses of this tier so far. */
  readonly paidUsd: number;
}

export interface TierFrame {
  readonly tier: number;
  readonly name: string;
  readonly posture: string;
  readonly markets: readonly MarketFrame[];
  readonly layers: readonly LayerFrame[];
  /** What the backstop is worth; 0 where there is none. */
  readonly backstopUsd: number;
  /** Buckets waiting to be liquidated, and defaults so far. */
  readonly distressed: number;
  readonly defaults: number;
}

/** An asset other than dollars. */
export interface AssetFrame {
  readonly asset: number;
  readonly name: string;
  readonly truth: number;
  /** What the first tier takes for its price where somebody is liquidated by it, and where something is lent on it. 0 = nothing. */
  readonly told: number;
  readonly lent: number;
}

export interface VaultFrame {
  /** What is really there, at true prices; negative where more was paid out than ever came in. */
  readonly heldUsd: number;
  /** What could be claimed of it; what never arrived is nobody's to claim. */
  readonly owedUsd: number;
  /** Of what is owed: principal, which is all but profits that nobody has realised. */
  readonly principalUsd: number;
  /** Asked for and waiting. */
  readonly queuedUsd: number;
}

export interface Frame {
  readonly tiers: readonly TierFrame[];
  readonly assets: readonly AssetFrame[];
  readonly vault: VaultFrame;
  /** True while what is there covers all principal, to the cent. */
  readonly isPrincipalPayable: boolean;
  readonly attackerGainUsd: number;
  readonly lossUsd: number;
}

const LEVELS = namesOf(BREAKER);
const POSTURES = namesOf(POSTURE);
const STATUSES = namesOf(STATUS);
const MICRO = 1e6;
const DOLLARS = 1;
const CENT = 0.01;

/** Reads a stage. Changes nothing. */
export function frameOf(place: Place): Frame {
  const { tiers } = venueView(place.engine.venue);
  const vault = vaultOf(place);
  const { attackerGain, loss } = place.tally();
  return {
    tiers: Array.from({ length: tiers }, (_, index) => tierOf(place, index + 1)),
    assets: assetsOf(place),
    vault,
    isPrincipalPayable: vault.principalUsd - vault.heldUsd < CENT,
    attackerGainUsd: attackerGain / MICRO,
    lossUsd: loss / MICRO,
  };
}

function tierOf(place: Place, tier: number): TierFrame {
  const { venue } = place.engine;
  const view = tierView(venue, tier);
  const { backstop, distressed, defaults } = view;
  return {
    tier,
    name: place.tiers[tier - 1] ?? `tier ${tier}`,
    posture: POSTURES[postureView(venue, tier).posture] ?? "",
    markets: place.markets.filter((each) => each.tier === tier).map((each) => marketOf(place, each)),
    layers: layersOf(place, tier),
    backstopUsd: backstop === 0 ? 0 : bucketView(venue, tier, backstop).equity / MICRO,
    distressed: distressed.length,
    defaults,
  };
}

function marketOf(place: Place, { tier, market, name, tick, notional }: NamedMarket): MarketFrame {
  const { venue } = place.engine;
  const { index, mark, openInterest, status } = marketView(venue, tier, market);
  const { on, level } = breakerView(venue, tier, market);
  return {
    market,
    name,
    index: index * tick,
    mark: mark * tick,
    truth: place.trueTicks(tier, market) * tick,
    openInterestUsd: (openInterest * mark * notional) / MICRO,
    breaker: on ? (LEVELS[level] ?? "") : "off",
    status: STATUSES[status] ?? "",
  };
}

function layersOf({ engine: { venue }, diary }: Place, tier: number): LayerFrame[] {
  const { skin: first, insurance, escrow } = tierView(venue, tier);
  const { skin: second, mutual } = assetView(venue, DOLLARS);
  return [first, insurance, escrow, second, mutual, 0].map((balance, index) => ({
    layer: index + 1,
    name: LAYER_NAMES[index + 1] ?? "",
    isShared: index === 3 || index === 4,
    balanceUsd: balance / MICRO,
    paidUsd: diary.paidBy(tier, index + 1) / MICRO,
  }));
}

function assetsOf({ engine: { venue }, assets }: Place): AssetFrame[] {
  const { tiers } = venueView(venue);
  return assets.map(({ asset, name, dollars }) => {
    const { price, initialPrice } = tiers === 0 ? NOT_TAKEN : collateralView(venue, 1, asset);
    return { asset, name, truth: dollars, told: price / MICRO, lent: initialPrice / MICRO };
  });
}

const NOT_TAKEN = { price: 0, initialPrice: 0 };

/** Everything that lies anywhere, and whatever could be claimed of it. A bucket that owes more than it has claims nothing. */
function vaultOf(place: Place): VaultFrame {
  const { venue } = place.engine;
  const { accounts, assets, tiers } = venueView(venue);
  if (assets === 0) return { heldUsd: 0, owedUsd: 0, principalUsd: 0, queuedUsd: 0 };
  const worth = worthIn(place);
  let [held, common] = [0, 0];
  for (let asset = 1; asset <= assets; asset++) {
    const view = assetView(venue, asset);
    const { forged = 0, forgedLeft = 0 } = place.assets.find((each) => each.asset === asset) ?? {};
    held += worth(asset, view.held - forged);
    common += worth(asset, view.transit + view.pending + view.dust + view.skin + view.mutual + view.loans);
    common -= worth(asset, forgedLeft);
  }
  for (let account = 1; account <= accounts; account++)
    for (const { asset, amount } of balancesView(venue, account)) common += worth(asset, amount);
  let [profits, principal] = [0, 0];
  for (let tier = 1; tier <= tiers; tier++) {
    const { buckets, markets, fees, skin, insurance, escrow } = tierView(venue, tier);
    common += fees + skin + insurance + escrow;
    for (let market = 1; market <= markets; market++) {
      const { feeCost, fundingCost } = marketView(venue, tier, market);
      common -= feeCost + fundingCost;
    }
    for (let bucket = 1; bucket <= buckets; bucket++) {
      const { cash, coins, profit } = claimOf(place, tier, bucket);
      principal += Math.max(0, cash + Math.min(0, profit) + coins);
      profits += Math.max(0, cash + profit + coins) - Math.max(0, cash + Math.min(0, profit) + coins);
    }
  }
  return {
    heldUsd: held / MICRO,
    owedUsd: (common + principal + profits) / MICRO,
    principalUsd: (common + principal) / MICRO,
    queuedUsd: throttleView(venue).queueValue / MICRO,
  };
}

/** A bucket's dollars, its coins, and the profit of its positions, all at true prices. */
function claimOf(
  place: Place,
  tier: number,
  bucket: number,
): { readonly cash: number; readonly coins: number; readonly profit: number } {
  const { cash, holdings, positions } = bucketView(place.engine.venue, tier, bucket);
  const worth = worthIn(place);
  const profit = positions.reduce((sum, { market, lots, cost }) => {
    const notional =
      place.markets.find((each) => each.tier === tier && each.market === market)?.notional ?? 0;
    return sum + lots * Math.round(place.trueTicks(tier, market)) * notional - cost;
  }, 0);
  return { cash, coins: holdings.reduce((sum, { asset, amount }) => sum + worth(asset, amount), 0), profit };
}

/** Value of units of an asset, micro-dollars at true prices. */
function worthIn({ assets }: Place): (asset: number, amount: number) => number {
  return (asset, amount) => {
    const named = assets.find((each) => each.asset === asset);
    return named === undefined ? amount : (amount / named.scale) * named.dollars * MICRO;
  };
}
