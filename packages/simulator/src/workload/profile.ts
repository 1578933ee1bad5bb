/** What kind of venue an episode plays on, and who comes to it. */
import type { TierCapacities } from "@bulkhead/engine";

export type Temperament = "maker" | "taker" | "gambler" | "dust" | "stopper" | "fidget" | "whale" | "hedger";

export interface Profile {
  readonly name: string;
  readonly tiers: number;
  readonly perpetuals: number;
  readonly futures: number;
  readonly accounts: number;
  /** Room in the venue's tables. */
  readonly vault: { readonly accounts: number; readonly balances: number; readonly withdrawals: number };
  readonly tier: TierCapacities;
  readonly temperaments: Readonly<Partial<Record<Temperament, number>>>;
  /** Parts per thousand: how often a price update leaps instead of walking. */
  readonly leaps: number;
  /** Largest step of a walk, ppm of the price. */
  readonly step: number;
  /** Parts per thousand of all commands that the operators send, and that make no sense. */
  readonly operators: number;
  readonly nonsense: number;
  /** Parts per thousand of all listings that are of one more asset. */
  readonly assets: number;
  /** Hundreds of small orders deep on each side, many to expire at once; sweeps are rare but go all the way. */
  readonly isDeep: boolean;
  /** Lots worth as much as the exact range allows, at prices near its ends. */
  readonly isHuge: boolean;
  /** Tiers that liquidate from the start, counted from the first; parameters, layers and backstops change as long as there is one. */
  readonly liquidating: number;
  /** Parts per thousand of all operators' commands that put money into a layer. */
  readonly generosity: number;
  /** Tiers whose markets have breakers. */
  readonly guarded: number;
  /** Open orders per bucket at the start. */
  readonly bucketOrders: number;
  /** Median milliseconds between commands. */
  readonly pace: number;
  /** Half of all that happens is about the way out, and windows of the throttle are switched on. */
  readonly isThrottled: boolean;
  /** Parts per thousand of the operators' commands that govern; above 0 the vault and the first tier are sealed. */
  readonly governance: number;
}

const ROOMY: Pick<Profile, "vault" | "tier"> = {
  vault: { accounts: 1_000, balances: 4_000, withdrawals: 1_000 },
  tier: { markets: 12, buckets: 1_000, positions: 8_000, orders: 8_000, holdings: 1_000, ticks: 6 * 2 ** 16 },
};

const CALM: Profile = {
  ...ROOMY,
  name: "calm",
  tiers: 3,
  perpetuals: 2,
  futures: 1,
  accounts: 60,
  temperaments: { maker: 8, taker: 6, gambler: 2, dust: 1, stopper: 4, fidget: 3, whale: 1 },
  leaps: 2,
  step: 3_000,
  operators: 120,
  nonsense: 25,
  assets: 150,
  isDeep: false,
  isHuge: false,
  liquidating: 0,
  generosity: 0,
  guarded: 0,
  bucketOrders: 24,
  pace: 10,
  isThrottled: false,
  governance: 0,
};

/** Prices leap and crash, everybody is over-leveraged, funding runs at its cap. */
const STORM: Profile = {
  ...CALM,
  name: "storm",
  tiers: 2,
  perpetuals: 3,
  accounts: 90,
  temperaments: { maker: 6, taker: 4, gambler: 8, dust: 1, stopper: 6, fidget: 3, whale: 1 },
  leaps: 40,
  step: 20_000,
  operators: 160,
};

/** Contracts as large as may be listed, at both ends of their price ranges. */
const HUGE: Profile = {
  ...STORM,
  name: "huge",
  tiers: 2,
  perpetuals: 4,
  accounts: 50,
  leaps: 80,
  isHuge: true,
};

/** Tables that are always full. */
const TINY: Profile = {
  ...CALM,
  name: "tiny",
  tiers: 2,
  perpetuals: 4,
  futures: 2,
  accounts: 40,
  vault: { accounts: 45, balances: 62, withdrawals: 6 },
  tier: { markets: 6, buckets: 32, positions: 72, orders: 48, holdings: 5, ticks: 7 * 2 ** 15 },
  operators: 180,
  nonsense: 50,
  assets: 600,
  bucketOrders: 60,
};

/** One book, hundreds of orders deep on each side, and whales that sweep it. */
const DEEP: Profile = {
  ...CALM,
  name: "deep",
  tiers: 1,
  perpetuals: 1,
  futures: 0,
  accounts: 320,
  tier: { ...ROOMY.tier, markets: 1 },
  temperaments: { dust: 60, stopper: 12, maker: 3, whale: 2 },
  leaps: 0,
  step: 1_500,
  operators: 25,
  isDeep: true,
  bucketOrders: 50,
};

/** Dated futures by the dozen, and traders in all of them. */
const DATED: Profile = {
  ...CALM,
  name: "dated",
  tiers: 2,
  perpetuals: 1,
  futures: 7,
  accounts: 40,
  leaps: 8,
  operators: 200,
  pace: 20,
};

/** Liquidation as it is meant to be: falls that the book, the backstop and funded layers can take. */
const SLIDE: Profile = {
  ...CALM,
  name: "slide",
  perpetuals: 3,
  accounts: 70,
  temperaments: { maker: 8, taker: 6, gambler: 10, hedger: 4, stopper: 2, fidget: 2, whale: 2 },
  leaps: 3,
  step: 12_000,
  operators: 260,
  liquidating: 2,
  generosity: 40,
};

/** A thin book, gamblers, and prices that leap past everybody: losses reach the last layer. */
const RUIN: Profile = {
  ...SLIDE,
  name: "ruin",
  tiers: 2,
  perpetuals: 4,
  futures: 1,
  accounts: 40,
  temperaments: { maker: 2, taker: 6, gambler: 10, hedger: 6, stopper: 2, whale: 1 },
  leaps: 120,
  step: 15_000,
  operators: 220,
  liquidating: 2,
  generosity: 6,
};

/** Two dozen accounts and tables too small for them: no slot or holding is left for the backstop. */
const CRAMPED: Profile = {
  ...RUIN,
  name: "cramped",
  tiers: 1,
  accounts: 24,
  tier: { markets: 6, buckets: 30, positions: 100, orders: 120, holdings: 8, ticks: 7 * 2 ** 15 },
  liquidating: 1,
};

/** A venue whose customers leave faster than it lets them, over weeks. */
const RUN: Profile = {
  ...CALM,
  name: "run",
  tiers: 2,
  accounts: 50,
  vault: { accounts: 200, balances: 400, withdrawals: 300 },
  temperaments: { taker: 4, gambler: 4, dust: 1, fidget: 2, whale: 3 },
  leaps: 8,
  operators: 200,
  pace: 60_000,
  guarded: 1,
  isThrottled: true,
};

/** A sealed tier beside one that is not: weeks go by, and everybody with a key uses it. */
const GOVERNED: Profile = {
  ...CALM,
  name: "governed",
  tiers: 2,
  perpetuals: 2,
  accounts: 30,
  tier: { ...ROOMY.tier, markets: 6 },
  operators: 500,
  leaps: 10,
  pace: 240_000,
  governance: 600,
};

/** Hours in which breakers trip, halt, and come to rest again. */
const GUARDED: Profile = {
  ...SLIDE,
  name: "guarded",
  tiers: 2,
  accounts: 40,
  leaps: 10,
  step: 6_000,
  guarded: 2,
  pace: 1_500,
};

export const PROFILES: readonly Profile[] = [
  CALM,
  STORM,
  HUGE,
  TINY,
  DEEP,
  DATED,
  SLIDE,
  RUIN,
  CRAMPED,
  RUN,
  GOVERNED,
  GUARDED,
];

export function profileNamed(name: string): Profile | undefined {
  return PROFILES.find((profile) => profile.name === name);
}
