/** The audit of the way out: windows, the queue and its round, and the count of what is released. Numbers 24 and 25. */
import { NIL, type NumColumn, type Ref } from "../kernel/arena.ts";
import { rowOf, usedRows } from "../kernel/pool.ts";
import { DAY_MS, HOUR_MS, MAX_ASSETS } from "../domain/limits.ts";
import { ASSET_WINDOW, OUTFLOW, THROTTLE, USD_WINDOW } from "../domain/rows/throttle.ts";
import { ASSET, WITHDRAWAL } from "../domain/rows/vault.ts";
import type { VaultShard } from "../domain/vaultShard.ts";
import { type Report, exactly } from "./finding.ts";

export function auditThrottle(vault: VaultShard, report: Report): void {
  auditWindows(vault, report);
  auditReleased(vault, report);
  auditQueue(vault, report);
  auditRound(vault, report);
}

/** What lies beyond its bounds is reported as the nearer of them. */
function within(
  report: Report,
  invariant: string,
  where: string,
  value: number,
  least: number,
  most: number,
): void {
  report(invariant, where, Math.min(Math.max(value, least), most), value);
}

function auditWindows(vault: VaultShard, report: Report): void {
  auditWindow(vault, "the hour", vault.hourWindow, USD_WINDOW, HOUR_MS, report);
  auditWindow(vault, "the day", vault.dayWindow, USD_WINDOW, DAY_MS, report);
  auditWindow(vault, "the lane", vault.laneWindow, USD_WINDOW, DAY_MS, report);
  for (let asset = 1; asset <= MAX_ASSETS; asset++) {
    const where = `of asset ${asset}`;
    auditWindow(vault, `the hour ${where}`, vault.assetHourWindow(asset), ASSET_WINDOW, HOUR_MS, report);
    auditWindow(vault, `the day ${where}`, vault.assetDayWindow(asset), ASSET_WINDOW, DAY_MS, report);
    auditWindow(vault, `the lane ${where}`, vault.assetLaneWindow(asset), ASSET_WINDOW, DAY_MS, report);
  }
}

function auditWindow<Table extends string>(
  { arena }: VaultShard,
  name: string,
  row: Ref<Table>,
  columns: Readonly<Record<"capacity" | "cap" | "carry", NumColumn<Table>>>,
  period: number,
  report: Report,
): void {
  const cap = arena.num(row, columns.cap);
  within(report, "24", `capacity of ${name}`, arena.num(row, columns.capacity), 0, cap);
  within(report, "24", `carry of ${name}`, arena.num(row, columns.carry), 0, period - 1);
}

function auditReleased(vault: VaultShard, report: Report): void {
  const { arena } = vault;
  const sums = Array.from({ length: MAX_ASSETS + 1 }, () => 0n);
  for (let number = 1; number <= usedRows(arena, vault.withdrawals); number++) {
    const row = rowOf(arena, vault.withdrawals, number);
    if (arena.int(row, WITHDRAWAL.account) === 0) continue;
    const asset = arena.int(row, WITHDRAWAL.asset);
    const released = arena.num(row, WITHDRAWAL.released);
    within(report, "25", `released of withdrawal ${number}`, released, 0, arena.num(row, WITHDRAWAL.amount));
    sums[asset] = (sums[asset] ?? 0n) + exactly(released);
  }
  for (let asset = 1; asset <= vault.assetCount; asset++) {
    const counted = exactly(arena.num(vault.outflow(asset), OUTFLOW.released));
    report("25", `released units of asset ${asset}`, sums[asset] as bigint, counted);
    const pending = arena.num(vault.asset(asset), ASSET.pending);
    within(report, "25", `released and pending of asset ${asset}`, Number(counted), 0, pending);
  }
}

/** Everybody who waits stands in the queue, once, by the age of his request. */
function auditQueue(vault: VaultShard, report: Report): void {
  const { arena, throttle } = vault;
  let waiting = 0;
  for (let number = 1; number <= usedRows(arena, vault.withdrawals); number++) {
    if (isWaiting(vault, rowOf(arena, vault.withdrawals, number))) waiting++;
  }
  let length = 0;
  let previous: Ref<"withdrawal"> = NIL;
  let since = 0;
  for (const row of queueOf(vault)) {
    length++;
    report("25", `place ${length} waits`, 1, Number(isWaiting(vault, row)));
    report("25", `place ${length} knows who is before it`, previous, arena.int(row, WITHDRAWAL.previous));
    const requestedAt = arena.num(row, WITHDRAWAL.requestedAt);
    within(report, "25", `place ${length} is no older than the one before`, requestedAt, since, Infinity);
    since = requestedAt;
    previous = row;
  }
  report("25", "withdrawals that wait are in the queue", waiting, length);
  report("25", "length of the queue", length, arena.int(throttle, THROTTLE.length));
  report("25", "last of the queue", previous, arena.int(throttle, THROTTLE.last));
}

/** The round under way goes from one place of the queue to a later one, and has granted no more than was queued. */
function auditRound(vault: VaultShard, report: Report): void {
  const { arena, throttle } = vault;
  const queue = queueOf(vault);
  const next = queue.indexOf(arena.int(throttle, THROTTLE.roundNext));
  const last = queue.indexOf(arena.int(throttle, THROTTLE.roundLast));
  const isOver = arena.int(throttle, THROTTLE.roundNext) === NIL;
  report(
    "25",
    "a round that is over has no last",
    Number(isOver),
    Number(arena.int(throttle, THROTTLE.roundLast) === NIL),
  );
  if (!isOver) {
    within(report, "25", "the round's next is in the queue", next, 0, queue.length - 1);
    within(report, "25", "the round's last is not before its next", last, next, queue.length - 1);
  }
  for (let asset = 1; asset <= vault.assetCount; asset++) {
    const row = vault.outflow(asset);
    const grant = arena.num(row, OUTFLOW.roundGrant);
    within(report, "25", `grant of asset ${asset}`, grant, 0, arena.num(row, OUTFLOW.roundQueued));
    within(report, "25", `rest of the grant of asset ${asset}`, arena.num(row, OUTFLOW.roundLeft), 0, grant);
  }
}

function isWaiting({ arena }: VaultShard, row: Ref<"withdrawal">): boolean {
  const isPending = arena.int(row, WITHDRAWAL.account) !== 0;
  return isPending && arena.num(row, WITHDRAWAL.released) < arena.num(row, WITHDRAWAL.amount);
}

/** The rows from the first on; a chain that runs in a circle is cut where it cannot be right any more. */
function queueOf({ arena, throttle, withdrawals }: VaultShard): Ref<"withdrawal">[] {
  const rows: Ref<"withdrawal">[] = [];
  let row = arena.int(throttle, THROTTLE.first);
  for (; row !== NIL && rows.length <= withdrawals.capacity; row = arena.int(row, WITHDRAWAL.next))
    rows.push(row);
  return rows;
}
