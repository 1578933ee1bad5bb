/** Lots divided in proportion, whole. */
import { minus, plus } from "../../kernel/checked.ts";
import { mulDivRest, scaleFloor } from "../../kernel/mulDiv.ts";
import type { Lots } from "../../kernel/units.ts";
import { ONE_LOT } from "../../domain/limits.ts";

/** Shares of `wanted` lots in proportion to claims that sum to `total`; the largest remainders get the odd lots, from the first. */
export function proRata(wanted: Lots, claims: readonly Lots[], total: Lots): Lots[] {
  const shares = claims.map((claim) => scaleFloor(wanted, claim, total));
  const rests = claims.map((claim) => mulDivRest(wanted, claim, total));
  let left = shares.reduce<Lots>((sum, share) => minus(sum, share), wanted);
  const byRest = rests.map((_, index) => index);
  byRest.sort((a, b) => (rests[b] ?? 0) - (rests[a] ?? 0) || a - b);
  for (const index of byRest) {
    if (left === 0) break;
    shares[index] = plus(shares[index] ?? ONE_LOT, ONE_LOT);
    left = minus(left, ONE_LOT);
  }
  return shares;
}
