/**
 * Loans between tiers' insurance funds, in the auditor's own hand: who owes whom is kept once, by pair, and whatever a tier has lent or owes is
 * added up when somebody asks.
 *
 * @see docs/spec/funds.md, "Loans between tiers"
 */
import { floorDivide, greatest, least } from "./arithmetic.ts";
import { shareOut } from "./haircuts.ts";
import { LOANS, assetOf, custody, move } from "./ledger.ts";
import { DAY, MILLION, QUOTE } from "./terms.ts";
import type { Loan, Tier, Venue, World } from "./venue.ts";
import { emit } from "./world.ts";

const HOUR = 3_600_000;
const PART_OF_EXCESS = 4n;
const PART_OF_FUND = 10n;
export const RETURNED = { repaid: 1, unneeded: 2, received: 3 } as const;
const NOTHING: Loan = { owed: 0n, pledged: 0n, pledgedAt: 0, returned: 0n };

export function loanOf({ loans }: Venue, lender: number, borrower: number): Loan {
  return loans.get(`${lender} ${borrower}`) ?? NOTHING;
}

function amend(world: World, lender: number, borrower: number, changes: Partial<Loan>): Loan {
  const loan = { ...loanOf(world.venue, lender, borrower), ...changes };
  world.journal.put(world.venue.loans, `${lender} ${borrower}`, loan);
  return loan;
}

const claimOf = ({ owed, pledged, returned }: Loan): bigint => owed + pledged + returned;
const sum = (values: readonly bigint[]): bigint => values.reduce((total, each) => total + each, 0n);

/** What others are to give back to a tier, wherever it is; and what it owes. */
export function lentBy(venue: Venue, tier: number): bigint {
  return sum(venue.tiers.map(({ id }) => claimOf(loanOf(venue, tier, id))));
}

export function owedBy(venue: Venue, tier: number): bigint {
  return sum(venue.tiers.map(({ id }) => loanOf(venue, id, tier).owed));
}

function pledgedTo(venue: Venue, tier: number): bigint {
  return sum(venue.tiers.map(({ id }) => loanOf(venue, id, tier).pledged));
}

/** What a tier may lend: beyond what it keeps, of the day's allowance, within its limit. */
export function lendableBy(
  { venue, time }: World,
  tier: Tier,
): { excess: bigint; left: bigint; room: bigint; allowance: bigint; isNewDay: boolean } {
  const { insurance, fund } = tier;
  const kept = greatest(fund.target, fund.minimum) + owedBy(venue, tier.id);
  const excess = fund.target === 0n ? 0n : greatest(0n, insurance - kept);
  const isNewDay = tier.lendingAllowance === 0n || time - tier.lendingSince >= DAY;
  const allowance = isNewDay
    ? least(excess / PART_OF_EXCESS, insurance / PART_OF_FUND)
    : tier.lendingAllowance;
  const lent = lentBy(venue, tier.id);
  const limit = floorDivide((insurance + lent) * tier.insuranceLending, MILLION);
  const left = allowance - (isNewDay ? 0n : tier.lendingUsed);
  return { excess, left, room: greatest(0n, limit - lent), allowance, isNewDay };
}

/** What a tier lacks and may borrow. */
export function needOf(
  venue: Venue,
  { id, insurance, fund, insuranceBorrowing, loanRepayment }: Tier,
): bigint {
  if (loanRepayment === 0n) return 0n;
  return greatest(0n, least(fund.target - insurance, insuranceBorrowing - owedBy(venue, id)));
}

export function askedBy({ asks }: Venue, tier: number): { readonly amount: bigint; readonly at: number } {
  return asks.get(tier) ?? { amount: 0n, at: 0 };
}

/** What it asks for that nobody has pledged yet. */
export function openAsk({ venue, time }: World, tier: number): bigint {
  const { amount, at } = askedBy(venue, tier);
  return time - at >= HOUR ? 0n : greatest(0n, amount - pledgedTo(venue, tier));
}

export function isUnconcerned({ venue }: World, tier: Tier): boolean {
  const isAsking = askedBy(venue, tier.id).amount > 0n;
  return needOf(venue, tier) === 0n && !isAsking && pledgedTo(venue, tier.id) === 0n;
}

/** Money of a tier waits for another. */
export function lend(world: World, lender: Tier, borrower: number, amount: bigint): void {
  const { journal, time, venue } = world;
  const { allowance, isNewDay } = lendableBy(world, lender);
  if (isNewDay) {
    journal.set(lender, "lendingSince", time);
    journal.set(lender, "lendingAllowance", allowance);
    journal.set(lender, "lendingUsed", 0n);
  }
  journal.set(lender, "lendingUsed", lender.lendingUsed + amount);
  journal.set(lender, "insurance", lender.insurance - amount);
  move(world, assetOf(world, QUOTE), amount, custody(lender.id), LOANS);
  const { pledged } = loanOf(venue, lender.id, borrower);
  amend(world, lender.id, borrower, { pledged: pledged + amount, pledgedAt: time });
  emit(world, "insuranceLent", lender.id, borrower, amount, lentBy(venue, lender.id));
}

/** A tier takes what it needs of what waits for it, in the order of the lenders; the rest goes back. What it took, and still lacks. */
export function draw(world: World, tier: Tier): { drawn: bigint; lacking: bigint } {
  const { journal, venue, time } = world;
  let lacking = needOf(venue, tier);
  let drawn = 0n;
  for (const { id: lender } of venue.tiers) {
    const { owed, pledged, returned } = loanOf(venue, lender, tier.id);
    const taken = least(pledged, lacking);
    if (taken > 0n) {
      move(world, assetOf(world, QUOTE), taken, LOANS, custody(tier.id));
      journal.set(tier, "insurance", tier.insurance + taken);
      amend(world, lender, tier.id, { owed: owed + taken, pledged: pledged - taken });
      emit(world, "insuranceDrawn", lender, tier.id, taken, owedBy(venue, tier.id));
      lacking -= taken;
      drawn += taken;
    }
    const rest = pledged - taken;
    if (rest === 0n) continue;
    const loan = amend(world, lender, tier.id, { pledged: 0n, returned: returned + rest });
    emit(world, "loanReturned", lender, tier.id, rest, RETURNED.unneeded, claimOf(loan));
  }
  journal.put(venue.asks, tier.id, { amount: lacking, at: lacking === 0n ? 0 : time });
  if (lacking > 0n) emit(world, "insuranceAsked", tier.id, lacking);
  return { drawn, lacking };
}

/** What has come back to a tier enters its fund, and what was not fetched within the hour. */
export function receive(world: World, tier: Tier): void {
  const { journal, venue, time } = world;
  for (const { id: borrower } of venue.tiers) {
    const { pledged, pledgedAt, returned } = loanOf(venue, tier.id, borrower);
    const isLate = time - pledgedAt >= HOUR;
    const amount = returned + (isLate ? pledged : 0n);
    if (amount === 0n) continue;
    move(world, assetOf(world, QUOTE), amount, LOANS, custody(tier.id));
    journal.set(tier, "insurance", tier.insurance + amount);
    const loan = amend(world, tier.id, borrower, { returned: 0n, pledged: isLate ? 0n : pledged });
    emit(world, "loanReturned", tier.id, borrower, amount, RETURNED.received, claimOf(loan));
  }
}

/** Fees repay what the tier owes, each lender in proportion. What was taken of them. */
export function repay(world: World, tier: Tier, due: bigint): bigint {
  const { journal, venue } = world;
  const owed = venue.tiers.map(({ id }) => loanOf(venue, id, tier.id).owed);
  const repaid = least(due, sum(owed));
  if (repaid === 0n) return 0n;
  journal.set(tier, "fees", tier.fees - repaid);
  const parts = shareOut(
    repaid,
    owed.map((each) => ({ weight: each, limit: each })),
  );
  for (const [index, part] of parts.entries()) {
    if (part === 0n) continue;
    const lender = index + 1;
    move(world, assetOf(world, QUOTE), part, custody(tier.id), LOANS);
    const before = loanOf(venue, lender, tier.id);
    const loan = amend(world, lender, tier.id, {
      owed: before.owed - part,
      returned: before.returned + part,
    });
    emit(world, "loanReturned", lender, tier.id, part, RETURNED.repaid, claimOf(loan));
  }
  return repaid;
}

/** Claims 1 and 19 about loans that do not hold: nobody lends to himself, nothing is negative, and what lies between is what loans say. */
export function loanViolations({ loans, assets }: Venue): string[] {
  const found: string[] = [];
  let between = 0n;
  for (const [pair, { owed, pledged, returned }] of loans) {
    const [lender, borrower] = pair.split(" ");
    if (owed < 0n || pledged < 0n || returned < 0n) found.push(`19 loan ${pair} is negative`);
    if (lender === borrower) found.push(`19 tier ${lender ?? ""} lends to itself`);
    between += pledged + returned;
  }
  const held = assets[QUOTE - 1]?.loans ?? 0n;
  if (held !== between) found.push(`1 between funds: expected ${between}, found ${held}`);
  return found;
}
