/**
 * The stress check: what a tier could not cover if every market jumped at once, after everybody has taken out what the parameters let him
 * take. It is a full sweep, made only when governance loosens something. See docs/spec/governance.md#stress-check.
 */
import { type Arena, NIL, type Ref } from "../kernel/arena.ts";
import { absolute, least, minus, most, negate, plus } from "../kernel/checked.ts";
import { shareCeil, shareFloor } from "../kernel/mulDiv.ts";
import { rowOf, usedRows } from "../kernel/pool.ts";
import { type MicroUsd, NONE, type Ppm } from "../kernel/units.ts";
import { valueOf } from "../kernel/value.ts";
import type { BucketFigures } from "../domain/bucketFigures.ts";
import { shockOf } from "../domain/controls.ts";
import { STRESSED_COLLATERAL } from "../domain/governanceLimits.ts";
import { MAX_COLLATERAL_VALUE, MAX_INTEGER } from "../domain/limits.ts";
import { nextSlot, slotAt } from "../domain/positions.ts";
import { BUCKET, HOLDING, POSITION } from "../domain/rows/bucket.ts";
import { SHOCK } from "../domain/rows/governance.ts";
import { MARKET } from "../domain/rows/market.ts";
import type { TierShard } from "../domain/tierShard.ts";
import { measureBucket, unrealised } from "./bucketMeasure.ts";
import { holdingValue } from "./collateral.ts";
import { lossByMove } from "./margin.ts";
import { worstEquity } from "./withdrawable.ts";

/**
 * Uncovered loss of a tier's buckets, the worse of a jump up and a jump down, micro-dollars; 2^53 − 1 stands for all beyond.
 * @param figures - scratch
 */
export function uncoveredLoss(tier: TierShard, figures: BucketFigures): MicroUsd {
  let afterRise: MicroUsd = NONE;
  let afterFall: MicroUsd = NONE;
  for (let id = 1; id <= usedRows(tier.arena, tier.buckets); id++) {
    const bucket = rowOf(tier.arena, tier.buckets, id);
    const worth = worthLeft(tier, bucket, figures);
    const gain = gainOfRise(tier, bucket);
    afterRise = saturated(afterRise, negate(plus(worth, gain)));
    afterFall = saturated(afterFall, negate(minus(worth, gain)));
  }
  return most(afterRise, afterFall);
}

/** What a bucket would owe beyond its worth after all marks have risen, and after they have fallen. */
export interface Residuals {
  readonly afterRise: MicroUsd;
  readonly afterFall: MicroUsd;
}

/**
 * What a bucket could not pay, its losses scaled with the size of its positions, its gains not.
 * @param otherwise - how far markets jump that name no move of their own
 */
export function residualsOf(
  tier: TierShard,
  bucket: Ref<"bucket">,
  figures: BucketFigures,
  otherwise: Ppm,
): Residuals {
  const { arena } = tier;
  let ifRisen = worthLeft(tier, bucket, figures);
  let ifFallen = ifRisen;
  eachMarketOf(tier, bucket, (position) => {
    const market = marketOf(tier, position);
    const own = arena.int(market.shock, SHOCK.move);
    const move = own === 0 ? otherwise : own;
    const lots = arena.num(position, POSITION.lots);
    const notional = absolute(valueOf(lots, arena.num(market.row, MARKET.lotValue)));
    const loss = lossByMove(arena, market, notional, move);
    const gain = shareFloor(notional, move);
    ifRisen = lots > 0 ? plus(ifRisen, gain) : minus(ifRisen, loss);
    ifFallen = lots > 0 ? minus(ifFallen, loss) : plus(ifFallen, gain);
  });
  return { afterRise: most(negate(ifRisen), NONE), afterFall: most(negate(ifFallen), NONE) };
}

/** What stands against a bucket's losses once its owner has withdrawn what he may; collateral counts half its price. */
function worthLeft(tier: TierShard, bucket: Ref<"bucket">, figures: BucketFigures): MicroUsd {
  const { arena } = tier;
  measureBucket(tier, bucket, figures);
  const cash = arena.num(bucket, BUCKET.cash);
  const free = most(least(cash, minus(worstEquity(tier, bucket), figures.required)), NONE);
  let worth = plus(minus(cash, free), stressedCollateral(tier, bucket));
  eachMarketOf(tier, bucket, (position) => {
    worth = plus(worth, unrealised(arena, marketOf(tier, position), position));
  });
  return worth;
}

/** What a bucket gains when every mark rises by its market's shock; it loses as much when they fall. */
function gainOfRise(tier: TierShard, bucket: Ref<"bucket">): MicroUsd {
  const { arena } = tier;
  let gain: MicroUsd = NONE;
  eachMarketOf(tier, bucket, (position) => {
    const { id, row } = marketOf(tier, position);
    const move = arena.int(shockOf(tier.controls, id), SHOCK.move);
    const perLot = shareCeil(arena.num(row, MARKET.lotValue), move);
    gain = plus(gain, valueOf(arena.num(position, POSITION.lots), perLot));
  });
  return gain;
}

function stressedCollateral(tier: TierShard, bucket: Ref<"bucket">): MicroUsd {
  const { arena } = tier;
  let total: MicroUsd = NONE;
  let holding = arena.int(bucket, BUCKET.holdings);
  for (; holding !== NIL; holding = arena.int(holding, HOLDING.next)) {
    const value = holdingValue(arena, holding, tier.collateral(arena.int(holding, HOLDING.asset)));
    total = plus(total, shareFloor(value, STRESSED_COLLATERAL));
  }
  return least(total, MAX_COLLATERAL_VALUE);
}

function eachMarketOf(
  tier: TierShard,
  bucket: Ref<"bucket">,
  visit: (position: Ref<"position">) => void,
): void {
  const { arena } = tier;
  const end = slotAt(arena, bucket, arena.int(bucket, BUCKET.slots));
  for (let position = slotAt(arena, bucket, 0); position < end; position = nextSlot(position))
    if (isHeld(arena, position)) visit(position);
}

function isHeld(arena: Arena, position: Ref<"position">): boolean {
  return arena.num(position, POSITION.lots) !== 0 || arena.num(position, POSITION.cost) !== 0;
}

function marketOf(tier: TierShard, position: Ref<"position">): ReturnType<TierShard["listedMarket"]> {
  return tier.listedMarket(tier.arena.int(position, POSITION.market));
}

/** The sum with a loss, if it is one, no more than can be counted. */
function saturated(sum: MicroUsd, loss: MicroUsd): MicroUsd {
  if (loss <= 0) return sum;
  return sum > MAX_INTEGER - loss ? MAX_INTEGER : plus(sum, loss);
}
