/**
 * Rounds of releases. A round shares what the windows have room for, when it opens, among all that is queued then: by asset, in
 * proportion to the value queued, and within an asset in proportion to the units of each withdrawal, no account more than a fifth.
 * A round may take several commands; who comes later waits for the next. See docs/spec/vault.md#rounds.
 */
import { NIL, type Ref } from "../kernel/arena.ts";
import { least, minus, most, negate, plus } from "../kernel/checked.ts";
import { scaleCeil, shareCeil } from "../kernel/mulDiv.ts";
import { type AssetUnits, type MicroUsd, type Ms, NONE } from "../kernel/units.ts";
import { MAX_VAULT_VALUE, OWNER_SHARE, ROUND_MS } from "../domain/limits.ts";
import { ALLOWANCE, OUTFLOW, THROTTLE } from "../domain/rows/throttle.ts";
import { WITHDRAWAL } from "../domain/rows/vault.ts";
import type { VaultShard } from "../domain/vaultShard.ts";
import { allowanceOf } from "./deposits.ts";
import { firstInQueue, queuedOf, queuedUnits } from "./queue.ts";
import { queuedValue, referencePrice } from "./valuation.ts";
import { unitsFree, valueFree } from "./windows.ts";

/** The next withdrawal of the round under way, of a new one if that is over and it is time; `NIL` when there is none. */
export function nextInRound(vault: VaultShard, now: Ms): Ref<"withdrawal"> {
  const { arena, throttle } = vault;
  const next = arena.int(throttle, THROTTLE.roundNext);
  if (next !== NIL || firstInQueue(vault) === NIL) return next;
  if (minus(now, arena.num(throttle, THROTTLE.roundAt)) < ROUND_MS || !grantAll(vault)) return NIL;

  const first = firstInQueue(vault);
  arena.setInt(throttle, THROTTLE.roundNext, first);
  arena.setInt(throttle, THROTTLE.roundLast, arena.int(throttle, THROTTLE.last));
  arena.setNum(throttle, THROTTLE.roundAt, now);
  arena.setNum(throttle, THROTTLE.round, arena.num(throttle, THROTTLE.round) + 1);
  return first;
}

/** What the withdrawal gets in this round; from here on the round goes on behind it. */
export function takeTurn(vault: VaultShard, row: Ref<"withdrawal">): AssetUnits {
  const { arena } = vault;
  const asset = arena.int(row, WITHDRAWAL.asset);
  const outflow = vault.outflow(asset);
  passTurn(vault, row);
  const grant = arena.num(outflow, OUTFLOW.roundGrant);
  if (grant === NONE) return NONE;
  const queued = queuedOf(vault, row);
  const share = scaleCeil(queued, grant, arena.num(outflow, OUTFLOW.roundQueued));
  const left = arena.num(outflow, OUTFLOW.roundLeft);
  const allowance = allowanceOf(vault, arena.int(row, WITHDRAWAL.account), asset);
  const taken = takenInRound(vault, allowance);
  const own = most(minus(shareCeil(grant, OWNER_SHARE), taken), NONE);
  const amount = unitsFree(vault, asset, least(least(share, left), own));

  arena.addNum(outflow, OUTFLOW.roundLeft, negate(amount));
  arena.setNum(allowance, ALLOWANCE.taken, plus(taken, amount));
  arena.setNum(allowance, ALLOWANCE.round, arena.num(vault.throttle, THROTTLE.round));
  return amount;
}

/** Grants each asset its part of what may leave; false when that is nothing at all. */
function grantAll(vault: VaultShard): boolean {
  const { arena } = vault;
  const total = valueInQueue(vault);
  const free = valueFree(vault, total);
  let granted = false;
  for (let asset = 1; asset <= vault.assetCount; asset++) {
    const queued = queuedUnits(vault, asset);
    const grant = grantOf(vault, asset, queued, free, total);
    const outflow = vault.outflow(asset);
    arena.setNum(outflow, OUTFLOW.roundQueued, queued);
    arena.setNum(outflow, OUTFLOW.roundGrant, grant);
    arena.setNum(outflow, OUTFLOW.roundLeft, grant);
    if (grant > 0) granted = true;
  }
  return granted;
}

/** ⌈queued·free/total⌉, within what the windows have room for. */
function grantOf(
  vault: VaultShard,
  asset: number,
  queued: AssetUnits,
  free: MicroUsd,
  total: MicroUsd,
): AssetUnits {
  if (queued === NONE || total === NONE) return NONE;
  return unitsFree(vault, asset, scaleCeil(queued, free, total));
}

/** Value of all queued units that have a price, rounded up per asset and bounded. */
export function valueInQueue(vault: VaultShard): MicroUsd {
  let total: MicroUsd = NONE;
  for (let asset = 1; asset <= vault.assetCount; asset++) {
    if (referencePrice(vault, asset) === NONE) continue;
    total = least(plus(total, queuedValue(vault, asset, queuedUnits(vault, asset))), MAX_VAULT_VALUE);
  }
  return total;
}

function takenInRound(vault: VaultShard, allowance: Ref<"allowance">): AssetUnits {
  const { arena } = vault;
  const round = arena.num(vault.throttle, THROTTLE.round);
  return arena.num(allowance, ALLOWANCE.round) === round ? arena.num(allowance, ALLOWANCE.taken) : NONE;
}

function passTurn(vault: VaultShard, row: Ref<"withdrawal">): void {
  const { arena, throttle } = vault;
  const isLast = arena.int(throttle, THROTTLE.roundLast) === row;
  arena.setInt(throttle, THROTTLE.roundNext, isLast ? NIL : arena.int(row, WITHDRAWAL.next));
  if (isLast) arena.setInt(throttle, THROTTLE.roundLast, NIL);
}
