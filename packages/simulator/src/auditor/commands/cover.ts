/** Purchased cover, and money that comes back after a default. */
import { least } from "../arithmetic.ts";
import { TRANSIT, balanceOf, custody, move, owner } from "../ledger.ts";
import type { DefaultLoss } from "../lossBook.ts";
import { repay, shortDownTo } from "../recoveries.ts";
import { refuse } from "../refusal.ts";
import { LAYER, MAX_COVERS, QUOTE } from "../terms.ts";
import type { Tier, World } from "../venue.ts";
import { type CommandNamed, accountMustBeOpen, emit, tierOf } from "../world.ts";

type Facts = readonly (number | bigint)[];

export function registerCover(world: World, command: CommandNamed<"registerCover">): Facts {
  const tier = tierOf(world, command.tier);
  const { account, expiry } = command;
  accountMustBeOpen(world, account);
  if (expiry <= world.time) refuse("cover_expired", expiry, world.time);
  const [attachment, limit, escrow] = [command.attachment, command.limit, command.escrow].map(BigInt) as [
    bigint,
    bigint,
    bigint,
  ];
  if (escrow > limit) refuse("escrow_above_limit", escrow, limit);
  balanceMustCover(world, account, escrow);
  const number = Array.from({ length: MAX_COVERS }, (_, index) => index + 1).find(
    (each) => !tier.covers.has(each),
  );
  if (number === undefined) return refuse("cover_capacity_reached", MAX_COVERS);

  world.journal.put(tier.covers, number, { account, attachment, limit, escrow, expiry });
  const quote = world.venue.assets[QUOTE - 1];
  if (quote !== undefined && escrow > 0n) {
    move(world, quote, escrow, owner(account), TRANSIT);
    move(world, quote, escrow, TRANSIT, custody(tier.id));
  }
  emit(world, "coverRegistered", number, account, attachment, limit, escrow, expiry);
  return [number];
}

export function releaseCover(world: World, command: CommandNamed<"releaseCover">): Facts {
  const tier = tierOf(world, command.tier);
  const { cover } = command;
  const policy = tier.covers.get(cover);
  if (policy === undefined) return refuse("cover_unknown", cover);
  const { account, escrow, expiry } = policy;
  if (world.time < expiry) refuse("cover_in_force", expiry, world.time);
  world.journal.remove(tier.covers, cover);
  const quote = world.venue.assets[QUOTE - 1];
  if (quote !== undefined && escrow > 0n) {
    move(world, quote, escrow, custody(tier.id), TRANSIT);
    move(world, quote, escrow, TRANSIT, owner(account));
  }
  emit(world, "coverReleased", cover, account, escrow);
  return [escrow];
}

export function payCover(world: World, command: CommandNamed<"payCover">): Facts {
  const tier = tierOf(world, command.tier);
  const { account, cover } = command;
  accountMustBeOpen(world, account);
  const loss = lossNamed(tier, command.default);
  const amount = BigInt(command.amount);
  const part = loss.covers.get(cover);
  const claim = part !== undefined && part.account === account ? part.owed : 0n;
  const owed = least(claim, shortDownTo(loss, LAYER.secondTranche));
  if (amount > owed) refuse("claim_exceeded", owed, amount);
  balanceMustCover(world, account, amount);

  repay(world, tier, loss, account, amount, LAYER.secondTranche);
  const paid = (part?.paid ?? 0n) + amount;
  world.journal.put(loss.covers, cover, { account, paid, owed: claim - amount });
  return [claim - amount];
}

export function recordRecovery(world: World, command: CommandNamed<"recordRecovery">): Facts {
  const tier = tierOf(world, command.tier);
  const { account } = command;
  accountMustBeOpen(world, account);
  const loss = lossNamed(tier, command.default);
  const amount = BigInt(command.amount);
  const short = shortDownTo(loss, LAYER.firstTranche);
  if (amount > short) refuse("recovery_exceeds_loss", short, amount);
  balanceMustCover(world, account, amount);
  repay(world, tier, loss, account, amount, LAYER.firstTranche);
  return [short - amount];
}

function lossNamed(tier: Tier, id: number): DefaultLoss {
  const found = tier.losses.find((loss) => loss.id === id);
  return found ?? refuse("default_unknown", id, tier.defaults - tier.losses.length, tier.defaults);
}

function balanceMustCover({ venue }: World, account: number, amount: bigint): void {
  const quote = venue.assets[QUOTE - 1];
  const balance = quote === undefined ? 0n : balanceOf(quote, account);
  if (amount > balance) refuse("balance_insufficient", balance, amount);
}
