/**
 * 21: in a sealed tier a governed parameter stays in its envelope, and only a proposal that was made before, has its approvals and whose
 * timelock is over loosens it; besides, a hold that is over gives back what it took, and a steward goes back to what governance set.
 *
 * Reads the journals and the tables alone. What excuses a loosening must have been in the tables before the command: a proposal, hold or
 * baseline that the same command wrote excuses nothing.
 */
import { INT_RECORD, type Ref } from "../kernel/arena.ts";
import { ACCEPT_COLLATERAL, LIST_MARKET, SET_MARGIN_BRACKET, SET_PARAMETER } from "../domain/commands.ts";
import { controlOf, holdOf } from "../domain/controls.ts";
import type { EventLog } from "../domain/eventLog.ts";
import { EVENTS, EVENT_WORDS } from "../domain/events.ts";
import { proposalOf } from "../domain/governance.ts";
import { MAX_HOLDS, RELAX_DELAY } from "../domain/governanceLimits.ts";
import { MAX_ASSETS, MAX_BRACKETS } from "../domain/limits.ts";
import { PARAMETER_CELLS, type ParameterCell } from "../domain/parameterCells.ts";
import { PARAMETERS, type ParameterName, type ParameterSpec, STATUS } from "../domain/parameters.ts";
import {
  CONTROL,
  GOVERNANCE,
  HOLD,
  HOLD_WORDS,
  PROPOSAL,
  PROPOSAL_WORDS,
  SHOCK_WORDS,
} from "../domain/rows/governance.ts";
import { MARKET, MARKET_WORDS } from "../domain/rows/market.ts";
import { MARK_WORDS } from "../domain/rows/oracle.ts";
import { COLLATERAL_WORDS, TIER } from "../domain/rows/tier.ts";
import type { TierShard } from "../domain/tierShard.ts";
import type { Verdict } from "./verdict.ts";

type Table = ParameterCell["table"];

/** Per table: which parameter lies in which 32-bit word of a row; a bracket's cells have an entry of their own. */
const WORDS: Readonly<Record<Table, readonly (ParameterName | "bracket" | undefined)[]>> = wordsByTable();
/** 1 for the words of a market's row in which a parameter lies: trades write many of the others. */
const IN_MARKET = Uint8Array.from({ length: MARKET_WORDS }, (_, word) =>
  WORDS.market[word] === undefined ? 0 : 1,
);

/**
 * Judges what a command wrote to the parameters of a sealed tier.
 * @param loose - the records of the journal of doubles, `looseCount` of them, that are of no bulk row and changed something
 */
export function judgeParameters(
  tier: TierShard,
  loose: Int32Array,
  looseCount: number,
  now: number,
  events: EventLog,
  verdict: Verdict,
): void {
  const { arena } = tier;
  const { intLog, intCount, numAt, numOld, i32, f64 } = arena;
  const markets = tier.marketRow(1);
  const marketsEnd = markets + tier.capacities.markets * MARKET_WORDS;
  // What most commands write alone lies between these and beyond: buckets, positions, orders, books. No parameter is there.
  const { firstBulkWord, endOfBulkWords, laddersBase } = tier;
  for (let record = 0; record < intCount; record += INT_RECORD) {
    const at = intLog[record] as number;
    // Negative: a whole row, and those are orders'.
    if (at < 0 || (at >= firstBulkWord && (at < endOfBulkWords || at >= laddersBase))) continue;
    if (at >= markets && at < marketsEnd && IN_MARKET[(at - markets) % MARKET_WORDS] === 0) continue;
    judgeCell(tier, at, intLog[record + 1] as number, i32[at] as number, now, events, verdict);
  }
  for (let index = 0; index < looseCount; index++) {
    const record = loose[index] as number;
    const cell = numAt[record] as number;
    const at = cell * 2;
    if (at >= markets && at < marketsEnd && IN_MARKET[(at - markets) % MARKET_WORDS] === 0) continue;
    judgeCell(tier, at, numOld[record] as number, f64[cell] as number, now, events, verdict);
  }
}

function judgeCell(
  tier: TierShard,
  at: number,
  before: number,
  after: number,
  now: number,
  events: EventLog,
  verdict: Verdict,
): void {
  if (before === after) return;
  const found = parameterAt(tier, at);
  if (found === undefined) return;
  const { name, subject } = found;
  if (isListed(tier, name, subject, now, events)) return;
  if (name === "bracket") {
    if (!isProposed(tier, SET_MARGIN_BRACKET.code, now, events, [subject])) verdict.breach(21, before, after);
    return;
  }
  const spec: ParameterSpec = PARAMETERS[name];
  const isEnd = name === "status" && after === STATUS.settled;
  if (!isEnd && (after < spec.envelope[0] || after > spec.envelope[1]))
    return verdict.breach(21, before, after);
  if (isTighter(spec, before, after)) return;
  const isExcused =
    isProposed(tier, SET_PARAMETER.code, now, events, [subject, spec.id, after]) ||
    isGivenBack(tier, spec, subject, after, now) ||
    isRelaxed(tier, spec, subject, after, now);
  if (!isExcused) verdict.breach(21, before, after);
}

function isTighter({ safe, zeroIsOff }: ParameterSpec, before: number, after: number): boolean {
  if (safe === "neither") return false;
  if (zeroIsOff === true && before === 0) return true;
  if (zeroIsOff === true && after === 0) return false;
  return safe === "up" ? after > before : after < before;
}

// -------------------------------------------------------------------------------------------------------------- excuses

/** A market or collateral that this command listed by proposal has no value before. */
function isListed(
  tier: TierShard,
  name: ParameterName | "bracket",
  subject: number,
  now: number,
  events: EventLog,
): boolean {
  if (name !== "bracket" && PARAMETERS[name].level === "collateral")
    return isProposed(tier, ACCEPT_COLLATERAL.code, now, events, [subject]);
  const count = tier.arena.int(tier.row, TIER.markets);
  return subject === count && isProposed(tier, LIST_MARKET.code, now, events, []);
}

/** The command executed a proposal of this kind, whose first fields are these. */
function isProposed(
  tier: TierShard,
  command: number,
  now: number,
  events: EventLog,
  fields: readonly number[],
): boolean {
  const { words, count } = events;
  const at = (count - 1) * EVENT_WORDS;
  if (count === 0 || words[at] !== EVENTS.proposalExecuted.code || words[at + 4] !== command) return false;
  const row = proposalOf(tier, words[at + 2] as number);
  const { arena, governance } = tier;
  let votes = 0;
  for (let left = arena.int(row, PROPOSAL.approvals); left !== 0; left &= left - 1) votes++;
  return (
    isClosed(tier, row + PROPOSAL.open) &&
    !isChanged(tier, row, PROPOSAL_WORDS) &&
    arena.int(row, PROPOSAL.command) === command &&
    arena.num(row, PROPOSAL.nonce) === words[at + 3] &&
    arena.num(row, PROPOSAL.eta) <= now &&
    votes >= arena.num(governance.row, GOVERNANCE.threshold) &&
    fields.every(
      (field, index) => field === arena.num(row, (PROPOSAL.payload + index) as typeof PROPOSAL.payload),
    )
  );
}

/** A hold on the parameter is over, and it was no tighter before. */
function isGivenBack(
  tier: TierShard,
  spec: ParameterSpec,
  subject: number,
  after: number,
  now: number,
): boolean {
  const { arena, controls } = tier;
  for (let number = 1; number <= MAX_HOLDS; number++) {
    const hold = holdOf(controls, number);
    const isOnIt = arena.int(hold, HOLD.parameter) === spec.id && arena.int(hold, HOLD.subject) === subject;
    const isOver = isClosed(tier, hold + HOLD.active) && arena.num(hold, HOLD.until) <= now;
    if (!isOnIt || !isOver || isChanged(tier, hold, HOLD_WORDS)) continue;
    const before = arena.num(hold, HOLD.before);
    if (after === before || isTighter(spec, before, after)) return true;
  }
  return false;
}

/** A steward had moved the parameter long enough ago, and what governance set is no tighter. */
function isRelaxed(
  tier: TierShard,
  spec: ParameterSpec,
  subject: number,
  after: number,
  now: number,
): boolean {
  const { arena, controls } = tier;
  const control = controlOf(controls, spec, subject);
  const baseline = arena.num(control, CONTROL.baseline);
  const last = numBefore(tier, (control >> 1) + CONTROL.changedAt);
  return (
    arena.num(control, CONTROL.isKnown) === 1 &&
    !isChanged(tier, control, (CONTROL.baseline + 1) * 2) &&
    last + RELAX_DELAY <= now &&
    (after === baseline || isTighter(spec, baseline, after))
  );
}

/** True when the command changed anything of the row but its first word, which says whether it is open. */
function isChanged({ arena }: TierShard, row: Ref, words: number): boolean {
  const { numAt, numOld, numNew, numCount, intLog, intCount, i32 } = arena;
  for (let record = 0; record < numCount; record++) {
    const at = (numAt[record] as number) * 2;
    if (at >= row && at < row + words && numOld[record] !== numNew[record]) return true;
  }
  for (let record = 0; record < intCount; record += INT_RECORD) {
    const at = intLog[record] as number;
    if (at > row && at < row + words && intLog[record + 1] !== i32[at]) return true;
  }
  return false;
}

/** A number before the command. */
function numBefore({ arena }: TierShard, cell: number): number {
  const { numAt, numOld, numCount, f64 } = arena;
  for (let record = 0; record < numCount; record++)
    if (numAt[record] === cell) return numOld[record] as number;
  return f64[cell] as number;
}

/** True when the command ended what a flag says was open before it: nothing excuses twice. */
function isClosed({ arena }: TierShard, cell: number): boolean {
  const { intLog, intCount, i32 } = arena;
  for (let record = 0; record < intCount; record += INT_RECORD)
    if (intLog[record] === cell) return intLog[record + 1] === 1 && i32[cell] === 0;
  return false;
}

// ---------------------------------------------------------------------------------------------------------------- cells

interface Found {
  readonly name: ParameterName | "bracket";
  readonly subject: number;
}

/** The parameter in a word of the arena, and the market, asset or tier it is of. */
function parameterAt(tier: TierShard, at: number): Found | undefined {
  const { markets } = tier.capacities;
  // Before the markets' rows lies the tier's own, to which trades write as well.
  if (at < tier.marketRow(1)) return ofTier("tier", at - tier.row);
  return (
    inTable("market", at, tier.marketRow(1), MARKET_WORDS, markets) ??
    inTable("collateral", at, tier.collateral(1), COLLATERAL_WORDS, MAX_ASSETS) ??
    inTable("mark", at, tier.mark(1), MARK_WORDS, markets) ??
    inTable("shock", at, tier.controls.shocksBase + SHOCK_WORDS, SHOCK_WORDS, markets) ??
    ofTier("shareBook", at - tier.insuranceBook.row) ??
    ofTier("auction", at - tier.auction)
  );
}

function inTable(table: Table, at: number, first: number, stride: number, rows: number): Found | undefined {
  if (at < first || at >= first + stride * rows) return undefined;
  const name = WORDS[table][(at - first) % stride];
  return name === undefined ? undefined : { name, subject: Math.floor((at - first) / stride) + 1 };
}

/** In a table of which the tier has one row. */
function ofTier(table: Table, word: number): Found | undefined {
  const names = WORDS[table];
  const name = word >= 0 && word < names.length ? names[word] : undefined;
  return name === undefined ? undefined : { name, subject: 0 };
}

function wordsByTable(): Record<Table, (ParameterName | "bracket" | undefined)[]> {
  const words: Record<Table, (ParameterName | "bracket" | undefined)[]> = {
    market: [],
    collateral: [],
    shock: [],
    mark: [],
    tier: [],
    shareBook: [],
    auction: [],
  };
  for (const name of Object.keys(PARAMETER_CELLS) as ParameterName[]) {
    const { table, isInt, column } = PARAMETER_CELLS[name];
    words[table][isInt ? column : column * 2] = name;
  }
  words.market[MARKET.brackets] = "bracket";
  for (let index = 0; index < MAX_BRACKETS; index++) {
    words.market[MARKET.bracketRate + index] = "bracket";
    words.market[(MARKET.bracketLower + index) * 2] = "bracket";
  }
  return words;
}
