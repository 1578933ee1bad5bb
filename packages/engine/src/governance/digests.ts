/**
 * What an approval is bound to: the content of a proposal, and the parameters it was signed under. A digest is the first 52 bits of the
 * SHA-256 of a run of little-endian doubles, told in docs/spec/governance.md.
 */
import { sha256 } from "../kernel/sha256.ts";
import { bracketLowerOf, bracketRateOf } from "../domain/brackets.ts";
import { CHANGE_THRESHOLD, APPOINT_MEMBER } from "../domain/commands.ts";
import { type GovernedShard, memberOf, proposalOf } from "../domain/governance.ts";
import { MAX_MEMBERS, PAYLOAD_WORDS } from "../domain/governanceLimits.ts";
import { MAX_ASSETS, QUOTE_ASSET } from "../domain/limits.ts";
import { readParameter } from "../domain/parameterCells.ts";
import { PARAMETER_IDS, parameterNamed, specOf } from "../domain/parameters.ts";
import { GOVERNANCE, MEMBER, PROPOSAL } from "../domain/rows/governance.ts";
import { MARKET } from "../domain/rows/market.ts";
import { COLLATERAL } from "../domain/rows/tier.ts";
import { TierShard } from "../domain/tierShard.ts";

/** Content of the proposal in a member's row: shard, nonce, command and fields. */
export function contentDigest(shard: GovernedShard, tier: number, proposal: number): number {
  const { arena } = shard;
  const row = proposalOf(shard, proposal);
  const words = [tier, proposal, arena.num(row, PROPOSAL.nonce), arena.int(row, PROPOSAL.command)];
  for (let index = 0; index < PAYLOAD_WORDS; index++)
    words.push(arena.num(row, (PROPOSAL.payload + index) as typeof PROPOSAL.payload));
  return digestOf(words);
}

/** The state that a proposal of a command is decided on: who governs, and unless it is about that, all parameters of the tier. */
export function basisDigest(shard: GovernedShard, command: number): number {
  const words = constitutionWords(shard);
  const isAboutMembers = command === APPOINT_MEMBER.code || command === CHANGE_THRESHOLD.code;
  if (!isAboutMembers && shard instanceof TierShard) addParameters(shard, words);
  return digestOf(words);
}

function constitutionWords(shard: GovernedShard): number[] {
  const { arena, governance } = shard;
  const words: number[] = [
    arena.num(governance.row, GOVERNANCE.threshold),
    arena.num(governance.row, GOVERNANCE.timelock),
  ];
  for (let member = 1; member <= MAX_MEMBERS; member++) {
    const row = memberOf(shard, member);
    words.push(arena.int(row, MEMBER.roles), arena.num(row, MEMBER.since));
  }
  return words;
}

function addParameters(tier: TierShard, words: number[]): void {
  const { arena } = tier;
  addLevel(tier, "tier", 0, words);
  for (let market = 1; market <= tier.marketCount; market++) {
    const row = tier.marketRow(market);
    addLevel(tier, "market", market, words);
    const brackets = arena.int(row, MARKET.brackets);
    words.push(brackets);
    for (let bracket = 1; bracket <= brackets; bracket++)
      words.push(arena.num(row, bracketLowerOf(bracket)), arena.int(row, bracketRateOf(bracket)));
  }
  for (let asset = QUOTE_ASSET + 1; asset <= MAX_ASSETS; asset++) {
    if (arena.int(tier.collateral(asset), COLLATERAL.accepted) === 0) continue;
    words.push(asset);
    addLevel(tier, "collateral", asset, words);
  }
}

/** All parameters of one level, in the order of their ids. */
function addLevel(tier: TierShard, level: string, subject: number, words: number[]): void {
  for (let id = 1; id <= PARAMETER_IDS; id++) {
    const name = parameterNamed(id);
    if (name !== undefined && specOf(name).level === level) words.push(readParameter(tier, name, subject));
  }
}

/** The first 52 bits, so that a double holds them. */
export function digestOf(words: readonly number[]): number {
  const hash = sha256(new Uint8Array(Float64Array.from(words).buffer));
  let digest = 0;
  for (let byte = 0; byte < 6; byte++) digest = digest * 256 + (hash[byte] as number);
  return digest * 16 + ((hash[6] as number) >> 4);
}
