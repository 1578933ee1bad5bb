/**
 * Who may send what. The engine knows accounts and members by number and takes every command it is given; whose word it is, the node has to
 * know before. A command that is missing here does not compile.
 */
import type { CommandName } from "@bulkhead/engine";

/** What a session key may do: bits of its delegation. */
export const SCOPE = { read: 1, trade: 2, keep: 4, report: 8 } as const;
export type Scope = keyof typeof SCOPE;
/** All of them. */
export const ALL_SCOPES = 15;

/**
 * Whose signature a command needs.
 *
 * - `session:…`: a session key with this scope, of the account's owner (of a report: of the reporter); his wallet's will do as well
 * - `wallet`: the account owner's wallet itself
 * - `member`: the address of the member of governance; of `executeProposal`, which names none, that of any member of the shard
 * - `anyone`: any wallet, for its own address
 * - `node`: nobody's; it is housekeeping that the node does by itself, and operators may
 * - `operator`: an address that the node is configured with
 */
export type Authority =
  | `session:${Exclude<Scope, "read">}`
  | "wallet"
  | "member"
  | "anyone"
  | "node"
  | "operator";

export const AUTHORITY: Readonly<Record<CommandName, Authority>> = {
  placeOrder: "session:trade",
  amendOrder: "session:trade",
  cancelOrder: "session:trade",
  cancelAll: "session:trade",
  bidLiquidation: "session:keep",
  reportPrice: "session:report",
  reportRedemption: "session:report",
  setVenueDepth: "session:report",

  allocate: "wallet",
  deallocate: "wallet",
  requestWithdrawal: "wallet",
  cancelWithdrawal: "wallet",
  stakeFund: "wallet",
  requestUnstake: "wallet",
  withdrawStake: "wallet",
  registerCover: "wallet",
  payCover: "wallet",
  recordRecovery: "wallet",
  fundLayer: "wallet",

  propose: "member",
  approve: "member",
  executeProposal: "member",
  cancelProposal: "member",
  stewardSet: "member",
  breakerSet: "member",

  openAccount: "anyone",

  clockTick: "node",
  accrueFunding: "node",
  sweepFees: "node",
  releaseWithdrawals: "node",
  settleExpired: "node",
  settleResidual: "node",
  drawInsurance: "node",
  lendInsurance: "node",
  expireMarket: "node",
  releaseCover: "node",

  listAsset: "operator",
  listTier: "operator",
  listMarket: "operator",
  acceptCollateral: "operator",
  confirmDeposit: "operator",
  finaliseWithdrawal: "operator",
  massCancel: "operator",
  updateIndexPrice: "operator",
  updateCollateralPrice: "operator",
  setParameter: "operator",
  setMarginBracket: "operator",
  appointBackstop: "operator",
  updateVaultPrice: "operator",
  setThrottlePosture: "operator",
  setExitRatio: "operator",
  appointMember: "operator",
  sealGovernance: "operator",
  changeThreshold: "operator",
  registerReporter: "operator",
  configureFeed: "operator",
  configureRedemption: "operator",
  configureBreaker: "operator",
  configurePosture: "operator",
  reportRisk: "operator",
  setFundTerms: "operator",
};

/** The scope a session key needs for a command; undefined if no session may send it. */
export function scopeFor(command: CommandName): Scope | undefined {
  const authority = AUTHORITY[command];
  return authority.startsWith("session:") ? (authority.slice("session:".length) as Scope) : undefined;
}

/** Whether the scopes of a delegation contain one. */
export function hasScope(scopes: number, scope: Scope): boolean {
  return (scopes & SCOPE[scope]) !== 0;
}
