/**
 * Shares of a pot of money: what an amount buys, what shares are worth, both rounded down.
 *
 * A share's price is (pot + V)/(shares + V), with V virtual shares over V virtual micro-dollars that belong to nobody. They price the
 * first share, and take their part of whatever is given to a nearly empty pot: whoever inflates the price of one share to make the next
 * buyer's round to nothing must give the virtual shares V times what he could gain. See docs/spec/funds.md.
 */
import { compareProducts, mulDivFloor } from "./mulDiv.ts";
import type { MicroUsd, Shares } from "./units.ts";

const VIRTUAL = 1_000;
/** Shares are counted anew in units of this many when one is worth less than its reciprocal. */
const REBASE = 16;

/**
 * Shares that an amount buys of a pot.
 * @throws {InvariantViolation} if they lie beyond 2^53 − 1
 */
export function sharesBought(amount: MicroUsd, pot: MicroUsd, shares: Shares): Shares {
  return mulDivFloor(amount, shares + VIRTUAL, pot + VIRTUAL) as Shares;
}

/** What some of a pot's shares are worth; never more than the pot. */
export function worthOfShares(some: Shares, pot: MicroUsd, shares: Shares): MicroUsd {
  return Math.min(mulDivFloor(some, pot + VIRTUAL, shares + VIRTUAL), pot) as MicroUsd;
}

/** True when losses have made shares so small that the next buyer's would not be countable. */
export function areTooSmall(pot: MicroUsd, shares: Shares): boolean {
  return compareProducts(shares + VIRTUAL, 1, pot + VIRTUAL, REBASE) > 0;
}

/** Shares after so many rebases, each a division rounded down: it costs their holder less than a micro-dollar. */
export function rebased(shares: Shares, times: number): Shares {
  return (times > 13 ? 0 : Math.floor(shares / REBASE ** times)) as Shares;
}
