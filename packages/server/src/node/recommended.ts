/** What a venue is given where its configuration says nothing: the terms that docs/spec recommends. */
import type { Command, ParameterName, VenueParameterName } from "@bulkhead/engine";

type Fields<Kind extends Command["kind"]> = Omit<Extract<Command, { kind: Kind }>, "kind" | "time" | "tier">;

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const USD = 1_000_000;

/** docs/spec/vault.md */
export const VENUE: Partial<Record<VenueParameterName, number>> = {
  throttleHour: 20_000,
  throttleDay: 150_000,
  throttleHourMinimum: 10_000 * USD,
  throttleDayMinimum: 50_000 * USD,
  throttleAssetHour: 20_000,
  throttleAssetDay: 150_000,
  laneUser: 1_000 * USD,
  laneTotal: 20_000,
};

export const TIER: Partial<Record<ParameterName, number>> = {
  liquidationBuffer: 150_000,
  auctionStart: 2 * SECOND,
  auctionSpan: MINUTE,
  insuranceDraw: 500_000,
  insuranceFees: 200_000,
  keeperShare: 300_000,
};

/** docs/spec/liquidation.md, oracle.md, callAuction.md */
export const MARKET: Partial<Record<ParameterName, number>> = {
  liquidationFee: 5_000,
  liquidationStep: 200_000,
  liquidationMinimum: 1_000 * USD,
  markBand: 15_000,
  fundingInterval: HOUR,
  interestRate: 12_500,
  stressMove: 100_000,
  callAuctionPeriod: 5 * MINUTE,
  callAuctionCollar: 100_000,
};

/** Reporters that tell a price every second or two. */
export const FEED: Omit<Fields<"configureFeed">, "feedKind" | "id" | "reporters" | "quorum"> = {
  sigma: 150_000,
  staleAfter: 15 * SECOND,
  deadAfter: 2 * MINUTE,
  halfLife: 5 * SECOND,
  maxConfidence: 20_000,
  jump: 5_000,
  deviation: 5_000,
  divergence: 100_000,
  frozenAfter: 0,
  floor: 0,
};

/** docs/spec/breakers.md, for markets other than BTC and ETH. */
export const BREAKER: Omit<Fields<"configureBreaker">, "market"> = {
  sigma: 300,
  softZ: 6,
  hardZ: 10,
  softMove: 20_000,
  hardMove: 100_000,
  divergence: 10_000,
  liquidationCapacity: 0,
  openInterestStep: 400_000,
  lossCapacity: 0,
  spreadFactor: 20,
  depthFloor: 50_000,
  cautionBand: 30_000,
  haltScore: 2_000_000,
  haltCost: 20,
};
