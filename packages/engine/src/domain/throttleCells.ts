/** Where the vault keeps the parameters of its withdrawal throttle. */
import type { IntColumn, NumColumn } from "../kernel/arena.ts";
import type { VenueParameterName } from "./parameters.ts";
import { THROTTLE } from "./rows/throttle.ts";
import type { VaultShard } from "./vaultShard.ts";

/** Rates that switch a window on for good. */
export const SWITCHES = {
  throttleHour: THROTTLE.hour,
  throttleDay: THROTTLE.day,
  throttleAssetHour: THROTTLE.assetHour,
  throttleAssetDay: THROTTLE.assetDay,
} as const satisfies Partial<Record<VenueParameterName, IntColumn<"throttle">>>;
export const AMOUNTS = {
  throttleHourMinimum: THROTTLE.hourMinimum,
  throttleDayMinimum: THROTTLE.dayMinimum,
  laneUser: THROTTLE.laneUser,
} as const satisfies Partial<Record<VenueParameterName, NumColumn<"throttle">>>;

export function isAmount(name: VenueParameterName): name is keyof typeof AMOUNTS {
  return name in AMOUNTS;
}

export function isSwitch(name: VenueParameterName): name is keyof typeof SWITCHES {
  return name in SWITCHES;
}

export function readOfThrottle({ arena, throttle }: VaultShard, name: VenueParameterName): number {
  if (isAmount(name)) {
    const column: NumColumn<"throttle"> = AMOUNTS[name];
    return arena.num(throttle, column);
  }
  const column: IntColumn<"throttle"> = isSwitch(name) ? SWITCHES[name] : THROTTLE.laneTotal;
  return arena.int(throttle, column);
}
