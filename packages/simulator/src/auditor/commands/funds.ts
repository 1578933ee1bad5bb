/** Stakes in funds, and the fees that flow to them. */
import {
  type Fund,
  floorOf,
  leastMoneyOf,
  moneyOf,
  mostMoneyOf,
  pay,
  recount,
  sharesBought,
  sweep,
  worthOf,
} from "../funds.ts";
import { assetOf, balanceOf } from "../ledger.ts";
import { equityWithoutProfit, mostNetAssets, required } from "../margin.ts";
import { FORBIDS, priceMustAllow } from "../permits.ts";
import { refuse } from "../refusal.ts";
import { QUOTE } from "../terms.ts";
import type { World } from "../venue.ts";
import { type CommandNamed, accountMustBeOpen, emit, tierOf } from "../world.ts";
import { governanceOf } from "../governance.ts";
import { mustBeInSetUp } from "./listing.ts";
import { balanceMustHaveRoom, positionsOf } from "./treasury.ts";

type Facts = readonly (number | bigint)[];

const INSURANCE = 2;
const MUTUAL = 5;
const BACKSTOP = 7;
/** What others own of a backstop when its house is alone again, and the fewest shares of it that are sold at once. */
const DUST = 1_000n;
const FEWEST = 1_000_000n;

export function stakeFund(world: World, command: CommandNamed<"stakeFund">): Facts {
  const fund = fundOf(world, command);
  const { account } = command;
  accountMustBeOpen(world, account);
  if (command.fund === BACKSTOP && fund.bucket === undefined) refuse("bucket_unknown", 0);
  const amount = BigInt(command.amount);
  const quote = world.venue.assets[QUOTE - 1];
  const balance = quote === undefined ? 0n : balanceOf(quote, account);
  if (amount > balance) refuse("balance_insufficient", balance, amount);

  if (fund.tier !== undefined && command.fund === INSURANCE) sweep(world, fund.tier);
  pricesMustAllow(fund);
  const capacity = fund.tier === undefined ? world.capacities.accounts : world.capacities.buckets;
  houseBecomesOwner(world, fund, capacity);
  recount(world, fund);
  const { book } = fund;
  const minted = sharesBought(amount, mostMoneyOf(world, fund), book.shares);
  if (minted < (fund.bucket === undefined ? 1n : FEWEST)) refuse("stake_too_small", amount);
  const stake = book.stakes.get(account);
  if (stake === undefined && book.stakes.size >= capacity) refuse("stake_capacity_reached", capacity);
  const shares = (stake?.shares ?? 0n) + minted;
  const { leaving = 0n, unlocksAt = 0 } = stake ?? {};
  world.journal.put(book.stakes, account, { shares, leaving, unlocksAt });
  world.journal.set(book, "shares", book.shares + minted);
  pay(world, fund, account, amount);
  emit(world, "stakeMinted", command.fund, account, amount, minted, moneyOf(world, fund));
  return [minted, shares];
}

export function requestUnstake(world: World, command: CommandNamed<"requestUnstake">): Facts {
  const { book } = fundOf(world, command);
  const { account, time } = command;
  accountMustBeOpen(world, account);
  const stake = book.stakes.get(account);
  const shares = BigInt(command.shares);
  if (stake === undefined || stake.shares < shares) {
    return refuse("shares_insufficient", stake?.shares ?? 0n, shares);
  }
  const unlocksAt = time + book.cooldown;
  world.journal.put(book.stakes, account, { shares: stake.shares, leaving: shares, unlocksAt });
  emit(world, "unstakeRequested", command.fund, account, shares, unlocksAt);
  return [unlocksAt];
}

export function withdrawStake(world: World, command: CommandNamed<"withdrawStake">): Facts {
  const fund = fundOf(world, command);
  const { account, time } = command;
  accountMustBeOpen(world, account);
  const { book } = fund;
  const stake = book.stakes.get(account);
  const shares = BigInt(command.shares);
  if (stake === undefined || stake.leaving < shares) {
    return refuse("unstake_not_requested", stake?.leaving ?? 0n, shares);
  }
  const { unlocksAt } = stake;
  if (time < unlocksAt) refuse("unstake_cooling_down", unlocksAt, time);
  const until = unlocksAt + book.window;
  if (time > until) refuse("unstake_window_passed", until, time);

  if (fund.tier !== undefined && command.fund === INSURANCE) sweep(world, fund.tier);
  pricesMustAllow(fund);
  const amount = worthOf(shares, leastMoneyOf(world, fund), book.shares);
  const rest = moneyOf(world, fund) - amount;
  const floor = floorOf(world, fund);
  if (rest < floor) refuse("fund_minimum", rest, floor);
  backstopMustCarryOn(world, fund, amount);
  if (amount > 0n) balanceMustHaveRoom(world, assetOf(world, QUOTE), account);
  const left = stake.shares - shares;
  if (left === 0n) world.journal.remove(book.stakes, account);
  else world.journal.put(book.stakes, account, { shares: left, leaving: stake.leaving - shares, unlocksAt });
  world.journal.set(book, "shares", book.shares - shares);
  if (amount > 0n) pay(world, fund, account, -amount);
  emit(world, "stakeRedeemed", command.fund, account, amount, shares, rest);
  houseIsAloneAgain(world, fund);
  return [amount, book.stakes.get(account)?.shares ?? 0n];
}

/** What a backstop is worth is told by prices from which money may be taken out. */
function pricesMustAllow({ bucket }: Fund): void {
  if (bucket === undefined) return;
  for (const { market } of positionsOf(bucket)) priceMustAllow(market, FORBIDS.withdraw);
}

/** Before others buy shares, what is in the backstop becomes as many shares of its house. */
function houseBecomesOwner(world: World, { book, bucket }: Fund, capacity: number): void {
  if (bucket === undefined) return;
  const worth = mostNetAssets(world, bucket);
  if (worth < 0n) refuse("margin_insufficient", worth, required(bucket));
  if (book.shares > 0n || worth === 0n) return;
  if (book.stakes.size >= capacity) refuse("stake_capacity_reached", capacity);
  world.journal.put(book.stakes, bucket.account, { shares: worth, leaving: 0n, unlocksAt: 0 });
  world.journal.set(book, "shares", worth);
  emit(world, "stakeMinted", BACKSTOP, bucket.account, worth, worth, worth);
}

/** What stays in a backstop is as much as its owner would have to leave in any bucket. */
function backstopMustCarryOn(world: World, { bucket }: Fund, amount: bigint): void {
  if (bucket === undefined) return;
  if (amount > bucket.cash) refuse("bucket_amount_insufficient", bucket.cash, amount);
  const left = equityWithoutProfit(world, bucket) - amount;
  if (left < required(bucket)) refuse("free_collateral_insufficient", left, required(bucket));
}

/** When what others are left with is worth no more than a thousandth of a dollar, all shares go. */
function houseIsAloneAgain(world: World, { book, bucket, ...fund }: Fund): void {
  if (bucket === undefined) return;
  const own = book.stakes.get(bucket.account)?.shares ?? 0n;
  const most = mostMoneyOf(world, { ...fund, book, bucket });
  if (worthOf(book.shares - own, most, book.shares) > DUST) return;
  for (const account of book.stakes.keys()) world.journal.remove(book.stakes, account);
  world.journal.set(book, "shares", 0n);
  if (own === 0n) return;
  emit(world, "stakeRedeemed", BACKSTOP, bucket.account, 0, own, moneyOf(world, { ...fund, book, bucket }));
}

export function sweepFees(world: World, command: CommandNamed<"sweepFees">): Facts {
  const tier = tierOf(world, command.tier);
  return [sweep(world, tier), tier.insurance];
}

export function setFundTerms(world: World, command: CommandNamed<"setFundTerms">): Facts {
  if (command.tier !== 0) tierOf(world, command.tier);
  mustBeInSetUp(governanceOf(world, command.tier), command.tier);
  return takeFundTerms(world, command);
}

export function takeFundTerms(world: World, command: CommandNamed<"setFundTerms">): Facts {
  const { book } = fundOf(world, command);
  if (command.fund !== INSURANCE && command.target !== 0) refuse("fund_takes_no_fees", command.target);
  world.journal.set(book, "cooldown", command.cooldown);
  world.journal.set(book, "window", command.window);
  world.journal.set(book, "minimum", BigInt(command.minimum));
  world.journal.set(book, "target", BigInt(command.target));
  return [];
}

function fundOf(world: World, { fund, tier: id }: { readonly fund: number; readonly tier: number }): Fund {
  const isThere = id === 0 ? fund === MUTUAL : fund === INSURANCE || fund === BACKSTOP;
  if (!isThere) refuse("fund_unknown", fund, id);
  if (id === 0) return { book: world.venue.mutualFund, tier: undefined };
  const tier = tierOf(world, id);
  if (fund === INSURANCE) return { book: tier.fund, tier };
  return { book: tier.backstopBook, tier, bucket: tier.buckets[tier.backstop - 1] };
}
