/**
 * What nobody takes over is closed against the other side of the market, pro rata.
 *
 * @see docs/spec/liquidation.md, "Insolvent"
 */
import { absolute } from "./arithmetic.ts";
import { clearTransfer } from "./clearing.ts";
import { HOW } from "./terms.ts";
import type { Position, World } from "./venue.ts";
import { emit } from "./world.ts";

/** Closes all of a position at the mark against those of the opposite side. */
export function tearUp(world: World, position: Position): void {
  const { bucket, market, lots } = position;
  const others = market.tier.buckets
    .flatMap((other) => other.positions.get(market.id) ?? [])
    .filter((other) => other.lots * lots < 0n);
  const sizes = others.map((other) => absolute(other.lots));
  const shares = proRata(absolute(lots), sizes);

  emit(world, "positionLiquidated", market.id, bucket.id, lots, HOW.tornUp, 0, market.mark, 0);
  for (const [index, other] of others.entries()) {
    const share = shares[index] ?? 0n;
    if (share === 0n) continue;
    const moved = lots > 0n ? share : -share;
    clearTransfer(world, position, other, moved, market.mark);
    emit(world, "positionTornUp", market.id, other.bucket.id, -moved, market.mark);
  }
}

/** Divides lots among sizes that sum to at least as many: rounded down, and one more for the largest remainders. */
export function proRata(lots: bigint, sizes: readonly bigint[]): bigint[] {
  const total = sizes.reduce((sum, size) => sum + size, 0n);
  const shares = sizes.map((size) => (lots * size) / total);
  const missing = Number(lots - shares.reduce((sum, share) => sum + share, 0n));
  const byRemainder = sizes.map((size, index) => ({ index, remainder: (lots * size) % total }));
  byRemainder.sort((a, b) => Number(b.remainder - a.remainder) || a.index - b.index);
  for (const { index } of byRemainder.slice(0, missing)) shares[index] = (shares[index] ?? 0n) + 1n;
  return shares;
}
