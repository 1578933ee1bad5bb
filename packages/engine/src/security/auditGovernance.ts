/**
 * 21, from the tables alone: every parameter of a sealed tier lies in its envelope and no looser than governance set it, what is held is
 * tighter than it was, and the rules of governance are within the bounds that no key can pass.
 */
import type { Ref } from "../kernel/arena.ts";
import { controlOf, holdOf } from "../domain/controls.ts";
import { type GovernedShard, isSealed, memberOf, proposalOf } from "../domain/governance.ts";
import {
  EXECUTION_WINDOW,
  MAX_HOLDS,
  MAX_MEMBERS,
  MAX_TIMELOCK,
  MIN_TIMELOCK,
  ROLE,
} from "../domain/governanceLimits.ts";
import { MAX_ASSETS } from "../domain/limits.ts";
import { readParameter } from "../domain/parameterCells.ts";
import { PARAMETERS, type ParameterName, type ParameterSpec, STATUS } from "../domain/parameters.ts";
import { CONTROL, GOVERNANCE, HOLD, MEMBER, PROPOSAL } from "../domain/rows/governance.ts";
import { MARKET } from "../domain/rows/market.ts";
import { COLLATERAL } from "../domain/rows/tier.ts";
import type { TierShard } from "../domain/tierShard.ts";
import type { Report } from "./finding.ts";

const NAMES = Object.keys(PARAMETERS) as ParameterName[];

export function auditParameters(tier: TierShard, report: Report): void {
  const { arena, governance, controls } = tier;
  let holds = 0;
  for (let number = 1; number <= MAX_HOLDS; number++)
    holds += arena.int(holdOf(controls, number), HOLD.active);
  report("21", `holds of tier ${tier.id}`, holds, arena.int(governance.row, GOVERNANCE.holds));
  if (!isSealed(tier)) return;
  auditLevel(tier, "tier", 0, report);
  for (let market = 1; market <= tier.marketCount; market++) {
    const isSettled = arena.int(tier.marketRow(market), MARKET.status) === STATUS.settled;
    if (!isSettled) auditLevel(tier, "market", market, report);
  }
  for (let asset = 1; asset <= MAX_ASSETS; asset++) {
    if (arena.int(tier.collateral(asset), COLLATERAL.accepted) === 1)
      auditLevel(tier, "collateral", asset, report);
  }
}

function auditLevel(tier: TierShard, level: string, subject: number, report: Report): void {
  for (const name of NAMES) {
    if (PARAMETERS[name].level !== level) continue;
    const value = readParameter(tier, name, subject);
    const isQuarantined = name === "status" && value === STATUS.quarantined;
    if (!isQuarantined) auditValue(tier, name, subject, value, report);
  }
}

function auditValue(
  tier: TierShard,
  name: ParameterName,
  subject: number,
  value: number,
  report: Report,
): void {
  const { arena } = tier;
  const spec: ParameterSpec = PARAMETERS[name];
  const [lowest, highest] = spec.envelope;
  const where = `${name} of ${spec.level} ${subject} in tier ${tier.id}`;
  if (value < lowest || value > highest) report("21", where, value < lowest ? lowest : highest, value);
  const control = controlOf(tier.controls, spec, subject);
  const baseline = arena.num(control, CONTROL.baseline);
  if (arena.num(control, CONTROL.isKnown) === 1 && isLooser(spec, value, baseline))
    report("21", `${where}, as governance set it`, baseline, value);
  const hold = holdFor(tier, spec.id, subject);
  if (hold !== undefined && isLooser(spec, value, arena.num(hold, HOLD.before)))
    report("21", `${where}, as it was before its hold`, arena.num(hold, HOLD.before), value);
}

function holdFor({ arena, controls }: TierShard, id: number, subject: number): Ref<"hold"> | undefined {
  for (let number = 1; number <= MAX_HOLDS; number++) {
    const hold = holdOf(controls, number);
    const isOnIt = arena.int(hold, HOLD.parameter) === id && arena.int(hold, HOLD.subject) === subject;
    if (isOnIt && arena.int(hold, HOLD.active) === 1) return hold;
  }
  return undefined;
}

function isLooser({ safe, zeroIsOff }: ParameterSpec, value: number, than: number): boolean {
  if (zeroIsOff === true && than === 0) return false;
  if (zeroIsOff === true && value === 0) return true;
  return safe === "up" ? value < than : value > than;
}

export function auditGovernance(shard: GovernedShard, report: Report): void {
  if (!isSealed(shard)) return;
  const { arena, governance } = shard;
  const threshold = arena.num(governance.row, GOVERNANCE.threshold);
  const timelock = arena.num(governance.row, GOVERNANCE.timelock);
  const nonce = arena.num(governance.row, GOVERNANCE.nonce);
  let signers = 0;
  for (let member = 1; member <= MAX_MEMBERS; member++) {
    const row = memberOf(shard, member);
    if ((arena.int(row, MEMBER.roles) & ROLE.signer) !== 0) signers++;
    if (arena.num(row, MEMBER.since) > nonce)
      report("21", `member ${member}`, nonce, arena.num(row, MEMBER.since));
    auditProposal(shard, member, nonce, report);
  }
  if (threshold > signers || 2 * threshold <= signers) report("21", "threshold", signers, threshold);
  if (timelock < MIN_TIMELOCK || timelock > MAX_TIMELOCK) report("21", "timelock", MIN_TIMELOCK, timelock);
}

function auditProposal(shard: GovernedShard, member: number, nonce: number, report: Report): void {
  const { arena } = shard;
  const row = proposalOf(shard, member);
  if (arena.int(row, PROPOSAL.open) === 0) return;
  const eta = arena.num(row, PROPOSAL.eta);
  report("21", `window of proposal ${member}`, eta + EXECUTION_WINDOW, arena.num(row, PROPOSAL.lapse));
  if (arena.num(row, PROPOSAL.nonce) > nonce)
    report("21", `proposal ${member}`, nonce, arena.num(row, PROPOSAL.nonce));
}
