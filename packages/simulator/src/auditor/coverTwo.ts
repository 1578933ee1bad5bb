/** Cover-2 of docs/spec/funds.md: what the two worst owners would leave unpaid, and what there is for it. */
import { absolute, ceilDivide, floorDivide, greatest, least } from "./arithmetic.ts";
import { sizeRate } from "./margin.ts";
import { worthLeft } from "./stress.ts";
import { BILLION, MAX_INTEGER, MILLION, MUTUAL_DRAW, QUOTE } from "./terms.ts";
import type { Bucket, World } from "./venue.ts";
import { notionalOf } from "./world.ts";

export interface CoverTwo {
  readonly owners: readonly { readonly account: number; readonly residual: bigint }[];
  readonly needed: bigint;
  readonly available: bigint;
  readonly drawable: bigint;
}

export function coverTwo(world: World, otherwise: bigint): CoverTwo {
  const residuals = new Map<number, { readonly risen: bigint; readonly fallen: bigint }>();
  for (const bucket of world.venue.tiers.flatMap((tier) => tier.buckets)) {
    const { risen, fallen } = residuals.get(bucket.account) ?? { risen: 0n, fallen: 0n };
    residuals.set(bucket.account, {
      risen: risen + residual(world, bucket, true, otherwise),
      fallen: fallen + residual(world, bucket, false, otherwise),
    });
  }
  const owners = [...residuals]
    .map(([account, { risen, fallen }]) => ({ account, residual: greatest(risen, fallen) }))
    .filter((owner) => owner.residual > 0n);
  owners.sort((a, b) => Number(b.residual - a.residual) || a.account - b.account);
  const worst = owners.slice(0, 2);
  const { skin = 0n, mutual = 0n } = world.venue.assets[QUOTE - 1] ?? {};
  const first = floorDivide(mutual * MUTUAL_DRAW, MILLION);
  const second = floorDivide((mutual - first) * MUTUAL_DRAW, MILLION);
  return {
    owners: worst,
    needed: sum(worst.map((owner) => owner.residual)),
    available: skin + mutual,
    drawable: skin + first + second,
  };
}

/** What a bucket would owe beyond what it has after a rise, or a fall, of all marks. */
function residual(world: World, bucket: Bucket, isRise: boolean, otherwise: bigint): bigint {
  let worth = worthLeft(world, bucket);
  for (const { market, lots } of bucket.positions.values()) {
    const move = market.terms.stressMove === 0n ? otherwise : market.terms.stressMove;
    const notional = absolute(notionalOf(market, market.mark, lots));
    if (lots > 0n === isRise) worth += floorDivide(notional * move, MILLION);
    else worth -= ceilDivide(notional * sizeRate(market, notional, move), BILLION);
  }
  return greatest(0n, -worth);
}

function sum(values: readonly bigint[]): bigint {
  return least(
    MAX_INTEGER,
    values.reduce((total, value) => total + value, 0n),
  );
}
