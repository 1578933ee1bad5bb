/**
 * Judges what margin counts as standing behind a tier's buckets (35): no more and no less than the layers could pay for one default when
 * the command began. From the rows, the journals and docs/spec/risk.md alone.
 */
import { mulDivFloor } from "../kernel/mulDiv.ts";
import type { Ms } from "../kernel/units.ts";
import { MAX_COVERS, MUTUAL_DRAW, PPM_ONE, QUOTE_ASSET } from "../domain/limits.ts";
import { ASSET, COVER, DEPTH, DEPTH_WORDS, TIER } from "../domain/rows.ts";
import type { TierShard } from "../domain/tierShard.ts";
import type { VaultShard } from "../domain/vaultShard.ts";
import { cellBefore } from "./cellBefore.ts";
import type { Verdict } from "./verdict.ts";

const MOST = 2 ** 49;

/** Whether a double of the tier is one of those judged here. */
export function isOfDepth({ depth }: TierShard, cell: number): boolean {
  return cell * 2 >= depth && cell * 2 < depth + DEPTH_WORDS;
}

export function judgeDepth(vault: VaultShard, tier: TierShard, now: Ms, verdict: Verdict): void {
  const { arena, depth } = tier;
  const own = tier.row >> 1;
  const quote = vault.asset(QUOTE_ASSET) >> 1;
  const draw = arena.intBefore(tier.row, TIER.insuranceDraw);
  const insurance = mulDivFloor(
    cellBefore(arena, own + TIER.insurance),
    draw === 0 ? PPM_ONE : draw,
    PPM_ONE,
  );
  const mutual = mulDivFloor(cellBefore(vault.arena, quote + ASSET.mutual), MUTUAL_DRAW, PPM_ONE);
  let escrow = 0;
  for (let number = 1; number <= MAX_COVERS; number++) {
    const cover = tier.cover(number);
    const isInForce = arena.int(cover, COVER.account) !== 0 && now < arena.num(cover, COVER.expiry);
    if (isInForce) escrow += cellBefore(arena, (cover >> 1) + COVER.escrow);
  }
  const layers = [
    [DEPTH.own, cellBefore(arena, own + TIER.skin) + insurance],
    [DEPTH.cover, escrow],
    [DEPTH.venue, cellBefore(vault.arena, quote + ASSET.skin) + mutual],
  ] as const;
  for (const [column, size] of layers) {
    const found = arena.num(depth, column);
    if (found !== Math.min(MOST, size)) verdict.breach(35, Math.min(MOST, size), found);
  }
}
