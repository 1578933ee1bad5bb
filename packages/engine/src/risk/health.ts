/** Verdicts on an account below initial margin: it may only act to improve. */
import { compareProducts } from "../kernel/mulDiv.ts";
import type { Lots, MicroUsd } from "../kernel/units.ts";

/**
 * True when equity ÷ maintenance margin is not lower after than before; compared exactly, without dividing.
 *
 * An insolvent bucket's ratio says nothing: it falls when the bucket closes at the mark and rises when it takes on more. Such a bucket may
 * close as long as it loses nothing but fees: what it gave away beyond would be other people's money.
 */
export function keepsHealth(
  equityBefore: MicroUsd,
  marginBefore: MicroUsd,
  equityAfter: MicroUsd,
  marginAfter: MicroUsd,
  fees: MicroUsd,
): boolean {
  if (equityBefore < 0) return equityAfter + fees >= equityBefore;
  return compareProducts(equityAfter, marginBefore, equityBefore, marginAfter) >= 0;
}

/** True when a trade made a position smaller without turning it round. */
export function onlyReduces(before: Lots, after: Lots): boolean {
  return Math.abs(after) < Math.abs(before) && before * after >= 0;
}
