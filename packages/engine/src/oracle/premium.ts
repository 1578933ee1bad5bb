/** Funding measured by the market itself: how far its book stands from the index, sample by sample. See docs/spec/oracle.md#funding. */
import { mulDivCeil, mulDivTruncate } from "../kernel/mulDiv.ts";
import type { Ms, Ppb } from "../kernel/units.ts";
import { ppb } from "../kernel/value.ts";
import { PPB_ONE, PPM_ONE } from "../domain/limits.ts";
import { MARKET } from "../domain/rows/market.ts";
import { MARK } from "../domain/rows/oracle.ts";
import type { Market, TierShard } from "../domain/tierShard.ts";

/** A sample a second at most. */
const SAMPLE_EVERY = 1_000;
/** The premium is paid over eight hours, and interest within 0.05 % of it over eight is not. */
const HOURS = 8;
const INTEREST_SLACK = 62_500;
const HOUR = 3_600_000;

/** Takes a sample of the premium if one is due: what an impact bid is above the index, or an impact ask below, at most 100 %. */
export function samplePremium(
  tier: TierShard,
  market: Market,
  index: number,
  bid: number,
  ask: number,
  now: Ms,
): void {
  const { arena } = tier;
  const row = tier.mark(market.id);
  if (arena.int(row, MARK.fundingInterval) === 0) return;
  if (arena.int(row, MARK.samples) > 0 && now - arena.num(row, MARK.premiumAt) < SAMPLE_EVERY) return;
  const above = bid === 0 ? 0 : Math.max(0, bid - index);
  const below = ask === 0 ? 0 : Math.max(0, index - ask);
  const premium = mulDivTruncate(Math.max(-index, Math.min(above - below, index)), PPB_ONE, index);
  arena.setNum(row, MARK.premiumAt, now);
  arena.setNum(row, MARK.premiumSum, arena.num(row, MARK.premiumSum) + premium);
  arena.setInt(row, MARK.samples, arena.int(row, MARK.samples) + 1);
}

/** Average of the samples since funding last accrued, ppb; 0 without any. */
export function averagePremium(tier: TierShard, market: Market): number {
  const { arena } = tier;
  const row = tier.mark(market.id);
  const samples = arena.int(row, MARK.samples);
  return samples === 0 ? 0 : mulDivTruncate(arena.num(row, MARK.premiumSum), 1, samples);
}

/**
 * The rate for one interval: an eighth of the average premium per hour, drawn towards interest, such that eight hours at the cap take half
 * of what lies between initial and maintenance margin; and no more than the market's cap per accrual.
 */
export function measuredRate(tier: TierShard, market: Market): Ppb {
  const { arena } = tier;
  const row = tier.mark(market.id);
  const premium = mulDivTruncate(averagePremium(tier, market), 1, HOURS);
  const interest = arena.int(row, MARK.interestRate);
  const hourly = premium + limited(interest - premium, INTEREST_SLACK);
  const rate = mulDivTruncate(
    limited(hourly, hourlyCap(tier, market)),
    arena.int(row, MARK.fundingInterval),
    HOUR,
  );
  return ppb(limited(rate, arena.int(market.row, MARKET.fundingCap)));
}

function hourlyCap(tier: TierShard, market: Market): number {
  const { arena } = tier;
  const initial = arena.int(market.row, MARKET.initialMargin) * (PPB_ONE / PPM_ONE);
  const maintenance = mulDivCeil(initial, arena.int(market.row, MARKET.maintenanceRatio), PPM_ONE);
  return Math.floor((initial - maintenance) / (2 * HOURS));
}

function limited(value: number, most: number): number {
  return Math.max(-most, Math.min(value, most)) + 0;
}

/** The measurement starts anew; the next funding is due at the next of the moments that lie an interval apart. */
export function beginInterval(tier: TierShard, market: Market, rate: Ppb, due: Ms): void {
  const { arena } = tier;
  const row = tier.mark(market.id);
  arena.setInt(row, MARK.fundingRate, rate);
  arena.setNum(row, MARK.fundingDue, due);
  arena.setNum(row, MARK.premiumSum, 0);
  arena.setInt(row, MARK.samples, 0);
}
