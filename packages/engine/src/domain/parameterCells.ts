/** In which cell each parameter of a tier lies. */
import type { IntColumn, NumColumn, Ref } from "../kernel/arena.ts";
import { shockOf } from "./controls.ts";
import type { ParameterName } from "./parameters.ts";
import { AUCTION } from "./rows/auction.ts";
import { SHOCK } from "./rows/governance.ts";
import { MARKET } from "./rows/market.ts";
import { MARK } from "./rows/oracle.ts";
import { SHARE_BOOK } from "./rows/shares.ts";
import { COLLATERAL, TIER } from "./rows/tier.ts";
import type { TierShard } from "./tierShard.ts";

/** A column of whichever table, and whether it holds 32-bit integers or doubles. */
export interface ParameterCell {
  readonly table: "market" | "tier" | "collateral" | "shock" | "mark" | "shareBook" | "auction";
  readonly isInt: boolean;
  readonly column: number;
}

type Table = ParameterCell["table"];
const int = <T extends Table>(table: T, column: IntColumn<T>): ParameterCell => ({
  table,
  isInt: true,
  column,
});
const num = <T extends Table>(table: T, column: NumColumn<T>): ParameterCell => ({
  table,
  isInt: false,
  column,
});

export const PARAMETER_CELLS: Readonly<Record<ParameterName, ParameterCell>> = {
  status: int("market", MARKET.status),
  initialMargin: int("market", MARKET.initialMargin),
  maintenanceRatio: int("market", MARKET.maintenanceRatio),
  scaleBase: num("market", MARKET.scaleBase),
  oiLower: num("market", MARKET.oiLower),
  oiUpper: num("market", MARKET.oiUpper),
  band: int("market", MARKET.band),
  takerFee: int("market", MARKET.takerFee),
  makerFee: int("market", MARKET.makerFee),
  maxPositionLots: num("market", MARKET.maxPositionLots),
  maxOpenInterestLots: num("market", MARKET.maxOpenInterestLots),
  maxOrders: int("market", MARKET.maxOrders),
  fundingCap: int("market", MARKET.fundingCap),
  markBand: int("mark", MARK.band),
  fundingInterval: int("mark", MARK.fundingInterval),
  interestRate: int("mark", MARK.interestRate),
  liquidationFee: int("market", MARKET.liquidationFee),
  liquidationStep: int("market", MARKET.liquidationStep),
  liquidationMinimum: num("market", MARKET.liquidationMinimum),
  backstopCap: num("market", MARKET.backstopCap),
  underlying: int("market", MARKET.underlying),
  backstopInventory: int("market", MARKET.backstopInventory),
  callAuctionPeriod: int("market", MARKET.callAuctionPeriod),
  callAuctionCollar: int("market", MARKET.callAuctionCollar),
  minInitialMargin: int("tier", TIER.minInitialMargin),
  maxBucketOrders: int("tier", TIER.maxBucketOrders),
  manipulationFactor: int("tier", TIER.manipulationFactor),
  backstopDay: int("tier", TIER.backstopDay),
  liquidationBuffer: int("tier", TIER.liquidationBuffer),
  auctionStart: num("tier", TIER.auctionStart),
  auctionSpan: num("tier", TIER.auctionSpan),
  insuranceDraw: int("tier", TIER.insuranceDraw),
  insuranceFees: int("shareBook", SHARE_BOOK.feeShare),
  insuranceLending: int("tier", TIER.insuranceLending),
  insuranceBorrowing: num("tier", TIER.insuranceBorrowing),
  loanRepayment: int("tier", TIER.loanRepayment),
  keeperShare: int("auction", AUCTION.keeperShare),
  stressMove: int("shock", SHOCK.move),
  collateralInitialWeight: int("collateral", COLLATERAL.initialWeight),
  collateralMaintenanceWeight: int("collateral", COLLATERAL.maintenanceWeight),
  collateralCap: num("collateral", COLLATERAL.cap),
};

/** A parameter's value; `subject` is the market or asset, and not looked at for one of the tier. */
export function readParameter(tier: TierShard, name: ParameterName, subject: number): number {
  const { arena } = tier;
  const { table, isInt, column } = PARAMETER_CELLS[name];
  const row = rowIn(tier, table, subject);
  return isInt ? arena.int(row, column as IntColumn<string>) : arena.num(row, column as NumColumn<string>);
}

/** Writes a parameter's value, and nothing that depends on it. */
export function writeParameter(tier: TierShard, name: ParameterName, subject: number, value: number): void {
  const { arena } = tier;
  const { table, isInt, column } = PARAMETER_CELLS[name];
  const row = rowIn(tier, table, subject);
  if (isInt) arena.setInt(row, column as IntColumn<string>, value);
  else arena.setNum(row, column as NumColumn<string>, value);
}

function rowIn(tier: TierShard, table: Table, subject: number): Ref {
  switch (table) {
    case "market":
      return tier.marketRow(subject);
    case "collateral":
      return tier.collateral(subject);
    case "mark":
      return tier.mark(subject);
    case "shock":
      return shockOf(tier.controls, subject);
    case "shareBook":
      return tier.insuranceBook.row;
    case "auction":
      return tier.auction;
    default:
      return tier.row;
  }
}
