/**
 * Judges what a default may take from whom: layers pay in order, each what its event says (13), and the mutual fund never more than its
 * share of one default (20). It reads the command's events and the journals of both shards.
 */
import { mulDivFloor } from "../kernel/mulDiv.ts";
import type { Arena } from "../kernel/arena.ts";
import type { EventLog } from "../domain/eventLog.ts";
import { EVENTS, EVENT_WORDS } from "../domain/events.ts";
import { DAY_MS, MUTUAL_DRAW, PPM_ONE, QUOTE_ASSET } from "../domain/limits.ts";
import { TIER } from "../domain/rows/tier.ts";
import { ASSET, DRAWING } from "../domain/rows/vault.ts";
import type { TierShard } from "../domain/tierShard.ts";
import type { VaultShard } from "../domain/vaultShard.ts";
import type { Verdict } from "./verdict.ts";

const { code: ABSORBED } = EVENTS.lossAbsorbed;
const { code: HAIRCUT } = EVENTS.profitHaircut;
const { code: REDEEMED } = EVENTS.stakeRedeemed;
const { code: REWARDED } = EVENTS.bidFilled;
const { code: RELEASED } = EVENTS.coverReleased;
const { code: LENT } = EVENTS.insuranceLent;
/** Where the events name what is looked at. */
const LOSS = { default: 1, layer: 3, amount: 4, remaining: 5 } as const;
const CUT = { default: 1, amount: 4 } as const;
const REDEMPTION = { fund: 1, amount: 3 } as const;
const REWARD = { amount: 6 } as const;
const RELEASE = { amount: 3 } as const;
const LOAN = { amount: 3 } as const;
const INSURANCE = 2;

/** True if a loss was shared out in the command under way. */
export function tellsOfLosses({ words, count }: EventLog): boolean {
  for (let at = 0; at < count * EVENT_WORDS; at += EVENT_WORDS)
    if (words[at] === ABSORBED || words[at] === HAIRCUT) return true;
  return false;
}

/** Judges the defaults among the events of the command under way. */
export function judgeLosses(vault: VaultShard, tier: TierShard, events: EventLog, verdict: Verdict): void {
  const { words, count } = events;
  const paid = [0, 0, 0, 0, 0, 0, 0];
  /** What the insurance fund paid of defaults, one by one, and what left it for other reasons. */
  const draws: number[] = [];
  const others: number[] = [];
  let current = 0;
  let layer = 0;
  let remaining = 0;
  let cuts = 0;
  let isAny = false;
  /** What left escrow because a policy had ended. */
  const released: number[] = [];
  for (let event = 0; event < count; event++) {
    const at = event * EVENT_WORDS;
    if (words[at] === HAIRCUT) {
      cuts += words[at + CUT.amount] as number;
      if (words[at + CUT.default] !== current) verdict.breach(15, current, words[at + CUT.default] as number);
    }
    if (words[at] === REDEEMED && words[at + REDEMPTION.fund] === INSURANCE)
      others.push(words[at + REDEMPTION.amount] as number);
    if (words[at] === REWARDED) others.push(words[at + REWARD.amount] as number);
    if (words[at] === LENT) others.push(words[at + LOAN.amount] as number);
    if (words[at] === RELEASED) released.push(words[at + RELEASE.amount] as number);
    if (words[at] !== ABSORBED) continue;
    isAny = true;
    const amount = words[at + LOSS.amount] as number;
    const next = words[at + LOSS.layer] as number;
    const isSame = words[at + LOSS.default] === current;
    if (!isSame && remaining !== 0) verdict.breach(13, 0, remaining);
    if (isSame && next < layer) verdict.breach(13, layer, next);
    if (isSame && remaining - amount !== words[at + LOSS.remaining])
      verdict.breach(13, remaining - amount, words[at + LOSS.remaining] as number);
    current = words[at + LOSS.default] as number;
    layer = next;
    remaining = words[at + LOSS.remaining] as number;
    paid[next] = (paid[next] as number) + amount;
    if (next === INSURANCE) draws.push(amount);
  }
  if (remaining !== 0) verdict.breach(13, 0, remaining);
  if (cuts > (paid[6] as number)) verdict.breach(15, paid[6] as number, cuts);
  judgeDraws(vault, tier, paid, { draws, others, released }, isAny, verdict);
}

/** Steps by which a layer fell, as the events tell of them. */
interface Steps {
  readonly draws: readonly number[];
  readonly others: readonly number[];
  readonly released: readonly number[];
}

/** Every layer fell by what the events say it paid, and by no more than it may for one default. */
function judgeDraws(
  vault: VaultShard,
  tier: TierShard,
  paid: readonly number[],
  { draws, others, released }: Steps,
  isAny: boolean,
  verdict: Verdict,
): void {
  const quote = vault.asset(QUOTE_ASSET);
  const ownRow = tier.row >> 1;
  const draw = tier.arena.int(tier.row, TIER.insuranceDraw);
  const drawn = [
    0,
    fallOf(tier.arena, ownRow + TIER.skin, PPM_ONE, verdict, 13),
    fallOf(tier.arena, ownRow + TIER.insurance, draw === 0 ? PPM_ONE : draw, verdict, 13, others, draws),
    fallOf(tier.arena, ownRow + TIER.escrow, PPM_ONE, verdict, 13, released),
    fallOf(vault.arena, (quote >> 1) + ASSET.skin, PPM_ONE, verdict, 13),
    fallOf(vault.arena, (quote >> 1) + ASSET.mutual, MUTUAL_DRAW, verdict, 20),
  ];
  for (let layer = 1; layer < drawn.length; layer++) {
    if (drawn[layer] !== paid[layer]) verdict.breach(13, paid[layer] as number, drawn[layer] as number);
  }
  judgeDrawing(vault, tier.id, paid[5] as number, verdict);
  if (!isAny) return;
  const inner = tier.arena.num(tier.row, TIER.skin);
  const outer = paid.slice(2).reduce((sum, amount) => sum + amount, 0);
  if (outer > 0 && inner > 0) verdict.breach(13, 0, inner);
  const second = vault.arena.num(quote, ASSET.skin);
  if ((paid[5] as number) + (paid[6] as number) > 0 && second > 0) verdict.breach(13, 0, second);
}

/** 20, over a day: what a tier draws is counted, against the fund as it was, and a new day begins only when one is over. */
function judgeDrawing(vault: VaultShard, tier: number, paid: number, verdict: Verdict): void {
  const { arena } = vault;
  const row = vault.drawing(tier);
  const { numAt, numOld, numNew, numCount } = arena;
  const cell = row >> 1;
  const [base, drawn] = [arena.num(row, DRAWING.base), arena.num(row, DRAWING.drawn)];
  let counted = 0;
  let elapsed = 0;
  let baseBefore: number = base;
  for (let record = numCount - 1; record >= 0; record--) {
    const column = (numAt[record] as number) - cell;
    const before = numOld[record] as number;
    const change = (numNew[record] as number) - before;
    if (column === DRAWING.since) elapsed += change;
    if (column === DRAWING.base) baseBefore = before;
    if (column === DRAWING.drawn && change > 0) counted += change;
  }
  if (base !== baseBefore && baseBefore !== 0 && elapsed < DAY_MS) verdict.breach(20, DAY_MS, elapsed);
  if (counted !== paid) verdict.breach(20, paid, counted);
  const most = mulDivFloor(base, MUTUAL_DRAW, PPM_ONE);
  if (drawn > most) verdict.breach(20, most, drawn);
}

/**
 * How much a cell fell in this command, step by step, for a default; no such step may take more than a part of what was there. Steps of
 * the sizes of `others` are accounted for, each once; but what may be one of `draws` as well, and takes no more than the part, is that.
 */
function fallOf(
  arena: Arena,
  cell: number,
  part: number,
  verdict: Verdict,
  invariant: number,
  others: readonly number[] = [],
  draws: readonly number[] = [],
): number {
  const [accounted, drawn] = [[...others], [...draws]];
  const { numAt, numOld, numNew, numCount } = arena;
  let fall = 0;
  for (let record = 0; record < numCount; record++) {
    if (numAt[record] !== cell) continue;
    const before = numOld[record] as number;
    const change = before - (numNew[record] as number);
    if (change <= 0) continue;
    const most = mulDivFloor(before, part, PPM_ONE);
    const draw = change <= most ? drawn.indexOf(change) : -1;
    const other = draw < 0 ? accounted.indexOf(change) : -1;
    if (draw >= 0) drawn.splice(draw, 1);
    if (other >= 0) {
      accounted.splice(other, 1);
      continue;
    }
    fall += change;
    if (change > most) verdict.breach(invariant, most, change);
  }
  return fall;
}
