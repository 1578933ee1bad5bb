/** Policies of purchased cover: a few per tier, each under the number of its place. */
import type { Ref } from "../kernel/arena.ts";
import { least, minus, most } from "../kernel/checked.ts";
import { type MicroUsd, type Ms, NONE } from "../kernel/units.ts";
import { MAX_COVERS } from "./limits.ts";
import { COVER } from "./rows/losses.ts";
import type { TierShard } from "./tierShard.ts";

/** The number of a free place, 0 if there is none. */
export function freeCover(tier: TierShard): number {
  for (let number = 1; number <= MAX_COVERS; number++) if (!isCover(tier, number)) return number;
  return 0;
}

/** True if there is a policy under this number. */
export function isCover(tier: TierShard, number: number): boolean {
  return number <= MAX_COVERS && tier.arena.int(tier.cover(number), COVER.account) !== 0;
}

export function isInForce(tier: TierShard, cover: Ref<"cover">, now: Ms): boolean {
  return tier.arena.int(cover, COVER.account) !== 0 && now < tier.arena.num(cover, COVER.expiry);
}

/** What a policy in force bears of a default: of what remains, the part beyond its attachment, up to its limit. */
export function borneBy(
  tier: TierShard,
  cover: Ref<"cover">,
  deficit: MicroUsd,
  remaining: MicroUsd,
): MicroUsd {
  const { arena } = tier;
  const excess = most(minus(deficit, arena.num(cover, COVER.attachment)), NONE);
  return least(remaining, least(excess, arena.num(cover, COVER.limit)));
}
