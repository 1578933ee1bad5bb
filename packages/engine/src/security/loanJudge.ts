/**
 * Judges loans between tiers' insurance funds (18, 19): money flows along listed edges only, from a fund to the vault and from there to a
 * fund or back, each step as its event tells it; a claim changes only by what its lender's own tier sends; and nobody lends or borrows
 * beyond the rule. From the journals, the rows and docs/spec/funds.md alone.
 */
import { mulDivFloor } from "../kernel/mulDiv.ts";
import type { Arena } from "../kernel/arena.ts";
import type { Ms } from "../kernel/units.ts";
import type { EventLog } from "../domain/eventLog.ts";
import { EVENTS, EVENT_WORDS, RETURNED } from "../domain/events.ts";
import { DAY_MS, MAX_TIERS, PPM_ONE, QUOTE_ASSET } from "../domain/limits.ts";
import { CONTROLLER } from "../domain/rows/guard.ts";
import { SHARE_BOOK } from "../domain/rows/shares.ts";
import { TIER } from "../domain/rows/tier.ts";
import { ASK, ASSET, LOAN, LOAN_WORDS } from "../domain/rows/vault.ts";
import type { TierShard } from "../domain/tierShard.ts";
import type { VaultShard } from "../domain/vaultShard.ts";
import { cellBefore } from "./cellBefore.ts";
import type { Verdict } from "./verdict.ts";

const HOUR = 3_600_000;
/** A quarter of what is beyond the target, and a tenth of the fund, within a day. */
const OF_EXCESS = 250_000;
const OF_FUND = 100_000;
const STRICTEST = 1;

const { code: LENT } = EVENTS.insuranceLent;
const { code: DRAWN } = EVENTS.insuranceDrawn;
const { code: CAME_BACK } = EVENTS.loanReturned;
/** Where the events name what is looked at. */
const FIELD = { lender: 1, borrower: 2, amount: 3, how: 4 } as const;

/** What a command did to one loan, or says it did: a number per column that is money. */
interface Change {
  owed: number;
  pledged: number;
  returned: number;
}

/** Whether a double of the vault is part of a loan. */
export function isOfLoans(vault: VaultShard, ref: number): boolean {
  return ref >= vault.loan(1, 1) && ref < vault.loan(MAX_TIERS, MAX_TIERS) + LOAN_WORDS;
}

/** Whether a double of the tier's own row, counted from its beginning, is about loans. */
export function isLoanColumn(column: number): boolean {
  return column >= TIER.lent && column <= TIER.lendingUsed && column !== TIER.insuranceBorrowing;
}

export function judgeLoans(
  vault: VaultShard,
  tier: TierShard | undefined,
  events: EventLog,
  now: Ms,
  verdict: Verdict,
): void {
  const found = foundChanges(vault, tier?.id ?? 0, verdict);
  const middle = movesIn(vault.arena, (vault.asset(QUOTE_ASSET) >> 1) + ASSET.loans);
  let between = 0;
  for (const { pledged, returned } of found.values()) between += pledged + returned;
  if (middle.net !== between) verdict.breach(19, between, middle.net);
  if (tier === undefined) return;

  const told = toldChanges(events);
  judgeTold(found, told, tier.id, verdict);
  judgeOwnBooks(tier, found, verdict);
  judgeFlows(tier, events, verdict);
  for (let at = 0; at < events.count * EVENT_WORDS; at += EVENT_WORDS) {
    if (events.words[at] === LENT)
      judgeLending(vault, tier, events.words[at + FIELD.borrower] as number, now, verdict);
    if (events.words[at] === DRAWN) judgeBorrowing(tier, verdict);
  }
}

/** What happened to each loan, by its row. A command changes loans that its tier gives or takes, and none that a tier gives itself. */
function foundChanges(vault: VaultShard, tier: number, verdict: Verdict): Map<number, Change> {
  const { numAt, numOld, numNew, numCount } = vault.arena;
  const first = vault.loan(1, 1);
  const changes = new Map<number, Change>();
  for (let record = 0; record < numCount; record++) {
    const ref = (numAt[record] as number) * 2;
    const [before, after] = [numOld[record] as number, numNew[record] as number];
    if (before === after || !isOfLoans(vault, ref)) continue;
    const column = ((ref - first) % LOAN_WORDS) / 2;
    const place = (ref - first - column * 2) / LOAN_WORDS;
    const [lender, borrower] = partiesOf(place);
    if (lender === borrower) verdict.breach(19, 0, lender);
    if (lender !== tier && borrower !== tier) verdict.breach(18, tier, lender);
    if (after < 0) verdict.breach(19, 0, after);
    const change = changeAt(changes, place);
    if (column === LOAN.owed) change.owed += after - before;
    if (column === LOAN.pledged) change.pledged += after - before;
    if (column === LOAN.returned) change.returned += after - before;
  }
  return changes;
}

/** What the command's events say happened to each loan. What a lender receives may have been pledged or returned: it is told together. */
function toldChanges({ words, count }: EventLog): Map<number, Change> {
  const changes = new Map<number, Change>();
  for (let at = 0; at < count * EVENT_WORDS; at += EVENT_WORDS) {
    const code = words[at];
    if (code !== LENT && code !== DRAWN && code !== CAME_BACK) continue;
    const place = placeOf(words[at + FIELD.lender] as number, words[at + FIELD.borrower] as number);
    const amount = words[at + FIELD.amount] as number;
    const how = code === CAME_BACK ? (words[at + FIELD.how] as number) : 0;
    const change = changeAt(changes, place);
    if (code === LENT) change.pledged += amount;
    if (code === DRAWN) {
      change.pledged -= amount;
      change.owed += amount;
    }
    if (how === RETURNED.repaid) {
      change.owed -= amount;
      change.returned += amount;
    }
    if (how === RETURNED.unneeded) {
      change.pledged -= amount;
      change.returned += amount;
    }
    if (how === RETURNED.received) change.returned -= amount;
  }
  return changes;
}

function judgeTold(
  found: ReadonlyMap<number, Change>,
  told: Map<number, Change>,
  tier: number,
  verdict: Verdict,
): void {
  for (const place of new Set([...found.keys(), ...told.keys()])) {
    const [lender] = partiesOf(place);
    const is = found.get(place) ?? { owed: 0, pledged: 0, returned: 0 };
    const said = changeAt(told, place);
    if (is.owed !== said.owed) verdict.breach(19, said.owed, is.owed);
    const [isBetween, saidBetween] = [is.pledged + is.returned, said.pledged + said.returned];
    if (isBetween !== saidBetween) verdict.breach(19, saidBetween, isBetween);
    if (lender === tier) continue;
    // Whoever borrows takes what was pledged to him and gives what is returned; the claim stays what it was.
    if (is.owed + isBetween !== 0) verdict.breach(19, 0, is.owed + isBetween);
    if (is.pledged !== said.pledged) verdict.breach(19, said.pledged, is.pledged);
  }
}

/** The tier's own books say the same as the vault's: what others owe it, and what it owes. */
function judgeOwnBooks(tier: TierShard, found: ReadonlyMap<number, Change>, verdict: Verdict): void {
  let lent = 0;
  let owed = 0;
  for (const [place, change] of found) {
    const [lender, borrower] = partiesOf(place);
    if (lender === tier.id) lent += change.owed + change.pledged + change.returned;
    if (borrower === tier.id) owed += change.owed;
  }
  const first = tier.row >> 1;
  const ownLent = movesIn(tier.arena, first + TIER.lent).net;
  const ownOwed = movesIn(tier.arena, first + TIER.owed).net;
  if (ownLent !== lent) verdict.breach(19, lent, ownLent);
  if (ownOwed !== owed) verdict.breach(19, owed, ownOwed);
}

/** What is drawn or received is in the fund, loan by loan, and what is repaid came out of fees. What is lent left the fund: lossJudge. */
function judgeFlows(tier: TierShard, { words, count }: EventLog, verdict: Verdict): void {
  const first = tier.row >> 1;
  const { rises } = movesIn(tier.arena, first + TIER.insurance);
  const fees = movesIn(tier.arena, first + TIER.fees);
  let repaid = 0;
  for (let at = 0; at < count * EVENT_WORDS; at += EVENT_WORDS) {
    const amount = words[at + FIELD.amount] as number;
    const how = words[at] === CAME_BACK ? words[at + FIELD.how] : 0;
    if (how === RETURNED.repaid) repaid += amount;
    if (words[at] !== DRAWN && how !== RETURNED.received) continue;
    const rise = rises.indexOf(amount);
    if (rise < 0) verdict.breach(19, amount, 0);
    else rises.splice(rise, 1);
  }
  if (fees.fall < repaid) verdict.breach(19, repaid, fees.fall);
}

/** What was lent is no more than the rule allows: a tier that is not strained, its own target kept, its day and its limit, and an open ask. */
function judgeLending(vault: VaultShard, tier: TierShard, borrower: number, now: Ms, verdict: Verdict): void {
  const { arena, row, insuranceBook } = tier;
  const held = arena.num(row, TIER.insurance);
  const lent = arena.num(row, TIER.lent);
  const target = arena.num(insuranceBook.row, SHARE_BOOK.target);
  const kept = Math.max(target, arena.num(insuranceBook.row, SHARE_BOOK.minimum)) + arena.num(row, TIER.owed);
  if (target === 0 || held < kept) verdict.breach(19, kept, held);
  const posture = arena.num(tier.controller, CONTROLLER.posture);
  if (posture > STRICTEST) verdict.breach(19, STRICTEST, posture);
  const limit = mulDivFloor(held + lent, arena.int(row, TIER.insuranceLending), PPM_ONE);
  if (lent > limit) verdict.breach(19, limit, lent);

  const ask = vault.ask(borrower);
  let waiting = 0;
  for (let lender = 1; lender <= MAX_TIERS; lender++)
    waiting += vault.arena.num(vault.loan(lender, borrower), LOAN.pledged);
  const asked = now - vault.arena.num(ask, ASK.at) < HOUR ? vault.arena.num(ask, ASK.amount) : 0;
  if (waiting > asked) verdict.breach(19, asked, waiting);

  const first = row >> 1;
  const allowance = arena.num(row, TIER.lendingAllowance);
  if (arena.num(row, TIER.lendingUsed) > allowance)
    verdict.breach(19, allowance, arena.num(row, TIER.lendingUsed));
  const before = cellBefore(arena, first + TIER.lendingAllowance);
  const since = cellBefore(arena, first + TIER.lendingSince);
  const isNewDay = before === 0 || now - since >= DAY_MS;
  const heldBefore = cellBefore(arena, first + TIER.insurance);
  const most = Math.min(
    mulDivFloor(Math.max(0, heldBefore - kept), OF_EXCESS, PPM_ONE),
    mulDivFloor(heldBefore, OF_FUND, PPM_ONE),
  );
  if (allowance !== (isNewDay ? most : before)) verdict.breach(19, isNewDay ? most : before, allowance);
  const used = arena.num(row, TIER.lendingUsed);
  const usedBefore = isNewDay ? 0 : cellBefore(arena, first + TIER.lendingUsed);
  if (used - usedBefore !== heldBefore - held) verdict.breach(19, heldBefore - held, used - usedBefore);
}

/** What was drawn is no more than the fund lacked, and may owe. */
function judgeBorrowing({ arena, row, insuranceBook }: TierShard, verdict: Verdict): void {
  const held = arena.num(row, TIER.insurance);
  const target = arena.num(insuranceBook.row, SHARE_BOOK.target);
  const owed = arena.num(row, TIER.owed);
  const limit = arena.int(row, TIER.loanRepayment) === 0 ? 0 : arena.num(row, TIER.insuranceBorrowing);
  if (held > target) verdict.breach(19, target, held);
  if (owed > limit) verdict.breach(19, limit, owed);
}

/** How a cell moved in this command: on the whole, its steps up, and the sum of its steps down. */
function movesIn(
  { numAt, numOld, numNew, numCount }: Arena,
  cell: number,
): { net: number; rises: number[]; fall: number } {
  const rises: number[] = [];
  let net = 0;
  let fall = 0;
  for (let record = 0; record < numCount; record++) {
    if (numAt[record] !== cell) continue;
    const change = (numNew[record] as number) - (numOld[record] as number);
    net += change;
    if (change > 0) rises.push(change);
    else fall -= change;
  }
  return { net, rises, fall };
}

function changeAt(changes: Map<number, Change>, place: number): Change {
  const known = changes.get(place) ?? { owed: 0, pledged: 0, returned: 0 };
  changes.set(place, known);
  return known;
}

function placeOf(lender: number, borrower: number): number {
  return (lender - 1) * MAX_TIERS + borrower - 1;
}

function partiesOf(place: number): readonly [lender: number, borrower: number] {
  return [Math.floor(place / MAX_TIERS) + 1, (place % MAX_TIERS) + 1];
}
