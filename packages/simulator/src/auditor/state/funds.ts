/** Funds, what they lend one another, and what defaults have cost them, as plain data. */
import type { Bid, FundBook } from "../fundBook.ts";
import { type Fund, moneyOf, mostMoneyOf } from "../funds.ts";
import type { CoverPart, DefaultLoss } from "../lossBook.ts";
import { askedBy, lendableBy, lentBy, loanOf, needOf, owedBy } from "../loans.ts";
import { shortOf } from "../recoveries.ts";
import type { Loan, Tier, Venue, World } from "../venue.ts";

/** A fund as its book tells it; tier 0 is the venue. */
export interface FundState extends FundBook {
  readonly tier: number;
  /** 2 insurance, 5 mutual fund, 7 backstop. */
  readonly fund: number;
  /** By target, market and bidder. */
  readonly bids: readonly Bid[];
  readonly money: bigint;
  readonly mostMoney: bigint;
}

export interface LoanState extends Loan {
  readonly lender: number;
  readonly borrower: number;
}

export interface LendingState {
  readonly tier: number;
  readonly lent: bigint;
  readonly owed: bigint;
  readonly excess: bigint;
  readonly left: bigint;
  readonly room: bigint;
  readonly need: bigint;
  readonly asked: bigint;
  readonly askedAt: number;
}

/** What a default still costs: by layer, by policy, by winner. */
export interface LossState {
  readonly default: number;
  readonly short: readonly bigint[];
  readonly covers: readonly (CoverPart & { readonly cover: number })[];
  readonly winners: readonly { readonly bucket: number; readonly amount: bigint }[];
}

export function fundState(world: World, fund: number, each: Fund): FundState {
  const { book, tier } = each;
  return {
    ...book,
    stakes: new Map(book.stakes),
    tier: tier?.id ?? 0,
    fund,
    bids: bidsOf(tier),
    money: moneyOf(world, each),
    mostMoney: mostMoneyOf(world, each),
  };
}

/** A tier without a backstop has shares of nothing. */
export function backstopState(world: World, tier: Tier): FundState {
  const book = tier.backstopBook;
  const bucket = tier.buckets[tier.backstop - 1];
  const state = fundState(world, 7, { book, tier, bucket });
  return bucket === undefined ? { ...state, money: 0n, mostMoney: 0n } : state;
}

function bidsOf(tier: Tier | undefined): Bid[] {
  const bids = [...(tier?.bids ?? [])];
  bids.sort((a, b) => a.target - b.target || a.market - b.market || a.bidder - b.bidder);
  return bids;
}

export function loanStates(venue: Venue): LoanState[] {
  const pairs = venue.tiers.flatMap(({ id: lender }) =>
    venue.tiers.map(({ id: borrower }) => ({ lender, borrower, ...loanOf(venue, lender, borrower) })),
  );
  return pairs.filter(({ owed, pledged, returned }) => owed + pledged + returned > 0n);
}

export function lendingState(world: World, tier: Tier): LendingState {
  const { venue } = world;
  const { excess, left, room } = lendableBy({ ...world, time: venue.clock }, tier);
  const { amount: asked, at: askedAt } = askedBy(venue, tier.id);
  const [lent, owed] = [lentBy(venue, tier.id), owedBy(venue, tier.id)];
  return { tier: tier.id, lent, owed, excess, left, room, need: needOf(venue, tier), asked, askedAt };
}

export function lossState(loss: DefaultLoss): LossState {
  const covers = [...loss.covers].map(([cover, part]) => ({ cover, ...part }));
  covers.sort((a, b) => a.cover - b.cover);
  return {
    default: loss.id,
    short: [1, 2, 3, 4, 5, 6].map((layer) => shortOf(loss, layer)),
    covers,
    winners: loss.shortfalls.filter(({ bucket }) => bucket !== 0),
  };
}
