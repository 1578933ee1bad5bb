/** The way out of the vault: requests, the queue and its rounds, payment, and what the throttle is told. */
import { ceilDivide, greatest, least } from "../arithmetic.ts";
import { OUTSIDE, PENDING, assetOf, balanceOf, move, owner } from "../ledger.ts";
import { refuse } from "../refusal.ts";
import { QUOTE } from "../terms.ts";
import {
  DAY,
  agedBalance,
  contentOf,
  costOf,
  drain,
  isOn,
  pass,
  passing,
  priceOf,
  queuedValue,
  refill,
  slotOf,
  unitsFor,
} from "../throttle.ts";
import type { Round } from "../throttleBook.ts";
import type { Asset, Withdrawal, World } from "../venue.ts";
import { type CommandNamed, accountMustBeOpen, emit } from "../world.ts";

type Facts = readonly (number | bigint)[];

const WAY = { atOnce: 1, lane: 2, round: 3, exit: 4 } as const;
const FORTNIGHT = 14 * DAY;
const MINUTE = 60_000;
const DWELL = 15 * MINUTE;
/** One in so many of a grant is the most that an account takes. */
const OWNERS = 5n;

export function requestWithdrawal(world: World, command: CommandNamed<"requestWithdrawal">): Facts {
  const { venue, journal, capacities } = world;
  const { throttle } = venue;
  const { account } = command;
  accountMustBeOpen(world, account);
  const asset = assetOf(world, command.asset);
  const amount = BigInt(command.amount);
  const balance = balanceOf(asset, account);
  if (balance < amount) refuse("balance_insufficient", balance, amount);
  if (venue.withdrawalSlots.isFull) refuse("withdrawal_capacity_reached", capacities.withdrawals);

  if (isOn(throttle)) refill(world);
  const isAlone = asset.pending === asset.released;
  const laneUnits = isOn(throttle) ? throughLane(world, account, asset, amount) : 0n;
  const id = venue.withdrawalSlots.take();
  const withdrawal = { account, asset: asset.id, amount, released: 0n, requestedAt: world.time };
  journal.put(venue.withdrawals, id, withdrawal);
  move(world, asset, amount, owner(account), PENDING);
  if (!isOn(throttle)) {
    release(world, asset, withdrawal, amount);
    return [id, balance - amount];
  }
  if (isAlone && passing(world, asset, amount) === amount) {
    pass(world, asset, amount);
    releaseAloud(world, id, withdrawal, amount, WAY.atOnce);
    return [id, balance - amount];
  }
  if (laneUnits > 0n) {
    useLane(world, account, asset, laneUnits);
    releaseAloud(world, id, withdrawal, laneUnits, WAY.lane);
  }
  const rest = amount - laneUnits;
  if (rest === 0n) return [id, balance - amount];
  journal.set(throttle, "queue", [...throttle.queue, id]);
  emit(world, "withdrawalQueued", id, account, asset.id, rest, throttle.queue.length);
  return [id, balance - amount, rest, throttle.queue.length];
}

export function finaliseWithdrawal(world: World, command: CommandNamed<"finaliseWithdrawal">): Facts {
  const { journal } = world;
  const withdrawal = withdrawalOf(world, command.withdrawal);
  const { released, amount, account } = withdrawal;
  if (released === 0n) refuse("withdrawal_not_released", command.withdrawal, amount);

  const asset = assetOf(world, withdrawal.asset);
  move(world, asset, released, PENDING, command.paid === 1 ? OUTSIDE : owner(account));
  journal.set(asset, "released", asset.released - released);
  journal.set(withdrawal, "released", 0n);
  shorten(world, command.withdrawal, withdrawal, released);
  return [released];
}

export function cancelWithdrawal(world: World, command: CommandNamed<"cancelWithdrawal">): Facts {
  accountMustBeOpen(world, command.account);
  const withdrawal = withdrawalOf(world, command.withdrawal);
  const { account, released } = withdrawal;
  if (account !== command.account) refuse("withdrawal_not_owned", command.withdrawal, account);
  const queued = queuedOf(withdrawal);
  if (queued === 0n) refuse("withdrawal_not_queued", command.withdrawal, released);

  const asset = assetOf(world, withdrawal.asset);
  leaveQueue(world, command.withdrawal);
  shorten(world, command.withdrawal, withdrawal, queued);
  emit(world, "withdrawalCancelled", command.withdrawal, account, asset.id, queued);
  move(world, asset, queued, PENDING, owner(account));
  return [queued, balanceOf(asset, account)];
}

export function releaseWithdrawals(world: World, command: CommandNamed<"releaseWithdrawals">): Facts {
  const { venue } = world;
  const { throttle } = venue;
  refill(world);
  let seen = 0;
  let released = 0;
  while (seen < command.count) {
    const [oldest] = throttle.queue;
    if (oldest === undefined) break;
    const withdrawal = withdrawalOf(world, oldest);
    if (world.time - withdrawal.requestedAt < FORTNIGHT) break;
    releaseAloud(world, oldest, withdrawal, queuedOf(withdrawal), WAY.exit);
    seen++;
    released++;
  }
  while (seen < command.count) {
    if (throttle.round.toCome.length === 0) openRound(world);
    const [id] = throttle.round.toCome;
    if (id === undefined) break;
    seen++;
    if (takeTurn(world, id)) released++;
  }
  return [seen, released, throttle.queue.length];
}

export function updateVaultPrice(world: World, command: CommandNamed<"updateVaultPrice">): Facts {
  const asset = assetOf(world, command.asset);
  if (asset.id === QUOTE) refuse("vault_price_is_fixed", asset.id);
  const previous = priceOf(world, asset);
  refill(world);
  world.journal.put(world.venue.throttle.prices, asset.id, BigInt(command.price));
  refill(world);
  return [previous];
}

export function setThrottlePosture(world: World, command: CommandNamed<"setThrottlePosture">): Facts {
  const { journal, venue, time } = world;
  const { throttle } = venue;
  const { posture, postureAt } = throttle;
  if (posture - command.posture > 1) refuse("posture_step", command.posture, posture);
  if (posture > command.posture && time - postureAt < DWELL) refuse("posture_dwell", postureAt, DWELL);
  if (command.posture === posture) return [posture];
  refill(world);
  journal.set(throttle, "posture", command.posture);
  journal.set(throttle, "postureAt", time);
  refill(world);
  return [posture];
}

export function setExitRatio(world: World, command: CommandNamed<"setExitRatio">): Facts {
  const { throttle } = world.venue;
  const previous = throttle.exitRatio;
  refill(world);
  world.journal.set(throttle, "exitRatio", BigInt(command.ratio));
  refill(world);
  return [previous];
}

// ----------------------------------------------------------------------------------------------------------------- the lane

function throughLane(world: World, account: number, asset: Asset, wanted: bigint): bigint {
  const { throttle } = world.venue;
  const own = greatest(0n, throttle.terms.laneUser - (throttle.laneUses.get(laneKey(world, account)) ?? 0n));
  const value = least(own, contentOf(throttle, "lane"));
  const units = least(contentOf(throttle, `lane of ${asset.id}`), agedBalance(world, account, asset));
  return unitsFor(world, asset, value, least(wanted, units));
}

function useLane(world: World, account: number, asset: Asset, units: bigint): void {
  const { laneUses } = world.venue.throttle;
  const value = costOf(world, asset, units);
  const key = laneKey(world, account);
  world.journal.put(laneUses, key, (laneUses.get(key) ?? 0n) + value);
  drain(world, "lane", value);
  drain(world, `lane of ${asset.id}`, units);
}

function laneKey({ time }: World, account: number): string {
  return `account ${account} day ${slotOf(time, DAY)}`;
}

// ---------------------------------------------------------------------------------------------------------------- the rounds

/** Shares what may leave among the assets by the value queued of each, if it is time and there is anything to share. */
function openRound(world: World): void {
  const { venue, journal, time } = world;
  const { throttle } = venue;
  if (throttle.queue.length === 0 || time - throttle.round.at < MINUTE) return;
  const total = queuedValue(world);
  const { throttleHour, throttleDay } = throttle.terms;
  const contents = [
    ...(throttleHour > 0n ? [contentOf(throttle, "hour")] : []),
    ...(throttleDay > 0n ? [contentOf(throttle, "day")] : []),
  ];
  const free = contents.reduce(least, total);
  const grants: Round["grants"] = new Map();
  for (const asset of venue.assets) {
    const queued = asset.pending - asset.released;
    const grant =
      total === 0n || queued === 0n ? 0n : passing(world, asset, ceilDivide(queued * free, total));
    grants.set(asset.id, { queued, grant, left: grant });
  }
  if ([...grants.values()].every(({ grant }) => grant === 0n)) return;
  const { opened } = throttle.round;
  const toCome = [...throttle.queue];
  journal.set(throttle, "round", { opened: opened + 1, at: time, toCome, grants, taken: new Map() });
}

/** One withdrawal's turn in the round; whether it brings anything. */
function takeTurn(world: World, id: number): boolean {
  const { journal, venue } = world;
  const { round } = venue.throttle;
  journal.set(round, "toCome", round.toCome.slice(1));
  const withdrawal = withdrawalOf(world, id);
  const asset = assetOf(world, withdrawal.asset);
  const terms = round.grants.get(asset.id);
  if (terms === undefined || terms.grant === 0n) return false;

  const share = ceilDivide(queuedOf(withdrawal) * terms.grant, terms.queued);
  const key = `account ${withdrawal.account} asset ${asset.id}`;
  const taken = round.taken.get(key) ?? 0n;
  const own = greatest(0n, ceilDivide(terms.grant, OWNERS) - taken);
  const amount = passing(world, asset, [share, terms.left, own].reduce(least));
  if (amount === 0n) return false;
  journal.put(round.grants, asset.id, { ...terms, left: terms.left - amount });
  journal.put(round.taken, key, taken + amount);
  pass(world, asset, amount);
  releaseAloud(world, id, withdrawal, amount, WAY.round);
  return true;
}

// ----------------------------------------------------------------------------------------------------------- one withdrawal

function withdrawalOf({ venue }: World, id: number): Withdrawal {
  return venue.withdrawals.get(id) ?? refuse("withdrawal_unknown", id);
}

function queuedOf({ amount, released }: Withdrawal): bigint {
  return amount - released;
}

function release({ journal }: World, asset: Asset, withdrawal: Withdrawal, amount: bigint): void {
  journal.set(withdrawal, "released", withdrawal.released + amount);
  journal.set(asset, "released", asset.released + amount);
}

function releaseAloud(world: World, id: number, withdrawal: Withdrawal, amount: bigint, way: number): void {
  const { account } = withdrawal;
  release(world, assetOf(world, withdrawal.asset), withdrawal, amount);
  const queued = queuedOf(withdrawal);
  emit(world, "withdrawalReleased", id, account, withdrawal.asset, amount, queued, way);
  if (queued === 0n) leaveQueue(world, id);
}

function leaveQueue({ venue, journal }: World, id: number): void {
  const { throttle } = venue;
  const { queue, round } = throttle;
  if (queue.includes(id)) {
    journal.set(
      throttle,
      "queue",
      queue.filter((each) => each !== id),
    );
  }
  if (round.toCome.includes(id)) {
    journal.set(
      round,
      "toCome",
      round.toCome.filter((each) => each !== id),
    );
  }
}

/** Takes units off a withdrawal; one of which nothing is left is gone, and its slot free. */
function shorten({ venue, journal }: World, id: number, withdrawal: Withdrawal, amount: bigint): void {
  journal.set(withdrawal, "amount", withdrawal.amount - amount);
  if (withdrawal.amount > 0n) return;
  journal.remove(venue.withdrawals, id);
  venue.withdrawalSlots.release(id);
}
