/** The terms a careful venue sets, as docs/spec recommends them; stories change what theirs needs. */
import { type Command, type CommandName, CONTRACT, FEED_KIND } from "@bulkhead/engine";

/** The fields of a command, without kind and time. */
export type Fields<Name extends CommandName> = Omit<Extract<Command, { kind: Name }>, "kind" | "time">;

/** A command that goes at the stage's time. */
export type Instruction = { [Name in CommandName]: { kind: Name } & Fields<Name> }[CommandName];

export const SECOND = 1_000;
export const MINUTE: number = 60 * SECOND;
export const HOUR: number = 60 * MINUTE;
export const DAY: number = 24 * HOUR;

/** Dollars as the engine counts them. */
export const usd = (dollars: number): number => Math.round(dollars * 1_000_000);

/** A perpetual: ten times leverage, half of it for maintenance, orders within a tenth of the mark, no fees. */
export const MARKET_TERMS: Omit<
  Fields<"listMarket">,
  "tier" | "notional" | "maxPositionLots" | "maxOpenInterestLots"
> = {
  contract: CONTRACT.perpetual,
  expiry: 0,
  rangeBits: 15,
  initialMargin: 100_000,
  maintenanceRatio: 500_000,
  scaleBase: 0,
  oiLower: 0,
  oiUpper: 0,
  band: 100_000,
  takerFee: 0,
  makerFee: 0,
  fundingCap: 1_000_000,
};

/** A price that four of five operators agree on, fresh for a minute, dead after five. */
export const FEED_TERMS: Omit<Fields<"configureFeed">, "tier" | "id"> = {
  feedKind: FEED_KIND.market,
  reporters: 0b11111,
  quorum: 4,
  sigma: 150_000,
  staleAfter: MINUTE,
  deadAfter: 5 * MINUTE,
  halfLife: 20 * SECOND,
  maxConfidence: 20_000,
  jump: 5_000,
  deviation: 5_000,
  divergence: 100_000,
  frozenAfter: 0,
  floor: 0,
};

/** What docs/spec/breakers.md recommends for markets other than BTC and ETH. */
export const BREAKER_TERMS: Omit<Fields<"configureBreaker">, "tier" | "market"> = {
  sigma: 300,
  softZ: 6,
  hardZ: 10,
  softMove: 20_000,
  hardMove: 100_000,
  divergence: 10_000,
  liquidationCapacity: 0,
  openInterestStep: 0,
  lossCapacity: 0,
  spreadFactor: 20,
  depthFloor: 50_000,
  cautionBand: 30_000,
  haltScore: 2_000_000,
  haltCost: 0,
};

/** What docs/spec/vault.md recommends. */
export const THROTTLE_TERMS = {
  throttleHour: 20_000,
  throttleDay: 150_000,
  throttleAssetHour: 20_000,
  throttleAssetDay: 150_000,
  laneUser: usd(1_000),
  laneTotal: 20_000,
} as const;
