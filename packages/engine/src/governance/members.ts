/** Who governs a shard: roles, signers, and who may vote on what. */
import { type GovernedShard, memberOf } from "../domain/governance.ts";
import { MAX_MEMBERS, ROLE } from "../domain/governanceLimits.ts";
import { GOVERNANCE, MEMBER } from "../domain/rows/governance.ts";

export function rolesOf(shard: GovernedShard, member: number): number {
  return shard.arena.int(memberOf(shard, member), MEMBER.roles);
}

export function hasRole(shard: GovernedShard, member: number, role: number): boolean {
  return (rolesOf(shard, member) & role) !== 0;
}

export function signersOf(shard: GovernedShard): number {
  let signers = 0;
  for (let member = 1; member <= MAX_MEMBERS; member++) if (hasRole(shard, member, ROLE.signer)) signers++;
  return signers;
}

/** More than half of the signers, and no more than all of them. */
export function isThreshold(threshold: number, signers: number): boolean {
  return threshold <= signers && 2 * threshold > signers;
}

/** Gives a member other roles; they count for what is proposed from now on. @returns the roles before */
export function appoint(shard: GovernedShard, member: number, roles: number): number {
  const { arena } = shard;
  const row = memberOf(shard, member);
  const before = arena.int(row, MEMBER.roles);
  arena.setInt(row, MEMBER.roles, roles);
  arena.setNum(row, MEMBER.since, nextNonce(shard));
  return before;
}

/** Takes the next number of the shard's governance. */
export function nextNonce({ arena, governance }: GovernedShard): number {
  const nonce = arena.num(governance.row, GOVERNANCE.nonce) + 1;
  arena.setNum(governance.row, GOVERNANCE.nonce, nonce);
  return nonce;
}
