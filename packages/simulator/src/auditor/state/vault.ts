/** The vault as plain data: its assets, the withdrawals that wait, and the throttle. */
import { capOf, contentOf, isOn, priceOf, queuedValue, settledUnits, settledValue } from "../throttle.ts";
import type { Asset, Venue, World } from "../venue.ts";

export interface AssetState {
  readonly asset: number;
  readonly held: bigint;
  readonly transit: bigint;
  readonly pending: bigint;
  readonly dust: bigint;
  /** The operator's second tranche and the mutual guarantee fund. */
  readonly skin: bigint;
  readonly mutual: bigint;
  readonly loans: bigint;
  readonly lastReference: number;
  /** Settled balance by account; the zero ones of accounts that once had one are included. */
  readonly balances: ReadonlyMap<number, bigint>;
  /** By tier. */
  readonly custody: ReadonlyMap<number, bigint>;
}

export interface WithdrawalState {
  readonly withdrawal: number;
  readonly account: number;
  readonly asset: number;
  readonly amount: bigint;
  readonly released: bigint;
  readonly requestedAt: number;
  /** In the queue, from 1; 0 = all is released. */
  readonly place: number;
}

export interface WindowState {
  readonly capacity: bigint;
  readonly cap: bigint;
}

export interface ThrottleState {
  readonly isOn: boolean;
  readonly posture: number;
  readonly askedPosture: number;
  readonly postureAt: number;
  readonly exitRatio: bigint;
  readonly refilledAt: number;
  readonly settledValue: bigint;
  readonly hour: WindowState;
  readonly day: WindowState;
  readonly lane: WindowState;
  readonly queueLength: number;
  readonly queueValue: bigint;
  readonly rounds: number;
  readonly roundAt: number;
  readonly isRoundOver: boolean;
  /** From asset 1. */
  readonly assets: readonly AssetThrottleState[];
}

export interface AssetThrottleState {
  readonly price: bigint;
  readonly settled: bigint;
  readonly queued: bigint;
  readonly released: bigint;
  readonly hour: WindowState;
  readonly day: WindowState;
  readonly lane: WindowState;
}

export function assetState(asset: Asset): AssetState {
  const { id, held, transit, pending, dust, skin, mutual, loans, lastReference, owners, custody } = asset;
  return {
    asset: id,
    held,
    transit,
    pending,
    dust,
    skin,
    mutual,
    loans,
    lastReference,
    balances: new Map(owners),
    custody: new Map(custody),
  };
}

export function withdrawalStates({ withdrawals, throttle }: Venue): WithdrawalState[] {
  const places = new Map(throttle.queue.map((id, index) => [id, index + 1]));
  const states = [...withdrawals].map(([withdrawal, pending]) => ({
    withdrawal,
    ...pending,
    place: places.get(withdrawal) ?? 0,
  }));
  states.sort((a, b) => a.withdrawal - b.withdrawal);
  return states;
}

export function throttleState(world: World): ThrottleState {
  const { throttle, clock, assets } = world.venue;
  const { posture, askedPosture, postureAt, exitRatio, refilledAt, queue, round } = throttle;
  const windowOf = (name: string): WindowState => ({
    capacity: contentOf(throttle, name),
    cap: capOf(throttle, name),
  });
  return {
    isOn: isOn(throttle),
    posture,
    askedPosture,
    postureAt,
    exitRatio,
    refilledAt,
    settledValue: settledValue(world, clock),
    hour: windowOf("hour"),
    day: windowOf("day"),
    lane: windowOf("lane"),
    queueLength: queue.length,
    queueValue: queuedValue(world),
    rounds: round.opened,
    roundAt: round.at,
    isRoundOver: round.toCome.length === 0,
    assets: assets.map((asset) => ({
      price: priceOf(world, asset),
      settled: settledUnits(world, asset, clock),
      queued: asset.pending - asset.released,
      released: asset.released,
      hour: windowOf(`hour of ${asset.id}`),
      day: windowOf(`day of ${asset.id}`),
      lane: windowOf(`lane of ${asset.id}`),
    })),
  };
}
