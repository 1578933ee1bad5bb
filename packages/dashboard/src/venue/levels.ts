/** How full a layer is drawn: against its target, or, where it has none, against the most it is known to have held. */
import type { FundPoint, RiskTier } from "@bulkhead/protocol";

type Layer = RiskTier["layers"][number];

export interface Level {
  /** From 0 to 1. */
  readonly part: number;
  /** Where the most that the next default takes of it would end, from 0 to `part`. */
  readonly keptPart: number;
  /** What it is measured against, micro precise as the node told it; undefined = it never held anything. */
  readonly against: string | undefined;
  readonly isTarget: boolean;
}

/** @param history - points of any layers; those of others are passed over */
export function levelOf(
  { layer, balance, target, drawable }: Layer,
  history: readonly FundPoint[] | undefined,
): Level {
  const most = (history ?? [])
    .filter((point) => point.layer === layer)
    .reduce((found, point) => (Number(point.balance) > Number(found) ? point.balance : found), balance);
  const against = target ?? most;
  const whole = Number(against);
  const part = whole > 0 ? bounded(Number(balance) / whole) : 0;
  return {
    part,
    keptPart: Math.min(part, whole > 0 ? bounded((Number(balance) - Number(drawable)) / whole) : 0),
    against: whole > 0 ? against : undefined,
    isTarget: target !== null,
  };
}

function bounded(part: number): number {
  return Math.min(1, Math.max(0, part));
}
