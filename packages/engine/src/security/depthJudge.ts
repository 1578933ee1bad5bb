/**
 * Judges what margin counts as standing behind a tier's buckets (35): no more and no less than the layers could pay for one default when
 * the command began. From the rows, the journals and docs/spec/risk.md alone.
 */
import { mulDivFloor } from "../kernel/mulDiv.ts";
import type { Ms } from "../kernel/units.ts";
import { MAX_COVERS, MUTUAL_DRAW, PPM_ONE, QUOTE_ASSET } from "../domain/limits.ts";
import { COVER } from "../domain/rows/losses.ts";
import { DEPTH, DEPTH_WORDS, TIER } from "../domain/rows/tier.ts";
import { ASSET } from "../domain/rows/vault.ts";
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
  const ownSize = Math.min(MOST, cellBefore(arena, own + TIER.skin) + insurance);
  judgeCover(tier, ownSize, now, verdict);
  const layers = [
    [DEPTH.own, ownSize],
    [DEPTH.venue, cellBefore(vault.arena, quote + ASSET.skin) + mutual],
  ] as const;
  for (const [column, size] of layers) {
    const found = arena.num(depth, column);
    if (found !== Math.min(MOST, size)) verdict.breach(35, Math.min(MOST, size), found);
  }
}

/** A policy in force, by where it attaches and what it has in escrow; to be found by the loss it would pay for. */
interface Policy {
  readonly attachment: number;
  readonly escrow: number;
}

/**
 * What counts as cover is what the policies would pay of every default that reaches them before the venue's layers pay anything: they
 * pay all of it up to there, and no longer all of it one micro-dollar on. What they pay is piecewise linear in the loss, so it is looked
 * at where it bends.
 */
function judgeCover(tier: TierShard, own: number, now: Ms, verdict: Verdict): void {
  const { arena, depth } = tier;
  const counted = arena.num(depth, DEPTH.cover);
  const policies: Policy[] = [];
  for (let number = 1; number <= MAX_COVERS; number++) {
    const cover = tier.cover(number);
    if (arena.int(cover, COVER.account) === 0 || now >= arena.num(cover, COVER.expiry)) continue;
    const attachment = arena.num(cover, COVER.attachment);
    policies.push({ attachment, escrow: cellBefore(arena, (cover >> 1) + COVER.escrow) });
  }
  const bends = policies.flatMap(({ attachment, escrow }) => [attachment - own, attachment + escrow - own]);
  for (const beyond of [counted, ...bends.filter((bend) => bend > 0 && bend < counted)]) {
    const paid = paidByCover(policies, own + beyond);
    if (paid < beyond) verdict.breach(35, paid, counted);
  }
  const next = paidByCover(policies, own + counted + 1);
  if (counted < MOST && next > counted) verdict.breach(35, next, counted);
}

/** What policies pay at most of a default of so much; a sum of eight, too large to be exact only where nothing is decided by it. */
function paidByCover(policies: readonly Policy[], loss: number): number {
  return policies.reduce(
    (sum, { attachment, escrow }) => sum + Math.min(escrow, Math.max(0, loss - attachment)),
    0,
  );
}
