/** The vault: balances, what goes into buckets and comes out of them, and withdrawals from their request to the chain. */
import type { CommandName } from "@bulkhead/engine";
import type { RowOf } from "../schema.ts";
import { type Tier, addBalance, addBucket, bucketAt, there } from "../world.ts";
import { type LedgerKind, moveHolding } from "./clearing.ts";
import { type EventOf, type Moment, acceptedAs, codeOf, commandOf, eventAt, tell, touch } from "./moment.ts";

/** Where the vault's ledger numbers its owners from; below are its own accounts. */
const FIRST_OWNER = 1_000_000;

/** What a command's movements are entered as; those that only receive by the second, if there is one. */
const KINDS: ReadonlyMap<number, readonly [LedgerKind, LedgerKind?]> = new Map(
  (
    [
      ["confirmDeposit", "deposit"],
      ["requestWithdrawal", "withdrawal"],
      ["cancelWithdrawal", "withdrawal_cancelled"],
      ["finaliseWithdrawal", "withdrawal_returned"],
      ["allocate", "transfer"],
      ["deallocate", "transfer"],
      ["fundLayer", "layer_funding"],
      ["stakeFund", "stake"],
      ["withdrawStake", "unstake"],
      ["registerCover", "cover_escrow"],
      ["releaseCover", "cover_released"],
      ["payCover", "recovery", "recovered"],
      ["recordRecovery", "recovery", "recovered"],
    ] satisfies [CommandName, LedgerKind, LedgerKind?][]
  ).map(([name, debit, credit]) => [codeOf(name), credit === undefined ? [debit] : [debit, credit]]),
);

/** Makes what a command opens: an account, a bucket, a withdrawal. */
export function beginVault(moment: Moment, tier: Tier | undefined): void {
  const { sequence, time, facts } = moment;
  const [first = 0, , queued = 0, place = 0] = facts;
  if (acceptedAs(moment, "openAccount") !== undefined)
    touch(moment, "accounts", { account: first, sequence, openedAt: time });
  const allocated = acceptedAs(moment, "allocate");
  if (allocated !== undefined && tier !== undefined && !tier.buckets.has(first)) {
    const { account, mode } = allocated;
    const row = { tier: tier.row.tier, bucket: first, account, mode, cash: 0 };
    addBucket(tier, row);
    touch(moment, "buckets", row);
  }
  const requested = acceptedAs(moment, "requestWithdrawal");
  if (requested !== undefined) {
    const { account, asset, amount } = requested;
    keep(moment, {
      withdrawal: first,
      sequence,
      time,
      account,
      asset,
      amount,
      queued,
      released: amount - queued,
      paid: 0,
      returned: 0,
      cancelled: 0,
      placeAtFirst: place,
      updatedAt: time,
    });
  }
  const finalised = acceptedAs(moment, "finaliseWithdrawal");
  if (finalised !== undefined) {
    const row = withdrawalAt(moment, finalised.withdrawal);
    row.released -= first;
    if (finalised.paid === 1) row.paid += first;
    else row.returned += first;
    keep(moment, row);
  }
}

/** Takes in an event of the vault, if it is one. */
export function moveVault(moment: Moment, tier: Tier | undefined, index: number): void {
  const moved = eventAt(moment, "balanceMoved", index);
  if (moved !== undefined) return moveBalance(moment, moved);
  const into = eventAt(moment, "bucketMoved", index);
  if (into !== undefined) {
    const bucket = bucketAt(there(tier, "tier", moment.tier), into.bucket);
    return moveHolding(moment, bucket, into.asset, into.amount, kindsOf(moment)[0]);
  }
  const released = eventAt(moment, "withdrawalReleased", index);
  if (released !== undefined) {
    // What a request releases at once is in its receipt.
    if (acceptedAs(moment, "requestWithdrawal") !== undefined) return;
    const row = withdrawalAt(moment, released.withdrawal);
    row.queued -= released.amount;
    row.released += released.amount;
    return keep(moment, row);
  }
  const cancelled = eventAt(moment, "withdrawalCancelled", index);
  if (cancelled === undefined) return;
  const row = withdrawalAt(moment, cancelled.withdrawal);
  row.queued -= cancelled.amount;
  row.cancelled += cancelled.amount;
  keep(moment, row);
}

function kindsOf(moment: Moment): readonly [LedgerKind, LedgerKind?] {
  return KINDS.get(commandOf(moment)) ?? ["other"];
}

function moveBalance(moment: Moment, { asset, amount, debit, credit }: EventOf<"balanceMoved">): void {
  const [kind, received = kind] = kindsOf(moment);
  if (debit >= FIRST_OWNER) changeBalance(moment, debit - FIRST_OWNER, asset, -amount, kind);
  if (credit >= FIRST_OWNER) changeBalance(moment, credit - FIRST_OWNER, asset, amount, received);
}

function changeBalance(
  moment: Moment,
  account: number,
  asset: number,
  amount: number,
  kind: LedgerKind,
): void {
  const { world } = moment;
  let row = world.balances.get(account)?.get(asset);
  if (row === undefined) addBalance(world, (row = { account, asset, amount: 0 }));
  row.amount += amount;
  touch(moment, "balances", row);
  const balance = row.amount;
  tell(moment, "ledger", { account, tier: 0, bucket: 0, asset, kind, amount, balance, market: 0 });
}

function withdrawalAt({ world }: Moment, id: number): RowOf<"withdrawals"> {
  return there(world.withdrawals.get(id), "withdrawal", id);
}

/** Remembers a withdrawal for as long as something of it is to come. */
function keep(moment: Moment, row: RowOf<"withdrawals">): void {
  const { withdrawals } = moment.world;
  row.updatedAt = moment.time;
  touch(moment, "withdrawals", row);
  if (row.queued + row.released > 0) withdrawals.set(row.withdrawal, row);
  else withdrawals.delete(row.withdrawal);
}
