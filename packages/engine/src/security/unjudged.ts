/** A judge that looks away: what transitions are worth without one is measured with it, and nothing else uses it. */
import type { EventLog } from "../domain/eventLog.ts";
import type { TierShard } from "../domain/tierShard.ts";
import type { VaultShard } from "../domain/vaultShard.ts";
import type { Ms } from "../kernel/units.ts";
import { Judge } from "./judge.ts";
import type { Verdict } from "./verdict.ts";

export class Unjudged extends Judge {
  override judge(_vault: VaultShard, tier: TierShard | undefined, _events: EventLog, _now: Ms): Verdict {
    this.verdict.invariant = 0;
    if (tier !== undefined) tier.hasReusedSlot = false;
    return this.verdict;
  }
}
