/** Proposals: a command in its fields, its timelock, and the approvals that count. */
import type { Ref } from "../kernel/arena.ts";
import { plus } from "../kernel/checked.ts";
import type { Ms } from "../kernel/units.ts";
import {
  ACCEPT_COLLATERAL,
  APPOINT_BACKSTOP,
  APPOINT_MEMBER,
  CHANGE_THRESHOLD,
  CONFIGURE_BREAKER,
  CONFIGURE_FEED,
  CONFIGURE_POSTURE,
  CONFIGURE_REDEMPTION,
  LAYOUTS,
  LIST_ASSET,
  LIST_MARKET,
  LIST_TIER,
  REGISTER_REPORTER,
  SET_FUND_TERMS,
  SET_MARGIN_BRACKET,
  SET_PARAMETER,
} from "../domain/commands.ts";
import { CODE, FRAME_WORDS, type Layout, TIME } from "../domain/frame.ts";
import { type GovernedShard, memberOf, proposalOf } from "../domain/governance.ts";
import {
  EXECUTION_WINDOW,
  LISTING_DELAY,
  MAX_MEMBERS,
  PAYLOAD_WORDS,
  ROLE,
} from "../domain/governanceLimits.ts";
import { GOVERNANCE, MEMBER, PROPOSAL } from "../domain/rows/governance.ts";
import { basisDigest, contentDigest } from "./digests.ts";
import { hasRole, nextNonce } from "./members.ts";

/** What the governance of the vault, and of a tier, decides on. */
const OF_VAULT: ReadonlySet<number> = new Set(
  [LIST_ASSET, LIST_TIER, SET_FUND_TERMS, APPOINT_MEMBER, CHANGE_THRESHOLD].map(codeOf),
);
const OF_TIER: ReadonlySet<number> = new Set(
  [
    LIST_MARKET,
    ACCEPT_COLLATERAL,
    SET_PARAMETER,
    SET_MARGIN_BRACKET,
    REGISTER_REPORTER,
    CONFIGURE_FEED,
    CONFIGURE_REDEMPTION,
    CONFIGURE_BREAKER,
    CONFIGURE_POSTURE,
    APPOINT_BACKSTOP,
    SET_FUND_TERMS,
    APPOINT_MEMBER,
    CHANGE_THRESHOLD,
  ].map(codeOf),
);
/** What makes prices, or brings in what was not there, can be announced in no less time than it takes to leave. */
const LONG_ANNOUNCED: ReadonlySet<number> = new Set(
  [
    LIST_ASSET,
    LIST_TIER,
    LIST_MARKET,
    ACCEPT_COLLATERAL,
    REGISTER_REPORTER,
    CONFIGURE_FEED,
    CONFIGURE_REDEMPTION,
    APPOINT_BACKSTOP,
  ].map(codeOf),
);

const LAYOUT_BY_CODE: ReadonlyMap<number, Layout> = new Map(
  LAYOUTS.map((layout: Layout) => [layout.code, layout]),
);

/** The layout of a command that the shard can propose, or undefined. */
export function proposable(tier: number, command: number): Layout | undefined {
  return (tier === 0 ? OF_VAULT : OF_TIER).has(command) ? LAYOUT_BY_CODE.get(command) : undefined;
}

/** The first field that a payload cannot mean, from 1; 0 = none. `at` is where the payload begins in `frame`. */
export function faultyWord(layout: Layout, frame: Float64Array, at: number): number {
  const fields = Object.entries(layout.fields).filter(([name]) => name !== "tier");
  for (let index = 0; index < PAYLOAD_WORDS; index++) {
    const value = frame[at + index] as number;
    const [, field] = fields[index] ?? [];
    const fits = field === undefined ? value === 0 : value >= field.min && value <= field.max;
    if (!fits) return index + 1;
  }
  return 0;
}

/** Files a proposal in its proposer's row; the fields begin at `frame[at]`. */
export function fileProposal(
  shard: GovernedShard,
  tier: number,
  proposer: number,
  command: number,
  frame: Float64Array,
  at: number,
  now: Ms,
): void {
  const { arena, governance } = shard;
  const row = proposalOf(shard, proposer);
  const timelock = arena.num(governance.row, GOVERNANCE.timelock);
  const delay = LONG_ANNOUNCED.has(command) && timelock < LISTING_DELAY ? LISTING_DELAY : timelock;
  arena.setInt(row, PROPOSAL.open, 1);
  arena.setInt(row, PROPOSAL.command, command);
  arena.setInt(row, PROPOSAL.approvals, 0);
  arena.setInt(row, PROPOSAL.contested, 0);
  arena.setNum(row, PROPOSAL.nonce, nextNonce(shard));
  arena.setNum(row, PROPOSAL.eta, plus(now, delay));
  arena.setNum(row, PROPOSAL.lapse, plus(plus(now, delay), EXECUTION_WINDOW));
  arena.setNum(row, PROPOSAL.basis, 0);
  for (let index = 0; index < PAYLOAD_WORDS; index++)
    arena.setNum(row, (PROPOSAL.payload + index) as typeof PROPOSAL.payload, frame[at + index] as number);
  arena.setNum(row, PROPOSAL.content, contentDigest(shard, tier, proposer));
}

/** The proposed command as the frame it stands for. */
export function frameOf(shard: GovernedShard, tier: number, proposal: number, now: Ms): Float64Array {
  const { arena } = shard;
  const row = proposalOf(shard, proposal);
  const code = arena.int(row, PROPOSAL.command);
  const { fields, at } = LAYOUT_BY_CODE.get(code) as Layout;
  const frame = new Float64Array(FRAME_WORDS);
  frame[CODE] = code;
  frame[TIME] = now;
  let index = 0;
  for (const name of Object.keys(fields)) {
    if (name === "tier") frame[at[name] as number] = tier;
    else frame[at[name] as number] = arena.num(row, (PROPOSAL.payload + index++) as typeof PROPOSAL.payload);
  }
  return frame;
}

/** Records an approval; those given under other parameters are forgotten. */
export function recordApproval(
  shard: GovernedShard,
  row: Ref<"proposal">,
  member: number,
  basis: number,
): void {
  const { arena } = shard;
  const isFirst = arena.num(row, PROPOSAL.basis) !== basis;
  arena.setNum(row, PROPOSAL.basis, basis);
  arena.setInt(row, PROPOSAL.approvals, (isFirst ? 0 : arena.int(row, PROPOSAL.approvals)) | bitOf(member));
}

/** Approvals that count now: of signers who were appointed before it was made, under the parameters of now. */
export function validApprovals(shard: GovernedShard, row: Ref<"proposal">): number {
  const { arena } = shard;
  if (arena.num(row, PROPOSAL.basis) !== basisDigest(shard, arena.int(row, PROPOSAL.command))) return 0;
  const approvals = arena.int(row, PROPOSAL.approvals);
  return countVoters(shard, row, (member) => (approvals & bitOf(member)) !== 0);
}

/** Approvals it takes: the threshold, and all there can be once it is contested. */
export function neededApprovals(shard: GovernedShard, row: Ref<"proposal">): number {
  const { arena, governance } = shard;
  const threshold = arena.num(governance.row, GOVERNANCE.threshold);
  if (arena.int(row, PROPOSAL.contested) === 0) return threshold;
  return Math.max(
    threshold,
    countVoters(shard, row, () => true),
  );
}

function countVoters(
  shard: GovernedShard,
  row: Ref<"proposal">,
  counts: (member: number) => boolean,
): number {
  const { arena } = shard;
  const nonce = arena.num(row, PROPOSAL.nonce);
  let voters = 0;
  for (let member = 1; member <= MAX_MEMBERS; member++) {
    const isVoter =
      hasRole(shard, member, ROLE.signer) && arena.num(memberOf(shard, member), MEMBER.since) < nonce;
    if (isVoter && counts(member)) voters++;
  }
  return voters;
}

const bitOf = (member: number): number => 1 << (member - 1);

function codeOf({ code }: Layout): number {
  return code;
}
