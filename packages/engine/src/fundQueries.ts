/** Questions about funds, their shares, and the keepers' auction. They change nothing. */
import { NIL } from "./kernel/arena.ts";
import { rowOf } from "./kernel/pool.ts";
import { worthOfShares } from "./kernel/shares.ts";
import { type MicroUsd, type Ms, NONE, type Ppm, type Shares } from "./kernel/units.ts";
import { type Bid, allBids } from "./domain/bids.ts";
import { SHARE_BOOK, STAKE, TIER } from "./domain/rows.ts";
import { cooldownOf, leavingOf, sharesOf, stakeOf, windowOf } from "./domain/shareBook.ts";
import type { Venue } from "./domain/venue.ts";
import { UnknownId } from "./queries.ts";
import { type SharedFund, sharedFund } from "./commands/steps/sharedFund.ts";

export interface FundView {
  /** What the fund holds. */
  readonly pot: MicroUsd;
  readonly shares: Shares;
  readonly cooldown: Ms;
  readonly window: Ms;
  readonly minimum: MicroUsd;
  readonly target: MicroUsd;
  /** Of the tier's fees: the part that goes to the fund, and what is the house's for good. */
  readonly feeShare: Ppm;
  readonly feesKept: MicroUsd;
  /** What it has lent to other tiers' funds and not got back, and what it owes them; 0 of the mutual fund. */
  readonly lent: MicroUsd;
  readonly owed: MicroUsd;
}

export interface StakeView {
  readonly shares: Shares;
  /** Shares that their owner has asked to turn into money, and from when on. */
  readonly leaving: Shares;
  readonly unlocksAt: Ms;
  /** What all of them would be redeemed for now. */
  readonly worth: MicroUsd;
}

/** The insurance fund of a tier; the mutual fund of the venue for tier 0. @throws {UnknownId} */
export function fundView(venue: Venue, tier: number): FundView {
  const { arena, book, pot } = fundAt(venue, tier);
  const loans = tier === 0 ? undefined : venue.tier(tier);
  return {
    pot: pot(),
    shares: arena.num(book.row, SHARE_BOOK.shares),
    cooldown: cooldownOf(arena, book),
    window: windowOf(arena, book),
    minimum: arena.num(book.row, SHARE_BOOK.minimum),
    target: arena.num(book.row, SHARE_BOOK.target),
    feeShare: arena.int(book.row, SHARE_BOOK.feeShare),
    feesKept: arena.num(book.row, SHARE_BOOK.feesKept),
    lent: loans === undefined ? NONE : loans.arena.num(loans.row, TIER.lent),
    owed: loans === undefined ? NONE : loans.arena.num(loans.row, TIER.owed),
  };
}

/** What an account owns of a fund. @throws {UnknownId} */
export function stakeView(venue: Venue, tier: number, account: number): StakeView {
  const { vault } = venue;
  if (account < 1 || rowOf(vault.arena, vault.accounts, account) === NIL)
    throw new UnknownId("account", account);
  const { arena, book, atWorst } = fundAt(venue, tier);
  const stake = stakeOf(arena, book, account);
  const shares = sharesOf(arena, book, stake);
  return {
    shares,
    leaving: leavingOf(arena, book, stake),
    unlocksAt: stake === NIL ? NONE : arena.num(stake, STAKE.unlocksAt),
    worth: worthOfShares(shares, atWorst(), arena.num(book.row, SHARE_BOOK.shares)),
  };
}

/** The bids that wait in a tier, by target, market and bidder. @throws {UnknownId} */
export function bidsView(venue: Venue, id: number): readonly Omit<Bid, "row">[] {
  const tier = id < 1 ? undefined : venue.tier(id);
  if (tier === undefined) throw new UnknownId("tier", id);
  return allBids(tier).map(({ bidder, target, market, lots, endsAt }) => ({
    bidder,
    target,
    market,
    lots,
    endsAt,
  }));
}

function fundAt(venue: Venue, id: number): SharedFund {
  const tier = id === 0 ? undefined : venue.tier(id);
  if (id < 0 || (id !== 0 && tier === undefined)) throw new UnknownId("tier", id);
  return sharedFund(venue, tier);
}
