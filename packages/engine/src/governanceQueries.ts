/** Questions about a shard's governance: who may do what, what is pending, and what is held. For edges, tests and reports. */
import type { Ms } from "./kernel/units.ts";
import { commandOf } from "./domain/codec.ts";
import { type Command, SET_PARAMETER } from "./domain/commands.ts";
import { holdOf } from "./domain/controls.ts";
import { CODE, word } from "./domain/frame.ts";
import { type GovernedShard, isSealed, memberOf, proposalOf } from "./domain/governance.ts";
import { MAX_HOLDS, MAX_MEMBERS } from "./domain/governanceLimits.ts";
import { MAX_ASSETS } from "./domain/limits.ts";
import { readParameter } from "./domain/parameterCells.ts";
import {
  type ParameterName,
  type ParameterSpec,
  type VenueParameterName,
  parameterNamed,
  specOf,
} from "./domain/parameters.ts";
import { GOVERNANCE, HOLD, MEMBER, PROPOSAL } from "./domain/rows/governance.ts";
import { COLLATERAL } from "./domain/rows/tier.ts";
import { readOfThrottle } from "./domain/throttleCells.ts";
import type { TierShard } from "./domain/tierShard.ts";
import type { Venue } from "./domain/venue.ts";
import { basisDigest } from "./governance/digests.ts";
import { type Direction, directionOf } from "./governance/direction.ts";
import { baselineOf } from "./governance/holds.ts";
import { neededApprovals, frameOf, validApprovals } from "./governance/proposals.ts";
import { UnknownId } from "./queries.ts";

export interface MemberView {
  readonly member: number;
  /** Sum of 1 signer, 2 steward, 4 guardian, 8 breaker. */
  readonly roles: number;
  readonly since: number;
}

export interface GovernanceView {
  readonly sealed: boolean;
  readonly threshold: number;
  readonly timelock: Ms;
  readonly nonce: number;
  readonly members: readonly MemberView[];
}

/** A parameter's value under a pending change: what it is now and what it would be. */
export interface ChangeView {
  readonly parameter: ParameterName;
  readonly before: number;
  readonly after: number;
  readonly direction: Direction;
}

export interface ProposalView {
  readonly proposal: number;
  readonly nonce: number;
  /** The command as it would be carried out, at the time it may be first. */
  readonly command: Command;
  /** What an approval must name. */
  readonly content: number;
  readonly parameters: number;
  readonly eta: Ms;
  readonly lapse: Ms;
  /** Milliseconds until it can be executed; 0 = it can. */
  readonly countdown: number;
  readonly approvals: number;
  readonly needed: number;
  readonly contested: boolean;
  /** Of one that sets a parameter. */
  readonly change?: ChangeView;
}

export interface HoldView {
  readonly parameter: ParameterName;
  readonly subject: number;
  readonly before: number;
  readonly value: number;
  readonly until: Ms;
}

/** A shard's governance; tier 0 is the vault. @throws {UnknownId} */
export function governanceView(venue: Venue, tier: number): GovernanceView {
  const shard = shardAt(venue, tier);
  const { arena, governance } = shard;
  const members = Array.from({ length: MAX_MEMBERS }, (_, index) => {
    const row = memberOf(shard, index + 1);
    return { member: index + 1, roles: arena.int(row, MEMBER.roles), since: arena.num(row, MEMBER.since) };
  });
  return {
    sealed: isSealed(shard),
    threshold: arena.num(governance.row, GOVERNANCE.threshold),
    timelock: arena.num(governance.row, GOVERNANCE.timelock),
    nonce: arena.num(governance.row, GOVERNANCE.nonce),
    members: members.filter(({ roles, since }) => roles !== 0 || since !== 0),
  };
}

/** What waits in a shard at a moment: diff, direction, countdown and approvals; what has lapsed is left out. @throws {UnknownId} */
export function pendingProposals(venue: Venue, tier: number, now: number): ProposalView[] {
  const shard = shardAt(venue, tier);
  const { arena } = shard;
  const views: ProposalView[] = [];
  for (let proposal = 1; proposal <= MAX_MEMBERS; proposal++) {
    const row = proposalOf(shard, proposal);
    if (arena.int(row, PROPOSAL.open) === 0 || arena.num(row, PROPOSAL.lapse) <= now) continue;
    const eta = arena.num(row, PROPOSAL.eta);
    const frame = frameOf(shard, tier, proposal, eta);
    const change = changeOf(venue.tier(tier), frame);
    views.push({
      proposal,
      nonce: arena.num(row, PROPOSAL.nonce),
      command: commandOf(frame),
      content: arena.num(row, PROPOSAL.content),
      parameters: basisDigest(shard, arena.int(row, PROPOSAL.command)),
      eta,
      lapse: arena.num(row, PROPOSAL.lapse),
      countdown: Math.max(0, eta - now),
      approvals: validApprovals(shard, row),
      needed: neededApprovals(shard, row),
      contested: arena.int(row, PROPOSAL.contested) === 1,
      ...(change && { change }),
    });
  }
  return views;
}

/** What breakers hold in a tier. @throws {UnknownId} */
export function holdsView(venue: Venue, tier: number): HoldView[] {
  const shard = tierAt(venue, tier);
  const { arena, controls } = shard;
  const views: HoldView[] = [];
  for (let number = 1; number <= MAX_HOLDS; number++) {
    const hold = holdOf(controls, number);
    if (arena.int(hold, HOLD.active) === 0) continue;
    views.push({
      parameter: parameterNamed(arena.int(hold, HOLD.parameter)) as ParameterName,
      subject: arena.int(hold, HOLD.subject),
      before: arena.num(hold, HOLD.before),
      value: arena.num(hold, HOLD.value),
      until: arena.num(hold, HOLD.until),
    });
  }
  return views;
}

/** A parameter as it is, and as governance set it; `subject` is the market or asset, 0 = the tier. @throws {UnknownId} */
export function parameterView(
  venue: Venue,
  tier: number,
  name: ParameterName,
  subject: number,
): { readonly value: number; readonly baseline: number } {
  const shard = tierAt(venue, tier);
  if (!isSubject(shard, name, subject)) throw new UnknownId(specOf(name).level, subject);
  return { value: readParameter(shard, name, subject), baseline: baselineOf(shard, name, subject) };
}

/** What a tier's parameters of a level are of: its markets, or the assets that it accepts; 0 = the tier itself. @throws {UnknownId} */
export function parameterSubjects(venue: Venue, tier: number, level: ParameterSpec["level"]): number[] {
  const shard = tierAt(venue, tier);
  if (level === "tier") return [0];
  if (level === "market") return Array.from({ length: shard.marketCount }, (_, index) => index + 1);
  return Array.from({ length: MAX_ASSETS }, (_, index) => index + 1).filter(
    (asset) => shard.arena.int(shard.collateral(asset), COLLATERAL.accepted) === 1,
  );
}

/** A parameter of the venue's own: what the withdrawal throttle goes by. */
export function venueParameterView({ vault }: Venue, name: VenueParameterName): number {
  return readOfThrottle(vault, name);
}

function changeOf(tier: TierShard | undefined, frame: Float64Array): ChangeView | undefined {
  const { code, at } = SET_PARAMETER;
  if (tier === undefined || word(frame, CODE) !== code) return undefined;
  const name = parameterNamed(word(frame, at.parameter));
  const subject = word(frame, at.market);
  if (name === undefined || !isSubject(tier, name, subject)) return undefined;
  const before = readParameter(tier, name, subject);
  const after = word(frame, at.value);
  return { parameter: name, before, after, direction: directionOf(specOf(name), before, after) };
}

function isSubject(tier: TierShard, name: ParameterName, subject: number): boolean {
  const { level } = specOf(name);
  if (level === "tier") return subject === 0;
  if (level === "market") return subject >= 1 && subject <= tier.marketCount;
  return (
    subject >= 1 &&
    subject <= MAX_ASSETS &&
    tier.arena.int(tier.collateral(subject), COLLATERAL.accepted) === 1
  );
}

function shardAt(venue: Venue, tier: number): GovernedShard {
  return tier === 0 ? venue.vault : tierAt(venue, tier);
}

function tierAt(venue: Venue, id: number): TierShard {
  const tier = id >= 1 ? venue.tier(id) : undefined;
  if (tier === undefined) throw new UnknownId("tier", id);
  return tier;
}
