/**
 * Judges recoveries (13): they run through the layers backwards, none is repaid while one beyond it is short, and every layer rises by
 * what its event says. From the events, the rows and the journals alone.
 */
import type { Arena, Ref } from "../kernel/arena.ts";
import type { EventLog } from "../domain/eventLog.ts";
import { EVENTS, EVENT_WORDS } from "../domain/events.ts";
import { MAX_COVERS, MAX_LOSSES, QUOTE_ASSET } from "../domain/limits.ts";
import { LOSS, LOSS_WORDS } from "../domain/rows/losses.ts";
import { TIER } from "../domain/rows/tier.ts";
import { ASSET } from "../domain/rows/vault.ts";
import { rowOfLoss } from "../domain/lossTables.ts";
import type { TierShard } from "../domain/tierShard.ts";
import type { VaultShard } from "../domain/vaultShard.ts";
import { cellBefore } from "./cellBefore.ts";
import type { Verdict } from "./verdict.ts";

const { code: RECOVERED } = EVENTS.lossRecovered;
const { code: REPAID } = EVENTS.profitRepaid;
/** Where the events name what is looked at. */
const RECOVERY = { default: 1, layer: 2, amount: 3 } as const;
const REPAYMENT = { amount: 3 } as const;

/** Whether an address of the tier is in the table of remembered defaults. */
export function isOfLosses({ losses: { base } }: TierShard, ref: number): boolean {
  return ref >= base && ref < base + MAX_LOSSES * LOSS_WORDS;
}

export function judgeRecoveries(
  vault: VaultShard,
  tier: TierShard,
  events: EventLog,
  verdict: Verdict,
): void {
  const { words, count } = events;
  const repaid = [0, 0, 0, 0, 0, 0, 0];
  let lowest = 7;
  let profits = 0;
  let current = 0;
  for (let event = 0; event < count; event++) {
    const at = event * EVENT_WORDS;
    if (words[at] === REPAID) profits += words[at + REPAYMENT.amount] as number;
    if (words[at] !== RECOVERED) continue;
    const layer = words[at + RECOVERY.layer] as number;
    if (layer >= lowest) verdict.breach(13, lowest, layer);
    current = words[at + RECOVERY.default] as number;
    lowest = layer;
    repaid[layer] = words[at + RECOVERY.amount] as number;
  }
  if (lowest > 6) return;
  const loss = rowOfLoss(tier.losses, current);
  if (tier.arena.num(loss, LOSS.default) !== current)
    verdict.breach(13, current, tier.arena.num(loss, LOSS.default));
  for (let layer = 6; layer > lowest; layer--) {
    const short = shortOf(tier.arena, loss, layer);
    if (short !== 0) verdict.breach(13, 0, short);
  }
  if (profits !== repaid[6]) verdict.breach(13, repaid[6] as number, profits);
  const own = tier.row >> 1;
  const quote = vault.asset(QUOTE_ASSET) >> 1;
  const rises = [
    [1, riseOf(tier.arena, own + TIER.skin)],
    [2, riseOf(tier.arena, own + TIER.insurance)],
    [4, riseOf(vault.arena, quote + ASSET.skin)],
    [5, riseOf(vault.arena, quote + ASSET.mutual)],
  ] as const;
  for (const [layer, rise] of rises)
    if (rise !== repaid[layer]) verdict.breach(13, repaid[layer] as number, rise);
}

function shortOf(arena: Arena, loss: Ref<"loss">, layer: number): number {
  if (layer === 6) return arena.num(loss, LOSS.house) + arena.num(loss, LOSS.profits);
  if (layer === 5) return arena.num(loss, LOSS.mutual);
  if (layer === 4) return arena.num(loss, LOSS.secondTranche);
  if (layer === 2) return arena.num(loss, LOSS.insurance);
  let paid = 0;
  for (let place = 0; place < MAX_COVERS; place++)
    paid += arena.num(loss, (LOSS.coverPaid + place) as typeof LOSS.coverPaid);
  return paid;
}

function riseOf(arena: Arena, cell: number): number {
  return (arena.f64[cell] as number) - cellBefore(arena, cell);
}
