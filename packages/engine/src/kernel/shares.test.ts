import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { areTooSmall, rebased, sharesBought, worthOfShares } from "./shares.ts";
import type { MicroUsd, Shares } from "./units.ts";

const V = 1_000n;
const pots = fc.integer({ min: 0, max: 2 ** 46 });
const counts = fc.integer({ min: 0, max: 2 ** 46 });
const amounts = fc.integer({ min: 1, max: 2 ** 40 });
const usd = (x: number): MicroUsd => x as MicroUsd;
const of = (x: number): Shares => x as Shares;
/** Sign of (pot + V)/(shares + V) after less before. */
const change = (potBefore: number, before: number, potAfter: number, after: number): bigint =>
  (BigInt(potAfter) + V) * (BigInt(before) + V) - (BigInt(potBefore) + V) * (BigInt(after) + V);

describe("shares", () => {
  test("are bought at par from an empty pot", () => {
    expect(sharesBought(usd(5), usd(0), of(0))).toBe(5);
    expect(worthOfShares(of(5), usd(5), of(5))).toBe(5);
  });

  test("are never worth more than the pot", () => expect(worthOfShares(of(500), usd(0), of(500))).toBe(0));

  test("buying and redeeming lower nobody's price, and a round trip pays nobody", () => {
    fc.assert(
      fc.property(pots, counts, amounts, (pot, shares, amount) => {
        fc.pre(!areTooSmall(usd(pot), of(shares)));
        const bought = sharesBought(usd(amount), usd(pot), of(shares));
        expect(change(pot, shares, pot + amount, shares + bought) >= 0n).toBe(true);
        const back = worthOfShares(bought, usd(pot + amount), of(shares + bought));
        expect(back).toBeLessThanOrEqual(amount);
        expect(change(pot + amount, shares + bought, pot + amount - back, shares) >= 0n).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  test("inflating the first share costs a thousand times what the next buyer can lose by it", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e6 }),
        fc.integer({ min: 0, max: 2 ** 40 }),
        amounts,
        (own, gift, victim) => {
          const mine = sharesBought(usd(own), usd(0), of(0));
          const pot = own + gift;
          const his = sharesBought(usd(victim), usd(pot), mine);
          const all = of(mine + his);
          const back = worthOfShares(mine, usd(pot + victim), all);
          const lost = victim - worthOfShares(his, usd(pot + victim), all);
          // What the attacker gets beyond his stake is never more than what he gave away.
          expect(back).toBeLessThanOrEqual(own + gift + 1);
          // Nobody can be robbed of more than a share's price: a thousandth of the gift, at most.
          expect(lost).toBeLessThanOrEqual(Math.ceil((pot + 1_000) / (mine + 1_000)) + 1);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test("counting anew costs less than a micro-dollar each time", () => {
    fc.assert(
      fc.property(pots, counts, counts, (pot, a, b) => {
        const shares = of(a + b);
        fc.pre(areTooSmall(usd(pot), shares));
        const worth = Number((BigInt(a) * (BigInt(pot) + V)) / (BigInt(shares) + V));
        const after = worthOfShares(rebased(of(a), 1), usd(pot), rebased(shares, 1));
        expect(Math.min(worth, pot) - after).toBeLessThanOrEqual(
          1 + Math.ceil((worth * 15_000) / (a + b + 1)),
        );
      }),
    );
    expect(rebased(rebased(of(12_345), 1), 1)).toBe(rebased(of(12_345), 2));
    expect(rebased(of(2 ** 52), 14)).toBe(0);
  });
});
