/** Stakes in funds, and the fees that flow to them. */
import {
  type Fund,
  floorOf,
  moneyOf,
  pay,
  prospectsOf,
  recount,
  sharesBought,
  sweep,
  worthOf,
} from "../funds.ts";
import { balanceOf } from "../ledger.ts";
import { refuse } from "../refusal.ts";
import { QUOTE } from "../terms.ts";
import type { World } from "../venue.ts";
import { type CommandNamed, accountMustBeOpen, emit, tierOf } from "../world.ts";
import { governanceOf } from "../governance.ts";
import { mustBeInSetUp } from "./listing.ts";

type Facts = readonly (number | bigint)[];

const INSURANCE = 2;
const MUTUAL = 5;

export function stakeFund(world: World, command: CommandNamed<"stakeFund">): Facts {
  const fund = fundOf(world, command);
  const { account } = command;
  accountMustBeOpen(world, account);
  const amount = BigInt(command.amount);
  const quote = world.venue.assets[QUOTE - 1];
  const balance = quote === undefined ? 0n : balanceOf(quote, account);
  if (amount > balance) refuse("balance_insufficient", balance, amount);

  if (fund.tier !== undefined) sweep(world, fund.tier);
  recount(world, fund);
  const { book } = fund;
  const minted = sharesBought(amount, prospectsOf(world, fund).best, book.shares);
  if (minted === 0n) refuse("stake_too_small", amount);
  const capacity = fund.tier === undefined ? world.capacities.accounts : world.capacities.buckets;
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

  if (fund.tier !== undefined) sweep(world, fund.tier);
  const amount = worthOf(shares, prospectsOf(world, fund).worst, book.shares);
  const rest = moneyOf(world, fund) - amount;
  const floor = floorOf(world, fund);
  if (rest < floor) refuse("fund_minimum", rest, floor);
  const left = stake.shares - shares;
  if (left === 0n) world.journal.remove(book.stakes, account);
  else world.journal.put(book.stakes, account, { shares: left, leaving: stake.leaving - shares, unlocksAt });
  world.journal.set(book, "shares", book.shares - shares);
  if (amount > 0n) pay(world, fund, account, -amount);
  emit(world, "stakeRedeemed", command.fund, account, amount, shares, rest);
  return [amount, left];
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
  const { book, tier } = fundOf(world, command);
  if (tier === undefined && command.target !== 0) refuse("fund_takes_no_fees", command.target);
  world.journal.set(book, "cooldown", command.cooldown);
  world.journal.set(book, "window", command.window);
  world.journal.set(book, "minimum", BigInt(command.minimum));
  world.journal.set(book, "target", BigInt(command.target));
  return [];
}

function fundOf(world: World, { fund, tier: id }: { readonly fund: number; readonly tier: number }): Fund {
  if (fund !== (id === 0 ? MUTUAL : INSURANCE)) refuse("fund_unknown", fund, id);
  if (id === 0) return { book: world.venue.mutualFund, tier: undefined };
  const tier = tierOf(world, id);
  return { book: tier.fund, tier };
}
