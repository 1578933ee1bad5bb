/** What the drilled venue is made of: its tiers, its rules, and who has how much. Bounds are computed from here. */
import { type Command, LAYOUTS, limits } from "@bulkhead/engine";

export const USD = 1_000_000;
export const SECOND = 1_000;
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
export const PPM = 1_000_000;

/** The third lacks in its fund what the other two have too much. */
export const TIERS = [
  { name: "majors", initialMargin: 50_000, target: 200_000 * USD },
  { name: "alts", initialMargin: 100_000, target: 200_000 * USD },
  { name: "experimental", initialMargin: 200_000, target: 350_000 * USD },
] as const;
export const TIER = { majors: 1, alts: 2, experimental: 3 } as const;

/** Markets of each tier. */
export const MARKETS = 2;
/** Their first price, ticks, and value of a lot per tick. */
export const PRICE = 1_000;
export const NOTIONAL = 1_000_000;
const RANGE_BITS = 17;

export const MONEY = {
  /** In a tier, by role: how many, and how much cash each. */
  roles: {
    maker: { count: 2, cash: 1_000_000 * USD },
    long: { count: 4, cash: 100_000 * USD },
    short: { count: 4, cash: 100_000 * USD },
    saver: { count: 1, cash: 250_000 * USD },
  },
  /** What everybody keeps in the vault besides. */
  balance: 50_000 * USD,
  holder: 15_000_000 * USD,
  attacker: 200_000 * USD,
  backstop: 500_000 * USD,
  skin: 50_000 * USD,
  insurance: 250_000 * USD,
  second: 100_000 * USD,
  mutual: 500_000 * USD,
  /** Lots of every long and short. */
  position: 300,
  /** Lots of a quote, and where quotes stand, thousandths of the price. */
  quote: 50,
  quotes: [3, 5, 10],
} as const;

export const RULES = {
  listing: {
    contract: 0,
    expiry: 0,
    notional: NOTIONAL,
    rangeBits: RANGE_BITS,
    maintenanceRatio: 600_000,
    scaleBase: 2_000_000 * USD,
    oiLower: 5_000_000 * USD,
    oiUpper: 20_000_000 * USD,
    band: 50_000,
    takerFee: 500,
    makerFee: 0,
    maxPositionLots: 2_000,
    maxOpenInterestLots: 8_000,
    fundingCap: 1_000_000,
  },
  market: {
    liquidationFee: 5_000,
    liquidationStep: 200_000,
    liquidationMinimum: 1_000 * USD,
    backstopCap: 2_000,
    stressMove: 300_000,
  },
  tier: { auctionStart: 2_000, auctionSpan: 60_000, liquidationBuffer: 150_000, manipulationFactor: 3 },
  breaker: {
    sigma: 140,
    softZ: 6,
    hardZ: 10,
    softMove: 10_000,
    hardMove: 50_000,
    divergence: 5_000,
    liquidationCapacity: 1_000_000 * USD,
    openInterestStep: 400_000,
    lossCapacity: 12_500 * USD,
    spreadFactor: 20,
    depthFloor: 50_000,
    cautionBand: 20_000,
    haltScore: 2_000_000,
    haltCost: 20,
  },
  feed: {
    reporters: 0x7f,
    quorum: 4,
    sigma: 100_000,
    staleAfter: 12_000,
    deadAfter: 60_000,
    halfLife: 5_000,
    maxConfidence: 20_000,
    jump: 3_000,
    deviation: 2_500,
    divergence: 100_000,
    frozenAfter: 20,
    floor: 0,
  },
  depth: { depth: 20_000_000, flow: 1_000 },
  /** Loans between insurance funds: what tiers keep, may have lent, may owe. */
  loans: { insuranceLending: 100_000, insuranceBorrowing: 50_000 * USD, loanRepayment: 300_000 },
  fund: { cooldown: HOUR, window: DAY, minimum: 0 },
  throttle: {
    throttleHour: 20_000,
    throttleDay: 150_000,
    throttleAssetHour: 20_000,
    throttleAssetDay: 150_000,
    laneUser: 1_000 * USD,
    laneTotal: 20_000,
  },
} as const;

/** Share of the mutual fund that one tier may cost the others, ppm: immutable. */
export const MUTUAL_CAP: number = limits.MUTUAL_DRAW;

/** Share of its insurance fund that other tiers may owe a tier, ppm. */
export const LENT_CAP: number = RULES.loans.insuranceLending;

/** Value of so many lots at a price in ticks, micro-dollars. */
export function valueOf(lots: number, ticks: number): number {
  return Math.abs(lots) * ticks * NOTIONAL;
}

/**
 * How far an honest price goes in a time, ppm: eight standard deviations of what the feed takes for its volatility, which is as far as a
 * report may move without being held back.
 */
export function moveIn(ms: number): number {
  return Math.ceil((8 * RULES.feed.sigma * Math.sqrt(ms / SECOND)) / 1_000);
}

export function handlerCode(name: string): number {
  const layout = LAYOUTS.find((each) => each.name === (name as Command["kind"]));
  if (layout === undefined) throw new Error(`no command ${name}`);
  return layout.code;
}
