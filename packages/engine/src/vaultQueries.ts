/** Questions about what may leave the vault, and when. Like all queries they change nothing. */
import { type Arena, NIL, type NumColumn, type Ref } from "./kernel/arena.ts";
import { minus, most } from "./kernel/checked.ts";
import {
  type AssetUnits,
  type MicroUsd,
  type MicroUsdPerWhole,
  type Ms,
  NONE,
  type Ppm,
  type Quantity,
} from "./kernel/units.ts";
import { DAY_MS, EXIT_MS } from "./domain/limits.ts";
import { ALLOWANCE, ASSET_WINDOW, OUTFLOW, THROTTLE, USD_WINDOW } from "./domain/rows/throttle.ts";
import { ASSET, VAULT, WITHDRAWAL } from "./domain/rows/vault.ts";
import type { Venue } from "./domain/venue.ts";
import type { VaultShard } from "./domain/vaultShard.ts";
import { UnknownId } from "./queries.ts";
import { allowanceOf, settledUnits } from "./vault/deposits.ts";
import { accountOf, balanceRow } from "./vault/ledger.ts";
import { firstInQueue, queueLength, queuedOf, queuedUnits } from "./vault/queue.ts";
import { valueInQueue } from "./vault/rounds.ts";
import { referencePrice, settledValue } from "./vault/valuation.ts";
import { isThrottled } from "./vault/windows.ts";
import { withdrawalOf } from "./vault/withdrawals.ts";

/** A window as it was refilled last. */
export interface WindowView<Unit extends string> {
  readonly capacity: Quantity<Unit>;
  readonly cap: Quantity<Unit>;
}

export interface AssetThrottleView {
  /** 0 = none: then nothing but the guaranteed exit lets it leave. */
  readonly price: MicroUsdPerWhole;
  /** Units that count: in the vault, not released, deposited an hour ago or earlier. */
  readonly settled: AssetUnits;
  readonly queued: AssetUnits;
  /** Released and not yet paid. */
  readonly released: AssetUnits;
  readonly hour: WindowView<"AssetUnits">;
  readonly day: WindowView<"AssetUnits">;
  readonly lane: WindowView<"AssetUnits">;
}

export interface ThrottleView {
  readonly isOn: boolean;
  readonly posture: number;
  /** What tiers ask for; the stricter of the two holds. */
  readonly askedPosture: number;
  /** Since when. */
  readonly postureAt: Ms;
  /** 0 = caps are whole. */
  readonly exitRatio: Ppm;
  readonly refilledAt: Ms;
  readonly settledValue: MicroUsd;
  readonly hour: WindowView<"MicroUsd">;
  readonly day: WindowView<"MicroUsd">;
  readonly lane: WindowView<"MicroUsd">;
  readonly queueLength: number;
  readonly queueValue: MicroUsd;
  /** Rounds opened, when the last one was, and whether it is over. */
  readonly rounds: number;
  readonly roundAt: Ms;
  readonly isRoundOver: boolean;
  /** From asset 1. */
  readonly assets: readonly AssetThrottleView[];
}

export interface WithdrawalView {
  readonly account: number;
  readonly asset: number;
  /** What is not paid of it, and the part of that which may be. */
  readonly amount: AssetUnits;
  readonly released: AssetUnits;
  readonly requestedAt: Ms;
  /** In the queue, from 1; 0 = all is released. */
  readonly place: number;
  /** After how long from now, at worst, anyone can have all of it released: the guaranteed exit. 0 = now, or nothing is queued. */
  readonly worstWait: Ms;
}

/** The throttle at the venue's clock; windows as they were refilled last. */
export function throttleView(venue: Venue): ThrottleView {
  const { vault } = venue;
  const { arena, row, throttle } = vault;
  const clock = arena.num(row, VAULT.clock);
  return {
    isOn: isThrottled(vault),
    posture: arena.int(row, VAULT.posture),
    askedPosture: arena.int(row, VAULT.askedPosture),
    postureAt: arena.num(throttle, THROTTLE.postureAt),
    exitRatio: arena.int(row, VAULT.exitRatio),
    refilledAt: arena.num(throttle, THROTTLE.refilledAt),
    settledValue: settledValue(vault, clock),
    hour: windowOf(arena, vault.hourWindow, USD_WINDOW),
    day: windowOf(arena, vault.dayWindow, USD_WINDOW),
    lane: windowOf(arena, vault.laneWindow, USD_WINDOW),
    queueLength: queueLength(vault),
    queueValue: valueInQueue(vault),
    rounds: arena.num(throttle, THROTTLE.round),
    roundAt: arena.num(throttle, THROTTLE.roundAt),
    isRoundOver: arena.int(throttle, THROTTLE.roundNext) === NIL,
    assets: Array.from({ length: vault.assetCount }, (_, index) => assetThrottle(vault, index + 1, clock)),
  };
}

/** A pending withdrawal, or undefined once nothing of it is left. Walks the queue to find its place. */
export function withdrawalView(venue: Venue, id: number): WithdrawalView | undefined {
  const { vault } = venue;
  const { arena } = vault;
  const row = id < 1 ? NIL : withdrawalOf(vault, id);
  if (row === NIL) return undefined;
  const requestedAt = arena.num(row, WITHDRAWAL.requestedAt);
  const place = placeOf(vault, row);
  const waited = minus(arena.num(vault.row, VAULT.clock), requestedAt);
  return {
    account: arena.int(row, WITHDRAWAL.account),
    asset: arena.int(row, WITHDRAWAL.asset),
    amount: arena.num(row, WITHDRAWAL.amount),
    released: arena.num(row, WITHDRAWAL.released),
    requestedAt,
    place,
    worstWait: place === 0 ? NONE : most(minus(EXIT_MS, waited), NONE),
  };
}

/** What was deposited for an account within the UTC day that a moment lies in, as far as the vault remembers it: the last such day. @throws {UnknownId} */
export function depositedWithin(venue: Venue, account: number, asset: number, now: number): AssetUnits {
  const { vault } = venue;
  if (account < 1 || accountOf(vault, account) === NIL) throw new UnknownId("account", account);
  if (balanceRow(vault, account, asset) === NIL) return NONE;
  const { arena } = vault;
  const row = allowanceOf(vault, account, asset);
  const isOfToday = arena.num(row, ALLOWANCE.slot) === Math.floor(now / DAY_MS);
  return isOfToday ? arena.num(row, ALLOWANCE.current) : NONE;
}

/** The chain receipt that the last deposit of an asset named: the next names a higher one. @throws {UnknownId} */
export function lastReference({ vault }: Venue, asset: number): number {
  if (!(asset >= 1 && asset <= vault.assetCount)) throw new UnknownId("asset", asset);
  return vault.arena.num(vault.asset(asset), ASSET.lastReference);
}

function assetThrottle(vault: VaultShard, asset: number, clock: Ms): AssetThrottleView {
  const { arena } = vault;
  return {
    price: referencePrice(vault, asset),
    settled: settledUnits(vault, asset, clock),
    queued: queuedUnits(vault, asset),
    released: arena.num(vault.outflow(asset), OUTFLOW.released),
    hour: windowOf(arena, vault.assetHourWindow(asset), ASSET_WINDOW),
    day: windowOf(arena, vault.assetDayWindow(asset), ASSET_WINDOW),
    lane: windowOf(arena, vault.assetLaneWindow(asset), ASSET_WINDOW),
  };
}

function windowOf<Table extends string, Unit extends string>(
  arena: Arena,
  row: Ref<Table>,
  { capacity, cap }: Record<"capacity" | "cap", NumColumn<Table, Quantity<Unit>>>,
): WindowView<Unit> {
  return { capacity: arena.num(row, capacity), cap: arena.num(row, cap) };
}

function placeOf(vault: VaultShard, row: Ref<"withdrawal">): number {
  if (queuedOf(vault, row) === NONE) return 0;
  let place = 1;
  for (let each = firstInQueue(vault); each !== row; each = vault.arena.int(each, WITHDRAWAL.next)) place++;
  return place;
}
