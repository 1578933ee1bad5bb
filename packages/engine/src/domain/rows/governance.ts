/** Who may change the parameters of a shard, what they propose, and what is remembered of each parameter. */
import type { Ms, Ppm } from "../../kernel/units.ts";
import type { Int, Num } from "./columns.ts";

/** The governance of a shard: who may change its parameters, and how. Numbers, so that the judge sees every write of them. */
export const GOVERNANCE_WORDS = 16;
export const GOVERNANCE = {
  /** 0 = set-up: parameters are changed directly; 1 = sealed for good. */
  sealed: 0 as Num<"governance">,
  /** Approvals a proposal needs. */
  threshold: 1 as Num<"governance">,
  timelock: 2 as Num<"governance", Ms>,
  /** Counts proposals and appointments; the last one's number. */
  nonce: 3 as Num<"governance">,
  /** Breaker holds in force. */
  holds: 8 as Int<"governance">,
} as const;

export const MEMBER_WORDS = 4;
export const MEMBER = {
  /** Sum of `ROLE`s; 0 = nobody. */
  roles: 0 as Int<"member">,
  /** The governance nonce of the appointment: it votes on later proposals only. */
  since: 1 as Num<"member">,
} as const;

/** A command that waits for its approvals and its timelock. A member has one at a time. */
export const PROPOSAL_WORDS = 48;
export const PROPOSAL = {
  /** 1 while it waits; what was executed, cancelled or replaced stays readable until the next. */
  open: 0 as Int<"proposal">,
  /** Code of the command. */
  command: 1 as Int<"proposal">,
  /** One bit per member. */
  approvals: 2 as Int<"proposal">,
  /** 1 when a guardian contested it: then it needs every signer. */
  contested: 3 as Int<"proposal">,
  nonce: 2 as Num<"proposal">,
  eta: 3 as Num<"proposal", Ms>,
  lapse: 4 as Num<"proposal", Ms>,
  content: 5 as Num<"proposal">,
  /** Digest of the parameters that the approvals were given under. */
  basis: 6 as Num<"proposal">,
  /** First of `PAYLOAD_WORDS` fields of the command. */
  payload: 8 as Num<"proposal">,
} as const;

/** What is remembered of a governed parameter of a subject: the tier, a market or a collateral asset. */
export const CONTROL_WORDS = 16;
export const CONTROL = {
  /** What governance set, where a steward has moved the parameter since; `isKnown` 1 says that there is one. */
  isKnown: 0 as Num<"control">,
  baseline: 1 as Num<"control">,
  /** When a steward last changed it. */
  changedAt: 2 as Num<"control", Ms>,
  /** When governance last loosened it. */
  loosenedAt: 3 as Num<"control", Ms>,
  /** Until when a breaker last held it. */
  heldUntil: 4 as Num<"control", Ms>,
} as const;

/** A parameter that a breaker has tightened for a time. */
export const HOLD_WORDS = 16;
export const HOLD = {
  active: 0 as Int<"hold">,
  parameter: 1 as Int<"hold">,
  subject: 2 as Int<"hold">,
  before: 2 as Num<"hold">,
  value: 3 as Num<"hold">,
  until: 4 as Num<"hold", Ms>,
} as const;

/** How far a market's price may jump in the stress check. */
export const SHOCK_WORDS = 4;
export const SHOCK = {
  move: 0 as Int<"shock", Ppm>,
} as const;
