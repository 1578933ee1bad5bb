/** The parameters that `setParameter` can change, with the immutable range of each. Ids are never renumbered. */
import { MAX_BUCKET_ORDERS, MAX_INTEGER, MAX_LOTS, PPM_ONE } from "./limits.ts";

export interface ParameterSpec {
  readonly id: number;
  readonly level: "market" | "tier";
  readonly unit: string;
  readonly min: number;
  readonly max: number;
}

export const PARAMETERS = {
  status: { id: 1, level: "market", unit: "0 open, 1 reduce-only, 2 halted", min: 0, max: 2 },
  initialMargin: { id: 2, level: "market", unit: "ppm", min: 1, max: PPM_ONE },
  maintenanceRatio: { id: 3, level: "market", unit: "ppm of initial margin", min: 1, max: PPM_ONE },
  scaleBase: { id: 4, level: "market", unit: "micro-USD, 0 = no size scaling", min: 0, max: MAX_INTEGER },
  oiLower: { id: 5, level: "market", unit: "micro-USD", min: 0, max: MAX_INTEGER },
  oiUpper: {
    id: 6,
    level: "market",
    unit: "micro-USD, 0 = no open-interest scaling",
    min: 0,
    max: MAX_INTEGER,
  },
  band: { id: 7, level: "market", unit: "ppm of mark", min: 1, max: PPM_ONE },
  takerFee: { id: 8, level: "market", unit: "ppm of notional", min: 0, max: 100_000 },
  makerFee: { id: 9, level: "market", unit: "ppm of notional", min: -100_000, max: 100_000 },
  maxPositionLots: { id: 10, level: "market", unit: "lots", min: 1, max: MAX_LOTS },
  maxOpenInterestLots: { id: 11, level: "market", unit: "lots", min: 1, max: MAX_LOTS },
  maxOrders: { id: 12, level: "market", unit: "orders", min: 0, max: 2 ** 22 },
  fundingCap: { id: 13, level: "market", unit: "ppb of mark per accrual", min: 0, max: 1e8 },
  liquidationFee: { id: 20, level: "market", unit: "ppm of notional", min: 0, max: 50_000 },
  liquidationStep: { id: 21, level: "market", unit: "ppm of the position, 0 = all", min: 0, max: PPM_ONE },
  liquidationMinimum: { id: 22, level: "market", unit: "micro-USD", min: 0, max: 1e12 },
  backstopCap: { id: 23, level: "market", unit: "lots", min: 0, max: MAX_LOTS },
  underlying: {
    id: 24,
    level: "market",
    unit: "markets of one number hedge each other, 0 = none",
    min: 0,
    max: 2 ** 31 - 1,
  },
  minInitialMargin: { id: 32, level: "tier", unit: "ppm", min: 0, max: PPM_ONE },
  maxBucketOrders: { id: 33, level: "tier", unit: "orders", min: 0, max: MAX_BUCKET_ORDERS },
  liquidationBuffer: {
    id: 36,
    level: "tier",
    unit: "ppm above maintenance margin, 0 = no liquidation",
    min: 0,
    max: PPM_ONE,
  },
  auctionStart: { id: 37, level: "tier", unit: "ms in distress", min: 0, max: 3_600_000 },
  auctionSpan: { id: 38, level: "tier", unit: "ms", min: 0, max: 3_600_000 },
  insuranceDraw: {
    id: 39,
    level: "tier",
    unit: "ppm of the insurance fund per default, 0 = all",
    min: 0,
    max: PPM_ONE,
  },
} as const satisfies Readonly<Record<string, ParameterSpec>>;

export type ParameterName = keyof typeof PARAMETERS;

/** A market's trading status. The last two are never set by hand. */
export const STATUS = { open: 0, reduceOnly: 1, halted: 2, settled: 3, quarantined: 4 } as const;

/** Values a new market or tier starts with, where listing does not say. */
export const DEFAULT_MAX_ORDERS = 200_000;
export const DEFAULT_MAX_BUCKET_ORDERS = 200;
