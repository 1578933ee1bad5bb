/** The parameters of liquidation: what a tier and a market may be set to, sensible or not. */
import type { Dice } from "./dice.ts";
import type { MarketMemo } from "./memory.ts";
import type { Profile } from "./profile.ts";

const PARAMETER = {
  liquidationFee: 20,
  liquidationStep: 21,
  liquidationMinimum: 22,
  backstopCap: 23,
  underlying: 24,
  backstopInventory: 25,
  backstopDay: 35,
  liquidationBuffer: 36,
  auctionStart: 37,
  auctionSpan: 38,
  insuranceDraw: 39,
  callAuctionPeriod: 47,
  callAuctionCollar: 48,
  stressMove: 57,
} as const;

export const MARKET_DEFENCES: readonly number[] = [20, 21, 22, 23, 24, 25, 47, 48, 57];
export const TIER_DEFENCES: readonly number[] = [35, 36, 37, 38, 39];

export function tierDefence(dice: Dice, { pace }: Profile, parameter: number): number {
  switch (parameter) {
    case PARAMETER.liquidationBuffer:
      return dice.pick([0, 1, 50_000, 150_000, 150_000, 250_000, 1_000_000]);
    case PARAMETER.backstopDay:
      return dice.pick([0, 0, 1, 250_000, 250_000, 1_000_000]);
    case PARAMETER.auctionStart:
      return dice.pick([0, 0, pace * 20, pace * 200]);
    case PARAMETER.auctionSpan:
      return dice.pick([0, pace * 50, pace * 2_000]);
    default:
      return dice.pick([0, 1, 250_000, 500_000, 1_000_000]);
  }
}

export function marketDefence(dice: Dice, market: MarketMemo, parameter: number): number {
  const { mark, anchor, notional, maxPositionLots } = market;
  const lotValue = Math.max(1, mark === 0 ? anchor : mark) * notional;
  switch (parameter) {
    case PARAMETER.liquidationFee:
      return dice.pick([0, 2_500, 7_500, 7_500, 50_000]);
    case PARAMETER.liquidationStep:
      return dice.pick([0, 1, 100_000, 200_000, 500_000, 1_000_000]);
    case PARAMETER.liquidationMinimum:
      return Math.min(1e12, dice.happens(300) ? 0 : lotValue * dice.magnitude(100));
    case PARAMETER.callAuctionPeriod:
      return dice.pick([0, 1, 60_000, 300_000, 300_000]);
    case PARAMETER.callAuctionCollar:
      return dice.pick([0, 1, 5_000, 20_000, 100_000]);
    case PARAMETER.stressMove:
      return dice.pick([0, 1, 120_000, 300_000, 300_000, 1_000_000]);
    case PARAMETER.backstopCap:
      return dice.pick([0, dice.magnitude(maxPositionLots), maxPositionLots, maxPositionLots]);
    case PARAMETER.backstopInventory:
      return dice.pick([0, 0, 100_000, 500_000, 1_000_000]);
    default:
      return dice.pick([0, 1, 1, 2]);
  }
}
