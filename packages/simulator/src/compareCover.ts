/** Purchased cover and remembered losses, as the engine's queries tell them, against the auditor's. */
import { type Venue, coverTwo, coversView, lossesView, tierView } from "@bulkhead/engine";
import type { CoverTwo } from "./auditor/coverTwo.ts";
import type { TierState } from "./auditor/state/tier.ts";

type Same = (what: string, field: string, expected: number | bigint, found: number) => void;

export function compareCover(tier: TierState, venue: Venue, same: Same): void {
  const what = `tier ${tier.tier}`;
  const covers = coversView(venue, tier.tier);
  same(what, "policies", tier.covers.length, covers.length);
  const escrow = tier.covers.reduce((sum, cover) => sum + cover.escrow, 0n);
  same(what, "escrow", escrow, tierView(venue, tier.tier).escrow);
  for (const [index, cover] of tier.covers.entries()) {
    for (const field of ["cover", "account", "attachment", "limit", "escrow", "expiry"] as const)
      same(`policy of ${what}`, field, cover[field], covers[index]?.[field] ?? Number.NaN);
  }
  const losses = lossesView(venue, tier.tier);
  same(what, "defaults remembered", tier.losses.length, losses.length);
  for (const [index, loss] of tier.losses.entries()) {
    const found = losses[index];
    if (found === undefined) continue;
    const which = `default of ${what}`;
    same(which, "default", loss.default, found.default);
    for (const [layer, amount] of loss.short.entries())
      same(which, `short in layer ${layer + 1}`, amount, found.short[layer] ?? Number.NaN);
    same(which, "policies", loss.covers.length, found.covers.length);
    for (const [place, part] of loss.covers.entries()) {
      for (const field of ["cover", "account", "paid", "owed"] as const)
        same(which, `${field} of a policy`, part[field], found.covers[place]?.[field] ?? Number.NaN);
    }
    same(which, "winners", loss.winners.length, found.winners.length);
    for (const [place, winner] of loss.winners.entries()) {
      for (const field of ["bucket", "amount"] as const)
        same(which, `${field} of a winner`, winner[field], found.winners[place]?.[field] ?? Number.NaN);
    }
  }
}

/** A fifth, where a market names no move of its own. */
const MOVE = 200_000;

export function compareCoverTwo(expected: CoverTwo, venue: Venue, same: Same): void {
  const found = coverTwo(venue, 0, MOVE);
  for (const field of ["needed", "available", "drawable"] as const)
    same("cover-2", field, expected[field], found[field]);
  same("cover-2", "owners", expected.owners.length, found.owners.length);
  for (const [place, owner] of expected.owners.entries()) {
    for (const field of ["account", "residual"] as const)
      same(
        "cover-2",
        `${field} of owner ${place + 1}`,
        owner[field],
        found.owners[place]?.[field] ?? Number.NaN,
      );
  }
}
