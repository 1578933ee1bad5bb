/** What governance may do with each parameter, restated from docs/spec/governance.md. */
import { MAX_INTEGER, MAX_LOTS, MILLION } from "./terms.ts";
import type { ParameterName } from "@bulkhead/engine";

const HOUR = 3_600_000;

export type Step = "free" | "fifth" | "half" | "lots" | "usd" | "units" | bigint;

export interface Parameter {
  readonly id: number;
  readonly name: ParameterName;
  readonly level: "market" | "tier" | "collateral";
  readonly range: readonly [bigint, bigint];
  readonly envelope: readonly [bigint, bigint];
  /** 1 = more is tighter, −1 = less is, 0 = neither. */
  readonly safe: 1 | -1 | 0;
  /** 0 means no limit. */
  readonly zeroIsOff: boolean;
  readonly step: Step;
  /** Share in ppm, delay in ms. */
  readonly steward: readonly [bigint, number] | undefined;
  readonly breaker: boolean;
}

type Row = readonly [
  id: number,
  name: ParameterName,
  level: Parameter["level"],
  range: readonly [bigint, bigint],
  envelope: readonly [bigint, bigint],
  safe: 1 | -1 | 0,
  step: Step,
  more?: { steward?: readonly [bigint, number]; breaker?: true; zeroIsOff?: true },
];

const SIZE = [0n, MAX_INTEGER] as const;
const SHARE = [0n, MILLION] as const;
const LOTS = [1n, MAX_LOTS] as const;

const ROWS: readonly Row[] = [
  [1, "status", "market", [0n, 2n], [0n, 1n], 1, "free", { breaker: true }],
  [
    2,
    "initialMargin",
    "market",
    [1n, MILLION],
    [5_000n, MILLION],
    1,
    "fifth",
    { steward: [100_000n, 6 * HOUR] },
  ],
  [3, "maintenanceRatio", "market", [1n, MILLION], [250_000n, MILLION], 1, "fifth"],
  [4, "scaleBase", "market", SIZE, SIZE, -1, "usd", { zeroIsOff: true }],
  [5, "oiLower", "market", SIZE, SIZE, -1, "usd"],
  [6, "oiUpper", "market", SIZE, SIZE, -1, "usd", { zeroIsOff: true }],
  [7, "band", "market", [1n, MILLION], [1_000n, 500_000n], -1, "half", { steward: [200_000n, HOUR] }],
  [8, "takerFee", "market", [0n, 100_000n], [0n, 5_000n], 0, 100n],
  [9, "makerFee", "market", [-100_000n, 100_000n], [-1_000n, 5_000n], 0, 100n],
  [10, "maxPositionLots", "market", LOTS, LOTS, -1, "lots", { steward: [200_000n, HOUR], breaker: true }],
  [11, "maxOpenInterestLots", "market", LOTS, LOTS, -1, "lots", { steward: [200_000n, HOUR], breaker: true }],
  [12, "maxOrders", "market", [0n, 2n ** 22n], [1_000n, 2n ** 22n], -1, "half"],
  [13, "fundingCap", "market", [0n, 100_000_000n], [0n, 100_000_000n], -1, 100_000n],
  [14, "markBand", "market", [0n, 500_000n], [0n, 100_000n], 0, 5_000n],
  [15, "fundingInterval", "market", [0n, 86_400_000n], [0n, 86_400_000n], 0, 3_600_000n],
  [16, "interestRate", "market", [-1_000_000n, 1_000_000n], [-100_000n, 100_000n], 0, 10_000n],
  [20, "liquidationFee", "market", [0n, 50_000n], [0n, 20_000n], 0, 1_000n],
  [21, "liquidationStep", "market", SHARE, SHARE, 0, 200_000n],
  [22, "liquidationMinimum", "market", [0n, 1_000_000_000_000n], [0n, 1_000_000_000_000n], 0, 1_000_000_000n],
  [23, "backstopCap", "market", [0n, MAX_LOTS], [0n, MAX_LOTS], -1, "lots", { breaker: true }],
  [24, "underlying", "market", [0n, 2n ** 31n - 1n], [0n, 2n ** 31n - 1n], 0, 2n ** 31n - 1n],
  [25, "backstopInventory", "market", SHARE, SHARE, -1, "half", { zeroIsOff: true }],
  [32, "minInitialMargin", "tier", SHARE, SHARE, 1, "fifth"],
  [33, "maxBucketOrders", "tier", [0n, 256n], [16n, 256n], -1, "half"],
  [34, "manipulationFactor", "tier", [0n, 100n], [0n, 100n], 1, "fifth"],
  [35, "backstopDay", "tier", SHARE, SHARE, -1, "half", { zeroIsOff: true }],
  [36, "liquidationBuffer", "tier", SHARE, SHARE, 1, "fifth"],
  [37, "auctionStart", "tier", [0n, 3_600_000n], [0n, 3_600_000n], 0, 60_000n],
  [38, "auctionSpan", "tier", [0n, 3_600_000n], [0n, 3_600_000n], 0, 60_000n],
  [39, "insuranceDraw", "tier", SHARE, SHARE, -1, "half", { zeroIsOff: true }],
  [40, "insuranceFees", "tier", SHARE, SHARE, 1, "fifth"],
  [41, "keeperShare", "tier", [0n, 500_000n], [0n, 500_000n], 0, 50_000n],
  [47, "callAuctionPeriod", "market", [0n, 3_600_000n], [0n, 3_600_000n], 0, 300_000n],
  [48, "callAuctionCollar", "market", [0n, 500_000n], [0n, 500_000n], -1, "half", { zeroIsOff: true }],
  [62, "insuranceLending", "tier", [0n, 500_000n], [0n, 250_000n], -1, 50_000n],
  [63, "insuranceBorrowing", "tier", SIZE, SIZE, -1, "usd"],
  [64, "loanRepayment", "tier", SHARE, SHARE, 1, "fifth"],
  [57, "stressMove", "market", SHARE, SHARE, 1, "fifth"],
  [
    58,
    "collateralInitialWeight",
    "collateral",
    SHARE,
    SHARE,
    -1,
    50_000n,
    { steward: [100_000n, HOUR], breaker: true },
  ],
  [59, "collateralMaintenanceWeight", "collateral", SHARE, SHARE, -1, 50_000n, { steward: [10_000n, HOUR] }],
  [60, "collateralCap", "collateral", SIZE, SIZE, -1, "units", { breaker: true }],
];

/** All parameters, in the order of their ids. */
export const PARAMETERS: readonly Parameter[] = ROWS.map(
  ([id, name, level, range, envelope, safe, step, { steward, breaker, zeroIsOff } = {}]) => ({
    id,
    name,
    level,
    range,
    envelope,
    safe,
    step,
    steward,
    breaker: breaker === true,
    zeroIsOff: zeroIsOff === true,
  }),
);

/** True when `after` is the safer of two values. */
export function isTighter({ safe, zeroIsOff }: Parameter, before: bigint, after: bigint): boolean {
  if (safe === 0 || before === after) return false;
  if (zeroIsOff && before === 0n) return true;
  if (zeroIsOff && after === 0n) return false;
  return safe === 1 ? after > before : after < before;
}
