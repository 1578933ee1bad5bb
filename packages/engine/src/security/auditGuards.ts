/** The audit of breakers and postures (22): the terms in force are what their sources make them, and no halt is too long. */
import { CONTROLLER, GUARD } from "../domain/rows/guard.ts";
import { MARKET } from "../domain/rows/market.ts";
import { FEED } from "../domain/rows/oracle.ts";
import type { TierShard } from "../domain/tierShard.ts";
import type { Report } from "./finding.ts";
import { statusInForce } from "./guardJudge.ts";

const NORMAL = 0;
const HALT = 3;
const AUCTION = 4;
const REOPEN = 5;
const LONGEST_HALT = 1_800_000;
const ONE = 1_000_000;
const CAUTION_MARGIN = 1_150_000;
const WIDE_MARGIN = 1_250_000;
/** A market's own feed, and the quality of a price that is wide. */
const MARKET_FEED = 0;
const WIDE = 1;
/** What postures make of initial margin (0 = nothing), open-interest limits and bands. */
const MARGINS = [0, 1_150_000, 1_400_000, 1_400_000, 1_400_000] as const;
const LIMITS = [ONE, 900_000, 600_000, 600_000, 600_000] as const;
const BANDS = [ONE, ONE, 700_000, 700_000, 700_000] as const;
const BUFFERS = [0, 150_000, 200_000, 250_000, 250_000] as const;
const THROTTLES = [0, 1, 2, 3, 3] as const;

export function auditGuards(tier: TierShard, report: Report): void {
  const { arena, controller } = tier;
  const posture = arena.num(controller, CONTROLLER.posture);
  const isPosture = Number.isInteger(posture) && posture >= 0 && posture < MARGINS.length;
  report("22", `posture of tier ${tier.id} exists`, 1, isPosture ? 1 : 0);
  if (!isPosture) return;
  report(
    "22",
    `buffer of tier ${tier.id}`,
    BUFFERS[posture] as number,
    arena.int(controller, CONTROLLER.buffer),
  );
  report(
    "22",
    `throttle of tier ${tier.id}`,
    THROTTLES[posture] as number,
    arena.int(controller, CONTROLLER.throttle),
  );
  for (let id = 1; id <= tier.marketCount; id++) {
    auditLevel(tier, id, report);
    auditTerms(tier, id, posture, report);
  }
}

function auditLevel(tier: TierShard, id: number, report: Report): void {
  const { arena } = tier;
  const guard = tier.guard(id);
  const where = `market ${id} of tier ${tier.id}`;
  const level = arena.num(guard, GUARD.level);
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

function auditTerms(tier: TierShard, id: number, posture: number, report: Report): void {
  const { arena } = tier;
  const row = tier.marketRow(id);
  const where = `market ${id} of tier ${tier.id}`;
  const isNormal = arena.num(tier.guard(id), GUARD.level) === NORMAL;
  report("22", `${where}: status in force`, statusInForce(tier, id), arena.int(row, MARKET.trading));
  const wide = isWide(tier, id) ? WIDE_MARGIN : 0;
  const multiplier = Math.max(isNormal ? 0 : CAUTION_MARGIN, wide, MARGINS[posture] as number);
  report("22", `${where}: margin multiplier`, multiplier, arena.int(row, MARKET.marginMultiplier));
  const share = LIMITS[posture] as number;
  const limit = Math.max(
    1,
    Number((BigInt(arena.num(row, MARKET.maxOpenInterestLots)) * BigInt(share)) / BigInt(ONE)),
  );
  report(
    "22",
    `${where}: open-interest limit`,
    share === ONE ? 0 : limit,
    arena.num(row, MARKET.openInterestCut),
  );
  auditBand(tier, id, BANDS[posture] as number, report);
}

/** True for a market whose reporters agree on its price no better than widely. */
function isWide(tier: TierShard, market: number): boolean {
  const feed = tier.feed(tier.feedOf(MARKET_FEED, market));
  return tier.arena.int(feed, FEED.quorum) !== 0 && tier.arena.int(feed, FEED.quality) === WIDE;
}

/** At normal and in a call auction the band is as set, or as the posture leaves it; in caution as narrow as the breaker's; in between while it reopens. */
function auditBand(tier: TierShard, id: number, share: number, report: Report): void {
  const { arena } = tier;
  const level = arena.num(tier.guard(id), GUARD.level);
  const caution = arena.int(tier.guard(id), GUARD.cautionBand);
  const cut = arena.int(tier.marketRow(id), MARKET.bandCut);
  const set = Math.max(1, Math.floor((arena.int(tier.marketRow(id), MARKET.band) * share) / ONE));
  const isCut = level !== NORMAL && level !== AUCTION && caution !== 0;
  const narrow = isCut ? Math.min(caution, set) : share === ONE ? 0 : set;
  const isBetween = isCut && level === REOPEN && cut >= narrow && cut <= set;
  if (!isBetween) report("22", `market ${id} of tier ${tier.id}: band`, narrow, cut);
}
