/**
 * Funds owned in shares, in the auditor's own hand: every stake is counted anew whenever the book is, and the money is where the
 * ledger has it.
 *
 * @see docs/spec/funds.md
 */
import { floorDivide, greatest, least } from "./arithmetic.ts";
import type { FundBook } from "./fundBook.ts";
import { type Place, TRANSIT, assetOf, custody, move, owner } from "./ledger.ts";
import { lentBy, owedBy, receive, repay } from "./loans.ts";
import { leastNetAssets, mostNetAssets } from "./margin.ts";
import { MILLION, QUOTE } from "./terms.ts";
import type { Bucket, Tier, World } from "./venue.ts";
import { emit } from "./world.ts";

const VIRTUAL = 1_000n;
const RECOUNT = 16n;

/** A fund: its book, its tier, and the bucket if it is a backstop. */
export interface Fund {
  readonly book: FundBook;
  readonly tier: Tier | undefined;
  readonly bucket?: Bucket | undefined;
}

/** What a fund has: its money, or the least that a backstop is worth. */
export function moneyOf(world: World, { tier, bucket }: Fund): bigint {
  if (bucket !== undefined) return greatest(0n, leastNetAssets(world, bucket));
  if (tier !== undefined) return tier.insurance;
  return world.venue.assets[QUOTE - 1]?.mutual ?? 0n;
}

/** What shares are bought for: the most that a backstop may be worth, the money of another fund with all that it has lent. */
export function mostMoneyOf(world: World, fund: Fund): bigint {
  if (fund.bucket !== undefined) return greatest(0n, mostNetAssets(world, fund.bucket));
  const { tier } = fund;
  return moneyOf(world, fund) + (tier === undefined ? 0n : lentBy(world.venue, tier.id));
}

/** What they are redeemed for: the least that a backstop is worth, the money of another fund less all that it owes. */
export function leastMoneyOf(world: World, fund: Fund): bigint {
  const { tier, bucket } = fund;
  const owed = tier === undefined || bucket !== undefined ? 0n : owedBy(world.venue, tier.id);
  return greatest(0n, moneyOf(world, fund) - owed);
}

export function sharesBought(amount: bigint, money: bigint, shares: bigint): bigint {
  return floorDivide(amount * (shares + VIRTUAL), money + VIRTUAL);
}

export function worthOf(some: bigint, money: bigint, shares: bigint): bigint {
  return least(money, floorDivide(some * (money + VIRTUAL), shares + VIRTUAL));
}

/** Divides all shares by sixteen while one is worth less than a sixteenth. */
export function recount(world: World, fund: Fund): void {
  const { book } = fund;
  while (book.shares + VIRTUAL > RECOUNT * (mostMoneyOf(world, fund) + VIRTUAL)) {
    world.journal.set(book, "shares", book.shares / RECOUNT);
    for (const [account, stake] of book.stakes) {
      const { shares, leaving } = stake;
      world.journal.put(book.stakes, account, {
        ...stake,
        shares: shares / RECOUNT,
        leaving: leaving / RECOUNT,
      });
    }
  }
}

/** Money from an owner into the fund (`amount` > 0), or back. */
export function pay(world: World, { tier, bucket }: Fund, account: number, amount: bigint): void {
  const quote = assetOf(world, QUOTE);
  const place: Place = tier === undefined ? { kind: "mutual" } : custody(tier.id);
  const [source, target] = amount > 0n ? [owner(account), place] : [place, owner(account)];
  const size = amount > 0n ? amount : -amount;
  if (tier === undefined) return move(world, quote, size, source, target);
  if (bucket === undefined) world.journal.set(tier, "insurance", tier.insurance + amount);
  else world.journal.set(bucket, "cash", bucket.cash + amount);
  // A bucket tells of what it pays before the vault does, and of what it gets after it.
  if (bucket !== undefined && amount < 0n) emit(world, "bucketMoved", bucket.id, QUOTE, amount);
  move(world, quote, size, source, TRANSIT);
  move(world, quote, size, TRANSIT, target);
  if (bucket !== undefined && amount > 0n) emit(world, "bucketMoved", bucket.id, QUOTE, amount);
}

/** What redemptions must leave: no less than the target while the fund owes. */
export function floorOf(world: World, { book, tier, bucket }: Fund): bigint {
  const isDebtor = tier !== undefined && bucket === undefined && owedBy(world.venue, tier.id) > 0n;
  return isDebtor ? greatest(book.minimum, book.target) : book.minimum;
}

/** Divides the fees since the last sweep; what the insurance fund got. */
export function sweep(world: World, tier: Tier): bigint {
  const { fund: book } = tier;
  receive(world, tier);
  const collected = tier.fees - book.feesKept;
  if (collected === 0n) return 0n;
  const fresh = collected - repay(world, tier, floorDivide(collected * tier.loanRepayment, MILLION));
  const wanted = floorDivide(fresh * book.feeShare, MILLION);
  const room = book.target === 0n ? wanted : greatest(0n, book.target - tier.insurance);
  const insured = least(wanted, room);
  world.journal.set(tier, "fees", tier.fees - insured);
  world.journal.set(tier, "insurance", tier.insurance + insured);
  world.journal.set(book, "feesKept", tier.fees);
  emit(world, "feesSwept", insured, fresh - insured, tier.insurance);
  return insured;
}

/** Claim 31: nobody owns shares that are not counted, or leaves with more than he has. */
export function violationsOf(name: string, { shares, stakes }: FundBook): string[] {
  let owned = 0n;
  const found: string[] = [];
  for (const [account, stake] of stakes) {
    owned += stake.shares;
    if (stake.leaving > stake.shares) found.push(`31 ${name}: account ${account} leaves with too much`);
  }
  if (owned > shares) found.push(`31 ${name}: expected at most ${shares} shares, found ${owned}`);
  return found;
}
