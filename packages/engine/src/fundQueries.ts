/** Questions about funds, their shares, and the keepers' auction. They change nothing. */
import { NIL } from "./kernel/arena.ts";
import { rowOf } from "./kernel/pool.ts";
import { worthOfShares } from "./kernel/shares.ts";
import { type MicroUsd, type Ms, NONE, type Ppm, type Shares } from "./kernel/units.ts";
import { type Bid, allBids } from "./domain/bids.ts";
import { SHARE_BOOK, STAKE } from "./domain/rows/shares.ts";
import { TIER } from "./domain/rows/tier.ts";
import { cooldownOf, leavingOf, sharesOf, stakeOf, windowOf } from "./domain/shareBook.ts";
import type { Venue } from "./domain/venue.ts";
import { UnknownId } from "./queries.ts";
import { INSURANCE_FUND, bookOf, isSharedFund, sharedFund } from "./commands/steps/sharedFund.ts";
import type { SharedFund } from "./commands/steps/fund.ts";
import { MUTUAL_FUND } from "./vault/guarantee.ts";

export interface FundView {
  /** What the fund holds; of a backstop what it is worth at least. */
  readonly pot: MicroUsd;
  /** What it may be worth at most, for which shares are bought: with all that it has lent, a backstop at the best prices. */
  readonly mostWorth: MicroUsd;
  readonly shares: Shares;
  readonly cooldown: Ms;
  readonly window: Ms;
  readonly minimum: MicroUsd;
  readonly target: MicroUsd;
  /** Of the tier's fees: the part that goes to the fund, and what is the house's for good. */
  readonly feeShare: Ppm;
  readonly feesKept: MicroUsd;
  /** What it has lent to other tiers' funds and not got back, and what it owes them; 0 of others than insurance funds. */
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

/** A fund of a tier, its insurance fund unless another is named; the mutual fund of the venue for tier 0. @throws {UnknownId} */
export function fundView(venue: Venue, tier: number, fund: number = usualFund(tier)): FundView {
  const { arena, book, pot, mostWorth } = fundAt(venue, tier, fund);
  const lender = tier === 0 || fund !== INSURANCE_FUND ? undefined : venue.tier(tier);
  return {
    pot: pot(),
    mostWorth: mostWorth(),
    shares: arena.num(book.row, SHARE_BOOK.shares),
    cooldown: cooldownOf(arena, book),
    window: windowOf(arena, book),
    minimum: arena.num(book.row, SHARE_BOOK.minimum),
    target: arena.num(book.row, SHARE_BOOK.target),
    feeShare: arena.int(book.row, SHARE_BOOK.feeShare),
    feesKept: arena.num(book.row, SHARE_BOOK.feesKept),
    lent: lender === undefined ? NONE : lender.arena.num(lender.row, TIER.lent),
    owed: lender === undefined ? NONE : lender.arena.num(lender.row, TIER.owed),
  };
}

/** What an account owns of a fund. @throws {UnknownId} */
export function stakeView(
  venue: Venue,
  tier: number,
  account: number,
  fund: number = usualFund(tier),
): StakeView {
  const { vault } = venue;
  if (account < 1 || rowOf(vault.arena, vault.accounts, account) === NIL)
    throw new UnknownId("account", account);
  const { arena, book, leastWorth } = fundAt(venue, tier, fund);
  const stake = stakeOf(arena, book, account);
  const shares = sharesOf(arena, book, stake);
  return {
    shares,
    leaving: leavingOf(arena, book, stake),
    unlocksAt: stake === NIL ? NONE : arena.num(stake, STAKE.unlocksAt),
    worth: worthOfShares(shares, leastWorth(), arena.num(book.row, SHARE_BOOK.shares)),
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

type FundAt = Pick<SharedFund, "arena" | "book" | "pot" | "leastWorth" | "mostWorth">;

const nothing = (): MicroUsd => NONE;

/** The backstop of a tier that has none is worth nothing. */
function fundAt(venue: Venue, id: number, fund: number): FundAt {
  const tier = id === 0 ? undefined : venue.tier(id);
  if (id < 0 || (id !== 0 && tier === undefined)) throw new UnknownId("tier", id);
  if (!isSharedFund(fund, id)) throw new UnknownId("fund", fund);
  const { arena } = tier ?? venue.vault;
  const none = {
    arena,
    book: bookOf(venue, tier, fund),
    pot: nothing,
    leastWorth: nothing,
    mostWorth: nothing,
  };
  return sharedFund(venue, tier, fund) ?? none;
}

function usualFund(tier: number): number {
  return tier === 0 ? MUTUAL_FUND.layer : INSURANCE_FUND;
}
