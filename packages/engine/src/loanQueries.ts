/** Questions about loans between tiers' insurance funds, and what the rule would move now. They change nothing. */
import { least, minus, most } from "./kernel/checked.ts";
import { type AssetUnits, type MicroUsd, type Ms, NONE } from "./kernel/units.ts";
import { quoteAsCash } from "./kernel/value.ts";
import type { Command } from "./domain/commands.ts";
import { LENDING_POSTURE } from "./domain/limits.ts";
import { CONTROLLER } from "./domain/rows/guard.ts";
import { TIER } from "./domain/rows/tier.ts";
import { ASK, LOAN, VAULT } from "./domain/rows/vault.ts";
import type { TierShard } from "./domain/tierShard.ts";
import type { Venue } from "./domain/venue.ts";
import { type Lendable, lendable, mostLendable, needOf } from "./clearing/lending.ts";
import { fetchable, openAsk, pledgedTo } from "./vault/loans.ts";

export interface LoanView {
  readonly lender: number;
  readonly borrower: number;
  /** The borrower has it; it waits for him; it waits for the lender. All three together are the lender's claim. */
  readonly owed: AssetUnits;
  readonly pledged: AssetUnits;
  readonly pledgedAt: Ms;
  readonly returned: AssetUnits;
}

/** How a tier stands towards the others' funds. */
export interface LendingView extends Lendable {
  readonly tier: number;
  readonly lent: MicroUsd;
  readonly owed: MicroUsd;
  /** What its fund lacks and may borrow. */
  readonly need: MicroUsd;
  /** What it has asked for, and when. */
  readonly asked: AssetUnits;
  readonly askedAt: Ms;
}

export interface LoansView {
  /** Pairs of tiers between which anything is open, by lender and borrower. */
  readonly loans: readonly LoanView[];
  readonly tiers: readonly LendingView[];
}

/** All loans, and how every tier stands at the venue's time. */
export function loansView(venue: Venue): LoansView {
  const { vault } = venue;
  const now = clockOf(venue);
  const tiers = tiersOf(venue);
  const loans = tiers.flatMap(({ id: lender }) =>
    tiers.map(({ id: borrower }): LoanView => {
      const row = vault.loan(lender, borrower);
      const [owed, pledged] = [vault.arena.num(row, LOAN.owed), vault.arena.num(row, LOAN.pledged)];
      const returned = vault.arena.num(row, LOAN.returned);
      return { lender, borrower, owed, pledged, pledgedAt: vault.arena.num(row, LOAN.pledgedAt), returned };
    }),
  );
  return {
    loans: loans.filter(({ owed, pledged, returned }) => owed > 0 || pledged > 0 || returned > 0),
    tiers: tiers.map((tier) => ({
      tier: tier.id,
      ...lendable(tier, now),
      lent: tier.arena.num(tier.row, TIER.lent),
      owed: tier.arena.num(tier.row, TIER.owed),
      need: needOf(tier),
      asked: vault.arena.num(vault.ask(tier.id), ASK.amount),
      askedAt: vault.arena.num(vault.ask(tier.id), ASK.at),
    })),
  };
}

/** Money that the rule would move from one fund to another. */
export interface LoanMove {
  readonly lender: number;
  readonly borrower: number;
  readonly amount: MicroUsd;
}

export interface RebalancingPlan {
  readonly moves: readonly LoanMove[];
  /** What to send, in this order, for the moves to happen and what waits to be fetched; none of it would be refused. */
  readonly commands: readonly Command[];
}

/**
 * What the rule would do at the venue's time. Of what all funds together may lend as much as possible goes to those who lack it, so that the sum of
 * min(fund, target) becomes the largest there is: who lacks most gets first, and who may lend most gives first, by tier where that is
 * equal. It is a reading of the venue for whoever keeps it going; the commands are checked again by themselves.
 */
export function rebalancingPlan(venue: Venue): RebalancingPlan {
  const { vault } = venue;
  const now = clockOf(venue);
  const tiers = tiersOf(venue);
  const supplies = descending(tiers.map((tier) => ({ tier: tier.id, left: supplyOf(tier, now) })));
  const wants = descending(tiers.map((tier) => ({ tier: tier.id, left: wantOf(venue, tier) })));
  const moves: LoanMove[] = [];
  for (const want of wants) {
    for (const supply of supplies) {
      const amount = least(supply.left, want.left);
      if (amount === 0) continue;
      supply.left = minus(supply.left, amount);
      want.left = minus(want.left, amount);
      moves.push({ lender: supply.tier, borrower: want.tier, amount });
    }
  }

  const borrowers = tiers.filter(({ id }) => moves.some(({ borrower }) => borrower === id));
  const mustAsk = tiers.filter(
    (tier) => isWaitedFor(venue, tier) || (borrowers.includes(tier) && isAskStale(venue, tier, now)),
  );
  const draw = ({ id }: TierShard): Command => ({ kind: "drawInsurance", time: now, tier: id });
  const commands: Command[] = [
    ...mustAsk.map(draw),
    ...moves.map(({ lender: tier, borrower }): Command => ({
      kind: "lendInsurance",
      time: now,
      tier,
      borrower,
    })),
    ...borrowers.map(draw),
    ...tiers
      .filter(({ id }) => tiers.some((other) => fetchable(vault, id, other.id, now) > 0))
      .map(({ id }): Command => ({ kind: "sweepFees", time: now, tier: id })),
  ];
  return { moves, commands };
}

function clockOf({ vault }: Venue): Ms {
  return vault.arena.num(vault.row, VAULT.clock);
}

function tiersOf(venue: Venue): readonly TierShard[] {
  return venue.tiers.slice(0, venue.vault.tierCount);
}

function supplyOf(tier: TierShard, now: Ms): MicroUsd {
  const isStrained = tier.arena.num(tier.controller, CONTROLLER.posture) > LENDING_POSTURE;
  return isStrained ? NONE : mostLendable(lendable(tier, now));
}

/** What a fund lacks beyond what waits for it already. */
function wantOf({ vault }: Venue, tier: TierShard): MicroUsd {
  return most(minus(needOf(tier), quoteAsCash(pledgedTo(vault, tier.id))), NONE);
}

/** True if others' money waits for the tier: it takes it, or lets it go back. */
function isWaitedFor({ vault }: Venue, { id }: TierShard): boolean {
  return pledgedTo(vault, id) > 0;
}

/** True if the tier has not said, or too long ago, or otherwise, what it lacks. */
function isAskStale(venue: Venue, tier: TierShard, now: Ms): boolean {
  return quoteAsCash(openAsk(venue.vault, tier.id, now)) !== wantOf(venue, tier);
}

function descending(parts: { readonly tier: number; left: MicroUsd }[]): typeof parts {
  const some = parts.filter(({ left }) => left > 0);
  some.sort((a, b) => b.left - a.left || a.tier - b.tier);
  return some;
}
