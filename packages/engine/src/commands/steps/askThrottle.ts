/**
 * Tiers ask the vault to be careful: the strictest posture counts that tiers with at least half of the quote currency in custody ask for.
 * So a small tier in trouble does not keep the others' customers from leaving.
 */
import { minus, plus } from "../../kernel/checked.ts";
import { type AssetUnits, NONE } from "../../kernel/units.ts";
import { MAX_POSTURE, QUOTE_ASSET } from "../../domain/limits.ts";
import { wantedThrottle } from "../../domain/posture.ts";
import { ASSET, VAULT } from "../../domain/rows/vault.ts";
import type { TierShard } from "../../domain/tierShard.ts";
import type { Venue } from "../../domain/venue.ts";
import { refillWindows } from "../../vault/windows.ts";

/** Takes anew what is asked; the windows are refilled under what was asked before. */
export function askThrottle(venue: Venue): void {
  const { vault, now } = venue;
  const { arena, row } = vault;
  const asked = askedPosture(venue);
  if (asked === arena.int(row, VAULT.askedPosture)) return;
  refillWindows(vault, now);
  arena.setInt(row, VAULT.askedPosture, asked);
  refillWindows(vault, now);
}

function askedPosture(venue: Venue): number {
  for (let posture = MAX_POSTURE; posture > 0; posture--) if (isAskedByHalf(venue, posture)) return posture;
  return 0;
}

function isAskedByHalf(venue: Venue, posture: number): boolean {
  const { arena } = venue.vault;
  const quote = venue.vault.asset(QUOTE_ASSET);
  let asking: AssetUnits = NONE;
  let others: AssetUnits = NONE;
  for (let id = 1; id <= venue.vault.tierCount; id++) {
    const tier = venue.tier(id) as TierShard;
    const held = arena.num(quote, (ASSET.custody + id) as typeof ASSET.custody);
    if (wantedThrottle(tier) >= posture) asking = plus(asking, held);
    else others = plus(others, held);
  }
  return asking > 0 && minus(asking, others) >= 0;
}
