/**
 * The parameters that `setParameter` can change: the range of each, and how a sealed tier may still change it. Ids are never
 * renumbered. docs/spec/governance.md tells the classes.
 */
import { HOUR } from "./governanceLimits.ts";
import { MAX_BUCKET_ORDERS, MAX_INTEGER, MAX_LOTS, MAX_WINDOW_MINIMUM, PPM_ONE } from "./limits.ts";
import type { Ms } from "../kernel/units.ts";

/** How far one executed proposal may loosen a parameter; a number is a count of the parameter's own unit. */
export type LooseningStep = "free" | "fifth" | "half" | "lots" | "usd" | "units" | number;

/** What a steward may do at once: move by so much of the present value, so long after the last time. */
export interface StewardLimit {
  readonly sharePpm: number;
  readonly delay: Ms;
}

export interface ParameterSpec {
  readonly id: number;
  readonly level: "market" | "tier" | "collateral";
  readonly unit: string;
  readonly min: number;
  readonly max: number;
  /** Which way is safer; "neither" = every change counts as loosening. */
  readonly safe: "up" | "down" | "neither";
  /** 0 stands for "no limit", which is looser than any number. */
  readonly zeroIsOff?: true;
  /** The range once the tier is sealed: no key widens it. */
  readonly envelope: readonly [lowest: number, highest: number];
  readonly step: LooseningStep;
  readonly steward?: StewardLimit;
  /** A breaker may tighten it for a time. */
  readonly breaker?: true;
}

const ANY_SIZE = [0, MAX_INTEGER] as const;
const ANY_LOTS = [1, MAX_LOTS] as const;
const ANY_SHARE = [0, PPM_ONE] as const;

const TEN_PERCENT = 100_000;
const TWENTY_PERCENT = 200_000;

export const PARAMETERS = {
  status: {
    id: 1,
    level: "market",
    unit: "0 open, 1 reduce-only, 2 halted",
    min: 0,
    max: 2,
    safe: "up",
    envelope: [0, 1],
    step: "free",
    breaker: true,
  },
  initialMargin: {
    id: 2,
    level: "market",
    unit: "ppm",
    min: 1,
    max: PPM_ONE,
    safe: "up",
    envelope: [5_000, PPM_ONE],
    step: "fifth",
    steward: { sharePpm: TEN_PERCENT, delay: HOUR(6) },
  },
  maintenanceRatio: {
    id: 3,
    level: "market",
    unit: "ppm of initial margin",
    min: 1,
    max: PPM_ONE,
    safe: "up",
    envelope: [250_000, PPM_ONE],
    step: "fifth",
  },
  scaleBase: {
    id: 4,
    level: "market",
    unit: "micro-USD, 0 = no size scaling",
    min: 0,
    max: MAX_INTEGER,
    safe: "down",
    zeroIsOff: true,
    envelope: ANY_SIZE,
    step: "usd",
  },
  oiLower: {
    id: 5,
    level: "market",
    unit: "micro-USD",
    min: 0,
    max: MAX_INTEGER,
    safe: "down",
    envelope: ANY_SIZE,
    step: "usd",
  },
  oiUpper: {
    id: 6,
    level: "market",
    unit: "micro-USD, 0 = no open-interest scaling",
    min: 0,
    max: MAX_INTEGER,
    safe: "down",
    zeroIsOff: true,
    envelope: ANY_SIZE,
    step: "usd",
  },
  band: {
    id: 7,
    level: "market",
    unit: "ppm of mark",
    min: 1,
    max: PPM_ONE,
    safe: "down",
    envelope: [1_000, 500_000],
    step: "half",
    steward: { sharePpm: TWENTY_PERCENT, delay: HOUR(1) },
  },
  takerFee: {
    id: 8,
    level: "market",
    unit: "ppm of notional",
    min: 0,
    max: 100_000,
    safe: "neither",
    envelope: [0, 5_000],
    step: 100,
  },
  makerFee: {
    id: 9,
    level: "market",
    unit: "ppm of notional",
    min: -100_000,
    max: 100_000,
    safe: "neither",
    envelope: [-1_000, 5_000],
    step: 100,
  },
  maxPositionLots: {
    id: 10,
    level: "market",
    unit: "lots",
    min: 1,
    max: MAX_LOTS,
    safe: "down",
    envelope: ANY_LOTS,
    step: "lots",
    steward: { sharePpm: TWENTY_PERCENT, delay: HOUR(1) },
    breaker: true,
  },
  maxOpenInterestLots: {
    id: 11,
    level: "market",
    unit: "lots",
    min: 1,
    max: MAX_LOTS,
    safe: "down",
    envelope: ANY_LOTS,
    step: "lots",
    steward: { sharePpm: TWENTY_PERCENT, delay: HOUR(1) },
    breaker: true,
  },
  maxOrders: {
    id: 12,
    level: "market",
    unit: "orders",
    min: 0,
    max: 2 ** 22,
    safe: "down",
    envelope: [1_000, 2 ** 22],
    step: "half",
  },
  fundingCap: {
    id: 13,
    level: "market",
    unit: "ppb of mark per accrual",
    min: 0,
    max: 1e8,
    safe: "down",
    envelope: [0, 1e8],
    step: 100_000,
  },
  markBand: {
    id: 14,
    level: "market",
    unit: "ppm of index, 0 = the mark is the index",
    min: 0,
    max: 500_000,
    safe: "neither",
    envelope: [0, 100_000],
    step: 5_000,
  },
  fundingInterval: {
    id: 15,
    level: "market",
    unit: "ms, 0 = an operator accrues funding",
    min: 0,
    max: 86_400_000,
    safe: "neither",
    envelope: [0, 86_400_000],
    step: 3_600_000,
  },
  interestRate: {
    id: 16,
    level: "market",
    unit: "ppb per hour",
    min: -1_000_000,
    max: 1_000_000,
    safe: "neither",
    envelope: [-100_000, 100_000],
    step: 10_000,
  },
  liquidationFee: {
    id: 20,
    level: "market",
    unit: "ppm of notional",
    min: 0,
    max: 50_000,
    safe: "neither",
    envelope: [0, 20_000],
    step: 1_000,
  },
  liquidationStep: {
    id: 21,
    level: "market",
    unit: "ppm of the position, 0 = all",
    min: 0,
    max: PPM_ONE,
    safe: "neither",
    envelope: ANY_SHARE,
    step: 200_000,
  },
  liquidationMinimum: {
    id: 22,
    level: "market",
    unit: "micro-USD",
    min: 0,
    max: 1e12,
    safe: "neither",
    envelope: [0, 1e12],
    step: 1_000_000_000,
  },
  backstopCap: {
    id: 23,
    level: "market",
    unit: "lots",
    min: 0,
    max: MAX_LOTS,
    safe: "down",
    envelope: [0, MAX_LOTS],
    step: "lots",
    breaker: true,
  },
  underlying: {
    id: 24,
    level: "market",
    unit: "markets of one number hedge each other, 0 = none",
    min: 0,
    max: 2 ** 31 - 1,
    safe: "neither",
    envelope: [0, 2 ** 31 - 1],
    step: 2 ** 31 - 1,
  },
  backstopInventory: {
    id: 25,
    level: "market",
    unit: "ppm of the backstop's equity, 0 = no limit",
    min: 0,
    max: PPM_ONE,
    safe: "down",
    zeroIsOff: true,
    envelope: ANY_SHARE,
    step: "half",
  },
  minInitialMargin: {
    id: 32,
    level: "tier",
    unit: "ppm",
    min: 0,
    max: PPM_ONE,
    safe: "up",
    envelope: ANY_SHARE,
    step: "fifth",
  },
  maxBucketOrders: {
    id: 33,
    level: "tier",
    unit: "orders",
    min: 0,
    max: MAX_BUCKET_ORDERS,
    safe: "down",
    envelope: [16, MAX_BUCKET_ORDERS],
    step: "half",
  },
  manipulationFactor: {
    id: 34,
    level: "tier",
    unit: "cost over gain, 0 = not derived",
    min: 0,
    max: 100,
    safe: "up",
    envelope: [0, 100],
    step: "fifth",
  },
  backstopDay: {
    id: 35,
    level: "tier",
    unit: "ppm of the backstop's equity taken over in a day, 0 = no limit",
    min: 0,
    max: PPM_ONE,
    safe: "down",
    zeroIsOff: true,
    envelope: ANY_SHARE,
    step: "half",
  },
  liquidationBuffer: {
    id: 36,
    level: "tier",
    unit: "ppm above maintenance margin, 0 = no liquidation",
    min: 0,
    max: PPM_ONE,
    safe: "up",
    envelope: ANY_SHARE,
    step: "fifth",
  },
  auctionStart: {
    id: 37,
    level: "tier",
    unit: "ms in distress",
    min: 0,
    max: 3_600_000,
    safe: "neither",
    envelope: [0, 3_600_000],
    step: 60_000,
  },
  auctionSpan: {
    id: 38,
    level: "tier",
    unit: "ms",
    min: 0,
    max: 3_600_000,
    safe: "neither",
    envelope: [0, 3_600_000],
    step: 60_000,
  },
  insuranceDraw: {
    id: 39,
    level: "tier",
    unit: "ppm of the insurance fund per default, 0 = all",
    min: 0,
    max: PPM_ONE,
    safe: "down",
    zeroIsOff: true,
    envelope: ANY_SHARE,
    step: "half",
  },
  insuranceFees: {
    id: 40,
    level: "tier",
    unit: "ppm of fees to the insurance fund",
    min: 0,
    max: PPM_ONE,
    safe: "up",
    envelope: ANY_SHARE,
    step: "fifth",
  },
  keeperShare: {
    id: 41,
    level: "tier",
    unit: "ppm of penalties to keepers",
    min: 0,
    max: 500_000,
    safe: "neither",
    envelope: [0, 500_000],
    step: 50_000,
  },
  stressMove: {
    id: 57,
    level: "market",
    unit: "ppm of mark",
    min: 0,
    max: PPM_ONE,
    safe: "up",
    envelope: ANY_SHARE,
    step: "fifth",
  },
  callAuctionPeriod: {
    id: 47,
    level: "market",
    unit: "ms, 0 = a halt ends without a call auction",
    min: 0,
    max: 3_600_000,
    safe: "neither",
    envelope: [0, 3_600_000],
    step: 300_000,
  },
  callAuctionCollar: {
    id: 48,
    level: "market",
    unit: "ppm of index, 0 = none",
    min: 0,
    max: 500_000,
    safe: "down",
    zeroIsOff: true,
    envelope: [0, 500_000],
    step: "half",
  },
  collateralInitialWeight: {
    id: 58,
    level: "collateral",
    unit: "ppm",
    min: 0,
    max: PPM_ONE,
    safe: "down",
    envelope: ANY_SHARE,
    step: 50_000,
    steward: { sharePpm: TEN_PERCENT, delay: HOUR(1) },
    breaker: true,
  },
  collateralMaintenanceWeight: {
    id: 59,
    level: "collateral",
    unit: "ppm",
    min: 0,
    max: PPM_ONE,
    safe: "down",
    envelope: ANY_SHARE,
    step: 50_000,
    steward: { sharePpm: 10_000, delay: HOUR(1) },
  },
  collateralCap: {
    id: 60,
    level: "collateral",
    unit: "asset units",
    min: 0,
    max: MAX_INTEGER,
    safe: "down",
    envelope: ANY_SIZE,
    step: "units",
    breaker: true,
  },
  insuranceLending: {
    id: 62,
    level: "tier",
    unit: "ppm of the insurance fund that other tiers may owe it, 0 = it does not lend",
    min: 0,
    max: 500_000,
    safe: "down",
    envelope: [0, 250_000],
    step: 50_000,
  },
  insuranceBorrowing: {
    id: 63,
    level: "tier",
    unit: "micro-USD the insurance fund may owe other tiers, 0 = it does not borrow",
    min: 0,
    max: MAX_INTEGER,
    safe: "down",
    envelope: ANY_SIZE,
    step: "usd",
  },
  loanRepayment: {
    id: 64,
    level: "tier",
    unit: "ppm of fees that repay what the insurance fund owes, 0 = it does not borrow",
    min: 0,
    max: PPM_ONE,
    safe: "up",
    envelope: ANY_SHARE,
    step: "fifth",
  },
} as const satisfies Readonly<Record<string, ParameterSpec>>;

export type ParameterName = keyof typeof PARAMETERS;

/** The parameters of the withdrawal throttle, the vault's own. They change only until the vault is sealed. */
export const VENUE_PARAMETERS = {
  throttleHour: { id: 49, unit: "ppm of settled value, 0 = off", min: 0, max: PPM_ONE },
  throttleDay: { id: 50, unit: "ppm of settled value, 0 = off", min: 0, max: PPM_ONE },
  throttleHourMinimum: { id: 51, unit: "micro-USD", min: 0, max: MAX_WINDOW_MINIMUM },
  throttleDayMinimum: { id: 52, unit: "micro-USD", min: 0, max: MAX_WINDOW_MINIMUM },
  throttleAssetHour: { id: 53, unit: "ppm of an asset's settled units, 0 = off", min: 0, max: PPM_ONE },
  throttleAssetDay: { id: 54, unit: "ppm of an asset's settled units, 0 = off", min: 0, max: PPM_ONE },
  laneUser: { id: 55, unit: "micro-USD per account and day, 0 = off", min: 0, max: 1e12 },
  laneTotal: { id: 56, unit: "ppm of settled value per day, 0 = off", min: 0, max: PPM_ONE },
} as const;

export type VenueParameterName = keyof typeof VENUE_PARAMETERS;

/** The vault's parameter of an id. */
export function venueParameterNamed(id: number): VenueParameterName | undefined {
  const names = Object.keys(VENUE_PARAMETERS) as VenueParameterName[];
  return names.find((name) => VENUE_PARAMETERS[name].id === id);
}

/** Ids go from 1 to this. Of a market the last four are no parameters: its brackets are controlled under them. */
export const PARAMETER_IDS = 64;

/** The parameter of an id, whatever its level. */
export function parameterNamed(id: number): ParameterName | undefined {
  return NAME_BY_ID[id];
}

/** What is known of a parameter. */
export function specOf(name: ParameterName): ParameterSpec {
  return PARAMETERS[name];
}

const NAME_BY_ID: readonly (ParameterName | undefined)[] = namesById();

function namesById(): (ParameterName | undefined)[] {
  const names: (ParameterName | undefined)[] = [undefined];
  for (const name of Object.keys(PARAMETERS) as ParameterName[]) names[PARAMETERS[name].id] = name;
  return names;
}

/** A market's trading status. The last two are never set by hand. */
export const STATUS = { open: 0, reduceOnly: 1, halted: 2, settled: 3, quarantined: 4 } as const;

/** Values a new market or tier starts with, where listing does not say. */
export const DEFAULT_MAX_ORDERS = 200_000;
export const DEFAULT_MAX_BUCKET_ORDERS = 200;
