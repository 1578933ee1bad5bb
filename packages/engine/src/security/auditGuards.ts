/** The audit of breakers (22): the terms in force are what is set and where the breaker stands make them, and no halt is too long. */
import { GUARD, MARKET } from "../domain/rows.ts";
import type { TierShard } from "../domain/tierShard.ts";
import type { Report } from "./finding.ts";
import { statusInForce } from "./guardJudge.ts";

const NORMAL = 0;
const HALT = 3;
const REOPEN = 5;
const LONGEST_HALT = 1_800_000;
const MULTIPLIER = 1_150_000;

export function auditGuards(tier: TierShard, report: Report): void {
  const { arena } = tier;
  for (let id = 1; id <= tier.marketCount; id++) {
    const row = tier.marketRow(id);
    const guard = tier.guard(id);
    const where = `market ${id} of tier ${tier.id}`;
    const level = arena.num(guard, GUARD.level);
    report("22", `${where}: status in force`, statusInForce(tier, id), arena.int(row, MARKET.trading));
    const multiplier = level === NORMAL ? 0 : MULTIPLIER;
    report("22", `${where}: margin multiplier`, multiplier, arena.int(row, MARKET.marginMultiplier));
    auditBand(tier, id, level, where, report);
    report(
      "22",
      `${where}: level exists`,
      1,
      Number.isInteger(level) && level >= NORMAL && level <= REOPEN ? 1 : 0,
    );
    if (level !== NORMAL) report("22", `${where}: its breaker is on`, 1, arena.int(guard, GUARD.on));
    const lasted = arena.num(guard, GUARD.evaluatedAt) - arena.num(guard, GUARD.since);
    if (level === HALT && lasted >= LONGEST_HALT)
      report("22", `${where}: halted for`, LONGEST_HALT - 1, lasted);
  }
}

/** At normal the band is as set, in caution as narrow as the breaker's, in between while it reopens. */
function auditBand(tier: TierShard, id: number, level: number, where: string, report: Report): void {
  const { arena } = tier;
  const cut = arena.int(tier.marketRow(id), MARKET.bandCut);
  const set = arena.int(tier.marketRow(id), MARKET.band);
  const caution = arena.int(tier.guard(id), GUARD.cautionBand);
  const narrow = level === NORMAL || caution === 0 ? 0 : Math.min(caution, set);
  const isBetween = level === REOPEN && narrow !== 0 && cut >= narrow && cut <= set;
  if (!isBetween) report("22", `${where}: band`, narrow, cut);
}
