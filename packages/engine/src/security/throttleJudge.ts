/**
 * The judge of what is let out: reads from the vault's journal what a command released and paid, and whether windows and lane gave
 * the room for it. Numbers 24 and 25 of docs/spec/transition.md#invariants. It shares no code with the vault's layer.
 */
import { compareProducts, mulDivFloor } from "../kernel/mulDiv.ts";
import type { Ms } from "../kernel/units.ts";
import {
  DAY_MS,
  EXIT_MS,
  HOUR_MS,
  MAX_ASSETS,
  MAX_ASSET_VALUE,
  QUOTE_ASSET,
  QUOTE_PRICE,
} from "../domain/limits.ts";
import {
  OUTFLOW,
  OUTFLOW_WORDS,
  SCOPE_WINDOWS,
  THROTTLE,
  USD_WINDOW,
  WINDOW_WORDS,
} from "../domain/rows/throttle.ts";
import { ASSET, ASSET_WORDS, WITHDRAWAL, WITHDRAWAL_WORDS } from "../domain/rows/vault.ts";
import type { VaultShard } from "../domain/vaultShard.ts";
import type { Verdict } from "./verdict.ts";

const WINDOWS = SCOPE_WINDOWS * (MAX_ASSETS + 1);
const COLUMNS = WINDOW_WORDS / 2;
/** All windows have the same columns, whatever they count. */
const { capacity: CAPACITY, cap: CAP } = USD_WINDOW;
/** Places of the windows of the venue; those of asset a are 3·a further on. */
const PLACE = { hour: 0, day: 1, lane: 2 } as const;

export class ThrottleJudge {
  /** Windows this command wrote to: what their columns held before. */
  private readonly before = new Float64Array(WINDOWS * COLUMNS);
  private readonly isKept = new Uint8Array(WINDOWS * COLUMNS);
  /** Differences per asset: released on withdrawals, the same without exits and payments, the vault's count of it, what is held. */
  private readonly released = new Float64Array(MAX_ASSETS + 1);
  private readonly granted = new Float64Array(MAX_ASSETS + 1);
  private readonly counted = new Float64Array(MAX_ASSETS + 1);
  private readonly held = new Float64Array(MAX_ASSETS + 1);
  private refilledAt = 0;

  /** Judges a command that has written numbers to the vault. */
  judge(vault: VaultShard, now: Ms, verdict: Verdict): void {
    this.refilledAt = vault.arena.num(vault.throttle, THROTTLE.refilledAt);
    this.read(vault, now, verdict);
    this.judgeAssets(vault, verdict);
    this.judgeRoom(vault, now, verdict);
    this.isKept.fill(0);
    this.granted.fill(0);
  }

  private read(vault: VaultShard, now: Ms, verdict: Verdict): void {
    const { arena } = vault;
    const { numAt, numOld, numNew, numCount } = arena;
    const withdrawals = vault.withdrawals.base + WITHDRAWAL_WORDS;
    const withdrawalsEnd = withdrawals + vault.withdrawals.capacity * WITHDRAWAL_WORDS;
    let isRefillSeen = false;
    for (let record = 0; record < numCount; record++) {
      const ref = (numAt[record] as number) * 2;
      const before = numOld[record] as number;
      const after = numNew[record] as number;
      if (before === after) continue;
      if (ref >= withdrawals && ref < withdrawalsEnd) {
        const offset = (ref - withdrawals) % WITHDRAWAL_WORDS;
        this.readWithdrawal(vault, ref - offset, offset / 2, before, after, now, verdict);
      } else if (ref === vault.throttle + THROTTLE.refilledAt * 2) {
        if (!isRefillSeen) this.refilledAt = before;
        isRefillSeen = true;
      } else this.readRest(vault, ref, before, after);
    }
  }

  private readWithdrawal(
    vault: VaultShard,
    row: number,
    column: number,
    before: number,
    after: number,
    now: Ms,
    verdict: Verdict,
  ): void {
    const { f64, i32 } = vault.arena;
    const amount = f64[row / 2 + WITHDRAWAL.amount] as number;
    const released = f64[row / 2 + WITHDRAWAL.released] as number;
    if (released < 0 || released > amount) verdict.breach(25, amount, released);
    if (column === WITHDRAWAL.requestedAt && after !== now && after !== 0) verdict.breach(25, now, after);
    if (column !== WITHDRAWAL.released) return;
    const asset = i32[row + WITHDRAWAL.asset] as number;
    this.released[asset] = (this.released[asset] as number) + after - before;
    const isExit = now - (f64[row / 2 + WITHDRAWAL.requestedAt] as number) >= EXIT_MS;
    if (after > before && !isExit) this.granted[asset] = (this.granted[asset] as number) + after - before;
  }

  private readRest(vault: VaultShard, ref: number, before: number, after: number): void {
    const windows = ref - vault.hourWindow;
    if (windows >= 0 && windows < SCOPE_WINDOWS * WINDOW_WORDS) return this.keep(windows / 2, before);
    const assetWindows = ref - vault.assetHourWindow(1);
    if (assetWindows >= 0 && assetWindows < SCOPE_WINDOWS * MAX_ASSETS * WINDOW_WORDS)
      return this.keep(SCOPE_WINDOWS * COLUMNS + assetWindows / 2, before);
    const outflows = ref - vault.outflow(1);
    if (outflows >= 0 && outflows < MAX_ASSETS * OUTFLOW_WORDS) {
      const offset = outflows % OUTFLOW_WORDS;
      const asset = (outflows - offset) / OUTFLOW_WORDS + 1;
      if (offset === OUTFLOW.released * 2)
        this.counted[asset] = (this.counted[asset] as number) + after - before;
      return;
    }
    const assets = ref - vault.asset(1);
    if (assets < 0 || assets >= MAX_ASSETS * ASSET_WORDS) return;
    const offset = assets % ASSET_WORDS;
    const asset = (assets - offset) / ASSET_WORDS + 1;
    if (offset === ASSET.held * 2) this.held[asset] = (this.held[asset] as number) + after - before;
  }

  private keep(cell: number, before: number): void {
    if (this.isKept[cell] === 1) return;
    this.isKept[cell] = 1;
    this.before[cell] = before;
  }

  /** The vault counts what is released, and nothing leaves that was not. */
  private judgeAssets(vault: VaultShard, verdict: Verdict): void {
    const { released, counted, held } = this;
    for (let asset = 1; asset <= vault.assetCount; asset++) {
      if (released[asset] !== counted[asset])
        verdict.breach(25, released[asset] as number, counted[asset] as number);
      const left = -(held[asset] as number);
      const paid = -(counted[asset] as number);
      if (left > 0 && left > paid) verdict.breach(25, paid, left);
      released[asset] = 0;
      counted[asset] = 0;
      held[asset] = 0;
    }
  }

  /** Capacities lie in [0, cap], and what was granted was taken off every window that is on, or off the lane. */
  private judgeRoom(vault: VaultShard, now: Ms, verdict: Verdict): void {
    const { arena, throttle } = vault;
    for (let place = 0; place < SCOPE_WINDOWS * (vault.assetCount + 1); place++)
      this.judgeWindow(vault, place, verdict);
    const isHour = arena.int(throttle, THROTTLE.hour) > 0;
    const isDay = arena.int(throttle, THROTTLE.day) > 0;
    const isAssetHour = arena.int(throttle, THROTTLE.assetHour) > 0;
    const isAssetDay = arena.int(throttle, THROTTLE.assetDay) > 0;
    const isOn = isHour || isDay || isAssetHour || isAssetDay;
    if (!isOn || !this.granted.some((units) => units > 0)) return;

    const refilledAt = arena.num(throttle, THROTTLE.refilledAt);
    if (refilledAt !== now) verdict.breach(24, now, refilledAt);
    const lane = this.spent(vault, PLACE.lane, DAY_MS, now);
    let value = 0;
    for (let asset = 1; asset <= vault.assetCount; asset++) {
      const units = this.granted[asset] as number;
      if (units === 0) continue;
      value += this.worth(vault, asset, units, verdict);
      const place = SCOPE_WINDOWS * asset;
      const beside = this.spent(vault, place + PLACE.lane, DAY_MS, now);
      const hourUnits = beside + this.spent(vault, place + PLACE.hour, HOUR_MS, now);
      if (isAssetHour && units > hourUnits) verdict.breach(24, hourUnits, units);
      const dayUnits = beside + this.spent(vault, place + PLACE.day, DAY_MS, now);
      if (isAssetDay && units > dayUnits) verdict.breach(24, dayUnits, units);
    }
    const room = lane + this.spent(vault, PLACE.hour, HOUR_MS, now);
    if (isHour && value > room) verdict.breach(24, room, value);
    const dayRoom = lane + this.spent(vault, PLACE.day, DAY_MS, now);
    if (isDay && value > dayRoom) verdict.breach(24, dayRoom, value);
  }

  private judgeWindow(vault: VaultShard, place: number, verdict: Verdict): void {
    const capacity = this.cell(vault, place, CAPACITY);
    const cap = this.cell(vault, place, CAP);
    if (capacity < 0 || capacity > cap) verdict.breach(24, cap, capacity);
  }

  /** At most what a command took off a window: what was there, and what time can have added, less what is left. */
  private spent(vault: VaultShard, place: number, period: Ms, now: Ms): number {
    const rate = Math.min(this.old(vault, place, CAP), this.cell(vault, place, CAP));
    const elapsed = Math.max(0, Math.min(now - this.refilledAt, period));
    const refilled = mulDivFloor(rate, elapsed, period) + 1;
    return this.old(vault, place, CAPACITY) + refilled - this.cell(vault, place, CAPACITY);
  }

  private worth(vault: VaultShard, asset: number, units: number, verdict: Verdict): number {
    const price = asset === QUOTE_ASSET ? QUOTE_PRICE : vault.arena.num(vault.outflow(asset), OUTFLOW.price);
    if (price === 0) verdict.breach(24, 0, units);
    const scale = vault.arena.num(vault.asset(asset), ASSET.scale);
    if (compareProducts(units, price, MAX_ASSET_VALUE, scale) >= 0) return MAX_ASSET_VALUE;
    return mulDivFloor(units, price, scale);
  }

  private cell(vault: VaultShard, place: number, column: number): number {
    const row =
      place < SCOPE_WINDOWS
        ? vault.hourWindow + place * WINDOW_WORDS
        : vault.assetHourWindow(1) + (place - SCOPE_WINDOWS) * WINDOW_WORDS;
    return vault.arena.f64[row / 2 + column] as number;
  }

  private old(vault: VaultShard, place: number, column: number): number {
    const cell = place * COLUMNS + column;
    return this.isKept[cell] === 1 ? (this.before[cell] as number) : this.cell(vault, place, column);
  }
}
