/** Breakers' holds whose time is over end, and give their parameters back. */
import { readParameter } from "../../domain/parameterCells.ts";
import { EVENTS } from "../../domain/events.ts";
import { holdOf } from "../../domain/controls.ts";
import { MAX_HOLDS } from "../../domain/governanceLimits.ts";
import { type ParameterName, parameterNamed, specOf } from "../../domain/parameters.ts";
import { HOLD } from "../../domain/rows/governance.ts";
import type { TierShard } from "../../domain/tierShard.ts";
import { noteAllUnsettled } from "../../domain/unsettled.ts";
import type { Venue } from "../../domain/venue.ts";
import { refreshLimit } from "../../oracle/manipulation.ts";
import { endHold, giveBack } from "../../governance/holds.ts";
import { renewTerms } from "./renewTerms.ts";

export function lapseHolds(venue: Venue, tier: TierShard): void {
  const { arena, controls } = tier;
  for (let number = 1; number <= MAX_HOLDS; number++) {
    const hold = holdOf(controls, number);
    const isOver = arena.int(hold, HOLD.active) === 1 && arena.num(hold, HOLD.until) <= venue.now;
    if (!isOver) continue;
    const id = arena.int(hold, HOLD.parameter);
    const name = parameterNamed(id) as ParameterName;
    const subject = arena.int(hold, HOLD.subject);
    const previous = readParameter(tier, name, subject);
    endHold(tier, hold);
    const now = giveBack(tier, hold, name, subject);
    noteAllUnsettled(tier);
    if (specOf(name).level === "market") {
      renewTerms(tier, tier.listedMarket(subject), venue.now);
      refreshLimit(tier, tier.listedMarket(subject));
    }
    venue.events.emit(EVENTS.holdLapsed.code, subject, id, previous, now);
  }
}
